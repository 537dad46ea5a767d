"""What messages of the directory say, to institutions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.post import register
from directory import actions
from directory.models import EntryCheck


def check_link(*, check: str) -> dict[str, str] | None:
    """The link to the question; an earlier one of the same question is dead from now on."""
    row = EntryCheck.objects.open().filter(pk=check).first()
    if row is None:
        return None
    return {"link": reverse("directory:still_right", args=[actions.begin_check(row)])}


register(
    "entry_check",
    _("Is this still right?"),
    _(
        "Open this link to say whether what we have written down about you is still right:\n\n"
        "%(link)s\n\nIt works once and for 30 days."
    ),
    made=check_link,
)
register(
    "contact_changed",
    _("Your entry was changed"),
    _(
        "The number or address that we have for you was changed.\n\n"
        "If none of you asked for it, call us now."
    ),
)
