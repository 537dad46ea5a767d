"""A name of 300 characters in mixed directions: kept as written, shown apart, found again."""

import pytest

from casework import actions
from casework.models import PersonIdentity
from casework.search import find_people

ARABIC, LATIN = "زهرا رحیمی", "Zahra Rahimi"
MARKS = "\u202b\u200f\u2067\u200b\u200d\u202c\u2069"
LONG = f"{MARKS}{ARABIC}\u200f {LATIN} " + "بن عبد الرحمن \u202eibn Abd al-Rahman\u202c " * 6
LONG = (LONG * 2)[:299] + "x"


@pytest.fixture
def desk(caseworker, signed_in):
    return signed_in(caseworker)


def identity_page(case):
    return f"/people/{case.person_id}/identity/"


def test_mixed_name_of_300_characters_is_kept_shown_apart_and_found(desk, case, caseworker):
    assert len(LONG) == 300

    assert desk.post(identity_page(case), {"name": LONG}).status_code == 302

    assert PersonIdentity.objects.get().name == LONG
    shown = desk.post(f"/cases/{case.pk}/identity/", {"reason": "check"})
    assert f"<bdi>{LONG}</bdi>" in shown.text
    for typed in (ARABIC, LATIN, "Zohra Rahimy", "rahimi", "رحیمی"):
        assert [each.person for each in find_people(caseworker, typed).found] == [case.person]


def test_longer_name_is_refused_with_a_sentence_and_nothing_typed_is_lost(desk, case):
    answer = desk.post(identity_page(case), {"name": LONG + "x", "phone": "0601"})

    form = answer.context["form"]
    assert "300" in form.errors["name"][0]
    assert (form["name"].value(), form["phone"].value()) == (LONG + "x", "0601")


@pytest.mark.parametrize("name", ["\u200f\u200b\u202c", "👩\u200d👧", "١٢٣ 7"])
def test_name_that_nobody_can_say_is_refused_with_a_sentence(desk, case, name):
    answer = desk.post(identity_page(case), {"name": name})

    assert answer.context["form"].errors["name"] == ["Write the name with letters, in any script."]
    assert not PersonIdentity.objects.exists()


def test_no_page_but_the_one_that_shows_names_holds_it(desk, case, caseworker):
    actions.record_identity(case.person, actor=caseworker, name=LONG)

    for page in (f"/people/{case.person_id}/", f"/cases/{case.pk}/", identity_page(case)):
        answer = desk.get(page)
        assert answer.status_code == 200
        assert LATIN not in answer.text
