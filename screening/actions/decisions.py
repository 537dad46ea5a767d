"""Decide on a result, and look at a decision a second time: people's own judgement."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from accounts.notices import notify
from casework.actions import record_case_event, record_trafficking_status, write_note
from casework.actions.access import require_may_write
from casework.models import CaseEvent, TraffickingStatus
from screening.actions.alerts import supervisors
from screening.actions.rows import locked
from screening.models import Screening

# What a worker may record after a talk; the other statuses are for institutions and courts.
OWN_STATUSES = (
    TraffickingStatus.Status.NO_INDICATIONS,
    TraffickingStatus.Status.AT_RISK,
    TraffickingStatus.Status.PRESUMED,
)


def may_decide_screening(user: User) -> bool:
    return user.has_perm("screening.decide_screening")


@transaction.atomic
def decide_screening(
    screening: Screening,
    *,
    decision: str,
    decision_reason: str,
    version: int,
    actor: User,
    trafficking_status: str = "",
    note: str = "",
    ask_again_on: date | None = None,
) -> Screening:
    """Write down what the worker thinks, with a coded reason; once.

    A longer reason becomes a sealed note of the case, which nothing but the hand and the hour
    links with the decision. `ask_again_on` is the day for a new talk. A trafficking status is
    recorded only when it is given: none follows from the result. Raises PermissionDenied, or
    ValidationError when there is nothing to decide on.
    """
    if not may_decide_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = (
        Screening.objects.select_for_update(of=("self",))
        .select_related("data_key", "case", "instrument_version")
        .get(pk=screening.pk)
    )
    if screening.state != Screening.State.COMPLETED:
        raise ValidationError(_("Finish the screening first."))
    if screening.decision:
        raise ValidationError(_("This screening has been decided already."), code="answered")
    stale(version, screening.version)
    _check_choices(screening, decision, trafficking_status)
    if ask_again_on is not None and ask_again_on <= timezone.localdate():
        raise ValidationError({"ask_again_on": _("A new talk is offered on a later day.")})
    screening.decision, screening.decision_reason = decision, decision_reason
    screening.decided_by, screening.decided_at = actor, timezone.now()
    screening.ask_again_on = ask_again_on
    screening.version += 1
    screening.full_clean()
    screening.save()
    record(actor, "decide_screening", screening, case_id=screening.case_id, note=decision_reason)
    record_case_event(
        screening.case,
        CaseEvent.Code.SCREENING_DECIDED,
        actor=actor,
        level=Level.NARRATIVE,
        url_name="screening:screening",
        object_id=screening.pk,
    )
    if screening.is_overridden:
        # Who supervises may not read the talk yet: she is led to the case, where access is given.
        told = supervisors(screening.case, but=actor)
        notify(told, "decision_to_review", url_name="casework:case", object_id=screening.case_id)
    if note.strip():
        write_note(screening.case, text=note, actor=actor)
    if trafficking_status:
        record_trafficking_status(
            screening.case,
            status=trafficking_status,
            decided_on=timezone.localdate(),
            deciding_body=TraffickingStatus.DecidingBody.NGO,
            organization=actor.organization,
            basis=TraffickingStatus.Basis.SCREENING,
            actor=actor,
        )
    return screening


def _check_choices(screening: Screening, decision: str, trafficking_status: str) -> None:
    bands = screening.instrument_version.definition["bands"][screening.profile]
    if decision not in {band["band"] for band in bands}:
        raise ValidationError({"decision": _("Choose one of the results.")})
    if trafficking_status and trafficking_status not in OWN_STATUSES:
        raise ValidationError(
            {"trafficking_status": _("An organization like ours can only presume.")}
        )


def may_review_screening(user: User) -> bool:
    return user.has_perm("screening.review_screening")


@transaction.atomic
def review_screening(screening: Screening, *, review: str, version: int, actor: User) -> Screening:
    """A second person looks at a decision, once. For who supervises and may read the story.

    Raises PermissionDenied, ValidationError.
    """
    if not may_review_screening(actor) or screening.case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    if not screening.decision:
        raise ValidationError(_("There is no decision to look at yet."))
    if screening.review:
        raise ValidationError(_("Somebody looked at this decision already."), code="answered")
    if screening.decided_by_id == actor.pk:
        raise ValidationError(_("Somebody else has to look at your own decision."))
    stale(version, screening.version)
    screening.review = review
    screening.reviewed_by, screening.reviewed_at = actor, timezone.now()
    screening.version += 1
    screening.full_clean()
    screening.save()
    record(actor, "review_screening", screening, case_id=screening.case_id, note=review)
    if screening.decided_by is not None and review == Screening.Review.DISCUSS:
        notify([screening.decided_by], "decision_discussed", url_name="home")
    return screening
