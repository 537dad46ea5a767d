import csv
import io
import re
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEvent, OutboxJob
from reports.forms import periods
from reports.models import Report
from tests import factories
from tests.reports.factories import (
    AFTER,
    FIRST,
    FailedReportFactory,
    FinishedReportFactory,
    ReleasedReportFactory,
    ReportFactory,
    template,
)

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("reports:list"), reverse("reports:new")
PAGES = ["report", "progress", "download"]
BUTTONS = ["retry", "release"]


def page(name, row, *more):
    more = more or (("csv",) if name == "download" else ())
    return reverse(f"reports:{name}", args=[row.pk, *more])


def asked(**changes):
    typed = {
        "operation": str(uuid4()),
        "template": template().pk,
        "grant": "",
        "starts_on": "2025-07-01",
        "ends_on": "2025-09-30",
    }
    return {**typed, **changes}


def text(response):
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def acts(*verbs):
    return list(AuditEvent.objects.filter(verb__in=verbs).values_list("verb", "note"))


@pytest.fixture
def desk(signed_in, coordinator):
    return signed_in(coordinator)


# The list


def test_list_shows_the_reports_of_the_own_organization_only(desk, house):
    own = ReportFactory(organization=house)
    other = ReportFactory()

    response = desk.get(LIST)

    assert page("report", own) in response.text
    assert page("report", other) not in response.text


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_as_often_for_three_reports_as_for_one(
    desk, coordinator, house, number, django_assert_num_queries
):
    grant = factories.GrantFactory(organization=house)
    for version in range(1, number + 1):
        ReportFactory(organization=house, version=version, grant=grant, requested_by=coordinator)

    # Session and user, roles, permissions, number of reports, reports; and a savepoint twice.
    with django_assert_num_queries(8):
        desk.get(LIST)


def test_list_of_nothing_offers_the_first_report(desk):
    assert NEW in desk.get(LIST).text


def test_list_of_a_donor_has_only_what_was_released_to_her(signed_in, funder, house):
    released = ReleasedReportFactory(organization=house)
    kept = FinishedReportFactory(organization=house, version=2)

    response = signed_in(funder).get(LIST)

    assert page("report", released) in response.text
    assert page("report", kept) not in response.text
    assert NEW not in response.text


def test_number_of_a_page_that_is_none_shows_the_last_one(desk, house):
    report = ReportFactory(organization=house)

    assert page("report", report) in desk.get(LIST, {"page": "abc"}).text
    assert page("report", report) in desk.get(LIST, {"page": "99999"}).text


@pytest.mark.parametrize("who", ["caseworker", "mobile", "operator", "interpreter", "dpo", "admin"])
def test_reports_are_no_matter_of_other_roles(signed_in, who, request, house):
    report = FinishedReportFactory(organization=house)
    client = signed_in(request.getfixturevalue(who))

    answers = {client.get(address).status_code for address in (LIST, NEW, page("report", report))}

    assert answers == {403}


# Asking


def test_new_report_is_asked_for_and_recorded(desk):
    response = desk.post(NEW, asked())

    report = Report.objects.get()
    assert response.headers["Location"] == page("report", report)
    assert (report.starts_on, report.ends_before) == (FIRST, AFTER)
    assert OutboxJob.objects.get().args == {"report_id": str(report.pk)}
    assert acts("request_report") == [("request_report", "")]


def test_second_click_asks_once(desk):
    typed = asked()

    first, second = desk.post(NEW, typed), desk.post(NEW, typed)

    assert first.headers["Location"] == second.headers["Location"]
    assert (Report.objects.count(), OutboxJob.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends_on": "2025-06-30"}, "The last day lies before the first"),
        ({"starts_on": "2999-01-01", "ends_on": "2999-02-01"}, "has not begun yet"),
        ({"starts_on": "1990-01-01"}, "twelve years"),
        ({"ends_on": "9999-12-31"}, "too far away"),
        ({"ends_on": "9999-12-30"}, "twelve years"),
        ({"starts_on": "0001-01-01"}, "twelve years"),
        ({"starts_on": "31.31.2025"}, "Enter a valid date"),
        ({"starts_on": ""}, "There is no answer here yet"),
        ({"template": str(UUID(int=1))}, "Select a valid choice"),
        ({"template": "irc"}, "is not a valid"),
        ({"grant": str(UUID(int=1))}, "Select a valid choice"),
    ],
)
def test_wrong_entry_gets_a_sentence_and_asks_nothing(desk, typed, said):
    response = desk.post(NEW, asked(**typed))

    assert response.status_code == 200
    assert said in text(response)
    assert (Report.objects.count(), OutboxJob.objects.count()) == (0, 0)


def test_grant_of_another_organization_is_unknown_here(desk):
    grant = factories.GrantFactory(name_en="Somebody else's money")

    response = desk.post(NEW, asked(grant=grant.pk))

    assert "Select a valid choice" in text(response)
    assert grant.name_en not in response.text
    assert Report.objects.count() == 0


def test_last_quarter_stands_in_the_form_and_another_period_is_one_click_away(desk):
    last, other = periods(timezone.localdate())[:2]
    asked_for = [
        ({}, last),
        ({"period": "no such period"}, last),
        ({"period": other.name}, other),
    ]

    for typed, period in asked_for:
        form = desk.get(NEW, typed).context["form"]
        shown = (form["starts_on"].value(), form["ends_on"].value())
        assert (typed, shown) == (typed, (period.first, period.last))


def test_leadership_reads_reports_and_asks_for_none(signed_in, director, house):
    report = FinishedReportFactory(organization=house)
    client = signed_in(director)

    assert client.get(page("report", report)).status_code == 200
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, asked()).status_code == 403
    assert Report.objects.count() == 1


# Waiting


def test_waiting_report_shows_how_far_it_is(desk, house):
    desk.post(NEW, asked())
    Report.objects.update(state="running", counted=3, counting="IRC-04")
    report = Report.objects.get()

    shown = desk.get(page("report", report)).text

    assert 'value="3"' in shown
    assert f'hx-get="{page("progress", report)}"' in shown


def test_progress_asks_again_until_the_report_is_finished(desk, house):
    desk.post(NEW, asked())
    waiting = Report.objects.get()
    finished = FinishedReportFactory(organization=house, version=2)

    assert "HX-Refresh" not in desk.get(page("progress", waiting)).headers
    assert desk.get(page("progress", finished)).headers["HX-Refresh"] == "true"


def test_unfinished_report_has_no_file(desk, house):
    report = ReportFactory(organization=house)

    assert desk.get(page("download", report)).status_code == 404


def test_file_of_a_kind_that_is_not_made_is_not_found(desk, house):
    report = FinishedReportFactory(organization=house)

    assert desk.get(page("download", report, "pdf")).status_code == 404


# Figures


def cells(response):
    """{label: numbers} of every line of every table on a page."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", response.text, re.DOTALL)
    lines = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    plain = [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in line] for line in lines]
    return [line for line in plain if line]


def test_house_sees_exact_figures_and_that_is_recorded(desk, house, few_boys):
    report = FinishedReportFactory(organization=house)

    response = desk.get(page("report", report), {"figure": "IRC-05"})

    assert ["Burundi", "2"] in cells(response)
    assert acts("view_report") == [("view_report", "")]


def test_donor_sees_protected_figures(signed_in, funder, house, few_boys):
    report = ReleasedReportFactory(organization=house)

    response = signed_in(funder).get(page("report", report), {"figure": "IRC-05"})

    lines = cells(response)
    assert "Burundi" not in response.text
    assert ["Afghanistan", "24"] in lines
    assert "hidden" in text(response)
    assert [line for line in lines if line[0] == "Male"] != []
    assert acts("view_report") == [("view_report", "")]


def test_page_explains_the_figure_that_was_chosen(desk, house, few_boys):
    report = FinishedReportFactory(organization=house)
    rules = {one["code"]: one["rule"]["en"] for one in report.template.indicators}

    chosen = text(desk.get(page("report", report), {"figure": "IRC-05"}))
    unknown = text(desk.get(page("report", report), {"figure": "NONE-1"}))

    assert rules["IRC-05"] in chosen
    assert "32 Sessions attended in the period" in chosen
    assert rules["IRC-01"] in unknown


def test_steps_of_the_count_stay_in_the_house(signed_in, funder, house, few_boys):
    report = ReleasedReportFactory(organization=house)

    shown = text(signed_in(funder).get(page("report", report), {"figure": "IRC-05"}))

    assert "Sessions attended" not in shown


def test_page_names_the_other_versions(desk, house):
    first = FinishedReportFactory(organization=house)
    second = FinishedReportFactory(organization=house, version=2)
    unrelated = FinishedReportFactory(organization=house, ends_before=FIRST.replace(month=8))

    shown = desk.get(page("report", second)).text

    assert f'href="{page("report", first)}"' in shown
    assert page("report", unrelated) not in shown


def test_donor_is_told_of_released_versions_only(signed_in, funder, house):
    released = ReleasedReportFactory(organization=house)
    kept = FinishedReportFactory(organization=house, version=2)

    assert page("report", kept) not in signed_in(funder).get(page("report", released)).text


def files_of(client, row):
    return {ending: client.get(page("download", row, ending)).content for ending in ("xlsx", "csv")}


def without_traces(row, content):
    """What a door shows, without what differs between two reports that say the same."""
    for own in (str(row.pk), row.sha256, row.sha256[:16]):
        content = content.replace(own, "…")
    content = re.sub(r"Versions:.*?</p>", "", content, flags=re.DOTALL)
    # Each file has its own line in the register.
    content = re.sub(r"\bX-[0-9A-F]{8}\b|\d{4}-\d\d-\d\d \d\d:\d\d", "", content)
    # So many seconds until the session ends.
    content = re.sub(r'data-ends="[\d.]+"', "", content)
    return re.sub(r'"operation" value="[^"]+"|[A-Za-z0-9]{64}', "", content)


def sheets(content):
    book = load_workbook(io.BytesIO(content))
    return [[[cell.value for cell in row] for row in page.rows] for page in book.worksheets]


def test_exact_figures_reach_a_donor_through_no_door(signed_in, funder, house, few_boys):
    """Two reports that differ in what is hidden only look the same to her, everywhere."""
    one = ReleasedReportFactory(organization=house)
    changed = {**one.figures, "IRC-05": {**one.figures["IRC-05"], "new": 1, "continuing": 31}}
    changed["IRC-05"]["by"] = {"sex_age": [], "nationality": [["all", "TV", 32]]}
    changed["IRC-05"]["steps"] = [["income_session", 77, 66]]
    kept = ("template", "organization", "starts_on", "ends_before", "released_figures")
    kept += ("requested_by", "requested_at", "finished_at", "released_at", "released_by", "state")
    other = Report.objects.create(
        **{name: getattr(one, name) for name in kept},
        counted=one.counted,
        version=one.version + 1,
        figures=changed,
        sha256="0" * 64,
    )
    client = signed_in(funder)

    def shown(row):
        pages = [client.get(page("report", row), {"figure": code}).text for code in one.figures]
        said = without_traces(row, "".join(pages))
        api = without_traces(row, client.get(f"/api/v1/reports/{row.pk}/").text)
        files = files_of(client, row)
        book = without_traces(row, str(sheets(files["xlsx"])))
        table = without_traces(row, files["csv"].decode())
        numbered = re.compile(rf"(version|\"version\":|'Version',|-v) ?{row.version}\b")
        return [numbered.sub(r"\1", part) for part in (said, api, book, table)]

    assert shown(other) == shown(one)


# Files


def test_workbook_has_a_neutral_name_and_is_recorded(desk, house):
    report = FinishedReportFactory(organization=house)

    response = desk.get(page("download", report, "xlsx"))

    assert response.headers["Content-Disposition"] == (
        'attachment; filename="report-2025-q3-v1.xlsx"'
    )
    assert load_workbook(io.BytesIO(response.content)).worksheets[0]["A1"].value is not None
    assert acts("download_report") == [("download_report", "xlsx")]


def test_table_has_a_neutral_name_and_is_recorded(desk, house):
    report = FinishedReportFactory(organization=house)

    response = desk.get(page("download", report, "csv"))

    assert response.headers["Content-Disposition"] == (
        'attachment; filename="report-2025-q3-v1.csv"'
    )
    assert len(list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))) > 10
    assert acts("download_report") == [("download_report", "csv")]


def test_files_are_protected_even_for_the_house(desk, house, few_boys):
    report = FinishedReportFactory(organization=house)

    files = files_of(desk, report)

    assert "Burundi" not in str(sheets(files["xlsx"]))
    assert "Burundi" not in files["csv"].decode()


# Who finds it


@pytest.mark.parametrize("name", PAGES)
def test_coordinator_of_another_organization_finds_nothing(signed_in, elsewhere, house, name):
    report = ReleasedReportFactory(organization=house)

    assert signed_in(elsewhere).get(page(name, report)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_donor_of_something_else_finds_nothing(signed_in, donor, house, name):
    report = ReleasedReportFactory(organization=house)

    assert signed_in(donor).get(page(name, report)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_donor_finds_nothing_before_it_is_released(signed_in, funder, house, name):
    report = FinishedReportFactory(organization=house)

    assert signed_in(funder).get(page(name, report)).status_code == 404


@pytest.mark.parametrize("name", BUTTONS)
def test_coordinator_of_another_organization_changes_nothing(signed_in, elsewhere, house, name):
    report = FailedReportFactory(organization=house)

    assert signed_in(elsewhere).post(page(name, report)).status_code == 404
    report.refresh_from_db()
    assert (report.has_failed, report.released_at) == (True, None)


@pytest.mark.parametrize("name", BUTTONS)
@pytest.mark.parametrize("who", ["director", "funder"])
def test_reader_changes_nothing(signed_in, request, house, name, who):
    report = ReleasedReportFactory(organization=house)

    assert signed_in(request.getfixturevalue(who)).post(page(name, report)).status_code == 403
    assert acts("release_report", "retry_report") == [("release_report", "")]


@pytest.mark.parametrize("name", BUTTONS)
def test_buttons_are_no_links(desk, house, name):
    report = FailedReportFactory(organization=house)

    desk.get(page(name, report))

    report.refresh_from_db()
    assert (report.has_failed, report.released_at) == (True, None)
    assert acts("release_report", "retry_report") == []


# Retry and release


def test_failed_report_is_counted_again(desk, house):
    report = FailedReportFactory(organization=house)
    assert page("retry", report) in desk.get(page("report", report)).text

    response = desk.post(page("retry", report), {"operation": str(uuid4())})

    assert response.headers["Location"] == page("report", report)
    report.refresh_from_db()
    assert report.is_waiting
    assert acts("retry_report") == [("retry_report", "")]


def test_finished_report_is_not_counted_again_and_shows_its_figures(desk, house):
    report = FinishedReportFactory(organization=house)

    response = desk.post(page("retry", report), {"operation": str(uuid4())})

    assert "counted again" in text(response)
    assert "IRC-05" in response.text
    assert OutboxJob.objects.count() == 0


def test_report_whose_job_was_given_up_offers_to_count_again(desk, house):
    report = ReportFactory(organization=house, state="running", counted=3)

    shown = desk.get(page("report", report)).text

    assert page("retry", report) in shown
    assert page("progress", report) not in shown


def test_before_the_release_the_page_shows_what_the_donor_will_see(desk, house, few_boys):
    report = FinishedReportFactory(organization=house)
    assert page("release", report) in desk.get(page("report", report)).text

    response = desk.get(page("release", report))

    assert "Burundi" not in response.text
    assert "Afghanistan" in response.text
    report.refresh_from_db()
    assert report.released_at is None


def test_release_opens_the_report_to_its_donor(desk, signed_in, funder, house):
    report = FinishedReportFactory(organization=house)

    response = desk.post(page("release", report), {"operation": str(uuid4())})

    assert response.headers["Location"] == page("report", report)
    assert acts("release_report") == [("release_report", "")]
    assert signed_in(funder).get(page("report", report)).status_code == 200


def test_second_click_releases_once(desk, house):
    report = FinishedReportFactory(organization=house)
    typed = {"operation": str(uuid4())}

    first, second = (desk.post(page("release", report), typed) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert acts("release_report") == [("release_report", "")]


def test_release_after_a_colleague_says_so_and_shows_the_figures(desk, house):
    report = ReleasedReportFactory(organization=house)

    response = desk.post(page("release", report), {"operation": str(uuid4())})

    assert "released already" in text(response)
    assert "IRC-05" in response.text
    assert acts("release_report") == [("release_report", "")]


def test_titles_and_addresses_tell_no_topic(desk, house):
    report = FinishedReportFactory(organization=house)

    for address in (LIST, NEW, page("report", report)):
        shown = re.search(r"<title>(.*?)</title>", desk.get(address).text, re.DOTALL)
        assert re.search(r"traffick|violence|victim", shown[1] + address, re.IGNORECASE) is None
