"""What the register of exports keeps: codes and numbers; it outlives whom an export was about."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    BY,
    KEY,
    ROW,
    About,
    Entry,
    Field,
    Retention,
    seen,
    told,
)
from accounts.levels import Level

LINE = seen(_("What left the house, for whom, why and when, so that somebody answers for it"))
MACHINE = Field(Level.RESTRICTED, _("The sealed file until it is fetched; then destroyed"))

ENTRIES = [
    Entry(
        "exports.Export",
        About.STAFF,
        Retention.AUDIT,
        {
            "id": ROW,
            "data_key": KEY,
            **told("organization kind object_id case_id filters columns rows purpose", LINE),
            **told("recipient recipient_key label format state", LINE),
            **told("requested_at decided_at made_at expires_at downloaded_at sha256", LINE),
            **told("requested_by decided_by", BY),
            **told("file locked_file", MACHINE),
        },
        of_case="case_id",
        because=_("Names records by random numbers only, so that it may outlive them"),
    ),
]
