"""What is typed when somebody comes: a known person, somebody new, or only a number."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import Chips, Segments, Ticks
from casework.actions.cases import may_open_case
from casework.actions.interpreters import WITH_INTERPRETER, may_view_interpreters
from casework.actions.people import may_name_person
from casework.forms.fields import (
    DeskForm,
    FirstChips,
    FirstTicks,
    RuledForm,
    age_fields,
    chosen_language,
    chosen_nationality,
    chosen_years,
    language_fields,
    nationality_fields,
    told_fields,
)
from casework.forms.talking import InterpreterField
from casework.interpreting import anybody, interpreters_for
from casework.models import Consent, Person, Visit
from casework.models.person import YesNo
from casework.models.visit import Interpreting
from directory.models import Language, Leaflet, LeafletEdition, ServiceType

# The "language" of a leaflet without words: it fits every reader.
WORDLESS = "zxx"


class VisitForm(RuledForm, DeskForm):
    """The visit of somebody who has a code; field names are the keywords of `record_visit`."""

    services = forms.ModelMultipleChoiceField(
        label=_("What did we do?"),
        queryset=ServiceType.objects.on_hub_form(),
        widget=FirstTicks(keys=True),
        error_messages={"required": _("Tick what was done; “Something else” counts too.")},
    )
    interpreting = forms.ChoiceField(
        label=_("Who interpreted?"),
        choices=Interpreting.choices,
        initial=Interpreting.NOT_NEEDED,
        widget=Chips,
    )
    leaflets = forms.ModelMultipleChoiceField(
        label=_("Leaflets taken"),
        queryset=Leaflet.objects.filter(editions__is_in_use=True)
        .select_related("topic")
        .distinct(),
        widget=Ticks(small=True),
        required=False,
    )
    explain = forms.BooleanField(
        label=_("Not printed in this language: explained by the interpreter"), required=False
    )
    concern = forms.ChoiceField(
        label=_("Did anything worry you?"),
        choices=Visit.Concern.choices,
        initial=Visit.Concern.NO,
        widget=Segments,
    )
    concern_note = forms.CharField(
        label=_("What you saw or heard, without names"), max_length=500, required=False
    )
    screen_next = forms.BooleanField(label=_("Open the screening after saving"), required=False)
    leaves = forms.BooleanField(label=_("Leaves the hub now"), required=False)

    def __init__(
        self,
        *args: Any,
        user: User,
        person: Person | None = None,
        is_here: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        first = person.language if person else None
        self.fields.update(language_fields(first))
        self.initial.setdefault("language", first.pk if first else None)
        if may_view_interpreters(user):
            self.fields["interpreter"] = InterpreterField(
                label=_("Which interpreter?"),
                offers=interpreters_for(person, user) if person else anybody(user),
                nobody=_("Not said"),
                required=False,
            )
        self.editions = list(LeafletEdition.objects.in_use())
        self._say_printed_languages()
        self.wants_screening = False
        if not may_open_case(user):
            del self.fields["screen_next"]
        if not is_here:
            del self.fields["leaves"]
        self.begin_at("services")

    def _say_printed_languages(self) -> None:
        printed = {edition.language for edition in self.editions if edition.language_id != WORDLESS}
        ordered = sorted(printed, key=lambda language: language.order)
        names = ", ".join(str(language) for language in ordered)
        self.fields["leaflet_language"] = forms.ChoiceField(
            label=_("Language of the leaflets"),
            choices=[("", _("As spoken")), *((one.pk, str(one)) for one in ordered)],
            required=False,
        )
        self.fields["leaflets"].help_text = format_lazy(
            _("Printed in {languages}, not each in all."), languages=names
        )

    def clean(self) -> dict[str, Any]:
        """Turn choices into the action's keywords: a language, editions, topics explained."""
        cleaned = self.cleaned_data
        self.wants_screening = bool(cleaned.pop("screen_next", False))
        language = chosen_language(self)
        if language is None:
            self.add_error("language", _("Say which language was spoken."))
        cleaned["language"] = language
        if "interpreter" in cleaned and cleaned.get("interpreting") not in WITH_INTERPRETER:
            cleaned["interpreter"] = None
        leaflets = cleaned.pop("leaflets", [])
        printed = cleaned.pop("leaflet_language", "") or (language.pk if language else "")
        cleaned.update(self._editions(leaflets, printed, explain=cleaned.pop("explain", False)))
        return cleaned

    def _editions(
        self, leaflets: Iterable[Leaflet], language: str, *, explain: bool
    ) -> dict[str, Any]:
        """Editions taken and topics explained instead; an error for what is neither."""
        held = {(each.leaflet_id, each.language_id): each for each in self.editions}
        taken, topics, missing = [], [], []
        for leaflet in leaflets:
            edition = held.get((leaflet.pk, language)) or held.get((leaflet.pk, WORDLESS))
            if edition:
                taken.append(edition)
            elif explain:
                topics.append(leaflet.topic)
            else:
                missing.append(str(leaflet))
        if missing and language:
            said = Language.objects.get(pk=language)
            text = gettext(
                "Not printed in %(language)s: %(titles)s. Choose the language of the paper that "
                "was taken, or tick that the interpreter explained it."
            )
            self.add_error("leaflets", text % {"language": said, "titles": ", ".join(missing)})
        return {"leaflets": taken, "explained": topics}


class ChangeVisitForm(VisitForm):
    """A correction: the keywords of `change_visit`. The note only for who may read it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, visit: Visit, **kwargs: Any) -> None:
        taken = [given.edition.leaflet_id for given in visit.leaflets.all()]
        topics = [topic.pk for topic in visit.explained.all()]
        told = Leaflet.objects.filter(topic__in=topics).values_list("pk", flat=True)
        initial = {
            "version": visit.version,
            "at": timezone.localtime(visit.at),
            "language": visit.language_id,
            "interpreting": visit.interpreting,
            "interpreter": visit.interpreter_id,
            "services": [service.service_type_id for service in visit.services.all()],
            "leaflets": [*taken, *told],
            "explain": bool(topics),
            "concern": visit.concern,
            "grant": visit.grant_id,
        }
        may_read_note = visit.note_is_open_to(user)
        if may_read_note:
            initial["concern_note"] = visit.concern_note
        super().__init__(*args, user=user, person=visit.person, initial=initial, **kwargs)
        known = self.fields.get("interpreter")
        if isinstance(known, InterpreterField) and visit.interpreter:
            known.keep(visit.interpreter)
        for name in ("team", "screen_next", *([] if may_read_note else ["concern_note"])):
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("at"):
            cleaned.pop("at", None)
        return cleaned


class NewcomerForm(VisitForm):
    """Somebody new and her visit in one go: the keywords of `receive_visitor`."""

    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Person.Sex.choices,
        widget=FirstChips,
        error_messages={"required": _("Say the sex, or “Not known”.")},
    )
    unaccompanied_or_separated = forms.ChoiceField(
        label=_("A child alone?"), choices=YesNo.choices, initial=YesNo.UNKNOWN, widget=Segments
    )
    residence_status = forms.ChoiceField(
        label=_("Residence status"),
        choices=Person.ResidenceStatus.choices,
        initial=Person.ResidenceStatus.UNKNOWN,
    )
    disability = forms.ChoiceField(
        label=_("Disability"), choices=YesNo.choices, initial=YesNo.UNKNOWN, widget=Segments
    )
    other_languages = forms.ModelMultipleChoiceField(
        label=_("Speaks as well"),
        queryset=Language.objects.spoken().often_met(),
        widget=Ticks(small=True),
        required=False,
    )
    handling_note = forms.CharField(
        label=_("Before you talk"),
        help_text=_("How to talk and write to this person safely, without names."),
        max_length=300,
        required=False,
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("A name opens a case that only you see."),
        max_length=300,
        required=False,
    )

    FACTS = (
        "sex",
        "unaccompanied_or_separated",
        "residence_status",
        "disability",
        "other_languages",
        "handling_note",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields.update(age_fields())
        self.fields.update(nationality_fields())
        if not may_name_person(user):
            del self.fields["name"]
        self.fields.update(told_fields(user))
        self.begin_at("sex")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        nationality = chosen_nationality(self)
        if not nationality:
            self.add_error("nationality", _("Choose a nationality, or “Country not known”."))
        years = chosen_years(self)
        person = {name: cleaned.pop(name) for name in self.FACTS if name in cleaned}
        person.update(nationality=nationality, language=cleaned.get("language"), **years)
        kept = {name: cleaned.pop(name, None) for name in ("operation", "team")}
        name, told = cleaned.pop("name", ""), cleaned.pop("told", "")
        cleaned.pop("nationality", None)
        # Who does not want to be written down is not looked for among those who are.
        name = "" if told == Consent.Decision.REFUSED else name
        return {**kept, "name": name, "person": person, "visit": cleaned, "told": told}
