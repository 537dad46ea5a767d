"""What is kept of the front desk: cards, who is in the hub, and the rules of services."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    HOLDER,
    OF_CASE,
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
from casework.dictionary.rows import DAY

DESK = [
    Entry(
        "casework.Card",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            "number_hash": Field(
                Level.RESTRICTED,
                _("Finds the card that was scanned; a keyed hash, never shown"),
                Erasure.DELETE_ROW,
            ),
            "state": seen(_("Whether this card still checks somebody in"), Erasure.DELETE_ROW),
            "issued_by": BY,
            "issued_at": AT,
            "ended_on": DAY,
        },
        of_person="person",
        history=True,
        subject_access=True,
        because=_("All of the row goes: a card of somebody erased is not known"),
        erase_row=True,
    ),
    Entry(
        "casework.CheckIn",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            "team": HOLDER,
            **told(
                "came_at left_at",
                seen(_("Who is in the hub now; after some weeks only the day stays"), Erasure.YEAR),
            ),
            "how": seen(_("Whether cards are of use"), Erasure.DELETE_ROW),
            "waits_for": seen(_("Whom to call next, by code"), Erasure.BLANK),
            "visit": OF_CASE,
            "is_ended_by_clock": seen(_("Tells a forgotten row from somebody who left")),
            "checked_in_by": BY,
        },
        of_person="person",
        subject_access=True,
        because=_("Earlier versions would keep the hours: only the row itself is kept"),
        erase_row=True,
    ),
    Entry(
        "casework.VisitRule",
        About.WORLD,
        Retention.NEVER,
        {
            "id": ROW,
            "organization": HOLDER,
            **told(
                "service_type interval_hours most_per_day apart_from override is_active",
                seen(_("How often a service is given, the same for everybody")),
            ),
            "changed_by": BY,
            "changed_at": seen(_("Since when the rule is like this")),
            "version": VERSION,
        },
        history=True,
        because=_("Speaks of services, of nobody in particular"),
    ),
]
