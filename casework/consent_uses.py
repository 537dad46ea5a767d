"""What hangs on a consent: every part of the house says so itself, and the page asks them all.

An app that keeps a foreign key to a consent, or acts because of one, registers a function in its
module `consent_uses`, which is read when somebody asks:

    @uses_consent("referrals.Referral")
    def referrals_of(consent: Consent) -> Iterable[Use]: ...

`tests/casework/test_consent_uses.py` fails for a model that points at a consent and is not here.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.models import CaseFile, Consent, SoughtRelative
from exports.models import Export


class Use(NamedTuple):
    """One thing that was done under a consent, and what becomes of it when it is taken back."""

    kind: Any
    what: Any
    # What follows, or followed, from taking it back.
    follows: Any
    day: date | None = None
    is_open: bool = False
    url_name: str = ""
    object_id: UUID | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=[self.object_id]) if self.url_name else ""


Finder = Callable[[Consent], Iterable[Use]]
_finders: dict[str, Finder] = {}


def uses_consent(model: str) -> Callable[[Finder], Finder]:
    """Register who finds the rows of this model that were made under a consent."""

    def register(finder: Finder) -> Finder:
        _finders[model] = finder
        return finder

    return register


@cache
def finders() -> dict[str, Finder]:
    """{model label: finder} of all installed apps."""
    for config in apps.get_app_configs():
        name = f"{config.name}.consent_uses"
        if find_spec(name) is not None:
            import_module(name)
    return _finders


def uses_of(consent: Consent) -> list[Use]:
    """Everything that hangs on this consent, what is still open first."""
    found = [use for finder in finders().values() for use in finder(consent)]
    return sorted(found, key=lambda use: (not use.is_open, -(use.day or date.min).toordinal()))


@uses_consent("exports.Export")
def exports_of(consent: Consent) -> Iterable[Use]:
    """Files of hers that were made for the organization she agreed to, since that day."""
    if consent.purpose != Consent.Purpose.REFERRAL or consent.case_id is None:
        return
    rows = Export.objects.filter(
        kind=Export.Kind.TRANSFER,
        case_id=consent.case_id,
        recipient=consent.organization,
        requested_at__date__gte=consent.given_on,
    )
    for row in rows.order_by("-requested_at"):
        is_gone = row.state == Export.State.HANDED_OUT
        follows = (
            _("It is with the receiver: ask them in writing to delete it.")
            if is_gone
            else _("It cannot be fetched any more.")
        )
        yield Use(
            _("File for another organization"),
            row.get_state_display(),
            follows,
            row.requested_at.date(),
            is_open=not is_gone,
        )


@uses_consent("casework.CaseFile")
def pictures_of(consent: Consent) -> Iterable[Use]:
    """Pictures taken under a consent to take them, by day and number; no label is opened."""
    if consent.purpose != Consent.Purpose.PHOTO or consent.case_id is None:
        return
    rows = CaseFile.objects.filter(
        case=consent.case_id, kind=CaseFile.Kind.PHOTO, added_at__date__gte=consent.given_on
    )
    for row in rows.order_by("-added_at"):
        yield Use(
            _("Picture"),
            row.get_kind_display(),
            _("Remove it, or ask again. It must not leave the house."),
            row.added_at.date(),
            is_open=True,
            url_name="casework:files",
            object_id=row.case_id,
        )


@uses_consent("casework.SoughtRelative")
def relatives_of(consent: Consent) -> Iterable[Use]:
    """Relatives who are sought under a yes to looking for them; no name is told."""
    if consent.purpose != Consent.Purpose.TRACING:
        return
    rows = SoughtRelative.objects.sought_now().filter(
        person=consent.person_id, recorded_at__date__gte=consent.given_on
    )
    for row in rows.order_by("-recorded_at"):
        yield Use(
            _("Relative who is sought"),
            row.get_kin_display(),
            _("It is compared with nobody any more."),
            row.recorded_at.date(),
            is_open=True,
            url_name="casework:tracing",
            object_id=row.person_id,
        )
