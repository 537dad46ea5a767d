"""What a person may type about institutions and services, and how she looks for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization
from accounts.widgets import Segments, Ticks
from directory.models import Language, Municipality, OrganizationProfile, Service, ServiceType


class FilterForm(forms.Form):
    """How the directory is searched; an empty field asks for nothing."""

    q = forms.CharField(label=_("Name or word"), max_length=100, required=False)
    category = forms.ChoiceField(
        label=_("Kind of help"),
        choices=[("", _("All")), *ServiceType.Category.choices],
        required=False,
    )
    language = forms.ModelChoiceField(
        label=_("Language spoken there"),
        queryset=Language.objects.of_services(),
        required=False,
        empty_label=_("All"),
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.order_by("name_sr"),
        required=False,
        empty_label=_("All"),
    )

    def wanted(self) -> dict[str, Any]:
        """What was asked for and understood: `q`, and codes of the others."""
        self.is_valid()
        language = self.cleaned_data.get("language")
        municipality = self.cleaned_data.get("municipality")
        return {
            "municipality": municipality.pk if municipality else "",
            "q": self.cleaned_data.get("q", ""),
            "category": self.cleaned_data.get("category", ""),
            "language": language.pk if language else "",
        }


NEEDS_SECOND = _("A new one holds after a second person confirmed it.")
LONG = forms.Textarea(attrs={"rows": 2})


class ChangeOrganizationForm(ActionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    name_sr = forms.CharField(label=_("Name in Serbian"), max_length=200)
    type = forms.ChoiceField(
        label=_("Type for exchange"), help_text=_("As in HTCDS."), choices=Organization.Type
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganizationProfile.Kind)
    description_en = forms.CharField(
        label=_("What it does, in English"), max_length=300, required=False, widget=LONG
    )
    description_sr = forms.CharField(
        label=_("What it does, in Serbian"), max_length=300, required=False, widget=LONG
    )
    note_en = forms.CharField(
        label=_("Note in English"), max_length=300, required=False, widget=LONG
    )
    note_sr = forms.CharField(
        label=_("Note in Serbian"), max_length=300, required=False, widget=LONG
    )
    source_en = forms.CharField(
        label=_("Source in English"), help_text=_("Who says so."), max_length=200, required=False
    )
    source_sr = forms.CharField(label=_("Source in Serbian"), max_length=200, required=False)


class CreateOrganizationForm(ChangeOrganizationForm):
    version = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
    code = forms.SlugField(
        label=_("Code"), help_text=_("Short, in Latin letters, for good."), max_length=20
    )
    field_order = ["code"]


class CreateServiceForm(ActionForm):
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_sr = forms.CharField(label=_("Name in Serbian"), max_length=120)
    service_types = forms.ModelMultipleChoiceField(
        label=_("Kinds of service"), queryset=ServiceType.objects.all(), widget=Ticks(small=True)
    )
    languages = forms.ModelMultipleChoiceField(
        label=_("Languages spoken there"),
        queryset=Language.objects.for_services(),
        required=False,
        widget=Ticks(small=True),
    )
    min_age = forms.IntegerField(label=_("From age"), required=False, min_value=0, max_value=120)
    max_age = forms.IntegerField(label=_("To age"), required=False, min_value=0, max_value=120)
    sexes = forms.MultipleChoiceField(
        label=_("Only for"),
        help_text=_("Nothing ticked: for everybody."),
        choices=Service.Sex,
        required=False,
        widget=Ticks(small=True),
    )
    residence = forms.MultipleChoiceField(
        label=_("Only for residence status"),
        help_text=_("Nothing ticked: for everybody."),
        choices=Service.Residence,
        required=False,
        widget=Ticks(small=True),
    )
    serves = forms.ModelMultipleChoiceField(
        label=_("Only for people in"),
        help_text=_("Nothing chosen: for people from everywhere."),
        queryset=Municipality.objects.order_by("name_sr"),
        required=False,
    )
    status = forms.ChoiceField(
        label=_("State"), choices=Service.Status, initial=Service.Status.ACTIVE
    )
    wait_days = forms.IntegerField(
        label=_("Usual wait in days"), required=False, min_value=0, max_value=1000
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    phone_status = forms.ChoiceField(label=_("How sure the number is"), choices=Service.PhoneStatus)
    phone_source = forms.CharField(
        label=_("Where the number is from"), max_length=100, required=False
    )
    note_en = forms.CharField(
        label=_("Note in English"), max_length=300, required=False, widget=LONG
    )
    note_sr = forms.CharField(
        label=_("Note in Serbian"), max_length=300, required=False, widget=LONG
    )
    is_referable = forms.BooleanField(label=_("Takes referrals"), required=False)


class ChangeServiceForm(CreateServiceForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].help_text = NEEDS_SECOND


class ProposeServiceForm(ChangeServiceForm):
    """What an institution may ask for in its own service."""

    service_types = phone_status = phone_source = is_referable = serves = None  # type: ignore[assignment]  # Django's way


class CapacityForm(ActionForm):
    """Whether a service takes people now."""

    accepting = forms.ChoiceField(
        label=_("Is there room?"), choices=Service.Accepting, widget=Segments
    )
    places_free = forms.IntegerField(
        label=_("Places free today"), required=False, min_value=0, max_value=1000
    )


class VerifyServiceForm(ActionForm):
    """One press: nothing is typed."""
