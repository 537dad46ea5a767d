"""What the sender says: send, and take back."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions import record_case_event
from casework.consent_rules import Verdict
from casework.models import CaseEvent, Consent
from referrals import clocks
from referrals.actions.drafting import check_items, require_story
from referrals.actions.moving import lock_for, move
from referrals.consents import agreement_to_share
from referrals.models import Referral
from referrals.states import Side, Verb


@transaction.atomic
def send_referral(referral: Referral, *, actor: User, version: int | None = None) -> Referral:
    """Send a draft to its receiver and start the clock.

    Raises PermissionDenied, or ValidationError: without a consent in force for this receiver that
    covers all that is ticked, or a reason that stands above it, nothing leaves the house.
    """
    referral = lock_for(referral, Verb.SEND, Side.SENDER, actor=actor, version=version)
    require_story(referral.case, actor)
    if not referral.service.is_referable:
        raise ValidationError(_("This service no longer takes referrals. Choose another one."))
    consent = None if referral.override else _agreed_now(referral)
    if not referral.items:
        raise ValidationError(_("Tick what they need to know before you send."))
    if Consent.Item.MESSAGE in referral.items and not referral.message:
        raise ValidationError(_("Write what is needed before you send."))
    due_at = clocks.due_at(referral.urgency, timezone.now())
    return move(
        referral,
        Verb.SEND,
        Side.SENDER,
        actor=actor,
        consent=consent,
        sent_by=actor,
        due_at=due_at,
    )


def _agreed_now(referral: Referral) -> Consent | None:
    """The consent it leaves with, locked, so that none of it can be taken back while we send."""
    said = Consent.objects.about(referral.case).filter(
        purpose=Consent.Purpose.REFERRAL, organization=referral.organization
    )
    list(said.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    agreement = agreement_to_share(referral.case, referral.service)
    if agreement.verdict in {Verdict.NOT_ASKED, Verdict.REFUSED}:
        raise ValidationError(
            _("There is no consent in force to share with this receiver. Record it first.")
        )
    if not agreement.is_enough:
        raise ValidationError(agreement.words)
    check_items(referral.items, agreement)
    return agreement.consent


@transaction.atomic
def recall_referral(
    referral: Referral, *, reason: str, actor: User, version: int | None = None
) -> Referral:
    """Take a referral back; the receiver's page shuts and does not say why.

    Raises PermissionDenied, ValidationError.
    """
    referral = lock_for(referral, Verb.RECALL, Side.SENDER, actor=actor, version=version)
    if reason not in Referral.RecallReason.values:
        raise ValidationError({"reason": _("Say why it is taken back.")})
    return _take_back(referral, reason, actor)


def _take_back(referral: Referral, reason: str, actor: User | None) -> Referral:
    """Of what was sent, the receiver is asked to delete what she noted down."""
    asked = timezone.now() if referral.sent_at is not None else None
    return move(
        referral,
        Verb.RECALL,
        Side.SENDER,
        actor=actor,
        reason=reason,
        deletion_asked_at=asked,
    )


@transaction.atomic
def recall_referrals_of_consent(consent_id: UUID) -> int:
    """Take back every open referral that rested on a consent which was taken back.

    Their pages were shut by the consent itself; this tells both sides. Returns how many.
    """
    rows = Referral.objects.open().filter(consent=consent_id, consent__withdrawn_at__isnull=False)
    locked = rows.select_for_update(of=("self",)).select_related("case", "consent", "data_key")
    recalled = list(locked.order_by("pk"))
    for referral in recalled:
        _take_back(referral, Referral.RecallReason.CONSENT, None)
    return len(recalled)


@transaction.atomic
def narrow_referrals_of_consent(consent_id: UUID) -> int:
    """Write into the cases which open referrals show less since this answer.

    Their pages show less since it was recorded. What was ticked and what was shown before stays
    written down. Returns how many.
    """
    consent = Consent.objects.select_related("person").get(pk=consent_id)
    rows = Referral.objects.open().filter(
        organization=consent.organization, case__person=consent.person
    )
    if consent.case_id is not None:
        rows = rows.filter(case=consent.case_id)
    if consent.service_id is not None:
        rows = rows.filter(service=consent.service_id)
    # Nothing is written of a referral that ends at this moment.
    locked = rows.select_for_update(of=("self",)).select_related("case", "data_key")
    found = list(locked.order_by("pk"))
    earlier = _earlier(consent) if found else []
    narrowed = [(row, lost) for row in found if (lost := _lost(row, consent, earlier))]
    for referral, lost in narrowed:
        record(None, "narrow_referral", referral, case_id=referral.case_id, fields=lost)
        record_case_event(
            referral.case,
            CaseEvent.Code.REFERRAL_NARROWED,
            actor=None,
            url_name="referrals:detail",
            object_id=referral.pk,
        )
    return len(narrowed)


def _earlier(consent: Consent) -> list[Consent]:
    """What she had said before, of all her cases and of none, latest first."""
    said = Consent.objects.filter(
        Q(person=consent.person) | Q(case__person=consent.person),
        purpose=consent.purpose,
        organization=consent.organization,
        given_by=consent.given_by,
        recorded_at__lt=consent.recorded_at,
    )
    return list(said.order_by("-given_on", "-recorded_at"))


def _lost(referral: Referral, consent: Consent, earlier: list[Consent]) -> list[str]:
    """What was ticked for a referral and covered before this answer, and is no longer."""
    own = (each for each in earlier if each.case_id in {None, referral.case_id})
    last = next(own, None)
    covered = set(last.items) if last else set(referral.items)
    return sorted(set(referral.items) & covered - set(consent.items))
