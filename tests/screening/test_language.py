import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.conditions import DEEPEST, depth, falls
from screening.language import LONGEST, LanguageError, parse, tell
from tests.screening.vectors import THB

codes = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
numbers = st.integers(1, 999)
rules = codes | st.from_regex(r'[^"\\\n\r\x00-\x1f]{1,20}', fullmatch=True)


def several(values, most=4):
    return st.lists(values, min_size=1, max_size=most, unique=True)


atoms = st.one_of(
    st.fixed_dictionaries(
        {"positive": st.fixed_dictionaries({"of": several(codes), "at_least": numbers})}
    ),
    st.fixed_dictionaries(
        {
            "items": st.fixed_dictionaries(
                {"rule": rules, "at_least": numbers},
                optional={
                    "of": several(codes),
                    "strengths": several(st.sampled_from(["strong", "medium", "weak", "flag"])),
                },
            )
        }
    ),
    st.builds(
        lambda name: {"recorded": name},
        st.sampled_from(["act", "purpose", "unaccompanied_or_separated"]),
    ),
    st.fixed_dictionaries(
        {
            "answered": st.fixed_dictionaries(
                {
                    "indicator": st.from_regex(
                        r"[A-Z]{1,4}(-[A-Z]{1,3})?-[0-9]{2,3}", fullmatch=True
                    ),
                    "is": several(st.sampled_from(["yes", "no", "unclear", "declined"])),
                }
            )
        }
    ),
    st.just({"profile": "child"}),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=12,
).filter(lambda condition: depth(condition) < DEEPEST)
many = settings(max_examples=300, deadline=None)
scraps = st.lists(
    st.sampled_from(
        [
            "positive", "signs", "recorded", "answered", "child", "and", "or", "not", "all", "any",
            "of", "is", "as", "(", ")", ",", ";", "1", "0", "7777", "a", "ILO-CD-01", "yes", '"x"',
            "strong", "act", " ",
        ]
    ),
    max_size=25,
)  # fmt: skip


def parsed(text):
    try:
        return parse(text)
    except LanguageError as error:
        return error


@many
@given(condition=conditions)
def test_what_is_told_is_parsed_back(condition):
    assert parse(tell(condition)) == condition


@many
@given(condition=conditions)
def test_telling_again_gives_the_same_text(condition):
    assert tell(parse(tell(condition))) == tell(condition)


@many
@given(text=st.text(max_size=60) | scraps.map(" ".join) | scraps.map("".join))
def test_every_text_is_a_condition_or_an_error_with_a_place(text):
    found = parsed(text)

    if isinstance(found, LanguageError):
        assert 0 <= found.position <= len(text)
        assert found.expected != ()
    else:
        assert parse(tell(found)) == found


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (
            "positive(2 of means_a, means_b)",
            {"positive": {"of": ["means_a", "means_b"], "at_least": 2}},
        ),
        ("signs(1)", {"items": {"rule": "recorded", "at_least": 1}}),
        (
            "signs(2 of a, b; strong or medium; as two_signs)",
            {
                "items": {
                    "rule": "two_signs",
                    "at_least": 2,
                    "of": ["a", "b"],
                    "strengths": ["strong", "medium"],
                }
            },
        ),
        ('signs(1; as "strong>=1")', {"items": {"rule": "strong>=1", "at_least": 1}}),
        ("recorded(act)", {"recorded": "act"}),
        (
            "answered(ILO-CD-01 is yes or unclear)",
            {"answered": {"indicator": "ILO-CD-01", "is": ["yes", "unclear"]}},
        ),
        ("not child", {"not": {"profile": "child"}}),
        (
            "child and (recorded(act) or recorded(purpose))",
            {
                "all": [
                    {"profile": "child"},
                    {"any": [{"recorded": "act"}, {"recorded": "purpose"}]},
                ]
            },
        ),
        (
            "child or recorded(act) and recorded(purpose)",
            {
                "any": [
                    {"profile": "child"},
                    {"all": [{"recorded": "act"}, {"recorded": "purpose"}]},
                ]
            },
        ),
        ("all(child)", {"all": [{"profile": "child"}]}),
    ],
)
def test_each_form_means_one_condition(text, condition):
    assert parse(text) == condition
    assert tell(condition) == text


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "“positive”"),
        ("positive(2 off a)", 11, "“of”"),
        ("positive(0 of a)", 9, "a number from 1 to 999"),
        ("positive(1 of a, a)", 17, "something not named before"),
        ("recorded(means)", 9, "“act”"),
        ("answered(x is yes)", 9, "the id of an indicator"),
        ("child child", 6, "“and”"),
        ("child, child", 5, "“and”"),
        ("child and", 9, "“positive”"),
        ("child & child", 6, "a word"),
        ("signs(1; strong; weak)", 17, "“as”"),
        ("(child", 6, "“)”"),
        ("(" * 500, DEEPEST, "fewer conditions inside each other"),
        ("not " * 500, DEEPEST * 4, "fewer conditions inside each other"),
        ("child or " * 500, LONGEST, "a shorter text"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, position, expected):
    with pytest.raises(LanguageError) as raised:
        parse(text)

    assert (raised.value.position, raised.value.expected[0]) == (position, expected)


def test_every_rule_of_the_first_instrument_can_be_written():
    for bands in THB["rules"]["bands"].values():
        for band in bands[:-1]:
            assert parse(tell(band["when"])) == band["when"]


@pytest.mark.parametrize(
    ("text", "is_falling"),
    [
        ("signs(1)", False),
        ("not signs(1)", True),
        ("not not signs(1)", False),
        ("not child and signs(1)", False),
        ("child or not (child and recorded(act))", True),
    ],
)
def test_a_condition_that_another_yes_could_end_is_known(text, is_falling):
    assert falls(parse(text)) == is_falling
