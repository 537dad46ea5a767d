from base64 import b64encode

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from casework.models import Person

# By a moment, a day or a number; and by a text, which can be any.
IN_TIME = [
    "people", "cases", "visits", "services-delivered", "consents", "notes", "referrals",
    "screenings",
]  # fmt: skip
BY_TEXT = ["organizations", "services", "instruments"]
LISTS = [*IN_TIME, *BY_TEXT]
# Places that no row can have: no value of the field, or one that the database does not know.
PLACES = [
    "p=abc",
    "p=%00",
    "p=1e400",
    "p=2026-02-31",
    "p=0001-01-01T00:00:00%2B14:00",
    "p=9999-12-31T23:59:59-23:59",
    "p=2026-11-18T10:00:00%2B23:59",
]


def cursor(told):
    return b64encode(told.encode()).decode()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("resource", IN_TIME)
def test_page_that_begins_nowhere_is_not_there(signed_in, caseworker, resource, place):
    answer = signed_in(caseworker).get(f"/api/v1/{resource}/", {"cursor": cursor(place)})

    assert answer.status_code == 404


@pytest.mark.parametrize("resource", BY_TEXT)
def test_page_that_begins_at_no_text_is_not_there(signed_in, caseworker, resource):
    answer = signed_in(caseworker).get(f"/api/v1/{resource}/", {"cursor": cursor("p=%00")})

    assert answer.status_code == 404


@pytest.mark.parametrize("resource", LISTS)
def test_each_page_leads_to_the_next(signed_in, caseworker, person, resource):
    client = signed_in(caseworker)
    first = client.get(f"/api/v1/{resource}/", {"page_size": 1}).json()

    following = first["next"] and client.get(first["next"])

    if following is None:
        assert len(first["results"]) <= 1
    else:
        told = following.json()
        assert (len(told["results"]), set(told)) == (1, set(first))
        assert told["results"] != first["results"]


@pytest.mark.parametrize("resource", LISTS)
def test_text_that_no_row_can_hold_is_refused(signed_in, caseworker, resource):
    answer = signed_in(caseworker).get(f"/api/v1/{resource}/", {"language": "a\0b"})

    assert answer.status_code == 400
    assert set(answer.json()) == {"type", "code", "detail", "fields"}


BOXES = 100_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b"\xff\xfe",
        b"[" * BOXES,
        b'{"a":' * BOXES,
        b'{"team": 1e400}',
        b'{"team": NaN}',
        b'{"sex": "\\ud800"}',
        b'{"handling_note": "a\\u0000b"}',
    ],
    ids=lambda body: body[:12],
)
def test_body_that_cannot_be_kept_is_refused(signed_in, caseworker, body):
    client = signed_in(caseworker)

    answer = client.post("/api/v1/people/", body, content_type="application/json")

    assert answer.status_code == 400
    assert set(answer.json()) == {"type", "code", "detail", "fields"}
    assert not Person.objects.exists()
    assert not AuditEvent.objects.filter(verb="register_person").exists()


def test_backslash_before_a_zero_is_a_text(signed_in, case, caseworker):
    client = signed_in(caseworker)
    sent = {"case": str(case.pk), "text": r"a path \u0000 as it is written"}

    answer = client.post("/api/v1/notes/", sent, content_type="application/json")

    assert answer.json()["text"] == sent["text"]


def test_body_that_is_too_large_is_refused(signed_in, case, caseworker):
    client = signed_in(caseworker)
    sent = {"case": str(case.pk), "text": "x" * 1_100_000}

    answer = client.post("/api/v1/notes/", sent, content_type="application/json")

    assert answer.status_code == 413


@pytest.mark.parametrize("at", ["0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59:59-12:00"])
def test_moment_at_the_end_of_the_calendar_is_refused(signed_in, person, caseworker, at):
    sent = {"person": str(person.pk), "team": caseworker.teams.get().pk, "at": at}
    sent |= {"language": "fa", "services": ["information"]}

    answer = signed_in(caseworker).post("/api/v1/visits/", sent, content_type="application/json")

    assert answer.status_code == 400
    assert "at" in answer.json()["fields"]


@pytest.mark.django_db
def test_cookie_that_no_browser_sends_is_no_session(client):
    # Sent as it is: some versions of Python refuse to make such a cookie.
    answer = client.get(reverse("home"), HTTP_COOKIE='sid="abcdefgh\\000"')

    assert answer.status_code == 302
