"""Nouns of the shelf: lists, leaflets, age bands, donors and grants, institutions and services."""

from directory.models.change import Change
from directory.models.contact import Contact
from directory.models.entry import Entry
from directory.models.funding import AgeBand, AgeBandSet, Donor, Grant
from directory.models.history import ContactHistory
from directory.models.materials import Leaflet, LeafletEdition
from directory.models.provider import OrganizationProfile, Service
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
    "AgeBand",
    "AgeBandSet",
    "Area",
    "Change",
    "Contact",
    "ContactHistory",
    "DeclineReason",
    "Dialect",
    "Donor",
    "Entry",
    "Grant",
    "Language",
    "Leaflet",
    "LeafletEdition",
    "Need",
    "OrganizationProfile",
    "Route",
    "Service",
    "ServiceType",
    "Topic",
]
