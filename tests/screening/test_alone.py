"""The client answers alone: what opens, what does not, and what is kept."""

import re
from copy import deepcopy

import pytest
from django.conf import settings as conf
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.actions import forget_handed_over
from accounts.models import AuditEvent, Notice
from screening import actions
from screening.alone import languages, questions, unchecked
from screening.answers import AnswerSheet, still_hers
from screening.contradictions import contradictions
from screening.instrument_files import instrument_paths, read_instrument
from screening.models import InstrumentVersion
from tests.doors import ROUTES, address
from tests.screening.alone import (
    ASKED,
    BACK,
    CODE,
    DEFINITION,
    END,
    FIRST,
    hand_over,
    take_back,
)
from tests.screening.vectors import THB

# Which questions, in which languages


def test_only_a_reviewed_language_with_every_word_is_shown_to_a_client():
    unworded = {**DEFINITION, "client": {"sections": ["dependence"]}}

    assert (languages(DEFINITION), unchecked(DEFINITION)) == (["en", "ar"], ["sr"])
    assert (languages(unworded), unchecked(unworded)) == (["en"], ["ar", "sr"])


def test_a_question_keeps_its_number_whatever_is_skipped():
    skipping = deepcopy(DEFINITION)
    (section,) = (s for s in skipping["sections"] if s["code"] == "dependence")
    section["groups"][0]["when"] = {"answered": {"indicator": "ILO-CD-01", "is": ["yes"]}}
    told = {"profile": "adult", "unaccompanied_or_separated": False}
    yes = AnswerSheet({"control": {"indicators": {"ILO-CD-01": "yes"}}})

    assert questions(skipping, AnswerSheet(), **told) == []
    assert [q.number for q in questions(skipping, yes, **told)] == [
        q.number for q in questions(DEFINITION, AnswerSheet(), **told)
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sections": ["nowhere"]}, "there is no section nowhere"),
        ({"sections": ["comparison"]}, "the section comparison asks nothing"),
        ({"sections": ["short"], "pictures": {"XX-01": "bed"}}, "there is no indicator XX-01"),
    ],
)
def test_a_file_that_offers_nothing_to_answer_is_refused(change, told):
    faults = contradictions({**deepcopy(THB), "client": change})

    assert told in [reason for where, reason in faults if where.startswith("client")]


def test_an_answer_is_hers_until_somebody_changes_it():
    before = {"indicators": {"A-1": "yes", "A-2": "no"}, "by": {"A-1": "client", "A-2": "client"}}

    assert still_hers(before, {"A-1": "yes", "A-2": "yes"}) == {"A-1": "client"}


# Handing over, answering, taking back


def test_the_client_answers_alone_and_the_worker_goes_on(held, talk, caseworker):
    assert held.get(FIRST).headers["Location"].startswith("/questions/")
    path = held.get(FIRST).headers["Location"]
    page = held.get(path)

    after = held.post(path, {"answer": "declined"})
    back = take_back(held)

    talk.refresh_from_db()
    assert talk.sheet.indicators == {ASKED[0]: "declined"}
    assert talk.sheet.by_client == {ASKED[0]}
    assert after.headers["Location"] != path
    assert back.headers["Location"] == talk.get_absolute_url()
    assert held.get(reverse("home")).status_code == 200
    text = page.content.decode()
    assert '<html lang="ar" dir="rtl"' in " ".join(text.split())
    assert DEFINITION["client"]["words"]["not_say"]["ar"] in text
    assert "#i-bed" in text
    verbs = ["hand_over_session", "hand_over_screen", "save_section", "take_back_session"]
    recorded = AuditEvent.objects.filter(verb__in=[*verbs, "take_back_screen"], actor=caseworker)
    assert {event.verb for event in recorded} == {*verbs, "take_back_screen"}


def test_nothing_of_the_house_stands_on_her_pages(held, talk, caseworker):
    path = held.get(FIRST).headers["Location"]
    pages = [held.get(path), held.get(BACK), held.get(END)]

    for page in pages:
        text = page.content.decode()
        private = [talk.case.person.code, caseworker.name, str(talk.pk), "Casework"]
        assert [word for word in private if word in text] == []
        assert page.headers["Cache-Control"] == "no-store"
    assert {*held.cookies} <= {
        conf.SESSION_COOKIE_NAME,
        conf.CSRF_COOKIE_NAME,
        conf.DEVICE_COOKIE_NAME,
    }


def test_every_other_door_of_the_house_is_closed(held):
    open_names = {"healthz", "readyz", "policy_report", *actions.alone.ROUTES}
    closed = [route for route in ROUTES if route.name not in open_names]

    # One of both for each: what refuses looks at the name alone.
    answers = {
        route.path: getattr(held, ("get", "post")[place % 2])(address(route))
        for place, route in enumerate(closed)
    }

    def is_shut(door, answer):
        if door.startswith("/api/"):
            return answer.status_code == 403 and answer.json()["code"] == "handed_over"
        return answer.status_code == 302 and answer.headers["Location"] == FIRST

    assert len(closed) > 200
    assert [door for door, answer in answers.items() if not is_shut(door, answer)] == []
    assert held.get("/nowhere/").headers["Location"] == FIRST
    assert held.get("/", headers={"HX-Request": "true"}).status_code == 403
    assert held.get("/api/v1/nowhere/").status_code == 403
    assert held.get("/questions/stop/").status_code == 405
    assert "app-head" not in held.get("/questions/stop/").content.decode()


def test_another_tab_is_closed_and_another_session_is_not(held, signed_in, caseworker):
    tab, elsewhere = Client(), signed_in(caseworker)
    tab.cookies = held.cookies

    assert tab.get("/").headers["Location"] == FIRST
    assert elsewhere.get("/").status_code == 200
    assert elsewhere.get(FIRST).status_code == 404


def test_the_key_from_before_opens_nothing(tablet, talk):
    before = Client()
    before.cookies.load({conf.SESSION_COOKIE_NAME: tablet.cookies[conf.SESSION_COOKIE_NAME].value})

    hand_over(tablet, talk)

    assert before.get("/").headers["Location"].startswith("/login/")


def test_what_she_sent_is_not_taken_again_after_the_return(held, talk):
    path = held.get(FIRST).headers["Location"]
    take_back(held)

    assert held.post(path, {"answer": "yes"}).status_code == 404
    assert held.post("/questions/stop/").status_code == 404
    talk.refresh_from_db()
    assert (talk.answers, talk.state) == ({}, "draft")


def test_her_stop_keeps_the_answers_and_the_screen_stays_hers(held, talk):
    path = held.get(FIRST).headers["Location"]
    held.post(path, {"answer": "yes"})

    stopped = held.post("/questions/stop/")

    talk.refresh_from_db()
    assert stopped.headers["Location"] == END
    assert (talk.state, talk.stop_reason) == ("stopped", "asked")
    assert talk.sheet.ticked == [ASKED[0]]
    assert DEFINITION["client"]["words"]["thanks"]["ar"] in held.get(END).content.decode()
    assert held.get(path, follow=True).redirect_chain[-1][0] == END
    assert held.post(path, {"answer": "no"}, follow=True).redirect_chain[-1][0] == END
    assert held.get("/").headers["Location"] == FIRST


@pytest.mark.parametrize("why", ["erased", "closed"])
def test_a_talk_that_is_nowhere_any_more_shows_the_end_in_her_language(held, talk, why):
    path = held.get(FIRST).headers["Location"]
    if why == "erased":
        assert forget_handed_over({str(talk.pk)}) == 1
    talk.delete()

    led = [held.get(FIRST), held.get(path), held.post(path, {"answer": "yes"})]
    stopped = held.post(reverse("questions:stop"))
    page = held.get(END)

    assert {each.headers["Location"] for each in led} <= {FIRST, END}
    assert stopped.headers["Location"] == END
    assert DEFINITION["client"]["words"]["thanks"]["ar"] in page.content.decode()
    assert page.headers["Content-Language"] == "ar"
    assert held.get(reverse("home")).headers["Location"] == FIRST
    assert take_back(held).headers["Location"] == reverse("home")


def test_the_last_answer_leads_to_the_end(held, talk):
    for _each in ASKED:
        path = held.get(FIRST).headers["Location"]
        answer = held.post(path, {"answer": "unclear"})

    talk.refresh_from_db()
    assert answer.headers["Location"] == END
    assert talk.sheet.indicators == dict.fromkeys(sorted(ASKED), "unclear")


@pytest.mark.parametrize("answer", ["", "maybe", "yes\x00", "<script>", "y" * 5000])
def test_what_is_no_answer_keeps_nothing(held, talk, answer):
    path = held.get(FIRST).headers["Location"]

    sent = held.post(path, {"answer": answer, "indicator": "ILO-CD-01", "language": "sr"})

    talk.refresh_from_db()
    assert (sent.headers["Location"], talk.answers) == (path, {})
    assert held.get("/questions/999/").headers["Location"] == FIRST


def test_what_is_urgent_is_told_to_the_worker_and_not_to_the_client(
    tablet, talk, coordinator, alone_version
):
    is_urgent = {"answered": {"indicator": ASKED[0], "is": ["yes"]}}
    definition = {**DEFINITION, "alerts": [{"when": is_urgent, "alert": "crisis"}]}
    InstrumentVersion.objects.filter(pk=alone_version.pk).update(definition=definition)
    hand_over(tablet, talk)
    path = tablet.get(FIRST).headers["Location"]

    answer = tablet.post(path, {"answer": "yes"})
    back = take_back(tablet)

    assert answer.headers["Location"] not in {END, path}
    assert back.headers["Location"] == reverse("screening:crisis", args=[talk.pk])
    assert Notice.objects.filter(user=coordinator).count() == 1


@pytest.mark.parametrize("path", instrument_paths(), ids=lambda path: path.stem)
def test_shipped_instruments_ask_alone_in_reviewed_languages_only(path):
    definition = read_instrument(path)
    told = {"profile": "adult", "unaccompanied_or_separated": False}

    assert languages(definition) == ["en"]
    if "client" in definition:
        assert questions(definition, AnswerSheet(), **told) != []


# In a browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_other_tab_no_storage_and_no_page_before_the_end(browser, live_server, tablet, talk):
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": c.key, "value": c.value, "url": live_server.url} for c in tablet.cookies.values()]
    )
    page, other = context.new_page(), context.new_page()
    other.goto(talk.get_absolute_url())
    page.goto(reverse("screening:hand_over", args=[talk.pk]))
    for field in ("code", "again"):
        page.locator(f"[name={field}]").fill(CODE)
    page.get_by_role("button", name="Hand over the screen").click()
    page.locator("button[value=yes]").click()
    expect(page).to_have_title(re.compile("2 / "))
    expect(other.locator("main.alone")).to_be_visible()
    stored = page.evaluate("[localStorage.length, sessionStorage.length]")
    page.locator(".alone-foot button").click()
    page.go_back()

    expect(page).to_have_url(re.compile(END))
    assert (stored, page.evaluate("document.cookie")) == ([0, 0], "")
    context.close()
