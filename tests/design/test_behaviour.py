"""What the small modules do, in a real browser, on the component page."""

import mimetypes
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template.loader import render_to_string

from accounts.samples import SampleForm, sample_context
from tests.design.sources import ROOT

pytestmark = pytest.mark.browser

HOST = "http://casework.test"
NAVIGATION = [
    {"label": "Today", "url": "/today/", "icon": "home", "current": True},
    {"label": "Cases", "url": "/cases/", "icon": "clipboard-list", "count": 23},
]
FOUND = """
  <li class="option" role="option" data-href="/cases/1/"><span class="code">7KM-2XQ</span></li>
  <li class="option" role="option" data-href="/cases/2/"><span class="code">B3X-5FD</span></li>
"""
NOBODY = """
  <li class="option option-do" role="option" data-href="/new/">New client</li>
"""


class Site:
    """The component page and the static files, answered to the browser without a server."""

    def __init__(self, html):
        self.html = html
        self.found = FOUND
        self.sent = []
        self.troubles = []

    def answer(self, route):
        request = route.request
        path = urlsplit(request.url).path
        if request.method == "POST":
            self.sent.append((path, parse_qs(request.post_data or "")))
        if path.startswith("/static/"):
            file = ROOT / "static" / path.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path == "/find/":
            route.fulfill(body=self.found, content_type="text/html")
        else:
            policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
            told = "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items())
            headers = {"Content-Security-Policy": told}
            route.fulfill(body=self.html, content_type="text/html", headers=headers)

    def note(self, message):
        if message.type in {"error", "warning"}:
            self.troubles.append(message.text)


def component_page(form=None, **more):
    context = sample_context(form or SampleForm()) | {"navigation": NAVIGATION, "theme": "light"}
    return render_to_string("design/components.html", context | more)


@pytest.fixture
def visit(browser):
    """A visitor opens the page: `visit(html)` gives the tab and the site behind it."""
    contexts = []

    def go(html=None, *, javascript=True, wide=1440, scheme="light"):
        site = Site(html or component_page())
        context = browser.new_context(
            viewport={"width": wide, "height": 900},
            java_script_enabled=javascript,
            color_scheme=scheme,
        )
        contexts.append(context)
        context.route("**/*", site.answer)
        page = context.new_page()
        page.on("console", site.note)
        page.on("pageerror", lambda error: site.troubles.append(str(error)))
        page.goto(f"{HOST}/design/")
        return page, site

    yield go
    for context in contexts:
        context.close()


def test_page_obeys_its_own_policy(visit):
    page, site = visit()
    page.wait_for_load_state("networkidle")

    assert site.troubles == []


@pytest.mark.parametrize("theme", ["light", "dark", "dim"])
def test_axe_finds_nothing(visit, theme):
    page, _ = visit(component_page(SampleForm({}), theme=theme, demo=True))

    found = Axe().run(page).response["violations"]

    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("wide", [320, 390, 768, 1440])
@pytest.mark.parametrize("form", [SampleForm(), SampleForm({})])
def test_page_is_never_wider_than_the_screen(visit, wide, form):
    page, _ = visit(component_page(form, demo=True), wide=wide)
    root = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")

    assert root[0] <= root[1]


def test_hidden_screen_leaves_nothing_in_the_document_and_comes_back(visit):
    page, _ = visit()
    page.fill("#id_note", "Only in memory")
    page.click("[data-hide]")

    assert page.title() == "Casework"
    assert page.url == f"{HOST}/"
    assert "7KM-2XQ" not in page.content()
    assert page.locator("h1").inner_text() == "Screen hidden"

    page.click("[data-show]")

    assert page.url == f"{HOST}/design/"
    assert page.input_value("#id_note") == "Only in memory"


def test_shift_three_times_hides_the_screen_and_twice_does_not(visit):
    page, _ = visit()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert page.title() != "Casework"

    page.keyboard.press("Shift")

    assert page.title() == "Casework"


def test_hide_locks_on_the_server_where_there_is_a_lock(visit):
    times = {"blank": 300, "touch": 300, "ends": 36_000}
    page, site = visit(component_page(lock_url="/lock/", lock_times=times))
    page.fill("#id_note", "Only in memory")
    with page.expect_request(f"{HOST}/lock/"):
        page.click("[data-hide]")
    page.wait_for_selector("#unlock-password")

    assert [path for path, _ in site.sent] == ["/lock/"]
    assert "Only in memory" not in page.content()
    assert page.locator("[data-show]").is_hidden()


def test_slash_goes_to_a_field_and_question_mark_lists_the_keys(visit):
    html = component_page().replace('id="id_code"', 'id="id_code" data-key="/"')
    page, _ = visit(html)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "id_code"

    page.keyboard.press("?")
    assert page.locator("#keys").is_hidden()

    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_digits_tick_tiles_but_not_while_somebody_writes(visit):
    page, _ = visit()
    page.keyboard.press("2")
    assert page.locator("#id_services input:checked").get_attribute("value") == "2"

    page.locator("#id_note").click()
    page.keyboard.press("3")
    assert page.locator("#id_services input:checked").count() == 1
    assert page.input_value("#id_note") == "3"


def test_control_enter_sends_once(visit):
    page, site = visit()
    page.locator("#id_note").fill("x")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")

    assert [body["note"] for _, body in site.sent] == [["x"]]


def test_second_press_sends_nothing(visit):
    page, site = visit()
    page.evaluate("""() => {
      const form = document.querySelector("form[data-send]");
      const button = form.querySelector(".btn-primary");
      form.requestSubmit(button);
      form.requestSubmit(button);
    }""")
    page.wait_for_load_state("networkidle")

    assert len(site.sent) == 1


def test_tap_counts_one_person_and_undo_takes_it_back(visit):
    page, _ = visit()
    counter = page.get_by_role("button", name="Women: 3, +1")
    counter.click()
    counter = page.get_by_role("button", name="Women: 4, +1")
    counter.click()
    assert page.locator("[data-what]").inner_text() == "+1 Women"

    page.locator("[data-undo] button").click()

    assert page.evaluate("document.getElementById('id_women').value") == "4"
    assert page.locator("[data-undo]").is_hidden()


def test_stepper_never_goes_below_nothing(visit):
    page, _ = visit()
    less = page.get_by_role("button", name="One less")
    less.click()
    less.click()

    assert page.input_value("#id_alone_children") == "0"


def test_without_script_the_numbers_can_be_typed(visit):
    page, _ = visit(javascript=False)

    assert page.locator("#id_women").is_visible()
    assert page.locator(".count-btn").is_hidden()
    assert page.locator("[data-step]").first.is_hidden()


def test_errors_take_the_focus_and_lead_to_their_control(visit):
    page, _ = visit(component_page(SampleForm({})))
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"

    page.get_by_role("link", name="Client code").click()

    assert page.evaluate("document.activeElement.id") == "id_code"


def combo_page():
    fields = render_to_string("ui/combo.html", {"url": "/find/", "label": "Who?", "name": "q"})
    form = f'<main id="main"><form method="post">{fields}</form>'
    return component_page().replace('<main class="app-main" id="main" tabindex="-1">', form)


def test_search_posts_what_is_typed_and_arrows_move_through_the_answers(visit):
    page, site = visit(combo_page())
    page.locator("#combo-q").press_sequentially("samira")
    page.wait_for_selector("[role=option]")
    assert site.sent[-1] == ("/find/", {"q": ["samira"]})
    assert "samira" not in page.url

    page.keyboard.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]").inner_text()
    assert (chosen, page.get_attribute("#combo-q", "aria-expanded")) == ("B3X-5FD", "true")

    page.keyboard.press("Enter")
    page.wait_for_url(f"{HOST}/cases/2/")


def test_enter_creates_nobody_when_nobody_was_found(visit):
    page, site = visit(combo_page())
    site.found = NOBODY
    page.locator("#combo-q").press_sequentially("samira")
    page.wait_for_selector("[role=option]")
    chosen = page.locator("[aria-selected=true]").count()

    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")

    assert chosen == 0
    assert site.sent[-1] == ("/design/", {"q": ["samira"]})
    assert page.url == f"{HOST}/design/"


def test_escape_closes_the_answers(visit):
    page, _ = visit(combo_page())
    page.locator("#combo-q").press_sequentially("sam")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Escape")

    assert page.locator("[role=listbox]").is_hidden()


def test_chosen_light_shows_at_once_and_is_sent(visit):
    page, site = visit()
    page.locator("summary.who").click()
    page.get_by_role("button", name="Dim").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dim'")
    page.wait_for_load_state("networkidle")

    assert page.url == f"{HOST}/design/"
    assert [(path, body["theme"]) for path, body in site.sent] == [("/settings/theme/", ["dim"])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_of_the_device_is_followed(visit, scheme):
    page, _ = visit(component_page(theme="system"), scheme=scheme)

    assert page.evaluate("document.documentElement.dataset.theme") == scheme


def test_message_can_be_closed(visit):
    page, _ = visit(component_page(messages=["Visit saved."]))
    page.locator("[data-close]").click()

    assert page.locator("[data-toast]").count() == 0


def test_part_that_depends_on_an_answer_appears_with_it(visit):
    part = '<p id="part" data-shown-by="id_reason_1">Which service?</p>'
    grid = '<div class="fields fields-2">'
    page, _ = visit(component_page().replace(grid, part + grid))
    assert page.locator("#part").is_hidden()

    page.check("#id_reason_1")

    assert page.locator("#part").is_visible()


def test_menu_opens_without_script_and_closes_on_escape(visit):
    page, _ = visit(javascript=False)
    page.locator("summary.who").click()
    assert page.get_by_role("button", name="Sign out").is_visible()

    page, _ = visit()
    page.locator("summary.who").click()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Sign out").is_hidden()
