"""Let a referral leave without consent for a graver reason; look at it afterwards."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions import record_case_event
from casework.actions.access import require_may_write
from casework.models import CaseEvent
from referrals.actions.drafting import require_story, settle
from referrals.actions.moving import lock
from referrals.consents import agreement_to_share
from referrals.models import Referral


@transaction.atomic
def override_consent(
    referral: Referral, *, override: str, override_note: str, actor: User
) -> Referral:
    """Say why a draft may leave although nobody agreed. Raises PermissionDenied, ValidationError.

    The best interests of a child stand above the missing answer of a child only.
    """
    referral = _lock(referral, "referrals.override_consent", actor)
    # Who decides knows what would be told.
    require_story(referral.case, actor)
    if not referral.is_draft:
        raise ValidationError(_("This referral was sent already."), code="stale")
    if agreement_to_share(referral.case, referral.service).is_enough:
        raise ValidationError(_("There is a consent in force. It is enough."))
    if override not in Referral.Override.values:
        raise ValidationError({"override": _("Choose what stands above the consent.")})
    person = referral.case.person
    if override == Referral.Override.CHILD and not person.may_be_child(timezone.localdate()):
        raise ValidationError({"override": _("This reason is for children only.")})
    if not override_note.strip():
        raise ValidationError({"override_note": _("Write what makes it necessary.")})
    referral.override, referral.override_note = override, override_note.strip()
    referral.consent = None
    referral.overridden_by, referral.overridden_at = actor, timezone.now()
    referral.version += 1
    referral.full_clean()
    referral.save()
    record(actor, "override_consent", referral, case_id=referral.case_id, note=override)
    record_case_event(
        referral.case,
        CaseEvent.Code.REFERRAL_OVERRIDDEN,
        actor=actor,
        url_name="referrals:detail",
        object_id=referral.pk,
    )
    return settle(referral, actor)


def may_review_override(user: User, referral: Referral) -> bool:
    """Whether this user is to look at a referral that left without consent."""
    return (
        bool(referral.override)
        and referral.sent_at is not None
        and referral.override_reviewed_at is None
        and user.has_perm("referrals.review_referral")
        and user.pk not in {referral.overridden_by_id, referral.sent_by_id}
    )


@transaction.atomic
def review_override(referral: Referral, *, override_review: str, actor: User) -> Referral:
    """Say afterwards whether it was right, once, and not by who decided it.

    Raises PermissionDenied, ValidationError.
    """
    referral = _lock(referral, "referrals.review_referral", actor)
    if not referral.override or referral.sent_at is None:
        raise ValidationError(_("Nothing left without consent here."))
    if referral.override_reviewed_at is not None:
        raise ValidationError(_("Somebody has looked at this already."), code="answered")
    if actor.pk in {referral.overridden_by_id, referral.sent_by_id}:
        raise PermissionDenied
    if override_review not in Referral.OverrideReview.values:
        raise ValidationError({"override_review": _("Say whether it was right.")})
    referral.override_review = override_review
    referral.override_reviewed_by, referral.override_reviewed_at = actor, timezone.now()
    referral.version += 1
    referral.full_clean()
    referral.save()
    record(actor, "review_override", referral, case_id=referral.case_id, note=override_review)
    return referral


def _lock(referral: Referral, permission: str, actor: User) -> Referral:
    actor.require(permission)
    if not Referral.objects.visible_to(actor).filter(pk=referral.pk).exists():
        raise PermissionDenied
    held = lock(referral)
    require_may_write(held.case, actor)
    return held
