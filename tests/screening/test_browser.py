"""What only a browser shows: the live panel, the keyboard, and pages without scripts."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from screening.models import Screening
from tests.screening.factories import ScreeningFactory
from tests.screening.vectors import THB

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CONTROL = next(n for n, s in enumerate(THB["sections"], start=1) if s["code"] == "control")


@pytest.fixture
def opened(browser, live_server, signed_in, caseworker):
    """`opened(path, **context)`: a page in which the caseworker is signed in."""
    contexts = []

    def open_page(path, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        cookies = signed_in(caseworker).cookies.values()
        context.add_cookies(
            [{"name": c.key, "value": c.value, "url": live_server.url} for c in cookies]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def part(screening):
    return reverse("screening:part", args=[screening.pk, CONTROL])


def choose(page, question, answer):
    page.get_by_role("group", name=question).get_by_text(answer, exact=True).click()


def test_panel_fills_in_as_answers_arrive_and_nothing_is_saved(opened, part):
    page = opened(part)
    panel = page.locator("#so-far")
    expect(panel).to_contain_text("Nothing recorded yet")

    choose(page, "Papers are kept by someone else", "Yes")
    expect(panel).to_contain_text("Papers are kept by someone else")
    choose(page, "Isolated, locked in or under surveillance", "Yes")

    expect(panel.locator(".amp-part.is-met")).to_contain_text("Means")
    expect(panel).to_contain_text("two strong signs or more")
    assert Screening.objects.get().answers == {}


def test_continue_works_without_scripts(opened, part):
    page = opened(part, java_script_enabled=False)
    choose(page, "Papers are kept by someone else", "Yes")

    page.get_by_role("button", name="Continue").last.click()

    expect(page.get_by_role("heading", name="Who the person depends on")).to_be_visible()
    assert Screening.objects.get().answers == {"control": {"indicators": {"ILO-CD-01": "yes"}}}


def test_enter_goes_on_and_neither_stops_nor_leaves(opened, part):
    page = opened(part)
    choose(page, "Papers are kept by someone else", "Yes")

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Who the person depends on")).to_be_visible()
    assert Screening.objects.get().state == "draft"


def test_stop_hides_the_page_and_keeps_the_answer(opened, part, screening):
    page = opened(part)
    choose(page, "Papers are kept by someone else", "Unclear")

    page.get_by_role("button", name="Stop and hide").click()

    expect(page.get_by_role("heading", name="What we offer here")).to_be_visible()
    expect(page.get_by_text(screening.case.person.code)).to_have_count(0)
    kept = Screening.objects.get()
    assert (kept.state, kept.answers) == (
        "stopped",
        {"control": {"indicators": {"ILO-CD-01": "unclear"}}},
    )


@pytest.mark.parametrize("width", [390, 1440])
def test_pages_fit_their_window(opened, case, caseworker, width):
    screening = ScreeningFactory(case=case, started_at=f"{date(2026, 11, 2)}T09:00:00Z")
    names = ["list"], ["part", screening.pk, CONTROL], ["finish", screening.pk]
    addresses = [reverse(f"screening:{name}", args=args) for name, *args in names]
    page = opened(addresses[0], viewport={"width": width, "height": 844})

    widths = []
    for address in addresses:
        page.goto(address)
        widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert widths == [width] * 3
