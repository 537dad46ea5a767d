"""Sessions: fixed, idle, locked, ended; what was typed is kept."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings as conf
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.engine import SessionStore, digest
from accounts.models import AuditEvent, Draft, KnownDevice, Notice, Session
from tests import factories

PASSWORD = "a long sentence for the tests"
LOCK = "/settings/lock/"
UNLOCK = "/settings/lock/open/"
STATE = "/settings/lock/state/"
BACKGROUND = {"X-Background": "1"}


@pytest.fixture
def known(caseworker):
    """The caseworker, with a password that the tests know."""
    caseworker.set_password(PASSWORD)
    caseworker.save()
    return caseworker


def key_of(client):
    return client.cookies[conf.SESSION_COOKIE_NAME].value


def row_of(client):
    return Session.objects.get(digest=digest(key_of(client)))


def leave_alone(client, **time_passed):
    """Nobody touched this session for so long."""
    row = row_of(client)
    back = timedelta(**time_passed)
    Session.objects.filter(pk=row.pk).update(last_used_at=row.last_used_at - back)


def sign_in(client, user, path="/login/"):
    return client.post(path, {"login": user.username, "password": PASSWORD})


def is_open(client):
    return client.get("/").status_code == 200


def waits(client):
    answer = client.get("/")
    return answer.status_code == 302 and answer.headers["Location"].startswith(LOCK)


def is_signed_out(client):
    answer = client.get("/")
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login/")


# B03


def test_B03_key_planted_before_signing_in_is_worth_nothing(client, known):
    client.get("/login/")
    planted = SessionStore()
    planted["planted"] = "yes"
    planted.save()
    client.cookies[conf.SESSION_COOKIE_NAME] = planted.session_key

    sign_in(client, known)

    # Nothing else opens before a second step is set up.
    assert client.get("/settings/security/").status_code == 200
    assert key_of(client) != planted.session_key
    thief = Client()
    thief.cookies[conf.SESSION_COOKIE_NAME] = planted.session_key
    assert is_signed_out(thief)


def test_B03_key_changes_with_each_confirmation_and_the_old_one_is_dead(signed_in, known):
    client = signed_in(known, fresh=False)
    old = key_of(client)

    client.post("/reauthenticate/", {"way": "password", "password": PASSWORD})

    thief = Client()
    thief.cookies[conf.SESSION_COOKIE_NAME] = old
    assert is_signed_out(thief)
    assert is_open(client)
    assert key_of(client) != old


def test_B03_key_changes_when_a_waiting_session_is_opened(signed_in, known):
    client = signed_in(known)
    old = key_of(client)
    client.post(LOCK)

    client.post(UNLOCK, {"password": PASSWORD})

    assert key_of(client) != old
    assert is_open(client)


def test_key_is_stored_as_its_hash_only(signed_in, caseworker):
    client = signed_in(caseworker)

    row = row_of(client)

    assert key_of(client) not in f"{row.digest}{row.data}{row.pk}"


def test_key_that_nobody_gave_out_is_not_taken(client, known):
    client.cookies[conf.SESSION_COOKIE_NAME] = "a" * 32

    sign_in(client, known)

    assert key_of(client) != "a" * 32


# B15


@pytest.mark.parametrize(
    ("person", "minutes"),
    [("caseworker", 30), ("coordinator", 20), ("dpo", 20), ("partner", 15), ("admin", 30)],
)
def test_B15_session_left_alone_waits_exactly_at_its_time(signed_in, request, person, minutes):
    client = signed_in(request.getfixturevalue(person))
    leave_alone(client, minutes=minutes, seconds=-30)
    assert client.get("/settings/").status_code == 200

    leave_alone(client, minutes=minutes)

    assert waits(client)


@pytest.mark.parametrize(
    ("person", "hours"), [("caseworker", 10), ("coordinator", 10), ("partner", 1)]
)
def test_B15_session_is_over_at_its_time_whatever_was_done(signed_in, request, person, hours):
    client = signed_in(request.getfixturevalue(person))
    row = row_of(client)
    assert row.ends_at - row.begun_at == timedelta(hours=hours)

    client.get("/settings/")
    client.post("/settings/theme/", {"theme": "dark"})
    assert row_of(client).ends_at == row.ends_at

    Session.objects.filter(pk=row.pk).update(ends_at=timezone.now())
    assert is_signed_out(client)


def test_B15_several_roles_have_the_strictest_time(house, signed_in):
    user = factories.UserFactory(organization=house, role="caseworker")
    factories.RoleAssignment.objects.create(
        user=user, role_id="coordinator", starts_on="2026-01-01"
    )

    assert row_of(signed_in(user)).idle_seconds == 20 * 60


def test_B15_background_asking_does_not_keep_a_session(signed_in, caseworker):
    client = signed_in(caseworker)
    leave_alone(client, minutes=29)
    before = row_of(client).last_used_at

    client.get("/settings/", headers=BACKGROUND)
    client.get(STATE, headers=BACKGROUND)

    assert row_of(client).last_used_at == before


def test_B15_what_a_person_does_keeps_it(signed_in, caseworker):
    client = signed_in(caseworker)
    leave_alone(client, minutes=29)

    client.get(STATE)

    assert timezone.now() - row_of(client).last_used_at < timedelta(minutes=1)


def test_B15_touch_costs_no_write_within_a_minute(signed_in, caseworker):
    client = signed_in(caseworker)
    before = row_of(client).last_used_at

    client.get("/settings/")

    assert row_of(client).last_used_at == before


def test_B15_confirmation_is_too_old_after_five_minutes(signed_in, admin, settings):
    client = signed_in(admin)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 299}]
    session.save()
    assert client.get("/settings/emergency/").status_code == 200

    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 301}]
    session.save()

    answer = client.get("/settings/emergency/")
    assert answer.headers["Location"] == "/reauthenticate/?next=%2Fsettings%2Femergency%2F"


def test_B15_clock_of_a_test_installation_runs_faster(signed_in, caseworker, settings):
    settings.CLOCK_FACTOR = 600

    row = row_of(signed_in(caseworker))

    assert (row.idle_seconds, row.ends_at - row.begun_at) == (3, timedelta(seconds=60))


def test_B15_form_that_meets_a_waiting_session_is_kept_and_sent_again(signed_in, known):
    client = signed_in(known)
    leave_alone(client, hours=1)
    answer = client.post("/settings/theme/?a=1", {"theme": "dark", "next": "/people/?b=2"})
    known.refresh_from_db()
    assert known.theme == "system"
    draft = parse_qs(urlsplit(answer.headers["Location"]).query)["draft"][0]

    opened = client.post(UNLOCK, {"password": PASSWORD, "draft": draft})

    assert opened.headers["Location"] == f"/settings/kept/{draft}/"
    page = client.get(opened.headers["Location"])
    kept = page.context["kept"]
    assert kept.path == "/settings/theme/?a=1"
    assert dict(kept.fields) == {"theme": "dark", "next": "/people/?b=2"}
    client.post(kept.path, dict(kept.fields))
    known.refresh_from_db()
    assert known.theme == "dark"


def test_B15_kept_form_is_sealed_and_its_secrets_are_left_out(signed_in, known):
    client = signed_in(known)
    client.post(LOCK)
    client.post("/settings/theme/", {"note": "Ana Marija", "password": "hunter", "new_code": "123"})

    draft = Draft.objects.get()

    stored = bytes(draft.sealed) + bytes(draft.wrapped_key)
    assert b"Ana" not in stored
    assert b"Ana Marija" in draft.open()
    assert b"hunter" not in draft.open()
    assert b"123" not in draft.open()


def test_B15_kept_form_is_there_for_its_session_only(signed_in, known, colleague):
    client = signed_in(known)
    client.post(LOCK)
    client.post("/settings/theme/", {"theme": "dark"})
    path = reverse("accounts:kept", args=[Draft.objects.get().pk])

    assert signed_in(colleague).get(path).status_code == 404
    assert signed_in(known).get(path).status_code == 404
    assert signed_in(known).get(reverse("accounts:kept", args=[uuid4()])).status_code == 404


def test_B15_kept_form_ends_with_its_time_and_can_be_forgotten(signed_in, known):
    client = signed_in(known)
    client.post(LOCK)
    client.post("/settings/theme/", {"theme": "dark"})
    client.post("/settings/theme/", {"theme": "dim"})
    client.post(UNLOCK, {"password": PASSWORD})
    first, second = Draft.objects.all()
    Draft.objects.filter(pk=first.pk).update(ends_at=timezone.now())

    assert client.get(reverse("accounts:kept", args=[first.pk])).status_code == 404
    client.post(reverse("accounts:kept", args=[second.pk]))
    assert list(Draft.objects.all()) == [first]
    actions.sweep_sessions()
    assert not Draft.objects.exists()


# Waiting


def test_hidden_screen_waits_for_its_owner(signed_in, known):
    client = signed_in(known)

    answer = client.post(LOCK, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert waits(client)
    assert client.get(STATE, headers=BACKGROUND).json() == {"locked": True}
    assert AuditEvent.objects.filter(verb="lock_session", actor=known).count() == 1


def test_waiting_session_shows_nothing_to_scripts_either(signed_in, known):
    client = signed_in(known)
    client.post(LOCK)

    api = client.get("/api/v1/people/")
    fragment = client.post(reverse("casework:find"), {"q": "7KM"}, headers={"HX-Request": "true"})

    assert (api.status_code, api.json()["code"]) == (403, "locked")
    assert (fragment.status_code, fragment.headers["X-Locked"]) == (403, "locked")
    assert not Draft.objects.exists()


def test_wrong_password_opens_nothing_and_is_counted(signed_in, known):
    client = signed_in(known)
    client.post(LOCK)

    answers = [client.post(UNLOCK, {"password": "wrong"}) for _ in range(5)]
    late = client.post(UNLOCK, {"password": PASSWORD})

    assert {a.status_code for a in answers} == {400}
    assert late.status_code == 400
    assert waits(client)


def test_locking_twice_at_once_is_one_lock(signed_in, known):
    client = signed_in(known)
    row = row_of(client)

    actions.lock_session(row, actor=known)
    actions.lock_session(row, actor=known)

    assert AuditEvent.objects.filter(verb="lock_session").count() == 1


def test_touch_of_a_request_in_flight_does_not_open_a_locked_session(signed_in, known):
    client = signed_in(known)
    in_flight = row_of(client)
    actions.lock_session(row_of(client), actor=known)

    actions.sessions.touch(in_flight, timezone.now())

    assert waits(client)


def test_lock_page_of_an_open_session_leads_on(signed_in, known):
    client = signed_in(known)

    assert client.get(f"{LOCK}?next=/people/").headers["Location"] == "/people/"
    assert client.get(f"{LOCK}?next=//evil.example/").headers["Location"] == "/"


# Ended


def test_session_that_was_ended_is_not_written_back(signed_in, known):
    client = signed_in(known)
    in_flight = SessionStore(key_of(client))
    in_flight["said"] = "meanwhile"

    actions.end_all_sessions(known, actor=known, reason="test")

    with pytest.raises(UpdateError):
        in_flight.save()
    assert not Session.objects.filter(user=known).exists()
    assert is_signed_out(client)


def test_session_begun_with_an_older_epoch_is_dead_though_its_row_is_there(signed_in, known):
    client = signed_in(known)
    type(known).objects.filter(pk=known.pk).update(auth_epoch=7)

    assert is_signed_out(client)


def test_signing_out_empties_the_cache_and_the_way_back_shows_nothing(signed_in, known):
    client = signed_in(known)
    page = client.get("/")

    answer = client.post("/logout/")

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert page.headers["Cache-Control"] == "no-store"
    assert is_signed_out(client)
    assert not Session.objects.filter(user=known).exists()


def test_new_device_is_told_to_its_owner_once(client, known):
    sign_in(client, known)
    client.post("/logout/")
    sign_in(client, known)
    assert KnownDevice.objects.filter(user=known).count() == 1
    assert not Notice.objects.exists()

    other = Client(headers={"User-Agent": "Mozilla/5.0 (Android 14) Firefox/140.0"})
    sign_in(other, known)

    assert list(Notice.objects.values_list("code", flat=True)) == ["new_device"]
    assert AuditEvent.objects.filter(verb="sign_in_on_new_device").count() == 2
    assert row_of(other).device == "Firefox|Android"


def test_session_costs_one_query_and_its_user_another(
    signed_in, caseworker, django_assert_num_queries
):
    client = signed_in(caseworker)

    # Two of four: the others begin and end the transaction.
    with django_assert_num_queries(4):
        client.get(STATE, headers=BACKGROUND)


def test_expired_sessions_are_swept(signed_in, caseworker):
    client = signed_in(caseworker)
    Session.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    actions.sweep_sessions()

    assert not Session.objects.exists()
    assert is_signed_out(client)


def test_page_that_asks_anew_is_shown_and_says_what_was_wrong(signed_in, known):
    client = signed_in(known, fresh=False)
    asked = client.get("/reauthenticate/", {"next": "/people/"})
    assert asked.status_code == 200

    wrong = client.post("/reauthenticate/", {"way": "password", "password": "no", "next": "/"})
    right = client.post(
        "/reauthenticate/", {"way": "password", "password": PASSWORD, "next": "/people/"}
    )

    assert wrong.status_code == 400
    assert right.headers["Location"] == "/people/"


def test_page_that_asks_anew_counts_the_tries(signed_in, known):
    client = signed_in(known, fresh=False)
    for _ in range(5):
        client.post("/reauthenticate/", {"way": "password", "password": "no"})

    late = client.post("/reauthenticate/", {"way": "password", "password": PASSWORD})

    assert late.status_code == 429
    assert client.get("/settings/emergency/").status_code == 403


# The end that no touch puts off


@pytest.mark.parametrize(("minutes", "is_said"), [(16, False), (14, True)])
def test_a_session_says_in_its_last_quarter_of_an_hour_that_it_ends(
    signed_in, caseworker, minutes, is_said
):
    client = signed_in(caseworker)
    ends_at = timezone.now() + timedelta(minutes=minutes)
    Session.objects.filter(user=caseworker).update(ends_at=ends_at)

    page = client.get("/settings/").text

    banner = page.partition("data-session-end")[2].partition("</div>")[0]
    assert f"You are signed out at {timezone.localtime(ends_at):%H:%M}." in banner
    assert ("hidden" not in banner.partition(">")[0]) == is_said


@pytest.mark.usefixtures("caseworker")
def test_who_is_not_signed_in_reads_of_no_end(client):
    assert "data-session-end" not in client.get("/login/").text
