"""The record of processing activities, made from the data dictionary and the agreements.

Source: GDPR 30, ZZPD 47. What is written by hand here is why; what, how long and for whom is read
from what the house is made of.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.data_dictionary import About, Entry, Retention, entries
from accounts.models import User
from protection.models import SharingAgreement


@dataclass(frozen=True)
class Activity:
    """One purpose: on what basis, about whom, which data, how long, who receives them."""

    title: Any
    purpose: Any
    basis: Any
    people: Any
    data: list[str]
    special: list[str]
    kept: list[str]
    recipients: list[str]


@dataclass(frozen=True)
class _Purpose:
    title: Any
    purpose: Any
    basis: Any
    people: Any
    apps: tuple[str, ...]
    about: tuple[str, ...]
    kinds: tuple[str, ...] = ()


PURPOSES = [
    _Purpose(
        _("Help for people who come to us"),
        _("To receive somebody, to help her and to go on helping"),
        _("Consent, protection of life, substantial public interest (GDPR 6, 9)"),
        _("Clients"),
        ("casework", "files"),
        (About.CLIENT,),
    ),
    _Purpose(
        _("Recognising danger"),
        _("To notice signs of exploitation early; the result is advice, a person decides"),
        _("Consent; protection of life"),
        _("Clients"),
        ("screening",),
        (About.CLIENT,),
    ),
    _Purpose(
        _("Referral to other services"),
        _("To hand on what a client agreed to, to whom she agreed to"),
        _("Consent for each receiver"),
        _("Clients"),
        ("referrals",),
        (About.CLIENT,),
        (SharingAgreement.Kind.PARTNER,),
    ),
    _Purpose(
        _("Outreach and trainings"),
        _("To count whom we met, and to know who was trained"),
        _("Legitimate interest; counts name nobody"),
        _("Professionals; nobody in the counts"),
        ("outreach",),
        (About.STAFF, About.COUNT, About.CLIENT),
    ),
    _Purpose(
        _("Reports"),
        _("To tell donors what was done, in figures that hide small numbers"),
        _("Legitimate interest; consent to be counted"),
        _("Nobody: figures"),
        ("reports",),
        (About.COUNT,),
        (SharingAgreement.Kind.DONOR, SharingAgreement.Kind.NETWORK),
    ),
    _Purpose(
        _("Accounts and the trail of acts"),
        _("To let in only who works here, and to answer for what was done"),
        _("Employment; legal duty to keep data safe (GDPR 32)"),
        _("People who work here"),
        ("accounts", "exports"),
        (About.STAFF,),
        (SharingAgreement.Kind.PROCESSOR,),
    ),
    _Purpose(
        _("Rights and duties of data protection"),
        _("To answer requests, to report incidents, to erase in time"),
        _("Legal duty (GDPR 12 to 22, 33, 34)"),
        _("Clients; people who work here"),
        ("protection",),
        (About.CLIENT, About.STAFF),
    ),
]


def activities(user: User) -> list[Activity]:
    """Every purpose with what the house keeps for it; recipients by the agreements in force."""
    told = list(entries().values())
    agreed = list(SharingAgreement.objects.visible_to(user).in_force().select_related("partner"))
    return [_activity(purpose, told, agreed) for purpose in PURPOSES]


def _activity(purpose: _Purpose, told: list[Entry], agreed: list[SharingAgreement]) -> Activity:
    mine = [
        entry
        for entry in told
        if entry.model.split(".")[0] in purpose.apps and entry.about in purpose.about
    ]
    return Activity(
        title=purpose.title,
        purpose=purpose.purpose,
        basis=purpose.basis,
        people=purpose.people,
        data=sorted({capfirst(str(entry.meta.verbose_name_plural)) for entry in mine}),
        special=sorted(
            {
                capfirst(str(getattr(entry.meta.get_field(name), "verbose_name", name)))
                for entry in mine
                for name, field in entry.fields.items()
                if field.special
            }
        ),
        kept=sorted({f"{entry.retention.label} ({years(entry.retention)})" for entry in mine}),
        recipients=[
            f"{row.partner}, {row.country.name}: {row.get_detail_display()},"
            f" {row.get_safeguard_display()} ({row.reference})"
            for row in agreed
            if row.kind in purpose.kinds
        ],
    )


def years(retention: str) -> Any:
    """How long a rule lasts, by the settings of this installation."""
    spans = {
        Retention.CASE: _("%(years)d years") % {"years": settings.RETENTION_CASE_YEARS},
        Retention.PERSON: _("%(years)d years") % {"years": settings.RETENTION_CONTACT_YEARS},
        Retention.SHORT: _("%(days)d days") % {"days": settings.RETENTION_SHORT_DAYS},
        Retention.AUDIT: _("2 years, 5 for stories and names"),
        Retention.STAFF: _("2 years after the end"),
        Retention.NEVER: _("no end"),
    }
    return spans[Retention(retention)]


def hosting() -> list[tuple[Any, Any]]:
    """Where the data lie, and whom to ask."""
    country = countries.name(settings.HOSTING_COUNTRY) or settings.HOSTING_COUNTRY
    return [
        (_("Country of the server"), country),
        (_("Hosted by"), settings.HOSTING_PROVIDER or _("The organization itself")),
        (_("Contact for data protection"), settings.DATA_PROTECTION_CONTACT),
        (_("How data are kept safe"), _("Sealed by a key for each person and case; keys apart")),
    ]
