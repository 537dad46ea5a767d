"""Prepare a referral: choose the service, tick what to share, write what is needed."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.actions import record_case_event
from casework.actions.access import lock_open_case, require_may_write
from casework.agreement import Agreement
from casework.models import Case, CaseEvent, Consent
from directory.models import Service
from referrals.actions.moving import lock
from referrals.consents import agreement_to_share, consent_to_share
from referrals.fit import fit
from referrals.models import Referral


def may_draft_referral(user: User) -> bool:
    return user.has_perm("referrals.draft_referral")


def require_story(case: Case, actor: User) -> None:
    """Raises PermissionDenied for who may not read the story: she could not check what is sent.

    Emergency access reads it, and sends nothing.
    """
    if case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(case, actor)


def check_items(items: Iterable[str], agreement: Agreement) -> None:
    """Raises ValidationError when something is ticked that was not agreed to by all who count."""
    beyond = set(items) - agreement.items
    if beyond:
        words = dict(Consent.Item.choices)
        names = ", ".join(str(words.get(item, item)) for item in sorted(beyond))
        raise ValidationError(
            {"items": _("The client did not agree to share: %(items)s.") % {"items": names}}
        )


@transaction.atomic
def draft_referral(
    case: Case,
    *,
    service: Service,
    actor: User,
    urgency: str = Referral.Urgency.NORMAL,
    items: Iterable[str] = (),
    message: str = "",
) -> Referral:
    """Begin a referral of a case to a service. Raises PermissionDenied, ValidationError."""
    if not may_draft_referral(actor):
        raise PermissionDenied
    require_story(case, actor)
    # Nobody closes the case between this look and the draft.
    case = lock_open_case(case)
    agreement = agreement_to_share(case, service)
    if agreement.is_enough:
        check_items(items, agreement)
    referral = Referral(
        case=case,
        data_key=case.data_key,
        consent=agreement.consent,
        urgency=urgency,
        items=sorted(items),
        message=message.strip(),
        created_by=actor,
    )
    _point_at(referral, service)
    referral.full_clean()
    referral.save()
    record(actor, "draft_referral", referral, case_id=case.pk, fields=referral.items)
    record_case_event(
        case,
        CaseEvent.Code.REFERRAL_DRAFTED,
        actor=actor,
        url_name="referrals:detail",
        object_id=referral.pk,
    )
    return referral


def _point_at(referral: Referral, service: Service) -> None:
    found = fit(service, referral.case.person, timezone.localdate())
    if not service.is_referable:
        raise ValidationError({"service": _("This service takes no referrals.")})
    if not found.is_open:
        raise ValidationError({"service": [str(reason) for reason in found.no]})
    referral.service, referral.organization = service, service.organization


def _lock_draft(referral: Referral, actor: User, version: int | None) -> Referral:
    if not may_draft_referral(actor):
        raise PermissionDenied
    referral = lock(referral)
    require_story(referral.case, actor)
    if not referral.is_draft:
        raise ValidationError(
            _("This referral was sent. It can be taken back, not changed."), code="stale"
        )
    if version is not None:
        stale(version, referral.version)
    return referral


@transaction.atomic
def choose_service(
    referral: Referral, *, service: Service, actor: User, version: int | None = None
) -> Referral:
    """Point a draft at another service; what was ticked for the first receiver is unticked.

    Raises PermissionDenied, ValidationError.
    """
    referral = _lock_draft(referral, actor, version)
    if service.pk != referral.service_id:
        referral.consent = consent_to_share(referral.case, service)
    if service.organization_id != referral.organization_id:
        referral.items = []
    _point_at(referral, service)
    return _save_draft(referral, actor, "choose_service")


@transaction.atomic
def change_referral(
    referral: Referral,
    *,
    urgency: str,
    items: Iterable[str],
    message: str,
    actor: User,
    version: int | None = None,
) -> Referral:
    """Write down in a draft what is shared, how soon and what is needed.

    Raises PermissionDenied, ValidationError (also for what the consent does not cover).
    """
    referral = _lock_draft(referral, actor, version)
    agreement = agreement_to_share(referral.case, referral.service)
    check_items(items, agreement)
    referral.consent = agreement.consent
    referral.urgency, referral.items = urgency, sorted(items)
    referral.message = message.strip()
    return _save_draft(referral, actor, "change_referral")


def _save_draft(referral: Referral, actor: User, verb: str) -> Referral:
    referral.version += 1
    referral.full_clean()
    referral.save()
    record(actor, verb, referral, case_id=referral.case_id, fields=referral.items)
    return referral
