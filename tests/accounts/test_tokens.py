"""A16: a machine's token opens what it names, never an identity, and ends."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.actions.tokens import create_api_token, revoke_api_token
from accounts.models import ApiToken, AuditEvent
from config.api import known_scopes, router
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "Kanarinka"


@pytest.fixture
def token_of():
    """`token_of(user, scopes)`: a client that speaks with a token of this user."""

    def client(user, *scopes, **told):
        made = {"label": "Tests", "days": 30, "known_scopes": known_scopes(), **told}
        token, text = create_api_token(user, scopes=list(scopes), **made)
        client = Client(headers={"authorization": f"Token {text}"})
        client.token = token
        return client

    return client


@pytest.mark.parametrize("prefix", [prefix for prefix, _viewset, _name in router.registry])
def test_A16_each_scope_opens_its_own_resource_alone(token_of, caseworker, case, prefix):
    client = token_of(caseworker, f"{prefix}:read")

    answers = {p: client.get(f"/api/v1/{p}/").status_code for p, _viewset, _name in router.registry}

    assert {p for p, status in answers.items() if p != prefix and status != 403} == set()
    assert answers[prefix] in {200, 403}  # 403 where the caseworker's own roles end


def test_A16_reading_is_not_writing(token_of, caseworker, case):
    reader = token_of(caseworker, "visits:read")
    writer = token_of(caseworker, "visits:write")

    assert reader.get("/api/v1/visits/").status_code == 200
    refused = reader.post("/api/v1/visits/", "{}", content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
    assert writer.get("/api/v1/visits/").status_code == 403
    assert writer.post("/api/v1/visits/", "{}", content_type="application/json").status_code == 400


def test_A16_identity_and_notes_do_not_exist_for_a_token(token_of, caseworker, case):
    factories.PersonIdentityFactory(person=case.person, name=CANARY)
    note = factories.CaseNoteFactory(case=case, text=CANARY)
    every = [scope for scope in sorted(known_scopes()) if scope.endswith(":read")]
    client = token_of(caseworker, *every)

    texts = [client.get(f"/api/v1/{p}/").text for p, _viewset, _name in router.registry]
    texts += [client.get(f"/api/v1/people/{case.person.pk}/").text]
    texts += [client.get(f"/api/v1/cases/{case.pk}/").text]

    assert [text for text in texts if CANARY in text] == []
    assert client.get(f"/api/v1/notes/{note.pk}/").status_code == 404


def test_A16_a_token_opens_no_page(token_of, caseworker, case):
    client = token_of(caseworker, *sorted(known_scopes()))

    assert client.get("/").status_code == 302
    assert client.get(case.get_absolute_url()).status_code == 302


def test_A16_ended_token_is_refused(token_of, caseworker):
    client = token_of(caseworker, "visits:read", days=1)
    assert client.get("/api/v1/visits/").status_code == 200

    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        late = client.get("/api/v1/visits/")
    revoke_api_token(client.token, actor=caseworker)
    revoked = client.get("/api/v1/visits/")

    assert (late.status_code, revoked.status_code) == (401, 401)
    assert late.json() == revoked.json()


@pytest.mark.parametrize(("network", "status"), [("127.0.0.1", 200), ("10.0.0.0/8", 401)])
def test_A16_other_address_is_refused(token_of, caseworker, network, status):
    client = token_of(caseworker, "visits:read", addresses=[network])

    assert client.get("/api/v1/visits/").status_code == status


@pytest.mark.parametrize("word", ["Token", "Token x", "Token x y", "Token \u0111", "Basic eDp4"])
def test_A16_nonsense_is_refused(client, word):
    response = client.get(
        "/api/v1/visits/", headers={"authorization": word.encode().decode("latin1")}
    )

    assert response.status_code == 401


def test_A16_whoever_left_takes_her_tokens_along(token_of, caseworker):
    client = token_of(caseworker, "visits:read")
    caseworker.is_active = False
    caseworker.save()

    assert client.get("/api/v1/visits/").status_code == 401


def test_api_limit_is_counted_for_the_account(token_of, caseworker, settings):
    settings.LIMITS = settings.LIMITS | {"api": (2, 60)}
    client = token_of(caseworker, "visits:read")

    statuses = [client.get("/api/v1/visits/").status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_only_the_hash_is_kept(caseworker):
    token, text = create_api_token(
        caseworker, label="x", scopes=["visits:read"], days=1, known_scopes=known_scopes()
    )

    assert text not in json.dumps(ApiToken.objects.values().get(pk=token.pk), default=str)
    assert AuditEvent.objects.filter(verb="create_api_token").count() == 1


def test_use_is_marked_by_day(token_of, caseworker):
    client = token_of(caseworker, "visits:read")

    client.get("/api/v1/visits/")

    assert ApiToken.objects.get(pk=client.token.pk).last_used_on == timezone.localdate()


def test_colleague_cannot_end_a_token(token_of, caseworker, colleague):
    client = token_of(caseworker, "visits:read")

    with pytest.raises(PermissionDenied):
        revoke_api_token(client.token, actor=colleague)

    assert client.get("/api/v1/visits/").status_code == 200


# Whose care


TOKENS = "/settings/tokens/"


def test_a_token_of_another_house_is_neither_listed_nor_ended(signed_in, admin, house):
    ours = factories.ApiTokenFactory(organization=house, label="Ours")
    outside = factories.OrganizationFactory()
    of_partner = factories.ApiTokenFactory(organization=outside, label="Of a partner")
    theirs = factories.ApiTokenFactory(label="Theirs")
    browser = signed_in(admin)

    page = browser.get(TOKENS)
    answers = [browser.post(f"{TOKENS}{t.pk}/end/") for t in (ours, of_partner, theirs)]

    assert {token.label for token in page.context["tokens"]} == {"Ours", "Of a partner"}
    assert [answer.status_code for answer in answers] == [302, 302, 404]
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    with pytest.raises(PermissionDenied):
        revoke_api_token(theirs, actor=admin)


def test_the_list_of_tokens_costs_the_same_with_one_and_with_three(
    signed_in, admin, house, django_assert_num_queries
):
    browser = signed_in(admin)

    def cost():
        factories.ApiTokenFactory(organization=house)
        browser.get(TOKENS)
        with django_assert_num_queries(8):
            browser.get(TOKENS)

    cost()
    cost()
    cost()


def test_database_keeps_no_token_without_end(token_of, caseworker):
    client = token_of(caseworker, "visits:read")

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=client.token.pk).update(expiry=None)


# The command


def created(*arguments):
    out = StringIO()
    call_command("create_api_token", *arguments, stdout=out)
    return out.getvalue()


def test_command_prints_a_token_that_works(caseworker):
    text = created(caseworker.username, "--scope", "visits:read", "--days", "3").strip()
    told = json.loads(
        created(caseworker.username, "--scope", "visits:read,cases:read", "--days", "3", "--json")
    )

    for token in (text, told["token"]):
        client = Client(headers={"authorization": f"Token {token}"})
        assert client.get("/api/v1/visits/").status_code == 200
    assert ApiToken.objects.get(id=told["id"]).scopes == ["cases:read", "visits:read"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", "--scope", "visits:read", "--days", "3"], "no such login"),
        (["{login}", "--scope", "visits:steal", "--days", "3"], "Unknown scope: visits:steal"),
        (["{login}", "--scope", ",", "--days", "3"], "at least one scope"),
        (["{login}", "--scope", "visits:read", "--days", "91"], "from 1 to 90 days"),
        (["{login}", "--scope", "visits:read", "--days", "0"], "from 1 to 90 days"),
        (
            ["{login}", "--scope", "visits:read", "--days", "1", "--address", "home"],
            "home is no address",
        ),
    ],
)
def test_command_refuses_with_a_sentence(caseworker, arguments, words):
    told = [argument.format(login=caseworker.username) for argument in arguments]

    with pytest.raises(CommandError, match=words):
        created(*told)

    assert ApiToken.objects.count() == 0
