import copy

from screening.comparing import differences
from screening.drafting import with_band
from tests.screening.vectors import THB


def told(old, new):
    return [(d.area, d.key, d.kind, d.field, d.before, d.after) for d in differences(old, new)]


def test_a_version_does_not_differ_from_itself():
    assert told(THB, copy.deepcopy(THB)) == []


def test_words_strengths_and_days_are_told_with_before_and_after():
    new = copy.deepcopy(THB)
    new["version"], new["valid_until"] = "2.0", "2030-12-31"
    new["indicators"][0]["strength"]["child"] = "weak"
    new["indicators"][0]["text"]["sr"] = "Druge reči"

    found = told(THB, new)

    before = THB["indicators"][0]
    assert found == [
        ("frame", "", "changed", "valid_until", None, "2030-12-31"),
        ("indicators", "ILO-DR-01", "changed", "text.sr", before["text"]["sr"], "Druge reči"),
        ("indicators", "ILO-DR-01", "changed", "strength.child", "strong", "weak"),
    ]


def test_what_is_added_and_taken_out_is_told_by_its_words():
    new = copy.deepcopy(THB)
    gone = new["actions"].pop()
    new["sources"].append({"code": "own", "title": "Us", "certainty": "project_proposal"})

    assert told(THB, new) == [
        ("actions", gone["code"], "removed", "", gone["text"]["en"], None),
        ("sources", "own", "added", "", None, "Us"),
    ]


def test_rules_are_told_in_the_language():
    new = with_band(THB, "adult-C", {}, "recorded(act)")

    assert told(THB, new) == [
        ("rules", "adult-C", "changed", "when", "positive(1 of exploitation)", "recorded(act)")
    ]


def test_the_order_of_questions_is_told():
    new = copy.deepcopy(THB)
    names = new["sections"][1]["groups"][0]["indicators"]
    names.reverse()

    ((area, key, kind, field, before, after),) = told(THB, new)

    assert (area, key, kind, field) == ("groups", "pressure", "changed", "indicators")
    assert before.split(", ") == after.split(", ")[::-1]
