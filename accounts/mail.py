"""Mail to those who work here: links only, never a name, a topic or anything about a client."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User


def is_on() -> bool:
    """Whether mail may go out: a server is named, and it is among the hosts that we speak to."""
    return bool(settings.SITE_URL) and settings.EMAIL_HOST in settings.OUTGOING_HOSTS


def tell_old_address(user: User, address: str) -> None:
    """Tell an address that it is no longer the account's, so that nobody takes it over unseen."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        lines = [
            _("The address of your account was changed. Links no longer come here."),
            _("If you did not ask for it, tell your administrator now."),
        ]
        EmailMessage(_("Your address was changed"), "\n\n".join(lines), to=[address]).send()


def send_link(user: User, path: str) -> None:
    """Send a link to a new password, in the language its owner reads."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        lines = [
            _("Open this link to choose a new password:"),
            f"{settings.SITE_URL.rstrip('/')}{path}",
            _("It works once and for 30 minutes. If you did not ask for it, delete this mail."),
        ]
        EmailMessage(_("Your link"), "\n\n".join(lines), to=[user.email]).send()


def tell_anchor(address: str, seal: str) -> None:
    """The newest seal, to be kept: whoever has it can show that nothing was cut off."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_("Keep this message. It is the number of the day."), seal]
        EmailMessage(_("Number of the day"), "\n\n".join(lines), to=[address]).send()
