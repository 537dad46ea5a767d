"""Somebody who leaves within the hour: three facts now, the rest later, each when it was asked."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Chips, Ticks
from casework.forms.fields import (
    DeskForm,
    FirstChips,
    RuledForm,
    age_fields,
    chosen_language,
    chosen_nationality,
    chosen_years,
    language_fields,
    nationality_fields,
    told_fields,
)
from casework.intake import ASKED, still_to_ask
from casework.models import Person
from casework.models.person import YesNo
from directory.models import ServiceType

NOT_ASKED_YET = ("", _("Not asked yet"))
# An answer too, and another one than none.
NOT_KNOWN = "unknown"


def asked_age_fields() -> dict[str, forms.Field]:
    """The age as chips, with "not known" and "not asked yet" told apart."""
    fields = age_fields()
    age: Any = fields["age"]
    bands = [choice for choice in age.choices if choice[0]]
    age.choices = [*bands, (NOT_KNOWN, _("Not known")), NOT_ASKED_YET]
    age.initial = ""
    return fields


def asked_years(form: forms.Form, answered: set[str]) -> dict[str, Any]:
    """The years that were told; nothing of an age that was not asked. Raises ValidationError."""
    cleaned = form.cleaned_data
    picked = cleaned.get("age", "")
    if picked or cleaned.get("age_or_year") is not None:
        answered.add("birth_year_from")
    cleaned["age"] = "" if picked == NOT_KNOWN else picked
    return chosen_years(form)


class TransitForm(RuledForm, DeskForm):
    """The keywords of `receive_in_transit`."""

    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Person.Sex.choices,
        widget=FirstChips,
        error_messages={"required": _("Say the sex, or “Not known”.")},
    )
    services = forms.ModelMultipleChoiceField(
        label=_("What was given at once?"),
        help_text=_("Ticked, it is logged as a visit. With nothing ticked only the code is made."),
        queryset=ServiceType.objects.on_hub_form(),
        widget=Ticks(keys=True),
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields.update(asked_age_fields())
        self.fields.update(language_fields())
        self.fields.update(nationality_fields())
        self.fields.update(told_fields(user))
        self.begin_at("sex")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        language = chosen_language(self)
        if language is None:
            self.add_error("language", _("Say which language the person speaks."))
        answered: set[str] = set()
        years = asked_years(self, answered)
        nationality = chosen_nationality(self)
        if nationality:
            answered.add("nationality")
        cleaned.pop("nationality", None)
        left = [name for name in ASKED if name not in answered]
        return {
            **cleaned,
            **years,
            "language": language,
            "nationality": nationality,
            "not_asked": left,
        }


class IntakeForm(ActionForm):
    """What was not asked yet, field by field: the keywords of `continue_intake`."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    CHOICES: dict[str, Any] = {
        "unaccompanied_or_separated": YesNo.choices,
        "residence_status": Person.ResidenceStatus.choices,
        "disability": YesNo.choices,
    }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": person.version}
        super().__init__(*args, **kwargs)
        self.person = person
        self.left = still_to_ask(person, set())
        if "birth_year_from" in self.left:
            self.fields.update(asked_age_fields())
        if "nationality" in self.left:
            self.fields["nationality"] = forms.ChoiceField(
                label=_("Nationality"), choices=[NOT_ASKED_YET, *countries], required=False
            )
        for name, choices in self.CHOICES.items():
            if name in self.left:
                self.fields[name] = forms.ChoiceField(
                    label=ASKED[name][0],
                    choices=[*choices, NOT_ASKED_YET],
                    widget=Chips,
                    initial="",
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        """Only what was answered: a field left at "not asked yet" stays so."""
        cleaned = self.cleaned_data
        answered: set[str] = set()
        kept = {name: cleaned.get(name) for name in ("operation", "version")}
        facts: dict[str, Any] = {}
        if "birth_year_from" in self.left:
            facts = asked_years(self, answered)
        if not answered:
            facts = {}
        for name in ("nationality", *self.CHOICES):
            if cleaned.get(name):
                facts[name] = cleaned[name]
                answered.add(name)
        is_fresh = cleaned.get("version") == self.person.version
        if is_fresh and not answered and not self.errors:
            self.add_error(None, _("Nothing was asked yet on this page. Answer at least one."))
        return {**kept, **facts, "answered": sorted(answered)}

    def rest_on(self, person: Person) -> None:
        """After somebody else was first: the next save rests on what stands there now."""
        errors = self.non_field_errors().as_data() if self.is_bound else []
        if isinstance(self.data, QueryDict) and any(error.code == "stale" for error in errors):
            typed = self.data.copy()
            typed["version"] = str(person.version)
            self.data = typed


class EndIntakeForm(ActionForm):
    """The keyword of `end_intake`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
