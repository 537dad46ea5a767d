"""Whose answer is enough: the table, row by row, without a database."""

import pytest

from casework.consent_rules import Age, Giver, Verdict, may_be_counted, verdict

YES, NO = True, False
OWN, GUARDIAN, CAREGIVER, AUTHORITY, BEST = (giver.value for giver in Giver)
WOMAN, GIRL, TODDLER, NOT_KNOWN = Age(24, 26), Age(12, 13), Age(3, 4), Age()
YOUTH, NEAR = Age(15, 16), Age(14, 15)


@pytest.mark.parametrize(
    ("age", "answers", "purpose", "suspected", "said"),
    [
        # A grown-up answers for herself, and nobody else does.
        (WOMAN, {OWN: YES}, "referral", False, Verdict.ENOUGH),
        (WOMAN, {OWN: NO}, "referral", False, Verdict.REFUSED),
        (WOMAN, {}, "referral", False, Verdict.NOT_ASKED),
        (WOMAN, {AUTHORITY: YES}, "referral", False, Verdict.NOT_ASKED),
        (YOUTH, {OWN: YES}, "referral", False, Verdict.ENOUGH),
        (YOUTH, {OWN: YES}, "photo", False, Verdict.NEEDS_GUARDIAN),
        (NEAR, {OWN: YES}, "referral", False, Verdict.NEEDS_GUARDIAN),
        # A child is asked, and somebody who answers for the child.
        (GIRL, {}, "referral", False, Verdict.NOT_ASKED),
        (GIRL, {OWN: YES}, "referral", False, Verdict.NEEDS_GUARDIAN),
        (GIRL, {OWN: YES, GUARDIAN: YES}, "referral", False, Verdict.ENOUGH),
        (GIRL, {OWN: NO, GUARDIAN: YES}, "referral", False, Verdict.REFUSED),
        (GIRL, {OWN: YES, GUARDIAN: NO}, "referral", False, Verdict.REFUSED),
        (GIRL, {GUARDIAN: YES}, "referral", False, Verdict.NEEDS_OWN),
        (TODDLER, {GUARDIAN: YES}, "referral", False, Verdict.ENOUGH),
        # Who cares for the child agrees to what binds it to nothing.
        (GIRL, {OWN: YES, CAREGIVER: YES}, "record", False, Verdict.ENOUGH),
        (GIRL, {OWN: YES, CAREGIVER: YES}, "referral", False, Verdict.NEEDS_GUARDIAN),
        (GIRL, {OWN: YES, CAREGIVER: NO}, "referral", False, Verdict.NEEDS_GUARDIAN),
        # A suspected guardian counts for nothing, neither by yes nor by no.
        (GIRL, {OWN: YES, GUARDIAN: YES}, "referral", True, Verdict.NEEDS_AUTHORITY),
        (GIRL, {OWN: YES, GUARDIAN: NO}, "referral", True, Verdict.NEEDS_AUTHORITY),
        (GIRL, {OWN: YES, GUARDIAN: NO, AUTHORITY: YES}, "referral", True, Verdict.ENOUGH),
        (GIRL, {OWN: YES, AUTHORITY: NO}, "referral", True, Verdict.REFUSED),
        (GIRL, {OWN: YES, CAREGIVER: YES}, "record", True, Verdict.NEEDS_AUTHORITY),
        # The authority decides where it has spoken.
        (GIRL, {OWN: YES, GUARDIAN: NO, AUTHORITY: YES}, "referral", False, Verdict.ENOUGH),
        # Urgent help does not wait; a picture does.
        (GIRL, {OWN: YES, BEST: YES}, "referral", False, Verdict.ENOUGH),
        (GIRL, {OWN: YES, BEST: YES}, "photo", False, Verdict.NEEDS_GUARDIAN),
        # An age that nobody knows is a child's.
        (NOT_KNOWN, {OWN: YES}, "referral", False, Verdict.NEEDS_GUARDIAN),
        (NOT_KNOWN, {OWN: YES, GUARDIAN: YES}, "referral", False, Verdict.ENOUGH),
    ],
)
def test_answers_amount_to(age, answers, purpose, suspected, said):
    own_age = 18 if purpose == "photo" else 15

    found = verdict(
        answers,
        purpose=purpose,
        age=age,
        own_age=own_age,
        assent_age=7,
        is_guardian_suspected=suspected,
    )

    assert found == said


@pytest.mark.parametrize(
    ("answers", "counts"),
    [({}, True), ({OWN: YES}, True), ({OWN: NO}, False), ({OWN: YES, GUARDIAN: NO}, False)],
)
def test_one_no_keeps_somebody_out_of_the_figures(answers, counts):
    assert may_be_counted(answers) == counts
