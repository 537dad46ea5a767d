"""The gateway to browsers: one message to one subscription, by the push service of its maker."""

import json
from email.utils import parseaddr
from http import HTTPStatus

from django.conf import settings
from django.utils import timezone

from accounts import webpush
from accounts.letters import Letter, RefusedError, settle
from accounts.models import PushSubscription
from accounts.outgoing import ForbiddenError, post
from vault.keys import SealError

# What was not fetched by then is of no use: the notice stands in the page.
KEPT_SECONDS = 12 * 3600
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def is_on() -> bool:
    return bool(settings.PUSH_HOSTS)


def by_push(letter: Letter) -> None:
    """To the browser, if its owner is still signed in there. One that is gone is forgotten."""
    row = PushSubscription.objects.live().filter(pk=letter.to).first()
    if row is None:
        raise RefusedError("nobody there")
    try:
        told = row.open()
        plain = json.dumps({"title": letter.subject, "body": letter.body}).encode()
        origin = "/".join(told["endpoint"].split("/")[:3])
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        headers = {
            "Authorization": webpush.signature(origin, sender, timezone.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_SECONDS),
            "Topic": letter.key.replace("-", ""),
            "Urgency": "high" if letter.is_urgent else "normal",
        }
        body = webpush.sealed(plain, told)
        hosts = settings.PUSH_HOSTS
        status = post(told["endpoint"], body=body, headers=headers, hosts=hosts, is_public=True)
    except (ForbiddenError, SealError) as error:
        raise RefusedError(type(error).__name__) from error
    if status in GONE:
        PushSubscription.objects.filter(pk=row.pk).delete()
    settle(status)
