"""What a person may type about the directory, noun by noun."""

from directory.forms.contacts import (
    ChangeContactForm,
    ConfirmChangeForm,
    CreateContactForm,
    RefuseChangeForm,
    VerifyContactForm,
)
from directory.forms.places import ChangePlaceForm, CreatePlaceForm
from directory.forms.providers import (
    ChangeOrganizationForm,
    ChangeServiceForm,
    CreateOrganizationForm,
    CreateServiceForm,
    FilterForm,
    VerifyServiceForm,
)

__all__ = [
    "ChangeContactForm",
    "ChangeOrganizationForm",
    "ChangePlaceForm",
    "ChangeServiceForm",
    "ConfirmChangeForm",
    "CreateContactForm",
    "CreateOrganizationForm",
    "CreatePlaceForm",
    "CreateServiceForm",
    "FilterForm",
    "RefuseChangeForm",
    "VerifyContactForm",
    "VerifyServiceForm",
]
