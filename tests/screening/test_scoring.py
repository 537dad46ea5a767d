import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.scoring import Reason, assess
from tests.screening.vectors import NAMES, THB, VECTORS

ORDER = "EDCBA"
SCORED = {d["code"] for d in THB["dimensions"] if d["scored"]}
IDS = [i["id"] for i in THB["indicators"]]
FLAGS = [i["id"] for i in THB["indicators"] if i["dimension"] not in SCORED]
WEIGHTED = [i["id"] for i in THB["indicators"] if i["dimension"] in SCORED]
EXPLOITATION = [i["id"] for i in THB["indicators"] if i["dimension"] == "exploitation"]

profiles = st.sampled_from(["adult", "child"])
sheets = st.fixed_dictionaries(
    {
        "profile": profiles,
        "act_recorded": st.booleans(),
        "purpose_recorded": st.booleans(),
        "unaccompanied_or_separated": st.booleans(),
        "answers": st.lists(st.sampled_from(IDS), max_size=12),
    }
)
many = settings(max_examples=300, deadline=None)


def height(assessment):
    return ORDER.index(assessment.band)


def facts(**changes):
    nothing = {
        "profile": "adult",
        "act_recorded": False,
        "purpose_recorded": False,
        "unaccompanied_or_separated": False,
        "answers": [],
    }
    return {**nothing, **changes}


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_vector_gives_its_band_and_dimensions(vector):
    expected = vector["band"], tuple(vector["positive_dimensions"])
    given_facts = {k: v for k, v in vector.items() if k in facts()}

    result = assess(THB, **given_facts)

    assert (result.band, result.positive_dimensions) == expected


@many
@given(sheet=sheets, extra=st.sampled_from(IDS))
def test_another_indicator_never_lowers_the_band(sheet, extra):
    before = assess(THB, **sheet)

    after = assess(THB, **{**sheet, "answers": [*sheet["answers"], extra]})

    assert height(after) >= height(before)
    assert set(before.positive_dimensions) <= set(after.positive_dimensions)


@many
@given(sheet=sheets, fact=st.sampled_from(["act_recorded", "purpose_recorded"]))
def test_a_recorded_act_or_purpose_never_lowers_the_band(sheet, fact):
    assert height(assess(THB, **{**sheet, fact: True})) >= height(assess(THB, **sheet))


@many
@given(sheet=sheets)
def test_a_child_never_needs_means(sheet):
    child = {**sheet, "profile": "child", "act_recorded": True}
    means = {d["code"] for d in THB["dimensions"] if d["element"] == "means"}
    no_means = [i["id"] for i in THB["indicators"] if i["dimension"] not in means]
    without = {**child, "answers": [a for a in sheet["answers"] if a in no_means]}

    result = assess(THB, **{**without, "purpose_recorded": True})

    assert result.band == "A"
    assert result.elements["means"] == "not_needed"


@many
@given(sheet=sheets, flags=st.lists(st.sampled_from(FLAGS), max_size=30))
def test_flags_never_make_a_dimension_positive(sheet, flags):
    before = assess(THB, **sheet)

    after = assess(THB, **{**sheet, "answers": sheet["answers"] + flags})

    assert after.positive_dimensions == before.positive_dimensions


@many
@given(sheet=sheets, flags=st.lists(st.sampled_from(FLAGS), min_size=1, max_size=30))
def test_flags_lift_an_adult_to_d_at_most_and_a_child_to_b_at_most(sheet, flags):
    ceiling = {"adult": "D", "child": "B"}[sheet["profile"]]
    before = assess(THB, **sheet)

    after = assess(THB, **{**sheet, "answers": sheet["answers"] + flags})

    assert height(before) <= height(after) <= max(height(before), ORDER.index(ceiling))


@many
@given(sheet=sheets, data=st.data())
def test_order_and_repeats_never_matter(sheet, data):
    shuffled = data.draw(st.permutations(sheet["answers"] + sheet["answers"][:3]))

    assert assess(THB, **{**sheet, "answers": shuffled}) == assess(THB, **sheet)


@many
@given(sheet=sheets)
def test_every_result_says_why_and_what_next(sheet):
    result = assess(THB, **sheet)

    given_answers = set(sheet["answers"])
    assert all(set(reason.because) <= given_answers for reason in result.reasons)
    assert {r.dimension for r in result.reasons} >= set(result.positive_dimensions)
    assert bool(result.reasons) == (result.band != "E")
    assert result.actions != ()


@given(answers=st.lists(st.sampled_from(WEIGHTED)))
def test_unaccompanied_counts_for_a_child_only(answers):
    for_adult = [
        assess(THB, **facts(unaccompanied_or_separated=alone, answers=answers))
        for alone in (True, False)
    ]

    assert for_adult[0] == for_adult[1]


def test_child_with_an_act_alone_is_at_risk_not_without_indications():
    assert assess(THB, **facts(profile="child", act_recorded=True)).band == "D"


def test_purpose_alone_is_never_without_indications():
    for profile in ("adult", "child"):
        assert assess(THB, **facts(profile=profile, purpose_recorded=True)).band == "D"


def test_reasons_name_the_rule_and_the_answers():
    result = assess(THB, **facts(answers=["ILO-DR-02", "ILO-DR-01", "ILO-EX-02"]))

    assert result.reasons == (
        Reason(
            "deceptive_recruitment",
            "strong>=1 and (medium+weak)>=1",
            ("ILO-DR-01", "ILO-DR-02"),
        ),
        Reason("exploitation", "item_of_exploitation", ("ILO-EX-02",)),
    )


def test_elements_of_an_adult_are_indicated_or_not_clear():
    result = assess(THB, **facts(act_recorded=True, answers=["ILO-CD-01", "ILO-CD-02"]))

    assert result.elements == {"act": "indicated", "means": "indicated", "purpose": "not_clear"}


def test_unknown_answer_is_refused_by_name():
    with pytest.raises(ValueError, match="Unknown answer: ILO-XX-99, nonsense"):
        assess(THB, **facts(answers=["nonsense", "ILO-CD-01", "ILO-XX-99"]))


def test_unknown_profile_is_refused_by_name():
    with pytest.raises(ValueError, match="Unknown profile: teenager"):
        assess(THB, **facts(profile="teenager"))


def test_bands_that_all_have_conditions_are_refused():
    rules = {**THB["rules"], "bands": {"adult": THB["rules"]["bands"]["adult"][:1]}}

    with pytest.raises(ValueError, match="no band without a condition"):
        assess({**THB, "rules": rules}, **facts())


def test_each_exploitation_indicator_alone_is_at_risk_at_least():
    bands = {answer: assess(THB, **facts(answers=[answer])).band for answer in EXPLOITATION}

    assert set(bands.values()) == {"D"}
