"""What is kept for talking safely: wishes, ways to reach somebody, what is not asked again."""

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
from casework.dictionary.rows import DAY, TALKED

REACHED = seen(_("Whether, when and how somebody may be reached without bringing her into danger"))
BOUND = seen(_("Whether an interpreter is bound to silence and was looked at before being asked"))
INTERPRETER = Field(
    Level.IDENTITY,
    _("Calls an interpreter; sealed, for whoever interprets is in danger of being asked who came"),
    Erasure.SEALED,
)
SAID = Field(
    Level.IDENTITY,
    _("What to say so that only she understands who is calling"),
    Erasure.SEALED,
)

TALKING = [
    Entry(
        "casework.Interpreter",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            "code": seen(_("What we call an interpreter in lists instead of a name")),
            "organization": HOLDER,
            "user": BY,
            "data_key": KEY,
            **told("name phone notes", INTERPRETER),
            **told(
                "languages dialects gender comes_in_person works_by_phone is_available",
                seen(_("Who can be asked for a talk, as the person wishes")),
            ),
            "country": seen(_("For the wish of a person to have nobody from her own community")),
            **told("pledged_on pledge_until vetting vetted_until", BOUND),
            "left_on": seen(_("From when on the time until the name is forgotten is counted")),
            "recorded_by": BY,
            "recorded_at": AT,
            "version": VERSION,
        },
        history=True,
    ),
    Entry(
        "casework.InterpreterBlock",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "interpreter": seen(_("Who is never asked for this person")),
            "person": OF_PERSON,
            **told("reason said_by", seen(_("Why an interpreter is kept away, and who said so"))),
            "recorded_by": BY,
            **told("recorded_at lifted_at", AT),
            **told(
                "lift_said_by lift_said_on lift_asked_by",
                seen(_("Who said that the block may end, when, and which colleague asked")),
            ),
        },
        of_person="person",
        subject_access=True,
        erase_row=True,
    ),
    Entry(
        "casework.TalkWish",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            **told(
                "language dialect interpreter_gender is_not_from_community by_phone_only"
                " interpreter read_aloud channel",
                TALKED,
            ),
            "recorded_by": BY,
            **told("recorded_at ended_at", AT),
        },
        of_person="person",
        subject_access=True,
        api="talk-wishes",
        erase_row=True,
    ),
    Entry(
        "casework.ContactRule",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            "data_key": KEY,
            **told(
                "channel is_safe days since until answered_by may_leave_message learned_from",
                REACHED,
            ),
            **told("cover_name safe_word", SAID),
            **told("valid_until learned_on", DAY),
            "recorded_by": BY,
            **told("recorded_at ended_at", AT),
        },
        of_person="person",
        subject_access=True,
        api="contact-rules",
        erase_row=True,
    ),
    Entry(
        "casework.DoNotAsk",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            "topic": Field(
                Level.OPERATIONAL,
                _("What somebody told already, so that nobody makes her tell it again"),
                special=True,
            ),
            "kept_in": seen(_("Where whoever may reads it instead of asking")),
            **told("told_on until", DAY),
            "told_to": BY,
            **told("recorded_at lifted_at", AT),
        },
        of_person="person",
        subject_access=True,
        erase_row=True,
    ),
]
