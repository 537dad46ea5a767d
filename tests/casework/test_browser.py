"""What only a browser shows: visits by keyboard alone, counted in keys, and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from casework.models import CaseEvent, Headcount, Person, Visit
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYS_A_SECOND = 5
SECONDS = 20


class Keyboard:
    """Types into a page and counts: a chord counts for each of its keys."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, *chords):
        for chord in chords:
            self.page.keyboard.press(chord)
            self.keys += len(chord.split("+"))

    def type(self, text):
        for sign in text:
            self.page.keyboard.type(sign)
            self.keys += 1


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


def test_visit_of_a_known_person_takes_few_keys(opened, person):
    page = opened("/")
    keyboard = Keyboard(page)

    keyboard.press("n")
    expect(page.get_by_role("combobox")).to_be_focused()
    keyboard.type(person.code.replace("-", "").lower())
    keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Information").first).to_be_focused()
    keyboard.press("1", "6", "Control+Enter")
    expect(page.get_by_role("heading", name="Log of the day")).to_be_visible()

    visit = Visit.objects.get()
    assert visit.person == person
    assert {row.service_type_id for row in visit.services.all()} == {"information", "safe_space"}
    assert keyboard.keys < SECONDS * KEYS_A_SECOND
    assert keyboard.keys <= 15


def test_visit_of_somebody_new_takes_few_keys(opened, team):
    page = opened("/")
    keyboard = Keyboard(page)

    keyboard.press("n")
    expect(page.get_by_role("combobox")).to_be_focused()
    keyboard.press("Alt+c")
    expect(page.get_by_role("radio", name="Female")).to_be_focused()
    keyboard.press("Space", "Tab", *["ArrowLeft"] * 3)
    keyboard.press("Tab", "Space", "Tab", "Tab", "Tab", "Tab")
    expect(page.get_by_role("checkbox", name="Information").first).to_be_focused()
    keyboard.press("1", "2")
    keyboard.press(*["Tab"] * 11, *["ArrowRight"] * 3, "Control+Enter")
    expect(page.get_by_role("heading", name="Log of the day")).to_be_visible()

    person = Person.objects.get()
    assert (person.sex, person.nationality.code, person.language_id) == ("female", "AF", "fa")
    assert person.who == "Woman, 25–34"
    assert keyboard.keys < SECONDS * KEYS_A_SECOND
    assert keyboard.keys <= 40


def test_visitor_without_a_name_is_two_keys_away(opened, team):
    page = opened(reverse("casework:new_visit"))
    keyboard = Keyboard(page)

    keyboard.press("Alt+v")
    expect(page.get_by_role("button", name="Female, 0–4: 0, +1")).to_be_focused()
    keyboard.press("ArrowRight", "Enter", "Control+Enter")
    expect(page.get_by_role("heading", name="Log of the day")).to_be_visible()

    assert Headcount.objects.get().sex == Person.Sex.MALE


def test_combobox_finds_while_typing_and_enter_opens_the_first(opened, case):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")
    page = opened(reverse("casework:new_visit"))

    page.get_by_role("combobox").press_sequentially("zarm")
    option = page.get_by_role("option").first
    expect(option).to_contain_text(case.person.code)
    expect(option).to_contain_text("Name matches")
    expect(page.locator("body")).not_to_contain_text("Testowa")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{reverse('casework:record_visit', args=[case.person_id])}")


def test_enter_never_creates_a_person_by_accident(opened, team):
    page = opened(reverse("casework:new_visit"))

    page.get_by_role("combobox").press_sequentially("nobody here")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nobody found for")).to_be_visible()
    assert Person.objects.count() == 0


def test_visit_is_logged_without_scripts(opened, person):
    page = opened(reverse("casework:new_visit"), java_script_enabled=False)

    page.get_by_role("combobox").fill(person.code)
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Food, drink").check()
    page.get_by_label("Yes", exact=True).check(force=True)
    page.get_by_label("What you saw or heard").fill("He waited at the door")
    page.get_by_role("button", name="Save visit").click()

    expect(page.get_by_text(f"Visit of {person.code} saved.")).to_be_visible()
    assert Visit.objects.get().concern == Visit.Concern.YES


def test_name_is_shown_for_a_reason_counted_down_and_hidden_again(opened, case):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")
    page = opened(case.get_absolute_url())
    body = page.locator("body")
    page.clock.install()

    page.get_by_role("link", name="Reveal").click()
    page.get_by_role("button", name="Show for 5 minutes").click()
    expect(page.get_by_role("dialog")).to_contain_text("Choose why you need the name.")
    page.get_by_text("To check that this is the right person").click()
    page.get_by_role("button", name="Show for 5 minutes").click()

    expect(body).to_contain_text("Zarmina Testowa")
    page.clock.run_for(60_000)
    expect(page.locator("[data-left]")).to_have_text("4:00")
    page.clock.run_for(240_000)
    expect(body).not_to_contain_text("Zarmina")

    page.get_by_role("link", name="Reveal").click()
    page.get_by_text("To contact the person").click()
    page.get_by_role("button", name="Show for 5 minutes").click()
    page.get_by_role("button", name="Hide again").click()
    expect(body).not_to_contain_text("Zarmina")
    assert case.events.filter(code=CaseEvent.Code.IDENTITY_SHOWN).count() == 2


def test_name_is_shown_and_leaves_by_itself_without_scripts(opened, case):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")
    page = opened(case.get_absolute_url(), java_script_enabled=False)
    expect(page.locator("body")).not_to_contain_text("Zarmina")

    page.get_by_role("link", name="Reveal").click()
    page.get_by_label("To contact the person").check(force=True)
    page.get_by_role("button", name="Show for 5 minutes").click()

    expect(page.get_by_text("Zarmina Testowa")).to_be_visible()
    page.get_by_role("link", name="Hide again").click()
    expect(page.locator("body")).not_to_contain_text("Zarmina")
