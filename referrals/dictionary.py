"""What is kept of referrals: to whom, what was agreed to be shared, how it went."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    KEY,
    OF_CASE,
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
from referrals.beside_dictionary import BESIDE
from referrals.identification_dictionary import PROCEDURE

WHITHER = seen(_("Which service is asked for help, by which time"))
COURSE = seen(_("How far the referral has come, so that nobody is forgotten"))
STORY = Field(
    Level.NARRATIVE,
    _("What the service has to know to help; shared only as the person agreed"),
    Erasure.SEALED,
    special=True,
)
ANSWER = Field(Level.NARRATIVE, _("What the service wrote with its answer"), Erasure.SEALED)
WORD = seen(_("What each side says of the help, so that neither word stands alone"))
LOOKED_AT = seen(_("What was decided of a refusal, or above a missing consent, and looked at"))

ENTRIES = [
    Entry(
        "referrals.Referral",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "number": Field(Level.EXISTS, _("What both sides call the referral by")),
            "case": OF_CASE,
            "data_key": KEY,
            **told("service organization urgency due_at", WHITHER),
            **told("consent items", seen(_("What the person agreed to share, item by item"))),
            **told("state decline_reason previous appointment_at extent rung", COURSE),
            **told("client_word client_rating confirmed_by", WORD),
            **told("review override override_review", LOOKED_AT),
            "override_note": Field(
                Level.NARRATIVE, _("Why it had to leave without consent"), Erasure.SEALED
            ),
            "message": STORY,
            **told("other_service contact", ANSWER),
            **told("created_by sent_by reviewed_by overridden_by override_reviewed_by", BY),
            **told(
                "created_at sent_at received_at answered_at started_at delivered_at ended_at"
                " overdue_at client_said_at reviewed_at overridden_at override_reviewed_at"
                " next_check_at deletion_asked_at deleted_at",
                AT,
            ),
            "version": VERSION,
        },
        of_person="case__person",
        of_case="case",
        history=True,
        subject_access=True,
        api="referrals",
    ),
    Entry(
        "referrals.ReferralStep",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "referral": OF_CASE,
            "data_key": KEY,
            **told("verb from_state to_state reason side channel", COURSE),
            "at": AT,
            "actor": BY,
            **told("said_by comment", ANSWER),
        },
        of_person="referral__case__person",
        of_case="referral__case",
        subject_access=True,
    ),
    *PROCEDURE,
    *BESIDE,
]
