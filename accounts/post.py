"""Messages to the outside: mail, text messages, browsers. Codes of neutral texts, and nothing else.

An app says in `<app>/texts.py` which texts it has, and an action calls `send`. That writes a
`Delivery` in the caller's transaction; the outbox delivers it after the commit through a gateway
(`accounts.gateways`). What fills a text has one of the forms below, so that no name can stand in
a message by mistake. A secret is never kept: a text with `made` makes it when the message leaves.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from accounts.gateways import gateway
from accounts.letters import Letter
from accounts.models import Delivery, User
from accounts.outbox import enqueue

# What may stand in a message, and how it looks; a link is a path, to which the site is added.
FORMS = {
    "number": r"[A-Z0-9][A-Z0-9-]{0,23}",
    "code": r"\d{4,10}",
    "hours": r"\d{1,3}",
    "day": r"\d{4}-\d\d-\d\d",
    "seal": r"\d+:[0-9a-f]{64}",
    "link": r"/[\w./#~-]*",
}
ADDRESSES = {
    Delivery.Channel.MAIL: r"[^\s@<>,;\"]+@[^\s@<>,;\"]+",
    Delivery.Channel.SMS: r"\+?[0-9][0-9 /-]{4,20}",
    Delivery.Channel.PUSH: r"[0-9a-f-]{36}",
}
EVENT = "delivery_due"

Words = Promise | str
Made = Callable[..., dict[str, str] | None]


@dataclass(frozen=True)
class Text:
    """What a code says. `made` gets the ids it was sent with, and answers with what fills it.

    It runs when the message leaves, anew in each try; None means that there is nothing to say
    any more.
    """

    subject: Words
    body: Words
    made: Made | None = None
    is_urgent: bool = False


TEXTS: dict[str, Text] = {}


def register(
    code: str, subject: Words, body: Words, *, made: Made | None = None, is_urgent: bool = False
) -> None:
    """Say what a code says: neutral words, filled as `%(number)s` with what FORMS knows."""
    TEXTS[code] = Text(subject, body, made, is_urgent)


def send(
    channel: str,
    *,
    to: str,
    text: str,
    language: str,
    key: str,
    user: User | None = None,
    **facts: str | int | UUID,
) -> None:
    """Promise one message, in the caller's transaction. The same key twice is one message.

    Raises ValueError for an address, or a fact, that has not the form it must have. `key` names
    rows by random numbers only.
    """
    if not is_address(channel, to):
        raise ValueError(f"This is no address for {channel}.")
    kept = {name: str(value) for name, value in facts.items()}
    if TEXTS[text].made is None:
        check(kept)
    row = Delivery(channel=channel, text=text, language=language, dedupe_key=key, user=user)
    row.close({"to": to, "facts": kept})
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
    enqueue(EVENT, key=key, delivery=key)


def is_on(channel: str) -> bool:
    """Whether messages of this kind may leave this installation."""
    return gateway(channel) is not None


def is_address(channel: str, to: str) -> bool:
    return re.fullmatch(ADDRESSES[Delivery.Channel(channel)], to) is not None


def check(facts: dict[str, str]) -> None:
    """Raises ValueError for what may not stand in a message."""
    for name, value in facts.items():
        if name not in FORMS or not re.fullmatch(FORMS[name], value):
            raise ValueError(f"This may not stand in a message: {name}.")


def written(row: Delivery) -> Letter | None:
    """The message of a row, in the language of its receiver; None: nothing to say any more.

    Raises SealError, and ValueError for a made fact that has not the form it must have.
    """
    told = row.open()
    facts: dict[str, str] = told["facts"]
    text = TEXTS.get(row.text)
    if text is None:
        return None
    if text.made is not None:
        found = text.made(**facts)
        if found is None:
            return None
        facts = found
    check(facts)
    if "link" in facts:
        if not settings.SITE_URL:
            return None
        facts["link"] = settings.SITE_URL.rstrip("/") + facts["link"]
    known = {code for code, _name in settings.LANGUAGES}
    with translation.override(row.language if row.language in known else settings.LANGUAGE_CODE):
        subject, body = str(text.subject) % facts, str(text.body) % facts
    return Letter(row.channel, told["to"], subject, body, str(row.pk), text.is_urgent)
