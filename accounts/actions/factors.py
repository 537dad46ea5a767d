"""Verbs about second factors: set up, used, removed, lost."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import factors
from accounts.actions.sessions import end_all_sessions
from accounts.audit import record
from accounts.models import (
    AuditEvent,
    FactorReset,
    HalfSignIn,
    User,
)
from accounts.notices import notify


@transaction.atomic
def add_passkey(user: User, *, name: str, credential: dict[str, Any], actor: User) -> None:
    """Keep a passkey that just proved itself."""
    authenticator = WebAuthn.add(user, name, credential).instance
    authenticator.record_usage()
    _changed(user, "add_passkey", actor)


@transaction.atomic
def add_app(user: User, *, secret: str, actor: User) -> None:
    """Keep an app that just showed a right code; it takes the place of an earlier one."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret).instance.record_usage()
    _changed(user, "add_app", actor)


@transaction.atomic
def remove_factor(authenticator: Authenticator, *, actor: User) -> None:
    """Forget a factor. Raises ValidationError when its owner would have too few left."""
    user = User.objects.select_for_update().get(pk=authenticator.user_id)
    others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
    if factors.missing(user, others.values_list("type", flat=True)):
        raise ValidationError(_("You would have too few left. Add another one first."))
    authenticator.delete()
    _changed(user, "remove_factor", actor)


@transaction.atomic
def make_recovery_codes(user: User, *, actor: User) -> list[str]:
    """Ten new codes, which are seen this once; the earlier ones are dead."""
    codes = factors.new_recovery_codes()
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
    rows.delete()
    hashes = [factors.recovery_hash(user, code) for code in codes]
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.RECOVERY_CODES, data={"hashes": hashes}
    )
    _changed(user, "make_recovery_codes", actor)
    return codes


@transaction.atomic
def use_code(user: User, *, code: str) -> Authenticator | None:
    """The factor that this code proves, used up by it; None when it proves none."""
    rows = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    for row in rows.select_for_update():
        if row.type == Authenticator.Type.TOTP:
            if factors.opens_with_app(row, user, code):
                _renew_seal(row)
                return row
        elif _use_recovery_code(row, user, code):
            return row
    return None


def _use_recovery_code(row: Authenticator, user: User, code: str) -> bool:
    told = factors.recovery_hash(user, code)
    hashes: list[str] = row.data["hashes"]
    if told not in hashes:
        return False
    row.data["hashes"] = [each for each in hashes if each != told]
    row.save(update_fields=["data"])
    record(user, "use_recovery_code", user)
    notify([user], "recovery_code_used", url_name="accounts:security")
    return True


def _renew_seal(row: Authenticator) -> bool:
    """Seal a secret with the master key of today."""
    stored = row.data["secret"]
    if not factors.is_on_old_version(stored):
        return False
    row.data["secret"] = factors.seal_secret(factors.open_secret(stored))
    row.save(update_fields=["data"])
    return True


@transaction.atomic
def renew_factor_seals() -> int:
    """Seal all secrets with the master key of today; returns how many were on an older one."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_for_update()
    return sum(_renew_seal(row) for row in rows)


@transaction.atomic
def use_passkey(authenticator: Authenticator, *, counter: int) -> bool:
    """Keep how far a passkey has counted; False when it counted back, as a copy would.

    Passkeys that are carried from device to device do not count: they always say zero.
    """
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    last = row.data.get("counter", 0)
    if (last or counter) and counter <= last:
        return False
    row.data["counter"] = authenticator.data["counter"] = counter
    row.save(update_fields=["data"])
    return True


@transaction.atomic
def note_failed_factor(user: User | None, *, kind: str) -> None:
    """Write down that somebody failed to prove a factor of this user."""
    record(
        user, "fail_second_step", user or User(id=None), note=kind, result=AuditEvent.Result.FAILED
    )


@transaction.atomic
def begin_second_step(user: User) -> HalfSignIn:
    """Note a right password that waits for its second step."""
    half = HalfSignIn.objects.create(user=user)
    record(user, "give_password", user)
    return half


@transaction.atomic
def finish_sign_in(user: User, *, half: str | None) -> None:
    """Write down that somebody is in; her own password waits no more, that of another one does."""
    if half:
        HalfSignIn.objects.filter(user=user, pk=half).delete()
    record(user, "sign_in", user)


@transaction.atomic
def note_unfinished_steps() -> None:
    """Tell each owner that somebody knew her password and went no further."""
    before = timezone.now() - timedelta(seconds=settings.ACCOUNT_LOGIN_TIMEOUT)
    late = HalfSignIn.objects.filter(at__lt=before).select_for_update(skip_locked=True)
    for half in late.select_related("user"):
        record(half.user, "leave_second_step", half.user, result=AuditEvent.Result.FAILED)
        notify([half.user], "unfinished_sign_in", url_name="accounts:security")
        half.delete()


# A lost factor


@transaction.atomic
def start_factor_reset(user: User, *, proof: str, actor: User) -> FactorReset:
    """Ask for the second factor of somebody who lost it to be taken off. Nothing happens yet."""
    actor.require("accounts.manage_users")
    if user.pk == actor.pk:
        raise ValidationError(_("Somebody else has to do this for you."))
    reset = FactorReset(
        user=user,
        proof=proof,
        started_by=actor,
        expires_at=timezone.now() + timedelta(seconds=settings.FACTOR_RESET_SECONDS),
    )
    reset.full_clean(exclude=["confirmed_by"])
    reset.save()
    record(actor, "start_factor_reset", user, purpose=proof)
    notify([user], "factor_reset_started", url_name="accounts:security")
    others = User.objects.second_to(actor).exclude(pk=user.pk)
    notify(others, "factor_reset_waiting", url_name="accounts:second_step", object_id=user.pk)
    return reset


@transaction.atomic
def confirm_factor_reset(reset: FactorReset, *, actor: User) -> None:
    """Take the factors off, as a second person. She sets up new ones when she signs in next."""
    actor.require("accounts.confirm_factor_reset")
    reset = FactorReset.objects.select_for_update().get(pk=reset.pk)
    if not reset.is_open:
        raise ValidationError(_("This request is over. Ask for a new one."))
    if actor.pk in {reset.started_by_id, reset.user_id}:
        raise ValidationError(_("A second person has to confirm this."))
    reset.confirmed_by, reset.confirmed_at = actor, timezone.now()
    reset.save(update_fields=["confirmed_by", "confirmed_at"])
    Authenticator.objects.filter(user=reset.user).delete()
    end_all_sessions(reset.user, actor=actor, reason="factor_reset")
    record(actor, "confirm_factor_reset", reset.user, purpose=reset.proof)
    notify([reset.user], "factor_reset", url_name="accounts:security")


def _changed(user: User, verb: str, actor: User) -> None:
    record(actor, verb, user)
    notify([user], "factor_changed", url_name="accounts:security")
