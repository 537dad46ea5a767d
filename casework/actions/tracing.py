"""Write down whom a person seeks, compare it with who is known, and settle what was found."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record, record_list
from accounts.models import User
from accounts.notices import notify
from accounts.outbox import enqueue
from casework.actions.access import lock_person, require_may_write_person
from casework.actions.finding_twins import stored
from casework.actions.matching import (
    agreed_to_tracing,
    kept_apart_from,
    keys_of,
    matches_of,
    sought_like,
)
from casework.models import Person, PersonSearch, PossibleMatch, SoughtRelative

State = PossibleMatch.State
NAMED = ("name", "other_names")


def may_trace(user: User) -> bool:
    return user.has_perm("casework.trace_relatives")


def may_record_sought(user: User, person: Person) -> bool:
    """Names of somebody's family are for who may see her own, and not in an emergency alone."""
    named = Person.objects.named_for(user, lasting=True)
    return may_trace(user) and named.filter(pk=person.pk).exists()


@transaction.atomic
def record_sought(
    person: Person, *, kin: str, name: str, actor: User, **told: Any
) -> SoughtRelative:
    """Write down whom she seeks and let it be compared.

    `told` are the other fields of SoughtRelative. Raises PermissionDenied, ValidationError.
    """
    if not may_record_sought(actor, person):
        raise PermissionDenied
    require_may_write_person(person, actor)
    # She may be taking her yes back at this moment.
    person = lock_person(person.pk)
    _require_agreed(person)
    row = SoughtRelative(
        person=person,
        data_key=person.data_key,
        kin=kin,
        name=name.strip(),
        recorded_by=actor,
        **told,
    )
    _keep(row)
    record(actor, "record_sought", row, note=kin)
    return row


def _require_agreed(person: Person) -> None:
    if not agreed_to_tracing(person):
        raise ValidationError(
            _("Ask first: nobody agreed yet to looking for relatives. Record the answer.")
        )


def _keep(row: SoughtRelative) -> None:
    row.keys, row.parts = keys_of(row.names)
    row.full_clean()
    row.save()
    enqueue("relative_sought", key=f"{row.pk} {row.version}", sought_id=row.pk)


@transaction.atomic
def change_sought(
    sought: SoughtRelative, *, version: int, actor: User, **told: Any
) -> SoughtRelative:
    """Correct what is known of somebody who is sought; it is compared anew.

    Raises PermissionDenied, ValidationError (code `stale` when somebody else was first).
    """
    row = _locked(sought, version, actor)
    _require_agreed(row.person)
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, told[name])
    row.version += 1
    _keep(row)
    record(actor, "change_sought", row, fields=changed)
    return row


@transaction.atomic
def close_sought(
    sought: SoughtRelative, *, version: int, is_found: bool, actor: User
) -> SoughtRelative:
    """She was found, or is no longer sought. Raises PermissionDenied, ValidationError."""
    row = _locked(sought, version, actor)
    if not row.is_sought:
        raise ValidationError(_("Nobody looks for this relative any more."))
    row.state = SoughtRelative.State.FOUND if is_found else SoughtRelative.State.CLOSED
    row.version += 1
    row.save(update_fields=["state", "version"])
    record(actor, "close_sought", row, note=row.state)
    return row


def _locked(sought: SoughtRelative, version: int, actor: User) -> SoughtRelative:
    """Her row and this one, held; for who may see names of hers. Raises PermissionDenied."""
    if not may_record_sought(actor, sought.person):
        raise PermissionDenied
    require_may_write_person(sought.person, actor)
    lock_person(sought.person_id)
    rows = SoughtRelative.objects.select_for_update(of=("self",))
    row = rows.select_related("data_key", "person").get(pk=sought.pk)
    stale(version, row.version)
    return row


@transaction.atomic
def settle_match(match: PossibleMatch, *, is_one: bool, actor: User) -> PossibleMatch:
    """Say that it is somebody else, or confirm it: two people do, and both see both sides.

    Raises PermissionDenied, ValidationError.
    """
    if not may_trace(actor) or not _sees_both(match, actor):
        raise PermissionDenied
    for each in (match.seeker, match.person):
        require_may_write_person(each, actor)
    row = PossibleMatch.objects.select_for_update(of=("self",)).get(pk=match.pk)
    if not row.is_open:
        raise ValidationError(_("This match was settled already."))
    if is_one and row.first_said_by_id == actor.pk:
        raise ValidationError(_("You confirmed it first. Another person has to look as well."))
    _say(row, timezone.now(), actor, is_one=is_one)
    row.full_clean(exclude=["sought", "other"])
    row.save()
    record(actor, "settle_match", row, note=row.state)
    # A coordinator settles matches and does not see whom somebody seeks: the house follows.
    enqueue("match_settled", key=f"{row.pk} {row.state}", sought_id=row.sought_id)
    return row


def _sees_both(match: PossibleMatch, actor: User) -> bool:
    return PossibleMatch.objects.seen_whole_by(actor).filter(pk=match.pk).exists()


def _say(row: PossibleMatch, now: datetime, actor: User, *, is_one: bool) -> None:
    if is_one and row.first_said_by_id is None:
        row.state, row.first_said_by, row.first_said_at = State.HALF, actor, now
        return
    row.state = State.CONFIRMED if is_one else State.NOT_HER
    row.settled_by, row.settled_at = actor, now


@transaction.atomic
def compare_sought(sought_id: UUID) -> int:
    """Look for who may be the one that was written down; returns how many are new."""
    # Her row first, as whoever writes about her holds it.
    people = Person.objects.select_for_update(of=("self",), no_key=True)
    if people.filter(sought=sought_id, archived_on=None).first() is None:
        return 0
    rows = SoughtRelative.objects.sought_now().select_for_update(of=("self",))
    row = rows.select_related("person", "recorded_by").filter(pk=sought_id).first()
    if row is None or not agreed_to_tracing(row.person):
        return 0
    return _add(row, list(matches_of(row)))


@transaction.atomic
def compare_person(person_id: UUID) -> int:
    """Look whether somebody is sought whose name was just written down."""
    rows = PersonSearch.objects.filter(
        person=person_id, person__archived_on=None, person__merged_into=None
    )
    entry = rows.exclude(person__cases__is_sealed=True).select_related("person").first()
    if entry is None:
        return 0
    return sum(compare_sought(each.pk) for each in list(sought_like(entry)))


def _add(sought: SoughtRelative, found: list[PossibleMatch]) -> int:
    """Keep those that nobody found before; tell who wrote down whom is sought, of what is kept."""
    known = set(sought.matches.values_list("person", "other"))
    apart = kept_apart_from(sought.person)
    new = [
        each
        for each in found
        if (each.person_id, each.other_id) not in known and each.person_id not in apart
    ]
    kept = stored(new)
    if kept:
        follow_matches(sought.pk)
        notify(
            [sought.recorded_by],
            "match_found",
            url_name="casework:tracing",
            object_id=sought.person_id,
        )
    record_list(None, "find_matches", PossibleMatch, kept)
    return len(kept)


@transaction.atomic
def follow_matches(sought_id: UUID) -> None:
    """The state of who is sought follows from what was said of her matches."""
    row = SoughtRelative.objects.select_for_update().filter(pk=sought_id).first()
    if row is None or row.state == SoughtRelative.State.CLOSED:
        return
    states = set(row.matches.values_list("state", flat=True))
    if State.CONFIRMED in states:
        row.state = SoughtRelative.State.FOUND
    elif states & {State.OPEN, State.HALF}:
        row.state = SoughtRelative.State.POSSIBLE
    else:
        row.state = SoughtRelative.State.OPEN
    row.save(update_fields=["state"])
