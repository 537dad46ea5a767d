"""Prepare a referral: choose the service, tick what to share, write what is needed."""

from collections.abc import Iterable
from uuid import UUID

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
from referrals.actions.moving import lock, move, wind
from referrals.consents import agreement_to_share, consent_to_share
from referrals.fit import fit
from referrals.models import Referral
from referrals.states import Side, Verb


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
    previous: Referral | None = None,
) -> Referral:
    """Begin a referral of a case to a service. Raises PermissionDenied, ValidationError.

    `previous` is the one that it continues: of the same case, refused or ended.
    """
    if not may_draft_referral(actor):
        raise PermissionDenied
    require_story(case, actor)
    # Nobody closes the case between this look and the draft.
    case = lock_open_case(case)
    if previous is not None and (previous.case_id != case.pk or previous.is_open):
        raise ValidationError(_("Only what is over can be continued somewhere else."))
    agreement = agreement_to_share(case, service)
    if agreement.is_enough:
        check_items(items, agreement)
    referral = Referral(
        previous=previous,
        case=case,
        data_key=case.data_key,
        consent=agreement.consent,
        urgency=urgency,
        items=sorted(items),
        message=message.strip(),
        created_by=actor,
    )
    _point_at(referral, service)
    wind(referral, timezone.now())
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
    return settle(referral, actor)


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
        drop_override(referral)
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
    if not referral.override:
        check_items(items, agreement)
    referral.consent = agreement.consent
    if agreement.is_enough:
        drop_override(referral)
    referral.urgency, referral.items = urgency, sorted(items)
    referral.message = message.strip()
    return _save_draft(referral, actor, "change_referral")


def drop_override(referral: Referral) -> None:
    """What stood above a missing consent was decided for one service, and while there was none."""
    referral.override = referral.override_note = ""
    referral.overridden_by = referral.overridden_at = None


def _save_draft(referral: Referral, actor: User, verb: str) -> Referral:
    referral.version += 1
    referral.full_clean()
    referral.save()
    record(actor, verb, referral, case_id=referral.case_id, fields=referral.items)
    return settle(referral, actor)


def settle(referral: Referral, actor: User | None) -> Referral:
    """Say whether what it shares is agreed to; the state follows."""
    agreement = agreement_to_share(referral.case, referral.service)
    agreed = agreement.is_enough and set(referral.items) <= agreement.items
    is_ready = bool(referral.items) and (agreed or bool(referral.override))
    if is_ready == (referral.state == Referral.State.CONSENT):
        return referral
    return move(referral, Verb.CONSENT if is_ready else Verb.REVISE, Side.SENDER, actor=actor)


@transaction.atomic
def revise_referrals_of_consent(consent_id: UUID) -> int:
    """Put back into preparation what was ready with an answer that is no longer one."""
    rows = Referral.objects.in_states([Referral.State.CONSENT]).filter(consent=consent_id)
    locked = rows.select_for_update(of=("self",)).select_related("case", "data_key", "service")
    ready = list(locked.order_by("pk"))
    return sum(settle(row, None).state == Referral.State.DRAFT for row in ready)
