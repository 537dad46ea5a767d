import pytest

from accounts.models import AuditEvent, OutboxJob
from reports.models import Report
from tests import factories
from tests.reports.factories import (
    FinishedReportFactory,
    ReleasedReportFactory,
    ReportFactory,
    template,
)

pytestmark = pytest.mark.django_db

REPORTS = "/api/v1/reports/"
ASKED = {"template": "irc", "starts_on": "2025-07-01", "ends_before": "2025-10-01"}


@pytest.fixture
def api(signed_in, coordinator):
    return signed_in(coordinator)


def post(client, address, body=None, **headers):
    return client.post(address, body or {}, content_type="application/json", headers=headers)


def one(row, verb=""):
    return f"{REPORTS}{row.pk}/{verb}"


def audit(verb):
    return AuditEvent.objects.filter(verb=verb).count()


# What can be asked for


def test_templates_are_listed_with_their_indicators(api):
    (row,) = api.get("/api/v1/report-templates/").json()["results"]

    assert (row["code"], row["version"]) == ("irc", template().version)
    assert [indicator["code"] for indicator in row["indicators"]][:2] == ["IRC-01", "IRC-02"]


def test_indicators_are_listed_with_their_rules(api):
    rows = {row["code"]: row for row in api.get("/api/v1/indicators/").json()["results"]}

    assert rows["IRC-05"]["template"] == "irc"
    assert rows["IRC-05"]["all_of"] == [{"kind": "income_session"}]


@pytest.mark.parametrize("resource", ["indicators", "report-templates", "reports"])
def test_others_are_told_nothing(signed_in, caseworker, resource):
    answer = signed_in(caseworker).get(f"/api/v1/{resource}/")

    assert (answer.status_code, answer.json()["type"]) == (403, "permission")


# Asking


def test_request_is_queued_and_recorded(api, house):
    answer = post(api, REPORTS, ASKED)

    report = Report.objects.get()
    told = answer.json()
    assert answer.status_code == 202
    assert (told["id"], told["state"], told["version"]) == (str(report.pk), "queued", 1)
    assert told["progress"] == {"counted": 0, "of": len(template().indicators)}
    assert report.organization == house
    assert OutboxJob.objects.get().args == {"report_id": str(report.pk)}
    assert audit("request_report") == 1


def test_same_key_twice_is_one_report(api):
    first, second = (post(api, REPORTS, ASKED, **{"Idempotency-Key": "a"}) for _ in range(2))

    assert first.json()["id"] == second.json()["id"]
    assert (Report.objects.count(), OutboxJob.objects.count()) == (1, 1)


def test_same_key_for_something_else_is_refused(api):
    post(api, REPORTS, ASKED, **{"Idempotency-Key": "a"})

    answer = post(api, REPORTS, {**ASKED, "ends_before": "2025-09-01"}, **{"Idempotency-Key": "a"})

    assert (answer.status_code, answer.json()["code"]) == (409, "reused")
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"template": "nothing"}, "template"),
        ({"template": None}, "template"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"starts_on": "2999-01-01", "ends_before": "2999-02-01"}, "starts_on"),
        ({"ends_before": "9999-12-31"}, "starts_on"),
        ({"ends_before": "2025-07-01"}, ""),
        ({"grant": "00000000-0000-0000-0000-000000000001"}, "grant"),
        ({"grant": "x"}, "grant"),
    ],
)
def test_wrong_entry_names_its_field_and_asks_nothing(api, change, field):
    answer = post(api, REPORTS, {**ASKED, **change})

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert (Report.objects.count(), OutboxJob.objects.count()) == (0, 0)


def test_grant_of_somebody_else_is_as_unknown_as_none(api):
    grants = (factories.GrantFactory().pk, "00000000-0000-0000-0000-000000000001")

    foreign, missing = (post(api, REPORTS, {**ASKED, "grant": str(pk)}).json() for pk in grants)

    assert str(foreign).replace(str(grants[0]), "") == str(missing).replace(grants[1], "")


@pytest.mark.parametrize("who", ["caseworker", "director", "funder"])
def test_only_coordinators_ask(signed_in, request, who):
    answer = post(signed_in(request.getfixturevalue(who)), REPORTS, ASKED)

    assert answer.status_code == 403
    assert Report.objects.count() == 0


# Reading


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_as_often_for_three_reports_as_for_one(
    api, coordinator, house, number, django_assert_num_queries
):
    for version in range(1, number + 1):
        ReportFactory(organization=house, version=version, requested_by=coordinator)

    # Session and user, roles, permissions, reports; and a savepoint twice.
    with django_assert_num_queries(7):
        api.get(REPORTS)


def test_list_holds_no_figures(api, house):
    FinishedReportFactory(organization=house)

    (row,) = api.get(REPORTS).json()["results"]

    assert row.keys().isdisjoint({"figures", "released_figures"})


def test_house_reads_exact_figures_and_that_is_recorded(api, house, few_boys):
    report = FinishedReportFactory(organization=house)

    told = api.get(one(report)).json()["figures"]["IRC-05"]

    assert ["all", "BI", 2] in told["by"]["nationality"]
    assert (told["total"], audit("view_report")) == (32, 1)


def test_donor_reads_protected_figures(signed_in, funder, house, few_boys):
    report = ReleasedReportFactory(organization=house)

    told = signed_in(funder).get(one(report)).json()["figures"]["IRC-05"]

    assert {label for _, label, _ in told["by"]["nationality"]} == {"AF", "rest", "total"}
    numbers = [n for row, column, n in told["by"]["sex_age"] if (row, column) != ("total",) * 2]
    assert None in numbers
    assert [n for n in numbers if n is not None and 0 < n < 5] == []
    assert "steps" not in told


def test_others_find_nothing(signed_in, elsewhere, donor, funder, house):
    unreleased = FinishedReportFactory(organization=house)
    released = ReleasedReportFactory(organization=house, version=2)

    answers = [
        signed_in(user).get(one(row, verb)).status_code
        for user, row in [(elsewhere, released), (donor, released), (funder, unreleased)]
        for verb in ("", "files/")
    ]

    assert answers == [404] * 6


def test_files_are_there_once_it_is_finished(api, house):
    waiting = ReportFactory(organization=house)
    finished = FinishedReportFactory(organization=house, version=2)

    none, some = (api.get(one(row, "files/")).json()["results"] for row in (waiting, finished))

    assert (none, [file["format"] for file in some]) == ([], ["xlsx", "csv"])
    assert api.get(some[0]["url"]).status_code == 200


# Releasing


def test_release_is_recorded(api, house):
    report = FinishedReportFactory(organization=house)

    answer = post(api, one(report, "release/"))

    report.refresh_from_db()
    assert answer.status_code == 200
    assert answer.json()["released_at"] is not None
    assert (report.released_at is not None, audit("release_report")) == (True, 1)


@pytest.mark.parametrize(("make", "status"), [(ReportFactory, 400), (ReleasedReportFactory, 400)])
def test_release_that_cannot_be_is_refused(api, house, make, status):
    report = make(organization=house)
    before = audit("release_report")

    answer = post(api, one(report, "release/"))

    assert (answer.status_code, audit("release_report")) == (status, before)


def test_release_by_others(signed_in, director, elsewhere, house):
    report = FinishedReportFactory(organization=house)

    answers = [
        post(signed_in(user), one(report, "release/")).status_code for user in (director, elsewhere)
    ]

    report.refresh_from_db()
    assert answers == [403, 404]
    assert report.released_at is None
