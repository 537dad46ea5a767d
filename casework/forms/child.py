"""What is typed about a child: care, guardian, steps, ages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms import ActionForm
from accounts.models import Organization
from accounts.widgets import Chips, Choices, Segments
from casework.ages import years_of_age
from casework.forms.birth import birth_field, calendar_field, chosen_birth, exactness_field
from casework.forms.family import NO_DAY
from casework.forms.fields import MOST_YEARS_OF_AGE, DayInput
from casework.models import AgeEstimate, BestInterestsStep, Care, Case, Guardian
from casework.models.child import MEANINGS
from casework.models.person import YesNo
from directory.models import ServiceType


def centres() -> Any:
    """Who can appoint a guardian: institutions that the directory lists under guardianship."""
    kinds = ServiceType.objects.filter(category=ServiceType.Category.GUARDIANSHIP)
    return Organization.objects.filter(services__service_types__in=kinds).distinct()


class CareForm(ActionForm):
    """The keywords of `record_care`."""

    situation = forms.ChoiceField(
        label=_("Is the child alone?"),
        choices=Care.Situation.choices,
        widget=Choices(hints={kind.value: said for kind, said in MEANINGS.items()}),
    )
    arrangement = forms.ChoiceField(
        label=_("Who cares for the child"), choices=Care.Arrangement.choices, widget=Chips
    )
    since = forms.DateField(
        label=_("Since"), widget=DayInput, initial=timezone.localdate, error_messages=NO_DAY
    )


class GuardianForm(ActionForm):
    """The keywords of `record_guardian`."""

    organization = forms.ModelChoiceField(
        label=_("Centre for social work"),
        queryset=Organization.objects.none(),
        empty_label=_("Choose who appointed the guardian"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Guardian.Kind.choices,
        initial=Guardian.Kind.TEMPORARY,
        widget=Chips,
    )
    name = forms.CharField(
        label=_("Name of the guardian"),
        help_text=_("Sealed; it needs a case of the child that is open to you."),
        max_length=200,
        required=False,
    )
    appointed_on = forms.DateField(
        label=_("Appointed on"), widget=DayInput, initial=timezone.localdate, error_messages=NO_DAY
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = centres()


class EndGuardianForm(ActionForm):
    """The keywords of `end_guardian`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("Until"), widget=DayInput, initial=timezone.localdate, error_messages=NO_DAY
    )


class DoubtForm(ActionForm):
    """The keywords of `doubt_guardian`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_suspected = forms.ChoiceField(
        label=_("May the guardian not be safe for the child?"),
        choices=[("1", _("Yes, or we are not sure")), ("", _("No doubt"))],
        widget=Chips,
        required=False,
    )
    doubt = forms.CharField(
        label=_("Why"),
        help_text=_("Sealed. What was written before stays when this is empty."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def clean_is_suspected(self) -> bool:
        return bool(self.cleaned_data["is_suspected"])


class BeginStepForm(ActionForm):
    """The keywords of `begin_step`."""

    step = forms.ChoiceField(
        label=_("Step"), choices=BestInterestsStep.Step.choices, widget=Choices
    )
    risk = forms.ChoiceField(
        label=_("Risk"),
        help_text=_("It says by when the step is due. Of an open case its own risk counts."),
        choices=Case.Risk.choices,
        initial=Case.Risk.UNKNOWN,
        widget=Chips,
    )


class FinishStepForm(ActionForm):
    """The keywords of `finish_step`."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=BestInterestsStep.Outcome.choices,
        widget=Choices,
        error_messages={"required": _("Choose what came of it.")},
    )
    note = forms.CharField(
        label=_("What was found and decided"),
        help_text=_("Sealed. Only people who may read the story of the case see it."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )


class ChildRiskForm(ActionForm):
    """The keyword of `change_child_risk`."""

    risk = forms.ChoiceField(label=_("Risk"), choices=Case.Risk.choices, widget=Chips)


class AgeForm(ActionForm):
    """The keywords of `record_age`: a date of birth in either calendar, or an age in years."""

    source = forms.ChoiceField(label=_("Source"), choices=AgeEstimate.SOURCES, widget=Chips)
    birth = birth_field(_("Date or year of birth"))
    calendar = calendar_field()
    exactness = exactness_field()
    age_from = forms.IntegerField(
        label=_("Or an age in years"), min_value=0, max_value=MOST_YEARS_OF_AGE, required=False
    )
    age_to = forms.IntegerField(
        label=_("to"), min_value=0, max_value=MOST_YEARS_OF_AGE, required=False
    )
    certainty = forms.ChoiceField(
        label=_("How sure"),
        choices=AgeEstimate.Certainty.choices,
        initial=AgeEstimate.Certainty.LIKELY,
        widget=Chips,
    )
    told_on = forms.DateField(
        label=_("Day"), widget=DayInput, initial=timezone.localdate, error_messages=NO_DAY
    )
    country = forms.ChoiceField(
        label=_("Country of the document"),
        choices=[("", _("No document")), *countries],
        required=False,
    )
    assessed_by = forms.ModelChoiceField(
        label=_("Assessed by"),
        help_text=_("Only for an age assessment."),
        queryset=Organization.objects.all(),
        empty_label=_("No assessment"),
        required=False,
    )
    has_consent = forms.ChoiceField(
        label=_("Agreed to the assessment"),
        choices=YesNo.choices,
        initial=YesNo.UNKNOWN,
        widget=Segments,
        required=False,
    )
    is_chosen = forms.BooleanField(label=_("Count with this age from now on"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        typed = cleaned.get("birth", "")
        first, last = cleaned.pop("age_from", None), cleaned.pop("age_to", None)
        born = chosen_birth(self)
        cleaned["has_consent"] = cleaned.get("has_consent") or YesNo.UNKNOWN
        if born is not None:
            years = born.years
        elif first is not None or last is not None:
            years = self._years(first, last)
            typed = f"{first or ''}–{last or ''}".strip("–")
        elif not self.errors:
            raise ValidationError(_("Write a date or a year of birth, or an age."), code="empty")
        else:
            return cleaned
        cleaned["birth_year_from"], cleaned["birth_year_to"] = years
        cleaned["is_about"] = born is None or born.is_about or not born.is_day
        cleaned["written"] = born.edtf if born else typed
        return cleaned

    def _years(self, first: int | None, last: int | None) -> tuple[int, int]:
        """The years of birth of somebody of these ages on the day it was told."""
        ages = [age for age in (first, last) if age is not None]
        day = self.cleaned_data.get("told_on") or timezone.localdate()
        return years_of_age(max(ages), day)[0], years_of_age(min(ages), day)[1]
