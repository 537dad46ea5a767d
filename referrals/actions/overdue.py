"""Notice that answers did not come in time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record_list
from casework.actions import record_case_events
from casework.models import CaseEvent
from referrals.models import Referral

BATCH = 2_000


def mark_overdue_referrals(at: datetime | None = None) -> int:
    """Write once on each timeline that the answer is overdue; returns how many were new.

    Works in batches, each in its transaction: killed in the middle, the next run goes on. Two
    runs at once share the rows.
    """
    moment = at or timezone.now()
    marked = 0
    while batch := _mark_batch(moment):
        marked += batch
    return marked


@transaction.atomic
def _mark_batch(moment: datetime) -> int:
    rows = Referral.objects.overdue(moment).filter(overdue_at=None)
    locked = rows.select_for_update(of=("self",), skip_locked=True).select_related("case")
    batch = list(locked.order_by("due_at")[:BATCH])
    if not batch:
        return 0
    ids = [referral.pk for referral in batch]
    Referral.objects.filter(pk__in=ids).update(overdue_at=moment)
    record_case_events(
        [(referral.case, referral.pk) for referral in batch],
        CaseEvent.Code.REFERRAL_OVERDUE,
        url_name="referrals:detail",
    )
    record_list(None, "mark_overdue_referrals", Referral, ids)
    return len(batch)
