"""What a person may type about hours, costs and papers to bring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Ticks
from directory.models import Place, Schedule, Service


def clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "class": "w-s"}, format="%H:%M")


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "w-m"})


class AddHoursForm(ActionForm):
    prefix = "hours"
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=Schedule.Weekday, coerce=int, widget=Ticks(small=True)
    )
    opens = forms.TimeField(label=_("Opens"), widget=clock())
    closes = forms.TimeField(label=_("Closes"), widget=clock())
    valid_from = forms.DateField(label=_("From day"), required=False, widget=day())
    valid_until = forms.DateField(label=_("Until day"), required=False, widget=day())
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=Place.objects.none(), required=False, empty_label=_("All")
    )

    def __init__(self, *args: Any, service: Service, reader: User, **options: Any) -> None:
        super().__init__(*args, **options)
        places = Place.objects.shown_to(reader).filter(organization=service.organization_id)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]  # of a model


class AddCostForm(ActionForm):
    prefix = "cost"
    name_en = forms.CharField(label=_("For what, in English"), max_length=200)
    name_sr = forms.CharField(label=_("For what, in Serbian"), max_length=200, required=False)
    amount = forms.DecimalField(
        label=_("Dinars"),
        help_text=_("0 where it is free, nothing where it is not known."),
        min_value=0,
        max_digits=10,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"class": "w-s"}),
    )


class AddDocumentForm(ActionForm):
    prefix = "document"
    name_en = forms.CharField(label=_("Paper, in English"), max_length=200)
    name_sr = forms.CharField(label=_("Paper, in Serbian"), max_length=200, required=False)


class RemoveDetailForm(ActionForm):
    """One press: nothing is typed."""
