"""Search before create: somebody new is compared with who is known, typed or sent."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, LimitCount
from casework.actions.search import index_names
from casework.models import Person, TwinTicket, Visit
from tests import factories

NEW = reverse("casework:receive_visitor")
ALIKE = reverse("casework:alike")
ELSEWHERE = reverse("casework:alike_elsewhere")


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def newcomer(team):
    """What the form of somebody new sends."""
    return {
        "operation": str(uuid4()),
        "team": team.pk,
        "services": ["information", "food"],
        "language": "fa",
        "interpreting": "not_needed",
        "concern": "no",
        "sex": "female",
        "age_or_year": "1996",
        "birth_year_source": "stated",
        "nationality": "AF",
        "unaccompanied_or_separated": "unknown",
        "residence_status": "unknown",
        "disability": "unknown",
    }


def named(person, name):
    index_names(factories.PersonIdentityFactory(person=person, data_key=person.data_key, name=name))
    return person


@pytest.fixture
def known(case):
    """Somebody whose name the caseworker may see."""
    return named(case.person, "Zahra Rahimi")


@pytest.fixture
def hidden(team, colleague):
    """Somebody of the same team whose name only the colleague may see."""
    case = factories.AssignedCaseFactory(person__team=team, owner=colleague)
    return named(case.person, "Leila Haddad")


# While it is typed


def test_name_that_sounds_alike_is_shown_with_why(desk, known, newcomer):
    answer = desk.post(ALIKE, {**newcomer, "name": "Zohra Rahimy"})

    assert known.code in answer.text
    assert "The name sounds the same" in answer.text
    assert "Zahra" not in answer.text
    assert AuditEvent.objects.get(verb="find_alike").listed == [known.pk]


@pytest.mark.parametrize("name", ["Zahra", "", "Leila Haddad"])
def test_one_name_nobody_and_a_name_of_others_show_nobody(desk, known, hidden, newcomer, name):
    assert desk.post(ALIKE, {"name": name}).text.strip() == ""


def test_people_without_a_name_are_compared_by_codes(desk, team, newcomer):
    facts = {"team": team, "birth_year_from": 1995, "birth_year_to": 1999}
    today = timezone.localdate()
    near = factories.PersonFactory(last_visit_on=today, **facts)
    factories.PersonFactory(last_visit_on=today, **{**facts, "birth_year_from": 1998})
    factories.PersonFactory(last_visit_on=today, **facts, sex="male")
    factories.PersonFactory(last_visit_on=today, **facts, nationality="SY")
    factories.PersonFactory(last_visit_on=today, **facts, language_id="ar")

    answer = desk.post(ALIKE, newcomer)

    (found,) = answer.context["alike"]
    assert (found.person, found.is_strong) == (near, False)
    assert found.likeness == ["born", "sex", "nationality", "language", "day"]


def test_closed_and_sealed_people_are_not_shown(desk, known, newcomer):
    known.cases.update(archived_on=timezone.localdate())
    Person.objects.update(archived_on=timezone.localdate())

    assert desk.post(ALIKE, {**newcomer, "name": "Zahra Rahimi"}).text.strip() == ""


def test_house_is_asked_once_for_a_name_and_says_no_more_than_that(desk, hidden, newcomer, house):
    answer = desk.post(ELSEWHERE, {**newcomer, "name": "Laila Hadad"})

    assert "A possible match exists" in answer.text
    assert house.name in answer.text
    assert hidden.code not in answer.text
    again = desk.post(ELSEWHERE, {**newcomer, "name": "Laila Hadad", "asked": "Laila Hadad"})
    assert "A possible match exists" not in again.text
    assert AuditEvent.objects.filter(verb="ask_everywhere").count() == 1


def test_questions_to_the_house_count_against_the_same_limit(desk, hidden, newcomer, settings):
    settings.LIMITS = {**settings.LIMITS, "search_everywhere": (1, 3600)}
    ask = reverse("casework:ask_elsewhere")

    assert desk.post(ask, {"q": "Laila Hadad"}).status_code == 200
    assert "A possible match" not in desk.post(ELSEWHERE, {"name": "Leila Haddad"}).text
    assert AuditEvent.objects.filter(verb="ask_everywhere").count() == 1


def test_typing_is_limited(desk, known, settings):
    settings.LIMITS = {**settings.LIMITS, "search_typing": (1, 3600)}

    assert desk.post(ALIKE, {"name": "Zahra Rahimi"}).status_code == 200
    assert desk.post(ALIKE, {"name": "Zahra Rahimi"}).status_code == 429
    assert LimitCount.objects.filter(name="search_typing").exists()


@pytest.mark.parametrize("address", [ALIKE, ELSEWHERE])
def test_who_registers_nobody_is_told_nothing(signed_in, donor, coordinator, address):
    assert signed_in(donor).post(address, {"name": "Zahra Rahimi"}).status_code == 403
    assert signed_in(coordinator).post(address, {"name": "Zahra Rahimi"}).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [{"age_or_year": "7000"}, {"age_or_year": "x", "sex": "?"}, {"name": "a\0b c"}, {"team": "-1"}],
)
def test_half_typed_and_wrong_things_are_no_error(desk, known, typed):
    answer = desk.post(ALIKE, typed)

    assert (answer.status_code, "<html" in answer.text) == (200, False)
    assert known.code not in answer.text


# When it is sent


def test_very_like_is_not_saved_before_the_worker_says_why(desk, known, newcomer):
    typed = {**newcomer, "name": "Zohra Rahimy", "asked": "Zohra Rahimy"}

    answer = desk.post(NEW, typed)

    assert answer.status_code == 200
    assert known.code in answer.text
    assert answer.context["form"]["name"].value() == "Zohra Rahimy"
    assert Person.objects.count() == 1

    assert desk.post(NEW, {**typed, "because": "relative"}).status_code == 302

    ticket = TwinTicket.objects.get()
    assert (ticket.found_how, ticket.because, ticket.score) == ("typing", "relative", "strong")
    assert known in ticket.people
    assert "name" in ticket.likeness


def test_possible_match_elsewhere_is_told_once_without_script(desk, hidden, newcomer):
    typed = {**newcomer, "name": "Laila Hadad"}

    answer = desk.post(NEW, typed)

    assert "A possible match exists" in answer.text
    assert hidden.code not in answer.text
    assert desk.post(NEW, {**typed, "asked": "Laila Hadad"}).status_code == 302
    assert TwinTicket.objects.count() == 0


def test_it_is_the_same_person_keeps_what_was_typed(desk, known, newcomer):
    typed = {**newcomer, "name": "Zohra Rahimy", "concern": "yes", "typed": "kept"}

    answer = desk.post(reverse("casework:record_visit", args=[known.pk]), typed)

    form = answer.context["form"]
    assert not form.is_bound
    assert form["services"].value() == ["information", "food"]
    assert (form["concern"].value(), form["language"].value()) == ("yes", "fa")
    assert Visit.objects.count() == 0


def test_nobody_like_her_is_saved_at_once(desk, newcomer):
    assert desk.post(NEW, {**newcomer, "name": "Zahra Rahimi"}).status_code == 302

    assert TwinTicket.objects.count() == 0
    assert Visit.objects.count() == 1


def test_api_tells_who_is_alike(signed_in, caseworker, team):
    like = factories.PersonFactory(
        team=team,
        birth_year_from=1995,
        birth_year_to=1999,
        last_visit_on=timezone.localdate(),
    )
    sent = {"sex": "female", "nationality": "AF", "language": "fa", "team": team.pk}
    sent |= {"birth_year_from": 1996, "birth_year_to": 1996}

    answer = signed_in(caseworker).post("/api/v1/people/", sent, content_type="application/json")

    assert answer.status_code == 201
    assert [each["code"] for each in answer.json()["alike"]] == [like.code]
