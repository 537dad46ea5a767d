"""The directory in the API, noun by noun."""

from directory.api.contacts import ROUTES as CONTACTS
from directory.api.places import ROUTES as PLACES
from directory.api.providers import ROUTES as PROVIDERS

ROUTES = [*PROVIDERS, *CONTACTS, *PLACES]
