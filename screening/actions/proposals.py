"""Take on a next step that a result proposes."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.actions import add_task, deliver_service
from casework.actions.access import require_may_write
from casework.models import Task
from directory.models import ServiceType
from screening.actions.rows import locked
from screening.actions.screenings import RISK_INFORMATION
from screening.models import Screening
from screening.proposals import INFORMATION, TASK, Proposal, proposals_of

# What the kinds of tasks in an instrument are called for everybody who sees the case.
KINDS = {
    "supervisor": Task.Kind.CONSULT,
    "supervisor_24h": Task.Kind.CONSULT,
    "case_conference_24h": Task.Kind.CONSULT,
    "follow_up": Task.Kind.CONTACT,
    "structured_interview": Task.Kind.CONTACT,
    "guardian_contact_24h": Task.Kind.CONTACT,
    "rescreen": Task.Kind.LOOK_AGAIN,
    "rescreen_next": Task.Kind.LOOK_AGAIN,
    "review_72h": Task.Kind.LOOK_AGAIN,
    "keep_open": Task.Kind.LOOK_AGAIN,
}
# What is written down as delivered when information is taken on.
DELIVERED = {"services": "information"}


def may_take_step(user: User) -> bool:
    """The verb that follows asks for its own permission as well."""
    return user.has_perm("screening.decide_screening")


@transaction.atomic
def take_step(screening: Screening, *, step: str, actor: User) -> Screening:
    """Remember that somebody took on a next step, and do what it offers.

    A task is added, information is written down as given today; a consent, a referral and
    another set of questions are begun on their own pages. Raises PermissionDenied,
    ValidationError.
    """
    if not may_take_step(actor) or screening.case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    proposal = _proposed(screening, step)
    if step in screening.taken_on:
        raise ValidationError(_("Somebody took this step on already."), code="answered")
    now = timezone.now()
    taken = {"by": str(actor.pk), "at": now.isoformat()}
    screening.taken_on = {**screening.taken_on, step: taken}
    # Not a new version: what somebody else writes on the same page is not touched by it.
    screening.full_clean()
    screening.save(update_fields=["taken_on"])
    record(actor, "take_step", screening, case_id=screening.case_id)
    if proposal.kind == TASK:
        add_task(
            screening.case,
            kind=KINDS.get(proposal.about, Task.Kind.OTHER),
            due_at=now + timedelta(hours=proposal.due_in_hours),
            wording=proposal.text,
            origin=screening.pk,
            actor=actor,
        )
    elif proposal.kind == INFORMATION:
        code = DELIVERED.get(proposal.about, RISK_INFORMATION)
        deliver_service(
            screening.case,
            service_type=ServiceType.objects.get(code=code),
            language=screening.language,
            actor=actor,
        )
    return screening


def _proposed(screening: Screening, step: str) -> Proposal:
    """Raises ValidationError for what this result does not propose."""
    if screening.state != Screening.State.COMPLETED:
        raise ValidationError(_("Finish the screening before its next steps."))
    definition = screening.instrument_version.definition
    for proposal in proposals_of(definition, screening.profile, screening.band):
        if proposal.code == step:
            return proposal
    raise ValidationError({"step": _("Choose one of the next steps.")})
