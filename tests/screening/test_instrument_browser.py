"""From a changed word to a talk that asks with it, as two coordinators and a worker do it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from screening.models import Screening
from tests.factories import PersonFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_of(browser, live_server, signed_in):
    """`page_of(user, path)`: a page in which this user is signed in."""
    contexts = []

    def open_page(user, path):
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        cookies = signed_in(user).cookies.values()
        context.add_cookies(
            [{"name": c.key, "value": c.value, "url": live_server.url} for c in cookies]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_draft_is_edited_by_one_published_by_another_and_then_used(
    page_of, coordinator, caseworker, house, team, instrument_version
):
    second = UserFactory(organization=house, teams=[team], role="coordinator")
    person = PersonFactory(organization=house, team=team, birth_year_from=1990, birth_year_to=1990)

    page = page_of(coordinator, instrument_version.get_absolute_url())
    page.get_by_role("button", name="Write the next version").click()
    draft = page.url
    page.locator("#indicator-ILO-DR-01").get_by_role("link", name="Change").click()
    page.get_by_label("Words, English").fill("Was told another story about the work")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.locator("#indicator-ILO-DR-01")).to_contain_text("Was told another story")
    expect(page.get_by_role("button", name="Publish this version")).to_have_count(0)

    page = page_of(second, draft)
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Screening for trafficking")
    expect(page.get_by_text("Version 1.2").first).to_be_visible()

    page = page_of(caseworker, reverse("screening:start", args=[person.pk]))
    page.get_by_text("Yes: alone, or with our interpreter only").click()
    page.get_by_label("Questions", exact=True).select_option(label="Screening for trafficking, 1.2")
    page.get_by_label("I said what we may have to pass on, and to whom").check()
    page.get_by_role("group", name="Does the person want to talk about this now?").get_by_text(
        "Yes", exact=True
    ).click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("group", name="Was told another story about the work")).to_be_visible()
    assert Screening.objects.get().instrument_version.version == "1.2"
