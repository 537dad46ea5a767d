"""How the scheduler comes in to the ground floor."""

from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.urls import reverse

from accounts import actions, limits, mail
from accounts.actions.seals import check_trail as check
from accounts.actions.seals import drop_old_segments as drop
from accounts.actions.seals import keepers
from accounts.actions.seals import promise_anchor as promise
from accounts.models import AddressChange, AuditSeal, PasswordReset
from accounts.outbox import answers


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


@answers("anchor_due")
def mail_anchor(*, number: int) -> None:
    """Tell the keepers the seal that was the newest when the day was promised."""
    for address in keepers().exclude(email="").values_list("email", flat=True):
        mail.tell_anchor(address, str(AuditSeal.objects.get(pk=number)))


@answers("password_reset_asked")
def mail_reset(*, reset: str) -> None:
    """Write the mail with the link; for a username that nobody has there is nobody to write to."""
    row = PasswordReset.objects.select_related("user").get(pk=reset)
    if row.user is not None and row.used_at is None:
        token = actions.begin_reset(row)
        mail.send_link(row.user, reverse("reset_link", args=[token]))


@answers("email_changed")
def mail_old_address(*, change: str) -> None:
    """Tell the old address, then forget it. Without a mail server the page's notice has to do."""
    row = AddressChange.objects.select_related("user").filter(pk=change).first()
    if row is None:
        return
    if mail.is_on():
        mail.tell_old_address(row.user, row.old_address)
    actions.forget_old_address(row)
