"""Wishes for talks and ways of contact in the API."""

import json

import pytest

from accounts.models import AuditEvent
from casework.models import ContactRule, TalkWish
from tests import factories

API = "/api/v1"


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def send(client, path, **body):
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


def test_wish_is_added_and_the_one_that_was_read_makes_way(desk, caseworker, person):
    first = factories.TalkWishFactory(person=person)
    wished = {"interpreter_gender": "female", "by_phone_only": True, "dialect": "tehrani"}

    late = send(desk, "/talk-wishes/", person=str(person.pk), **wished)
    made = send(desk, "/talk-wishes/", person=str(person.pk), replaces=str(first.pk), **wished)

    assert (late.status_code, made.status_code) == (409, 201)
    told = made.json()
    assert {name: told[name] for name in wished} == wished
    assert TalkWish.objects.standing().get().pk == TalkWish.objects.get(pk=told["id"]).pk
    assert AuditEvent.objects.get(verb="record_talk_wish").actor == caseworker


def test_rule_is_added_and_never_tells_the_words_to_say(desk, case):
    person = case.person
    words = {"data_key": person.data_key, "cover_name": "Bakery", "safe_word": "Blue coat"}
    stands = factories.ContactRuleFactory(person=person, channel="call", **words)
    said = {"channel": "call", "is_safe": "yes", "days": [0, 4], "since": "09:00:00"}
    said |= {"until": "12:00:00", "answered_by": "herself", "may_leave_message": False}

    made = send(desk, "/contact-rules/", person=str(person.pk), replaces=str(stands.pk), **said)
    listed = desk.get(f"{API}/contact-rules/?person={person.pk}")

    assert made.status_code == 201
    told = made.json()
    assert {name: told[name] for name in said} == said
    for answer in (made, listed):
        assert "Bakery" not in answer.text
        assert "Blue coat" not in answer.text
    rule = ContactRule.objects.standing().select_related("data_key").get()
    assert (rule.cover_name, rule.safe_word) == ("Bakery", "Blue coat")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/contact-rules/", {"channel": "call", "is_safe": "no", "days": [1]}, "is_safe"),
        ("/contact-rules/", {"channel": "call", "is_safe": "yes", "days": [7]}, "days"),
        ("/talk-wishes/", {"dialect": "levantine"}, "dialect"),
    ],
)
def test_what_cannot_be_is_said_by_field(desk, person, path, body, field):
    answer = send(desk, path, person=str(person.pk), **body)

    assert (answer.status_code, field in answer.json()["fields"]) == (400, True)


@pytest.mark.parametrize("path", ["/contact-rules/", "/talk-wishes/"])
def test_strangers_and_those_without_the_function_add_nothing(
    signed_in, stranger, director, person, path
):
    body = {"person": str(person.pk), "channel": "call", "is_safe": "no"}

    assert send(signed_in(stranger), path, **body).status_code == 400
    assert send(signed_in(director), path, **body).status_code == 403
    assert (ContactRule.objects.count(), TalkWish.objects.count()) == (0, 0)


def test_interpreter_of_another_house_is_not_asked_for(desk, person):
    other = factories.InterpreterFactory()

    answer = send(desk, "/talk-wishes/", person=str(person.pk), interpreter=str(other.pk))

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["interpreter"])
