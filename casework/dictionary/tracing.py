"""What is kept of unfinished forms, and of relatives whom somebody seeks."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
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

LOOKED_FOR = seen(_("Whom a person seeks, by codes, so that families find each other"))
THEIRS = Field(
    Level.IDENTITY,
    _("How to know somebody of her family; the data of a third person"),
    Erasure.SEALED,
)
SOUNDS = Field(
    Level.RESTRICTED,
    _("Compares a sought name by its sound without opening it"),
    Erasure.DELETE_ROW,
)
ON_DEVICE = Field(Level.RESTRICTED, _("On which device a form was begun, as a keyed hash"))
SIDES = Field(Level.EXISTS, _("Who seeks, and who may be the one, by random numbers"))

TRACING = [
    Entry(
        "casework.FormDraft",
        About.CLIENT,
        Retention.SHORT,
        {
            "id": ROW,
            "user": seen(_("Whose unfinished form it is; nobody else opens it")),
            **told("device device_words", ON_DEVICE),
            "path": Field(Level.RESTRICTED, _("Leads its owner back to the form")),
            "person": OF_PERSON,
            "data_key": KEY,
            "typed": Field(
                Level.RESTRICTED,
                _("What was typed and not saved; gone once it is, or after some days"),
                Erasure.SEALED,
            ),
            **told("begun_at saved_at", AT),
            "version": VERSION,
        },
        of_person="person",
        because=_("Belongs to who types it; what is saved of it is told where it is kept"),
        erase_row=True,
    ),
    Entry(
        "casework.SoughtRelative",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            "data_key": KEY,
            **told("kin sex birth_year_from birth_year_to nationality state", LOOKED_FOR),
            "may_be_told": seen(_("Whether who seeks agreed that the relative is told of it")),
            **told("name other_names details last_seen", THEIRS),
            **told("keys parts", SOUNDS),
            "recorded_by": BY,
            "recorded_at": AT,
            "version": VERSION,
        },
        of_person="person",
        history=True,
        subject_access=True,
        because=_("What somebody told of her family is hers to read; what was found is not"),
        erase_row=True,
    ),
    Entry(
        "casework.PossibleMatch",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            **told("sought seeker person other", SIDES),
            **told("why state", seen(_("Why two records may belong together, and what was said"))),
            **told("first_said_by settled_by", BY),
            **told("first_said_at settled_at found_at", AT),
        },
        of_person="seeker",
        history=True,
        because=_("Tells of another person, who may not want to be found"),
        erase_row=True,
    ),
]
