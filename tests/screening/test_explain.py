from django.utils import translation

from screening.answers import AnswerSheet, assess_sheet
from screening.explain import Explainer, is_draft_language, say
from tests.screening.vectors import THB


def explained(profile="adult", alone=False, **parts):
    sheet = AnswerSheet(parts)
    found = assess_sheet(THB, sheet, profile=profile, unaccompanied_or_separated=alone)
    return Explainer(THB, profile, sheet, found)


def control(*yes):
    return {"indicators": dict.fromkeys(yes, "yes")}


def test_reasons_name_the_answers_what_they_count_for_and_the_rule():
    told = explained(control=control("ILO-CD-01", "ILO-CD-02")).reasons()

    assert told == [
        "“Papers are kept by someone else”, “Debt bondage: must work or give services to pay an"
        " ever-growing debt” count as means (Control where the person works or lives): two strong"
        " signs or more.",
        "For a child under 18, means would not be needed.",
    ]


def test_a_single_answer_says_that_it_is_not_enough():
    told = explained(control=control("ILO-CD-01")).reasons()

    assert told[0] == (
        "“Papers are kept by someone else”: Control where the person works or lives;"
        " recorded; not enough to count on its own."
    )


def test_reasons_list_acts_and_purposes_by_name():
    told = explained(
        "child", journey={"acts": ["transfer"]}, work={"purposes": ["forced_begging"]}
    ).reasons()

    assert told == [
        "An act is recorded: Transfer.",
        "A purpose is recorded: Forced begging.",
        "Under 18, means do not have to be shown.",
    ]


def test_a_child_alone_is_a_reason():
    assert explained("child", alone=True).reasons()[0] == (
        "The child is alone or separated from the family."
    )


def test_elements_say_where_each_finding_comes_from():
    act, means, purpose = explained(
        journey={"acts": ["transfer"], "indicators": {"ILO-DR-01": "unclear"}},
        control=control("ILO-CD-01"),
    ).parts(current="control")

    assert (act["state"], act["findings"]) == (
        "met",
        [{"text": "Transfer", "state": "on", "source": "part 1"}],
    )
    assert means["state"] == "some"
    assert [(f["state"], f["source"]) for f in means["findings"]] == [
        ("on", "now"),
        ("maybe", "part 1"),
    ]
    assert purpose["state"] == "none"


def test_long_lists_of_findings_are_cut_unless_everything_is_asked_for():
    explainer = explained(control=control(*(f"ILO-CD-{n:02d}" for n in range(1, 8))))

    short, full = explainer.parts()[1], explainer.parts(everything=True)[1]

    assert (len(short["findings"]), short["findings"][-1]["text"]) == (6, "2 more")
    assert len(full["findings"]) == 7


def test_means_of_a_child_are_noted_though_not_needed():
    means = explained("child", control=control("ILO-CD-01")).parts()[1]

    assert means["state"] == "na"
    assert means["note"] == "Noted because it matters for safety and in court."


def test_an_indicator_without_weight_for_a_child_is_no_finding():
    purpose = explained("child", work=control("ILO-EX-08")).parts()[2]

    assert purpose["state"] == "none"


def test_every_band_has_words_and_next_steps():
    for profile, bands in THB["bands"].items():
        for band in bands:
            told = explained(profile).band(band["band"])
            assert all([told["label"], told["summary"], told["next_steps"]])


def test_comparison_is_filled_from_answers_and_from_what_was_asked():
    rows = explained(
        control=control("ILO-CD-02"),
        comparison={"comparison": {"border": "smuggling", "consent": "both"}},
    ).comparison()

    marked = {
        row["question"]: (row["is_smuggling"], row["is_trafficking"])
        for row in rows
        if row["is_smuggling"] or row["is_trafficking"]
    }
    assert marked == {
        "Was there agreement to the journey?": (True, True),
        "When does it end?": (False, True),
        "Was a border crossed?": (True, False),
        "Is there a debt?": (False, True),
    }


def test_comparison_of_a_child_says_that_means_are_not_needed():
    rows = explained("child").comparison()

    assert [r["question"] for r in rows if r["is_trafficking"]] == ["Is the person a child?"]


def test_every_answer_is_told_with_what_it_counts_for():
    told = explained("child", work={"indicators": {"ILO-EX-08": "no", "ILO-EX-01": "yes"}})

    assert [(str(r["answer"]), str(r["strength"])) for r in told.answered()] == [
        ("Yes", "Strong"),
        ("No", "Not counted for this age"),
    ]


def test_texts_follow_the_language_of_the_page():
    with translation.override("sr-latn"):
        assert say(THB["bands"]["adult"][4]["label"]) == "Bez pokazatelja na ovaj dan"
        assert is_draft_language(THB)
    with translation.override("en"):
        assert say(THB["bands"]["adult"][4]["label"]) == "No indications on this date"
        assert not is_draft_language(THB)


def test_a_text_that_is_not_translated_stays_english():
    with translation.override("sr-latn"):
        assert say({"en": "Only so"}) == "Only so"
