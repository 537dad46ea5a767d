"""What only a browser shows of counting: taps, undo, one part at a time, and no script at all."""

import pytest
from playwright.sync_api import expect

from outreach.models import OutreachSession
from tests import factories
from tests.outreach.factories import SessionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def session(mobile):
    return SessionFactory(team=mobile.teams.get(), recorded_by=mobile)


@pytest.fixture
def opened(browser, live_server, signed_in, mobile, session):
    """`opened(**context)`: the counting page, in which the mobile worker is signed in."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(base_url=live_server.url, **{**PHONE, **options})
        contexts.append(context)
        cookies = signed_in(mobile).cookies.values()
        context.add_cookies(
            [{"name": c.key, "value": c.value, "url": live_server.url} for c in cookies]
        )
        page = context.new_page()
        page.goto(session.get_absolute_url())
        return page

    yield open_page
    for context in contexts:
        context.close()


def counter(page, name):
    return page.locator(f'.count-cell:has([aria-label="{name}"]) button')


def number(page, name):
    return page.get_by_role("spinbutton", name=name, exact=True)


def met():
    rows = OutreachSession.objects.get().tallies.values_list("sex", "age_band__min_age", "quantity")
    return list(rows)


def test_taps_add_up_undo_takes_one_back_and_finish_keeps_the_rest(opened):
    page = opened()
    for _ in range(3):
        counter(page, "Male, 15–17").tap()
    expect(page.locator("[data-total]")).to_have_text("3")

    page.get_by_role("button", name="Undo").tap()
    expect(page.locator("[data-total]")).to_have_text("2")
    page.get_by_role("button", name="Finish session").tap()

    expect(page.get_by_role("heading", name="People met")).to_be_visible()
    assert met() == [("male", 15, 2)]


def test_counters_are_large_enough_for_a_thumb_in_gloves(opened):
    page = opened()

    boxes = [button.bounding_box() for button in page.locator(".count-btn").all()]

    assert len(boxes) == 16
    assert min(box["height"] for box in boxes) >= 52
    assert min(box["width"] for box in boxes) >= 52


def test_phone_shows_one_part_at_a_time_and_sends_them_all(opened):
    page = opened()
    counter(page, "Female, 25–34").tap()
    expect(page.get_by_text("Which languages were spoken?")).to_be_hidden()

    page.get_by_role("link", name="Talk").tap()
    page.get_by_text("Pashto", exact=True).tap()
    expect(counter(page, "Female, 25–34")).to_be_hidden()
    page.get_by_role("link", name="Leaflets").tap()
    page.locator("summary", has_text="Farsi").tap()
    page.get_by_role("button", name="One more").locator("visible=true").first.tap()
    page.get_by_role("button", name="Save so far").tap()

    expect(page.locator("[data-total]")).to_have_text("1")
    session = OutreachSession.objects.get()
    assert (met(), session.leaflets.get().quantity) == ([("female", 25, 1)], 1)
    assert [language.pk for language in session.languages.all()] == ["ps"]


def test_wide_screen_shows_all_parts(opened):
    page = opened(viewport={"width": 1440, "height": 900})

    expect(page.get_by_text("Which languages were spoken?")).to_be_visible()
    expect(counter(page, "Female, 25–34")).to_be_visible()


def test_numbers_can_be_typed_and_a_slip_leads_back_to_its_cell(opened):
    page = opened()
    page.get_by_role("button", name="Type the numbers").tap()
    number(page, "Male, 15–17").fill("100000")
    page.get_by_role("link", name="Talk").tap()

    page.get_by_role("button", name="Save so far").tap()

    expect(page.get_by_role("alert")).to_contain_text("less than or equal to 2000")
    page.get_by_role("alert").get_by_role("link").first.tap()
    expect(number(page, "Male, 15–17")).to_be_focused()
    number(page, "Male, 15–17").fill("10")
    page.get_by_role("button", name="Save so far").tap()
    expect(page.get_by_text("10 people saved")).to_be_visible()
    assert met() == [("male", 15, 10)]


def test_counting_works_without_scripts(opened):
    page = opened(java_script_enabled=False)
    number(page, "Male, 15–17").fill("4")

    page.get_by_role("button", name="Save so far").click()

    expect(number(page, "Male, 15–17")).to_have_value("4")
    assert met() == [("male", 15, 4)]


def test_page_is_no_wider_than_a_small_phone(opened):
    page = opened(viewport={"width": 320, "height": 640})
    factories.edition()

    for part in ("People", "Talk", "Leaflets", "Seen"):
        page.get_by_role("link", name=part).first.tap()
        assert page.evaluate("document.documentElement.scrollWidth") == 320
