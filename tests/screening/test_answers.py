import copy

import pytest

from screening.answers import (
    AnswerSheet,
    assess_given,
    assess_sheet,
    carried_over,
    counted,
    indicators_in,
    parts_from,
    sections_asked,
    sections_for,
)
from screening.language import parse
from screening.scoring import holds
from tests.screening.vectors import THB

WHOM = {"profile": "adult", "unaccompanied_or_separated": False}


def test_flat_answers_are_sorted_into_their_sections():
    parts = parts_from(
        THB,
        acts=["transfer"],
        purposes=["forced_begging"],
        indicators={"ILO-CD-01": "yes", "RTE-02": "yes"},
        comparison={"border": "smuggling"},
    )

    assert parts == {
        "journey": {"acts": ["transfer"]},
        "work": {"purposes": ["forced_begging"]},
        "control": {"indicators": {"ILO-CD-01": "yes"}},
        "route": {"indicators": {"RTE-02": "yes"}},
        "comparison": {"comparison": {"border": "smuggling"}},
    }


def test_unknown_indicator_is_refused_by_name():
    with pytest.raises(ValueError, match="Unknown answer: ILO-XX-01"):
        parts_from(THB, indicators={"ILO-XX-01": "yes"})


def test_a_part_saved_again_takes_the_place_of_the_first():
    sheet = AnswerSheet().with_part("control", {"indicators": {"ILO-CD-01": "yes"}})

    again = sheet.with_part("control", {"indicators": {"ILO-CD-02": "unclear"}})

    assert (again.ticked, again.unclear, again.acts) == ([], ["ILO-CD-02"], [])


def test_only_a_yes_counts():
    answers = {"ILO-CD-01": "yes", "ILO-CD-02": "no", "ILO-CD-03": "unclear"}
    sheet = AnswerSheet({"control": {"indicators": answers}})

    result = assess_sheet(THB, sheet, profile="adult", unaccompanied_or_separated=False)

    assert (result.band, result.positive_dimensions) == ("D", ())


def test_sections_keep_their_numbers_whatever_the_profile():
    adult = {s["code"]: s["number"] for s in sections_for(THB, "adult")}
    child = {s["code"]: s["number"] for s in sections_for(THB, "child")}

    assert set(child) - set(adult) == {"child"}
    assert {code: child[code] for code in adult} == adult


def test_a_group_asks_only_what_applies():
    section = next(s for s in THB["sections"] if s["code"] == "work")

    asked = [i["id"] for i in indicators_in(THB, section["groups"][0], "child")]

    assert "ILO-EX-08" not in asked
    assert len(asked) == 8


@pytest.fixture
def skipping():
    """The first instrument, in which control is asked only of who was under pressure."""
    definition = copy.deepcopy(THB)
    sections = {section["code"]: section for section in definition["sections"]}
    sections["control"]["when"] = parse("answered(ILO-CR-01 is yes or unclear)")
    sections["dependence"]["groups"][0]["when"] = parse("signs(1 of coercion_at_destination)")
    return definition


def sheet_of(**answers):
    indicators = {name.replace("_", "-"): answer for name, answer in answers.items()}
    return AnswerSheet(parts_from(THB, indicators=indicators))


def test_a_part_is_asked_only_when_earlier_ones_say_so(skipping):
    def codes(sheet):
        return {section["code"] for section in sections_asked(skipping, sheet, **WHOM)}

    assert {"control", "dependence"}.isdisjoint(codes(sheet_of(ILO_CR_01="no")))
    assert "control" in codes(sheet_of(ILO_CR_01="unclear"))
    both = sheet_of(ILO_CR_01="yes", ILO_CD_01="yes")
    assert {"control", "dependence"} <= codes(both)


def test_kept_answers_of_what_is_skipped_do_not_count(skipping):
    sheet = sheet_of(ILO_CR_01="no", ILO_CD_01="yes", ILO_CD_04="yes", ILO_AVD_01="yes")

    result = assess_sheet(skipping, sheet, **WHOM)

    assert counted(skipping, sheet, **WHOM).ticked == []
    assert (result.band, assess_sheet(THB, sheet, **WHOM).band) == ("E", "B")


def test_a_skipped_part_keeps_its_answers_for_when_it_is_asked_again(skipping):
    sheet = sheet_of(ILO_CR_01="no", ILO_CD_01="yes")

    again = sheet.with_part("pressure", {"indicators": {"ILO-CR-01": "yes"}})

    assert counted(skipping, again, **WHOM).ticked == ["ILO-CR-01", "ILO-CD-01"]


def test_flat_answers_are_skipped_alike(skipping):
    facts = {"act_recorded": True, "purpose_recorded": False, **WHOM}

    result = assess_given(skipping, **facts, answers=["ILO-CD-01", "ILO-CD-04"])

    assert (result.band, result.elements["act"]) == ("D", "indicated")


def test_declined_is_neither_a_yes_nor_a_no():
    sheet = sheet_of(ILO_CD_01="declined")

    assert (sheet.ticked, sheet.declined, sheet.unclear) == ([], ["ILO-CD-01"], [])
    assert assess_sheet(THB, sheet, **WHOM).band == "E"


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("answered(ILO-CD-01 is no)", False),
        ("answered(ILO-CD-01 is unclear or declined)", True),
        ("not answered(ILO-CD-01 is yes)", True),
        ("child", False),
        ("not child", True),
        ("signs(1)", True),
        ("positive(1 of exploitation)", False),
        ("recorded(act) and not recorded(purpose)", True),
    ],
)
def test_each_condition_asks_one_thing(text, is_true):
    found = holds(
        THB,
        parse(text),
        profile="adult",
        act_recorded=True,
        purpose_recorded=False,
        unaccompanied_or_separated=False,
        answers={"ILO-CD-01": "declined", "ILO-CD-02": "yes"},
    )

    assert found == is_true


def test_alerts_are_named_apart_from_the_result():
    definition = {**THB, "alerts": [{"alert": "crisis", "when": parse("answered(GEN-01 is no)")}]}
    name = next(i["id"] for i in THB["indicators"])
    definition["alerts"][0]["when"]["answered"]["indicator"] = name
    sheet = AnswerSheet(parts_from(THB, indicators={name: "no"}))

    result = assess_sheet(definition, sheet, **WHOM)

    assert (result.band, result.alerts) == ("E", ("crisis",))


def test_answers_are_carried_into_another_version_as_far_as_it_asks():
    fewer = copy.deepcopy(THB)
    fewer["sections"] = [s for s in fewer["sections"] if s["code"] in {"pressure", "control"}]
    sheet = AnswerSheet(
        parts_from(THB, acts=["transfer"], indicators={"ILO-CD-01": "yes", "ILO-EX-01": "yes"})
    )

    assert carried_over(fewer, sheet).parts == {"control": {"indicators": {"ILO-CD-01": "yes"}}}
