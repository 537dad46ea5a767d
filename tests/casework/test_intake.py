from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions
from casework.models import Consent, Headcount, Person, ServiceDelivered, Visit
from tests import factories

NEW = reverse("casework:receive_in_transit")
LIST = reverse("casework:unfinished")
REST = ["unaccompanied_or_separated", "residence_status", "disability"]


@pytest.fixture
def typed(team):
    return {
        "operation": str(uuid4()),
        "team": team.pk,
        "sex": "female",
        "age": "25–34",
        "language": "fa",
        "birth_year_source": "estimated",
    }


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def half(team, caseworker):
    return factories.HalfFinishedPersonFactory(team=team, registered_by=caseworker)


def rest_of(person):
    return reverse("casework:continue_intake", args=[person.pk])


def end_of(person):
    return reverse("casework:end_intake", args=[person.pk])


def test_three_facts_make_a_code_and_the_rest_is_not_asked_yet(desk, typed):
    response = desk.post(NEW, typed)

    person = Person.objects.get()
    assert response.url == reverse("casework:person", args=[person.pk])
    assert (person.sex, person.language_id, person.intake) == ("female", "fa", "transit")
    assert person.not_asked == ["nationality", *REST]
    assert person.nationality.code == "XX"
    assert not Visit.objects.exists()
    assert AuditEvent.objects.filter(verb="register_person", object_id=person.pk).count() == 1


def test_what_was_given_at_once_is_a_visit(desk, typed):
    desk.post(NEW, {**typed, "services": ["food", "information"], "nationality": "AF"})

    person = Person.objects.get()
    assert person.not_asked == REST
    assert {s.service_type_id for s in ServiceDelivered.objects.filter(person=person)} == {
        "food",
        "information",
    }
    assert person.last_visit_on == timezone.localdate()


def test_yes_to_a_record_is_kept_in_the_words_of_the_house(desk, typed, house):
    text = factories.ReviewedConsentTextFactory(organization=house)

    desk.post(NEW, {**typed, "told": "given"})

    consent = Consent.objects.get()
    assert (consent.person, consent.case, consent.purpose) == (Person.objects.get(), None, "record")
    assert (consent.decision, consent.text) == ("given", text)


def test_after_a_no_somebody_in_a_hurry_is_only_counted(desk, typed):
    response = desk.post(NEW, {**typed, "told": "refused", "services": ["food"]}, follow=True)

    count = Headcount.objects.get()
    assert (count.sex, count.age_band.label, count.language_id) == ("female", "25–34", "fa")
    assert (count.nationality, count.told) == ("XX", "told")
    assert [service.pk for service in count.services.all()] == ["food"]
    assert "Counted, and nothing is kept of the person." in response.text
    assert (Person.objects.count(), Visit.objects.count(), Consent.objects.count()) == (0, 0, 0)


def test_same_form_twice_is_one_person_and_lands_on_the_same_page(desk, typed):
    first, second = desk.post(NEW, typed), desk.post(NEW, typed)

    assert Person.objects.count() == 1
    assert first.url == second.url


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sex": ""}, "Say the sex, or “Not known”."),
        ({"language": ""}, "Say which language the person speaks."),
        ({"age_or_year": "3000"}, "Write an age up to 120"),
        ({"services": ["food"], "at": "2999-01-01T10:00"}, "A visit cannot lie in the future"),
    ],
)
def test_what_is_wrong_keeps_nothing(desk, typed, wrong, said):
    response = desk.post(NEW, {**typed, **wrong})

    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Person.objects.exists()


def test_an_age_that_is_not_known_is_another_answer_than_none(desk, typed):
    desk.post(NEW, {**typed, "age": "unknown"})
    desk.post(NEW, {**typed, "age": "", "operation": str(uuid4())})

    asked, not_asked = Person.objects.order_by("registered_at")
    assert "birth_year_from" not in asked.not_asked
    assert not_asked.not_asked[0] == "birth_year_from"
    assert asked.birth_year_source == not_asked.birth_year_source == "unknown"


def test_page_of_the_person_tells_not_asked_from_not_known(desk, half):
    half.not_asked = REST[1:]
    half.save()

    page = desk.get(reverse("casework:person", args=[half.pk])).content.decode()

    assert page.count("Not asked yet") == 2
    assert "Half-finished" in page


def test_the_rest_is_asked_field_by_field(desk, half):
    desk.post(rest_of(half), {"version": 1, "nationality": "SY", "disability": "unknown"})

    half.refresh_from_db()
    assert half.nationality.code == "SY"
    assert half.not_asked == ["unaccompanied_or_separated", "residence_status"]
    assert half.intake == "transit"


def test_when_all_was_asked_the_intake_is_complete(desk, half):
    sent = {"version": 1, "nationality": "SY", "disability": "no"}
    sent |= {"unaccompanied_or_separated": "no", "residence_status": "unknown"}

    response = desk.post(rest_of(half), sent)

    half.refresh_from_db()
    assert response.url == reverse("casework:person", args=[half.pk])
    assert (half.not_asked, half.intake, half.version) == ([], "complete", 2)


def test_facts_changed_on_the_long_form_count_as_asked(caseworker, half):
    facts = {"nationality": "AF", "disability": "no", "residence_status": "asylum_seeker"}

    actions.change_person(
        half, version=1, actor=caseworker, unaccompanied_or_separated="no", **facts
    )

    half.refresh_from_db()
    assert (half.not_asked, half.intake) == ([], "complete")


def test_nothing_answered_changes_nothing(desk, half):
    response = desk.post(rest_of(half), {"version": 1})

    assert "Nothing was asked yet on this page." in response.content.decode()
    half.refresh_from_db()
    assert half.version == 1


def test_who_comes_second_is_told(desk, half):
    desk.post(rest_of(half), {"version": 1, "nationality": "SY"})
    response = desk.post(rest_of(half), {"version": 1, "nationality": "AF"})

    assert "Somebody changed this while you had it open" in response.content.decode()
    half.refresh_from_db()
    assert half.nationality.code == "SY"


def test_who_moved_on_keeps_what_is_known_and_leaves_the_list(desk, half):
    desk.post(end_of(half), {"version": 1})

    half.refresh_from_db()
    assert (half.intake, half.sex, len(half.not_asked)) == ("moved_on", "female", 4)
    assert half.code not in desk.get(LIST).content.decode()
    assert AuditEvent.objects.filter(verb="end_intake", object_id=half.pk).count() == 1


def test_nobody_moves_on_twice(desk, half):
    desk.post(end_of(half), {"version": 1})
    response = desk.post(end_of(half), {"version": 2}, follow=True)

    assert "This intake is not half-finished." in response.content.decode()


def test_list_shows_codes_who_waits_longest_first(desk, half, team, caseworker):
    older = factories.HalfFinishedPersonFactory(
        team=team,
        registered_by=caseworker,
        registered_at=timezone.now() - timedelta(days=2),
    )
    factories.PersonFactory(team=team, registered_by=caseworker)

    rows = desk.get(LIST).context["rows"]

    assert [person.pk for person, _left in rows] == [older.pk, half.pk]
    assert rows[0][1] == ["Nationality", "A child alone?", "Residence status", "Disability"]


def test_list_asks_the_same_number_of_questions(desk, half, team, caseworker):
    desk.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(LIST)
    for _each in range(2):
        factories.HalfFinishedPersonFactory(team=team, registered_by=caseworker)
    with CaptureQueriesContext(connection) as three:
        desk.get(LIST)

    assert len(three) == len(one)


def test_stranger_finds_nobody(signed_in, stranger, half):
    page = signed_in(stranger)

    assert page.get(rest_of(half)).status_code == 404
    assert page.post(end_of(half), {"version": 1}).status_code == 404
    assert half.code not in page.get(LIST).content.decode()


def test_who_may_not_change_facts_is_refused(signed_in, partner, half, director):
    assert signed_in(partner).get(NEW).status_code == 403
    assert signed_in(director).get(NEW).status_code == 403
