"""What is put in about a result: a decision, a second look, a next step, a mark of pressure."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Choices
from casework.actions.cases import may_write_note
from casework.forms.cases import WRONG_DAY
from casework.forms.fields import DayInput
from screening.actions.decisions import OWN_STATUSES
from screening.explain import say
from screening.forms import VersionedForm
from screening.models import Screening
from screening.proposals import days_until_again


class PressureForm(VersionedForm):
    """Why the answers may not be free."""

    pressure_reason = forms.ChoiceField(
        label=_("What speaks for it?"), choices=Screening.PressureReason, widget=Choices
    )


class ReviewForm(VersionedForm):
    """A second look at a decision."""

    review = forms.ChoiceField(
        label=_("What do you think?"), choices=Screening.Review, widget=Choices
    )


class StepForm(ActionForm):
    """One of the next steps of a result."""

    step = forms.CharField(widget=forms.HiddenInput)


class DecideForm(VersionedForm):
    """The worker's own judgement of a result."""

    decision_reason = forms.ChoiceField(
        label=_("What is it based on?"), choices=Screening.DecisionReason, widget=Choices
    )
    trafficking_status = forms.ChoiceField(
        label=_("Record a status as well"),
        choices=[("", _("No status")), *((status.value, status.label) for status in OWN_STATUSES)],
        required=False,
        help_text=_("Nothing is recorded unless you choose it here."),
    )
    ask_again_on = forms.DateField(
        label=_("Offer a new talk on"),
        widget=DayInput,
        required=False,
        help_text=_("Leave it empty when no new talk is needed."),
        error_messages=WRONG_DAY,
    )
    note = forms.CharField(
        label=_("A longer reason"),
        help_text=_("It becomes a sealed note of the case."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, data: Any = None, *, screening: Screening, user: User) -> None:
        again = {"version": screening.version, "ask_again_on": again_on(screening)}
        super().__init__(data, initial=again)
        definition = screening.instrument_version.definition
        bands = definition["bands"][screening.profile]
        self.fields["decision"] = forms.ChoiceField(
            label=_("What do you think?"),
            choices=[(band["band"], say(band["label"])) for band in bands],
            widget=Choices(hints={screening.band: _("This is what the answers show.")}),
        )
        if "elements" not in definition["rules"]:
            self.fields.pop("trafficking_status")
        if not may_write_note(user):
            self.fields.pop("note")
        self.order_fields(
            ["decision", "decision_reason", "note", "ask_again_on", "trafficking_status"]
        )


def again_on(screening: Screening) -> date | None:
    """The day that is proposed for a new talk after this result."""
    definition = screening.instrument_version.definition
    usual = settings.ASK_AGAIN_DAYS
    days = days_until_again(definition, screening.profile, screening.band, usual)
    return timezone.localdate() + timedelta(days=days) if days else None
