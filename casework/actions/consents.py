"""Record what a person agreed to, refused or took back."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from accounts.outbox import enqueue
from casework.actions.access import require_may_write
from casework.actions.cases import record_case_event
from casework.models import Case, CaseEvent, Consent
from directory.models import Language

# The wording that is read out; a change of the text is a new version.
TEXT_VERSION = "2026-11"


def may_record_consent(user: User) -> bool:
    return user.has_perm("casework.record_consent")


@transaction.atomic
def record_consent(
    case: Case,
    *,
    purpose: str,
    decision: str,
    channel: str,
    language: Language,
    actor: User,
    organization: Organization | None = None,
    items: Iterable[str] = (),
    valid_until: date | None = None,
) -> Consent:
    """Record an answer. A refusal takes back what was agreed to before for the same.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_consent(actor):
        raise PermissionDenied
    require_may_write(case, actor)
    given = decision == Consent.Decision.GIVEN
    shared = sorted(items) if given else []
    if valid_until is not None and valid_until < timezone.localdate():
        raise ValidationError({"valid_until": _("This day is over. Choose a later one.")})
    consent = Consent(
        case=case,
        purpose=purpose,
        organization=organization,
        items=shared,
        decision=decision,
        channel=channel,
        language=language,
        text_version=TEXT_VERSION,
        valid_until=valid_until,
        recorded_by=actor,
    )
    consent.full_clean()
    if given and purpose == Consent.Purpose.REFERRAL and not shared:
        raise ValidationError({"items": _("Tick what the client agreed to share.")})
    consent.save()
    record(actor, "record_consent", consent, case_id=case.pk, fields=consent.items, note=decision)
    record_case_event(
        case,
        CaseEvent.Code.CONSENT_RECORDED,
        actor=actor,
        url_name="casework:consents",
        object_id=case.pk,
    )
    if not consent.is_given:
        same = case.consents.in_force().filter(purpose=purpose, organization=organization)
        for earlier in same.select_for_update(of=("self",)).order_by("pk"):
            _take_back(earlier, actor)
    return consent


def may_withdraw_consent(user: User) -> bool:
    return user.has_perm("casework.withdraw_consent")


@transaction.atomic
def withdraw_consent(consent: Consent, *, actor: User) -> Consent:
    """Take a consent back; it holds at once, and whoever relied on it is told.

    Raises PermissionDenied, ValidationError.
    """
    if not may_withdraw_consent(actor):
        raise PermissionDenied
    require_may_write(consent.case, actor)
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.decision != Consent.Decision.GIVEN or consent.withdrawn_at is not None:
        raise ValidationError(_("There is no consent here to take back."))
    _take_back(consent, actor)
    return consent


def _take_back(consent: Consent, actor: User) -> None:
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
    record(actor, "withdraw_consent", consent, case_id=consent.case_id)
    record_case_event(consent.case, CaseEvent.Code.CONSENT_WITHDRAWN, actor=actor)
    enqueue("consent_withdrawn", key=str(consent.pk), consent_id=consent.pk)
