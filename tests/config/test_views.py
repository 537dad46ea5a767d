import logging

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Role, RoleAssignment
from casework.models import Case
from config import views
from tests import factories
from tests.outreach.factories import SessionFactory


def titled(response):
    title = response.text.partition("<title>")[2].partition("</title>")[0]
    return " ".join(title.split())


# Home


@pytest.mark.parametrize(
    ("who", "leads"),
    [("partner", "partner:inbox"), ("donor", "reports:list"), ("director", "reports:list")],
)
def test_whoever_works_with_no_client_is_led_to_her_own_page(request, signed_in, who, leads):
    response = signed_in(request.getfixturevalue(who)).get("/")

    assert (response.status_code, response.headers["Location"]) == (302, reverse(leads))


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "mobile", "operator"])
def test_whoever_works_with_people_begins_with_today(request, signed_in, who):
    response = signed_in(request.getfixturevalue(who)).get("/")

    assert (response.status_code, response.templates[0].name) == (200, "home.html")


@pytest.mark.parametrize("who", ["interpreter", "dpo", "admin"])
def test_whoever_has_neither_is_told_what_can_be_opened(request, signed_in, who):
    response = signed_in(request.getfixturevalue(who)).get("/")

    assert response.templates[0].name == "home_empty.html"
    for place in response.context["navigation"]:
        assert f'href="{place["url"]}"' in response.text.partition("<main")[2]


def test_caseworker_who_leads_as_well_begins_with_her_desk(signed_in, caseworker):
    RoleAssignment.objects.create(
        user=caseworker, role=Role.objects.get(pk=Role.Code.LEADERSHIP), starts_on="2026-01-01"
    )

    assert signed_in(caseworker).get("/").templates[0].name == "home.html"


def test_today_shows_late_answers_once_and_is_recorded(signed_in, caseworker, case):
    late = factories.OverdueReferralFactory(case=case)
    waiting = factories.SentReferralFactory(case=case)

    response = signed_in(caseworker).get("/")

    assert (response.context["overdue"], response.context["waiting"]) == ([late], [waiting])
    listed = [event.listed for event in AuditEvent.objects.filter(object_type="referrals.referral")]
    assert listed == [[late.pk, waiting.pk]]


def test_today_of_a_colleague_shows_nothing_of_it(signed_in, colleague, case):
    factories.OverdueReferralFactory(case=case)

    response = signed_in(colleague).get("/")

    assert (response.context["overdue"], response.context["my_open"]) == ([], 0)
    assert case.person.code not in response.text


def test_coordinator_sees_the_house(signed_in, coordinator, case):
    late = factories.OverdueReferralFactory(case=case)
    Case.objects.update(last_contact_on="2026-01-01")
    factories.OverdueReferralFactory()

    response = signed_in(coordinator).get("/")

    assert response.context["overdue"] == [late]
    assert (response.context["my_open"], response.context["due"]) == (1, [case])


def test_mobile_team_finds_its_open_session_first(signed_in, mobile):
    session = SessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    SessionFactory()

    response = signed_in(mobile).get("/")

    assert list(response.context["open_sessions"]) == [session]
    assert session.get_absolute_url() in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_today_asks_the_database_the_same_for_any_number_of_rows(
    signed_in, caseworker, team, rows, django_assert_num_queries
):
    browser = signed_in(caseworker)
    for _ in range(rows):
        case = factories.AssignedCaseFactory(
            person=factories.PersonFactory(team=team, registered_by=caseworker),
            owner=caseworker,
            risk=Case.Risk.HIGH,
        )
        factories.OverdueReferralFactory(case=case)
        factories.SentReferralFactory(case=case)
    browser.get("/")

    with django_assert_num_queries(26):
        browser.get("/")


# The component page


def test_component_page_is_for_places_where_everything_is_invented(signed_in, admin, settings):
    assert signed_in(admin).get("/design/").status_code == 200
    settings.LOCAL = False

    assert signed_in(admin).get("/design/").status_code == 404


@pytest.mark.django_db
def test_nobody_makes_an_account_for_herself(client):
    response = client.post("/signup/", {"username": "new", "password1": "a long password here"})

    assert response.headers["Location"] == reverse("account_login")


# Whether we are well


def test_process_says_that_it_lives(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.fixture
def worker():
    """A worker that listens to the broker of the tests and has nothing else to do."""
    # A worker sets the level of all logging; it stays what it was for the tests after this one.
    level = logging.getLogger().level
    with start_worker(current_app, loglevel=level, perform_ping_check=False, shutdown_timeout=30):
        yield


@pytest.mark.django_db
def test_missing_worker_is_named(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"missing": ["worker"]})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_ready_when_nothing_is_missing(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"missing": []})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_missing_key_ring_is_named(client, settings, tmp_path):
    settings.KEY_RING_FILE = str(tmp_path / "moved-away.json")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"missing": ["key ring"]})


@pytest.mark.django_db
def test_missing_broker_is_named(client, monkeypatch, tmp_path):
    away = f"redis+socket://{tmp_path}/away?virtual_host=0"
    monkeypatch.setattr(current_app.conf, "broker_write_url", away)

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"missing": ["broker"]})


@pytest.fixture
def no_database(transactional_db, monkeypatch, tmp_path):
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", str(tmp_path))
        yield
    connection.close()


@pytest.mark.usefixtures("worker")
def test_missing_database_is_named_and_the_process_still_lives(no_database, client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"missing": ["database"]})
    assert client.get("/healthz").status_code == 200


# Error pages


def test_failure_page_asks_no_database(no_database):
    response = Client(raise_request_exception=False).get("/login/", {"next": "/"})
    page = views.server_error(response.wsgi_request)

    assert (page.status_code, page.text.count("<h1>")) == (500, 1)


def test_page_that_does_not_exist(signed_in, caseworker):
    response = signed_in(caseworker).get("/nowhere/")

    assert (response.status_code, titled(response)) == (404, "Nothing here for you – Casework")


def test_page_for_another_role_is_refused(signed_in, mobile):
    response = signed_in(mobile).get(reverse("reports:list"))

    assert (response.status_code, "<h1>" in response.text) == (403, True)


def test_request_that_cannot_be_read(rf, caseworker):
    request = rf.get("/", headers={"host": "testserver"})
    request.user = caseworker

    response = views.bad_request(request, Exception())

    assert (response.status_code, "<h1>" in response.text) == (400, True)


def test_request_that_is_too_large(rf, caseworker):
    request = rf.post("/")
    request.user = caseworker

    response = views.bad_request(request, RequestDataTooBig())

    assert (response.status_code, "<h1>" in response.text) == (413, True)


def test_large_form_is_refused_with_a_page(signed_in, caseworker, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    response = signed_in(caseworker).post(reverse("casework:find"), {"q": "x" * 2_000})

    assert (response.status_code, "<h1>" in response.text) == (413, True)


def test_form_from_a_page_that_was_open_too_long(caseworker):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(caseworker, backend="accounts.backends.RoleBackend")

    response = browser.post(reverse("casework:find"), {"q": "7KM"})

    assert response.status_code == 403
    assert "open too long" in response.text


def test_api_answers_errors_in_its_own_form(signed_in, caseworker):
    response = signed_in(caseworker).get("/api/nowhere/")

    body = {"type": "client_error", "code": "404", "detail": "There is nothing here.", "fields": {}}
    assert (response.status_code, response.json()) == (404, body)


@pytest.mark.parametrize("language", ["en", "sr-latn"])
def test_day_is_written_in_the_readers_language(signed_in, caseworker, language):
    browser = signed_in(caseworker)
    browser.cookies["django_language"] = language

    response = browser.get("/")

    assert response.headers["Content-Language"] == language
    assert str(timezone.localdate().year) in response.text.partition("lede")[2][:60]
