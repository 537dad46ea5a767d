"""What is kept of answers to questions of consent, and of the words in which they were asked."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    KEY,
    OF_CASE,
    OF_PERSON,
    ROW,
    About,
    Entry,
    Erasure,
    Field,
    Retention,
    seen,
    told,
)
from accounts.levels import Level
from casework.dictionary.rows import DAY, STORY

CONSENT = Entry(
    "casework.Consent",
    About.CLIENT,
    Retention.PERSON,
    {
        "id": ROW,
        "person": OF_PERSON,
        "case": OF_CASE,
        "data_key": KEY,
        **told(
            "purpose organization service items decision",
            seen(_("What somebody agreed to or refused: to whom, which data")),
        ),
        "given_by": seen(_("Who answered, for a child who else was asked")),
        "guardian_suspected": Field(
            Level.OPERATIONAL,
            _("Who must not be asked, because it may be who does harm"),
            Erasure.COARSEN,
            becomes="unknown",
            special=True,
        ),
        "reason": replace(STORY, purpose=_("Why somebody must not know, as the person said it")),
        **told(
            "channel language interpreting interpreter is_read_back text text_version",
            seen(_("How it was asked and in which words, to show that it was understood")),
        ),
        "signed_file": OF_CASE,
        "witness": BY,
        **told("given_on valid_until withdrawn_at", DAY),
        "ended_with": OF_CASE,
        "recorded_by": BY,
        "recorded_at": AT,
    },
    of_person="person",
    of_case="case",
    history=True,
    subject_access=True,
    api="consents",
    because=_("Shows that an answer was asked for; kept as long as the record it speaks of"),
)

WORDINGS = [
    Entry(
        "casework.ConsentText",
        About.WORLD,
        Retention.NEVER,
        {
            "id": ROW,
            "organization": seen(_("Whose wording it is; nobody's where the product brought it")),
            **told("purpose language version text", seen(_("The words in which consent is asked"))),
            **told("written_by reviewed_by", BY),
            **told(
                "written_at reviewed_at valid_from valid_until",
                seen(_("Since when and until when a wording is used")),
            ),
        },
    ),
]
