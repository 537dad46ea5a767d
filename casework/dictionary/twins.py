"""What is kept of two records that may be of one person, and of their merge."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    HOLDER,
    KEY,
    OF_PERSON,
    ROW,
    VERSION,
    About,
    Entry,
    Erasure,
    Field,
    Retention,
    seen,
    told,
)
from accounts.levels import Level

PAIRED = seen(_("Why two records look like one person, by code, and what people said of it"))
UNDONE = Field(Level.RESTRICTED, _("What an exact undo of a merge needs, for thirty days"))

TWINS = [
    Entry(
        "casework.TwinTicket",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "organization": HOLDER,
            **told("first second", OF_PERSON),
            **told("found_how score likeness because state verdict", PAIRED),
            **told("opened_by settled_by confirmed_by", BY),
            **told("opened_at settled_at confirmed_at", AT),
            "version": VERSION,
        },
        of_person="first",
        history=True,
        because=_("Two who were told apart are not asked about again"),
        erase_row=True,
    ),
    Entry(
        "casework.PersonMerge",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "organization": HOLDER,
            **told("survivor loser ticket", OF_PERSON),
            "loser_code": seen(_("Leads from the old code to the record that is kept")),
            "data_key": KEY,
            **told("state refusal", seen(_("Whether two records are one, and until when not"))),
            "kept": Field(
                Level.RESTRICTED,
                _("What was chosen and what stood there before, for the undo"),
                Erasure.SEALED,
                special=True,
            ),
            **told("moved left closed versions", UNDONE),
            **told("merged_by undone_by", BY),
            **told("asked_at done_at undone_at", AT),
            "undo_until": seen(_("The last day on which it can be undone"), Erasure.YEAR),
        },
        of_person="survivor",
        erase_row=True,
    ),
]
