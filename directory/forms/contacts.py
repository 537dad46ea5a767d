"""What a person may type about whom to reach at an institution."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization
from accounts.widgets import Chips
from directory.forms.providers import NEEDS_SECOND
from directory.models import Contact, Language, Service


class CreateContactForm(ActionForm):
    role = forms.ChoiceField(label=_("Task"), choices=Contact.Role, widget=Chips)
    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    service = forms.ModelChoiceField(
        label=_("For which service"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("All of the institution"),
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("Mail address"), required=False)
    language = forms.ModelChoiceField(
        label=_("Language"),
        queryset=Language.objects.often_met(),
        required=False,
        empty_label=_("Not known"),
    )

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        if "service" not in self.fields:
            return
        services = Service.objects.filter(organization=organization)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]  # a ModelChoiceField


class ChangeContactForm(CreateContactForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    is_active = forms.BooleanField(label=_("Still there"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in Contact.GUARDED:
            self.fields[name].help_text = NEEDS_SECOND


class ProposeContactForm(ChangeContactForm):
    """What an institution may ask for in its own contact."""

    service = None  # type: ignore[assignment]  # Django's way to leave an inherited field out


class VerifyContactForm(ActionForm):
    """One press: nothing is typed."""


class ConfirmChangeForm(ActionForm):
    """One press: nothing is typed."""


class AgreeToChangeForm(ActionForm):
    """One press: nothing is typed."""


class RefuseChangeForm(ActionForm):
    """One press: nothing is typed."""
