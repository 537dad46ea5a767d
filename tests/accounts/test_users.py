"""Those who work here: changed, moved, parted from; roles that exclude each other."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.actions.tokens import create_api_token
from accounts.exclusive_roles import EXCLUSIVE, belongs, clash
from accounts.models import (
    AddressChange,
    ApiToken,
    AuditEvent,
    Notice,
    OutboxJob,
    Role,
    RoleAssignment,
    Session,
    User,
)
from tests import factories

USERS = "/settings/users/"
LIST_COST = 11


def at(name, *args):
    return reverse(f"accounts:{name}", args=args)


def spare(house):
    """A second administrator, so that the first is not the last."""
    return factories.UserFactory(organization=house, role="administrator", name="Spare Admin")


def give(user, role, actor, **days):
    told = {"starts_on": timezone.localdate(), "ends_on": None, **days}
    return actions.give_role(user, role=role, actor=actor, **told)


def is_signed_out(client):
    answer = client.get("/settings/")
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login/")


# B13: everything ends at the next request


def end_of_contract(user, admin):
    actions.set_leaving_day(user, leaves_on=timezone.localdate() - timedelta(days=1), actor=admin)


def closed(user, admin):
    actions.close_account(user, actor=admin)


def role_given(user, admin):
    give(user, "interpreter", admin)


def role_ended(user, admin):
    row = user.role_assignments.get()
    actions.end_role(user, assignment=row.pk, ends_on=timezone.localdate(), actor=admin)


def device_lost(user, admin):
    actions.end_sessions_of(user, actor=admin)


def password_changed(user, admin):
    actions.end_all_sessions(user, actor=user, reason="password_changed")


def factor_changed(user, admin):
    actions.end_all_sessions(user, actor=user, reason="factor_changed")


def moved(user, admin):
    actions.change_user(user, name=user.name, teams=[], trained_on=None, actor=admin)


EVENTS = [
    end_of_contract,
    closed,
    role_given,
    role_ended,
    device_lost,
    password_changed,
    factor_changed,
    moved,
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_B13_all_sessions_and_tokens_end_at_the_next_request(signed_in, caseworker, admin, event):
    clients = [signed_in(caseworker), signed_in(caseworker)]
    token, text = create_api_token(
        caseworker, label="x", scopes=["people:read"], days=1, known_scopes={"people:read"}
    )
    machine = {"Authorization": f"Token {text}"}

    event(caseworker, admin)

    assert [is_signed_out(client) for client in clients] == [True, True]
    assert not Session.objects.filter(user=caseworker).exists()
    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None
    assert clients[0].get("/api/v1/people/", headers=machine).status_code == 401
    assert AuditEvent.objects.filter(verb="end_sessions", object_id=str(caseworker.pk)).exists()


@pytest.mark.parametrize("event", [end_of_contract, closed, role_given, device_lost])
def test_B13_user_is_told(caseworker, admin, event):
    event(caseworker, admin)

    assert Notice.objects.filter(user=caseworker).count() == 1


@pytest.mark.parametrize("event", [end_of_contract, closed])
def test_B13_whoever_left_does_not_come_in_again(client, caseworker, admin, event):
    caseworker.set_password("a long sentence for the tests")
    caseworker.save()
    event(caseworker, admin)

    client.post(
        "/login/", {"login": caseworker.username, "password": "a long sentence for the tests"}
    )

    assert is_signed_out(client)


def test_B13_last_day_is_the_last_that_opens(signed_in, caseworker, admin):
    client = signed_in(caseworker)
    actions.set_leaving_day(caseworker, leaves_on=timezone.localdate(), actor=admin)
    assert client.get("/settings/").status_code == 200

    User.objects.filter(pk=caseworker.pk).update(leaves_on=timezone.localdate() - timedelta(days=1))

    assert is_signed_out(client)


# F132 F133


def test_role_has_an_end_date_and_ends_with_it(caseworker, admin, time_machine):
    soon = timezone.localdate() + timedelta(days=2)
    give(caseworker, "interpreter", admin, ends_on=soon)
    assert User.objects.get(pk=caseworker.pk).has_role("interpreter")

    time_machine.move_to(timezone.now() + timedelta(days=3))

    assert not User.objects.get(pk=caseworker.pk).has_role("interpreter")


@pytest.mark.parametrize("pair", sorted(sorted(pair) for pair in EXCLUSIVE), ids="-".join)
def test_F133_roles_that_exclude_each_other_are_not_held_together(pair, house, admin):
    first, second = pair
    home = house if belongs(first, is_house=True) else factories.OrganizationFactory()
    user = factories.UserFactory(organization=home, role=first)

    with pytest.raises(ValidationError):
        give(user, second, admin)

    assert set(user.role_assignments.values_list("role_id", flat=True)) == {first}


def test_F133_one_after_the_other_is_no_clash(house, admin):
    user = factories.UserFactory(organization=house, role="caseworker")
    row = user.role_assignments.get()
    actions.end_role(user, assignment=row.pk, ends_on=timezone.localdate(), actor=admin)

    give(user, "administrator", admin, starts_on=timezone.localdate() + timedelta(days=1))

    assert set(user.role_assignments.values_list("role_id", flat=True)) == {
        "caseworker",
        "administrator",
    }


def test_F133_every_pair_has_a_reason_and_house_roles_mix():
    assert clash({"caseworker", "mobile"}) is None
    assert clash({"coordinator", "caseworker", "leadership"}) is None
    assert all(str(reason) for reason in EXCLUSIVE.values())
    assert clash({"donor", "partner"}) is not None


@pytest.mark.parametrize(("role", "is_house"), [("partner", True), ("caseworker", False)])
def test_role_fits_the_organization(role, is_house, house, admin):
    home = house if is_house else factories.OrganizationFactory()
    user = factories.UserFactory(organization=home)

    with pytest.raises(ValidationError):
        give(user, role, admin)


def test_same_role_is_not_given_twice_at_a_time(caseworker, admin):
    with pytest.raises(ValidationError):
        give(caseworker, "caseworker", admin)


def test_role_that_has_not_begun_never_begins(caseworker, admin):
    later = timezone.localdate() + timedelta(days=5)
    row = give(caseworker, "interpreter", admin, starts_on=later)

    actions.end_role(caseworker, assignment=row.pk, ends_on=timezone.localdate(), actor=admin)

    assert not RoleAssignment.objects.filter(pk=row.pk).exists()
    with pytest.raises(ValidationError):
        actions.end_role(caseworker, assignment=row.pk, ends_on=later, actor=admin)


@pytest.mark.django_db(transaction=True)
def test_F133_race_two_clashing_roles_at_once(house):
    admins = [spare(house), spare(house)]
    user = factories.UserFactory(organization=house)
    refused = []

    def hand_out(role, actor):
        try:
            give(user, role, actor)
        except ValidationError:
            refused.append(role)
        finally:
            connection.close()

    threads = [
        Thread(target=hand_out, args=pair)
        for pair in zip(["administrator", "caseworker"], admins, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert user.role_assignments.count() == 1


# One's own, and the last


@pytest.mark.parametrize(
    "event", [end_of_contract, closed, role_given, role_ended], ids=lambda event: event.__name__
)
def test_nobody_changes_her_own_rights(house, admin, event):
    spare(house)

    with pytest.raises(ValidationError):
        event(admin, admin)

    assert not User.objects.get(pk=admin.pk).has_left
    assert admin.role_assignments.get().ends_on is None


def test_last_administrator_stays(house, admin):
    other = spare(house)
    actions.close_account(admin, actor=other)

    with pytest.raises(ValidationError):
        actions.close_account(other, actor=admin)
    with pytest.raises(PermissionDenied):
        actions.close_account(other, actor=User.objects.get(pk=admin.pk))
    assert User.objects.get(pk=other.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_race_two_administrators_end_each_other(house):
    first, second = spare(house), spare(house)
    refused = []

    def part(user, actor):
        try:
            actions.close_account(user, actor=actor)
        except (ValidationError, PermissionDenied):
            refused.append(actor)
        finally:
            connection.close()

    threads = [
        Thread(target=part, args=(first, second)),
        Thread(target=part, args=(second, first)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert User.objects.filter(pk__in=[first.pk, second.pk], is_active=True).count() == 1


def test_last_administrator_does_not_get_an_end(house, admin):
    other = spare(house)
    actions.set_leaving_day(admin, leaves_on=timezone.localdate(), actor=other)

    with pytest.raises(ValidationError):
        actions.set_leaving_day(other, leaves_on=timezone.localdate(), actor=admin)


# Pages


PAGES = [
    "user",
    "change_user",
    "change_email",
    "set_leaving_day",
    "close_account",
    "reopen_account",
    "give_role",
    "end_role",
]


@pytest.mark.parametrize("page", PAGES)
def test_page_of_a_person_opens_for_who_manages_users(signed_in, admin, caseworker, page):
    assert caseworker.name in signed_in(admin).get(at(page, caseworker.pk)).text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "who", ["caseworker", "coordinator", "dpo", "director", "partner", "donor"]
)
def test_A08_page_of_a_person_is_shut_to_everybody_else(request, signed_in, colleague, page, who):
    client = signed_in(request.getfixturevalue(who))

    answers = {client.get(at(page, colleague.pk)).status_code}
    answers.add(client.post(at(page, colleague.pk), {"role": "administrator"}).status_code)

    assert answers - {405} == {403}
    assert set(colleague.role_assignments.values_list("role_id", flat=True)) == {"caseworker"}
    assert AuditEvent.objects.filter(verb="refuse", result="denied").exists()


@pytest.mark.parametrize("page", PAGES)
def test_person_of_another_house_is_not_there(signed_in, admin, stranger, page):
    assert signed_in(admin).get(at(page, stranger.pk)).status_code == 404


@pytest.mark.parametrize("page", [page for page in PAGES if page != "user"])
def test_each_change_asks_anew_who_is_there(signed_in, admin, caseworker, page):
    answer = signed_in(admin, fresh=False).get(at(page, caseworker.pk))

    assert answer.headers["Location"].startswith("/reauthenticate/?next=")


def test_partner_is_in_the_care_of_an_administrator(signed_in, admin, partner):
    assert partner.name in signed_in(admin).get(at("user", partner.pk)).text


def test_role_is_given_and_ended_on_its_pages(signed_in, admin, caseworker):
    client = signed_in(admin)
    client.post(
        at("give_role", caseworker.pk),
        {"role": "interpreter", "starts_on": str(timezone.localdate()), "ends_on": ""},
    )
    row = caseworker.role_assignments.get(role="interpreter")

    answer = client.post(
        at("end_role", caseworker.pk),
        {"assignment": row.pk, "ends_on": str(timezone.localdate())},
    )

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.ends_on == timezone.localdate()


def test_rule_is_shown_and_nothing_changed(signed_in, admin, caseworker):
    page = signed_in(admin).post(
        at("give_role", caseworker.pk),
        {"role": "administrator", "starts_on": str(timezone.localdate()), "ends_on": ""},
    )

    assert page.status_code == 200
    assert b"must not be able to give themself access" in page.content
    assert caseworker.role_assignments.count() == 1


def test_email_is_changed_and_the_old_address_is_told(signed_in, admin, caseworker):
    caseworker.email = "old@example.org"
    caseworker.save()

    signed_in(admin).post(at("change_email", caseworker.pk), {"email": "new@example.org"})

    caseworker.refresh_from_db()
    assert caseworker.email == "new@example.org"
    told = AddressChange.objects.get()
    assert told.old_address == "old@example.org"
    assert OutboxJob.objects.filter(event="email_changed", args={"change": str(told.pk)}).exists()


def test_account_is_closed_and_opened_again(signed_in, admin, caseworker):
    client = signed_in(admin)
    client.post(at("close_account", caseworker.pk))
    caseworker.refresh_from_db()
    assert caseworker.has_left

    client.post(at("reopen_account", caseworker.pk))

    caseworker.refresh_from_db()
    assert not caseworker.has_left


def test_lists_cost_the_same_for_one_and_for_three(
    signed_in, admin, house, django_assert_num_queries
):
    client = signed_in(admin)
    client.get(USERS)

    def cost():
        with django_assert_num_queries(LIST_COST):
            client.get(USERS)

    cost()
    for _ in range(3):
        factories.UserFactory(organization=house, role="caseworker")
    cost()


def test_views_of_the_list(signed_in, admin, caseworker, partner):
    client = signed_in(admin)
    actions.close_account(caseworker, actor=admin)

    def names(view):
        return [user.name for user in client.get(USERS, {"view": view}).context["users"]]

    assert names("here") == [admin.name]
    assert names("left") == [caseworker.name]
    assert names("outside") == [partner.name]
    assert names("nonsense") == [admin.name]


# Sessions of others


def test_coordinator_signs_a_colleague_out_and_sees_nothing_else(
    signed_in, coordinator, caseworker
):
    theirs = signed_in(caseworker)
    client = signed_in(coordinator)
    page = client.get(at("colleagues"))
    assert [person.name for person in page.context["people"]] == [caseworker.name]

    answer = client.post(at("end_user_sessions", caseworker.pk))

    assert answer.headers["Location"] == at("colleagues")
    assert is_signed_out(theirs)


@pytest.mark.parametrize("who", ["caseworker", "dpo", "director", "partner"])
def test_A08_nobody_else_ends_sessions(request, signed_in, colleague, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(at("colleagues")).status_code == 403
    assert client.post(at("end_user_sessions", colleague.pk)).status_code == 403


def test_session_of_a_stranger_is_not_there(signed_in, coordinator, stranger):
    theirs = signed_in(stranger)

    assert signed_in(coordinator).post(at("end_user_sessions", stranger.pk)).status_code == 404
    assert not is_signed_out(theirs)


def test_own_sessions_are_listed_and_ended(signed_in, caseworker, colleague):
    here, there, third = (signed_in(caseworker) for _ in range(3))
    foreign = signed_in(colleague)
    rows = here.get(at("sessions")).context["sessions"]
    assert sorted(row["is_this"] for row in rows) == [False, False, True]

    other = Session.objects.filter(user=colleague).get()
    assert here.post(at("end_session", other.pk)).status_code == 404
    one = next(row["row"] for row in rows if not row["is_this"])
    here.post(at("end_session", one.pk))
    assert Session.objects.filter(user=caseworker).count() == 2

    here.post(at("end_other_sessions"))

    assert Session.objects.filter(user=caseworker).count() == 1
    assert [is_signed_out(c) for c in (here, there, third)] == [False, True, True]
    assert not is_signed_out(foreign)


# Teams


def test_team_is_made_renamed_and_filled(signed_in, admin, house, caseworker, team):
    client = signed_in(admin)
    client.post(at("new_team"), {"name": "Night shift", "kind": "hub"})
    made = house.teams.get(name="Night shift")
    theirs = signed_in(caseworker)

    client.post(
        at("change_team", made.pk),
        {"name": "Evening shift", "kind": "line", "members": [caseworker.pk]},
    )

    made.refresh_from_db()
    assert (made.name, made.kind) == ("Evening shift", "line")
    assert list(made.members.all()) == [caseworker]
    assert is_signed_out(theirs)
    assert client.get(at("teams")).status_code == 200


def test_house_is_renamed(signed_in, admin, house):
    signed_in(admin).post(at("rename_organization"), {"name_en": "House", "name_sr": "Kuća"})

    house.refresh_from_db()
    assert (house.name_en, house.name_sr) == ("House", "Kuća")


def test_team_of_another_house_is_not_there(signed_in, admin, stranger):
    foreign = stranger.teams.get()

    assert signed_in(admin).get(at("change_team", foreign.pk)).status_code == 404


@pytest.mark.parametrize("page", ["teams", "new_team", "rename_organization"])
def test_A08_teams_are_shut_to_everybody_else(signed_in, caseworker, coordinator, page):
    assert signed_in(caseworker).get(at(page)).status_code == 403
    assert signed_in(coordinator).get(at(page)).status_code == 403


# F134


@pytest.mark.django_db
def test_F134_leadership_writes_nothing_about_clients():
    names = Role.objects.get(pk="leadership").permissions.values_list(
        "content_type__app_label", "codename"
    )
    held = {f"{app}.{codename}" for app, codename in names}

    writing = {name for name in held if not name.split(".")[1].startswith("view_")}
    assert writing <= {
        "accounts.lock_everything",
        "exports.approve_export",
        "protection.report_breach",
        "screening.publish_instrument",
    }
