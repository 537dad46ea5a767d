"""What an institution asks for in its own entries: agreed to field by field, by others."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from directory import actions
from directory.models import Change, Contact, Place, Service
from tests.directory.factories import (
    ContactFactory,
    LanguageFactory,
    PlaceFactory,
    ProfileFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db

OWN = {"service": ServiceFactory, "contact": ContactFactory, "place": PlaceFactory}


@pytest.fixture
def own(partner):
    """{kind: an entry of the partner's institution}"""
    ProfileFactory(organization=partner.organization)
    return {kind: factory(organization=partner.organization) for kind, factory in OWN.items()}


def wish(target, actor, **facts):
    """Ask for changes; those that wait."""
    actions.propose_change(target, actor=actor, **facts)
    return list(Change.objects.of(target).waiting())


def press(client, verb, change):
    url = reverse(f"directory:{verb}", args=[change.pk])
    return client.post(url, {"operation": uuid4()})


def sent(form):
    """What a browser would send of a form as it stands."""
    told = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return {**told, "operation": uuid4()}


def test_service_changes_field_by_field(partner, admin, coordinator, own):
    service, farsi = own["service"], LanguageFactory()

    asked = wish(
        service,
        partner,
        name_en="Night shelter",
        languages=[farsi],
        min_age=18,
        phone="011 222 222",
        name_sr=service.name_sr,
    )
    by_field = {change.field: change for change in asked}
    for name in ("name_en", "languages", "phone"):
        actions.agree_to_change(by_field[name], actor=admin)
    actions.refuse_change(by_field["min_age"], actor=admin)

    service.refresh_from_db()
    assert sorted(by_field) == ["languages", "min_age", "name_en", "phone"]
    assert (service.name_en, service.min_age, service.phone) == ("Night shelter", None, "")
    assert list(service.languages.all()) == [farsi]
    with pytest.raises(ValidationError, match="Somebody else"):
        actions.confirm_change(by_field["phone"], actor=admin)

    actions.confirm_change(by_field["phone"], actor=coordinator)

    service.refresh_from_db()
    assert (service.phone, service.phone_status) == ("011 222 222", "confirmed")
    assert service.history.count() == 3
    assert {c.field: c.state for c in Change.objects.all()} == {
        "languages": "made",
        "min_age": "refused",
        "name_en": "made",
        "phone": "made",
    }


def test_only_the_own_institution_is_asked_for(partner, own):
    with pytest.raises(PermissionDenied):
        actions.propose_change(ServiceFactory(), actor=partner, name_en="Ours")
    with pytest.raises(PermissionDenied):
        actions.agree_to_change(wish(own["service"], partner, name_en="Ours")[0], actor=partner)


def test_second_wish_takes_the_place_of_the_first_one(partner, own):
    actions.propose_change(own["service"], actor=partner, name_en="One")
    actions.propose_change(own["service"], actor=partner, name_en="Two")

    assert list(Change.objects.waiting().values_list("new", flat=True)) == ["Two"]


def test_wish_stands_back_behind_a_change_of_an_editor(partner, coordinator, own):
    actions.change_contact(own["contact"], actor=coordinator, phone="011 333 333")

    with pytest.raises(ValidationError, match="waits already"):
        actions.propose_change(own["contact"], actor=partner, phone="011 222 222")


@pytest.mark.parametrize(
    ("wrong", "field"), [({"phone": "call"}, "phone"), ({"min_age": -3}, "min_age")]
)
def test_wish_that_cannot_be_is_refused(partner, own, wrong, field):
    with pytest.raises(ValidationError) as refused:
        actions.propose_change(own["service"], actor=partner, **wrong)

    assert list(refused.value.message_dict) == [field]


def test_entry_looked_at_too_long_ago_is_refused(partner, own):
    with pytest.raises(ValidationError) as refused:
        actions.propose_change(own["service"], actor=partner, version=7, name_en="Ours")

    assert refused.value.code == "stale"


def test_two_agreements_are_one(partner, admin, coordinator, own):
    (change,) = wish(own["place"], partner, address="Main street 1")
    actions.agree_to_change(change, actor=admin)

    with pytest.raises(ValidationError) as refused:
        actions.agree_to_change(change, actor=coordinator)

    place = Place.objects.get(pk=own["place"].pk)
    assert (refused.value.code, place.version, place.address) == ("answered", 2, "Main street 1")


def test_change_that_no_longer_fits_the_entry_is_told(partner, admin, own):
    (change,) = wish(own["service"], partner, max_age=12)
    Service.objects.filter(pk=own["service"].pk).update(min_age=18)

    with pytest.raises(ValidationError, match="Ages go"):
        actions.agree_to_change(change, actor=admin)

    assert Change.objects.get().state == "proposed"


@pytest.mark.parametrize("kind", sorted(OWN))
def test_wish_is_written_on_the_page_and_agreed_to(client, partner, admin, own, kind):
    url = reverse(f"directory:propose_{kind}", args=[own[kind].pk])
    field = "name" if kind == "contact" else "name_en"
    client.force_login(partner)

    form = client.get(url).context["form"]
    assert url in client.get(own["contact"].get_absolute_url()).text
    assert client.post(url, {**sent(form), field: "As it is now"}).status_code == 302
    change = Change.objects.get()
    client.force_login(admin)
    assert "As it is now" in client.get(reverse("directory:changes")).text
    assert press(client, "agree_to_change", change).status_code == 302
    assert "Somebody decided this already" in press(client, "agree_to_change", change).text

    own[kind].refresh_from_db()
    assert getattr(own[kind], field) == "As it is now"


@pytest.mark.parametrize("kind", sorted(OWN))
def test_entry_of_another_institution_is_not_found(client, partner, caseworker, own, kind):
    client.force_login(partner)
    other = OWN[kind]()
    assert client.get(reverse(f"directory:propose_{kind}", args=[other.pk])).status_code == 404

    client.force_login(caseworker)
    assert client.get(reverse(f"directory:propose_{kind}", args=[other.pk])).status_code == 403


def test_place_kept_from_the_institution_is_not_told_by_its_changes(client, partner, admin, own):
    place = PlaceFactory(organization=partner.organization, visibility="partners")
    actions.propose_change(place, actor=partner, address="Hidden street 1")
    Place.objects.filter(pk=place.pk).update(visibility="staff")
    client.force_login(partner)

    assert client.get(reverse("directory:propose_place", args=[place.pk])).status_code == 404
    assert "Hidden street" not in client.get(reverse("directory:changes")).text
    assert client.get("/api/v1/changes/").json()["results"] == []
    client.force_login(admin)
    assert "Hidden street" in client.get(reverse("directory:changes")).text


def test_colleague_without_the_right_decides_nothing(client, caseworker, partner, own):
    (change,) = wish(own["service"], partner, name_en="Ours")
    client.force_login(caseworker)

    assert press(client, "agree_to_change", change).status_code == 403
    assert press(client, "refuse_change", change).status_code == 403
    assert client.post(f"/api/v1/changes/{change.pk}/agree/").status_code == 403


def test_change_is_agreed_to_by_machine(client, admin, partner, own):
    (change,) = wish(own["contact"], partner, name="New desk")
    client.force_login(admin)

    assert client.post(f"/api/v1/changes/{change.pk}/agree/").json()["state"] == "made"

    assert Contact.objects.get(pk=own["contact"].pk).name == "New desk"
