"""A passkey in a real browser, with the authenticator that the browser simulates."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser, live_server):
    """A page whose browser has an authenticator; it collects what the browser complains about."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.set_verified = lambda is_it: devices.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": made["authenticatorId"], "isUserVerified": is_it},
    )
    yield page
    context.close()


def sign_in(page, user):
    page.goto("/login/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def add_passkey(page):
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/settings/security/codes/")


def test_a_passkey_is_set_up_and_signs_in_alone(page, newcomer):
    sign_in(page, newcomer)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    add_passkey(page)
    page.get_by_role("button", name="Show ten codes").click()
    assert len(re.findall(r"\b\d{5} \d{5}\b", page.inner_text("main"))) == 10
    page.get_by_role("link", name="I have written them down").click()
    page.wait_for_url("**/")

    page.goto("/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(re.compile(r"/$"))
    expect(page).not_to_have_url(re.compile("login"))
    assert page.complaints == []
    assert Authenticator.objects.get(user=newcomer, type="webauthn").data["counter"] > 0


def test_a_passkey_is_the_second_step_after_a_password(page, newcomer):
    sign_in(page, newcomer)
    add_passkey(page)
    page.context.clear_cookies()

    sign_in(page, newcomer)
    page.wait_for_url("**/login/code/")
    page.get_by_role("button", name="Use your passkey").click()

    page.wait_for_url(re.compile(r"localhost:\d+/$"))
    assert page.complaints == []


def test_a_passkey_that_was_not_used_says_so_and_leaves_the_other_way_open(page, newcomer):
    sign_in(page, newcomer)
    add_passkey(page)
    page.context.clear_cookies()
    page.set_verified(False)

    page.goto("/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("The passkey was not used")).to_be_visible()
    expect(page.get_by_role("button", name="Continue")).to_be_enabled()
