"""What a person may type about where help is given."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization
from accounts.widgets import Choices, Ticks
from directory.models import Municipality, Place, Service

VISIBILITY_HINTS: dict[str, Any] = {
    Place.Visibility.PUBLIC: _("It may stand in papers, files and links for anybody."),
    Place.Visibility.PARTNERS: _("Whoever signs in here, at an institution too."),
    Place.Visibility.STAFF: _("Those who work here."),
    Place.Visibility.NEVER: _("In no list, search, paper or file, for nobody else."),
}


class CreatePlaceForm(ActionForm):
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_sr = forms.CharField(label=_("Name in Serbian"), max_length=120)
    visibility = forms.ChoiceField(
        label=_("Who may know of it"),
        choices=Place.Visibility,
        widget=Choices(hints=VISIBILITY_HINTS),
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.order_by("name_sr"),
        required=False,
        empty_label=_("Not known"),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    accessibility_en = forms.CharField(
        label=_("Accessibility in English"), max_length=300, required=False
    )
    accessibility_sr = forms.CharField(
        label=_("Accessibility in Serbian"), max_length=300, required=False
    )
    services = forms.ModelMultipleChoiceField(
        label=_("Services given there"),
        queryset=Service.objects.none(),
        required=False,
        widget=Ticks(small=True),
    )

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        if "services" not in self.fields:
            return
        services = Service.objects.filter(organization=organization)
        self.fields["services"].queryset = services  # type: ignore[attr-defined]  # of a model


class ChangePlaceForm(CreatePlaceForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ProposePlaceForm(ChangePlaceForm):
    """What an institution may ask for in its own place."""

    services = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
