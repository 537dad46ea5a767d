"""What is kept of families: who lives together, and what people are to each other."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    HOLDER,
    OF_CASE,
    OF_PERSON,
    ROW,
    About,
    Entry,
    Retention,
    seen,
    told,
)
from casework.dictionary.rows import DAY

FAMILY = [
    Entry(
        "casework.Household",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "code": seen(_("What we call a household instead of a name")),
            "organization": HOLDER,
            "made_by": BY,
            "made_at": AT,
        },
        because=_("Holds nobody by itself: who is in it stands in rows of its members"),
    ),
    Entry(
        "casework.HouseholdMember",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "household": OF_CASE,
            "person": OF_PERSON,
            "role": seen(_("Who speaks for the household, for help that is given to all of it")),
            **told("since until", DAY),
            "recorded_by": BY,
            "recorded_at": AT,
        },
        of_person="person",
        history=True,
        subject_access=True,
        erase_row=True,
    ),
]
