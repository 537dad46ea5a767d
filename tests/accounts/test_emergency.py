"""H12: one person closes everything, two open it again."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions, lock
from accounts.models import AuditEvent, EmergencyLock, Session, User
from tests import factories

EMERGENCY, LIFT = "/settings/emergency/", "/settings/emergency/lift/"
ALLOWED = ["coordinator", "director", "dpo", "admin"]
OTHERS = ["caseworker", "mobile", "operator", "interpreter", "partner", "donor"]


def person(request, name):
    return request.getfixturevalue(name)


def anew(user):
    """The person as the database has her: the lock raised her epoch."""
    return User.objects.get(pk=user.pk)


def lock_it(actor=None):
    return actions.lock_everything(reason="raid", actor=actor)


@pytest.mark.parametrize("name", ALLOWED)
def test_H12_who_may_locks_from_one_page_and_everybody_is_out(
    request, signed_in, caseworker, partner, name
):
    others = [signed_in(caseworker), signed_in(partner)]
    client = signed_in(person(request, name))
    assert client.get(EMERGENCY).status_code == 200

    answer = client.post(EMERGENCY, {"reason": "raid"})

    assert answer.status_code == 200
    assert lock.is_on()
    assert not Session.objects.exists()
    for each in [*others, client]:
        said = each.get("/")
        assert said.status_code == 503
        assert b"Not available" in said.content
        assert b"Casework" not in said.content.split(b"<body")[1]
    assert EmergencyLock.objects.get().locked_by == person(request, name)


@pytest.mark.parametrize("name", OTHERS)
def test_H12_nobody_else_may_lock_or_open(request, signed_in, name):
    client = signed_in(person(request, name))
    assert client.get(EMERGENCY).status_code == 403
    assert client.post(EMERGENCY, {"reason": "raid"}).status_code == 403
    assert client.post(LIFT).status_code == 403
    assert not lock.is_on()

    lock_it()

    late = signed_in(anew(person(request, name)))
    assert late.get(EMERGENCY).status_code == 503
    assert late.post(LIFT).status_code == 503
    assert EmergencyLock.objects.get().first_lifted_by is None


def test_H12_everything_stops_pages_api_downloads_and_links(client, signed_in, caseworker, admin):
    lock_it()
    inside = signed_in(anew(caseworker))

    for path in [
        "/",
        "/people/",
        "/api/v1/people/",
        "/reports/",
        "/exports/",
        "/partner/",
        "/admin/",
    ]:
        assert inside.get(path).status_code in {503, 404}, path
        assert client.get(path).status_code in {503, 404}, path
    assert inside.get("/api/v1/people/").json()["code"] == "not_available"
    assert client.get("/healthz").status_code == 200


def test_H12_two_people_open_and_one_does_not(signed_in, coordinator, director):
    lock_it(coordinator)
    first = signed_in(anew(coordinator))
    assert first.get(EMERGENCY).status_code == 200
    first.post(LIFT)
    assert lock.is_on()
    again = first.post(LIFT)
    assert again.status_code == 400
    assert lock.is_on()

    second = signed_in(anew(director))
    answer = second.post(LIFT)

    assert answer.status_code == 302
    assert not lock.is_on()
    row = EmergencyLock.objects.get()
    assert (row.first_lifted_by, row.lifted_by) == (coordinator, director)
    verbs = ["lock_everything", "agree_to_lift_lock", "lift_lock"]
    found = AuditEvent.objects.filter(verb__in=verbs).order_by("id")
    assert list(found.values_list("verb", flat=True)) == verbs


def test_H12_agreement_grows_old(coordinator, director):
    lock_it()
    actions.lift_lock(actor=coordinator)
    EmergencyLock.objects.update(first_lifted_at=timezone.now() - timezone.timedelta(hours=2))

    actions.lift_lock(actor=director)

    assert lock.is_on()
    assert EmergencyLock.objects.get().first_lifted_by == director


def test_H12_session_made_at_the_same_moment_is_dead(signed_in, caseworker, coordinator, director):
    before = User.objects.get(pk=caseworker.pk)
    lock_it()
    late = signed_in(before)
    actions.lift_lock(actor=coordinator)
    actions.lift_lock(actor=director)

    assert late.get("/").status_code == 302


def test_H12_locking_asks_who_is_there_and_keeps_the_answer(signed_in, coordinator):
    client = signed_in(coordinator, fresh=False)

    assert client.get(EMERGENCY).headers["Location"].startswith("/reauthenticate/?next=")
    assert (
        client.post(EMERGENCY, {"reason": "raid"})
        .headers["Location"]
        .startswith("/reauthenticate/?draft=")
    )
    assert not lock.is_on()


def test_H12_lock_costs_no_query_of_its_own(signed_in, caseworker, django_assert_num_queries):
    client = signed_in(caseworker)

    with django_assert_num_queries(4):
        client.get("/settings/lock/state/", headers={"X-Background": "1"})


@pytest.mark.django_db
def test_H12_database_refuses_a_lock_that_one_person_opened(coordinator):
    row = lock_it()

    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyLock.objects.filter(pk=row.pk).update(
            first_lifted_by=coordinator, lifted_by=coordinator, lifted_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyLock.objects.create(reason="raid")


@pytest.mark.django_db
def test_H12_command_locks_tells_and_needs_two_to_open(coordinator, director, caseworker):
    def say(*words):
        out = StringIO()
        call_command("emergency_lock", *words, stdout=out)
        return out.getvalue().strip()

    assert say("status") == "open"
    assert say("on", "--reason", "raid") == "locked"
    assert say("on") == "locked"
    assert EmergencyLock.objects.count() == 1
    assert say("off", "--by", coordinator.username) == "locked"
    with pytest.raises(CommandError):
        say("off", "--by", coordinator.username)
    with pytest.raises(CommandError):
        say("off", "--by", caseworker.username)
    with pytest.raises(CommandError):
        say("off")
    assert say("off", "--by", director.username) == "open"


def test_H12_lifting_nothing_is_refused(coordinator, caseworker):
    with pytest.raises(ValidationError):
        actions.lift_lock(actor=coordinator)
    with pytest.raises(PermissionDenied):
        actions.lock_everything(reason="raid", actor=caseworker)


def test_H12_way_to_the_lock_is_in_everybodys_menu_who_may(signed_in, coordinator, caseworker):
    assert EMERGENCY.encode() in signed_in(coordinator).get("/settings/").content
    assert EMERGENCY.encode() not in signed_in(caseworker).get("/settings/").content


@pytest.mark.django_db(transaction=True)
def test_H12_race_two_lock_at_once(house):
    actor = factories.UserFactory(organization=house, role="coordinator")
    actions.lock_everything(reason="raid", actor=actor)
    actions.lock_everything(reason="leak", actor=actor)

    assert EmergencyLock.objects.in_force().count() == 1
