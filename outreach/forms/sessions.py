"""What a person may type about outreach sessions, field by field."""

from typing import Any, NamedTuple

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms import ActionForm, MomentField
from accounts.models import Team, User
from accounts.widgets import Chips, Counter, Stepper, Ticks
from directory.models import AgeBand, Area, Grant, Language, LeafletEdition, Need, Topic
from outreach.models import OutreachSession, OutreachTally

MOST_PER_CELL = 2_000


class MomentInput(forms.DateTimeInput):
    """A day and a time to the minute, in the form that browsers understand."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class LeafletGroup(NamedTuple):
    """Leaflets in one language: the editions with their fields, whether any was handed out."""

    language: Language
    rows: list[tuple[LeafletEdition, forms.BoundField]]
    is_open: bool


class StartSessionForm(ActionForm):
    members = forms.ModelMultipleChoiceField(
        label=_("Who is on the team?"), queryset=User.objects.none(), widget=Ticks
    )
    area = forms.ModelChoiceField(
        label=_("Where?"),
        queryset=Area.objects.all(),
        empty_label=_("Choose an area"),
        help_text=_("An area is enough, no exact place."),
    )
    mode = forms.ChoiceField(label=_("What kind?"), choices=OutreachSession.Mode, widget=Chips)
    started_at = MomentField(label=_("Started"), widget=MomentInput)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), empty_label=_("Choose a team")
    )
    grant = forms.ModelChoiceField(
        label=_("Grant"),
        queryset=Grant.objects.none(),
        required=False,
        empty_label=_("No grant"),
        help_text=_("It decides the age groups."),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(pk__in=actor.team_ids)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]  # a model choice
        if len(actor.team_ids) == 1:
            self.fields["team"].widget = forms.HiddenInput()
        members = User.objects.filter(teams__in=teams, is_active=True).distinct()
        grants = Grant.objects.held_by(actor.organization)
        self.fields["members"].queryset = members  # type: ignore[attr-defined]  # a model choice
        self.fields["grant"].queryset = grants  # type: ignore[attr-defined]  # a model choice


class SessionForm(ActionForm):
    """Counts by sex and age band, and what was told, of one session."""

    # So many languages are offered; whoever spoke another one ticks "another".
    LANGUAGES_SHOWN = 14
    ANOTHER_LANGUAGE = "mis"

    version = forms.IntegerField(widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=_("How did you count?"), choices=OutreachSession.Method, widget=Chips
    )
    children_alone = forms.IntegerField(
        label=_("Children alone"),
        help_text=_("Of the children above."),
        min_value=0,
        max_value=MOST_PER_CELL,
        required=False,
        widget=Stepper,
    )
    languages = forms.ModelMultipleChoiceField(
        label=_("Which languages were spoken?"),
        queryset=Language.objects.none(),
        required=False,
        widget=Ticks(small=True),
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("What did you talk about?"),
        queryset=Topic.objects.all(),
        required=False,
        widget=Ticks,
    )
    needs = forms.ModelMultipleChoiceField(
        label=_("Which needs did you see?"),
        queryset=Need.objects.all(),
        required=False,
        widget=Ticks,
    )

    ended_at = MomentField(label=_("Ended"), required=False, widget=MomentInput)

    def __init__(
        self, *args: Any, session: OutreachSession, finishing: bool = False, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", _content_of(session))
        super().__init__(*args, **kwargs)
        self.finishing = finishing
        self.bands = list(AgeBand.objects.filter(age_band_set=session.age_band_set_id))
        self.editions = list(_editions(session))
        spoken = self._languages()
        self.fields["languages"].queryset = spoken  # type: ignore[attr-defined]  # a model choice
        for band in self.bands:
            for sex, label in OutreachTally.Sex.choices:
                self.fields[_cell(sex, band)] = self._count(f"{label}, {band}", Counter)
        for edition in self.editions:
            self.fields[f"leaflet_{edition.pk}"] = self._count(str(edition), Stepper)

    def _languages(self) -> QuerySet[Language]:
        """Those most often met, and whichever were spoken already."""
        often = Language.objects.often_met().values_list("pk", flat=True)
        chosen = [language.pk for language in self.initial.get("languages", [])]
        shown = [*often[: self.LANGUAGES_SHOWN], self.ANOTHER_LANGUAGE, *chosen]
        return Language.objects.filter(pk__in=shown)

    def _count(self, label: str, widget: type[forms.NumberInput]) -> forms.IntegerField:
        return forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MOST_PER_CELL,
            required=False,
            widget=widget(attrs={"aria-label": label}),
        )

    def clean(self) -> dict[str, Any]:
        """Fold the cells into the keywords of the actions."""
        data = super().clean() or self.cleaned_data
        counts = {
            (sex, band): data.pop(_cell(sex, band), None) or 0
            for band in self.bands
            for sex in OutreachTally.Sex.values
        }
        leaflets = {
            edition: data.pop(f"leaflet_{edition.pk}", None) or 0 for edition in self.editions
        }
        data["children_alone"] = data.get("children_alone") or 0
        if not self.finishing:
            data.pop("ended_at", None)
        return {**data, "counts": counts, "leaflets": leaflets}

    @property
    def rows(self) -> list[tuple[AgeBand, list[forms.BoundField]]]:
        """One row per age band: the band and its cells, female first."""
        return [
            (band, [self[_cell(sex, band)] for sex in OutreachTally.Sex.values])
            for band in self.bands
        ]

    @property
    def leaflets_by_language(self) -> list[LeafletGroup]:
        """The editions in use with their fields, one group a language, in the order of the list."""
        groups: dict[Language, list[tuple[LeafletEdition, forms.BoundField]]] = {}
        for edition in self.editions:
            groups.setdefault(edition.language, []).append((edition, self[f"leaflet_{edition.pk}"]))
        return [
            LeafletGroup(language, rows, any(field.value() for _edition, field in rows))
            for language, rows in groups.items()
        ]

    def look_again(self, *, version: int, people: int) -> None:
        """A colleague saved meanwhile: say what stands now; what was typed can be sent again."""
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["version"] = str(version)
            self.data = data
        said = ngettext(
            "%(people)d person is saved now. Save again to put your numbers in that place.",
            "%(people)d people are saved now. Save again to put your numbers in their place.",
            people,
        )
        self.add_error(None, said % {"people": people})


class CorrectionForm(SessionForm):
    """A finished session once more: where and when as well, in case that was the mistake."""

    area = forms.ModelChoiceField(label=_("Where?"), queryset=Area.objects.all())
    mode = forms.ChoiceField(label=_("What kind?"), choices=OutreachSession.Mode, widget=Chips)
    started_at = MomentField(label=_("Started"), widget=MomentInput)

    def __init__(self, *args: Any, session: OutreachSession, **kwargs: Any) -> None:
        place = {"area": session.area_id, "mode": session.mode, "started_at": session.started_at}
        initial = {**_content_of(session), **place, "ended_at": session.ended_at}
        super().__init__(*args, session=session, finishing=True, initial=initial, **kwargs)
        self.fields["ended_at"].required = True


def _editions(session: OutreachSession) -> QuerySet[LeafletEdition]:
    """What is handed out now, and what was handed out then, although it is not any more."""
    given = session.leaflets.values("edition")
    rows = LeafletEdition.objects.filter(Q(is_in_use=True) | Q(pk__in=given))
    return rows.select_related("leaflet", "language")


def _cell(sex: str, band: AgeBand) -> str:
    return f"count_{sex}_{band.pk}"


def _content_of(session: OutreachSession) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "version": session.version,
        "method": session.method,
        "children_alone": session.children_alone,
        "languages": session.languages.all(),
        "topics": session.topics.all(),
        "needs": session.needs.all(),
    }
    for tally in session.tallies.select_related("age_band"):
        initial[_cell(tally.sex, tally.age_band)] = tally.quantity
    for row in session.leaflets.all():
        initial[f"leaflet_{row.edition_id}"] = row.quantity
    return initial
