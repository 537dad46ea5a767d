import pytest

from screening.answers import AnswerSheet, assess_sheet, indicators_in, parts_from, sections_for
from tests.screening.vectors import THB


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
