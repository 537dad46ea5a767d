"""Whom to reach at an institution: two people stand behind every number and address."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import AuditEvent, Delivery
from directory import actions
from directory.models import Change, Contact
from tests.directory.factories import (
    ChangeFactory,
    ContactFactory,
    InstitutionFactory,
    LanguageFactory,
    ProfileFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db

NEW = {"role": "focal", "name": "Duty desk", "email": "desk@institution.example"}


@pytest.fixture
def contact(partner):
    """A contact of the partner's institution."""
    ProfileFactory(organization=partner.organization)
    return ContactFactory(organization=partner.organization)


def send(client, verb, pk, **fields):
    url = reverse(f"directory:{verb}", args=[pk])
    return client.post(url, {"operation": uuid4(), **fields})


def test_for_referral_gives_the_focal_point_of_the_service_first():
    service = ServiceFactory()
    of = {"organization": service.organization}
    manager = ContactFactory(**of, role="manager")
    deputy = ContactFactory(**of, role="deputy")
    everywhere = ContactFactory(**of)
    own = ContactFactory(**of, service=service)
    ContactFactory(**of, verified_on=None, verified_by=None)
    ContactFactory(**of, is_active=False)
    ContactFactory(**of, service=ServiceFactory(**of))
    ContactFactory()

    assert list(Contact.objects.for_referral(service)) == [own, everywhere, deputy, manager]


def test_contact_is_added_unverified_and_written_down(coordinator):
    institution = InstitutionFactory()

    contact = actions.create_contact(institution, actor=coordinator, **NEW)

    assert (contact.email, contact.verified_on) == ("desk@institution.example", None)
    assert list(Contact.objects.for_referral(ServiceFactory(organization=institution))) == []
    event = AuditEvent.objects.get(actor=coordinator)
    assert (event.verb, event.object_id) == ("create_contact", str(contact.pk))


def test_contact_is_verified_by_somebody_else(coordinator, caseworker):
    contact = actions.create_contact(InstitutionFactory(), actor=coordinator, **NEW)

    with pytest.raises(ValidationError, match="Somebody else"):
        actions.verify_contact(contact, actor=coordinator)
    actions.verify_contact(contact, actor=caseworker)

    contact.refresh_from_db()
    assert contact.verified_by == caseworker


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"email": ""}, "__all__"), ({"phone": "call me"}, "phone"), ({"email": "x"}, "email")],
)
def test_contact_that_cannot_be_reached_is_refused(coordinator, wrong, field):
    with pytest.raises(ValidationError) as refused:
        actions.create_contact(InstitutionFactory(), actor=coordinator, **{**NEW, **wrong})

    assert list(refused.value.message_dict) == [field]


def test_service_of_another_institution_is_refused(coordinator):
    with pytest.raises(ValidationError) as refused:
        actions.create_contact(
            InstitutionFactory(), actor=coordinator, service=ServiceFactory(), **NEW
        )

    assert list(refused.value.message_dict) == ["service"]


@pytest.mark.parametrize(("field", "new"), [("phone", "011 222 222"), ("email", "b@c.example")])
def test_K07_new_address_waits_for_a_second_person(coordinator, admin, contact, field, new):
    old, old_email = getattr(contact, field), contact.email

    actions.change_contact(contact, actor=coordinator, name="New name", **{field: new})

    contact.refresh_from_db()
    assert (contact.name, getattr(contact, field)) == ("New name", old)
    change = Change.objects.get()
    assert (change.field, change.old, change.new) == (field, old, new)
    with pytest.raises(ValidationError, match="Somebody else"):
        actions.confirm_change(change, actor=coordinator)

    actions.confirm_change(change, actor=admin)

    contact.refresh_from_db()
    assert (getattr(contact, field), contact.verified_by) == (new, admin)
    assert contact.history.count() == 2
    told = Delivery.objects.get()
    assert (told.text, told.open()["to"]) == ("contact_changed", old_email)


def test_newer_word_takes_the_place_of_the_one_that_waits(coordinator, contact):
    actions.change_contact(contact, actor=coordinator, phone="011 222 222")
    actions.change_contact(contact, actor=coordinator, phone="011 333 333")

    assert list(Change.objects.waiting().values_list("new", flat=True)) == ["011 333 333"]


def test_number_out_of_shape_is_refused_before_it_waits(coordinator, contact):
    with pytest.raises(ValidationError) as refused:
        actions.change_contact(contact, actor=coordinator, phone="at home")

    assert list(refused.value.message_dict) == ["phone"]
    assert not Change.objects.exists()


def test_second_word_on_a_change_is_refused(coordinator, admin):
    change = ChangeFactory()
    actions.confirm_change(change, actor=admin)

    with pytest.raises(ValidationError) as refused:
        actions.refuse_change(change, actor=coordinator)

    assert refused.value.code == "answered"
    assert Delivery.objects.count() == 1


def test_change_of_an_entry_that_moved_on_is_refused(admin):
    change = ChangeFactory()
    Contact.objects.update(phone="011 999 999")

    with pytest.raises(ValidationError) as refused:
        actions.confirm_change(change, actor=admin)

    assert refused.value.code == "stale"


def test_refused_change_leaves_the_entry(coordinator):
    change = ChangeFactory()

    actions.refuse_change(change, actor=coordinator)

    change.contact.refresh_from_db()
    assert (change.contact.phone, Change.objects.get().state) == ("011 000 000", "refused")


@pytest.mark.parametrize("verb", ["create_contact", "change_contact", "confirm_change"])
def test_caseworker_writes_no_contact(caseworker, contact, verb):
    target = {"create_contact": contact.organization, "change_contact": contact}
    with pytest.raises(PermissionDenied):
        getattr(actions, verb)(target.get(verb) or ChangeFactory(), actor=caseworker)


# The pages


def test_contacts_stand_on_the_page_of_their_institution(client, caseworker):
    contact = ContactFactory(language=LanguageFactory())
    client.force_login(caseworker)

    page = client.get(contact.get_absolute_url()).text

    assert contact.email in page
    assert "Add contact" not in page


def test_institution_sees_its_own_contacts_only(client, partner, contact):
    other = ContactFactory()
    client.force_login(partner)

    assert other.email not in client.get(other.get_absolute_url()).text
    assert list(Contact.objects.shown_to(partner)) == [contact]
    assert list(Contact.objects.shown_to(None)) == []
    assert client.get(reverse("directory:change_contact", args=[other.pk])).status_code == 404
    assert client.get(reverse("directory:change_contact", args=[contact.pk])).status_code in (
        403,
        404,
    )


def test_contact_is_added_changed_and_verified_on_the_page(client, coordinator, caseworker):
    institution = InstitutionFactory()
    client.force_login(coordinator)

    assert send(client, "create_contact", institution.pk, **NEW).status_code == 302
    contact = Contact.objects.get()
    changed = {**NEW, "version": 1, "is_active": "on", "email": "new@institution.example"}
    client.get(reverse("directory:change_contact", args=[contact.pk]))
    assert send(client, "change_contact", contact.pk, **changed).status_code == 302
    assert "Somebody else has to verify" in send(client, "verify_contact", contact.pk).text
    client.force_login(caseworker)
    assert send(client, "verify_contact", contact.pk).status_code == 302

    contact.refresh_from_db()
    assert (contact.email, contact.verified_by) == (NEW["email"], caseworker)


def test_change_is_confirmed_on_the_page_once(client, admin):
    change = ChangeFactory()
    client.force_login(admin)

    assert "011 111 111" in client.get(reverse("directory:changes")).text
    assert send(client, "confirm_change", change.pk).status_code == 302
    assert "Somebody decided this already" in send(client, "refuse_change", change.pk).text

    change.contact.refresh_from_db()
    assert change.contact.phone == "011 111 111"


def test_change_is_refused_on_the_page(client, admin):
    change = ChangeFactory()
    client.force_login(admin)

    assert send(client, "refuse_change", change.pk).status_code == 302

    assert Change.objects.get().state == Change.State.REFUSED


def test_stranger_to_the_institution_does_not_find_its_change(client, partner):
    client.force_login(partner)

    assert send(client, "confirm_change", ChangeFactory().pk).status_code == 404


def test_caseworker_reads_what_waits_and_decides_nothing(client, caseworker):
    change = ChangeFactory()
    client.force_login(caseworker)

    address = reverse("directory:confirm_change", args=[change.pk])
    assert address not in client.get(reverse("directory:changes")).text
    assert send(client, "confirm_change", change.pk).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_changes_ask_the_same_number_of_questions(client, admin, django_assert_num_queries, rows):
    ChangeFactory.create_batch(rows)
    client.force_login(admin)

    with django_assert_num_queries(8):
        response = client.get(reverse("directory:changes"))

    assert len(response.context["rows"]) == rows


# The API


def test_api_reads_writes_and_confirms(client, coordinator, admin):
    institution = InstitutionFactory()
    json = {"content_type": "application/json"}
    client.force_login(coordinator)

    made = client.post("/api/v1/contacts/", {**NEW, "organization": str(institution.pk)}, **json)
    url = f"/api/v1/contacts/{made.json()['id']}/"
    changed = client.patch(url, {"phone": "011 222 222", "version": 1}, **json)
    (change,) = client.get("/api/v1/changes/").json()["results"]
    client.force_login(admin)
    confirmed = client.post(f"/api/v1/changes/{change['id']}/confirm/")
    again = client.post(f"/api/v1/changes/{change['id']}/refuse/")

    assert (made.status_code, changed.json()["phone"]) == (201, "")
    assert (confirmed.json()["state"], again.status_code) == ("made", 409)
    assert client.post(f"{url}verify/").status_code == 200
    assert client.get(url).json()["phone"] == "011 222 222"
