"""Verbs about sessions: touched, locked, opened again, ended."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import devices, limits
from accounts.actions.telling import resume_push
from accounts.audit import record
from accounts.models import ApiToken, AuditEvent, Draft, HalfSignIn, KnownDevice, Session, User
from accounts.notices import notify
from accounts.origin import origin
from accounts.sessions import draft_time

DRAFTS_OF_A_SESSION = 5


def touch(row: Session, now: datetime) -> None:
    """Note that a person did something in this session; never in one that is locked."""
    Session.objects.filter(pk=row.pk, locked_at=None).update(last_used_at=now)
    row.last_used_at = now


@transaction.atomic
def lock_session(row: Session, *, actor: User) -> None:
    """Close a session until its owner confirms that it is her."""
    if Session.objects.filter(pk=row.pk, locked_at=None).update(locked_at=timezone.now()):
        record(actor, "lock_session", row)


@transaction.atomic
def unlock_session(row: Session, *, password: str, actor: User) -> None:
    """Open a waiting session again. Raises ValidationError, code `wrong` or `too_often`."""
    if not limits.allowed("second_factor", f"unlock {actor.pk}"):
        raise ValidationError(_("Too many tries. Wait five minutes."), code="too_often")
    if not actor.check_password(password):
        raise ValidationError(_("This is not your password."), code="wrong")
    open_session(row, actor=actor)


@transaction.atomic
def open_session(row: Session, *, actor: User, verb: str = "unlock_session") -> None:
    """Let a waiting session go on: its owner has just confirmed that it is her."""
    now = timezone.now()
    row.locked_at, row.last_used_at = None, now
    Session.objects.filter(pk=row.pk).update(locked_at=None, last_used_at=now)
    record(actor, verb, row)


@transaction.atomic
def confirm_session(row: Session, *, actor: User) -> None:
    """Write down that its owner confirmed who she is; a session that waited goes on."""
    open_session(row, actor=actor, verb="step_up")


@transaction.atomic
def end_session(row: Session, *, actor: User) -> None:
    """End one session; its next request, and the one in flight, find nobody signed in."""
    record(actor, "end_session", row)
    row.delete()


@transaction.atomic
def end_other_sessions(user: User, row: Session, *, actor: User) -> None:
    """End all of a user's sessions but this one."""
    ended, _each = Session.objects.filter(user=user).exclude(pk=row.pk).delete()
    record(actor, "end_sessions", user, note="others", meta={"ended": ended})


@transaction.atomic
def end_all_sessions(user: User, *, actor: User | None, reason: str, tell: bool = True) -> None:
    """End every session and API token of a user at once, those just being made as well.

    `reason` is a code. Nothing of it can be undone by a request in flight: a session carries the
    epoch it began with.
    """
    User.objects.filter(pk=user.pk).update(auth_epoch=F("auth_epoch") + 1)
    user.refresh_from_db(fields=["auth_epoch"])
    Session.objects.filter(user=user).delete()
    ApiToken.objects.in_force().filter(user=user).update(revoked_at=timezone.now())
    HalfSignIn.objects.filter(user=user).delete()
    record(actor, "end_sessions", user, note=reason)
    if tell and actor != user:
        notify([user], "sessions_ended", url_name="accounts:sessions")


@transaction.atomic
def is_half_open(user: User, *, half: str | None) -> bool:
    """Whether her right password still waits for its second step; held until that is written.

    Whatever ends her sessions ends it as well, and so does the time it may wait.
    """
    if half is None:
        return False
    return HalfSignIn.objects.select_for_update().filter(user=user, pk=half).first() is not None


@transaction.atomic
def refuse_ended_sign_in(user: User) -> None:
    """Write down a second step whose first one was ended meanwhile."""
    record(user, "sign_in", user, note="ended", result=AuditEvent.Result.DENIED)


def note_device(user: User, session: Any, user_agent: str) -> None:
    """Give a new session the words of its device; tell its owner of a device she never used."""
    if session.row is None or not origin.get().device:
        return
    with transaction.atomic():
        session.row.device = devices.words(user_agent)
        Session.objects.filter(pk=session.row.pk).update(device=session.row.device)
        is_first = not KnownDevice.objects.filter(user=user).exists()
        _known, is_new = KnownDevice.objects.get_or_create(user=user, digest=origin.get().device)
        resume_push(user, session=session.row)
        if is_new:
            record(user, "sign_in_on_new_device", user)
        if is_new and not is_first:
            notify([user], "new_device", url_name="accounts:sessions")


@transaction.atomic
def keep_draft(row: Session, *, plain: bytes) -> Draft:
    """Seal what was posted at a closed door, for this session and its owner alone."""
    draft = Draft(session=row, user=row.user, ends_at=timezone.now() + draft_time())
    draft.close(plain)
    draft.save(force_insert=True)
    older = Draft.objects.filter(session=row).order_by("-ends_at")[DRAFTS_OF_A_SESSION:]
    Draft.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()
    return draft


@transaction.atomic
def drop_draft(draft: Draft, *, actor: User) -> None:
    """Forget a form that was kept."""
    draft.delete()


@transaction.atomic
def sweep_sessions() -> None:
    """Forget sessions and drafts whose time is over."""
    now = timezone.now()
    Draft.objects.filter(ends_at__lt=now).delete()
    Session.objects.filter(ends_at__lt=now).delete()
