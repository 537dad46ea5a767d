"""What only a browser shows: somebody in a hurry, drafts in tabs, an answer that got lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from casework.models import FormDraft, Person, Visit
from tests.casework.test_browser import Keyboard, opened  # noqa: F401 - the fixture of a browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KEYS = 10


@pytest.fixture
def quick(settings):
    settings.FORM_DRAFT_SECONDS = 0


def test_somebody_in_a_hurry_takes_less_than_ten_keys(opened, team):  # noqa: F811
    page = opened(reverse("casework:receive_in_transit"))
    keyboard = Keyboard(page)

    expect(page.get_by_role("radio", name="Female")).to_be_focused()
    keyboard.press("Space", "Tab", "ArrowRight", "Tab", "Space", "Control+Enter")
    page.wait_for_url("**/people/*-*/")

    person = Person.objects.get()
    assert (person.sex, person.intake) == ("female", "transit")
    assert person.birth_year_from
    assert keyboard.keys < MOST_KEYS


def test_a_draft_is_kept_comes_back_and_is_thrown_away(opened, person, quick):  # noqa: F811
    page = opened(reverse("casework:change_person", args=[person.pk]))
    page.get_by_label("Before you talk").fill("Only in writing")
    expect(page.get_by_text("Saved as a draft")).to_be_visible()

    page.goto(reverse("casework:change_person", args=[person.pk]))
    expect(page.get_by_label("Before you talk")).to_have_value("Only in writing")
    page.get_by_role("button", name="Throw away").click()

    expect(page.get_by_label("Before you talk")).to_have_value("")
    assert not FormDraft.objects.exists()


def test_two_tabs_ask_before_one_overwrites_the_other(opened, person, quick):  # noqa: F811
    path = reverse("casework:change_person", args=[person.pk])
    older = opened(path)
    later = older.context.new_page()
    later.goto(path)
    later.get_by_label("Before you talk").fill("Second tab")
    expect(later.get_by_text("Saved as a draft")).to_be_visible()

    older.get_by_label("Before you talk").fill("First tab")
    expect(older.get_by_text("is open in another tab")).to_be_visible()
    assert FormDraft.objects.get().typed["handling_note"] == ["Second tab"]

    older.get_by_role("button", name="Keep what is typed here").click()
    expect(older.get_by_text("Saved as a draft")).to_be_visible()
    assert FormDraft.objects.get().typed["handling_note"] == ["First tab"]


def test_answer_that_got_lost_is_one_act_when_sent_again(opened, person):  # noqa: F811
    page = opened(reverse("casework:record_visit", args=[person.pk]))
    lost = []

    def drop(route):
        """The server saves; its answer never arrives."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/visits/new/**", drop)
    page.get_by_role("checkbox", name="Information").first.check()
    with page.expect_event("framenavigated"):
        page.get_by_role("button", name="Save visit").click(no_wait_after=True)
    page.reload()
    page.wait_for_url("**/visits/")

    assert lost == [302]
    assert Visit.objects.count() == 1
