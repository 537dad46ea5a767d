"""What a person may type about the directory, noun by noun."""

from directory.forms.checks import CheckForm
from directory.forms.contacts import (
    AgreeToChangeForm,
    ChangeContactForm,
    ConfirmChangeForm,
    CreateContactForm,
    ProposeContactForm,
    RefuseChangeForm,
    VerifyContactForm,
)
from directory.forms.details import (
    AddCostForm,
    AddDocumentForm,
    AddHoursForm,
    RemoveDetailForm,
)
from directory.forms.exchange import DocumentForm, ImportForm
from directory.forms.finding import FindServiceForm
from directory.forms.places import ChangePlaceForm, CreatePlaceForm, ProposePlaceForm
from directory.forms.providers import (
    CapacityForm,
    ChangeOrganizationForm,
    ChangeServiceForm,
    CreateOrganizationForm,
    CreateServiceForm,
    FilterForm,
    ProposeServiceForm,
    VerifyServiceForm,
)

__all__ = [
    "AddCostForm",
    "AddDocumentForm",
    "AddHoursForm",
    "AgreeToChangeForm",
    "CapacityForm",
    "ChangeContactForm",
    "ChangeOrganizationForm",
    "ChangePlaceForm",
    "ChangeServiceForm",
    "CheckForm",
    "ConfirmChangeForm",
    "CreateContactForm",
    "CreateOrganizationForm",
    "CreatePlaceForm",
    "CreateServiceForm",
    "DocumentForm",
    "FilterForm",
    "FindServiceForm",
    "ImportForm",
    "ProposeContactForm",
    "ProposePlaceForm",
    "ProposeServiceForm",
    "RefuseChangeForm",
    "RemoveDetailForm",
    "VerifyContactForm",
    "VerifyServiceForm",
]
