"""What is typed about going along with somebody."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm, MomentField
from accounts.models import Organization, User
from accounts.widgets import Chips, Choices, Stepper
from casework.forms.fields import MomentInput, grant_field
from casework.models import Case, Interpreter
from referrals.models import Accompaniment, Referral
from referrals.models.accompaniment import LONGEST


class NamedField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic at type time only
    """Colleagues by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class NumberedField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic at type time only
    """Referrals by number and receiver."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}, {obj.organization}"


class AccompanimentForm(ActionForm):
    """The keywords of `record_accompaniment`."""

    why = forms.ChoiceField(label=_("Why?"), choices=Accompaniment.Why, widget=Chips)
    place = forms.ChoiceField(
        label=_("Where to?"), choices=Accompaniment.Place, widget=Chips, required=False
    )
    organization = forms.ModelChoiceField(
        label=_("Which institution?"),
        queryset=Organization.objects.filter(is_house=False).order_by("name_en"),
        empty_label=_("None of the directory"),
        required=False,
    )
    started_at = MomentField(
        label=_("When?"),
        widget=MomentInput,
        initial=timezone.localtime,
        error_messages={"invalid": _("Write a day and a time that are in the calendar.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes, with the way"),
        min_value=1,
        max_value=LONGEST,
        initial=60,
        widget=Stepper(attrs={"step": 15}),
    )
    outcome = forms.ChoiceField(
        label=_("What came of it?"), choices=Accompaniment.Outcome, widget=Choices
    )

    def __init__(self, data: Any = None, *, case: Case, user: User) -> None:
        super().__init__(data)
        staff = User.objects.filter(organization=case.organization_id, is_active=True)
        self.fields["worker"] = NamedField(
            label=_("Who went along?"),
            queryset=staff.order_by("name"),
            initial=user.pk,
            empty_label=None,
        )
        self.fields["interpreter"] = forms.ModelChoiceField(
            label=_("Interpreter"),
            queryset=Interpreter.objects.visible_to(user).to_choose_from(),
            empty_label=_("Nobody"),
            required=False,
        )
        self.fields["referral"] = NumberedField(
            label=_("For which referral?"),
            queryset=Referral.objects.visible_to(user)
            .filter(case=case)
            .select_related("organization")
            .latest_first(),
            empty_label=_("For none"),
            required=False,
        )
        self.fields["grant"] = grant_field(case.organization)
