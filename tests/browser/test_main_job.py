"""The main job, from the door to the donor's workbook, as four people against the running product.

Nothing is faked: web, worker, relay and database run as `make run` starts them.
"""

import io
import re

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser]

PATIENCE = 60_000


class Desk:
    """One person at one browser."""

    def __init__(self, browser, stack, login):
        self.context = browser.new_context(base_url=stack.address, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.goto("/login/")
        self.page.get_by_label("Username").fill(login)
        self.page.get_by_label("Password").fill(stack.password)
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url("**/*")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def open(self, path):
        assert self.page.goto(path).status == 200

    def tick(self, group, *choices):
        """Choose by the words that stand beside the control."""
        for choice in choices:
            label = self.page.locator(f'[name="{group}"]').locator("xpath=ancestor::label")
            label.filter(has_text=re.compile(rf"^\s*{re.escape(choice)}")).first.click()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def code(self):
        return re.search(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}\b", self.page.inner_text("main"))[
            0
        ]


@pytest.fixture
def desk(browser, running_stack):
    """`desk(login)`: a browser in which this demo person is signed in."""
    desks = []

    def sit_down(login):
        desks.append(Desk(browser, running_stack, login))
        return desks[-1]

    yield sit_down
    for each in desks:
        each.context.close()


def figures(data):
    """{code: (measure, new, continuing, total)} of the workbook's first sheet."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.rows]
    return {row[1]: tuple(row[2:6]) for row in rows if re.match(r"^[A-Z]+-\d\d", str(row[1]))}


def receive_visitor(caseworker):
    """Step 1: a coded person with services, language, leaflet; returns her code."""
    caseworker.open("/visits/new/person/")
    caseworker.tick("sex", "Female")
    caseworker.tick("age", "18–24")
    caseworker.tick("nationality", "Afghanistan")
    caseworker.tick("services", "Information", "Safe space")
    caseworker.tick("language", "Farsi")
    caseworker.tick("interpreting", "Interpreter here")
    caseworker.tick("leaflets", "Trafficking")
    caseworker.page.keyboard.press("Control+Enter")
    caseworker.page.wait_for_url("**/visits/")
    return caseworker.code()


ANSWERS = {
    1: ["ILO-DR-01", "ILO-DR-02"],
    4: ["ILO-EX-01", "ILO-EX-02"],
    5: ["ILO-CD-01", "ILO-CD-03"],
}
SHARED = ["code", "age_band", "sex", "language", "message", "name"]
NEED = "An assessment, and a safe place until then."


def screen(caseworker, code):
    """Steps 2 and 3: screening, the worker's decision and the status; returns the case's path."""
    page = caseworker.page
    page.get_by_role("link", name=code).first.click()
    page.locator("main a[href*='/people/']").first.click()
    page.wait_for_url(re.compile(r"/people/[0-9a-f-]{36}/$"))
    caseworker.open(page.url.replace("/people/", "/screening/start/"))
    caseworker.tick("safety", "Yes: alone")
    page.locator("[name=limits_explained]").check()
    caseworker.tick("agreed", "Yes")
    caseworker.press("Go on")
    page.wait_for_url("**/part/1/")
    caseworker.tick("acts", "Transport")
    while found := re.search(r"/part/(\d+)/", page.url):
        for question in ANSWERS.get(int(found[1]), []):
            caseworker.tick(question, "Yes")
        with page.expect_navigation():
            caseworker.press("Continue")
    page.locator("[name=information_given]").check()
    with page.expect_navigation():
        caseworker.press("Finish screening")
    expect(page.locator("main")).to_contain_text("Strong signs of trafficking")
    assert "not a victim" not in page.inner_text("main").lower()
    caseworker.tick("decision", "Strong signs")
    caseworker.tick("decision_reason", "The answers support it")
    page.locator("[name=trafficking_status]").select_option("presumed")
    with page.expect_navigation():
        caseworker.press("Keep my decision")
    return page.locator("main a[href^='/cases/']").first.get_attribute("href")


def refer(caseworker, case):
    """Step 4, the sender: consent, exact preview, sent; returns number and path of the referral."""
    page = caseworker.page
    caseworker.open(case.replace("/cases/", "/referrals/new/") + "?category=formal_identification")
    page.locator("[name=service]").first.check()
    with page.expect_navigation():
        caseworker.press("Choose this service")
    caseworker.tick("decision", "Agreed")
    for item in SHARED:
        page.locator(f"[name=items][value={item}]").check()
    caseworker.tick("channel", "Spoken")
    with page.expect_navigation():
        caseworker.press("Save the answer")
    page.locator("[name=urgency][value=urgent]").check()
    page.fill("[name=message]", NEED)
    page.locator("[name=items][value=name]").check()
    with page.expect_navigation():
        caseworker.press("Check and send")
    preview = page.locator(".sheet").first.inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Send to")).click()
    number = re.search(r"R-\d+", page.inner_text("main"))[0]
    return number, preview


def answer(partner, number, code, preview):
    """Step 4, the receiver: sees what the preview showed, accepts, starts and delivers."""
    page = partner.page
    partner.open("/partner/")
    page.get_by_text(number).first.click()
    page.wait_for_url(re.compile(r"/partner/[0-9a-f-]{36}/$"))
    shown = page.inner_text("main")
    for line in ("18–24", "Female", "Farsi", NEED, code):
        assert line in preview
        assert line in shown
    partner.press("We have received it")
    expect(page.locator("main")).to_contain_text("Received")
    page.locator("[name=answer][value=accept]").check()
    with page.expect_navigation():
        partner.press("Send answer")
    expect(page.locator("main")).to_contain_text("Accepted")


def walk_outside(mobile):
    """Step 5: a session in a named area with people counted by sex and the programme's bands."""
    page = mobile.page
    mobile.open("/outreach/start/")
    page.locator("[name=area]").select_option("bg-parks")
    mobile.press("Start session")
    page.wait_for_url(re.compile(r"/outreach/[0-9a-f-]{36}/$"))
    cells = page.locator("[name^=count_male_]")
    for place, people in ((4, "5"), (5, "3")):
        cells.nth(place).evaluate("(cell, n) => { cell.value = n }", people)
    page.locator("[name^=leaflet_]").first.evaluate("cell => { cell.value = '7' }")
    mobile.tick("languages", "Farsi")
    mobile.tick("topics", "Risks of trafficking")
    with page.expect_navigation():
        mobile.press("Finish session")
    expect(page.locator("main")).to_contain_text("8")


def count_today(coordinator):
    """Step 6: a report on today, counted by the worker; returns the figures of its workbook."""
    page, today = coordinator.page, timezone.localdate().isoformat()
    coordinator.open("/reports/new/")
    page.fill("[name=starts_on]", today)
    page.fill("[name=ends_on]", today)
    coordinator.press("Count report")
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]{36}/$"))
    link = page.get_by_role("link", name="Download XLSX")
    expect(link).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        link.click()
    assert re.fullmatch(r"report-[0-9-]+-v\d+\.xlsx", download.value.suggested_filename)
    return figures(download.value.path().read_bytes())


def test_from_the_door_to_the_workbook(desk):
    coordinator = desk("coordinator")
    before = count_today(coordinator)

    caseworker = desk("caseworker")
    code = receive_visitor(caseworker)
    case = screen(caseworker, code)
    number, preview = refer(caseworker, case)
    answer(desk("partner"), number, code, preview)
    caseworker.open(f"{case}timeline/")
    for line in ("Screening completed", "Referral sent", "Referral received", "Referral accepted"):
        expect(caseworker.page.locator("main")).to_contain_text(line)
    walk_outside(desk("mobile"))

    after = count_today(coordinator)
    more = {name: after[name][3] - before[name][3] for name in after}
    assert more == {
        "IRC-01": 1,
        "IRC-02": 1,
        "IRC-03": 0,
        "IRC-04": 0,
        "IRC-05": 0,
        "IRC-06": 0,
        "IRC-06S": 0,
        "IRC-11": 0,
        "IRC-12": 0,
        "OUT-01": 8,
        "OUT-02": 1,
        "OUT-03": 1 + 7,
    }
    assert {name: after[name][0] for name in ("IRC-01", "OUT-01", "OUT-02", "OUT-03")} == {
        "IRC-01": "Persons",
        "OUT-01": "Contacts",
        "OUT-02": "Events",
        "OUT-03": "Items",
    }
