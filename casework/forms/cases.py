"""What is typed about a case: its risk, its end, notes, decisions, services, access."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization
from accounts.widgets import Chips, Choices, Stepper
from casework.forms.fields import DayInput, RuledForm, grant_field
from casework.models import (
    Case,
    IncomeActivity,
    ServiceDelivered,
    TraffickingStatus,
)
from directory.models import Language, ServiceType

WRONG_DAY = {"invalid": _("Write a day that is in the calendar.")}


class ChangeCaseForm(ActionForm):
    """The keywords of `change_case`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    risk = forms.ChoiceField(label=_("Risk"), choices=Case.Risk.choices, widget=Chips)
    status = forms.ChoiceField(
        label=_("State"),
        choices=[
            (status.value, status.label) for status in (Case.Status.ACTIVE, Case.Status.FOLLOW_UP)
        ],
        widget=Chips,
    )


class CloseForm(ActionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    closure_reason = forms.ChoiceField(
        label=_("Why is the case closed?"),
        choices=Case.ClosureReason.choices,
        widget=Choices,
        error_messages={"required": _("Choose why the case is closed.")},
    )


class ReopenForm(ActionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(ActionForm):
    text = forms.CharField(
        label=_("Note"),
        help_text=_("Sealed. Only people who may read the story of this case see it."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("The note is empty.")},
    )


class ServiceForm(RuledForm):
    """A service inside a case: the keywords of `deliver_service`."""

    service_type = forms.ModelChoiceField(
        label=_("Service"),
        queryset=ServiceType.objects.for_clients(),
        empty_label=_("Choose a service"),
    )
    delivered_on = forms.DateField(
        label=_("Day"),
        widget=DayInput,
        initial=timezone.localdate,
        error_messages=WRONG_DAY,
    )
    channel = forms.ChoiceField(
        label=_("How"),
        choices=ServiceDelivered.Channel.choices,
        initial=ServiceDelivered.Channel.IN_PERSON,
        widget=Chips,
    )
    quantity = forms.IntegerField(
        label=_("How much"), min_value=1, max_value=1_000, initial=1, widget=Stepper
    )
    language = forms.ModelChoiceField(
        label=_("Language"),
        queryset=Language.objects.spoken(),
        empty_label=_("Not recorded"),
        required=False,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grant"] = grant_field(case.organization)


class StatusForm(ActionForm):
    """A decision of a body on a day: the keywords of `record_trafficking_status`."""

    status = forms.ChoiceField(
        label=_("Decision"), choices=TraffickingStatus.Status.choices, widget=Choices
    )
    decided_on = forms.DateField(
        label=_("Decided on"),
        widget=DayInput,
        initial=timezone.localdate,
        error_messages=WRONG_DAY,
    )
    deciding_body = forms.ChoiceField(
        label=_("Kind of body"), choices=TraffickingStatus.DecidingBody.choices
    )
    organization = forms.ModelChoiceField(
        label=_("Which body"), queryset=Organization.objects.all(), empty_label=None
    )
    basis = forms.ChoiceField(label=_("Basis"), choices=TraffickingStatus.Basis.choices)


class StartIncomeActivityForm(ActionForm):
    """The keywords of `start_income_activity`."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IncomeActivity.Kind.choices)
    started_on = forms.DateField(
        label=_("Started on"),
        widget=DayInput,
        initial=timezone.localdate,
        error_messages=WRONG_DAY,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grant"] = grant_field(case.organization)


class AttendForm(ActionForm):
    attended_on = forms.DateField(
        label=_("Day"),
        widget=DayInput,
        initial=timezone.localdate,
        error_messages=WRONG_DAY,
    )


class EndIncomeActivityForm(ActionForm):
    """The keywords of `end_income_activity`."""

    ended_on = forms.DateField(
        label=_("Ended on"),
        widget=DayInput,
        initial=timezone.localdate,
        error_messages=WRONG_DAY,
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=IncomeActivity.Outcome.choices, widget=Choices
    )


class CaseFilterForm(forms.Form):
    """What the list of cases shows; whatever is not understood narrows nothing."""

    risk = forms.MultipleChoiceField(
        label=_("Risk"),
        choices=Case.Risk.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ModelChoiceField(
        label=_("Language"),
        queryset=Language.objects.often_met(),
        empty_label=_("Any"),
        required=False,
    )

    def narrowed(self) -> dict[str, Any]:
        """Keywords for a filter over cases."""
        self.is_valid()
        wanted: dict[str, Any] = {}
        if risks := self.cleaned_data.get("risk"):
            wanted["risk__in"] = risks
        if language := self.cleaned_data.get("language"):
            wanted["person__language"] = language
        return wanted
