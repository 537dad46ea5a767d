from stack import steps
from stack.prepare import ACTIONS


def test_every_step_is_due_at_first_and_none_when_done(place):
    stamps = place / "stamps.json"

    first = steps.due(stamps, {})
    steps.mark_done(stamps, first)

    assert list(first) == list(steps.STEPS)
    assert steps.due(stamps, {}) == {}


def test_step_is_due_again_when_what_it_was_told_changes(place):
    stamps = place / "stamps.json"
    steps.mark_done(stamps, steps.due(stamps, {"demo": "password 40"}))

    assert list(steps.due(stamps, {"demo": "password 50"})) == ["demo"]


def test_every_step_can_be_done():
    assert list(ACTIONS) == list(steps.STEPS)
