"""What only a browser shows of a session that hides, waits and comes back."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long sentence for the tests"
# Blank after 2 seconds, locked after 12.
FACTOR = 150


@pytest.fixture
def page(browser, live_server, signed_in, caseworker):
    """A page in which the caseworker has begun to type."""
    caseworker.set_password(PASSWORD)
    caseworker.save()

    def open_page():
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        cookies = signed_in(caseworker).cookies.values()
        context.add_cookies(
            [{"name": c.key, "value": c.value, "url": live_server.url} for c in cookies]
        )
        page = context.new_page()
        page.goto("/")
        page.fill("#find", "7KM half a code")
        return page

    contexts = []
    yield open_page
    for context in contexts:
        context.close()


def hidden(page):
    return page.get_by_role("heading", name="Screen hidden")


def unlock(page, password=PASSWORD):
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Unlock").click()


def test_B15_page_hides_itself_and_comes_back_as_it_was(page, settings):
    settings.CLOCK_FACTOR = FACTOR
    opened = page()

    expect(hidden(opened)).to_be_visible(timeout=8_000)
    assert opened.title() == "Casework"
    assert "7KM" not in opened.content()
    opened.get_by_role("button", name="Show again").click()

    expect(opened.locator("#find")).to_have_value("7KM half a code")


def test_B15_page_left_alone_asks_for_its_owner_and_keeps_what_was_typed(page, settings):
    settings.CLOCK_FACTOR = FACTOR
    opened = page()
    expect(hidden(opened)).to_be_visible(timeout=8_000)
    Session.objects.update(last_used_at="2026-01-01T00:00:00Z")

    opened.get_by_role("button", name="Show again").click()
    expect(opened.get_by_label("Your password")).to_be_visible()
    unlock(opened, "not the password")
    expect(opened.get_by_role("alert")).to_contain_text("not your password")
    unlock(opened)

    expect(opened.locator("#find")).to_have_value("7KM half a code")


def test_hide_button_locks_at_the_server_and_the_password_opens(page):
    opened = page()
    # The screen hides at once; the server locks when it was told.
    with opened.expect_response(lambda answer: "/settings/lock/" in answer.url):
        opened.get_by_role("button", name="Hide screen").click()
    expect(opened.get_by_label("Your password")).to_be_visible()

    other = opened.context.new_page()
    other.goto("/people/")
    assert re.search(r"/settings/lock/\?next=", other.url)
    unlock(opened)

    expect(opened.locator("#find")).to_have_value("7KM half a code")
    other.goto("/people/")
    expect(other.get_by_role("heading", level=1)).to_have_text("People")


def test_B15_who_works_on_a_long_form_stays_signed_in(page, settings):
    settings.CLOCK_FACTOR = FACTOR
    opened = page()
    before = Session.objects.get().last_used_at

    with opened.expect_response(lambda answer: "/lock/state/" in answer.url):
        for letter in "a long text that is typed slowly":
            opened.locator("#find").press_sequentially(letter, delay=120)

    assert Session.objects.get().last_used_at > before
    expect(hidden(opened)).to_have_count(0)


def test_session_that_was_ended_takes_the_hidden_page_with_it(page):
    opened = page()
    opened.get_by_role("button", name="Hide screen").click()
    expect(opened.get_by_label("Your password")).to_be_visible()
    Session.objects.all().delete()

    unlock(opened)

    opened.wait_for_url("**/login/**")
    assert "7KM" not in opened.content()


def test_B15_form_sent_without_script_is_kept(browser, live_server, signed_in, caseworker):
    caseworker.set_password(PASSWORD)
    caseworker.save()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookies = signed_in(caseworker).cookies.values()
    context.add_cookies(
        [{"name": c.key, "value": c.value, "url": live_server.url} for c in cookies]
    )
    page = context.new_page()
    page.goto("/settings/")
    page.get_by_label("Dark").check()
    Session.objects.update(last_used_at="2026-01-01T00:00:00Z")

    page.get_by_role("button", name="Keep these colours").click()
    unlock(page)
    page.get_by_role("button", name="Send the form").click()

    caseworker.refresh_from_db()
    assert caseworker.theme == "dark"
    context.close()
