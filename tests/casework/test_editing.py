"""Two workers write about one person: each part is chosen, and nothing typed is lost."""

import pytest
from django.core.exceptions import ValidationError

from casework import actions
from casework.forms.people import ChangePersonForm
from casework.models import Person, PersonIdentity
from tests import factories


def facts(person, **typed):
    """What the form for facts sends, with what was typed."""
    told = {name: value for name, value in ChangePersonForm.facts_of(person).items() if value}
    return told | typed


@pytest.fixture
def known(person):
    Person.objects.filter(pk=person.pk).update(handling_note=None)
    return Person.objects.get(pk=person.pk)


def change(user, person, **values):
    return actions.change_person(person, version=person.version, actor=user, **values)


def page(person):
    return f"/people/{person.pk}/change/"


# Facts


def test_both_versions_stand_side_by_side_with_the_changed_one_chosen(
    known, caseworker, colleague, signed_in
):
    typed = facts(known, sex="male", handling_note="Only messages.")
    change(colleague, known, nationality="SY", sex="other")

    answer = signed_in(caseworker).post(page(known), typed)

    told = {part.name: part for part in answer.context["differences"]}
    assert set(told) == {"nationality", "sex", "handling_note"}
    assert (told["nationality"].is_mine, told["nationality"].is_theirs) == (False, True)
    assert (told["sex"].is_mine, told["sex"].is_theirs) == (True, True)
    assert (told["handling_note"].is_mine, told["handling_note"].is_theirs) == (True, False)
    assert "Only messages." in answer.content.decode()
    assert str(Person.objects.get(pk=known.pk).nationality) == "SY"


def test_each_field_is_taken_from_the_one_that_was_chosen(known, caseworker, colleague, signed_in):
    typed = facts(known, sex="male", handling_note="Only messages.")
    change(colleague, known, nationality="SY", sex="other")
    chosen = {"take_nationality": "theirs", "take_sex": "mine", "take_handling_note": "mine"}

    answer = signed_in(caseworker).post(page(known), {**typed, "version": 2, **chosen})

    assert answer.status_code == 302
    now = Person.objects.select_related("data_key").get(pk=known.pk)
    assert (str(now.nationality), now.sex, now.handling_note) == ("SY", "male", "Only messages.")


def test_what_was_typed_is_there_again_when_a_third_one_comes_between(
    known, caseworker, colleague, signed_in
):
    typed = facts(known, handling_note="Only messages.")
    change(colleague, known, handling_note="Never call.")
    change(colleague, Person.objects.get(pk=known.pk), nationality="SY")

    answer = signed_in(caseworker).post(
        page(known), {**typed, "version": 2, "take_handling_note": "theirs"}
    )

    assert answer.context["form"]["handling_note"].value() == "Only messages."
    assert answer.context["form"]["version"].value() == "3"


# Names and contacts


def named(case, **parts):
    return factories.PersonIdentityFactory(
        person=case.person, data_key=case.person.data_key, **parts
    )


def send(browser, case, **typed):
    return browser.post(f"/people/{case.person_id}/identity/", typed)


def test_part_of_a_name_that_somebody_else_wrote_is_asked_about(case, caseworker, signed_in):
    named(case, phone="0601")
    actions.record_identity(case.person, actor=caseworker, phone="0602")
    browser = signed_in(caseworker)

    answer = send(browser, case, version=1, phone="0603", email="a@b.rs")

    form = answer.context["form"]
    assert [error.code for error in form.errors.as_data()["phone"]] == ["stale"]
    assert (form["phone"].value(), form["email"].value()) == ("0603", "a@b.rs")
    assert "take_phone" in form.fields
    assert form["version"].value() == "2"
    # What stands there is somebody's phone: it is shown for a reason, on its own page.
    assert "0602" not in answer.content.decode()
    assert PersonIdentity.objects.get().phone == "0602"


@pytest.mark.parametrize(("choice", "phone"), [("mine", "0603"), ("theirs", "0602")])
def test_whose_part_stays_is_chosen(case, caseworker, signed_in, choice, phone):
    named(case, phone="0601")
    actions.record_identity(case.person, actor=caseworker, phone="0602")

    answer = send(
        signed_in(caseworker), case, version=2, phone="0603", email="a@b.rs", take_phone=choice
    )

    identity = PersonIdentity.objects.get()
    assert answer.status_code == 302
    assert (identity.phone, identity.email) == (phone, "a@b.rs")


def test_parts_that_nobody_else_wrote_do_not_clash(case, caseworker):
    named(case, phone="0601")
    actions.record_identity(case.person, actor=caseworker, phone="0602")

    actions.record_identity(case.person, actor=caseworker, version=1, email="a@b.rs")

    identity = PersonIdentity.objects.get()
    assert (identity.phone, identity.email, identity.version) == ("0602", "a@b.rs", 3)


def test_two_first_names_at_once_clash(case, caseworker):
    actions.record_identity(case.person, actor=caseworker, version=0, name="Zahra")

    with pytest.raises(ValidationError) as refusal:
        actions.record_identity(case.person, actor=caseworker, version=0, name="Zohra")

    assert list(refusal.value.error_dict) == ["name"]
