"""Make two records one, and take them apart again: decided by people, carried out by the house.

Whoever decides sees both records; what hangs on them she need not see. So the web writes down what
was chosen, and the worker, who sees every row, moves them.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record, record_list
from accounts.levels import Level
from accounts.models import Role, User
from accounts.outbox import enqueue
from casework.actions.access import is_read_only, lock_each, require_may_write_person
from casework.actions.events import record_case_event
from casework.actions.twins import lock_ticket, may_settle_twins, require_second
from casework.merging import BOTH, FACTS, FIRST, IDENTITY, SECOND, Part, chosen, joined
from casework.models import Case, CaseEvent, Person, PersonIdentity, PersonMerge, TwinTicket
from casework.models.gate import has_case


@transaction.atomic
def compare_records(ticket: TwinTicket, *, actor: User) -> dict[UUID, PersonIdentity]:
    """Hand out what both people of a ticket are called, side by side; both cases remember it.

    Raises PermissionDenied, ValidationError when somebody else has to do it.
    """
    ticket = lock_ticket(ticket, version=ticket.version, actor=actor)
    require_second(ticket, actor)
    told = _identities(ticket, actor)
    for person, identity in told.items():
        record(actor, "compare_records", identity, note=PersonIdentity.Reason.CHECK)
        for case in Case.objects.visible_to(actor, Level.IDENTITY).open().filter(person=person):
            record_case_event(case, CaseEvent.Code.IDENTITY_SHOWN, actor=actor)
    return told


def _identities(ticket: TwinTicket, actor: User) -> dict[UUID, PersonIdentity]:
    """What both are called. Raises ValidationError for who may not see all of it, and change it."""
    named = set(Person.objects.named_for(actor).filter(pk__in=ticket.pair).values_list("pk"))
    for person in ticket.people:
        cases = Case.objects.visible_to(actor, Level.IDENTITY).filter(person=person)
        lasting = any(not is_read_only(case, actor) for case in cases)
        if has_case(person.pk) and not ((person.pk,) in named and lasting):
            raise ValidationError(
                _("This cannot be merged from here. Ask your coordinator how to go on."),
                code="ask_coordinator",
            )
    rows = PersonIdentity.objects.visible_to(actor).filter(person__in=ticket.people)
    return {row.person_id: row for row in rows.select_related("data_key")}


@transaction.atomic
def merge_people(
    ticket: TwinTicket,
    *,
    keep: str,
    choice: dict[str, str],
    version: int,
    versions: list[int],
    actor: User,
    open_case: UUID | None = None,
) -> PersonMerge:
    """Confirm that two records are one person and choose what is kept; the worker moves the rows.

    `keep` says whose code stays (first or second), `choice` whose value of each part, `open_case`
    which of two open cases goes on. Raises PermissionDenied, ValidationError.
    """
    ticket = lock_ticket(ticket, version=version, actor=actor)
    require_second(ticket, actor)
    if ticket.verdict != TwinTicket.Verdict.SAME:
        raise ValidationError(_("Two different people are not merged."))
    locked = lock_each(ticket.pair)
    first, second = locked[ticket.first_id], locked[ticket.second_id]
    for read, person in zip(versions, (first, second), strict=True):
        stale(read, person.version)
    survivor, loser = (first, second) if keep == FIRST else (second, first)
    merge = PersonMerge(
        organization_id=ticket.organization_id,
        survivor=survivor,
        loser=loser,
        loser_code=loser.code,
        ticket=ticket,
        data_key=survivor.data_key,
        kept=_kept(ticket, survivor, (first, second), choice, _identities(ticket, actor)),
        closed=_to_close(survivor, loser, open_case),
        versions=[survivor.version, loser.version],
        merged_by=actor,
    )
    merge.full_clean()
    merge.save()
    record(actor, "merge_people", merge, fields=choice, note=keep)
    enqueue("merge_decided", key=str(merge.pk), merge_id=merge.pk)
    return merge


def _kept(
    ticket: TwinTicket,
    survivor: Person,
    people: tuple[Person, Person],
    choice: dict[str, str],
    told: dict[UUID, PersonIdentity],
) -> dict[str, Any]:
    """{field: [before, after]} of the record that stays, for facts, names and languages."""
    names = [told.get(person.pk, PersonIdentity()) for person in people]
    own = names[people.index(survivor)]
    identity = _changes(IDENTITY, own, names, choice)
    # A name that is not chosen is still one she can be found by.
    before, after = identity["other_names"]
    unchosen = [row.name for row in names if row.name != identity["name"][1]]
    identity["other_names"] = [before, joined(after, *unchosen)]
    facts = _changes(FACTS, survivor, list(people), choice)
    facts["last_visit_on"] = [_day(survivor), max(_day(each) for each in people)]
    spoken = {language.pk for each in people for language in each.other_languages.all()}
    spoken |= {each.language_id for each in people}
    was = sorted(language.pk for language in survivor.other_languages.all())
    return {
        "facts": facts,
        "identity": identity if told else {},
        "languages": [was, sorted(spoken - {facts["language"][1]})],
        "choice": choice,
    }


def _day(person: Person) -> str:
    return person.last_visit_on.isoformat() if person.last_visit_on else ""


def _changes(
    parts: tuple[Part, ...], own: Any, rows: list[Any], choice: dict[str, str]
) -> dict[str, list[Any]]:
    mine = FIRST if own is rows[0] else SECOND
    return {
        name: [before, after]
        for part in parts
        for name, before, after in zip(
            part.fields,
            chosen(part, mine, *rows),
            chosen(part, _allowed(part, choice.get(part.name, mine)), *rows),
            strict=True,
        )
    }


def _allowed(part: Part, wanted: str) -> str:
    if wanted not in {FIRST, SECOND} and not (wanted == BOTH and part.joins):
        raise ValidationError(_("Choose for each part what is kept."))
    return wanted


def _to_close(survivor: Person, loser: Person, open_case: UUID | None) -> dict[str, Any]:
    """Which of two open cases ends; raises ValidationError while nobody said which goes on."""
    cases = list(Case.objects.open().filter(person__in=[survivor, loser]).order_by("opened_on"))
    if len(cases) < 2:
        return {}
    ends = [case for case in cases if case.pk != open_case]
    if len(ends) == len(cases):
        raise ValidationError({"open_case": _("Say which of the two open cases goes on.")})
    return {"case": str(ends[0].pk)}


@transaction.atomic
def undo_merge(merge: PersonMerge, *, actor: User) -> PersonMerge:
    """Take two merged records apart again. Raises PermissionDenied, ValidationError."""
    if not may_settle_twins(actor):
        raise PermissionDenied
    require_may_write_person(merge.survivor, actor)
    _require_may_undo(merge.survivor_id, actor)
    merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if not merge.can_be_undone:
        raise ValidationError(_("This cannot be undone any more."), code="too_late")
    later = PersonMerge.objects.done().filter(survivor=merge.survivor_id)
    if later.filter(done_at__gt=merge.done_at).exists():
        raise ValidationError(_("This record was merged again since. Undo that first."))
    merge.state, merge.undone_by = PersonMerge.State.UNDOING, actor
    merge.full_clean()
    merge.save(update_fields=["state", "undone_by"])
    record(actor, "undo_merge", merge)
    enqueue("merge_undone", key=str(merge.pk), merge_id=merge.pk)
    return merge


def _require_may_undo(survivor: UUID, actor: User) -> None:
    """Raises ValidationError for who sees no name of hers: it is undone in her case as well."""
    named = Person.objects.named_for(actor, lasting=True).filter(pk=survivor)
    if has_case(survivor) and not (actor.has_role(Role.Code.COORDINATOR) or named.exists()):
        raise ValidationError(
            _("This cannot be undone from here. Ask your coordinator how to go on."),
            code="ask_coordinator",
        )


@transaction.atomic
def sweep_merges() -> int:
    """Forget the names that were chosen once no undo needs them; returns of how many merges."""
    over = PersonMerge.objects.needed_no_more(timezone.localdate()).filter(kept__isnull=False)
    ids = list(over.select_for_update(of=("self",)).values_list("pk", flat=True))
    if ids:
        PersonMerge.objects.filter(pk__in=ids).update(kept=None, moved={}, left={}, closed={})
        record_list(None, "sweep_merges", PersonMerge, ids, note=str(len(ids)))
    return len(ids)
