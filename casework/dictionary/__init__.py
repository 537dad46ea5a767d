"""What is kept of a client: the person by code, her name apart, her case and what is done in it."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    GRANT,
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
from casework.dictionary.access import ACCESS
from casework.dictionary.consents import CONSENT, WORDINGS
from casework.dictionary.desk import DESK
from casework.dictionary.family import FAMILY
from casework.dictionary.rows import COUNTED, DAY, NOT_KNOWN, STORY, TALKED, WAITS, of_case
from casework.dictionary.talking import TALKING
from casework.dictionary.tracing import TRACING
from casework.dictionary.twins import TWINS

PERSON = Entry(
    "casework.Person",
    About.CLIENT,
    Retention.PERSON,
    {
        "id": ROW,
        "code": Field(
            Level.OPERATIONAL,
            _("What we call somebody instead of a name"),
            Erasure.COARSEN,
            becomes="new code",
        ),
        **told("organization team", HOLDER),
        "data_key": KEY,
        "sex": replace(COUNTED, required_because=NOT_KNOWN),
        **told(
            "birth_year_from birth_year_to",
            Field(
                Level.OPERATIONAL,
                _("Whether a child's rules hold; which age band is counted"),
                Erasure.COARSEN,
                becomes="decade",
            ),
        ),
        "birth_year_source": Field(
            Level.OPERATIONAL,
            _("How sure the age is"),
            Erasure.COARSEN,
            becomes="unknown",
        ),
        "nationality": replace(COUNTED, required_because=NOT_KNOWN),
        "language": Field(
            Level.OPERATIONAL,
            TALKED.purpose,
            Erasure.COARSEN,
            becomes="und",
            required_because=_("Nobody can be helped in a language that is not known"),
        ),
        "other_languages": replace(TALKED, erasure=Erasure.BLANK),
        "residence_status": Field(
            Level.OPERATIONAL,
            _("Which rights and services there are"),
            Erasure.COARSEN,
            becomes="unknown",
        ),
        "disability": Field(
            Level.OPERATIONAL,
            _("What somebody needs to reach us, and a count that donors must give"),
            Erasure.COARSEN,
            becomes="unknown",
            special=True,
        ),
        "unaccompanied_or_separated": Field(
            Level.OPERATIONAL,
            _("A child alone needs a guardian at once"),
            Erasure.COARSEN,
            becomes="unknown",
        ),
        "handling_note": Field(
            Level.OPERATIONAL,
            _("How to talk to somebody safely; read before the talk"),
            Erasure.SEALED,
            special=True,
        ),
        "registered_by": BY,
        **told(
            "intake not_asked",
            seen(_("What nobody asked about yet, so that it is asked later and counted right")),
        ),
        "registered_at": AT,
        "last_visit_on": DAY,
        "archived_on": WAITS,
        "merged_into": OF_PERSON,
        "version": VERSION,
    },
    of_person="id",
    history=True,
    subject_access=True,
    api="people",
)

NAMES = told(
    "name other_names",
    Field(Level.IDENTITY, _("To find somebody again and to call her by her name"), Erasure.SEALED),
)
REACHED = told(
    "phone email address",
    Field(Level.IDENTITY, _("To reach somebody in the way that is safe"), Erasure.SEALED),
)
PAPERS = told(
    "birth_date document",
    Field(Level.IDENTITY, _("For papers and rights that ask for it"), Erasure.SEALED),
)

IDENTITY = Entry(
    "casework.PersonIdentity",
    About.CLIENT,
    Retention.PERSON,
    {
        "id": ROW,
        "person": OF_PERSON,
        "data_key": KEY,
        **NAMES,
        **REACHED,
        **PAPERS,
        "version": VERSION,
    },
    of_person="person",
    history=True,
    subject_access=True,
    api="cases/{id}/show-identity",
    because=_("All of it is optional: a person is complete without a name"),
    erase_row=True,
)

SOUND = Field(
    Level.RESTRICTED,
    _("Finds a name by its sound without opening it; keyed hashes shared by many"),
    Erasure.DELETE_ROW,
)
SEARCH = Entry(
    "casework.PersonSearch",
    About.CLIENT,
    Retention.PERSON,
    {
        "person": OF_PERSON,
        **told("keys parts", SOUND),
    },
    of_person="person",
    erase_row=True,
)

CASES = [
    Entry(
        "casework.Case",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "person": OF_PERSON,
            **told("organization team owner", HOLDER),
            "data_key": KEY,
            "status": COUNTED,
            "risk": seen(_("How soon the next contact is due")),
            **told("opened_on closed_on", DAY),
            "closure_reason": COUNTED,
            "last_contact_on": DAY,
            "is_sealed": seen(_("Closed to everybody without access by name")),
            "archived_on": WAITS,
            "version": VERSION,
        },
        of_person="person",
        of_case="id",
        history=True,
        subject_access=True,
        api="cases",
    ),
    of_case(
        "casework.CaseEvent",
        {
            "id": ROW,
            "case": OF_CASE,
            "at": AT,
            "code": seen(_("What happened, by code; each line has a level of its own")),
            "level": seen(_("From which level this line may be seen")),
            "actor": BY,
            "url_name": seen(_("Where more of it is told")),
            "object_id": OF_CASE,
        },
        subject_access=True,
    ),
    of_case(
        "casework.CaseNote",
        {
            "id": ROW,
            "case": OF_CASE,
            "data_key": KEY,
            "text": replace(STORY, special=True),
            "written_by": Field(Level.NARRATIVE, _("Who wrote it, to answer for it")),
            "written_at": Field(Level.NARRATIVE, _("When it was written"), Erasure.YEAR),
        },
        history=True,
        subject_access=True,
        api="notes",
    ),
    of_case(
        "casework.CaseFile",
        {
            "id": ROW,
            "case": OF_CASE,
            "data_key": KEY,
            "stored_file": Field(Level.NARRATIVE, _("The file itself, sealed in the strongroom")),
            "kind": Field(Level.NARRATIVE, _("What kind of paper, photo or recording it is")),
            "label": replace(STORY, special=True),
            "level": Field(Level.NARRATIVE, _("From which level it may be opened")),
            "added_by": Field(Level.NARRATIVE, _("Who added it, to answer for it")),
            "added_at": Field(Level.NARRATIVE, _("When it was added"), Erasure.YEAR),
        },
        subject_access=True,
        api="files",
        erase_row=True,
    ),
    of_case(
        "casework.Task",
        {
            "id": ROW,
            "case": OF_CASE,
            "data_key": KEY,
            **told("kind state reason", seen(_("What is to be done, in neutral words"))),
            "wording": replace(STORY, special=True),
            "origin": Field(Level.NARRATIVE, _("From which talk it follows")),
            **told("due_at added_at settled_at told_at", AT),
            "assigned_to": HOLDER,
            **told("added_by settled_by", BY),
            "version": VERSION,
        },
        history=True,
        subject_access=True,
        api="tasks",
    ),
    CONSENT,
    of_case(
        "casework.TraffickingStatus",
        {
            "id": ROW,
            "case": OF_CASE,
            **told(
                "status deciding_body organization basis",
                seen(_("Which protection and rights follow, and who decided so")),
            ),
            "decided_on": DAY,
            "recorded_by": BY,
            "recorded_at": AT,
        },
        history=True,
        subject_access=True,
    ),
]

WORK = [
    Entry(
        "casework.Visit",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            "team": HOLDER,
            "data_key": KEY,
            "at": AT,
            **told("language interpreting interpreter explained", TALKED),
            "concern": seen(_("Whether a first screening is due"), Erasure.BLANK),
            "concern_note": replace(STORY, special=True),
            "grant": GRANT,
            "recorded_by": BY,
            "recorded_at": AT,
            "version": VERSION,
        },
        of_person="person",
        history=True,
        subject_access=True,
        api="visits",
    ),
    Entry(
        "casework.LeafletGiven",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "visit": OF_PERSON,
            **told("edition quantity", seen(_("How many leaflets were given out"))),
        },
        of_person="visit__person",
    ),
    Entry(
        "casework.ServiceDelivered",
        About.CLIENT,
        Retention.PERSON,
        {
            "id": ROW,
            "person": OF_PERSON,
            **told("case visit", OF_CASE),
            **told(
                "service_type organization channel quantity",
                seen(_("Which help was given, for the next step and for the count")),
            ),
            "override": seen(_("Why it was given before its time, by code"), Erasure.BLANK),
            "language": TALKED,
            "grant": GRANT,
            "delivered_on": DAY,
            "recorded_by": BY,
            "recorded_at": AT,
            "version": VERSION,
        },
        of_person="person",
        of_case="case",
        history=True,
        subject_access=True,
        api="services-delivered",
    ),
    of_case(
        "casework.IncomeActivity",
        {
            "id": ROW,
            "case": OF_CASE,
            **told("kind outcome", seen(_("Which way to an income, and what came of it"))),
            "grant": GRANT,
            **told("started_on ended_on", DAY),
            "recorded_by": BY,
            "recorded_at": AT,
        },
        history=True,
        subject_access=True,
    ),
    of_case(
        "casework.IncomeActivitySession",
        {"id": ROW, "activity": OF_CASE, "attended_on": DAY, "recorded_by": BY},
        of_person="activity__case__person",
        of_case="activity__case",
        subject_access=True,
    ),
]

COUNTS = [
    Entry(
        "casework.Headcount",
        About.COUNT,
        Retention.NEVER,
        {
            "id": ROW,
            "team": HOLDER,
            "at": seen(_("On which day, for the count")),
            **told(
                "quantity sex age_band nationality language services",
                seen(_("People who were only counted, never turned into a person")),
            ),
            "told": seen(_("Whether somebody said how data are used; some donors ask for it")),
            "batch": seen(_("What was counted in one go, to take it back in one go")),
            "grant": GRANT,
            "recorded_by": BY,
            "recorded_at": seen(_("When it was counted")),
        },
    ),
]

ENTRIES = [PERSON, IDENTITY, SEARCH, *CASES, *ACCESS, *WORK, *DESK, *COUNTS]
ENTRIES += FAMILY
ENTRIES += TALKING
ENTRIES += WORDINGS
ENTRIES += TWINS
ENTRIES += TRACING
