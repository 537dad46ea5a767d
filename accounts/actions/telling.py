"""Verbs about being told of notices beside the page: when, by which way, in which browsers.

What is told is never what a notice says: only that there is something.
"""

import hashlib
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import lock, outgoing, post, webpush
from accounts.audit import record
from accounts.models import Delivery, Notice, NoticePreference, PushSubscription, Session, User
from accounts.notices import URGENT
from accounts.origin import origin

NEW, NOW = TEXTS = "something_new", "something_urgent"
# What is older than this is old news.
STILL_NEWS = timedelta(days=1)
BROWSERS_OF_A_USER = 8
BROWSER_FORGOTTEN = timedelta(days=60)
LONGEST_ADDRESS = 1000


@transaction.atomic
def set_notice_preference(
    user: User,
    *,
    by_mail: bool,
    quiet_from: time | None,
    quiet_until: time | None,
    actor: User,
) -> NoticePreference:
    """Keep how somebody wants to be told, by her own word.

    Raises PermissionDenied, ValidationError.
    """
    _only_own(user, actor)
    row = NoticePreference(
        user=user, by_mail=by_mail, quiet_from=quiet_from, quiet_until=quiet_until
    )
    row.full_clean(validate_unique=False)
    row, _made = NoticePreference.objects.update_or_create(
        user=user,
        defaults={"by_mail": by_mail, "quiet_from": quiet_from, "quiet_until": quiet_until},
    )
    record(actor, "set_notice_preference", actor)
    return row


# Browsers


@transaction.atomic
def add_push(
    session: Session, *, endpoint: str, p256dh: str, auth: str, actor: User
) -> PushSubscription:
    """Let this browser be told, as long as she is signed in there. Raises ValidationError."""
    if session.user_id != actor.pk:
        raise PermissionDenied
    _check_browser(endpoint, p256dh, auth)
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    # One after the other: a second press finds what the first one kept.
    User.objects.select_for_update().get(pk=actor.pk)
    # Whoever is signed in at this browser now is told there, and nobody before her.
    PushSubscription.objects.filter(digest=digest).delete()
    row = PushSubscription(
        user=actor, session=session, device=origin.get().device, digest=digest, name=session.device
    )
    row.close({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
    row.save(force_insert=True)
    older = PushSubscription.objects.filter(user=actor).order_by("-seen_at", "pk")
    gone = list(older.values_list("pk", flat=True)[BROWSERS_OF_A_USER:])
    PushSubscription.objects.filter(pk__in=gone).delete()
    record(actor, "add_push", row)
    return row


@transaction.atomic
def remove_push(row: PushSubscription, *, actor: User) -> None:
    """Tell this browser nothing any more."""
    _only_own(row.user, actor)
    record(actor, "remove_push", row)
    row.delete()


def resume_push(user: User, *, session: Session) -> None:
    """She signed in again in a browser that is told: from now on it is told again."""
    mine = PushSubscription.objects.filter(user=user, device=origin.get().device)
    mine.update(session=session, seen_at=timezone.now())


@transaction.atomic
def drop_old_pushes() -> None:
    """Forget browsers of whoever left, and those where nobody signed in for long."""
    now = timezone.now()
    PushSubscription.objects.filter(seen_at__lt=now - BROWSER_FORGOTTEN).delete()
    PushSubscription.objects.filter(user__is_active=False).delete()
    PushSubscription.objects.filter(user__leaves_on__lt=timezone.localdate(now)).delete()


def _check_browser(endpoint: str, p256dh: str, auth: str) -> None:
    refusal = ValidationError(_("This browser cannot be told from here."), code="browser")
    try:
        outgoing.allowed(endpoint, settings.PUSH_HOSTS)
    except outgoing.ForbiddenError as error:
        raise refusal from error
    if len(endpoint) > LONGEST_ADDRESS or not webpush.is_key(p256dh, auth):
        raise refusal


def _only_own(user: User, actor: User) -> None:
    if user.pk != actor.pk:
        raise PermissionDenied


# Telling


def tell_notices() -> None:
    """Tell everybody of what is new, who wants to be told and whose time it is."""
    if lock.is_on():
        return
    waiting = Notice.objects.untold().order_by().values_list("user", flat=True).distinct()
    for user_id in list(waiting):
        with transaction.atomic():
            _tell(User.objects.select_related("organization").get(pk=user_id), timezone.now())


def _tell(user: User, now: datetime) -> None:
    notices = list(
        Notice.objects.untold().filter(user=user).select_for_update(skip_locked=True).order_by("at")
    )
    if not notices:
        return
    fresh = [notice for notice in notices if notice.at > now - STILL_NEWS]
    preference = NoticePreference.of(user)
    mail = _mail(user) if preference.by_mail else ""
    browsers = _browsers(user)
    if fresh and not user.has_left and (mail or browsers):
        is_urgent = any(notice.code in URGENT for notice in fresh)
        if _was_told_enough(user, now, ways=len(browsers) + bool(mail)):
            return
        if not is_urgent and _waits(fresh[0], preference, now):
            return
        _send(user, mail, browsers, notices[0], is_urgent=is_urgent)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(told_at=now)


def _mail(user: User) -> str:
    """Where mail reaches her; "" where it does not."""
    by_mail = Delivery.Channel.MAIL
    return user.email if post.is_on(by_mail) and post.is_address(by_mail, user.email) else ""


def _browsers(user: User) -> list[PushSubscription]:
    if not post.is_on(Delivery.Channel.PUSH):
        return []
    return list(PushSubscription.objects.live().filter(user=user))


def _was_told_enough(user: User, now: datetime, *, ways: int) -> bool:
    told = Delivery.objects.filter(
        user=user, text__in=TEXTS, created_at__gt=now - timedelta(hours=1)
    )
    most: int = settings.NOTICES_TOLD_PER_HOUR * ways
    return told.count() >= most


def _waits(oldest: Notice, preference: NoticePreference, now: datetime) -> bool:
    """Whether more may come that is told together, or she is not to be told now."""
    together = timedelta(seconds=settings.NOTICES_TOGETHER_SECONDS)
    return oldest.at > now - together or preference.is_quiet(now)


def _send(
    user: User, mail: str, browsers: list[PushSubscription], first: Notice, *, is_urgent: bool
) -> None:
    ways = [(Delivery.Channel.PUSH, str(row.pk)) for row in browsers]
    if mail:
        ways.append((Delivery.Channel.MAIL, mail))
    for channel, to in ways:
        post.send(
            channel,
            to=to,
            text=NOW if is_urgent else NEW,
            language=user.language,
            key=f"notice:{first.pk}:{to if channel == Delivery.Channel.PUSH else channel}",
            user=user,
        )
