"""Whether links can be mailed to those who work here."""

from django.conf import settings

from accounts import post
from accounts.models import Delivery


def is_on() -> bool:
    """Whether mail with a link may go out: there is a way for it, and an address to lead to."""
    return bool(settings.SITE_URL) and post.is_on(Delivery.Channel.MAIL)
