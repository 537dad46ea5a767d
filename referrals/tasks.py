"""How the outbox and the scheduler come in to the referrals."""

from uuid import UUID

from celery import shared_task

from accounts.outbox import answers
from accounts.scope import system
from referrals import actions


@answers("consent_withdrawn")
def recall_referrals(consent_id: str) -> None:
    actions.revise_referrals_of_consent(UUID(consent_id))
    actions.recall_referrals_of_consent(UUID(consent_id))


@answers("consent_narrowed")
def narrow_referrals(consent_id: str) -> None:
    actions.narrow_referrals_of_consent(UUID(consent_id))


@answers("referral_moved")
def tell_of_step(step: str) -> None:
    actions.tell_of_step(UUID(step))


@shared_task
def mark_overdue_referrals() -> None:
    with system("mark_overdue_referrals"):
        actions.mark_overdue_referrals()
        actions.remind_of_referrals()


@shared_task
def remind_of_procedures() -> None:
    with system("remind_of_procedures"):
        actions.remind_of_procedures()
