"""How a service is looked for: what is needed, where, and what of the person is heeded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import Ticks
from directory.models import Municipality, Place, ServiceType

HEEDED = [
    ("age", _("Age")),
    ("sex", _("Sex")),
    ("residence", _("Residence status")),
    ("language", _("Language")),
]


class FindServiceForm(forms.Form):
    """Which services are offered for choice; an empty field asks for nothing."""

    category = forms.MultipleChoiceField(
        label=_("What is needed"), required=False, widget=Ticks(small=True)
    )
    near = forms.ModelChoiceField(
        label=_("Near"),
        queryset=Municipality.objects.order_by("name_sr"),
        required=False,
        empty_label=_("Everywhere the same"),
    )
    heed = forms.MultipleChoiceField(
        label=_("From the case"), choices=HEEDED, required=False, widget=Ticks(small=True)
    )
    fitting = forms.BooleanField(label=_("Only those that fit"), required=False)
    # An empty form of those who asked for nothing is told from the first look by it.
    asked = forms.BooleanField(required=False, widget=forms.HiddenInput, initial=True)

    def __init__(self, data: Any, *, reader: User) -> None:
        first_look = "asked" not in data
        super().__init__(_with_defaults(data, _home(reader)) if first_look else data)
        in_use = set(
            ServiceType.objects.filter(services__is_referable=True).values_list(
                "category", flat=True
            )
        )
        kinds = [choice for choice in ServiceType.Category.choices if choice[0] in in_use]
        self.fields["category"].choices = kinds  # type: ignore[attr-defined]  # a choice

    def wanted(self) -> dict[str, Any]:
        """What was asked for and understood: `category`, `near`, `heed`, `fitting`."""
        self.is_valid()
        return {
            "category": self.cleaned_data.get("category", []),
            "near": self.cleaned_data.get("near"),
            "heed": frozenset(self.cleaned_data.get("heed", [])),
            "fitting": self.cleaned_data.get("fitting", False),
        }


def _home(reader: User) -> Municipality | None:
    """Where the reader's own organization is, as the directory knows it."""
    places = Place.objects.shown_to(reader).filter(
        organization=reader.organization_id, municipality__isnull=False
    )
    first = places.select_related("municipality").first()
    return first.municipality if first else None


def _with_defaults(data: Any, here: Municipality | None) -> Any:
    """The first look: all that the case says is heeded, near the own house."""
    filled = data.copy()
    filled.setlist("heed", [name for name, _words in HEEDED])
    filled["asked"] = "on"
    if here and "near" not in filled:
        filled["near"] = here.pk
    return filled
