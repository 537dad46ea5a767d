import copy
import json
import re

import pytest

from screening.instrument_files import (
    FOLDER,
    InstrumentFileError,
    contradictions,
    instrument_paths,
    read_instrument,
)
from tests.screening.vectors import THB


def broken(**changes):
    return {**copy.deepcopy(THB), **changes}


def written(folder, definition):
    path = folder / "broken.json"
    path.write_text(json.dumps(definition), encoding="utf-8")
    return path


def test_every_file_of_the_folder_is_an_instrument():
    codes = [read_instrument(path)["code"] for path in instrument_paths()]

    assert codes == sorted(codes)
    assert "thb" in codes


def test_thb_has_its_179_indicators_of_which_67_score():
    scored = {d["code"] for d in THB["dimensions"] if d["scored"]}

    per_dimension = {
        code: sum(i["dimension"] == code for i in THB["indicators"]) for code in scored
    }

    assert len(THB["indicators"]) == 179
    assert per_dimension == {
        "deceptive_recruitment": 10,
        "coercive_recruitment": 10,
        "abuse_of_vulnerability_recruitment": 16,
        "exploitation": 9,
        "coercion_at_destination": 15,
        "abuse_of_vulnerability_destination": 7,
    }


def test_thb_asks_what_applies_to_one_profile_only_in_parts_for_that_profile():
    applies = {i["id"]: i["applies_to"] for i in THB["indicators"]}

    told_apart = {
        applies[indicator]
        for section in THB["sections"]
        for group in section["groups"]
        if group.get("profiles", section["profiles"]) == ["child"]
        for indicator in group["indicators"]
    }

    assert told_apart == {"child"}


def test_thb_has_every_text_in_both_languages():
    def texts(node):
        if isinstance(node, dict):
            if "en" in node and isinstance(node["en"], str):
                yield node
            for value in node.values():
                yield from texts(value)
        elif isinstance(node, list):
            for value in node:
                yield from texts(value)

    content = {key: value for key, value in THB.items() if key != "translations"}

    assert [text for text in texts(content) if not text.get("sr")] == []


def test_serbian_of_thb_is_marked_as_a_draft():
    assert THB["translations"] == {"en": "source", "sr": "draft"}


def test_no_text_calls_anybody_no_victim():
    assert re.findall("not a victim|nije žrtva", json.dumps(THB, ensure_ascii=False)) == []


def test_comparison_has_ten_criteria():
    criteria = THB["comparison"]["criteria"]

    assert [c["id"] for c in criteria] == [f"SVT-{n:02d}" for n in range(1, 11)]


def test_file_that_is_no_json_is_refused_with_its_path(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")

    with pytest.raises(InstrumentFileError, match=re.escape(f"{path}: the file: Expecting")):
        read_instrument(path)


def test_missing_file_is_refused_with_its_path(tmp_path):
    with pytest.raises(InstrumentFileError, match="No such file"):
        read_instrument(tmp_path / "nothing.json")


def test_file_that_breaks_the_schema_is_refused_with_the_place(tmp_path):
    definition = broken()
    definition["indicators"][0]["strength"]["adult"] = "huge"
    path = written(tmp_path, definition)

    with pytest.raises(InstrumentFileError) as refused:
        read_instrument(path)

    expected = f"{path}: $.indicators[0].strength.adult: 'huge' is not one of"
    assert str(refused.value).startswith(expected)


def test_impossible_date_is_refused(tmp_path):
    path = written(tmp_path, broken(valid_from="2026-02-31"))

    with pytest.raises(InstrumentFileError, match=r"\$\.valid_from: '2026-02-31' is not a 'date'"):
        read_instrument(path)


def test_contradiction_is_refused_with_its_place(tmp_path):
    definition = broken()
    definition["indicators"][0]["dimension"] = "nowhere"
    path = written(tmp_path, definition)

    with pytest.raises(InstrumentFileError, match="indicator ILO-DR-01: there is no dimension"):
        read_instrument(path)


def without_text(definition):
    del definition["texts"]["rules"]["medium>=3"]


def without_item_text(definition):
    del definition["texts"]["rules"]["two_child_signs"]


def twice(definition):
    definition["acts"].append(definition["acts"][0])


def flag_that_scores(definition):
    definition["indicators"][0]["strength"]["child"] = "flag"


def unknown_source(definition):
    definition["indicators"][0]["source"] = "rumour"


def never_asked(definition):
    definition["sections"][1]["groups"][0]["indicators"].remove("ILO-CR-10")


def asked_twice(definition):
    definition["sections"][1]["groups"][0]["indicators"].append("ILO-DR-01")


def asked_but_unknown(definition):
    definition["sections"][1]["groups"][0]["indicators"].append("ILO-ZZ-01")


def acts_with_indicators(definition):
    definition["sections"][0]["groups"][0]["indicators"] = []


def told_by_nobody(definition):
    definition["comparison"]["criteria"][0]["told_by"].append("ILO-ZZ-01")


def band_without_text(definition):
    definition["bands"]["child"].pop()


def last_band_with_condition(definition):
    definition["rules"]["bands"]["adult"][-1]["when"] = {"recorded": "act"}


def unknown_action(definition):
    definition["bands"]["adult"][0]["actions"].append("shout")


def rule_about_nothing(definition):
    definition["rules"]["bands"]["adult"][2]["when"]["positive"]["of"] = ["nowhere"]


def unreadable_backwards(definition):
    definition["rules"]["bands"]["adult"][2]["when"] = {"not": {"recorded": "act"}}


def bands_upside_down(definition):
    for part in (definition["bands"], definition["rules"]["bands"]):
        part["adult"][0], part["adult"][1] = part["adult"][1], part["adult"][0]


def skip_that_looks_ahead(definition):
    later = {"answered": {"indicator": "ILO-EX-01", "is": ["yes"]}}
    definition["sections"][1]["when"] = later


def skip_of_a_group_by_its_own_section(definition):
    definition["sections"][1]["groups"][0]["when"] = {
        "answered": {"indicator": "ILO-CR-01", "is": ["yes"]}
    }


def alert_about_nothing(definition):
    definition["alerts"] = [
        {"alert": "crisis", "when": {"answered": {"indicator": "ILO-ZZ-01", "is": ["yes"]}}}
    ]


def too_deep(definition):
    condition = {"recorded": "act"}
    for _level in range(30):
        condition = {"all": [condition]}
    definition["rules"]["bands"]["adult"][3]["when"] = condition


def client_part_that_is_none(definition):
    definition["client"] = {"sections": ["nowhere"]}


def ends_before_it_begins(definition):
    definition["valid_until"] = "1999-01-01"


def ages_turned_round(definition):
    definition["scope"]["ages"] = {"from": 30, "until": 20}


def text_in_a_language_of_nobody(definition):
    definition["title"]["fa"] = "عنوان"


def reviewed_with_a_hole(definition):
    definition["translations"]["sr"] = "reviewed"
    del definition["title"]["sr"]


def act_without_text(definition):
    del definition["texts"]["recorded"]["act"]


def act_that_no_part_asks_for(definition):
    definition["sections"][0]["groups"].pop(0)


def acts_without_a_list(definition):
    del definition["acts"]


@pytest.mark.parametrize(
    ("change", "where", "reason"),
    [
        (without_text, "texts.rules", "the rule medium>=3 has no text"),
        (without_item_text, "texts.rules", "the rule two_child_signs has no text"),
        (twice, "acts", "recruitment stands twice"),
        (flag_that_scores, "indicator ILO-DR-01", "flags belong in a dimension"),
        (unknown_source, "indicator ILO-DR-01", "there is no source rumour"),
        (never_asked, "sections", "ILO-CR-10 is never asked"),
        (asked_twice, "sections", "ILO-DR-01 stands twice"),
        (asked_but_unknown, "sections", "there is no indicator ILO-ZZ-01"),
        (acts_with_indicators, "group acts", "only answers and ticks list indicators"),
        (told_by_nobody, "criterion consent", "there is no indicator ILO-ZZ-01"),
        (band_without_text, "rules.bands.child", "the bands differ"),
        (last_band_with_condition, "rules.bands.adult", "every band but the last"),
        (unknown_action, "band A", "there is no action shout"),
        (rule_about_nothing, "rules.bands.adult.C", "there is no dimension nowhere"),
        (unreadable_backwards, "rules.bands.adult.C", "another yes could lower the result"),
        (bands_upside_down, "rules.bands.adult", "the bands stand from the most serious down"),
        (skip_that_looks_ahead, "section pressure", "no earlier part can say ILO-EX-01"),
        (skip_of_a_group_by_its_own_section, "group pressure", "no earlier part can say ILO-CR-01"),
        (alert_about_nothing, "alert crisis", "there is no indicator ILO-ZZ-01"),
        (too_deep, "rules.bands.adult.D", "too many conditions stand inside each other"),
        (client_part_that_is_none, "client", "there is no section nowhere"),
        (ends_before_it_begins, "valid_until", "it ends before it begins"),
        (ages_turned_round, "scope.ages", "it ends before it begins"),
        (text_in_a_language_of_nobody, "title", "nothing says who checked the language fa"),
        (reviewed_with_a_hole, "title", "the text is missing in sr"),
        (act_without_text, "rules.elements.adult.act", "what is recorded as act has no text"),
        (act_that_no_part_asks_for, "rules.elements.adult.act", "no part asks for acts"),
        (acts_without_a_list, "group acts", "there is no list acts"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_contradictions_are_found(change, where, reason):
    definition = broken()

    change(definition)

    found = list(contradictions(definition))
    assert [(w, r) for w, r in found if w == where and r.startswith(reason)] != []


def test_schema_file_is_no_instrument():
    assert FOLDER / "schema.json" not in instrument_paths()


def test_a_file_of_the_first_format_is_still_read(tmp_path):
    old = {name: value for name, value in broken().items() if name not in {"kind", "scope"}}

    assert read_instrument(written(tmp_path, {**old, "format": 1}))["format"] == 1


def test_a_file_of_the_first_format_has_acts(tmp_path):
    old = {name: v for name, v in broken().items() if name not in {"kind", "scope", "acts"}}

    with pytest.raises(InstrumentFileError, match="'acts' is a required property"):
        read_instrument(written(tmp_path, {**old, "format": 1}))
