"""What messages of the ground floor say, to those who work here."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import PasswordReset
from accounts.post import register


def reset_link(*, reset: str) -> dict[str, str] | None:
    """The link to a new password; an earlier one of this reset is dead from now on."""
    row = PasswordReset.objects.select_related("user").filter(pk=reset).first()
    if row is None or row.user is None or row.used_at or row.expires_at < timezone.now():
        return None
    return {"link": reverse("reset_link", args=[actions.begin_reset(row)])}


register(
    "password_link",
    _("Your link"),
    _(
        "Open this link to choose a new password:\n\n%(link)s\n\n"
        "It works once and for 30 minutes. If you did not ask for it, delete this mail."
    ),
    made=reset_link,
)
register(
    "address_changed",
    _("Your address was changed"),
    _(
        "The address of your account was changed. Links no longer come here.\n\n"
        "If you did not ask for it, tell your administrator now."
    ),
)
register(
    "number_of_the_day",
    _("Number of the day"),
    _("Keep this message. It is the number of the day.\n\n%(seal)s"),
)
register(
    "something_new",
    _("Something new"),
    _("There is something new for you. Sign in to see it."),
)
register(
    "something_urgent",
    _("Something new"),
    _("There is something for you that does not wait. Sign in now to see it."),
    is_urgent=True,
)
