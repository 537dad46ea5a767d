"""How often a service is given."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Chips, Ticks
from casework.models import VisitRule
from directory.models import ServiceType

NUMBER = {"class": "w-s", "inputmode": "numeric"}


class VisitRuleForm(ActionForm):
    """The keywords of `set_visit_rule`."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    service_type = forms.ModelChoiceField(
        label=_("Service"),
        queryset=ServiceType.objects.for_clients(),
        empty_label=_("Choose a service"),
    )
    interval_hours = forms.IntegerField(
        label=_("Hours until the next one"),
        help_text=_("24 is once a day and night, 168 once a week. Leave it empty for no interval."),
        min_value=1,
        max_value=8_784,
        widget=forms.NumberInput(attrs=NUMBER),
        required=False,
    )
    most_per_day = forms.IntegerField(
        label=_("Most on one day"),
        help_text=_("For one person. Leave it empty for any number."),
        min_value=1,
        max_value=100,
        widget=forms.NumberInput(attrs=NUMBER),
        required=False,
    )
    apart_from = forms.ModelMultipleChoiceField(
        label=_("Not on one day with"),
        queryset=ServiceType.objects.on_hub_form(),
        widget=Ticks(small=True),
        required=False,
    )
    override = forms.ChoiceField(
        label=_("Who may give it all the same?"),
        help_text=_("With a reason, which is counted."),
        choices=VisitRule.Override.choices,
        initial=VisitRule.Override.COORDINATOR,
        widget=Chips,
    )
    is_active = forms.BooleanField(label=_("In force"), initial=True, required=False)

    def __init__(
        self, *args: Any, user: User, rule: VisitRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if rule is not None:
            told = (name for name in self.fields if name != "operation")
            self.initial = {name: getattr(rule, name) for name in told}
            self.fields["service_type"].disabled = True
            self.initial["service_type"] = rule.service_type_id
            return
        ruled = VisitRule.objects.visible_to(user).values("service_type")
        free = ServiceType.objects.for_clients().exclude(pk__in=ruled)
        self.fields["service_type"].queryset = free  # type: ignore[attr-defined]  # of a choice
