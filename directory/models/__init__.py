"""Nouns of the shelf: lists, leaflets, age bands, donors and grants, institutions and services."""

from directory.models.change import Change
from directory.models.check import EntryCheck, to_ask
from directory.models.contact import Contact
from directory.models.detail import Cost, RequiredDocument, Schedule
from directory.models.entry import Entry
from directory.models.funding import AgeBand, AgeBandSet, Donor, Grant
from directory.models.history import ContactHistory, PlaceHistory, ServiceHistory
from directory.models.materials import Leaflet, LeafletEdition
from directory.models.place import (
    CIRCLES,
    District,
    Municipality,
    Place,
    ServiceAtPlace,
    circle_of,
)
from directory.models.provider import OrganizationProfile
from directory.models.service import Service
from directory.models.words import (
    Area,
    DeclineReason,
    Dialect,
    Language,
    Need,
    Route,
    ServiceType,
    Topic,
)

__all__ = [
    "CIRCLES",
    "AgeBand",
    "AgeBandSet",
    "Area",
    "Change",
    "Contact",
    "ContactHistory",
    "Cost",
    "DeclineReason",
    "Dialect",
    "District",
    "Donor",
    "Entry",
    "EntryCheck",
    "Grant",
    "Language",
    "Leaflet",
    "LeafletEdition",
    "Municipality",
    "Need",
    "OrganizationProfile",
    "Place",
    "PlaceHistory",
    "RequiredDocument",
    "Route",
    "Schedule",
    "Service",
    "ServiceAtPlace",
    "ServiceHistory",
    "ServiceType",
    "Topic",
    "circle_of",
    "to_ask",
]
