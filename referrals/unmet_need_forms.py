"""What is typed about a need that could not be referred: a few taps."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization
from accounts.widgets import Chips, Stepper
from casework.forms.fields import DayInput
from casework.models import Person
from directory.models import Need
from referrals.models import UnmetNeed
from referrals.models.unmet_need import MOST


class UnmetNeedForm(ActionForm):
    """The keywords of `record_unmet_need`."""

    need = forms.ModelChoiceField(
        label=_("What is needed?"),
        queryset=Need.objects.filter(kind=Need.Kind.NEED),
        empty_label=None,
        widget=Chips,
    )
    reason = forms.ChoiceField(label=_("Why not referred?"), choices=UnmetNeed.Reason, widget=Chips)
    barrier = forms.ChoiceField(
        label=_("What stood in the way?"),
        choices=[("", _("None of these")), *UnmetNeed.Barrier.choices],
        initial="",
        widget=Chips,
        required=False,
    )
    refused_by = forms.ModelChoiceField(
        label=_("Who was asked?"),
        queryset=Organization.objects.filter(is_house=False).order_by("name_en"),
        empty_label=_("Nobody"),
        required=False,
    )
    day = forms.DateField(
        label=_("Day"),
        widget=DayInput,
        initial=timezone.localdate,
        error_messages={"invalid": _("Write a day that is in the calendar.")},
    )


class CountNeedForm(UnmetNeedForm):
    """The keywords of `count_unmet_need`."""

    quantity = forms.IntegerField(
        label=_("How many people?"), min_value=1, max_value=MOST, initial=1, widget=Stepper
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Person.Sex, widget=Chips, initial=Person.Sex.UNKNOWN
    )


def asked_first(sent: str | None) -> dict[str, Any]:
    """The institution that the choice of a service led from, when there is such a one."""
    return {"refused_by": sent} if sent and sent.replace("-", "").isalnum() else {}
