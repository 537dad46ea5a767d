"""What is kept of procedures of formal identification: which step, when, what came of it."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    KEY,
    OF_CASE,
    ROW,
    About,
    Entry,
    Erasure,
    Field,
    Retention,
    told,
)
from accounts.levels import Level

WAY = Field(Level.NARRATIVE, _("How far the procedure has come, and with which body"), special=True)
GROUND = Field(
    Level.NARRATIVE, _("What was reported to the body, and on which ground"), special=True
)
WHEN = Field(Level.NARRATIVE, _("When it was, for deadlines"), Erasure.YEAR)
WHO = Field(Level.NARRATIVE, _("Who wrote it down, to answer for it"))
TEXT = Field(
    Level.NARRATIVE, _("What was noticed and what came of it"), Erasure.SEALED, special=True
)
VERSION = Field(Level.NARRATIVE, _("Keeps two people from overwriting each other"))
TO_PERSON, TO_CASE = "identification__case__person", "identification__case"

PROCEDURE = [
    Entry(
        "referrals.Identification",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "case": OF_CASE,
            "data_key": KEY,
            **told("number route organization", WAY),
            "begun_by": WHO,
            **told("begun_at ended_at", WHEN),
            "version": VERSION,
        },
        of_person="case__person",
        of_case="case",
        history=True,
        subject_access=True,
        api="procedures",
    ),
    Entry(
        "referrals.ProcedureStep",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "identification": OF_CASE,
            "data_key": KEY,
            **told("step outcome organization barriers status", WAY),
            **told("at until due_at met_at told_at recorded_at", WHEN),
            "note": TEXT,
            "recorded_by": WHO,
        },
        of_person=TO_PERSON,
        of_case=TO_CASE,
        history=True,
        subject_access=True,
    ),
    Entry(
        "referrals.SuspicionReport",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "identification": OF_CASE,
            "data_key": KEY,
            **told("ground consent receivers exploitation control in_danger language", GROUND),
            "text": TEXT,
            "reported_by": WHO,
            "reported_at": WHEN,
        },
        of_person=TO_PERSON,
        of_case=TO_CASE,
        subject_access=True,
    ),
]
