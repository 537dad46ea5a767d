from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from casework import actions
from casework.models import Case, CaseEvent, Person, PersonIdentity
from tests import factories

PEOPLE = reverse("casework:people")
FIND = reverse("casework:find")


def page(name, person):
    return reverse(f"casework:{name}", args=[person.pk])


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


# The list


@pytest.mark.parametrize("rows", [1, 3])
def test_people_ask_the_database_the_same_for_any_number_of_rows(
    desk, caseworker, team, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.PersonFactory(team=team, registered_by=caseworker)

    with django_assert_num_queries(9):
        response = desk.get(PEOPLE)

    assert len(response.context["people"]) == rows


def test_people_seen_last_come_first_and_the_showing_is_written_down(desk, caseworker, team):
    today = timezone.localdate()
    days = [None, today - timedelta(days=3), today]
    never, earlier, now = (
        factories.PersonFactory(team=team, registered_by=caseworker, last_visit_on=day)
        for day in days
    )

    response = desk.get(PEOPLE)

    assert response.context["people"] == [now, earlier, never]
    assert AuditEvent.objects.get().listed == [now.pk, earlier.pk, never.pk]


def test_people_of_another_house_are_not_listed(signed_in, stranger, person):
    response = signed_in(stranger).get(PEOPLE)

    assert response.context["people"] == []
    assert person.code not in response.text


def test_coordinator_sees_the_people_of_all_teams(signed_in, coordinator, house):
    elsewhere = factories.PersonFactory(team=factories.TeamFactory(organization=house))

    assert signed_in(coordinator).get(PEOPLE).context["people"] == [elsewhere]


@pytest.mark.parametrize("who", ["partner", "donor", "admin", "dpo", "interpreter", "director"])
def test_people_are_not_for_everybody(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))

    assert [client.get(PEOPLE).status_code, client.post(FIND).status_code] == [403, 403]


# The search


def test_whole_code_leads_to_the_person(desk, person):
    response = desk.post(FIND, {"q": person.code.lower()})

    assert response.headers["Location"] == page("person", person)


def test_whole_code_leads_to_the_visit_form_when_somebody_came(desk, person):
    response = desk.post(FIND, {"q": person.code, "for": "visit"})

    assert response.headers["Location"] == page("record_visit", person)


def test_name_is_found_and_neither_shown_nor_put_into_an_address(desk, case):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")

    response = desk.post(FIND, {"q": "Zarmina"})

    assert response.status_code == 200
    assert case.person.code in response.text
    assert "Name matches" in response.text
    assert "Testowa" not in response.text


def test_combobox_gets_options_only(desk, person):
    headers = {"HX-Request": "true"}

    answer = desk.post(FIND, {"q": person.code[:5], "for": "visit"}, headers=headers)

    assert "<html" not in answer.text
    assert f'data-href="{page("record_visit", person)}"' in answer.text
    assert reverse("casework:receive_visitor") in answer.text
    assert answer.text.index(person.code) < answer.text.index("New client")


def test_nobody_found_says_what_was_searched(desk):
    response = desk.post(FIND, {"q": "<b>Nobody</b>"})

    assert "Nobody found for “&lt;b&gt;Nobody&lt;/b&gt;”" in response.text


def test_misread_code_is_said(desk):
    assert "This is no code" in desk.post(FIND, {"q": "7KM-2X9"}).text


@pytest.mark.parametrize("typed", ["", "x" * 5_000, "\x00\x00\x00", "%%%", "'; drop table"])
def test_anything_can_be_typed(desk, person, typed):
    answer = desk.post(FIND, {"q": typed})

    assert (answer.status_code, person.code in answer.text) == (200, False)
    assert "Nobody found for" in answer.text


# One person


def test_person_is_shown_and_the_showing_written_down(desk, caseworker, person):
    factories.VisitFactory(person=person)

    response = desk.get(page("person", person))

    assert person.code in response.text
    assert "Open a case" in response.text
    event = AuditEvent.objects.get()
    assert (event.actor, event.verb, event.object_id) == (caseworker, "view_person", str(person.pk))


def test_case_of_somebody_else_is_not_there(signed_in, colleague, case):
    response = signed_in(colleague).get(page("person", case.person))

    assert response.status_code == 200
    assert response.context["cases"] == []
    assert str(case.pk) not in response.text


@pytest.mark.parametrize(
    "name", ["person", "change_person", "record_identity", "open_case", "record_visit"]
)
def test_stranger_cannot_tell_that_the_person_exists(signed_in, stranger, person, name):
    client = signed_in(stranger)

    assert client.post(page(name, person)).status_code in {404, 405}
    if name != "open_case":
        assert client.get(page(name, person)).status_code == 404


# Change what is known


@pytest.fixture
def facts(person):
    return {
        "operation": str(uuid4()),
        "version": "1",
        "sex": "female",
        "birth_year_from": "1990",
        "birth_year_to": "",
        "birth_year_source": "document",
        "nationality": "SY",
        "language": "ar",
        "other_languages": ["en", "fr"],
        "unaccompanied_or_separated": "no",
        "residence_status": "asylum_seeker",
        "disability": "unknown",
        "handling_note": "Knock twice.",
    }


@pytest.mark.parametrize("name", ["person", "change_person", "record_identity"])
def test_showing_what_is_known_of_a_person_is_written_down(desk, person, name):
    assert desk.get(page(name, person)).status_code == 200

    assert AuditEvent.objects.get(verb="view_person").object_id == str(person.pk)


def test_form_of_an_identity_that_is_recorded_says_which_parts_it_told_of(desk, case):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa", phone="")

    desk.get(page("record_identity", case.person))

    assert AuditEvent.objects.get(verb="view_person").fields == ["name"]


def test_facts_are_changed_and_audited(desk, person, facts):
    response = desk.post(page("change_person", person), facts)

    assert response.headers["Location"] == page("person", person)
    person = Person.objects.select_related("data_key").get()
    assert (person.birth_year_from, person.birth_year_to) == (1990, 1990)
    assert (person.nationality.code, person.language_id, person.version) == ("SY", "ar", 2)
    assert person.handling_note == "Knock twice."
    assert {language.pk for language in person.other_languages.all()} == {"en", "fr"}
    event = AuditEvent.objects.get(verb="change_person")
    assert "handling_note" in event.fields
    assert event.note == ""


def test_two_changes_at_once_are_both_shown_and_nothing_is_overwritten(desk, person, facts):
    Person.objects.update(version=2, nationality="IQ")

    response = desk.post(page("change_person", person), facts)

    assert "Somebody changed this while you had it open." in response.text
    told = response.context["differences"]
    differences = {each.label: (each.now, each.typed) for each in told}
    assert differences["Nationality"] == ("Iraq", "Syria")
    assert "Sex" not in differences
    assert Person.objects.get().nationality.code == "IQ"

    again = {**facts, "version": str(response.context["form"]["version"].value())}
    assert desk.post(page("change_person", person), again).status_code == 302
    assert Person.objects.get().nationality.code == "SY"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"birth_year_from": "2000", "birth_year_to": "1990"}, "from the earlier to the later"),
        ({"birth_year_from": "2150"}, "Nobody is born in a year to come."),
        ({"birth_year_from": "1700"}, "greater than or equal to 1900"),
        ({"birth_year_from": "99999999999"}, "less than or equal to 2200"),
        ({"nationality": "??"}, "Select a valid choice"),
        ({"language": "klingon"}, "Select a valid choice"),
        ({"version": "x"}, "Enter a whole number"),
    ],
)
def test_wrong_facts_change_nothing(desk, person, facts, wrong, said):
    response = desk.post(page("change_person", person), {**facts, **wrong})

    assert said in response.text
    assert Person.objects.get().version == 1


def test_colleague_without_the_function_changes_nothing(signed_in, coordinator, person, facts):
    assert signed_in(coordinator).post(page("change_person", person), facts).status_code == 403
    assert Person.objects.get().version == 1


# What somebody is called


def test_identity_opens_a_case_and_is_sealed(desk, caseworker, person):
    response = desk.post(page("record_identity", person), {"name": "Zarmina", "phone": "060 1"})

    case = Case.objects.get()
    assert response.headers["Location"] == case.get_absolute_url()
    assert (case.owner, case.level_for(caseworker)) == (caseworker, Level.NARRATIVE)
    identity = PersonIdentity.objects.get()
    assert (identity.name, identity.phone) == ("Zarmina", "060 1")
    assert b"Zarmina" not in bytes(PersonIdentity.objects.values_list("name", flat=True).get())
    event = AuditEvent.objects.get(verb="record_identity")
    assert event.fields == ["name", "phone"]


def test_recorded_identity_is_not_shown_and_empty_keeps_it(desk, case):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina", phone="060 1")
    address = page("record_identity", case.person)

    assert "Zarmina" not in desk.get(address).text
    desk.post(address, {"email": "z@example.org", "remove": ["phone"]})

    identity = PersonIdentity.objects.get()
    assert (identity.name, identity.phone, identity.email) == ("Zarmina", "", "z@example.org")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Nothing is filled in."),
        ({"email": "not an address"}, "valid email"),
        ({"birth_date": "31.02.1999"}, "This month had 28 days."),
        ({"name": "x" * 301}, "at most 300"),
    ],
)
def test_wrong_identity_opens_no_case(desk, person, typed, said):
    response = desk.post(page("record_identity", person), typed)

    assert said in response.text
    assert (Case.objects.count(), PersonIdentity.objects.count()) == (0, 0)


def test_identity_of_a_colleagues_client_is_refused_without_saying_whose(
    signed_in, colleague, case
):
    response = signed_in(colleague).post(page("record_identity", case.person), {"name": "Somebody"})

    assert "Ask your coordinator how to go on." in response.text
    assert PersonIdentity.objects.count() == 0


def test_identity_needs_the_function(signed_in, coordinator, person):
    client = signed_in(coordinator)

    assert client.post(page("record_identity", person), {"name": "Zarmina"}).status_code == 403
    assert PersonIdentity.objects.count() == 0


# Open a case


def test_case_is_opened_once(desk, caseworker, person):
    operation = {"operation": str(uuid4())}

    first = desk.post(page("open_case", person), operation)
    second = desk.post(page("open_case", person), operation)

    case = Case.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == case.get_absolute_url()
    assert CaseEvent.objects.get().code == CaseEvent.Code.CASE_OPENED


def test_second_case_is_refused_without_saying_whose_the_first_is(signed_in, colleague, case):
    response = signed_in(colleague).post(page("open_case", case.person))

    assert "Ask your coordinator how to go on." in response.text
    assert case.owner.name not in response.text
    assert Case.objects.count() == 1


@pytest.mark.parametrize("verb", ["open_case", "record_identity"])
def test_nobody_reads_a_recorded_name_by_opening_a_case(signed_in, colleague, person, verb):
    closed = factories.ClosedCaseFactory(person=person)
    factories.PersonIdentityFactory(person=person, name="Zarmina")
    client = signed_in(colleague)

    response = client.post(page(verb, person), {"operation": str(uuid4()), "name": "Somebody"})

    assert "Ask your coordinator how to go on." in response.text
    assert list(Case.objects.all()) == [closed]
    assert PersonIdentity.objects.get().name == "Zarmina"


def test_whom_a_coordinator_gives_the_old_case_opens_a_new_one(
    signed_in, colleague, coordinator, person
):
    closed = factories.ClosedCaseFactory(person=person)
    actions.give_access(
        closed, user=colleague, level=Level.IDENTITY, kind="assigned", actor=coordinator
    )

    signed_in(colleague).post(page("open_case", person), {"operation": str(uuid4())})

    assert Case.objects.open().get(person=person).owner == colleague


def test_an_hour_with_the_old_case_opens_no_new_one(colleague, person):
    closed = factories.ClosedCaseFactory(person=person)
    factories.CaseAccessFactory(content_object=closed, user=colleague, kind="break_glass")

    with pytest.raises(ValidationError) as error:
        actions.open_case(person, actor=colleague)

    assert error.value.code == "ask_coordinator"
    assert Case.objects.count() == 1


def test_case_is_opened_by_those_who_may(signed_in, coordinator, person):
    assert signed_in(coordinator).post(page("open_case", person)).status_code == 403
    assert Case.objects.count() == 0


def test_opening_is_no_get(desk, person):
    assert desk.get(page("open_case", person)).status_code == 405


@pytest.mark.parametrize(("who", "number"), [("caseworker", 4), ("operator", 2)])
def test_lists_of_people_lead_to_each_other(request, signed_in, who, number):
    browser = signed_in(request.getfixturevalue(who))
    places = browser.get(reverse("casework:people")).context["places"]
    names = [place["url_name"] for place in places]

    pages = {name: browser.get(reverse(name)) for name in names}

    assert len(names) == number
    for name, page in pages.items():
        current = [place["url_name"] for place in page.context["places"] if place["current"]]
        assert (page.status_code, current) == (200, [name])
