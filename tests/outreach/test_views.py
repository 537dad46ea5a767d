from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.models import AgeBand, Topic
from outreach import actions
from outreach.models import (
    OutreachLeaflets,
    OutreachSession,
    OutreachTally,
)
from tests import factories
from tests.outreach.conftest import verbs, words
from tests.outreach.factories import (
    FinishedSessionFactory,
    ForgottenSessionFactory,
    SessionFactory,
)

START, SESSIONS = "/outreach/start/", "/outreach/"


@pytest.fixture
def phone(signed_in, mobile):
    """The mobile worker's browser."""
    return signed_in(mobile)


@pytest.fixture
def session(mobile):
    return SessionFactory(team=mobile.teams.get(), recorded_by=mobile)


@pytest.fixture
def finished(mobile):
    return FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)


def cell(sex, youngest):
    return f"count_{sex}_{factories.age_band(youngest).pk}"


def counted(session, **fields):
    """A count as the page sends it."""
    return {"version": session.version, "method": "estimated", "operation": uuid4(), **fields}


def met(session):
    return list(session.tallies.values_list("sex", "age_band__min_age", "quantity"))


# Start


def starting(mobile, **fields):
    return {
        "members": [mobile.pk],
        "area": "bg-parks",
        "mode": "walking",
        "started_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "team": mobile.teams.get().pk,
        "operation": uuid4(),
        **fields,
    }


def test_start_opens_the_counting_page_and_is_recorded(phone, mobile):
    response = phone.post(START, starting(mobile))

    session = OutreachSession.objects.get()
    assert (session.area_id, session.is_open, session.recorded_by) == ("bg-parks", True, mobile)
    assert response.headers["Location"] == session.get_absolute_url()
    assert verbs() == ["start_session"]


def test_start_offers_the_team_and_the_grant_of_the_last_time(phone, mobile):
    grant = factories.GrantFactory(organization=mobile.organization)
    SessionFactory(team=mobile.teams.get(), recorded_by=mobile, grant=grant)

    form = phone.get(START).context["form"]

    assert form["members"].value() == [mobile.pk]
    assert form["grant"].value() == grant.pk
    assert form["team"].is_hidden


def test_second_press_of_start_finds_the_first_session(phone, mobile):
    fields = starting(mobile)

    answers = [phone.post(START, fields).headers["Location"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert OutreachSession.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"area": ""}, "There is no answer here yet"),
        ({"area": "the-old-house"}, "Select a valid choice"),
        ({"members": []}, "There is no answer here yet"),
        ({"mode": "swimming"}, "Select a valid choice"),
        ({"started_at": "31.2.2026"}, "Enter a valid date/time"),
        ({"started_at": "0026-11-18T10:00"}, "too far back"),
        ({"started_at": "2199-11-18T10:00"}, "cannot start in the future"),
        ({"team": "999999"}, "Select a valid choice"),
    ],
)
def test_start_with_a_slip_says_which_and_keeps_nothing(phone, mobile, fields, says):
    response = phone.post(START, starting(mobile, **fields))

    assert says in words(response)
    assert OutreachSession.objects.count() == 0


def test_start_for_a_team_of_others_is_no_choice(phone, mobile):
    response = phone.post(START, starting(mobile, team=factories.TeamFactory().pk))

    assert "Select a valid choice" in words(response)
    assert OutreachSession.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_start_without_the_function_is_refused(signed_in, caseworker, method):
    assert getattr(signed_in(caseworker), method)(START).status_code == 403


# Count


def test_counts_are_saved_and_the_session_stays_open(phone, session):
    young = cell("male", 15)

    phone.post(session.get_absolute_url(), counted(session, **{young: "4"}, children_alone="2"))

    session.refresh_from_db()
    assert (met(session), session.children_alone) == ([("male", 15, 4)], 2)
    assert session.is_open
    assert verbs() == ["save_session"]


def test_what_was_saved_stands_in_the_form_again(phone, session, mobile):
    grown, edition = factories.age_band(25), factories.edition()
    actions.save_session(
        session,
        version=1,
        actor=mobile,
        counts={("female", grown): 3},
        method="counted",
        children_alone=0,
        languages=[factories.language("so")],
        topics=Topic.objects.filter(pk="asylum"),
        needs=[],
        leaflets={edition: 12},
    )

    form = phone.get(session.get_absolute_url()).context["form"]

    assert form[cell("female", 25)].value() == 3
    assert form[f"leaflet_{edition.pk}"].value() == 12
    assert [str(group.language) for group in form.leaflets_by_language if group.is_open] == [
        "Farsi"
    ]
    assert form["languages"].value() == ["so"]


def test_finish_ends_the_session_with_what_was_counted(phone, session):
    fields = counted(session, **{cell("female", 25): "2"}, finish="1")

    response = phone.post(session.get_absolute_url(), fields, follow=True)

    session.refresh_from_db()
    assert (session.is_open, met(session)) == (False, [("female", 25, 2)])
    assert "People met" in words(response)
    assert verbs() == ["finish_session", "view_session"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"count_male_15": "100000"}, "less than or equal to 2000"),
        ({"count_male_15": "-1"}, "greater than or equal to 0"),
        ({"count_male_15": "many"}, "Enter a whole number"),
        ({"children_alone": "3"}, "more children alone than children"),
        ({"method": "guessed"}, "Select a valid choice"),
        ({"topics": ["gossip"]}, "Select a valid choice"),
    ],
)
def test_count_with_a_slip_says_which_and_changes_nothing(phone, session, fields, says):
    named = {cell("male", 15) if k == "count_male_15" else k: v for k, v in fields.items()}

    response = phone.post(session.get_absolute_url(), counted(session, **named))

    session.refresh_from_db()
    assert says in words(response)
    assert (session.version, met(session)) == (1, [])


def test_empty_form_is_no_failure(phone, session):
    response = phone.post(session.get_absolute_url(), {"finish": "1"})

    assert (response.status_code, "There is no answer here yet" in words(response)) == (200, True)
    assert OutreachSession.objects.get().is_open


def test_colleagues_counts_are_told_and_not_overwritten(phone, session, mobile):
    grown = factories.age_band(25)
    content = {"method": "counted", "children_alone": 0, "languages": [], "topics": []}
    content |= {"needs": [], "leaflets": {}}
    actions.save_session(session, version=1, actor=mobile, counts={("female", grown): 5}, **content)
    mine = counted(session, **{cell("female", 25): "3"})

    response = phone.post(session.get_absolute_url(), mine)

    assert "had it open" in words(response)
    assert "5 people are saved now" in words(response)
    assert met(session) == [("female", 25, 5)]
    again = response.context["form"]
    assert (again[cell("female", 25)].value(), again["version"].value()) == ("3", "2")
    phone.post(session.get_absolute_url(), {**mine, "version": "2"})
    assert met(session) == [("female", 25, 3)]


def test_second_press_of_finish_ends_it_once(phone, session):
    fields = counted(session, finish="1")
    phone.post(session.get_absolute_url(), fields)

    response = phone.post(session.get_absolute_url(), fields)

    assert response.headers["Location"] == session.get_absolute_url()
    assert verbs() == ["finish_session"]


def test_counts_sent_to_a_session_finished_meanwhile_stay_in_the_form(phone, finished):
    young = cell("male", 15)

    response = phone.post(finished.get_absolute_url(), counted(finished, **{young: "4"}))

    assert "This session is finished" in words(response)
    assert response.context["form"][young].value() == "4"
    assert met(finished) == []


def test_forgotten_session_asks_when_it_ended(phone, mobile):
    session = ForgottenSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    page = phone.get(session.get_absolute_url())
    assert "never finished" in words(page)

    refused = phone.post(session.get_absolute_url(), counted(session, finish="1"))
    told = timezone.localtime(session.started_at + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    phone.post(session.get_absolute_url(), counted(session, finish="1", ended_at=told))

    assert "Say when it really ended" in words(refused)
    session.refresh_from_db()
    assert session.ended_at - session.started_at < timedelta(hours=4)


def test_end_is_not_asked_of_whoever_only_saves(phone, mobile):
    session = ForgottenSessionFactory(team=mobile.teams.get(), recorded_by=mobile)

    response = phone.post(session.get_absolute_url(), counted(session, ended_at="2026-11-01T10:00"))

    session.refresh_from_db()
    assert (response.status_code, session.is_open) == (302, True)


def test_bands_are_those_of_the_sessions_programme(phone, mobile):
    grant = factories.GrantFactory(organization=mobile.organization, age_band_set_id="unicef")
    session = SessionFactory(
        team=mobile.teams.get(), recorded_by=mobile, grant=grant, age_band_set_id="unicef"
    )

    rows = phone.get(session.get_absolute_url()).context["form"].rows

    assert [band for band, _ in rows] == list(AgeBand.objects.filter(age_band_set="unicef"))


# Read


def test_finished_session_shows_every_band_with_its_numbers(phone, finished):
    OutreachTally.objects.create(
        session=finished, sex="male", age_band=factories.age_band(15), quantity=4
    )
    OutreachLeaflets.objects.create(session=finished, edition=factories.edition(), quantity=9)

    response = phone.get(finished.get_absolute_url())

    lines = response.context["lines"]
    assert len(lines) == AgeBand.objects.filter(age_band_set="programme").count()
    assert [(line.female, line.male) for line in lines if line.band.min_age == 15] == [(0, 4)]
    assert "9 × Trafficking (Farsi)" in words(response)
    assert verbs() == ["view_session"]


def test_caseworker_of_the_team_reads_an_open_session_and_cannot_count(signed_in, mobile, session):
    reader = factories.UserFactory(
        organization=mobile.organization, teams=[session.team], role="caseworker"
    )

    shown = signed_in(reader).get(session.get_absolute_url())
    sent = signed_in(reader).post(session.get_absolute_url(), counted(session, finish="1"))

    assert (shown.status_code, shown.templates[0].name) == (200, "outreach/session.html")
    assert sent.status_code == 403
    assert OutreachSession.objects.get().is_open


def test_title_and_address_say_no_place(phone, finished):
    response = phone.get(finished.get_absolute_url())

    title = response.text.partition("<title>")[2].partition("</title>")[0]
    assert " ".join(title.split()) == "Outreach session – Casework"


@pytest.mark.parametrize("door", ["session", "correct"])
def test_stranger_cannot_tell_that_a_session_exists(signed_in, stranger, finished, door):
    address = reverse(f"outreach:{door}", args=[finished.pk])

    assert signed_in(stranger).get(address).status_code == 404


# Correct


def corrected(session, **fields):
    start, end = (timezone.localtime(m) for m in (session.started_at, session.ended_at))
    return counted(
        session,
        area=session.area_id,
        mode=session.mode,
        started_at=start.strftime("%Y-%m-%dT%H:%M"),
        ended_at=end.strftime("%Y-%m-%dT%H:%M"),
        **fields,
    )


def correct_url(session):
    return reverse("outreach:correct", args=[session.pk])


def test_correction_takes_the_place_of_the_record(phone, finished):
    fields = corrected(finished, **{cell("male", 15): "6"}) | {"area": "nis", "mode": "vehicle"}

    response = phone.post(correct_url(finished), fields)

    new = OutreachSession.objects.standing().get()
    assert response.headers["Location"] == new.get_absolute_url()
    assert (new.area_id, new.mode, met(new)) == ("nis", "vehicle", [("male", 15, 6)])
    assert (new.started_at, new.ended_at) == (finished.started_at, finished.ended_at)
    assert "Open the record that counts" in words(phone.get(finished.get_absolute_url()))


def test_correction_keeps_leaflets_that_are_no_longer_printed(phone, finished):
    edition = factories.edition()
    OutreachLeaflets.objects.create(session=finished, edition=edition, quantity=9)
    type(edition).objects.filter(pk=edition.pk).update(is_in_use=False)

    shown = phone.get(correct_url(finished)).context["form"]
    phone.post(correct_url(finished), corrected(finished, **{f"leaflet_{edition.pk}": "9"}))

    assert shown[f"leaflet_{edition.pk}"].value() == 9
    assert OutreachSession.objects.standing().get().leaflets.get().quantity == 9


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"ended_at": ""}, "There is no answer here yet"),
        ({"ended_at": "2026-11-01T10:00"}, "ends after it starts"),
        ({"ended_at": "2026-11-09T10:00"}, "lasts a day at most"),
        ({"started_at": "2199-01-01T10:00"}, "cannot start in the future"),
        ({"area": ""}, "There is no answer here yet"),
    ],
)
def test_correction_with_a_slip_says_which_and_keeps_the_record(phone, finished, fields, says):
    response = phone.post(correct_url(finished), {**corrected(finished), **fields})

    assert says in words(response)
    assert list(OutreachSession.objects.standing()) == [finished]


def test_record_that_was_corrected_meanwhile_is_not_corrected_again(phone, finished):
    phone.post(correct_url(finished), corrected(finished))

    response = phone.post(correct_url(finished), corrected(finished))

    assert "corrected already" in words(response)
    assert OutreachSession.objects.count() == 2


def test_open_session_is_counted_and_not_corrected(phone, session):
    assert phone.get(correct_url(session)).headers["Location"] == session.get_absolute_url()


def test_correction_without_the_function_is_refused(signed_in, mobile, finished):
    reader = factories.UserFactory(
        organization=mobile.organization, teams=[finished.team], role="caseworker"
    )

    assert signed_in(reader).get(correct_url(finished)).status_code == 403


# Lists


def test_list_shows_what_goes_on_first_and_then_the_latest(phone, mobile, session):
    team = mobile.teams.get()
    older = FinishedSessionFactory(
        team=team,
        started_at=datetime(2026, 9, 1, 18, tzinfo=UTC),
        ended_at=datetime(2026, 9, 1, 20, tzinfo=UTC),
    )
    newer = FinishedSessionFactory(team=team)
    FinishedSessionFactory()

    context = phone.get(SESSIONS).context

    assert list(context["open_sessions"]) == [session]
    assert list(context["page"]) == [newer, older]


def test_coordinator_sees_the_sessions_of_the_house(office, session, finished):
    context = office.get(SESSIONS).context

    assert ([*context["open_sessions"]], [*context["page"]]) == ([session], [finished])


def test_list_without_the_function_is_refused(signed_in, operator):
    assert signed_in(operator).get(SESSIONS).status_code == 403


def test_empty_list_says_why(phone):
    assert "No finished sessions yet" in words(phone.get(SESSIONS))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_the_same_for_any_number_of_rows(
    phone, mobile, rows, django_assert_num_queries
):
    for _ in range(rows):
        for make in (SessionFactory, FinishedSessionFactory):
            row = make(team=mobile.teams.get())
            OutreachTally.objects.create(
                session=row, sex="male", age_band=factories.age_band(15), quantity=2
            )

    with django_assert_num_queries(10):
        phone.get(SESSIONS)


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "99999999999999999999"])
def test_page_that_is_none_shows_another(phone, finished, page):
    assert finished.get_absolute_url() in phone.get(SESSIONS, {"page": page}).text
