"""Remind, rung by rung, of referrals from which nothing is heard.

Works in batches, each in its transaction: killed in the middle, the next run goes on. Two runs at
once share the rows. A rung is climbed in the transaction of its reminders, so nobody is reminded
of it twice.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.audit import record_list
from accounts.models import User
from accounts.notices import notify
from accounts.outbox import enqueue_each
from casework.actions import record_case_events
from casework.models import CaseAccess, CaseBlock, CaseEvent
from casework.people_at_work import holders_of
from referrals import clocks
from referrals.clocks import Who
from referrals.models import Referral

BATCH = 2_000
# Who is asked to call, as well as who is silent.
PARTNERS = {Who.FOCAL, Who.DEPUTY}
HOUSE = {Who.COORDINATOR, Who.MANAGER, Who.GROUP}


def remind_of_referrals(at: datetime | None = None) -> int:
    """Climb one rung for each referral whose clock has run; returns how many."""
    moment, run = at or timezone.now(), Run()
    climbed = 0
    while batch := _remind_batch(moment, run):
        climbed += batch
    return climbed


class Run:
    """What one run remembers from batch to batch."""

    def __init__(self) -> None:
        # Who got which notice: each person one, however many referrals wait.
        self.told: set[tuple[UUID, str]] = set()
        self._holders: dict[tuple[str, UUID], list[User]] = {}

    def holders(self, permission: str, organization: UUID) -> list[User]:
        """Who may do this there; asked once in a run."""
        key = (permission, organization)
        if key not in self._holders:
            self._holders[key] = holders_of(permission, organization)
        return self._holders[key]

    def tell(self, users: Iterable[User], code: str, url_name: str) -> None:
        new = [user for user in users if (user.pk, code) not in self.told]
        notify(new, code, url_name=url_name)
        self.told |= {(user.pk, code) for user in new}


@transaction.atomic
def _remind_batch(moment: datetime, run: Run) -> int:
    rows = Referral.objects.with_clock_at(moment)
    locked = rows.select_for_update(of=("self",), skip_locked=True).select_related("case")
    batch = list(locked.order_by("next_check_at", "pk")[:BATCH])
    if not batch:
        return 0
    asked = {row.pk: clocks.reminded(row.state, row.rung) for row in batch}
    _climb(batch, moment)
    speaking = [row for row in batch if asked[row.pk] is not None]
    record_case_events(
        [(row.case, row.pk) for row in speaking],
        CaseEvent.Code.REFERRAL_REMINDED,
        url_name="referrals:detail",
    )
    enqueue_each("referral_reminder", _to_partners(batch, asked))
    for code, users in _notices(speaking, asked, run).items():
        run.tell(users, code, "partner:inbox" if code == "inbox_moved" else "referrals:list")
    ids = [row.pk for row in batch]
    record_list(None, "remind_of_referrals", Referral, ids, note=str(len(ids)))
    return len(batch)


def _climb(batch: Iterable[Referral], moment: datetime) -> None:
    """The next rung of each, and when it is due: one statement for those that go together."""
    together = defaultdict(list)
    for row in batch:
        row.rung += 1
        row.next_check_at = clocks.next_check(row.state, row.urgency, row.rung, moment)
        together[row.rung, row.next_check_at].append(row.pk)
    for (rung, due), keys in together.items():
        Referral.objects.filter(pk__in=keys).update(rung=rung, next_check_at=due)


def _to_partners(
    batch: Iterable[Referral], asked: dict[UUID, Who | None]
) -> dict[str, dict[str, str | int]]:
    """What leaves the house: a reminder of one rung to one contact, promised once."""
    return {
        f"{row.pk}:{row.version}:{row.rung}": {"referral": str(row.pk), "who": str(asked[row.pk])}
        for row in batch
        if asked[row.pk] in PARTNERS
    }


def _notices(rows: list[Referral], asked: dict[UUID, Who | None], run: Run) -> dict[str, set[User]]:
    """{code: whom}. Each rung tells those who follow the referral here as well."""
    told: dict[str, set[User]] = defaultdict(set)
    followers = _followers(rows)
    partners = {row.organization_id for row in rows if asked[row.pk] in PARTNERS}
    houses = {row.case.organization_id for row in rows if asked[row.pk] in HOUSE}
    for row in rows:
        told["referral_waits" if row.is_draft else "referral_silent"] |= followers[row.pk]
    for each in partners:
        told["inbox_moved"].update(run.holders("referrals.answer_referral", each))
    for each in houses:
        told["referral_silent"].update(run.holders("referrals.review_referral", each))
    return told


def _followers(rows: list[Referral]) -> dict[UUID, set[User]]:
    """Who works on each: the owner of the case, who wrote it and who sent it, if they still may."""
    wanted = {
        row.pk: {row.case.owner_id, row.created_by_id, row.sent_by_id} - {None} for row in rows
    }
    people = User.objects.filter(is_active=True).in_bulk(set().union(*wanted.values()))
    cases = {row.case_id for row in rows}
    access = CaseAccess.objects.in_force().filter(content_object__in=cases, user__in=people)
    held = set(access.values_list("content_object_id", "user_id"))
    blocks = CaseBlock.objects.in_force().filter(case__person__in={r.case.person_id for r in rows})
    shut = set(blocks.values_list("case__person_id", "user_id"))
    return {
        row.pk: {
            people[key]
            for key in wanted[row.pk]
            if key in people
            and (row.case_id, key) in held
            and (row.case.person_id, key) not in shut
        }
        for row in rows
    }
