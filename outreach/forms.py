"""What a person may type about outreach and trainings, field by field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization, Team, User
from accounts.widgets import Chips, Counter, Segments, Stepper, Ticks
from casework.models import Person
from directory.models import AgeBand, Area, Grant, Language, LeafletEdition, Need, Topic
from outreach.models import OutreachSession, OutreachTally, Professional

MOST_PER_CELL = 2_000


class StartSessionForm(ActionForm):
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    members = forms.ModelMultipleChoiceField(
        label=_("Who is on the team?"), queryset=User.objects.none(), widget=Ticks
    )
    area = forms.ModelChoiceField(
        label=_("Where?"),
        queryset=Area.objects.all(),
        help_text=_("An area is enough, no exact place."),
    )
    mode = forms.ChoiceField(label=_("What kind?"), choices=OutreachSession.Mode, widget=Chips)
    started_at = forms.DateTimeField(
        label=_("Started"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    grant = forms.ModelChoiceField(label=_("Grant"), queryset=Grant.objects.none(), required=False)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(pk__in=actor.team_ids)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]  # a model choice
        self.fields["members"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            teams__in=teams, is_active=True
        ).distinct()
        self.fields["grant"].queryset = Grant.objects.held_by(  # type: ignore[attr-defined]
            actor.organization
        )


class SessionForm(ActionForm):
    """Counts by sex and age band, and what was told, of one session."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=_("How did you count?"), choices=OutreachSession.Method, widget=Segments
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
        queryset=Language.objects.often_met(),
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

    def __init__(self, *args: Any, session: OutreachSession, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _content_of(session))
        super().__init__(*args, **kwargs)
        self.bands = list(AgeBand.objects.filter(age_band_set=session.age_band_set_id))
        self.editions = list(LeafletEdition.objects.in_use())
        for band in self.bands:
            for sex, label in OutreachTally.Sex.choices:
                self.fields[_cell(sex, band)] = self._count(f"{label}, {band}", Counter)
        for edition in self.editions:
            self.fields[f"leaflet_{edition.pk}"] = self._count(str(edition), Stepper)

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
        return {**data, "counts": counts, "leaflets": leaflets}

    @property
    def rows(self) -> list[tuple[AgeBand, list[forms.BoundField]]]:
        """One row per age band: the band and its cells, female first."""
        return [
            (band, [self[_cell(sex, band)] for sex in OutreachTally.Sex.values])
            for band in self.bands
        ]

    @property
    def leaflet_fields(self) -> list[forms.BoundField]:
        return [self[f"leaflet_{edition.pk}"] for edition in self.editions]


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


class TrainingForm(ActionForm):
    programme = forms.CharField(label=_("Name of the programme"), max_length=120)
    topic = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.all())
    accredited_by = forms.CharField(label=_("Accredited by"), max_length=120, required=False)
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=400)
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    area = forms.ModelChoiceField(label=_("Place"), queryset=Area.objects.all())
    grant = forms.ModelChoiceField(label=_("Grant"), queryset=Grant.objects.none(), required=False)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grant"].queryset = Grant.objects.held_by(  # type: ignore[attr-defined]
            actor.organization
        )


class AttendanceForm(ActionForm):
    """A seat for somebody known by code, or for a new professional."""

    professional = forms.CharField(
        label=_("Code, if trained by us before"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"class": "w-s"}),
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    profession = forms.ChoiceField(
        label=_("Profession"),
        choices=[("", "---------"), *Professional.Profession.choices],
        required=False,
    )
    institution_type = forms.ChoiceField(
        label=_("Kind of institution"),
        choices=[("", "---------"), *Organization.Type.choices],
        required=False,
    )
    institution = forms.ModelChoiceField(
        label=_("Institution"), queryset=Organization.objects.all(), required=False
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex, required=False, widget=Chips)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_professional(self) -> Professional | None:
        code = self.cleaned_data["professional"].strip().upper()
        if not code:
            return None
        known = Professional.objects.visible_to(self.actor).filter(code=code).first()
        if known is None:
            raise ValidationError(
                _(
                    "Nobody with this code was trained by you."
                    " Leave the code empty for somebody new."
                )
            )
        return known
