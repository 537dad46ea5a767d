"""What the entries of casework share."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    About,
    Entry,
    Erasure,
    Field,
    Retention,
    seen,
)
from accounts.levels import Level

DAY = seen(_("On which day, for the count and the order of things"), Erasure.YEAR)
COUNTED = seen(_("Counted for reports without a name; needed to offer the right help"))
TALKED = seen(_("In which language and how we talked, so that the next talk can be prepared"))
NOT_KNOWN = _('Every donor asks for the count; "not known" is an answer')
WAITS = Field(Level.RESTRICTED, _("Hidden since then, until it is erased"), Erasure.YEAR)
STORY = Field(Level.NARRATIVE, _("Told or seen, to help; never shown in lists"), Erasure.SEALED)
READERS = seen(_("Who can see the case, how much, from when until when, and who allowed it"))


def of_case(model: str, fields: Mapping[str, Field], **more: Any) -> Entry:
    """A row that belongs to a case and goes with it."""
    paths = {"of_person": "case__person", "of_case": "case"}
    return Entry(model, About.CLIENT, Retention.CASE, fields, **{**paths, **more})
