"""Pages and API of incidents: what a worker puts in, what each reader is shown."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from screening.models import Incident
from tests.factories import CaseAccessFactory
from tests.screening.factories import (
    ClosedIncidentFactory,
    ConductReportFactory,
    IncidentFactory,
)

INCIDENTS = "/api/v1/incidents/"
PLAIN = {"relation": "unknown", "stage": "unknown", "place": "unknown"}


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def incident(case):
    return IncidentFactory(case=case)


@pytest.fixture
def report(case):
    return ConductReportFactory(case=case)


def url(name, *args):
    return reverse(f"screening:{name}", args=args)


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


# record


def test_incident_is_recorded_on_one_screen(desk, case):
    today = timezone.localdate()
    given = {
        **PLAIN,
        "asked_rape": "no",
        "asked_sexual_assault": "yes",
        "relation": "smuggler",
        "first_on": today.isoformat(),
        "first_hour": "0",
    }

    response = desk.post(url("record_incident", case.pk), given)

    incident = Incident.objects.select_related("data_key").get()
    assert response.headers["Location"] == url("incident", incident.pk)
    assert (incident.first_on, incident.first_hour) == (today, 0)
    assert incident.what.core_type == "sexual_assault"
    assert incident.what.relation == "smuggler"
    page = text(desk.get(url("incident", incident.pk)))
    assert "Sexual assault" in page
    assert "?category=medical" in page
    assert "Offer a screening" in page


def test_form_asks_in_order_and_tells_nobody_to_ask(desk, case):
    page = text(desk.get(url("record_incident", case.pk)))

    names = re.findall(r'name="asked_(\w+)"', page)
    assert list(dict.fromkeys(names)) == [
        "rape",
        "sexual_assault",
        "physical_assault",
        "forced_marriage",
        "denial_resources",
        "psychological_abuse",
        "non_gbv",
    ]
    assert "Do not ask the person these questions" in page
    assert "<textarea" not in page
    assert 'type="text"' not in page[page.index("<main") : page.index("</main>")]
    assert len(page) < 100_000


def test_impossible_day_is_told_and_nothing_is_kept(desk, case):
    tomorrow = timezone.localdate() + timedelta(days=1)

    page = text(
        desk.post(url("record_incident", case.pk), {**PLAIN, "first_on": tomorrow.isoformat()})
    )

    assert "This day is still to come." in page
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "name", ["record_incident", "incident", "correct_incident", "close_incident"]
)
def test_stranger_finds_nothing(signed_in, stranger, case, incident, name):
    pk = case.pk if name == "record_incident" else incident.pk

    assert signed_in(stranger).get(url(name, pk)).status_code == 404


def test_who_sees_what_is_operational_may_not_record(signed_in, colleague, case, incident):
    CaseAccessFactory(content_object=case, user=colleague, level=Level.OPERATIONAL)
    browser = signed_in(colleague)

    assert browser.post(url("record_incident", case.pk), PLAIN).status_code == 403
    assert browser.get(url("incident", incident.pk)).status_code == 404
    assert Incident.objects.count() == 1


def test_who_reads_only_corrects_and_closes_nothing(signed_in, coordinator, case, incident):
    CaseAccessFactory(content_object=case, user=coordinator)
    browser = signed_in(coordinator)

    page = text(browser.get(url("incident", incident.pk)))
    assert "Rape" in page
    assert url("correct_incident", incident.pk) not in page
    assert browser.get(url("correct_incident", incident.pk)).status_code == 403
    assert browser.get(url("close_incident", incident.pk)).status_code == 403


# look, correct, close


def test_page_tells_until_when_care_helps(desk, case, incident):
    page = text(desk.get(url("incident", incident.pk)))

    assert "Medicine against HIV infection" in page
    assert " h left, until" in page
    assert "counted from the beginning of the day" in page
    assert AuditEvent.objects.filter(verb="view_incident", case_id=case.pk).count() == 1
    overview = text(desk.get(case.get_absolute_url()))
    assert "Care cannot wait" in overview
    assert url("incident", incident.pk) in overview


def test_clock_that_is_over_is_told_on_the_page_only(desk, case):
    long_ago = IncidentFactory(case=case, first_on=timezone.localdate() - timedelta(days=40))

    assert "the 72 h ended on" in text(desk.get(url("incident", long_ago.pk)))
    assert "Care cannot wait" not in text(desk.get(case.get_absolute_url()))


def test_title_and_address_name_no_topic(desk, incident):
    response = desk.get(url("incident", incident.pk))

    title = re.search(r"<title>(.*?)</title>", text(response))[1].strip()
    assert title == "Incident – Casework"
    assert url("incident", incident.pk) == f"/screening/events/{incident.pk}/"


def test_correction_begins_with_what_is_known(desk, incident):
    address = url("correct_incident", incident.pk)
    page = text(desk.get(address))
    assert re.search(r'name="asked_rape" value="yes"[^>]* checked', page)

    response = desk.post(address, {**PLAIN, "version": 1, "asked_rape": "declined"})

    row = Incident.objects.select_related("data_key").get()
    assert response.status_code == 302
    assert (row.what.core_type, row.what.asked) == ("", {"rape": "declined"})
    shown = text(desk.get(url("incident", incident.pk)))
    assert "Not clear yet" in shown
    assert "Not ruled out: Rape" in shown


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_at_once(desk, incident, signed_in, caseworker):
    browsers = [desk, signed_in(caseworker)]
    address = url("correct_incident", incident.pk)

    def send(browser):
        return browser.post(address, {**PLAIN, "version": 1, "asked_rape": "no"}).status_code

    with ThreadPoolExecutor(max_workers=2) as pool:
        codes = sorted(pool.map(send, browsers))

    assert codes == [200, 302]
    assert Incident.objects.get().version == 2


def test_incident_is_closed_with_a_reason(desk, incident):
    address = url("close_incident", incident.pk)
    assert "There is no answer here yet." in text(desk.post(address, {"version": 1}))

    response = desk.post(address, {"version": 1, "closing_reason": "cared_for"})

    assert response.status_code == 302
    assert "Closed: Care is arranged" in text(desk.get(url("incident", incident.pk)))


@pytest.mark.parametrize("rows", [1, 3])
def test_incidents_stand_beside_screenings(desk, case, django_assert_num_queries, rows):
    for _ in range(rows):
        IncidentFactory(case=case)
    ClosedIncidentFactory(case=case, first_on=None)

    with django_assert_num_queries(18):
        page = text(desk.get(url("of_case", case.pk)))

    assert page.count("/screening/events/") == rows + 1
    assert "Day not known" in page


# reports on conduct


def test_team_sees_nothing_of_a_report(signed_in, colleague, coordinator, case, report):
    for user in (colleague, coordinator):
        CaseAccessFactory(content_object=case, user=user)
        browser = signed_in(user)
        pages = [
            case.get_absolute_url(),
            url("of_case", case.pk),
            reverse("casework:timeline", args=[case.pk]),
            reverse("protection:case_log", args=[case.pk]),
        ]
        for page in pages:
            assert str(report.pk) not in text(browser.get(page))
        assert browser.get(url("incident", report.pk)).status_code == 404
        assert browser.get(f"{INCIDENTS}{report.pk}/").status_code == 404
        assert browser.get(url("reports")).status_code == 403


def test_log_of_the_case_tells_nothing_of_a_report(desk, signed_in, colleague, case):
    desk.post(url("record_incident", case.pk), {**PLAIN, "relation": "service_provider"})
    report = Incident.objects.get()
    desk.get(url("incident", report.pk))
    desk.get(url("of_case", case.pk))
    CaseAccessFactory(content_object=case, user=colleague)

    page = text(signed_in(colleague).get(reverse("protection:case_log", args=[case.pk])))

    assert "incident of a person" not in page
    assert str(report.pk) not in page


def test_who_wrote_a_report_is_told_who_receives_it(desk, report, dpo):
    page = text(desk.get(url("incident", report.pk)))

    assert "A report on conduct" in page
    assert "Dora Protect" in page


def test_who_wrote_a_report_that_nobody_receives_is_told_so(desk, report):
    assert "Nobody receives such reports" in text(desk.get(url("incident", report.pk)))


@pytest.mark.parametrize("rows", [1, 3])
def test_reports_are_listed_for_who_receives_them(
    signed_in, dpo, case, django_assert_num_queries, rows
):
    for _ in range(rows):
        ConductReportFactory(case=case)
    browser = signed_in(dpo)

    with django_assert_num_queries(10):
        page = text(browser.get(url("reports")))

    assert page.count('<a class="row row-2" href="/screening/events/') == rows


def test_who_receives_a_report_reads_it_without_the_person(signed_in, dpo, report, case):
    browser = signed_in(dpo)

    page = text(browser.get(url("incident", report.pk)))

    assert "Somebody who gives aid or services" in page
    assert case.person.code not in page
    assert browser.get(case.get_absolute_url()).status_code == 404
    closing = {"version": 1, "closing_reason": "elsewhere"}
    assert browser.post(url("close_incident", report.pk), closing).status_code == 302
    assert browser.get(url("correct_incident", report.pk)).status_code == 404


# API


def post(client, address, body):
    return client.post(address, body, content_type="application/json")


def test_api_records_corrects_and_closes(desk, case):
    body = {
        "case": str(case.pk),
        "facts": {"asked": {"rape": "yes"}, "goods": "yes", "age": "adult"},
        "first_on": timezone.localdate().isoformat(),
        "stage": "border",
    }

    made = post(desk, INCIDENTS, body)

    told = made.json()
    assert made.status_code == 201
    assert (told["core_type"], told["not_clear"]) == ("rape", [])
    assert told["contexts"]["possible_sexual_exploitation"] == "yes"
    assert [clock["hours"] for clock in told["clocks"]] == [72, 120]
    one = f"{INCIDENTS}{told['id']}/"
    facts = {"asked": {"rape": "no"}}
    assert post(desk, f"{one}correct/", {"facts": facts, "version": 1}).json()["stage"] == "border"
    assert post(desk, f"{one}correct/", {"facts": facts, "version": 1}).status_code == 409
    closed = post(desk, f"{one}close/", {"closing_reason": "no_wish", "version": 2})
    assert (closed.json()["state"], desk.get(one).json()["version"]) == ("closed", 3)
    assert len(desk.get(INCIDENTS).json()["results"]) == 1


@pytest.mark.parametrize(
    "facts",
    [{"relation": "x"}, {"asked": {"theft": "yes"}}, {"asked": {"rape": "sure"}}, {"age": 7}],
)
def test_api_refuses_what_is_no_code(desk, case, facts):
    response = post(desk, INCIDENTS, {"case": str(case.pk), "facts": facts})

    assert response.status_code == 400
    assert not Incident.objects.exists()


def test_api_shows_a_stranger_nothing(signed_in, stranger, case, incident):
    browser = signed_in(stranger)
    body = {"case": str(case.pk), "facts": {}}

    assert browser.get(INCIDENTS).json()["results"] == []
    assert browser.get(f"{INCIDENTS}{incident.pk}/").status_code == 404
    assert post(browser, INCIDENTS, body).status_code == 404


def test_api_shows_a_report_to_who_receives_it(signed_in, dpo, admin, report, incident):
    told = signed_in(dpo).get(INCIDENTS).json()["results"]

    assert [row["id"] for row in told] == [str(report.pk)]
    assert signed_in(admin).get(f"{INCIDENTS}{report.pk}/").status_code == 403


def test_page_needs_somebody_who_signed_in(incident):
    assert Client().get(url("incident", incident.pk)).status_code == 302
