"""What is kept of who may see a case, and of who must not."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    KEY,
    OF_CASE,
    ROW,
    Erasure,
    Field,
    told,
)
from accounts.levels import Level
from casework.dictionary.rows import READERS, of_case

ACCESS = [
    of_case(
        f"casework.{model}",
        {
            "id": ROW,
            "content_object": OF_CASE,
            **told(f"{holder} permission kind starts_at ends_at reason granted_by", READERS),
        },
        of_person="content_object__person",
        of_case="content_object",
        history=True,
        because=_("Read by the gate itself; shown to whoever sees the case"),
    )
    for model, holder in [("CaseAccess", "user"), ("TeamCaseAccess", "group")]
]

ACCESS += [
    of_case(
        "casework.CaseBlock",
        {
            "id": ROW,
            "case": OF_CASE,
            **told(
                "user reason blocked_by at lifted_at",
                Field(
                    Level.RESTRICTED,
                    _("Keeps a case from somebody who must not meet it; coordinators read it"),
                ),
            ),
        },
        history=True,
        because=_("About somebody who works here as much as about the client"),
    ),
]

ASKED = Field(Level.RESTRICTED, _("Who opened a case in an emergency, and whether it was right"))
ACCESS += [
    of_case(
        "casework.EmergencyAccess",
        {
            "id": ROW,
            "case": OF_CASE,
            "data_key": KEY,
            "reason": Field(
                Level.RESTRICTED,
                _("What happened, told to who agrees to and reviews the access"),
                Erasure.SEALED,
                special=True,
            ),
            **told("organization asked_by category state access", ASKED),
            **told("review_due_at reviewed_by reviewed_at verdict", ASKED),
            "asked_at": replace(ASKED, erasure=Erasure.YEAR),
        },
        because=_("Read by who asked, and by those who agree to it and review it"),
    ),
    of_case(
        "casework.EmergencyVote",
        {"id": ROW, "emergency": OF_CASE, **told("voter agrees at", ASKED)},
        of_person="emergency__case__person",
        of_case="emergency__case",
    ),
]
