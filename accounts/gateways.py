"""Where messages leave the house: a mail server, a gateway for text messages, or a folder.

A gateway takes a letter and returns when the other side has it. It raises `RefusedError` when
trying again is of no use, `AwayError` when it is, and `DoubtfulError` when nobody can say whether
the other side has it. Each carries the letter's key, the same in
each try, so that the other side can tell a second try from a second message.
"""

import json
import os
import smtplib
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from accounts import push
from accounts.letters import Letter, RefusedError, settle
from accounts.outgoing import AwayError, DoubtfulError, ForbiddenError, allowed, post

# From here on a mail server will never take it.
FINAL = 500

Gateway = Callable[[Letter], None]


def gateway(channel: str) -> Gateway | None:
    """What sends messages of this channel here; None when none may leave."""
    found, is_on = KINDS[channel][settings.GATEWAYS[channel]]
    return found if is_on() else None


def by_smtp(letter: Letter) -> None:
    """By the mail server, without a name of sender or receiver beside the addresses."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    headers = {
        "Message-ID": f"<{letter.key}@{sender.partition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
    }
    connection = get_connection()
    message = EmailMessage(
        letter.subject, letter.body, sender, [letter.to], headers=headers, connection=connection
    )
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise AwayError(type(error).__name__) from error
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _said in error.recipients.values()}
        raise (RefusedError if min(codes) >= FINAL else AwayError)("address") from error
    except smtplib.SMTPResponseException as error:
        raise (RefusedError if error.smtp_code >= FINAL else AwayError)("answer") from error
    except (smtplib.SMTPException, OSError) as error:
        raise DoubtfulError(type(error).__name__) from error
    finally:
        connection.close()


def by_http(letter: Letter) -> None:
    """By the gateway for text messages: JSON to the address in the settings, with its token."""
    try:
        token = Path(settings.SMS_GATEWAY_TOKEN_FILE).read_text().strip()
    except OSError as error:
        raise AwayError("token") from error
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": letter.key,
    }
    body = json.dumps({"to": letter.to, "text": letter.body, "key": letter.key}).encode()
    try:
        status = post(
            settings.SMS_GATEWAY_URL, body=body, headers=headers, hosts=settings.OUTGOING_HOSTS
        )
    except ForbiddenError as error:
        raise RefusedError(str(error)) from error
    settle(status)


def into_folder(letter: Letter) -> None:
    """Into a folder, for the demo: the same key is the same file."""
    folder = Path(settings.POST_DIR) / letter.channel
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, fresh = folder / f"{letter.key}.txt", folder / f".{letter.key}.{os.getpid()}"
    fresh.write_text(f"To: {letter.to}\nSubject: {letter.subject}\n\n{letter.body}\n")
    fresh.replace(path)


def _has_mail_server() -> bool:
    return bool(settings.EMAIL_HOST) and settings.EMAIL_HOST in settings.OUTGOING_HOSTS


def _has_sms_gateway() -> bool:
    try:
        allowed(settings.SMS_GATEWAY_URL, settings.OUTGOING_HOSTS)
    except ForbiddenError:
        return False
    return True


def _has_folder() -> bool:
    return bool(settings.POST_DIR)


# What the settings may name, by channel, and when it is of use.
KINDS: dict[str, dict[str, tuple[Gateway, Callable[[], bool]]]] = {
    "mail": {"smtp": (by_smtp, _has_mail_server), "folder": (into_folder, _has_folder)},
    "push": {"web": (push.by_push, push.is_on)},
    "sms": {"http": (by_http, _has_sms_gateway), "folder": (into_folder, _has_folder)},
}
