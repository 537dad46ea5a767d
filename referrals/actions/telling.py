"""Tell those on both sides that a referral has moved; never what, nor about whom.

The house acts here, after the step: a receiver sees nobody of the sender's side.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.levels import Level
from accounts.models import User
from accounts.notices import notify
from casework.actions import set_task
from casework.models import Case, Task
from casework.people_at_work import holders_of
from referrals.models import Referral, ReferralStep
from referrals.states import Side, Verb

REFUSALS = {Verb.DECLINE, Verb.REDIRECT}
# What the sender's own worker writes down, and the receiver has no part in.
ONLY_OURS = {Verb.CLIENT_SAYS, Verb.REVIEW}
MISSING_WITHIN = timedelta(hours=2)
DISAGREEMENT_WITHIN = timedelta(days=2)


@transaction.atomic
def tell_of_step(step_id: UUID) -> None:
    """Notices to the other side, and what a step demands of somebody here."""
    rows = ReferralStep.objects.select_related("referral__case__person", "referral__case__owner")
    step = rows.filter(pk=step_id).first()
    # Erased since then.
    if step is None:
        return
    referral, verb = step.referral, Verb(step.verb)
    if step.side == Side.RECEIVER:
        notify(ours(referral), "referral_moved", url_name="referrals:detail", object_id=referral.pk)
    elif verb not in ONLY_OURS and referral.sent_at is not None:
        told = holders_of("referrals.answer_referral", referral.organization_id)
        notify(told, "inbox_moved", url_name="partner:inbox")
    if verb in REFUSALS:
        tell_coordinators(referral, "refusal_to_review")
    if verb == Verb.MISSING:
        _search(step)
    if verb in {Verb.CLIENT_SAYS, Verb.DELIVER} and disagree(referral):
        _settle_disagreement(referral)


def ours(referral: Referral) -> list[User]:
    """Who follows a referral here: the owner of the case and who sent it, if they still may."""
    keys = {referral.case.owner_id, referral.sent_by_id}
    people = User.objects.filter(pk__in=[key for key in keys if key], is_active=True)
    return [user for user in people if referral.case.level_for(user) >= Level.OPERATIONAL]


def coordinators(case: Case) -> list[User]:
    """Who looks at refusals in the house of a case."""
    return holders_of("referrals.review_referral", case.organization_id, case=case)


def tell_coordinators(referral: Referral, code: str) -> None:
    notify(coordinators(referral.case), code, url_name="referrals:detail", object_id=referral.pk)


def disagree(referral: Referral) -> bool:
    """Whether the service says that it helped, and the client says that it did not."""
    return referral.delivered_at is not None and referral.client_word == Referral.Word.NO


def _search(step: ReferralStep) -> None:
    """Somebody is missing: who works on the case acts within two hours, and a coordinator knows."""
    referral = step.referral
    tell_coordinators(referral, "supervisor_needed")
    worker = _worker(referral)
    if worker is not None:
        set_task(
            referral.case,
            kind=Task.Kind.CONTACT,
            due_at=timezone.now() + MISSING_WITHIN,
            assigned_to=worker,
            origin=step.pk,
        )


def _worker(referral: Referral) -> User | None:
    """Who works on the case, or else one who coordinates and sees it."""
    return next(iter([*ours(referral), *coordinators(referral.case)]), None)


def _settle_disagreement(referral: Referral) -> None:
    """Two words against each other are a coordinator's task, one for each referral."""
    able = [
        user
        for user in coordinators(referral.case)
        if user.has_perm("casework.work_on_tasks")
        and referral.case.level_for(user) >= Level.OPERATIONAL
    ]
    tell_coordinators(referral, "referral_disagreement")
    for worker in able[:1]:
        set_task(
            referral.case,
            kind=Task.Kind.CONSULT,
            due_at=timezone.now() + DISAGREEMENT_WITHIN,
            assigned_to=worker,
            origin=referral.pk,
        )
