"""The client answers alone: what opens, what does not, and what is kept."""

import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta

import pytest
from django.conf import settings as conf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import actions as accounts_actions
from accounts.actions.hand_over import TRIES, Outcome
from accounts.engine import digest
from accounts.models import AuditEvent, Session
from screening import actions
from screening.alone import WORDS, languages, questions, unchecked
from screening.answers import AnswerSheet, still_hers
from screening.contradictions import contradictions
from screening.models import Instrument, InstrumentVersion, Recording, Screening
from tests.doors import ROUTES, address
from tests.factories import CaseAccessFactory, HouseFactory, UserFactory
from tests.files.samples import opus
from tests.screening.factories import RecordingFactory, ScreeningFactory
from tests.screening.vectors import THB

CODE = "271828"
FIRST, END, BACK = "/questions/", "/questions/end/", "/questions/back/"
ONE = "/questions/1/"
# The first two questions of the part that the definition below lets a client answer.
ASKED = [
    n for s in THB["sections"] if s["code"] == "dependence" for n in s["groups"][0]["indicators"]
]


def with_arabic(node):
    """The same definition with every text in an invented Arabic."""
    if isinstance(node, dict):
        if isinstance(node.get("en"), str) and set(node) <= {"en", "sr"} and len(node["en"]) > 8:
            return {**node, "ar": "نص " + node["en"]}
        return {key: with_arabic(value) for key, value in node.items()}
    return [with_arabic(value) for value in node] if isinstance(node, list) else node


def alone_definition():
    definition = with_arabic(deepcopy(THB))
    definition["translations"] = {"en": "source", "ar": "reviewed", "sr": "draft"}
    definition["client"] = {
        "sections": ["dependence"],
        "words": {name: {"en": text, "ar": "كلمة " + name} for name, text in WORDS.items()},
        "pictures": {ASKED[0]: "bed"},
    }
    return definition


DEFINITION = alone_definition()


@pytest.fixture
def version(db):
    return InstrumentVersion.objects.create(
        instrument=Instrument.objects.get(code="thb"),
        version="alone",
        definition=DEFINITION,
        content_hash="0" * 64,
        valid_from="2026-01-01",
    )


@pytest.fixture
def screening(case, version):
    return ScreeningFactory(case=case, instrument_version=version)


@pytest.fixture
def tablet(signed_in, caseworker):
    return signed_in(caseworker)


def hand_over(client, screening, **changes):
    given = {"language": "ar", "code": CODE, "again": CODE, **changes}
    return client.post(reverse("screening:hand_over", args=[screening.pk]), given)


@pytest.fixture
def held(tablet, screening):
    """The tablet in the client's hands, in Arabic."""
    assert hand_over(tablet, screening).headers["Location"] == FIRST
    return tablet


def row_of(client):
    return Session.objects.get(digest=digest(client.cookies[conf.SESSION_COOKIE_NAME].value))


def take_back(client, code=CODE):
    return client.post(BACK, {"code": code})


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


def test_the_client_answers_alone_and_the_worker_goes_on(held, screening, caseworker):
    assert held.get(FIRST).headers["Location"].startswith("/questions/")
    path = held.get(FIRST).headers["Location"]
    page = held.get(path)

    after = held.post(path, {"answer": "declined"})
    back = take_back(held)

    screening.refresh_from_db()
    assert screening.sheet.indicators == {ASKED[0]: "declined"}
    assert screening.sheet.by_client == {ASKED[0]}
    assert after.headers["Location"] != path
    assert back.headers["Location"] == screening.get_absolute_url()
    assert held.get(reverse("home")).status_code == 200
    text = page.content.decode()
    assert '<html lang="ar" dir="rtl"' in " ".join(text.split())
    assert DEFINITION["client"]["words"]["not_say"]["ar"] in text
    assert "#i-bed" in text
    verbs = ["hand_over_session", "hand_over_screen", "save_section", "take_back_session"]
    recorded = AuditEvent.objects.filter(verb__in=[*verbs, "take_back_screen"], actor=caseworker)
    assert {event.verb for event in recorded} == {*verbs, "take_back_screen"}


def test_nothing_of_the_house_stands_on_her_pages(held, screening, caseworker):
    path = held.get(FIRST).headers["Location"]
    pages = [held.get(path), held.get(BACK), held.get(END)]

    for page in pages:
        text = page.content.decode()
        private = [screening.case.person.code, caseworker.name, str(screening.pk), "Casework"]
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


def test_the_key_from_before_opens_nothing(tablet, screening):
    before = Client()
    before.cookies.load({conf.SESSION_COOKIE_NAME: tablet.cookies[conf.SESSION_COOKIE_NAME].value})

    hand_over(tablet, screening)

    assert before.get("/").headers["Location"].startswith("/login/")


def test_what_she_sent_is_not_taken_again_after_the_return(held, screening):
    path = held.get(FIRST).headers["Location"]
    take_back(held)

    assert held.post(path, {"answer": "yes"}).status_code == 404
    assert held.post("/questions/stop/").status_code == 404
    screening.refresh_from_db()
    assert (screening.answers, screening.state) == ({}, "draft")


def test_her_stop_keeps_the_answers_and_the_screen_stays_hers(held, screening):
    path = held.get(FIRST).headers["Location"]
    held.post(path, {"answer": "yes"})

    stopped = held.post("/questions/stop/")

    screening.refresh_from_db()
    assert stopped.headers["Location"] == END
    assert (screening.state, screening.stop_reason) == ("stopped", "asked")
    assert screening.sheet.ticked == [ASKED[0]]
    assert DEFINITION["client"]["words"]["thanks"]["ar"] in held.get(END).content.decode()
    assert held.get(path, follow=True).redirect_chain[-1][0] == END
    assert held.post(path, {"answer": "no"}, follow=True).redirect_chain[-1][0] == END
    assert held.get("/").headers["Location"] == FIRST


def test_the_last_answer_leads_to_the_end(held, screening):
    for _each in ASKED:
        path = held.get(FIRST).headers["Location"]
        answer = held.post(path, {"answer": "unclear"})

    screening.refresh_from_db()
    assert answer.headers["Location"] == END
    assert screening.sheet.indicators == dict.fromkeys(sorted(ASKED), "unclear")


@pytest.mark.parametrize("answer", ["", "maybe", "yes\x00", "<script>", "y" * 5000])
def test_what_is_no_answer_keeps_nothing(held, screening, answer):
    path = held.get(FIRST).headers["Location"]

    sent = held.post(path, {"answer": answer, "indicator": "ILO-CD-01", "language": "sr"})

    screening.refresh_from_db()
    assert (sent.headers["Location"], screening.answers) == (path, {})
    assert held.get("/questions/999/").headers["Location"] == FIRST


# Refusals


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "sr"},
        {"language": "fr"},
        {"again": "314159"},
        {"code": "123", "again": "123"},
        {"code": "abcdef", "again": "abcdef"},
        {"code": "123456789", "again": "123456789"},
    ],
)
def test_a_screen_is_not_handed_over_in_a_draft_language_or_with_a_weak_code(
    tablet, screening, changes
):
    answer = hand_over(tablet, screening, **changes)

    assert answer.status_code == 200
    assert row_of(tablet).handed_over is None


def test_only_in_a_talk_that_goes_on_and_is_safe(tablet, screening):
    unsaid = {"limits_said_by": None, "limits_said_at": None, "limits_text": ""}
    Screening.objects.filter(pk=screening.pk).update(**unsaid, limits_unsaid="unwell")
    too_early = hand_over(tablet, screening)
    actions.stop_screening(screening, actor=screening.started_by)

    assert too_early.status_code == 200
    assert hand_over(tablet, screening).headers["Location"] == screening.get_absolute_url()
    assert row_of(tablet).handed_over is None


def test_an_instrument_without_such_parts_says_so(tablet, case):
    page = tablet.get(reverse("screening:hand_over", args=[ScreeningFactory(case=case).pk]))

    assert (page.status_code, 'name="code"' in page.content.decode()) == (200, False)


def test_strangers_and_readers_hand_nothing_over(signed_in, stranger, screening, team, house):
    reader = UserFactory(organization=house, teams=[team], role="coordinator")
    CaseAccessFactory(content_object=screening.case, user=reader)

    assert hand_over(signed_in(stranger), screening).status_code == 404
    assert hand_over(signed_in(reader), screening).status_code == 403


# The code


def test_a_wrong_code_opens_nothing_and_the_fifth_ends_the_session(held, screening):
    told = [take_back(held, "000000") for _each in range(TRIES)]

    assert [answer.status_code for answer in told] == [200] * (TRIES - 1) + [302]
    assert told[-1].headers["Location"] == reverse("account_login")
    assert held.get("/").headers["Location"].startswith(reverse("account_login"))
    denied = AuditEvent.objects.filter(verb="take_back_session", result="denied")
    assert denied.count() == TRIES


def test_no_more_wrong_codes_at_once_than_in_turn(transactional_db, caseworker):
    row = Session.objects.create(
        digest="1" * 64, data="", user=caseworker, ends_at=timezone.now() + timedelta(hours=1)
    )
    accounts_actions.hand_over_session(
        row, code=CODE, home=FIRST, routes=[], told={}, actor=caseworker
    )

    def one(_each):
        try:
            return accounts_actions.take_back_session(row, code="0000", actor=caseworker)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(one, range(TRIES + 2)))

    assert outcomes.count(Outcome.WRONG) == TRIES - 1
    assert outcomes.count(Outcome.ENDED) == 3
    assert not Session.objects.filter(pk=row.pk).exists()


def test_only_the_hash_of_the_code_is_kept(held):
    row = row_of(held)

    assert CODE not in f"{row.data} {row.handed_over} {row.handed_code}"
    assert row.handed_code.startswith("argon2")


def test_a_screen_left_alone_is_signed_out_and_names_nobody(held, screening):
    row = row_of(held)
    Session.objects.filter(pk=row.pk).update(last_used_at=timezone.now() - timedelta(days=1))

    answer = held.get(FIRST)

    assert answer.headers["Location"] == reverse("account_login")
    assert not Session.objects.filter(pk=row.pk).exists()
    assert held.get(reverse("account_login")).status_code == 200


def test_the_code_leads_out_even_when_the_talk_is_out_of_reach(held, screening):
    screening.case.access.all().delete()

    lost = held.get(FIRST)

    assert (lost.status_code, "app-head" in lost.content.decode()) == (404, False)
    assert take_back(held).headers["Location"] == reverse("home")


# Read aloud


@pytest.fixture
def editor(team, house):
    return UserFactory(name="Edita Writer", organization=house, teams=[team], role="coordinator")


def add(client, version, **changes):
    sound = SimpleUploadedFile("q.opus", opus(), "audio/ogg")
    given = {"indicator": ASKED[0], "language": "ar", "file": sound, **changes}
    return client.post(reverse("screening:recordings", args=[version.pk]), given)


def of_asked(screening, **changes):
    return RecordingFactory(
        organization=screening.case.organization,
        instrument_version=screening.instrument_version,
        indicator=ASKED[0],
        language_id="ar",
        **changes,
    )


def test_a_recording_is_heard_once_somebody_else_reviewed_it(
    held, screening, editor, signed_in, house
):
    recording = of_asked(screening)
    path = held.get(FIRST).headers["Location"]
    unheard = held.get(f"{path}sound/"), held.get(path).content.decode()

    desk = signed_in(editor)
    reviewed = desk.post(reverse("screening:review_recording", args=[recording.pk]))
    heard = held.get(f"{path}sound/")

    assert (unheard[0].status_code, "<audio" in unheard[1]) == (404, False)
    assert reviewed.status_code == 302
    assert (heard.status_code, heard.headers["Content-Type"]) == (200, "audio/ogg")
    assert "<audio" in held.get(path).content.decode()
    recording.refresh_from_db()
    assert recording.reviewed_by == editor
    assert desk.get(reverse("screening:listen", args=[recording.pk])).content == heard.content
    verbs = AuditEvent.objects.filter(object_id=str(recording.pk)).values_list("verb", flat=True)
    assert {*verbs} == {"review_recording", "open_recording"}


def test_nobody_reviews_her_own_recording(screening, editor, signed_in):
    recording = of_asked(screening, added_by=editor)

    signed_in(editor).post(reverse("screening:review_recording", args=[recording.pk]))

    recording.refresh_from_db()
    assert recording.reviewed_by is None


def test_a_recording_is_taken_in_checked_and_removed(version, editor, signed_in):
    desk = signed_in(editor)

    added = add(desk, version)
    again = add(desk, version)
    recording = Recording.objects.get()
    page = desk.get(reverse("screening:recordings", args=[version.pk])).content.decode()
    desk.post(reverse("screening:review_recording", args=[recording.pk]))
    recording.refresh_from_db()

    assert (added.status_code, again.status_code) == (302, 200)
    assert "Being checked" in page
    assert (recording.stored_file.state, recording.reviewed_by) == ("quarantine", None)
    desk.post(reverse("screening:remove_recording", args=[recording.pk]))
    assert not Recording.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "sr"},
        {"indicator": "ILO-CD-01"},
        {"file": SimpleUploadedFile("q.png", b"\x89PNG\r\n\x1a\n", "image/png")},
    ],
)
def test_what_no_client_hears_is_not_taken(version, editor, signed_in, changes):
    assert add(signed_in(editor), version, **changes).status_code == 200
    assert not Recording.objects.exists()


def test_recordings_are_of_one_house_and_its_editors(screening, tablet, signed_in, house):
    recording = of_asked(screening)
    other = signed_in(UserFactory(organization=HouseFactory(), role="coordinator"))
    doors = ["listen", "review_recording", "remove_recording"]

    def told(client):
        return {
            client.post(reverse(f"screening:{door}", args=[recording.pk])).status_code
            if door != "listen"
            else client.get(reverse(f"screening:{door}", args=[recording.pk])).status_code
            for door in doors
        }

    assert (told(other), told(tablet)) == ({404}, {403})
    assert add(tablet, screening.instrument_version).status_code == 403


# In a browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_other_tab_no_storage_and_no_page_before_the_end(
    browser, live_server, tablet, screening
):
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": c.key, "value": c.value, "url": live_server.url} for c in tablet.cookies.values()]
    )
    page, other = context.new_page(), context.new_page()
    other.goto(screening.get_absolute_url())
    page.goto(reverse("screening:hand_over", args=[screening.pk]))
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
