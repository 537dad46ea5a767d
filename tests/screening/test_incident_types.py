from itertools import product

import pytest

from screening.incident_types import (
    OF_HOUSEHOLD,
    Age,
    Answer,
    Context,
    CoreType,
    Facts,
    Relation,
)

NO_TO_ALL = dict.fromkeys(CoreType.values, "no")
ANSWERS = [*Answer.values, ""]


def asked(*no, **answers):
    """Answers by type; those named alone are no."""
    return {**dict.fromkeys(no, "no"), **answers}


@pytest.mark.parametrize("name", CoreType.values[:-1])
def test_first_yes_decides(name):
    facts = Facts.read({"asked": {**NO_TO_ALL, name: "yes", "psychological_abuse": "yes"}})

    assert facts.core_type == name
    assert facts.not_clear == []


def test_something_else_needs_a_no_to_every_question_before_it():
    plain = Facts(asked={**NO_TO_ALL, "non_gbv": "yes"})
    open_one = Facts(asked={**NO_TO_ALL, "rape": "declined", "non_gbv": "yes"})

    assert plain.core_type == "non_gbv"
    assert plain.contexts == {}
    assert open_one.core_type == ""
    assert open_one.not_clear == ["rape"]


def test_no_to_everything_is_not_clear_yet():
    assert Facts(asked=NO_TO_ALL).core_type == ""


@pytest.mark.parametrize("answer", ["unclear", "declined", ""])
def test_what_is_not_known_never_counts_as_no(answer):
    facts = Facts(asked=asked("sexual_assault", rape=answer, physical_assault="yes"), age="child")

    assert facts.core_type == "physical_assault"
    assert facts.not_clear == ["rape"]
    assert facts.contexts[Context.CHILD_SEXUAL_ABUSE] == "unclear"


def test_every_set_of_answers_has_one_type_or_none():
    for answers in product(ANSWERS, repeat=4):
        told = dict(zip(CoreType.values[:4], answers, strict=True))
        facts = Facts(asked=told)
        ticked = [name for name in CoreType.values[:4] if told[name] == "yes"]
        before = CoreType.values[: CoreType.values.index(ticked[0])] if ticked else []
        if ticked:
            assert facts.core_type == ticked[0]
            assert facts.not_clear == [name for name in before if told[name] != "no"]
        else:
            assert facts.core_type == ""


SEXUAL = asked(rape="yes")
MARRIAGE = asked("rape", "sexual_assault", "physical_assault", forced_marriage="yes")
TRADED, NOT_TRADED = ({"asked": SEXUAL, "goods": given} for given in ("yes", "no"))
SLAVERY, NO_SLAVERY = ({"asked": kind, "abduction": "held"} for kind in (SEXUAL, MARRIAGE))
DERIVED = [
    ("ipv", {"relation": "intimate_partner"}, {"relation": "family"}),
    ("child_sexual_abuse", {"asked": SEXUAL, "age": "child"}, {"asked": SEXUAL, "age": "adult"}),
    ("early_marriage", {"asked": MARRIAGE, "age": "child"}, {"asked": SEXUAL, "age": "child"}),
    ("possible_sexual_exploitation", TRADED, NOT_TRADED),
    ("possible_sexual_slavery", SLAVERY, NO_SLAVERY),
    ("harmful_practice", {"practice": "cutting"}, {"practice": "no"}),
    ("family_violence_rs", {"relation": "housemate"}, {"relation": "employer"}),
    ("digital_violence", {"online": "yes"}, {"online": "no"}),
]


@pytest.mark.parametrize(("context", "holds", "fails"), DERIVED, ids=[d[0] for d in DERIVED])
def test_contexts_follow_from_the_answers(context, holds, fails):
    assert Facts.read(holds).contexts.get(context) == "yes"
    assert context not in Facts.read(fails).contexts


def test_all_contexts_are_derived():
    assert [d[0] for d in DERIVED] == Context.values


@pytest.mark.parametrize(
    "known", [{"goods": "declined"}, {"goods": ""}, {"abduction": "unclear"}, {"age": "unknown"}]
)
def test_contexts_that_cannot_be_told_are_open(known):
    facts = Facts.read({"asked": SEXUAL, **known})

    context = {"goods": Context.SEXUAL_EXPLOITATION, "abduction": Context.SEXUAL_SLAVERY}
    open_one = context.get(next(iter(known)), Context.CHILD_SEXUAL_ABUSE)
    assert facts.contexts[open_one] == "unclear"


@pytest.mark.parametrize("relation", sorted(Relation.values))
def test_relation_says_whether_it_is_of_the_family_or_conduct(relation):
    facts = Facts(relation=relation)

    family = facts.contexts.get(Context.FAMILY_VIOLENCE, "no")
    expected = "yes" if relation in OF_HOUSEHOLD else "no"
    assert family == ("unclear" if relation == "unknown" else expected)
    assert facts.is_conduct == (relation == "service_provider")


@pytest.mark.parametrize(
    "told",
    [
        {"asked": SEXUAL, "goods": "yes"},
        {"asked": SEXUAL, "abduction": "taken"},
        {"asked": MARRIAGE},
        {"relation": "smuggler"},
        {"relation": "trafficker"},
        {"relation": "employer"},
    ],
)
def test_exploitation_is_asked_about_as_well(told):
    assert Facts.read(told).offers_other_screening


@pytest.mark.parametrize("told", [{}, {"asked": SEXUAL}, {"relation": "family"}])
def test_exploitation_is_not_asked_about_without_cause(told):
    assert not Facts.read(told).offers_other_screening


@pytest.mark.parametrize(
    "told",
    [{"relation": "him"}, {"asked": {"rape": "true"}}, {"asked": {"theft": "yes"}}, {"note": "x"}],
)
def test_other_words_are_refused(told):
    with pytest.raises((ValueError, TypeError)):
        Facts.read(told)


def test_what_nobody_spoke_of_is_not_kept():
    told = {"asked": {"rape": "yes", "sexual_assault": ""}, "goods": "", "age": "child"}

    assert Facts.read(told).told() == {
        "asked": {"rape": "yes"},
        "relation": Relation.UNKNOWN,
        "age": Age.CHILD,
    }
