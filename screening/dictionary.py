"""What is kept of talks: the questions, the sealed answers, the decision."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    HOLDER,
    KEY,
    OF_CASE,
    ROW,
    VERSION,
    About,
    Entry,
    Erasure,
    Field,
    Retention,
    told,
)
from accounts.levels import Level

QUESTIONS = Field(Level.EXISTS, _("What is asked, in a version that never changes"))
OFFER = Field(Level.EXISTS, _("Which sets of questions a house offers"))
TRIAL = Field(Level.EXISTS, _("How results would differ with other questions: numbers only"))
CHANGE = Field(Level.EXISTS, _("Why questions are to be changed: codes and protected counts"))
TALK = Field(Level.NARRATIVE, _("How the talk was held, so that its answers can be weighed"))
RESULT = Field(Level.NARRATIVE, _("What the answers add up to, as advice"), special=True)
DECISION = Field(Level.NARRATIVE, _("What a person decided, and why"), special=True)
WHO = Field(Level.NARRATIVE, _("Who of those who work here did it, to answer for it"))
WHEN = Field(
    Level.NARRATIVE,
    _("When it was done, for the order of things and for deadlines"),
    Erasure.YEAR,
)

HAPPENED = Field(
    Level.NARRATIVE,
    _("When and where something happened, for care in time and for safety"),
    Erasure.BLANK,
    special=True,
)

ENTRIES = [
    Entry("screening.Instrument", About.WORLD, Retention.NEVER, told("id code", QUESTIONS)),
    Entry(
        "screening.InstrumentVersion",
        About.WORLD,
        Retention.NEVER,
        told(
            "id instrument organization version definition content_hash valid_from valid_until "
            "loaded_at published_by retired_by",
            QUESTIONS,
        ),
        api="instruments",
    ),
    Entry(
        "screening.InstrumentSwitch",
        About.WORLD,
        Retention.NEVER,
        told("id organization instrument is_on changed_by changed_at", OFFER),
    ),
    Entry(
        "screening.InstrumentDraft",
        About.WORLD,
        Retention.NEVER,
        told(
            "id instrument organization based_on definition editors begun_by begun_at saved_by "
            "saved_at published version",
            QUESTIONS,
        ),
    ),
    Entry(
        "screening.InstrumentTrial",
        About.WORLD,
        Retention.NEVER,
        told(
            "id instrument organization draft instrument_version draft_version asked_by asked_at "
            "finished_at tried counts",
            TRIAL,
        ),
    ),
    Entry(
        "screening.ChangeProposal",
        About.WORLD,
        Retention.NEVER,
        told(
            "id organization instrument reason indicator asked yes tenths starts_on ends_before "
            "state proposed_by proposed_at draft settled_by settled_at",
            CHANGE,
        ),
    ),
    Entry(
        "screening.Recording",
        About.WORLD,
        Retention.NEVER,
        {
            "data_key": KEY,
            **told(
                "id organization instrument_version indicator language stored_file added_by "
                "added_at reviewed_by reviewed_at",
                QUESTIONS,
            ),
        },
    ),
    Entry(
        "screening.Screening",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "case": OF_CASE,
            "data_key": KEY,
            **told("instrument_version state profile profile_basis", TALK),
            **told("limits_text limits_unsaid present", TALK),
            **told("language interpreting interpreter", TALK),
            "route": Field(
                Level.NARRATIVE,
                _("By which route she came: which questions fit, and what happens on which route"),
                Erasure.BLANK,
            ),
            "safety": Field(
                Level.NARRATIVE, _("Whether the person could talk safely"), Erasure.KEEP
            ),
            "unaccompanied_or_separated": Field(
                Level.NARRATIVE, _("A child alone is asked and protected in another way")
            ),
            "answers": Field(
                Level.NARRATIVE,
                _("Signs of trafficking or violence, by code; what help follows from them"),
                Erasure.SEALED,
                special=True,
                required_because=_("Each question can be left out or refused"),
            ),
            **told("band", RESULT),
            "stop_reason": Field(
                Level.NARRATIVE,
                _("Why a talk ended early, so that the next one is safer"),
                Erasure.BLANK,
            ),
            **told("decision decision_reason review", DECISION),
            "pressure_reason": TALK,
            "taken_on": Field(
                Level.NARRATIVE,
                _("Which next steps somebody took on, so that none is forgotten"),
                Erasure.SEALED,
                special=True,
            ),
            "ask_again_on": Field(
                Level.NARRATIVE, _("On which day a new talk is to be offered"), Erasure.YEAR
            ),
            **told("started_by completed_by decided_by", WHO),
            **told("limits_said_by reviewed_by pressure_by", WHO),
            **told("started_at saved_at completed_at decided_at", WHEN),
            **told("limits_said_at reviewed_at pressure_at alerted_at", WHEN),
            "version": VERSION,
        },
        of_person="case__person",
        of_case="case",
        history=True,
        subject_access=True,
        api="screenings",
    ),
    Entry(
        "screening.Incident",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "case": OF_CASE,
            "organization": HOLDER,
            "data_key": KEY,
            **told("first_on last_on", replace(HAPPENED, erasure=Erasure.YEAR)),
            **told("first_hour last_hour area", HAPPENED),
            **told("stage place", replace(HAPPENED, erasure=Erasure.COARSEN, becomes="unknown")),
            "facts": Field(
                Level.NARRATIVE,
                _("What it was, by code; what help and whose duty follow from it"),
                Erasure.SEALED,
                special=True,
                required_because=_("Whatever is not known or not said can stay open"),
            ),
            "state": Field(Level.NARRATIVE, _("Whether something is still to be done")),
            "closing_reason": Field(Level.NARRATIVE, _("Why nothing more is to be done")),
            **told("recorded_by conduct_by closed_by", WHO),
            **told("recorded_at closed_at clock_told_until", WHEN),
            "version": VERSION,
        },
        of_person="case__person",
        of_case="case",
        history=True,
        subject_access=True,
        api="incidents",
    ),
]
