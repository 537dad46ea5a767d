import pytest

from screening.language import parse
from screening.rule_words import rule_in_words
from tests.screening.vectors import THB


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("positive(1 of exploitation)", "There is enough for “Exploitation”."),
        (
            "positive(2 of exploitation, child_signs)",
            "There is enough for at least 2 of: Exploitation, Signs with a child.",
        ),
        ("signs(1)", "At least 1 sign."),
        (
            "signs(2 of exploitation; strong or medium)",
            "At least 2 signs (strong or medium) of: Exploitation.",
        ),
        ("recorded(act)", "An act is recorded."),
        (
            "answered(ILO-DR-02 is no or declined)",
            "“Was misled about how much they would earn” was answered with No or "
            "Does not want to say.",
        ),
        (
            "not child and (recorded(act) or recorded(purpose))",
            "It is not so that the person is under 18, or the age is not known, and "
            "(an act is recorded, or a purpose is recorded).",
        ),
    ],
)
def test_a_rule_says_itself(text, sentence):
    assert rule_in_words(THB, parse(text)) == sentence
