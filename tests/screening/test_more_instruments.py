"""The instruments beside the first one: what they ask, what comes out, and what they never ask."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.models import ServiceType
from screening.answers import AnswerSheet, assess_sheet, sections_asked
from screening.instrument_files import FOLDER, read_instrument
from screening.models import InstrumentVersion, Screening
from screening.scoring import assess
from tests.screening.factories import ScreeningFactory

HERE = Path(__file__).parent
CODES = ["arrival", "danger", "short"]
DEFINITIONS = {code: read_instrument(FOLDER / f"{code}.json") for code in CODES}
VECTORS = [
    (code, vector)
    for code in CODES
    for vector in json.loads((HERE / f"vectors_{code}.json").read_text(encoding="utf-8"))
]
NAMES = [f"{code}: {vector['name']}" for code, vector in VECTORS]
BANDS = "ABCDE"


def facts(vector):
    kept = {name: vector[name] for name in ("profile", "unaccompanied_or_separated", "answers")}
    return {"act_recorded": False, "purpose_recorded": False, **kept}


def ids(code, dimension=None):
    rows = DEFINITIONS[code]["indicators"]
    return [row["id"] for row in rows if dimension in {None, row["dimension"]}]


def both(node):
    """Every text of a definition, in its languages."""
    inside = list(node.values()) if isinstance(node, dict) else node
    if isinstance(node, dict) and isinstance(node.get("en"), str):
        return [node]
    return [text for each in inside for text in both(each)] if isinstance(inside, list) else []


@pytest.mark.parametrize(("code", "vector"), VECTORS, ids=NAMES)
def test_vector_comes_out(code, vector):
    result = assess(DEFINITIONS[code], **facts(vector), other_answers=vector["other_answers"])

    assert (result.band, list(result.alerts)) == (vector["band"], vector["alerts"])


@pytest.mark.parametrize("code", CODES)
def test_every_result_has_its_vector(code):
    bands = DEFINITIONS[code]["rules"]["bands"]["adult"]

    shown = {vector["band"] for name, vector in VECTORS if name == code}
    assert shown == {band["band"] for band in bands}


@pytest.mark.parametrize(("code", "vector"), VECTORS, ids=NAMES)
@pytest.mark.django_db
def test_vector_comes_out_of_a_talk(code, vector, case):
    """The same through the kept sheet: parts that are skipped have no answers in these."""
    version = InstrumentVersion.objects.in_force().get(instrument__code=code)
    answers = {**dict.fromkeys(vector["answers"], "yes"), **vector["other_answers"]}
    talk = ScreeningFactory.build(
        case=case,
        data_key=case.data_key,
        instrument_version=version,
        profile=vector["profile"],
        unaccompanied_or_separated=vector["unaccompanied_or_separated"],
        started_by=case.owner,
        answers={
            section["code"]: {
                "indicators": {
                    name: answers[name]
                    for group in section["groups"]
                    for name in group["indicators"]
                    if name in answers
                }
            }
            for section in version.definition["sections"]
        },
    )

    assert talk.assessment.band == vector["band"]
    assert list(talk.assessment.alerts) == vector["alerts"]


@pytest.mark.django_db
def test_some_come_out_of_the_api(signed_in, caseworker):
    api = signed_in(caseworker)
    plain = [(code, vector) for code, vector in VECTORS if not vector["other_answers"]]

    for code, vector in plain[::4]:
        address = f"/api/v1/instruments/{code}/assess/"
        told = api.post(address, facts(vector), content_type="application/json").json()
        assert (code, vector["name"], told["band"]) == (code, vector["name"], vector["band"])


@pytest.mark.parametrize("code", CODES)
@given(data=st.data())
def test_another_yes_never_lowers_a_result(code, data):
    names = st.lists(st.sampled_from(ids(code)), max_size=6)
    before, more = data.draw(names), data.draw(names)
    sheet = {"profile": data.draw(st.sampled_from(["adult", "child"]))}
    sheet |= {"unaccompanied_or_separated": data.draw(st.booleans())}

    low = assess(DEFINITIONS[code], **facts({**sheet, "answers": before}))
    high = assess(DEFINITIONS[code], **facts({**sheet, "answers": before + more}))

    assert BANDS.index(high.band) <= BANDS.index(low.band)


def test_short_has_seven_questions_and_no_other_list():
    assert ids("short", "told") == [f"ASIST-0{n}" for n in range(1, 8)]
    assert DEFINITIONS["short"]["scope"]["ages"] == {"from": 15, "until": None}
    told = " ".join(DEFINITIONS["short"]["notes"])
    assert "not validated in Serbia" in told
    for definition in DEFINITIONS.values():
        assert not re.search(r"\b(HITS|WAST)\b", json.dumps(definition))


def test_danger_has_its_signs_and_no_number():
    definition = DEFINITIONS["danger"]

    assert len(ids("danger", "danger")) == 20
    assert len(ids("danger", "safety")) == 15
    assert len(ids("danger", "seen")) == 10
    labels = [band["label"]["en"] + band["summary"]["en"] for band in definition["bands"]["adult"]]
    assert not [label for label in labels if re.search(r"\d", label)]
    (protecting,) = [row for row in definition["indicators"] if row["id"] == "SAFE-15"]
    assert protecting["strength"] == {"adult": None, "child": None}


@pytest.mark.parametrize("code", CODES)
def test_nobody_is_asked_what_happened(code):
    words = [text["en"] for text in both(DEFINITIONS[code])]
    asked = [text for text in words if "what happened" in text.lower()]

    assert asked
    assert [text for text in asked if not re.search(r"[Nn]ot (ask )?what happened", text)] == []


def test_wish_comes_first_and_opens_the_rest():
    definition = DEFINITIONS["short"]

    def codes(answer):
        sheet = AnswerSheet({"wish": {"indicators": {"WISH-01": answer}}})
        asked = sections_asked(definition, sheet, profile="adult", unaccompanied_or_separated=False)
        return [section["code"] for section in asked]

    assert codes("no") == codes("declined") == codes("unclear") == ["wish"]
    assert codes("yes") == ["wish", "seven", "help"]


def test_signs_about_a_partner_count_only_when_it_is_one():
    parts = {"partner": {"indicators": {"DNG-10": "yes"}}}
    nobody = AnswerSheet({**parts, "who": {"indicators": {"PRT-01": "no"}}})
    perhaps = AnswerSheet({**parts, "who": {"indicators": {"PRT-01": "unclear"}}})

    def band(sheet):
        rules = {"profile": "adult", "unaccompanied_or_separated": False}
        return assess_sheet(DEFINITIONS["danger"], sheet, **rules).band

    assert (band(nobody), band(perhaps)) == ("E", "A")


@pytest.mark.parametrize("code", CODES)
def test_proposals_lead_somewhere(code):
    proposed = [a["proposes"] for a in DEFINITIONS[code]["actions"] if "proposes" in a]

    services = {each["service"] for each in proposed if each["kind"] == "referral"}
    assert services <= set(ServiceType.Category.values)
    talks = {each["code"] for each in proposed if each["kind"] == "screening"}
    assert talks <= {*CODES, "thb"}


@pytest.mark.parametrize("code", CODES)
def test_every_result_is_known_to_the_house(code):
    bands = {b["band"] for rules in DEFINITIONS[code]["bands"].values() for b in rules}

    assert bands <= set(Screening.Band.values)


@pytest.mark.parametrize("code", CODES)
def test_draft_language_is_whole_and_marked(code):
    definition = DEFINITIONS[code]

    assert definition["translations"] == {"en": "source", "sr": "draft"}
    words = [text for text in both(definition) if text != definition["translations"]]
    assert [text for text in words if not text.get("sr")] == []
