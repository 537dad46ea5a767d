"""Report a suspicion to the body that decides: with her consent, or by duty."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.agreement import agreement_on
from casework.models import Consent
from casework.models.person import YesNo
from directory.models import Language
from referrals.actions.identification import lock_attempt, take_step
from referrals.identification import Step
from referrals.models import Identification, SuspicionReport

Ground = SuspicionReport.Ground


@transaction.atomic
def report_suspicion(
    identification: Identification,
    *,
    ground: str,
    receivers: Iterable[str],
    exploitation: Iterable[str],
    in_danger: str,
    text: str,
    at: datetime,
    version: int,
    actor: User,
    control: Iterable[str] = (),
    language: Language | None = None,
) -> SuspicionReport:
    """State what is suspected; this is the step `report` as well.

    An adult agreed to it, unless her life is in danger now; for a child it is a duty. Raises
    PermissionDenied, ValidationError.
    """
    attempt = lock_attempt(identification, version=version, actor=actor)
    consent = _check_ground(attempt, ground, in_danger)
    if not text.strip():
        raise ValidationError({"text": _("Write what was noticed.")})
    take_step(attempt, Step.REPORT, at=at, actor=actor)
    report = SuspicionReport(
        identification=attempt,
        data_key=attempt.case.data_key,
        ground=ground,
        consent=consent,
        receivers=sorted(set(receivers)),
        exploitation=sorted(set(exploitation)),
        control=sorted(set(control)),
        in_danger=in_danger,
        language=language,
        text=text.strip(),
        reported_by=actor,
        reported_at=at,
    )
    report.full_clean()
    report.save()
    record(actor, "report_suspicion", report, case_id=attempt.case_id, note=ground)
    return report


def _check_ground(attempt: Identification, ground: str, in_danger: str) -> Consent | None:
    """The consent that it rests on. Raises ValidationError for a ground that does not hold."""
    if ground == Ground.CONSENT:
        agreement = agreement_on(attempt.case, Consent.Purpose.REFERRAL, attempt.organization)
        if agreement.consent is None:
            raise ValidationError(
                {"ground": _("No consent to share with this body is in force. Ask first.")}
            )
        return agreement.consent
    if ground == Ground.CHILD and not attempt.case.person.may_be_child(timezone.localdate()):
        raise ValidationError({"ground": _("An adult is asked first: there is no duty to report.")})
    if ground == Ground.DANGER and in_danger != YesNo.YES:
        raise ValidationError({"in_danger": _("Without danger an adult has to agree.")})
    return None
