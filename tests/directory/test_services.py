"""Services: whether there is room, how sure the entry is, what to know before going."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework.models import Person
from directory import actions
from directory.models import Service
from directory.templatetags.directory import lines
from tests.directory.factories import EditorFactory, PlaceFactory, ProfileFactory, ServiceFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


def post(client, verb, pk, **fields):
    url = reverse(f"directory:{verb}", args=[pk])
    return client.post(url, {"operation": uuid4(), **fields})


@pytest.fixture
def own(partner):
    """A service of the partner's institution."""
    ProfileFactory(organization=partner.organization)
    return ServiceFactory(organization=partner.organization)


def test_statuses_are_those_of_a_person_s_record():
    known = set(Person.ResidenceStatus.choices)

    assert set(Service.Residence.choices) == known - {("unknown", "Not known")}


def test_institution_says_whether_there_is_room(client, partner, own):
    client.force_login(partner)

    assert client.get(reverse("directory:set_capacity", args=[own.pk])).status_code == 200
    assert post(client, "set_capacity", own.pk, accepting="yes", places_free=2).status_code == 302

    own.refresh_from_db()
    assert (own.accepts_now, own.places_today, own.capacity_by) == ("yes", 2, partner)
    assert "2 places free" in client.get(own.organization.profile.get_absolute_url()).text
    assert AuditEvent.objects.get(verb="set_capacity").object_id == str(own.pk)


def test_what_was_said_runs_out(partner, own):
    with time_machine.travel(NOON, tick=False):
        actions.set_capacity(own, accepting="yes", places_free=2, actor=partner)
    own.refresh_from_db()

    def on(days):
        with time_machine.travel(NOON + timedelta(days=days), tick=False):
            return own.accepts_now, own.places_today

    assert [on(0), on(1), on(7), on(8)] == [
        ("yes", 2),
        ("yes", None),
        ("yes", None),
        ("unknown", None),
    ]


def test_institution_speaks_for_itself_only(client, partner, caseworker, own):
    client.force_login(partner)
    other = ServiceFactory()

    assert post(client, "set_capacity", other.pk, accepting="yes").status_code == 403
    assert "Is there room?" not in client.get(other.organization.profile.get_absolute_url()).text
    actions.set_capacity(own, accepting="no", actor=caseworker)

    assert Service.objects.get(pk=own.pk).accepting == "no"


def test_more_places_than_can_be_are_refused(client, partner, own):
    client.force_login(partner)

    response = post(client, "set_capacity", own.pk, accepting="yes", places_free=5000)

    assert response.status_code == 200
    assert Service.objects.get(pk=own.pk).capacity_at is None


def test_machine_says_whether_there_is_room(client, partner, own):
    client.force_login(partner)
    json = {"content_type": "application/json"}
    url = f"/api/v1/services/{own.pk}/"

    said = client.post(f"{url}capacity/", {"accepting": "yes", "places_free": 1}, **json)
    wrong = client.post(f"{url}capacity/", {"accepting": "perhaps"}, **json)

    assert (said.json()["accepting"], said.json()["places_free"]) == ("yes", 1)
    assert wrong.status_code == 400


@pytest.mark.parametrize(
    ("days", "fading", "call_first"), [(60, False, False), (61, True, False), (91, True, True)]
)
def test_entry_fades_before_nobody_relies_on_it(days, fading, call_first):
    on = timezone.localdate() - timedelta(days=days)
    service = ServiceFactory(verified_on=on, verified_by=EditorFactory())

    assert (service.is_fading, service.call_first) == (fading, call_first)


def test_entries_nobody_verified_lately_stand_lower(client, caseworker):
    old = ServiceFactory(name_en="A")
    of = {"organization": old.organization, "verified_by": EditorFactory()}
    fresh = ServiceFactory(name_en="B", verified_on=timezone.localdate(), **of)
    amber = ServiceFactory(name_en="C", verified_on=timezone.localdate() - timedelta(days=61), **of)
    client.force_login(caseworker)

    page = client.get(old.organization.profile.get_absolute_url())

    assert [service for service, _form in page.context["offers"]] == [fresh, old, amber]
    assert "Not verified for 60 days" in page.text


@pytest.mark.parametrize(
    ("status", "referable", "for_choice"),
    [
        ("active", True, True),
        ("temporarily closed", False, True),
        ("inactive", False, False),
        ("defunct", False, False),
    ],
)
def test_service_that_is_not_offered_is_not_chosen(status, referable, for_choice):
    service = ServiceFactory(status=status)

    rows = Service.objects.filter(pk=service.pk)

    assert (rows.referable().exists(), rows.for_choice().exists()) == (referable, for_choice)


def test_number_is_confirmed_by_another_than_who_wrote_it(admin, coordinator):
    service = ServiceFactory(phone="011 000 000", phone_status="unconfirmed", edited_by=admin)

    with pytest.raises(ValidationError, match="You wrote this number"):
        actions.verify_service(service, actor=admin)

    assert actions.verify_service(service, actor=coordinator).phone_is_confirmed


def test_hours_costs_and_papers_are_added_shown_and_removed(client, admin, caseworker):
    service = ServiceFactory()
    place = PlaceFactory(organization=service.organization, name_en="Back door")
    client.force_login(admin)

    hours = {"hours-weekdays": ["1", "3"], "hours-opens": "09:00", "hours-closes": "15:30"}
    assert (
        post(client, "add_hours", service.pk, **hours, **{"hours-place": place.pk}).status_code
        == 302
    )
    cost = {"cost-name_en": "First talk", "cost-amount": "0"}
    assert post(client, "add_cost", service.pk, **cost).status_code == 302
    paper = {"document-name_en": "Asylum card"}
    assert post(client, "add_document", service.pk, **paper).status_code == 302
    page = client.get(service.organization.profile.get_absolute_url()).text
    body = client.get(f"/api/v1/services/{service.pk}/").json()

    assert "Monday 09:00–15:30" in " ".join(page.split())
    assert "Back door" in page
    assert "Asylum card" in page
    assert [row["weekday"] for row in body["hours"]] == [1, 3]
    assert (body["costs"][0]["amount"], body["documents"][0]["name_en"]) == ("0.00", "Asylum card")
    for name, rows in (
        ("hours", service.hours),
        ("cost", service.costs),
        ("document", service.documents),
    ):
        for row in rows.all():
            assert post(client, f"remove_{name}", row.pk).status_code == 302
        assert rows.count() == 0
    client.force_login(caseworker)
    assert post(client, "add_cost", service.pk, **cost).status_code == 403
    assert client.get(reverse("directory:details", args=[service.pk])).status_code == 403


def test_hours_in_the_wrong_order_are_told(client, admin):
    service = ServiceFactory()
    client.force_login(admin)

    wrong = {"hours-weekdays": ["1"], "hours-opens": "15:00", "hours-closes": "09:00"}
    response = post(client, "add_hours", service.pk, **wrong)

    assert "It closes after it opens" in response.text
    assert service.hours.count() == 0


def test_hours_of_a_hidden_place_are_not_told(client, caseworker, admin):
    service = ServiceFactory()
    place = PlaceFactory(
        organization=service.organization, visibility="never", name_en="Quiet", edited_by=admin
    )
    actions.add_hours(
        service, weekdays=[1], opens="09:00", closes="10:00", place=place, actor=admin
    )
    client.force_login(caseworker)

    assert "09:00" not in client.get(service.organization.profile.get_absolute_url()).text
    assert client.get(f"/api/v1/services/{service.pk}/").json()["hours"] == []


def test_place_of_another_institution_has_no_hours_here(admin):
    with pytest.raises(ValidationError) as refused:
        actions.add_hours(
            ServiceFactory(),
            weekdays=[1],
            opens="09:00",
            closes="10:00",
            place=PlaceFactory(),
            actor=admin,
        )

    assert list(refused.value.message_dict) == ["place"]


def test_caseworker_adds_no_detail(caseworker):
    with pytest.raises(PermissionDenied):
        actions.add_cost(ServiceFactory(), name_en="Fee", actor=caseworker)


def test_days_in_a_row_are_said_in_one_line(admin):
    service = ServiceFactory()
    for days, opens in (([1, 2, 3, 5], "09:00"), ([4], "12:00")):
        actions.add_hours(service, weekdays=days, opens=opens, closes="15:00", actor=admin)

    said = [(line.days, line.first.opens.hour) for line in lines(service.hours.all())]

    assert said == [("Monday–Wednesday", 9), ("Thursday", 12), ("Friday", 9)]
