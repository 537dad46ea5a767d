"""Keep the answers of a talk part by part, stop it, finish it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.actions import deliver_service, touch_case
from casework.actions.access import require_may_write
from casework.models import CaseEvent
from directory.models import ServiceType
from screening.actions.alerts import raise_alerts
from screening.actions.rows import check_draft, is_alone, keep, locked, tell
from screening.answers import Part, part_of, still_hers
from screening.models import Screening

# What is recorded when information on risks was given at the end of a talk.
RISK_INFORMATION = "info_thb_risks"


def may_save_section(user: User) -> bool:
    return user.has_perm("screening.save_section")


@transaction.atomic
def save_section(
    screening: Screening, *, section: str, part: dict[str, Any], version: int, actor: User
) -> Screening:
    """Keep the coded answers of one section, in the place of those before.

    Raises PermissionDenied, or ValidationError when the talk is not going on, somebody else
    saved meanwhile (code `stale`), or an answer is none of the section's.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    check_draft(screening)
    stale(version, screening.version)
    _put(screening, section, part)
    screening.unaccompanied_or_separated = is_alone(screening.case.person)
    raise_alerts(screening, screening.assessment.alerts, actor)
    keep(screening)
    record(actor, "save_section", screening, case_id=screening.case_id, note=section)
    return screening


def may_stop_screening(user: User) -> bool:
    return user.has_perm("screening.stop_screening")


@transaction.atomic
def stop_screening(
    screening: Screening,
    *,
    actor: User,
    stop_reason: str = Screening.StopReason.NOT_SAID,
    section: str = "",
    part: dict[str, Any] | None = None,
    version: int | None = None,
) -> Screening:
    """Stop at once and keep what there is; stopping a talk that does not go on changes nothing.

    The answers of the open page are kept when nobody else saved meanwhile: stopping never fails
    over them. Raises PermissionDenied.
    """
    if not may_stop_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    if screening.state != Screening.State.DRAFT:
        return screening
    if part is not None and version == screening.version:
        _put(screening, section, part)
        raise_alerts(screening, screening.assessment.alerts, actor)
    screening.state, screening.stop_reason = Screening.State.STOPPED, stop_reason
    keep(screening)
    record(actor, "stop_screening", screening, case_id=screening.case_id, note=stop_reason)
    tell(screening, CaseEvent.Code.SCREENING_STOPPED, actor)
    return screening


@transaction.atomic
def decline_screening(screening: Screening, *, actor: User) -> Screening:
    """The person does not want to go on: a complete answer. What was answered is not kept.

    Raises PermissionDenied, ValidationError.
    """
    if not may_stop_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    if not screening.is_open:
        raise ValidationError(_("This screening is over."), code="answered")
    screening.state, screening.stop_reason = Screening.State.DECLINED, ""
    screening.answers = {}
    keep(screening)
    record(actor, "decline_screening", screening, case_id=screening.case_id)
    tell(screening, CaseEvent.Code.SCREENING_DECLINED, actor)
    return screening


def may_complete_screening(user: User) -> bool:
    return user.has_perm("screening.complete_screening")


@transaction.atomic
def complete_screening(
    screening: Screening, *, information_given: bool, version: int, actor: User
) -> Screening:
    """Finish a talk: the result is set and its answers change no more.

    Information on risks, when it was given, becomes a service delivered. Nothing else follows by
    itself. Raises PermissionDenied, ValidationError.
    """
    if not may_complete_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    check_draft(screening)
    stale(version, screening.version)
    screening.unaccompanied_or_separated = is_alone(screening.case.person)
    found = screening.assessment
    screening.band = found.band
    screening.state, screening.completed_at = Screening.State.COMPLETED, timezone.now()
    screening.completed_by = actor
    raise_alerts(screening, found.alerts, actor)
    keep(screening)
    touch_case(screening.case)
    record(actor, "complete_screening", screening, case_id=screening.case_id)
    tell(screening, CaseEvent.Code.SCREENING_COMPLETED, actor)
    if information_given:
        deliver_service(
            screening.case,
            service_type=ServiceType.objects.get(code=RISK_INFORMATION),
            language=screening.language,
            actor=actor,
        )
    return screening


def _put(screening: Screening, section: str, part: dict[str, Any]) -> None:
    definition = screening.instrument_version.definition
    asked = [s for s in definition["sections"] if s["code"] == section]
    before = screening.sheet.parts.get(section, {})
    part = {"by": still_hers(before, part.get("indicators") or {}), **part}
    try:
        kept: Part = part_of(definition, asked[0], **part) if asked else {}
    except (ValueError, TypeError) as error:
        raise ValidationError(_("One of the answers is not part of this section.")) from error
    screening.answers = dict(screening.sheet.with_part(section, kept).parts)
