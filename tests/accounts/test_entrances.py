"""Links and agreements: invitations, new passwords, what everybody agrees to."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import (
    Agreement,
    AgreementAcceptance,
    AuditEvent,
    FactorReset,
    Invitation,
    Notice,
    OutboxJob,
    PasswordReset,
    Session,
    User,
)
from accounts.outbox import _fan_out
from accounts.tasks import mail_reset
from tests import factories
from tests.accounts.conftest import PASSWORD, Visitor, code_of
from tests.accounts.test_signin import said
from tests.posting import leave

pytestmark = pytest.mark.django_db
EVERYTHING_WRITTEN = """
SELECT string_agg(told, '|') FROM (
    SELECT t::text AS told FROM accounts_passwordreset t
    UNION ALL SELECT t::text FROM accounts_outboxjob t
    UNION ALL SELECT t::text FROM accounts_auditevent t
) AS written
"""
NEW_PASSWORD = "eleven bees behind the mill"


def verbs(actor):
    return list(AuditEvent.objects.filter(actor=actor).values_list("verb", flat=True))


# Agreements that are new


def test_a_new_version_is_asked_in_a_session_that_runs(worker, visitor):
    visitor.sign_in(worker)
    visitor.give_code(code_of())
    assert visitor.is_in
    last = Agreement.objects.current().get(kind=Agreement.Kind.CONDUCT)
    Agreement.objects.create(
        kind=last.kind,
        version=last.version + 1,
        text_en="New.",
        text_sr="Novo.",
        valid_from=timezone.localdate(),
    )

    asked = visitor.get("/notices/")
    page = visitor.get(asked.headers["Location"])
    agreed = visitor.post("/settings/agreements/", {"conduct": "on"})

    assert asked.headers["Location"] == "/settings/agreements/"
    assert "New." in page.text
    assert agreed.headers["Location"] == "/"
    assert visitor.is_in


def test_a_version_of_a_day_to_come_is_not_asked_yet(worker, visitor):
    visitor.sign_in(worker)
    visitor.give_code(code_of())
    Agreement.objects.create(
        kind=Agreement.Kind.CONDUCT,
        version=99,
        text_en="New.",
        text_sr="Novo.",
        valid_from=timezone.localdate() + timedelta(days=1),
    )

    page = visitor.get("/notices/")
    assert (page.templates[0].name, "New." in page.text) == ("accounts/notices.html", False)


# B18: new passwords by mail


@pytest.fixture
def with_mail(settings):
    settings.EMAIL_HOST = "mail.example.org"
    settings.OUTGOING_HOSTS = ["mail.example.org"]
    settings.SITE_URL = "https://testserver"


def ask_and_read(user):
    """The link that a user who asked for it finds in her mail."""
    user.email = f"{user.username}@example.org"
    user.save()
    Client().post("/login/forgotten/", {"username": user.username})
    job = OutboxJob.objects.filter(event="password_reset_asked").latest("created_at")
    _fan_out(job)
    sent = OutboxJob.objects.get(event=job.event, task="accounts.tasks.mail_reset", args=job.args)
    mail_reset(str(sent.pk))
    leave()
    (message,) = mail.outbox
    mail.outbox.clear()
    return message, re.search(r"https://testserver(/\S+)", message.body)[1]


def choose(browser, link, password=NEW_PASSWORD):
    assert browser.get(link).headers["Location"] == "/login/reset/"
    return browser.post("/login/reset/", {"password": password})


@pytest.mark.usefixtures("with_mail")
def test_B18_a_link_sets_a_password_once(worker, visitor):
    _message, link = ask_and_read(worker)

    assert choose(visitor, link).headers["Location"] == "/login/"
    again = Visitor()
    again.get(link)
    assert again.post("/login/reset/", {"password": PASSWORD}).status_code == 410

    assert visitor.sign_in(worker).status_code == 200
    assert visitor.sign_in(worker, NEW_PASSWORD).headers["Location"] == "/login/code/"
    assert "reset_password" in verbs(worker)


@pytest.mark.usefixtures("with_mail")
def test_B18_the_second_step_stays_and_other_sessions_end(worker, visitor):
    elsewhere = Visitor()
    elsewhere.sign_in(worker)
    elsewhere.give_code(code_of())
    assert elsewhere.is_in
    _message, link = ask_and_read(worker)

    choose(visitor, link)

    assert not elsewhere.is_in
    assert not Session.objects.filter(user=worker).exists()
    assert Authenticator.objects.filter(user=worker, type=Authenticator.Type.TOTP).exists()
    visitor.sign_in(worker, NEW_PASSWORD)
    assert not visitor.is_in


@pytest.mark.usefixtures("with_mail")
def test_B18_a_link_is_over_after_half_an_hour(worker, visitor):
    _message, link = ask_and_read(worker)
    PasswordReset.objects.update(expires_at=timezone.now())

    visitor.get(link)

    assert visitor.get("/login/reset/").status_code == 410


@pytest.mark.usefixtures("with_mail")
def test_B18_a_link_is_over_after_another_change_of_the_password(worker, visitor):
    _message, link = ask_and_read(worker)
    actions.change_password(worker, password=NEW_PASSWORD, actor=worker)

    visitor.get(link)

    assert visitor.get("/login/reset/").status_code == 410


@pytest.mark.usefixtures("with_mail")
def test_B18_neither_page_nor_address_nor_database_has_the_secret(worker, visitor):
    _message, link = ask_and_read(worker)
    secret = link.strip("/").rpartition("/")[2]

    page = visitor.get(link, follow=True)

    assert page.redirect_chain[-1][0] == "/login/reset/"
    assert secret not in page.content.decode()
    assert page.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING_WRITTEN)
        assert secret not in cursor.fetchone()[0]


@pytest.mark.usefixtures("with_mail")
def test_B18_the_link_of_one_opens_nothing_of_another(worker, newcomer, visitor):
    _message, link = ask_and_read(worker)

    choose(visitor, link)

    assert Visitor().sign_in(newcomer).status_code == 302
    assert Visitor().sign_in(newcomer, NEW_PASSWORD).status_code == 200


@pytest.mark.usefixtures("with_mail")
def test_a_mail_names_nobody_and_uses_the_host_of_the_settings(worker):
    message, link = ask_and_read(worker)
    text = f"{message.subject} {message.body}"

    assert message.to == [worker.email]
    assert worker.name not in text
    assert worker.username not in text
    assert link.startswith("/login/reset/")


@pytest.mark.usefixtures("with_mail")
def test_B11_asking_for_a_link_is_answered_alike_for_everybody(worker, hashed):
    closed = factories.UserFactory(is_active=False, email="closed@example.org")
    without = factories.UserFactory()
    logins = [worker.username, closed.username, without.username, "somebody-unknown"]
    answers, rows = [], []
    for login in logins:
        before = PasswordReset.objects.count(), OutboxJob.objects.count()
        answer = Client().post("/login/forgotten/", {"username": login})
        answers.append((said(answer, login), answer.headers["Location"]))
        after = PasswordReset.objects.count(), OutboxJob.objects.count()
        rows.append((after[0] - before[0], after[1] - before[1]))

    assert answers == [answers[0]] * len(logins)
    assert rows == [(1, 1)] * len(logins)
    assert hashed == []


@pytest.mark.usefixtures("with_mail")
def test_nothing_is_mailed_to_who_left_or_is_unknown(worker):
    worker.email, worker.is_active = "worker@example.org", False
    worker.save()
    for username in (worker.username, "somebody-unknown"):
        Client().post("/login/forgotten/", {"username": username})
    for job in OutboxJob.objects.filter(event="password_reset_asked", task=""):
        _fan_out(job)
    for sent in OutboxJob.objects.filter(task="accounts.tasks.mail_reset"):
        mail_reset(str(sent.pk))
    leave()

    assert mail.outbox == []


@pytest.mark.usefixtures("with_mail")
def test_asking_is_limited_and_the_answer_does_not_say_so(worker):
    answers = [
        said(Client().post("/login/forgotten/", {"username": worker.username})) for _ in range(4)
    ]

    assert answers == [answers[0]] * 4
    assert PasswordReset.objects.count() == 3


def test_without_mail_the_page_says_whom_to_ask(worker, visitor):
    page = visitor.get("/login/forgotten/").content.decode()
    visitor.post("/login/forgotten/", {"username": worker.username})

    assert "Ask an administrator" in page
    assert not PasswordReset.objects.exists()


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 129, "passwordpassword", "caseworkcasework1", "aaaaaaaaaaaaaaaaaaaa", ""],
)
@pytest.mark.usefixtures("with_mail")
def test_a_weak_password_is_not_taken_and_the_link_stays(worker, visitor, password):
    _message, link = ask_and_read(worker)

    assert choose(visitor, link, password).status_code == 200

    assert Visitor().sign_in(worker).status_code == 302
    assert choose(visitor, link).status_code == 302


def test_names_of_this_place_do_not_make_a_password(newcomer):
    newcomer.organization.name_en = "Harbour Lights Association"
    newcomer.organization.save()

    with pytest.raises(ValidationError):
        actions.change_password(newcomer, password="HarbourLights2026!", actor=newcomer)


# Invitations


def invited(admin, **told):
    """A caseworker's invitation, and its link."""
    fields = {
        "name": "Nina Ew",
        "username": "nina",
        "email": "",
        "organization": admin.organization,
        "teams": [],
        "roles": ["caseworker"],
        "roles_end_on": None,
    }
    invitation = actions.invite_user(**{**fields, **told}, actor=admin)
    return invitation, f"/login/invitation/{invitation.secret}/"


def accept(browser, link, password=NEW_PASSWORD):
    browser.get(link)
    return browser.post("/login/invitation/", {"password": password})


def test_an_invitation_makes_an_account_once(admin, team, visitor, passkey_of):
    _invitation, link = invited(admin, teams=[team])

    assert accept(visitor, link).headers["Location"] == "/login/"
    user = User.objects.get(username="nina")
    assert user.role_codes == {"caseworker"}
    assert list(user.teams.all()) == [team]
    assert accept(Visitor(), link).status_code == 410

    # Her way in: password, second step, agreements, first page.
    visitor.sign_in(user, NEW_PASSWORD)
    passkey_of(visitor)
    assert visitor.get("/").headers["Location"] == "/settings/agreements/"
    ticks = {"conduct": "on", "confidentiality": "on"}
    assert visitor.post("/settings/agreements/", {"conduct": "on"}).status_code == 200
    assert visitor.get("/").status_code == 302
    assert visitor.post("/settings/agreements/", ticks).headers["Location"] == "/"
    assert visitor.is_in
    assert {"accept_invitation", "add_passkey", "accept_agreement"} <= set(verbs(user))


AGREE = "/settings/users/invite/agree/"


def test_an_invitation_into_the_house_waits_for_a_second_person(admin, dpo, visitor, signed_in):
    invitation, link = invited(admin)
    desk = signed_in(dpo)

    early = accept(visitor, link)
    page = desk.get(AGREE)
    agreed = desk.post(AGREE, {"invitation": str(invitation.pk)})
    late = accept(Visitor(), link)

    assert "has not agreed to this invitation yet" in early.text
    assert [row for row, _roles in page.context["waiting"]] == [invitation]
    assert "Caseworker" in page.text
    assert (agreed.status_code, late.status_code) == (302, 302)
    assert User.objects.filter(username="nina").count() == 1
    assert "agree_to_invitation" in verbs(dpo)
    notices = Notice.objects.filter(code__startswith="invitation_").values_list("user", "code")
    assert set(notices) >= {(dpo.pk, "invitation_waiting"), (admin.pk, "invitation_agreed")}
    assert desk.post(AGREE, {"invitation": str(invitation.pk)}).status_code == 404


def test_who_invited_does_not_agree_herself(admin, dpo, visitor, signed_in):
    invitation, link = invited(admin)

    answer = signed_in(admin).post(AGREE, {"invitation": str(invitation.pk)})
    with pytest.raises(ValidationError, match="does not wait for you"):
        actions.agree_to_invitation(invitation, actor=admin)
    accept(visitor, link)

    assert answer.status_code == 404
    assert not User.objects.filter(username="nina").exists()


@pytest.mark.parametrize("who", ["caseworker", "director", "partner", "donor"])
def test_others_agree_to_nothing(who, request, admin, dpo, signed_in):
    invitation, _link = invited(admin)
    user = request.getfixturevalue(who)

    assert signed_in(user).get(AGREE).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.agree_to_invitation(invitation, actor=user)


def test_a_second_person_of_another_house_neither_sees_it_nor_agrees(admin, dpo, signed_in):
    invitation, _link = invited(admin)
    other = signed_in(factories.UserFactory(role="data_protection"))

    assert other.get(AGREE).context["waiting"] == []
    assert other.post(AGREE, {"invitation": str(invitation.pk)}).status_code == 404


def test_the_only_one_who_can_invites_alone_and_the_trail_says_so(admin, visitor):
    invitation, link = invited(admin)

    assert accept(visitor, link).status_code == 302
    told = AuditEvent.objects.get(verb="invite_user", object_id=str(invitation.pk))
    assert told.note == "no_second_person"


def test_somebody_outside_the_house_needs_no_second_person(admin, dpo, visitor):
    outside = factories.OrganizationFactory()
    _invitation, link = invited(admin, organization=outside, roles=["partner"])

    assert accept(visitor, link).status_code == 302
    assert not Notice.objects.filter(user=dpo).exists()


def test_the_page_of_waiting_invitations_costs_the_same_with_one_and_three(
    admin, dpo, signed_in, django_assert_num_queries
):
    desk = signed_in(dpo)

    def cost(*names):
        for name in names:
            invited(admin, username=name)
        with django_assert_num_queries(9):
            desk.get(AGREE)

    cost("one")
    cost("two", "three")


def test_opening_an_invitation_uses_nothing_up(admin, visitor):
    _invitation, link = invited(admin)

    for _ in range(3):
        visitor.get(link, follow=True)

    assert Invitation.objects.open().count() == 1
    assert not User.objects.filter(username="nina").exists()


@pytest.mark.parametrize("field", ["expires_at", "withdrawn_at"])
def test_an_old_or_withdrawn_invitation_opens_nothing(admin, visitor, field):
    _invitation, link = invited(admin)
    Invitation.objects.update(**{field: timezone.now()})

    assert accept(visitor, link).status_code == 410


def test_only_the_hash_of_an_invitation_is_kept(admin):
    invitation, _link = invited(admin)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '|') FROM accounts_invitation t")
        assert invitation.secret not in cursor.fetchone()[0]


def test_B11_a_wrong_a_used_and_an_old_link_are_answered_alike(admin):
    _invitation, used = invited(admin)
    accept(Client(), used)
    _invitation, old = invited(admin, username="other")
    Invitation.objects.filter(username="other").update(expires_at=timezone.now())
    links = (used, old, "/login/invitation/nonsense/")

    answers = [said(Client().get(link, follow=True)) for link in links]

    assert answers == [answers[0]] * 3


def test_an_administrator_invites_on_a_page_and_sees_the_link_once(admin, signed_in):
    browser = signed_in(admin)
    form = {
        "operation": "018f3a52-0000-7000-8000-000000000001",
        "name": "Nina Ew",
        "username": "nina",
        "organization": str(admin.organization_id),
        "roles": ["caseworker"],
    }

    first = browser.post("/settings/users/invite/", form).content.decode()
    second = browser.post("/settings/users/invite/", form).content.decode()

    assert re.search(r"http://testserver/login/invitation/[\w-]{43}/", first)
    assert "/login/invitation/" not in second
    assert Invitation.objects.count() == 1
    assert "invite_user" in verbs(admin)


@pytest.mark.parametrize(
    "told",
    [
        {"roles": ["administrator", "caseworker"]},
        {"roles": ["partner"]},
        {"roles": ["no-such-role"]},
    ],
)
def test_an_invitation_gives_no_roles_that_do_not_go_together(admin, told):
    with pytest.raises(ValidationError):
        invited(admin, **told)


def test_nobody_is_invited_into_another_house(admin):
    with pytest.raises(PermissionDenied):
        invited(admin, organization=factories.HouseFactory())


@pytest.mark.parametrize(
    "who", ["caseworker", "coordinator", "partner", "donor", "director", "dpo"]
)
def test_others_invite_nobody(who, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))

    assert browser.get("/settings/users/invite/").status_code == 403
    assert browser.post("/settings/users/invite/", {"name": "x"}).status_code == 403
    assert not Invitation.objects.exists()


def test_inviting_asks_first_who_is_there(admin, signed_in):
    answer = signed_in(admin, fresh=False).get("/settings/users/invite/")

    assert answer.headers["Location"].startswith("/reauthenticate/")


# Agreements


def test_a_new_version_is_asked_before_anything_else(worker):
    Agreement.objects.create(
        kind="conduct", version=2, text_en="New", text_sr="Novo", valid_from="2026-01-01"
    )
    browser = Visitor()
    browser.sign_in(worker)
    browser.give_code(code_of())

    assert browser.get("/").headers["Location"] == "/settings/agreements/"
    page = browser.get("/settings/agreements/").content.decode()
    assert ("New" in page, 'name="confidentiality"' in page) == (True, False)
    assert browser.post("/settings/agreements/", {"conduct": "on"}).status_code == 302
    assert browser.is_in


def test_a_version_of_tomorrow_is_not_asked_today(worker, visitor):
    tomorrow = timezone.localdate() + timedelta(days=1)
    Agreement.objects.create(
        kind="conduct", version=2, text_en="New", text_sr="Novo", valid_from=tomorrow
    )
    visitor.sign_in(worker)
    visitor.give_code(code_of())

    assert visitor.is_in


def end_agreement(user, days_ago=1):
    day = timezone.localdate() - timedelta(days=days_ago)
    AgreementAcceptance.objects.filter(user=user, agreement__kind="confidentiality").update(
        expires_on=day
    )


def test_with_an_agreement_that_has_run_out_nobody_comes_in(worker, visitor):
    end_agreement(worker)
    visitor.sign_in(worker)

    answer = visitor.give_code(code_of())

    assert answer.headers["Location"] == "/login/renewal/"
    assert "administrator" in visitor.get("/login/renewal/").content.decode()
    assert not visitor.is_in
    assert AuditEvent.objects.filter(actor=worker, verb="sign_in", result="denied").exists()


def test_an_agreement_holds_on_its_last_day(worker, visitor):
    end_agreement(worker, days_ago=0)
    visitor.sign_in(worker)
    visitor.give_code(code_of())

    assert visitor.is_in


def test_a_session_ends_with_the_agreement(worker, visitor):
    visitor.sign_in(worker)
    visitor.give_code(code_of())
    session = visitor.session
    session["confidential_until"] = (timezone.localdate() - timedelta(days=1)).isoformat()
    session.save()

    assert visitor.get("/").headers["Location"] == "/login/renewal/"
    assert not visitor.is_in


def test_an_administrator_renews_and_ends_an_agreement(worker, admin, signed_in, visitor):
    page = f"/settings/users/{worker.pk}/agreement/"
    end_agreement(worker)

    assert signed_in(admin).post(page, {}).status_code == 302
    visitor.sign_in(worker)
    visitor.give_code(code_of())
    assert visitor.is_in
    assert signed_in(admin).post(page, {"then": "end"}).status_code == 302
    assert not visitor.is_in
    assert {"renew_confidentiality", "end_confidentiality"} <= set(verbs(admin))


def test_nobody_renews_her_own_agreement(admin, signed_in):
    end_agreement(admin)

    answer = signed_in(admin).post(f"/settings/users/{admin.pk}/agreement/", {})

    assert "A colleague has to record this" in answer.content.decode()


def test_a_text_that_people_agreed_to_is_not_changed():
    Agreement.objects.filter(kind="conduct").update(text_en="Something else")

    with pytest.raises(ValidationError):
        actions.load_agreements()


# A lost second step


def test_two_people_take_a_lost_second_step_off(worker, admin, coordinator, signed_in, visitor):
    visitor.sign_in(worker)
    visitor.give_code(code_of())
    page = f"/settings/users/{worker.pk}/second-step/"

    signed_in(admin).post(page, {"proof": "in_person"})
    assert Authenticator.objects.filter(user=worker).exists()
    assert coordinator.notices.get().code == "factor_reset_waiting"
    alone = signed_in(admin).post(page, {})
    assert "A second person has to confirm" in alone.content.decode()
    assert Authenticator.objects.filter(user=worker).exists()
    assert signed_in(coordinator).post(page, {}).status_code == 302

    assert not Authenticator.objects.filter(user=worker).exists()
    assert not visitor.is_in
    reset = FactorReset.objects.get()
    assert (reset.started_by, reset.confirmed_by) == (admin, coordinator)
    codes = set(worker.notices.values_list("code", flat=True))
    assert {"factor_reset_started", "factor_reset"} <= codes
    visitor.sign_in(worker)
    assert visitor.get("/").headers["Location"] == "/settings/security/"


def test_a_request_to_reset_grows_old(worker, admin, coordinator):
    reset = actions.start_factor_reset(worker, proof="in_person", actor=admin)
    FactorReset.objects.update(expires_at=timezone.now())

    with pytest.raises(ValidationError):
        actions.confirm_factor_reset(reset, actor=coordinator)


@pytest.mark.parametrize("who", ["colleague", "partner", "donor", "stranger"])
def test_others_reset_nothing(who, worker, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))

    answer = browser.post(f"/settings/users/{worker.pk}/second-step/", {"proof": "in_person"})

    assert answer.status_code in {403, 404}
    assert not FactorReset.objects.exists()


# One's own page


def test_the_last_factor_is_not_removed(worker, signed_in):
    browser = signed_in(worker)
    row = Authenticator.objects.get(user=worker)

    answer = browser.post("/settings/security/remove/", {"factor": row.pk})

    assert answer.status_code == 409
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_a_factor_of_somebody_else_does_not_exist(worker, colleague, signed_in):
    row = Authenticator.objects.get(user=worker)

    answer = signed_in(colleague).post("/settings/security/remove/", {"factor": row.pk})

    assert answer.status_code == 404
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_changing_the_password_keeps_this_session_and_ends_the_others(worker, visitor, signed_in):
    visitor.sign_in(worker)
    visitor.give_code(code_of())
    browser = signed_in(worker)

    answer = browser.post("/settings/security/password/", {"password": NEW_PASSWORD})

    assert answer.status_code == 302
    assert browser.get("/notices/").status_code == 200
    assert not visitor.is_in


@pytest.mark.parametrize(
    "path",
    [
        "/settings/security/passkey/",
        "/settings/security/app/",
        "/settings/security/codes/",
        "/settings/security/password/",
    ],
)
def test_changes_of_the_way_in_ask_first_who_is_there(path, worker, signed_in):
    answer = signed_in(worker, fresh=False).get(path)

    assert answer.headers["Location"].startswith("/reauthenticate/")
