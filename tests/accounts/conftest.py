"""People with real passwords and second steps, and the way they sign in."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from accounts import factors
from accounts.actions import accept_agreement
from accounts.models import Agreement
from tests import factories
from tests.accounts.passkeys import SoftPasskey

PASSWORD = "three quiet rivers under ice"  # of an invented person
SECRET = generate_totp_secret()


class Visitor(Client):
    """Somebody at the door."""

    def sign_in(self, user, password=PASSWORD, **extra):
        return self.post("/login/", {"login": user.username, "password": password}, **extra)

    def give_code(self, code, **extra):
        return self.post("/login/code/", {"code": code}, **extra)

    def give_passkey(self, passkey, path="/login/passkey/", **spoiled):
        options = self.get(path).json()["request_options"]
        return self.post(path, {"credential": passkey.get(options, **spoiled)})

    def passkey_options(self, path):
        """What a page tells a passkey to sign."""
        page = self.get(path).content.decode()
        found = re.search(r'id="passkey-options" type="application/json">(.*?)</script>', page)
        return json.loads(found[1])

    @property
    def is_in(self):
        return self.get("/notices/").status_code == 200


@pytest.fixture
def visitor():
    return Visitor()


@pytest.fixture
def known(db):
    """`known(user)`: she has a password and agreed to everything."""

    def prepare(user):
        user.set_password(PASSWORD)
        user.save()
        for agreement in Agreement.objects.current():
            accept_agreement(agreement, actor=user)
        return user

    return prepare


@pytest.fixture
def worker(caseworker, known):
    """A caseworker with a password, an app and a passkey."""
    known(caseworker)
    Authenticator.objects.create(
        user=caseworker,
        type=Authenticator.Type.TOTP,
        data={"secret": factors.seal_secret(SECRET)},
    )
    return caseworker


def code_of(secret=SECRET, step=0):
    """The code that the app shows now, or `step` steps away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


@pytest.fixture
def passkey_of():
    """`passkey_of(browser)`: a passkey made by whoever is signed in there."""

    def make(browser):
        passkey = SoftPasskey()
        path = "/settings/security/passkey/"
        options = Visitor.passkey_options(browser, path)["creation_options"]
        answer = browser.post(path, {"name": "Blue key", "credential": passkey.create(options)})
        assert answer.status_code == 302, answer.content.decode()
        return passkey

    return make


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that were hashed, by what library; nothing of ours is replaced."""
    counted = []
    for name in ("encode", "verify"):
        original = getattr(Argon2PasswordHasher, name)

        def counting(self, *args, _original=original, **kwargs):
            counted.append(len(args[0]))
            return _original(self, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counting)
    return counted


@pytest.fixture
def newcomer(known, house, team):
    """A caseworker with a password and nothing else."""
    return known(
        factories.UserFactory(organization=house, teams=[team], role="caseworker", name="New Comer")
    )
