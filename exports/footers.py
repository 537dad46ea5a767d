"""What stands at the end of every file: label, who, when, number of the register, audit anchor."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit_seals import latest_anchor
from accounts.models import User
from accounts.spreadsheets import Sheet, Value
from exports.models import Export


def code_of(user: User) -> str:
    """Names a user to those who can read the register, and to nobody else."""
    return f"U-{user.pk.hex[:8].upper()}"


def foot(export: Export) -> list[list[Value]]:
    """Lines of word and value; they follow the table or fill the last sheet."""
    anchor = latest_anchor()
    recipient = export.recipient.name if export.recipient else _("Not for another organization")
    lines: list[list[Value]] = [
        [_("Label"), export.get_label_display()],
        [_("Register number"), export.number],
        [_("Made for"), code_of(export.requested_by)],
        [_("Made at"), f"{timezone.localtime():%Y-%m-%d %H:%M %Z}"],
        [_("What for"), export.get_purpose_display()],
        [_("Who gets it"), recipient],
    ]
    if anchor is not None:
        lines.append([_("Audit seal"), f"{anchor.number} {anchor.hash}"])
    return lines


def last_sheet(export: Export) -> Sheet:
    return Sheet(_("About this file"), foot(export), headers=0)
