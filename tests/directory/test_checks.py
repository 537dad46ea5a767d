"""The monthly question by a link: asked once, changed by no look, answered once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Delivery
from accounts.post import written
from directory import actions
from directory.actions.checks import Said
from directory.models import EntryCheck, Service
from directory.tasks import ask_due_checks
from tests.directory.factories import ContactFactory, EditorFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    """An entry that nobody verified, of an institution with somebody to ask."""
    service = ServiceFactory()
    ContactFactory(organization=service.organization)
    return service


@pytest.fixture
def link(service, settings):
    """The link as it stands in the message."""
    settings.SITE_URL = "https://casework.example"
    actions.ask_due_checks()
    letter = written(Delivery.objects.get())
    return next(word for word in letter.body.split() if "/still/" in word)


def path_of(link):
    return link[link.index("/directory/") :]


def answer(**more):
    return {"answer": "1", "right_0": "yes", "accepting_0": "yes", "free_0": "2", **more}


def test_focal_point_is_asked_once_a_month(service):
    ContactFactory(organization=service.organization, role="deputy")

    assert (actions.ask_due_checks(), actions.ask_due_checks()) == (1, 0)

    check = EntryCheck.objects.get()
    assert check.contact.role == "focal"
    delivery = Delivery.objects.get()
    assert (delivery.text, delivery.open()["to"]) == ("entry_check", check.contact.email)


@pytest.mark.parametrize(
    "contact",
    [
        {"is_active": False},
        {"verified_on": None, "verified_by": None},
        {"email": "", "phone": "011 000 000"},
    ],
)
def test_whom_nobody_verified_or_who_has_no_mail_is_not_asked(contact):
    ContactFactory(organization=ServiceFactory().organization, **contact)

    assert actions.ask_due_checks() == 0


@pytest.mark.parametrize(("days", "asked"), [(29, 0), (30, 0), (31, 1)])
def test_entry_verified_lately_is_not_asked_for(days, asked):
    day = timezone.localdate() - timedelta(days=days)
    service = ServiceFactory(verified_on=day, verified_by=EditorFactory())
    ContactFactory(organization=service.organization)

    assert actions.ask_due_checks() == asked


def test_task_and_command_ask(service, capsys):
    ask_due_checks()
    assert EntryCheck.objects.count() == 1

    call_command("ask_due_checks")

    assert capsys.readouterr().out == "0 asked\n"


def test_looking_a_hundred_times_changes_and_shows_nothing(client, link, service):
    pages = {client.get(path_of(link)).text.count(service.name) for _ in range(100)}

    assert pages == {0}
    assert EntryCheck.objects.get().answered_at is None


def test_answer_verifies_and_says_where_there_is_room(client, link, service):
    shown = client.post(path_of(link))
    thanks = client.post(path_of(link), answer(remark="New street"))
    again = client.post(path_of(link), answer(free_0="9"))

    assert service.name in shown.text
    assert (thanks.status_code, again.status_code) == (200, 410)
    service.refresh_from_db()
    check = EntryCheck.objects.get()
    assert (service.verified_on, service.verifier) == (timezone.localdate(), check.contact.name)
    assert (service.accepts_now, service.places_today) == ("yes", 2)
    assert check.remark == "New street"
    assert AuditEvent.objects.get(verb="answer_check").object_id == str(check.pk)


def test_entry_that_is_not_right_is_verified_by_nobody(client, link, service):
    Service.objects.update(verified_on=timezone.localdate(), verified_by=EditorFactory())

    client.post(path_of(link), answer(right_0="no"))

    service.refresh_from_db()
    assert (service.verified_on, service.call_first) == (None, True)


def test_answer_with_gaps_is_told_and_not_taken(client, link):
    response = client.post(path_of(link), {"answer": "1"})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert EntryCheck.objects.get().answered_at is None


def test_second_answer_at_the_same_time_is_refused(service, link):
    token = path_of(link).rstrip("/").rpartition("/")[2]
    said = {service.pk: Said(True, "no", None)}
    actions.answer_check(token, said=said)

    with pytest.raises(ValidationError) as refused:
        actions.answer_check(token, said=said)

    assert refused.value.code == "over"


def test_service_of_another_institution_is_out_of_reach(link):
    other = ServiceFactory()
    token = path_of(link).rstrip("/").rpartition("/")[2]

    actions.answer_check(token, said={other.pk: Said(True, "yes", 1)})

    assert Service.objects.get(pk=other.pk).verified_on is None


@pytest.mark.parametrize("state", ["expired", "left", "unknown"])
def test_link_that_is_over_shows_nothing(client, link, service, state):
    if state == "expired":
        EntryCheck.objects.update(expires_at=timezone.now())
    if state == "left":
        EntryCheck.objects.get().contact.__class__.objects.update(is_active=False)
    path = (
        reverse("directory:still_right", args=["x" * 43]) if state == "unknown" else path_of(link)
    )

    for response in (client.get(path), client.post(path), client.post(path, answer())):
        assert response.status_code == 410
        assert service.name not in response.text
    assert Service.objects.get(pk=service.pk).verified_on is None


def test_newer_message_makes_the_earlier_link_dead(client, link):
    written(Delivery.objects.get())

    assert client.get(path_of(link)).status_code == 410
