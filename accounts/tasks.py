"""How the scheduler comes in to the ground floor."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from accounts import actions, limits, mail, post
from accounts.actions.seals import check_trail as check
from accounts.actions.seals import drop_old_segments as drop
from accounts.actions.seals import keepers
from accounts.actions.seals import promise_anchor as promise
from accounts.models import AddressChange, AuditSeal, Delivery, PasswordReset
from accounts.outbox import Settle, answers


@shared_task
def sweep_outbox() -> None:
    actions.sweep_outbox()


@shared_task
def sweep_sessions() -> None:
    actions.sweep_sessions()


@shared_task
def note_unfinished_sign_ins() -> None:
    actions.note_unfinished_steps()


@shared_task
def sweep_entrances() -> None:
    actions.sweep_entrances()
    actions.sweep_deliveries()
    actions.drop_old_pushes()
    limits.forget_expired()


@shared_task
def check_trail() -> None:
    check(Path(settings.AUDIT_ANCHORS_FILE))


@shared_task
def drop_old_segments() -> None:
    drop()


@shared_task
def promise_anchor() -> None:
    if mail.is_on():
        promise()


@shared_task
def tell_notices() -> None:
    actions.tell_notices()


@answers("notice_urgent")
def tell_urgent_notices() -> None:
    actions.tell_notices()


@answers("delivery_due", atomic=False)
def deliver(*, delivery: str, settle: Settle) -> None:
    actions.deliver(delivery, settle=settle)


@answers("anchor_due")
def mail_anchor(*, number: int) -> None:
    """Tell the keepers the seal that was the newest when the day was promised."""
    said = str(AuditSeal.objects.get(pk=number))
    for keeper in keepers().exclude(email=""):
        post.send(
            Delivery.Channel.MAIL,
            to=keeper.email,
            text="number_of_the_day",
            language=keeper.language,
            key=f"anchor:{number}:{keeper.pk}",
            user=keeper,
            seal=said,
        )


@answers("password_reset_asked")
def mail_reset(*, reset: str) -> None:
    """Promise the mail with the link; for a username that nobody has nobody is written to."""
    row = PasswordReset.objects.select_related("user").get(pk=reset)
    if row.user is not None and row.used_at is None:
        post.send(
            Delivery.Channel.MAIL,
            to=row.user.email,
            text="password_link",
            language=row.user.language,
            key=f"reset:{row.pk}",
            user=row.user,
            reset=row.pk,
        )


@answers("email_changed")
def mail_old_address(*, change: str) -> None:
    """Tell the old address, then forget it. Without a mail server the page's notice has to do."""
    row = AddressChange.objects.select_related("user").filter(pk=change).first()
    if row is None:
        return
    if mail.is_on():
        post.send(
            Delivery.Channel.MAIL,
            to=row.old_address,
            text="address_changed",
            language=row.user.language,
            key=f"address:{row.pk}",
            user=row.user,
        )
    actions.forget_old_address(row)
