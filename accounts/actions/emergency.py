"""Close everything by one act; open it again by two people."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import ApiToken, EmergencyLock, Invitation, PasswordReset, Session, User

# Between the first and the second of the two who open.
SECOND_WITHIN = timedelta(hours=1)


@transaction.atomic
def lock_everything(*, reason: str, actor: User | None) -> EmergencyLock:
    """End every session, and let nobody in until two people lift the lock.

    Locking twice is one lock. `actor` is None when somebody locks from the server itself.
    """
    if actor is not None:
        actor.require("accounts.lock_everything")
    _one_at_a_time()
    lock = EmergencyLock.objects.in_force().first()
    if lock is None:
        lock = EmergencyLock(reason=reason, locked_by=actor)
        lock.full_clean(exclude=["locked_by", "first_lifted_by", "lifted_by"])
        lock.save()
    # A session that is just being made carries the old number, so it is dead as well.
    User.objects.update(auth_epoch=F("auth_epoch") + 1)
    Session.objects.all().delete()
    # What was made before the lock must not open anything after it: machines get new tokens.
    now = timezone.now()
    ApiToken.objects.filter(revoked_at=None).update(revoked_at=now)
    Invitation.objects.open().update(withdrawn_at=now)
    PasswordReset.objects.filter(used_at=None).update(used_at=now)
    record(actor, "lock_everything", lock, note=lock.reason)
    return lock


@transaction.atomic
def lift_lock(*, actor: User) -> EmergencyLock:
    """Agree to open again. The second person within an hour opens; the first alone opens nothing.

    Raises ValidationError when nothing is locked, or the same person agrees twice.
    """
    actor.require("accounts.lock_everything")
    _one_at_a_time()
    lock = EmergencyLock.objects.in_force().select_for_update(of=("self",)).first()
    if lock is None:
        raise ValidationError(_("Nothing is locked."), code="stale")
    now = timezone.now()
    if not waits_for_second(lock):
        lock.first_lifted_by, lock.first_lifted_at = actor, now
        record(actor, "agree_to_lift_lock", lock)
    elif lock.first_lifted_by_id == actor.pk:
        raise ValidationError(_("You agreed already. Another person has to agree as well."))
    else:
        lock.lifted_by, lock.lifted_at = actor, now
        record(actor, "lift_lock", lock)
    lock.save()
    return lock


def waits_for_second(lock: EmergencyLock) -> bool:
    """Whether one person agreed so shortly ago that a second one opens."""
    agreed = lock.first_lifted_at
    return agreed is not None and timezone.now() - agreed < SECOND_WITHIN


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        # There may be no row to lock yet.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('emergency lock'))")
