"""What is kept of institutions, services and the lists of the house: public knowledge."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import LIST, About, Entry, Field, Retention, told
from accounts.levels import Level

CONTACT = Field(
    Level.OPERATIONAL,
    _("Whom to reach at an institution, and how: told at work, by the institution"),
)
PLACE = Field(
    Level.OPERATIONAL, _("Where help is given; a place kept secret is told to nobody else")
)
CHANGE = Field(
    Level.OPERATIONAL, _("What is to change in an entry, and who stands behind it: two people")
)
SERVICE = Field(Level.EXISTS, _("What an institution offers, to whom and how to reach it"))
MONEY = Field(Level.EXISTS, _("Which donor gives money, for how long"))
NAMED = "edited_at code name_en name_sr order"


def of_world(model: str, fields: Mapping[str, Field], api: str = "") -> Entry:
    return Entry(model, About.WORLD, Retention.NEVER, fields, api=api)


ENTRIES = [
    of_world("directory.AgeBandSet", told(f"{NAMED} source is_checked", LIST)),
    of_world("directory.AgeBand", told("id age_band_set min_age max_age", LIST)),
    of_world("directory.Donor", told(NAMED, MONEY)),
    of_world(
        "directory.Grant",
        told("id organization donor code name_en name_sr starts_on ends_on age_band_set", MONEY),
    ),
    of_world(
        "directory.Language",
        told(f"{NAMED} endonym direction is_often_met is_spoken", LIST),
    ),
    of_world("directory.Dialect", told(f"{NAMED} language", LIST)),
    of_world(
        "directory.Area",
        told(
            f"{NAMED} kind municipality district",
            Field(Level.EXISTS, _("A named area; no map, no coordinates")),
        ),
    ),
    of_world(
        "directory.Route",
        told(NAMED, Field(Level.EXISTS, _("A way between countries; no path, no crossing"))),
    ),
    of_world("directory.Topic", told(NAMED, LIST)),
    of_world(
        "directory.ServiceType",
        told(f"{NAMED} category topic unit hub_position", LIST),
    ),
    of_world("directory.Need", told(f"{NAMED} kind", LIST)),
    of_world("directory.DeclineReason", told(f"{NAMED} names_other_service", LIST)),
    of_world(
        "directory.Leaflet",
        told("edited_at code kind title_en title_sr topic donor order", LIST),
    ),
    of_world("directory.LeafletEdition", told("id leaflet language version is_in_use", LIST)),
    of_world(
        "directory.OrganizationProfile",
        told(
            "edited_at organization kind description_en description_sr note_en note_sr"
            " source_en source_sr version",
            SERVICE,
        ),
    ),
    of_world("directory.District", told(NAMED, LIST)),
    of_world("directory.Municipality", told(f"{NAMED} district", LIST)),
    Entry(
        "directory.Place",
        About.WORLD,
        Retention.NEVER,
        told(
            "id organization name_en name_sr municipality address accessibility_en"
            " accessibility_sr visibility version edited_by services",
            PLACE,
        ),
        history=True,
        api="places",
    ),
    of_world("directory.ServiceAtPlace", told("id service place", PLACE)),
    Entry(
        "directory.Contact",
        About.WORLD,
        Retention.STAFF,
        told(
            "id organization service role name position phone email language is_active version"
            " edited_by verified_on verified_by",
            CONTACT,
        ),
        history=True,
        api="contacts",
        because=_("Somebody who answers for another institution, who is no client"),
    ),
    Entry(
        "directory.Change",
        About.WORLD,
        Retention.STAFF,
        told(
            "id organization contact service place field old new state version proposed_by"
            " proposed_through proposed_at decided_by decided_at confirmed_by confirmed_at",
            CHANGE,
        ),
        api="changes",
        because=_("A change of an entry of the directory, which is about no client"),
    ),
    Entry(
        "directory.Service",
        About.WORLD,
        Retention.NEVER,
        told(
            "edited_at id organization name_en name_sr min_age max_age sexes residence serves"
            " status wait_days accepting places_free capacity_at capacity_by capacity_contact"
            " phone phone_status phone_source note_en note_sr is_referable version verified_on"
            " verified_by verified_contact edited_by service_types languages",
            SERVICE,
        ),
        history=True,
        api="services",
    ),
    Entry(
        "directory.EntryCheck",
        About.WORLD,
        Retention.STAFF,
        told("id organization contact token_hash asked_at expires_at answered_at remark", CONTACT),
        because=_("A question to another institution about its own entries"),
    ),
    of_world(
        "directory.Schedule",
        told("id service place weekday opens closes valid_from valid_until", SERVICE),
    ),
    of_world("directory.Cost", told("id service name_en name_sr amount currency", SERVICE)),
    of_world("directory.RequiredDocument", told("id service name_en name_sr", SERVICE)),
]
