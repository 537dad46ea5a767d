"""What is kept of a file that was brought in or made here; what it belongs to says more."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import AT, BY, KEY, ROW, About, Entry, Erasure, Field, Retention, told
from accounts.levels import Level

MACHINE = Field(Level.RESTRICTED, _("Lets the machine find and open it; nobody reads it"))
TOLD = Field(Level.NARRATIVE, _("Whether and why not a file can be opened, and how large it is"))

ENTRIES = [
    Entry(
        "files.StoredFile",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "data_key": KEY,
            "name": Field(
                Level.NARRATIVE, _("The name it came with, to recognise it"), Erasure.SEALED
            ),
            "secret": Field(Level.RESTRICTED, KEY.purpose, Erasure.SEALED),
            **told("place sha256 original attempts tried_at", MACHINE),
            **told("kind media size state reason", TOLD),
            "created_by": BY,
            "created_at": AT,
        },
        because=_("Belongs to whose key it is sealed with; its bytes are destroyed with that key"),
    ),
]
