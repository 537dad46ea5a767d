"""What data protection keeps: registers, tickets of erasures, holds, what is due, the ledger."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    HOLDER,
    KEY,
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

CODE = seen(_("By which code people speak of the record; emptied with it"), Erasure.BLANK)
SAID = seen(_("What a register has to say by law: kind, state, deadline, decision"))
STORY = Field(Level.NARRATIVE, _("Told in words; sealed, as it may name somebody"), Erasure.SEALED)
NUMBER = Field(Level.EXISTS, _("A random number that leads nowhere once the record is gone"))
LINE = (
    {"id": ROW, "organization": HOLDER, "data_key": KEY, "version": VERSION}
    | told("recorded_by", BY)
    | told("recorded_at", AT)
)

ENTRIES = [
    Entry(
        "protection.PersonRequest",
        About.STAFF,
        Retention.CASE,
        {
            **LINE,
            **told("kind asker channel received_on due_on state extended_on", SAID),
            **told("identity_checked is_safe refusal_reason answered_on", SAID),
            "answered_by": BY,
            "code": CODE,
            "details": STORY,
        },
        because=_("Speaks of somebody by code only, and of nobody once her record is gone"),
    ),
    Entry(
        "protection.AuthorityRequest",
        About.STAFF,
        Retention.AUDIT,
        {
            **LINE,
            **told("authority reference received_on answer_by basis scope decision", SAID),
            **told("decided_on person_told", SAID),
            "decided_by": BY,
            **told("asked reasons given", STORY),
        },
        because=_("About what an authority wanted; texts are sealed"),
    ),
    Entry(
        "protection.Breach",
        About.STAFF,
        Retention.AUDIT,
        {
            **LINE,
            **told("kind severity happened_at known_at people_affected was_unreadable", SAID),
            **told("authority_told_at people_told_at closed_at", SAID),
            "closed_by": BY,
            **told("account measures not_told_reason", STORY),
        },
        because=_("About what happened to data; texts are sealed"),
    ),
    Entry(
        "protection.SharingAgreement",
        About.WORLD,
        Retention.NEVER,
        {
            **LINE,
            **told("partner kind detail frequency basis country safeguard reference", SAID),
            **told("approved_on starts_on ends_on", SAID),
        },
    ),
    Entry(
        "protection.ErasureRequest",
        About.STAFF,
        Retention.AUDIT,
        {
            "id": ROW,
            "organization": HOLDER,
            "subject": NUMBER,
            "code": CODE,
            **told("kind origin state asked erase_on warned_at erased_at stop_reason", SAID),
            **told("begun_by confirmed_by stopped_by", BY),
            **told("begun_at confirmed_at stopped_at", AT),
            "version": VERSION,
        },
        because=_("The ticket outlives the record and names it by a random number only"),
    ),
    Entry(
        "protection.Telling",
        About.STAFF,
        Retention.AUDIT,
        {
            "id": ROW,
            **told("erasure kind organization number", SAID),
            "done_by": BY,
            "done_at": AT,
        },
        because=_("Goes with the ticket; numbers of referrals and files, no person"),
    ),
    Entry(
        "protection.ErasureLedger",
        About.MACHINE,
        Retention.NEVER,
        told("id erased kind at by why request mark", NUMBER),
        because=_("Random numbers of what must go again after a restore"),
    ),
    Entry(
        "protection.LegalHold",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "organization": HOLDER,
            "person": OF_PERSON,
            "case": OF_CASE,
            **told("reason starts_on until", SAID),
            **told("placed_by lifted_by", BY),
            **told("placed_at lifted_at", AT),
        },
        of_person="person",
        of_case="case",
        erase_row=True,
    ),
    Entry(
        "protection.DueRow",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "organization": HOLDER,
            "person": OF_PERSON,
            "case": OF_CASE,
            **told("kind rule due_on found_at state keep_reason keep_until", SAID),
            "decided_by": BY,
            "decided_at": AT,
        },
        of_person="person",
        of_case="case",
        erase_row=True,
    ),
    Entry(
        "protection.Anomaly",
        About.STAFF,
        Retention.AUDIT,
        {
            "id": ROW,
            "organization": HOLDER,
            **told(
                "kind people day key count found_at state finding",
                seen(_("A sign in the trail that somebody should look at; accounts, no client")),
            ),
            **told("looked_by", BY),
            **told("looked_at", AT),
        },
        because=_("Names those who work here; what they looked for is a keyed hash"),
    ),
]
