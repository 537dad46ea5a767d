"""Single sign-on against a provider that runs in a process of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from accounts.actions import ask_for_reset, change_email
from accounts.models import AuditEvent, PasswordReset, User
from tests.accounts.conftest import PASSWORD, Visitor, code_of

pytestmark = pytest.mark.django_db
CONFIRM = reverse("account_reauthenticate")
PEOPLE = [
    {"sub": "known", "email": "Known@example.org", "email_verified": True},
    {"sub": "unknown", "email": "unknown@example.org", "email_verified": True},
    {"sub": "claims", "email": "known@example.org", "email_verified": False},
]


def free_port():
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        return here.getsockname()[1]


@pytest.fixture(scope="module")
def server():
    """The address of a provider that knows PEOPLE."""
    port = free_port()
    people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    process = subprocess.Popen(  # noqa: S603  # a program of ours
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not answers(address):
        assert process.poll() is None
    yield address
    process.terminate()
    process.wait(timeout=20)


def answers(address):
    try:
        url = f"{address}/.well-known/openid-configuration"
        with urllib.request.build_opener().open(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        time.sleep(0.1)
        return False


@pytest.fixture
def provider(server, settings):
    settings.OUTGOING_HOSTS = ["127.0.0.1"]
    settings.OIDC_NAME = "Our cloud"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "Our cloud",
                    "client_id": "casework",
                    "secret": "of-a-test",
                    "settings": {"server_url": server},
                }
            ],
        }
    }
    return server


@pytest.fixture
def of_the_cloud(worker):
    worker.email = "known@example.org"
    worker.save()
    return worker


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def agree_there(address, subject):
    """Say yes on the provider's page; returns the address that it sends back to."""
    data = urlencode({"sub": subject}).encode()
    try:
        urllib.request.build_opener(NoRedirect).open(address, data, timeout=20)
    except urllib.error.HTTPError as sent:
        return sent.headers["Location"]
    raise AssertionError("The provider did not send back.")


def go_around(browser, subject):
    """From the button to the provider and back; returns the last answer."""
    leaving = browser.post("/login/sso/")
    assert leaving.status_code == 302, leaving.content.decode()
    back = urlsplit(agree_there(leaving.headers["Location"], subject))
    assert (back.hostname, back.path) == ("testserver", "/login/sso/back/")
    return browser.get(f"{back.path}?{back.query}")


@pytest.fixture
def linked(provider, of_the_cloud):
    """Somebody who linked the login `known` to her account."""
    browser = Visitor()
    browser.sign_in(of_the_cloud)
    browser.give_code(code_of())
    go_around(browser, "known")
    return of_the_cloud


def test_without_a_provider_there_is_no_door(caseworker, visitor):
    page = visitor.get("/login/").content.decode()

    assert "/login/sso/" not in page
    assert visitor.post("/login/sso/").status_code == 404
    assert visitor.get("/login/sso/back/").status_code == 404


def test_who_linked_her_login_gets_to_her_second_step(linked, visitor):
    assert "Sign in with Our cloud" in visitor.get("/login/").content.decode()

    answer = go_around(visitor, "known")

    assert answer.headers["Location"] == "/login/code/"
    assert not visitor.is_in
    visitor.give_code(code_of(step=1))
    assert visitor.is_in
    assert SocialAccount.objects.get().user == linked
    told = AuditEvent.objects.filter(actor=linked, verb="link_login")
    assert told.count() == 1


@pytest.mark.usefixtures("provider")
def test_an_address_links_nothing(of_the_cloud, visitor):
    answer = go_around(visitor, "known")

    assert answer.headers["Location"] == "/login/"
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("proof", ["old", "of_the_provider"])
def test_nothing_is_linked_without_a_second_step_of_her_own_just_now(
    of_the_cloud, signed_in, proof
):
    browser = signed_in(of_the_cloud, fresh=proof != "old")
    if proof == "of_the_provider":
        session = browser.session
        told = [{"method": "mfa", "at": time.time(), "type": "provider"}]
        session["account_authentication_methods"] = told
        session.save()

    answer = browser.post("/login/sso/")

    assert answer.headers["Location"].startswith(CONFIRM)
    assert not SocialAccount.objects.exists()


def test_the_login_of_another_is_not_taken_over(linked, newcomer, signed_in):
    go_around(signed_in(newcomer), "known")

    assert SocialAccount.objects.get().user == linked


def test_a_new_address_ends_linked_logins_and_links_under_way(linked, admin, visitor):
    ask_for_reset(username=linked.username)

    change_email(linked, email="elsewhere@example.org", actor=admin)

    assert not SocialAccount.objects.exists()
    assert not PasswordReset.objects.filter(used_at=None).exists()
    assert go_around(visitor, "known").headers["Location"] == "/login/"


def test_a_password_is_no_step_up_for_who_came_by_another_login(linked, visitor):
    Authenticator.objects.filter(user=linked).delete()
    go_around(visitor, "known")

    page = visitor.get(CONFIRM)
    visitor.post(CONFIRM, {"way": "password", "password": PASSWORD})

    assert page.context["form"] is None
    assert "sign in with your password and set one up" in page.text
    passkey = visitor.get("/settings/security/passkey/")
    assert passkey.headers["Location"].startswith(CONFIRM)


def test_the_page_of_ways_in_says_whether_a_login_is_linked(linked, signed_in):
    assert "You can sign in this way. " in signed_in(linked).get("/settings/security/").text


def test_the_next_time_the_subject_counts_not_the_address(linked):
    linked.email = "changed@example.org"
    linked.save()

    answer = go_around(Visitor(), "known")

    assert answer.headers["Location"] == "/login/code/"


@pytest.mark.usefixtures("provider", "of_the_cloud")
@pytest.mark.parametrize("subject", ["unknown", "claims"])
def test_nobody_comes_in_who_is_not_known_or_only_claims_to_be(subject, visitor):
    before = User.objects.count()

    answer = go_around(visitor, subject)

    assert answer.headers["Location"] == "/login/"
    assert not visitor.is_in
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_without_a_second_step_only_its_page_opens(linked, visitor):
    Authenticator.objects.filter(user=linked).delete()

    go_around(visitor, "known")

    assert visitor.get("/").headers["Location"] == "/settings/security/"


def test_who_left_does_not_come_in(linked, visitor):
    linked.is_active = False
    linked.save()

    go_around(visitor, "known")
    visitor.give_code(code_of(step=1))

    assert not visitor.is_in


@pytest.mark.usefixtures("provider", "of_the_cloud")
def test_a_host_that_is_not_allowed_is_not_spoken_to(visitor, settings):
    settings.OUTGOING_HOSTS = []

    answer = visitor.post("/login/sso/")

    assert answer.headers["Location"] == "/login/"


@pytest.mark.usefixtures("provider", "of_the_cloud")
def test_an_answer_that_nobody_asked_for_is_refused(visitor):
    stranger = Visitor()
    leaving = stranger.post("/login/sso/").headers["Location"]
    back = urlsplit(agree_there(leaving, "known"))

    visitor.get(f"{back.path}?{back.query}")

    assert parse_qs(back.query)["state"]
    assert not visitor.is_in
    assert visitor.session.get("account_login") is None
