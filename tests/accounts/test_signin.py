"""Signing in: passwords, limits, second steps. Numbers are those of the list of checks."""

import re
import unicodedata
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from accounts import factors
from accounts.actions import end_all_sessions, make_recovery_codes, note_unfinished_steps
from accounts.management.commands.list_routes import routes
from accounts.models import AuditEvent, HalfSignIn, Notice
from tests import factories
from tests.accounts.conftest import PASSWORD, SECRET, Visitor, code_of
from tests.accounts.passkeys import SoftPasskey
from tests.accounts.test_limits import age
from tests.test_routes import METHODS, address

pytestmark = pytest.mark.django_db
CLOSED = [r for r in routes() if r.policy != "public"]
HERE, ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}, {"REMOTE_ADDR": "203.0.113.9"}


def verbs(**told):
    return list(AuditEvent.objects.filter(**told).order_by("pk").values_list("verb", flat=True))


# B01, B02


ENROLMENT = {
    "accounts:security",
    "accounts:add_passkey",
    "accounts:add_app",
    "accounts:recovery_codes",
}
BESIDE = {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "accounts:lock",
    "accounts:lock_state",
    "accounts:unlock",
    "accounts:theme",
}


def test_B01_without_a_second_step_only_its_page_opens(newcomer, visitor):
    visitor.sign_in(newcomer)

    opened = {}
    for route in CLOSED:
        if route.name in ENROLMENT | BESIDE:
            continue
        answer = visitor.get(address(route))
        leads = answer.headers.get("Location", "")
        if not (leads == "/settings/security/" or answer.status_code in {401, 403}):
            opened[route.path] = (answer.status_code, leads)

    assert opened == {}
    page = visitor.get("/settings/security/")
    assert page.status_code == 200
    assert "Set up your second step" in page.content.decode()


def test_B01_with_the_first_factor_the_rest_opens(newcomer, visitor, passkey_of):
    visitor.sign_in(newcomer)

    passkey_of(visitor)

    assert visitor.is_in


def test_only_the_demo_goes_without_a_second_step(newcomer, visitor, settings):
    settings.DEMO = True

    visitor.sign_in(newcomer)

    assert visitor.is_in


@pytest.mark.parametrize("role", ["coordinator", "admin", "dpo"])
def test_B01_who_sees_more_needs_two_factors_and_one_passkey(role, request, known, passkey_of):
    user = known(request.getfixturevalue(role))
    browser = Visitor()
    browser.sign_in(user)

    passkey_of(browser)
    after_one = browser.is_in
    passkey_of(browser)

    assert (after_one, browser.is_in) == (False, True)


def test_B02_after_the_password_alone_nothing_opens(worker, visitor):
    answer = visitor.sign_in(worker)
    assert answer.headers["Location"] == "/login/code/"

    opened = [
        route.path
        for route in CLOSED
        for method in ("get", "post")
        if getattr(visitor, method)(address(route)).status_code not in {302, 401, 403, 405}
    ]

    assert opened == []
    assert visitor.get("/").headers["Location"].startswith("/login/")


def test_B02_an_unfinished_step_is_told_to_the_owner_and_forgotten(worker, visitor):
    visitor.sign_in(worker)
    session = visitor.session
    session["account_login"] = {**session["account_login"], "initiated_at": 1}
    session.save()
    HalfSignIn.objects.update(at="2026-01-01T00:00:00Z")

    note_unfinished_steps()

    assert Notice.objects.filter(user=worker, code="unfinished_sign_in").exists()
    assert "leave_second_step" in verbs(actor=worker)
    assert not HalfSignIn.objects.exists()
    assert visitor.give_code(code_of()).headers["Location"] == "/login/"
    assert not visitor.is_in


def test_B02_the_owner_does_not_hide_an_unfinished_step_of_another(worker, visitor):
    Visitor().sign_in(worker)

    visitor.sign_in(worker)
    visitor.give_code(code_of())

    assert visitor.is_in
    assert HalfSignIn.objects.filter(user=worker).count() == 1


@pytest.mark.parametrize("how", ["sessions_ended", "forgotten"])
def test_B02_a_half_sign_in_that_was_ended_elsewhere_is_not_completed(worker, visitor, how):
    visitor.sign_in(worker)
    if how == "sessions_ended":
        end_all_sessions(worker, actor=None, reason="device_lost")
    else:
        HalfSignIn.objects.all().delete()

    answer = visitor.give_code(code_of())

    assert answer.headers["Location"] == "/login/"
    assert not visitor.is_in
    assert visitor.session.get("account_login") is None
    assert AuditEvent.objects.get(actor=worker, verb="sign_in").result == "denied"


def test_B02_the_half_sign_in_of_another_completes_nobodys(worker, newcomer, visitor):
    visitor.sign_in(worker)
    HalfSignIn.objects.update(user=newcomer)

    visitor.give_code(code_of())

    assert not visitor.is_in


def test_a_half_login_lasts_ten_minutes():
    assert django_settings.ACCOUNT_LOGIN_TIMEOUT == 600


def test_both_steps_open_the_first_page_and_are_written_down(worker, visitor):
    visitor.sign_in(worker)
    visitor.give_code(code_of())

    assert visitor.is_in
    told = [v for v in verbs(actor=worker) if v in {"give_password", "sign_in"}]
    assert told == ["give_password", "sign_in"]
    assert not HalfSignIn.objects.exists()


# B04, B05


def test_B04_the_sixth_wrong_password_is_refused_unhashed(worker, visitor, hashed):
    wrong = [visitor.sign_in(worker, "wrong" * 5, **HERE).status_code for _ in range(5)]
    before = len(hashed)
    sixth = visitor.sign_in(worker, "wrong" * 5, **HERE)
    right = visitor.sign_in(worker, **HERE)

    assert wrong == [200] * 5
    assert (sixth.status_code, right.status_code) == (429, 429)
    assert len(hashed) == before


def test_B04_nobody_else_is_held_up_and_the_window_ends(worker, newcomer, visitor, passkey_of):
    browser = Visitor()
    browser.sign_in(newcomer)
    passkey = passkey_of(browser)
    for _ in range(6):
        visitor.sign_in(newcomer, "wrong" * 5, **HERE)
        visitor.sign_in(worker, "wrong" * 5, **HERE)

    assert Visitor().sign_in(worker, **ELSEWHERE).status_code == 302
    by_passkey = Visitor(**HERE)
    by_passkey.give_passkey(passkey)
    assert by_passkey.is_in

    age("sign_in", seconds=301)
    assert visitor.sign_in(worker, **HERE).status_code == 302


def test_right_passwords_are_no_tries(worker):
    answers = [Visitor().sign_in(worker, **HERE).status_code for _ in range(7)]

    assert answers == [302] * 7


def test_B05_many_accounts_from_one_address_are_stopped_whatever_it_claims(visitor, hashed):
    factories.UserFactory()
    codes = []
    for number in range(32):
        claimed = {"HTTP_X_FORWARDED_FOR": f"192.0.2.{number}", "HTTP_X_REAL_IP": "192.0.2.1"}
        data = {"login": f"somebody{number}", "password": "wrong" * 5}
        codes.append(visitor.post("/login/", data, **HERE, **claimed).status_code)

    assert codes == [200] * 30 + [429] * 2
    assert len(hashed) == 30


def test_the_passkey_door_is_limited_by_address(worker, visitor, settings):
    settings.LIMITS = {**settings.LIMITS, "passkey_address": (2, 60)}

    codes = [visitor.get("/login/passkey/").status_code for _ in range(3)]

    assert codes == [200, 200, 429]


# B06


@pytest.mark.parametrize("length", [129, 10_000, 900_000])
def test_B06_a_longer_password_is_refused_unhashed(worker, visitor, hashed, length):
    answer = visitor.sign_in(worker, "p" * length)

    assert answer.status_code == 200
    assert hashed == []


def test_B06_a_nul_is_refused_unhashed(worker, visitor, hashed):
    answer = visitor.sign_in(worker, PASSWORD + "\0")

    assert answer.status_code == 200
    assert hashed == []


@pytest.mark.parametrize(
    "password",
    [
        "šest žutih ćuprija iznad reke",
        "  spaces at both ends count  ",
        "four 🦉 owls and a late train",
        "x" * 60 + "yz" * 34,
    ],
)
def test_B06_a_password_is_what_was_typed_to_the_last_character(newcomer, password):
    newcomer.set_password(password)
    newcomer.save()
    others = {unicodedata.normalize(form, password) for form in ("NFC", "NFD")} - {password}
    others |= {password.strip(), password[:-1], password.upper()} - {password}

    assert Visitor().sign_in(newcomer, password).status_code == 302
    assert {Visitor().sign_in(newcomer, other).status_code for other in others} == {200}


# B07


def in_digits(code, zero):
    return "".join(chr(ord(zero) + int(digit)) for digit in code)


def test_B07_a_code_opens_once_whatever_its_spelling(worker, visitor):
    code = code_of()
    visitor.sign_in(worker)
    visitor.give_code(code)
    assert visitor.is_in
    spellings = [code, f"{code[:3]} {code[3:]}", f" {code}\u00a0", in_digits(code, "０")]

    for spelling in [*spellings, in_digits(code, "٠")]:
        again = Visitor()
        again.sign_in(worker)
        answer = again.give_code(spelling)
        assert "wrong, or was used before" in answer.content.decode(), spelling
        assert not again.is_in


@pytest.mark.parametrize("zero", ["0", "０", "٠", "۰"])
def test_B07_digits_of_any_script_are_understood_once(worker, visitor, zero):
    visitor.sign_in(worker)

    visitor.give_code(in_digits(code_of(), zero))

    assert visitor.is_in


def test_B07_a_code_stays_used_for_as_long_as_it_could_be_valid(worker, visitor):
    code = code_of()
    visitor.sign_in(worker)
    visitor.give_code(code)
    age("used_code", seconds=70)

    again = Visitor()
    again.sign_in(worker)
    again.give_code(code)

    assert not again.is_in


def test_B07_the_code_that_set_the_app_up_is_used(newcomer, visitor):
    visitor.sign_in(newcomer)
    page = visitor.get("/settings/security/app/").content.decode()
    secret = re.search(r'<p class="code">\s*(\w+)', page)[1]
    code = code_of(secret)
    assert visitor.post("/settings/security/app/", {"code": code}).status_code == 302

    again = Visitor()
    again.sign_in(newcomer)
    again.give_code(code)

    assert not again.is_in


def test_codes_are_limited_and_a_right_one_is_refused_then(worker, visitor):
    visitor.sign_in(worker)

    for number in range(5):
        visitor.give_code(f"00000{number}")
    answer = visitor.give_code(code_of())

    assert "Too many wrong codes" in answer.content.decode()
    assert not visitor.is_in
    assert verbs(actor=worker).count("fail_second_step") == 5


# B09


def test_B09_a_recovery_code_opens_once(worker, visitor):
    code, other = make_recovery_codes(worker, actor=worker)[:2]
    visitor.sign_in(worker)
    visitor.give_code(f"{code[:5]} {code[5:]}")
    assert visitor.is_in

    again = Visitor()
    again.sign_in(worker)
    again.give_code(code)
    assert not again.is_in
    again.give_code(other)
    assert again.is_in
    assert verbs(actor=worker).count("use_recovery_code") == 2


def test_B09_new_recovery_codes_kill_the_old_ones(worker, visitor):
    old = make_recovery_codes(worker, actor=worker)
    new = make_recovery_codes(worker, actor=worker)
    visitor.sign_in(worker)

    visitor.give_code(old[0])
    assert not visitor.is_in
    visitor.give_code(new[9])
    assert visitor.is_in


def test_B09_neither_secret_nor_codes_are_in_the_database(worker, visitor):
    codes = make_recovery_codes(worker, actor=worker)
    visitor.sign_in(worker)
    visitor.give_code(codes[0])
    visitor.get("/settings/security/app/")
    waiting = re.findall(r"\d+:[\w+/=]{40,}", str(dict(visitor.session)))

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, '|') FROM mfa_authenticator a")
        stored = cursor.fetchone()[0]

    assert SECRET not in stored
    assert [code for code in codes if code in stored] == []
    assert len(waiting) == 1
    assert re.findall(r"\b[A-Z2-7]{32}\b", str(dict(visitor.session))) == []


def test_B09_codes_are_shown_once_to_their_owner(worker, signed_in):
    browser = signed_in(worker)

    shown = browser.post("/settings/security/codes/").content.decode()
    again = browser.get("/settings/security/codes/").content.decode()

    assert len(re.findall(r"\b\d{5} \d{5}\b", shown)) == 10
    assert re.findall(r"\b\d{5} \d{5}\b", again) == []


def test_a_secret_sealed_with_an_older_master_key_still_opens(worker):
    row = Authenticator.objects.get(user=worker)

    assert factors.open_secret(row.data["secret"]) == SECRET
    assert not factors.is_on_old_version(row.data["secret"])


# B10


@pytest.fixture
def passkey(newcomer, passkey_of):
    browser = Visitor()
    browser.sign_in(newcomer)
    return passkey_of(browser)


def test_B10_a_passkey_opens_alone(newcomer, passkey, visitor):
    visitor.give_passkey(passkey)

    assert visitor.is_in
    assert verbs(actor=newcomer).count("sign_in") == 2


@pytest.mark.parametrize(
    "spoiled",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://testserver"},
        {"origin": "https://testserver.evil.example"},
        {"host": "evil.example"},
        {"verified": False},
        {"handle": b"00000000-0000-0000-0000-000000000001"},
        {"handle": b""},
    ],
)
def test_B10_a_spoiled_answer_is_refused_and_written_down(passkey, visitor, spoiled):
    answer = visitor.give_passkey(passkey, **spoiled)

    assert answer.status_code == 400
    assert not visitor.is_in
    assert AuditEvent.objects.filter(verb="fail_second_step", note="passkey").count() == 1


def test_B10_an_answer_opens_once(passkey, visitor):
    options = visitor.get("/login/passkey/").json()["request_options"]
    answer = passkey.get(options)
    visitor.post("/login/passkey/", {"credential": answer})
    thief = Visitor()
    thief.get("/login/passkey/")

    assert thief.post("/login/passkey/", {"credential": answer}).status_code == 400
    assert not thief.is_in


def test_B10_a_counter_that_goes_back_is_refused(passkey):
    Visitor().give_passkey(passkey, counter=7)

    assert Visitor().give_passkey(passkey, counter=7).status_code == 400
    assert Visitor().give_passkey(passkey, counter=6).status_code == 400
    assert Visitor().give_passkey(passkey, counter=0).status_code == 400
    assert Visitor().give_passkey(passkey, counter=8).status_code == 302


def test_B10_a_passkey_without_counter_stays_usable(passkey):
    assert [Visitor().give_passkey(passkey, counter=0).status_code for _ in range(2)] == [302] * 2


def test_B10_the_passkey_of_another_is_no_second_step(worker, passkey, visitor):
    visitor.sign_in(worker)
    options = visitor.passkey_options("/login/code/")["request_options"]

    visitor.post("/login/code/", {"credential": passkey.get(options)})

    assert not visitor.is_in


@pytest.mark.parametrize("spoiled", [{"verified": False}, {"origin": "https://evil.example"}])
def test_B10_a_passkey_is_not_added_by_a_spoiled_answer(newcomer, visitor, passkey_of, spoiled):
    visitor.sign_in(newcomer)
    path = "/settings/security/passkey/"
    options = visitor.passkey_options(path)["creation_options"]
    from_key = SoftPasskey()

    answer = visitor.post(path, {"credential": from_key.create(options, **spoiled)})

    assert answer.status_code == 400
    assert not Authenticator.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"id": 1}', '{"response": {}}', "x"])
def test_B10_nonsense_is_refused(passkey, visitor, text):
    visitor.get("/login/passkey/")

    assert visitor.post("/login/passkey/", {"credential": text}).status_code == 400


# B11


def said(answer, login=""):
    """What tells two answers apart, without what is random in each."""
    body = re.sub(r"[\w-]{36,}", "", answer.content.decode())
    body = body.replace(f'value="{login}"', "")
    return answer.status_code, body, sorted(set(answer.headers) - {"Content-Length"})


@pytest.fixture
def people(worker):
    """A login of each kind: in use, closed, without password, gone, unknown."""
    closed = factories.UserFactory(is_active=False)
    closed.set_password(PASSWORD)
    closed.save()
    gone = factories.UserFactory(leaves_on="2026-01-01", email="gone@example.org")
    gone.set_password(PASSWORD)
    gone.save()
    none = factories.UserFactory()
    return [worker.username, closed.username, none.username, gone.username, "somebody-unknown"]


def test_B11_a_wrong_password_is_answered_alike_for_everybody(people, hashed):
    answers, hashes = [], []
    for login in people:
        before = len(hashed)
        data = {"login": login, "password": "wrong" * 5}
        answers.append(said(Client().post("/login/", data), login))
        hashes.append(len(hashed) - before)

    assert answers == [answers[0]] * len(people)
    assert hashes == [1] * len(people)


def test_B11_who_may_not_come_in_is_answered_like_a_wrong_password(people, hashed):
    answers, hashes = [], []
    for login in people[1:]:
        before = len(hashed)
        data = {"login": login, "password": PASSWORD}
        answers.append(said(Client().post("/login/", data), login))
        hashes.append(len(hashed) - before)

    assert answers == [answers[0]] * len(answers)
    assert hashes == [1] * len(hashes)


# B17


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "%2f%2fevil.example",
        "https:/evil.example",
        " //evil.example",
        "http:\t//evil.example",
    ],
)
def test_B17_signing_in_leads_to_no_other_site(worker, passkey, target):
    by_code, by_passkey = Visitor(), Visitor()
    data = {"login": worker.username, "password": PASSWORD, "next": target}
    by_code.post("/login/", data)
    by_code_led = by_code.give_code(code_of(step=0)).headers.get("Location", "/")
    options = by_passkey.get("/login/passkey/").json()["request_options"]
    sent = {"credential": passkey.get(options), "next": target}
    by_passkey_led = by_passkey.post("/login/passkey/", sent).headers["Location"]

    for led in (by_code_led, by_passkey_led):
        whole = urljoin("http://testserver/login/code/", led.replace("\\", "/"))
        assert urlsplit(whole).hostname == "testserver", led


def test_every_method_of_the_second_step_is_closed_without_a_first(visitor):
    answers = {m: getattr(visitor, m)("/login/code/").status_code for m in METHODS}

    assert set(answers.values()) <= {302, 405}
