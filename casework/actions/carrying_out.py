"""Carry out what was decided of two records: in one transaction, by the house, on every row."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.notices import notify
from casework.actions.access import lock_each
from casework.actions.events import record_case_event
from casework.actions.moving import move_back, move_rows, take_strays
from casework.actions.search import forget_names, index_names
from casework.models import Case, CaseEvent, Person, PersonIdentity, PersonMerge, TwinTicket

MERGED = Case.ClosureReason.MERGED


@transaction.atomic
def carry_out_merge(merge_id: UUID) -> PersonMerge:
    """Move everything to the record that stays, and set what was chosen; or say why not."""
    merge, survivor, loser = _locked(merge_id)
    if merge.state != PersonMerge.State.WAITING:
        return merge
    if refusal := _refusal(merge, survivor, loser):
        return _refuse(merge, PersonMerge.State.REFUSED, refusal)
    _close(merge)
    merge.moved, merge.left = move_rows(loser, survivor)
    _set_values(survivor, merge.kept, now=1)
    _set_identity(merge, survivor)
    loser.merged_into = survivor
    loser.version += 1
    loser.save(update_fields=["merged_into", "version"])
    forget_names(loser.pk)
    merge.state = PersonMerge.State.DONE
    merge.begin_time_to_undo()
    merge.save()
    _settle(merge, TwinTicket.State.MERGED)
    _tell(merge, survivor, CaseEvent.Code.RECORDS_MERGED, merge.merged_by)
    record(merge.merged_by, "records_merged", merge, fields=merge.moved)
    return merge


@transaction.atomic
def carry_out_undo(merge_id: UUID) -> PersonMerge:
    """Give everything back that moved; what was written since stays with the record that stayed."""
    merge, survivor, loser = _locked(merge_id)
    if merge.state != PersonMerge.State.UNDOING:
        return merge
    if _is_gone(merge, survivor, loser):
        return _refuse(merge, PersonMerge.State.DONE, PersonMerge.Refusal.GONE)
    loser.merged_into = None
    loser.version += 1
    loser.save(update_fields=["merged_into", "version"])
    move_back(merge.moved, survivor, loser)
    _reopen(merge)
    _set_values(survivor, merge.kept, now=0)
    _unset_identity(merge, survivor)
    for identity in PersonIdentity.objects.filter(person=loser).select_related("data_key"):
        index_names(identity)
    merge.state, merge.undone_at = PersonMerge.State.UNDONE, timezone.now()
    merge.save(update_fields=["state", "undone_at"])
    _settle(merge, TwinTicket.State.OPEN)
    for person in (survivor, loser):
        _tell(merge, person, CaseEvent.Code.RECORDS_PARTED, merge.undone_by)
    record(merge.undone_by, "records_parted", merge, fields=merge.moved)
    return merge


def _locked(merge_id: UUID) -> tuple[PersonMerge, Person, Person]:
    merge = (
        PersonMerge.objects.select_for_update(of=("self",))
        .select_related("data_key", "merged_by", "undone_by")
        .get(pk=merge_id)
    )
    pair = lock_each([merge.survivor_id, merge.loser_id])
    return merge, pair[merge.survivor_id], pair[merge.loser_id]


def _refusal(merge: PersonMerge, survivor: Person, loser: Person) -> str:
    """Why the merge cannot be carried out any more; empty when it can."""
    why = PersonMerge.Refusal
    if survivor.archived_on or loser.archived_on:
        return why.GONE
    if survivor.merged_into_id or loser.merged_into_id:
        return why.MERGED
    cases = Case.objects.filter(person__in=[survivor, loser])
    if cases.filter(is_sealed=True).exists():
        return why.GONE
    ended = merge.closed.get("case")
    still_open = cases.open().exclude(pk=ended) if ended else cases.open()
    if [survivor.version, loser.version] != merge.versions or still_open.count() > 1:
        return why.CHANGED
    return ""


def _refuse(merge: PersonMerge, state: str, why: str) -> PersonMerge:
    """Nothing was moved; whoever decided it is told, and the ticket is where it was."""
    merge.state, merge.refusal = state, why
    merge.save(update_fields=["state", "refusal"])
    decided = merge.undone_by or merge.merged_by
    notify([decided], "merge_refused", url_name="casework:merge", object_id=merge.pk)
    record(decided, "merge_refused", merge, note=why)
    return merge


def _is_gone(merge: PersonMerge, survivor: Person, loser: Person) -> bool:
    """Whether an erasure reached one of the records or a case that moved."""
    cases = merge.moved.get("casework.Case.person", [])
    here = Case.objects.filter(pk__in=cases, person=survivor, archived_on=None)
    return (
        bool(survivor.archived_on or loser.archived_on)
        or loser.merged_into_id != survivor.pk
        or here.count() < len(cases)
    )


def _close(merge: PersonMerge) -> None:
    """Of two open cases the one that does not go on; how it was stands in the merge."""
    case = Case.objects.select_for_update().filter(pk=merge.closed.get("case")).first()
    if case is None or not case.is_open:
        merge.closed = {}
        return
    merge.closed = {"case": str(case.pk), "status": case.status, "version": case.version + 1}
    case.status = Case.Status.CLOSED
    case.closed_on, case.closure_reason = timezone.localdate(), MERGED
    case.version += 1
    case.save(update_fields=["status", "closed_on", "closure_reason", "version"])
    record_case_event(case, CaseEvent.Code.CASE_CLOSED, actor=merge.merged_by)


def _reopen(merge: PersonMerge) -> None:
    """Open it again, unless somebody did or changed it since, or another one was opened."""
    told = merge.closed
    case = Case.objects.select_for_update().filter(pk=told.get("case")).first()
    if case is None or case.closure_reason != MERGED or case.version != told["version"]:
        return
    if Case.objects.open().filter(person=case.person_id).exists():
        return
    case.status, case.closed_on, case.closure_reason = told["status"], None, ""
    case.version += 1
    case.save(update_fields=["status", "closed_on", "closure_reason", "version"])
    record_case_event(case, CaseEvent.Code.CASE_REOPENED, actor=merge.undone_by)


def _set_values(person: Person, kept: dict[str, Any], *, now: int) -> None:
    """Set each fact to what it is to be (1 after, 0 before); what was changed since stays."""
    for name, (before, after) in kept["facts"].items():
        column = "language_id" if name == "language" else name
        if _said(getattr(person, column)) == (before if now else after):
            setattr(person, column, _read(name, (before, after)[now]))
    person.version += 1
    person.save()
    was = sorted(language.pk for language in person.other_languages.all())
    if was == kept["languages"][1 - now]:
        person.other_languages.set(kept["languages"][now])


def _said(value: Any) -> Any:
    """A value as it stands in what was kept."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | str) or value is None else str(value)


def _read(name: str, value: Any) -> Any:
    if name == "last_visit_on":
        return date.fromisoformat(value) if value else None
    return value


def _set_identity(merge: PersonMerge, survivor: Person) -> None:
    parts = merge.kept["identity"]
    if not parts:
        return
    identity = _identity_of(survivor)
    merge.kept = {**merge.kept, "identity_made": identity is None}
    identity = identity or PersonIdentity(person=survivor, data_key=survivor.data_key)
    for name, (_before, after) in parts.items():
        setattr(identity, name, after)
    identity.version += 1
    identity.save()
    index_names(identity)


def _unset_identity(merge: PersonMerge, survivor: Person) -> None:
    parts, identity = merge.kept["identity"], _identity_of(survivor)
    if identity is None:
        return
    for name, (before, after) in parts.items():
        if getattr(identity, name) == after:
            setattr(identity, name, before)
    if merge.kept.get("identity_made") and not any(getattr(identity, name) for name in parts):
        forget_names(survivor.pk)
        identity.delete()
        return
    identity.version += 1
    identity.save()
    index_names(identity)


def _identity_of(person: Person) -> PersonIdentity | None:
    rows = PersonIdentity.objects.select_for_update(of=("self",)).select_related("data_key")
    return rows.filter(person=person).first()


def _settle(merge: PersonMerge, state: str) -> None:
    """The ticket after the merge, or after its undo: then two people settle it anew."""
    ticket = TwinTicket.objects.select_for_update().get(pk=merge.ticket_id)
    ticket.state = state
    if state == TwinTicket.State.MERGED:
        ticket.confirmed_by, ticket.confirmed_at = merge.merged_by, merge.done_at
    else:
        ticket.verdict, ticket.settled_by, ticket.settled_at = "", None, None
        ticket.confirmed_by, ticket.confirmed_at = None, None
    ticket.version += 1
    ticket.save()


def _tell(merge: PersonMerge, person: Person, code: CaseEvent.Code, actor: User | None) -> None:
    for case in Case.objects.open().filter(person=person):
        record_case_event(case, code, actor=actor, url_name="casework:merge", object_id=merge.pk)


@transaction.atomic
def gather_strays() -> int:
    """Move what somebody wrote to a record in the moment it was merged; returns how many rows."""
    count = 0
    rows = PersonMerge.objects.done().filter(undo_until__gte=timezone.localdate())
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        merge, survivor, loser = _locked(pk)
        if merge.state != PersonMerge.State.DONE or loser.merged_into_id != survivor.pk:
            continue
        strays = take_strays(loser, survivor, merge.left)
        if not strays:
            continue
        for label, ids in strays.items():
            merge.moved[label] = [*merge.moved.get(label, []), *ids]
            count += len(ids)
        merge.save(update_fields=["moved"])
        record(None, "records_merged", merge, fields=strays)
    return count
