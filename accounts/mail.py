"""Mail to those who work here: links only, never a name, a topic or anything about a client."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User


def is_on() -> bool:
    """Whether mail may go out: a server is named, and it is among the hosts that we speak to."""
    return bool(settings.SITE_URL) and settings.EMAIL_HOST in settings.OUTGOING_HOSTS


def send_link(user: User, path: str) -> None:
    """Send a link to a new password, in the language its owner reads."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        lines = [
            _("Open this link to choose a new password:"),
            f"{settings.SITE_URL.rstrip('/')}{path}",
            _("It works once and for 30 minutes. If you did not ask for it, delete this mail."),
        ]
        EmailMessage(_("Your link"), "\n\n".join(lines), to=[user.email]).send()
