from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework.models import (
    Case,
    CaseEvent,
    Person,
    PersonIdentity,
    ServiceDelivered,
    Visit,
)
from directory.models import LeafletEdition
from tests import factories

NEW = reverse("casework:receive_visitor")
LOG = reverse("casework:visits")


def record(person):
    return reverse("casework:record_visit", args=[person.pk])


@pytest.fixture
def typed(team):
    """What a visit's form sends when nothing special happened."""
    return {
        "operation": str(uuid4()),
        "team": team.pk,
        "services": ["information", "food"],
        "language": "fa",
        "interpreting": "in_person",
        "concern": "no",
    }


@pytest.fixture
def newcomer(typed):
    return {
        **typed,
        "sex": "female",
        "age": "25–34",
        "nationality": "AF",
        "birth_year_source": "estimated",
        "unaccompanied_or_separated": "unknown",
        "residence_status": "unknown",
        "disability": "unknown",
    }


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


# A person who has a code


def test_visit_is_saved_with_services_and_audited(desk, caseworker, person, team, typed):
    response = desk.post(record(person), typed)

    assert response.headers["Location"] == LOG
    visit = Visit.objects.get()
    facts = (visit.person, visit.team, visit.language_id, visit.interpreting, visit.recorded_by)
    assert facts == (person, team, "fa", "in_person", caseworker)
    services = ServiceDelivered.objects.values_list("service_type", "visit", "person", "case")
    assert sorted(services) == [
        ("food", visit.pk, person.pk, None),
        ("information", visit.pk, person.pk, None),
    ]
    person.refresh_from_db()
    assert person.last_visit_on == timezone.localdate()
    event = AuditEvent.objects.get(verb="record_visit")
    assert (event.actor, event.object_id) == (caseworker, str(visit.pk))


def test_visit_stands_on_the_timeline_of_her_case_and_moves_its_last_contact(
    desk, case, person, typed
):
    Case.objects.update(last_contact_on=timezone.localdate() - timedelta(days=20))

    desk.post(record(person), typed)

    case.refresh_from_db()
    assert case.last_contact_on == timezone.localdate()
    event = CaseEvent.objects.get()
    visit = Visit.objects.get()
    assert (event.case, event.code) == (case, CaseEvent.Code.VISIT_RECORDED)
    assert event.url == reverse("casework:visit", args=[visit.pk])


def test_next_one_can_be_logged_at_once(desk, person, typed):
    response = desk.post(record(person), {**typed, "then": "next"})

    assert response.headers["Location"] == reverse("casework:new_visit")


def test_worry_can_lead_to_the_screening(desk, person, typed):
    worry = {"concern": "yes", "concern_note": "He answered for her", "screen_next": "on"}

    response = desk.post(record(person), {**typed, **worry})

    assert response.headers["Location"] == reverse("screening:start", args=[person.pk])
    assert Visit.objects.get().concern_note == "He answered for her"


def test_language_from_the_list_wins_over_the_chips(desk, person, typed):
    desk.post(record(person), {**typed, "other_language": "so"})

    assert Visit.objects.get().language_id == "so"


def test_leaflets_are_of_the_language_spoken_unless_said_otherwise(desk, person, typed):
    desk.post(record(person), {**typed, "leaflets": ["trafficking", "sos_card"]})
    other = {**typed, "operation": str(uuid4())}
    desk.post(record(person), {**other, "leaflets": ["trafficking"], "leaflet_language": "ur"})

    first, second = Visit.objects.order_by("at")
    taken = [(row.edition.leaflet_id, row.edition.language_id) for row in first.leaflets.all()]
    assert sorted(taken) == [("sos_card", "zxx"), ("trafficking", "fa")]
    assert [row.edition.language_id for row in second.leaflets.all()] == ["ur"]


def test_leaflet_that_is_not_printed_needs_a_word(desk, person, typed):
    pashto = {**typed, "language": "ps", "leaflets": ["trafficking"]}

    response = desk.post(record(person), pashto)

    assert "Not printed in Pashto: Trafficking" in response.text
    assert Visit.objects.count() == 0

    desk.post(record(person), {**pashto, "explain": "on"})

    visit = Visit.objects.get()
    assert [topic.pk for topic in visit.explained.all()] == ["thb_risks"]
    assert visit.leaflets.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"services": []}, "Tick what was done"),
        ({"services": ["nonsense"]}, "nonsense is not one of the available choices"),
        ({"language": "", "other_language": ""}, "Say which language was spoken."),
        ({"language": "xx"}, "Select a valid choice"),
        ({"at": "yesterday"}, "Write the day and the time"),
        ({"at": "2999-01-01T10:00"}, "A visit cannot lie in the future."),
        ({"at": "0026-01-01T10:00"}, "too far back"),
        ({"at": "0001-01-01T00:00"}, "Write the day and the time"),
        ({"at": "9999-12-31T23:59-12:00"}, "Write the day and the time"),
        ({"at": "2999-01-01T10:00+23:59"}, "A visit cannot lie in the future."),
        ({"services": ["a\x00b"]}, "Error: "),
        ({"team": "999999"}, "Select a valid choice"),
        ({"team": "x"}, "Select a valid choice"),
        ({"grant": str(uuid4())}, "Select a valid choice"),
        ({"grant": "nonsense"}, "is not a valid UUID"),
        ({"interpreting": "maybe"}, "Select a valid choice"),
        ({"operation": "nonsense"}, "valid UUID"),
        ({"concern_note": "x" * 501}, "at most 500"),
        ({"concern_note": "a\x00b"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk, person, typed, wrong, said):
    response = desk.post(record(person), {**typed, **wrong})

    assert response.status_code == 200
    assert said in response.text
    assert (Visit.objects.count(), ServiceDelivered.objects.count()) == (0, 0)
    assert AuditEvent.objects.filter(verb="record_visit").count() == 0


def test_grant_that_did_not_run_that_day_is_refused(desk, house, person, typed):
    grant = factories.GrantFactory(organization=house)
    day = (grant.starts_on - timedelta(days=1)).isoformat()

    response = desk.post(record(person), {**typed, "grant": grant.pk, "at": f"{day}T10:00"})

    assert "This grant does not cover that day." in response.text
    assert Visit.objects.count() == 0


def test_second_click_is_the_same_visit(desk, person, typed):
    first = desk.post(record(person), typed)
    second = desk.post(record(person), typed)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Visit.objects.count() == 1


def test_form_filled_in_anew_after_going_back_is_refused_and_not_lost(desk, person, typed):
    desk.post(record(person), typed)

    response = desk.post(record(person), {**typed, "services": ["clothes"]})

    assert "This form was used before" in response.text
    assert Visit.objects.count() == 1


def test_stranger_cannot_log_a_visit_of_somebody_elses_person(signed_in, stranger, person, typed):
    response = signed_in(stranger).post(record(person), typed)

    assert response.status_code == 404
    assert Visit.objects.count() == 0


def test_whoever_may_not_record_visits_is_refused(signed_in, operator, case, person, typed):
    factories.CaseAccessFactory(content_object=case, user=operator)

    assert signed_in(operator).post(record(person), typed).status_code == 403
    assert Visit.objects.count() == 0


def test_another_teams_desk_is_no_choice(desk, person, typed):
    other = factories.TeamFactory(organization=person.organization)

    response = desk.post(record(person), {**typed, "team": other.pk})

    assert "Select a valid choice" in response.text
    assert Visit.objects.count() == 0


def test_form_shows_what_to_know_before_talking_and_no_name(desk, case, person):
    person.handling_note = "Message only, after 18:00."
    person.save()
    factories.PersonIdentityFactory(person=person, name="Zarmina Testowa")

    response = desk.get(record(person))

    assert "Message only, after 18:00." in response.text
    assert "Zarmina" not in response.text
    assert AuditEvent.objects.filter(verb="view_person", object_id=str(person.pk)).count() == 1


# Somebody new


def test_newcomer_gets_a_code_a_visit_and_no_case(desk, team, newcomer):
    response = desk.post(NEW, newcomer)

    assert response.status_code == 302
    person = Person.objects.get()
    today = timezone.localdate()
    assert (person.team, person.sex, person.nationality.code) == (team, "female", "AF")
    assert person.ages_on(today) == (25, 34)
    assert person.birth_year_source == Person.BirthYearSource.ESTIMATED
    assert person.language_id == "fa"
    assert Visit.objects.get().person == person
    assert (Case.objects.count(), PersonIdentity.objects.count()) == (0, 0)


def test_name_opens_a_case_of_the_one_who_wrote_it(desk, caseworker, newcomer):
    desk.post(NEW, {**newcomer, "name": "  Zarmina Testowa "})

    case = Case.objects.get()
    assert case.owner == caseworker
    assert PersonIdentity.objects.get(person=case.person).name == "Zarmina Testowa"
    codes = list(CaseEvent.objects.order_by("at").values_list("code", flat=True))
    assert codes == ["case_opened", "identity_recorded", "visit_recorded"]


@pytest.mark.parametrize(
    ("said", "youngest", "oldest"), [("1999", 26, 27), ("30", 29, 31), ("", 60, 100)]
)
def test_age_or_year_is_better_than_the_quick_pick(desk, newcomer, said, youngest, oldest):
    desk.post(NEW, {**newcomer, "age": "60+", "age_or_year": said, "birth_year_source": "stated"})

    person = Person.objects.get()
    assert person.birth_year_source == Person.BirthYearSource.STATED
    known = person.ages_on(date(timezone.localdate().year, 11, 18))
    shift = timezone.localdate().year - 2026 if said == "1999" else 0
    assert known == (youngest + shift, oldest + shift)


def test_unknown_age_is_unknown_and_counts_as_a_child(desk, newcomer):
    desk.post(NEW, {**newcomer, "age": ""})

    person = Person.objects.get()
    assert (person.birth_year_from, person.birth_year_source) == (None, "unknown")
    assert person.may_be_child(timezone.localdate())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sex": ""}, "Say the sex"),
        ({"sex": "robot"}, "Select a valid choice"),
        ({"nationality": "", "other_nationality": ""}, "Choose a nationality"),
        ({"nationality": "", "other_nationality": "QQ"}, "Select a valid choice"),
        ({"age": "25-34"}, "Select a valid choice"),
        ({"age_or_year": "young"}, "Write a number"),
        ({"age_or_year": "121"}, "Write an age up to 120"),
        ({"age_or_year": "1899"}, "Write an age up to 120"),
        ({"age_or_year": "2999"}, "Write an age up to 120"),
        ({"age_or_year": "-3"}, "Write an age up to 120"),
        ({"name": "x" * 301}, "at most 300"),
        ({"services": []}, "Tick what was done"),
    ],
)
def test_newcomer_with_something_wrong_is_not_half_kept(desk, newcomer, wrong, said):
    response = desk.post(NEW, {**newcomer, "name": "Zarmina", **wrong})

    assert response.status_code == 200
    assert said in response.text
    counts = [model.objects.count() for model in (Person, Visit, Case, PersonIdentity)]
    assert counts == [0, 0, 0, 0]


def test_visit_that_fails_takes_the_newcomer_with_it(desk, newcomer):
    response = desk.post(NEW, {**newcomer, "at": "2999-01-01T10:00"})

    assert "A visit cannot lie in the future." in response.text
    assert Person.objects.count() == 0


def test_second_click_makes_no_second_person(desk, newcomer):
    desk.post(NEW, newcomer)
    desk.post(NEW, newcomer)

    assert (Person.objects.count(), Visit.objects.count()) == (1, 1)


def test_mobile_team_registers_but_is_not_asked_for_a_name(signed_in, mobile, newcomer):
    client = signed_in(mobile)
    team = mobile.teams.get()

    assert 'name="name"' not in client.get(NEW).text
    client.post(NEW, {**newcomer, "team": team.pk, "name": "Zarmina"})

    assert Person.objects.get().team == team
    assert PersonIdentity.objects.count() == 0


@pytest.mark.parametrize("who", ["coordinator", "operator", "partner", "donor", "admin", "dpo"])
def test_newcomer_is_registered_by_those_who_may_only(request, signed_in, newcomer, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.post(NEW, newcomer).status_code == 403
    assert Person.objects.count() == 0


# The log


def make_day(caseworker, team, rows):
    for _ in range(rows):
        person = factories.PersonFactory(team=team, registered_by=caseworker)
        visit = factories.VisitFactory(person=person, recorded_by=caseworker)
        factories.LeafletGivenFactory(visit=visit)
        ServiceDelivered.objects.create(
            person=person,
            visit=visit,
            organization=team.organization,
            service_type_id="food",
            recorded_by=caseworker,
        )
        factories.HeadcountFactory(team=team, age_band=factories.age_band(18)).services.add("food")


@pytest.mark.parametrize("rows", [1, 3])
def test_log_asks_the_database_the_same_for_any_number_of_rows(
    desk, caseworker, team, rows, django_assert_num_queries
):
    make_day(caseworker, team, rows)

    with django_assert_num_queries(12):
        response = desk.get(LOG)

    assert len(response.context["log"]) == 2 * rows


def test_log_shows_codes_and_counts_of_ones_own_team_only(desk, caseworker, team):
    make_day(caseworker, team, 1)
    other = factories.VisitFactory()

    response = desk.get(LOG)

    person = Person.objects.get(team=team)
    assert person.code in response.text
    assert "Man, 18–24" in response.text
    assert other.person.code not in response.text
    assert AuditEvent.objects.get(verb="list_visits").listed == [person.visits.get().pk]


def test_log_of_another_day(desk, person):
    yesterday = timezone.now() - timedelta(days=1)
    factories.VisitFactory(person=person, at=yesterday)

    assert person.code not in desk.get(LOG).text
    day = timezone.localdate(yesterday).isoformat()
    assert person.code in desk.get(LOG, {"day": day}).text


@pytest.mark.parametrize("day", ["nonsense", "2026-13-45", "2026-02-30", "\x00", "0001-01-01"])
def test_day_that_is_none_is_said(desk, day):
    assert "That is no day of the calendar." in desk.get(LOG, {"day": day}).text


def test_log_is_for_those_who_work_at_desks(signed_in, partner, donor):
    assert [signed_in(user).get(LOG).status_code for user in (partner, donor)] == [403, 403]


# One visit, and its correction


@pytest.fixture
def visit(person, caseworker):
    made = factories.VisitFactory(
        person=person, recorded_by=caseworker, concern="yes", concern_note="He answered for her"
    )
    made.services.create(
        person=person,
        organization=person.organization,
        service_type_id="food",
        recorded_by=caseworker,
    )
    return made


def page(visit):
    return reverse("casework:visit", args=[visit.pk])


def test_note_of_a_visit_is_the_teams_until_there_is_a_case(signed_in, colleague, visit):
    assert "He answered for her" in signed_in(colleague).get(page(visit)).text

    factories.AssignedCaseFactory(person=visit.person)

    response = signed_in(colleague).get(page(visit))
    assert response.status_code == 200
    assert "He answered for her" not in response.text
    assert "Part of a case" in response.text


def test_note_of_a_visit_is_open_to_whoever_wrote_it(desk, visit):
    factories.AssignedCaseFactory(person=visit.person)

    assert "He answered for her" in desk.get(page(visit)).text


def test_visit_of_another_house_does_not_exist(signed_in, stranger, visit):
    assert signed_in(stranger).get(page(visit)).status_code == 404


def change(visit):
    return reverse("casework:change_visit", args=[visit.pk])


@pytest.fixture
def corrected(typed, visit):
    kept = {name: value for name, value in typed.items() if name != "team"}
    return {**kept, "version": visit.version, "services": ["food", "clothes"]}


def test_showing_a_visit_to_correct_it_is_written_down(desk, visit):
    assert "He answered for her" in desk.get(change(visit)).text

    assert AuditEvent.objects.get(verb="view_visit").object_id == str(visit.pk)


def test_visit_is_corrected_and_keeps_what_was_not_touched(desk, visit, corrected):
    old = visit.services.get()

    response = desk.post(change(visit), {**corrected, "concern": "not_sure", "leaflets": "women"})

    assert response.headers["Location"] == page(visit)
    visit.refresh_from_db()
    assert (visit.version, visit.concern) == (2, "not_sure")
    assert set(visit.services.values_list("service_type", flat=True)) == {"food", "clothes"}
    assert visit.services.filter(pk=old.pk).exists()
    assert [row.edition.leaflet_id for row in visit.leaflets.all()] == ["women"]
    assert AuditEvent.objects.filter(verb="change_visit").count() == 1


def test_visit_that_somebody_else_corrected_meanwhile_is_not_overwritten(desk, visit, corrected):
    Visit.objects.update(version=2, concern="no")

    response = desk.post(change(visit), {**corrected, "concern": "not_sure"})

    assert "Somebody changed this while you had it open." in response.text
    assert Visit.objects.get().concern == "no"


def test_correction_is_for_the_team_of_the_visit(
    signed_in, coordinator, stranger, visit, corrected
):
    elsewhere = factories.UserFactory(
        organization=visit.team.organization,
        teams=[factories.TeamFactory(organization=visit.team.organization)],
        role="coordinator",
    )

    assert signed_in(stranger).post(change(visit), corrected).status_code == 404
    assert signed_in(elsewhere).post(change(visit), corrected).status_code == 403


def test_correction_by_a_colleague_leaves_the_note_she_may_not_read(
    signed_in, colleague, visit, corrected
):
    factories.AssignedCaseFactory(person=visit.person)
    client = signed_in(colleague)

    assert "He answered for her" not in client.get(change(visit)).text
    client.post(change(visit), {**corrected, "concern_note": "overwritten"})

    visit = Visit.objects.select_related("data_key").get()
    assert (visit.version, visit.concern_note) == (2, "He answered for her")


def test_correction_shows_what_was_recorded(desk, visit):
    edition = LeafletEdition.objects.get(leaflet="women", language="fa", is_in_use=True)
    factories.LeafletGivenFactory(visit=visit, edition=edition)
    visit.explained.add("asylum")

    form = desk.get(change(visit)).context["form"]

    assert form["services"].value() == ["food"]
    assert set(form["leaflets"].value()) == {"women", "asylum"}
    assert form["explain"].value() is True
    assert form["concern_note"].value() == "He answered for her"
