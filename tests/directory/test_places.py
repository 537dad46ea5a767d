"""Where help is given: each door shows a reader the places that she may know of."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.scope import acting_as
from directory import actions
from directory.models import District, Municipality, OrganizationProfile, Place
from tests.directory.factories import (
    EditorFactory,
    InstitutionFactory,
    PlaceFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db

FACTS = {"name_en": "House", "name_sr": "Kuća", "visibility": "staff"}
# {reader: the visibilities of the places that she may know of}
SEEN = {
    "nobody": {"public"},
    "partner": {"public", "partners"},
    "caseworker": {"public", "partners", "staff"},
    "admin": {"public", "partners", "staff"},
    "editor": {"public", "partners", "staff", "never"},
}
READERS = sorted(SEEN)


@pytest.fixture
def editor(house):
    """Another administrator: the one who wrote the places."""
    return EditorFactory(organization=house)


@pytest.fixture
def institution(editor):
    """An institution with a place of each visibility, each of them in a street of its own."""
    institution = InstitutionFactory()
    for visibility in Place.Visibility.values:
        PlaceFactory(
            organization=institution,
            visibility=visibility,
            address=f"{visibility}street 1",
            edited_by=editor,
        )
    return institution


@pytest.fixture
def reader(request, institution):
    name = request.param
    return name, None if name == "nobody" else request.getfixturevalue(name)


def give_role_of(user, other):
    for assignment in other.role_assignments.all():
        user.role_assignments.create(role=assignment.role)


readers = pytest.mark.parametrize("reader", READERS, indirect=True)


@readers
def test_places_are_shown_by_visibility(reader, institution):
    name, user = reader

    assert set(Place.objects.shown_to(user).values_list("visibility", flat=True)) == SEEN[name]


@readers
def test_search_finds_no_place_that_the_reader_may_not_know_of(reader, institution):
    name, user = reader

    found = {
        word
        for word in Place.Visibility.values
        if OrganizationProfile.objects.matching(f"{word}street", reader=user).exists()
    }

    assert found == SEEN[name]


@readers
def test_the_database_itself_shows_no_other_place(reader, institution, client):
    """As the web's own role, with the gate left out."""
    name, user = reader
    with acting_as(user):
        seen = set(Place.objects.values_list("visibility", flat=True))
        kept = Place.history.rel.related_model.objects.count()

    assert (seen, kept) == (SEEN[name], 0)


@pytest.mark.parametrize("reader", ["caseworker", "editor", "partner"], indirect=True)
def test_page_and_api_show_no_other_place(reader, institution, client, admin):
    name, user = reader
    if name == "editor":
        give_role_of(user, admin)
    client.force_login(user)

    page = client.get(reverse("directory:organization", args=[institution.pk])).text
    rows = client.get("/api/v1/places/").json()["results"]
    places = {place.visibility: place for place in Place.objects.all()}
    single = {
        v for v, p in places.items() if client.get(f"/api/v1/places/{p.pk}/").status_code < 300
    }

    assert {v for v in Place.Visibility.values if f"{v}street" in page} == SEEN[name]
    assert {row["visibility"] for row in rows} == single == SEEN[name]


def test_list_by_municipality_knows_no_hidden_place(client, caseworker, editor):
    hidden = PlaceFactory(visibility="never", municipality_id="sid", edited_by=editor)
    open_one = PlaceFactory(municipality_id="sid")
    client.force_login(caseworker)

    response = client.get(reverse("directory:organizations"), {"municipality": "sid"})

    assert [row.pk for row in response.context["page"]] == [open_one.organization_id]
    assert hidden.organization_id != open_one.organization_id


def test_place_is_added_and_changed_on_the_page(client, admin):
    service = ServiceFactory()
    client.force_login(admin)
    new = reverse("directory:create_place", args=[service.organization_id])

    sent = {**FACTS, "services": [service.pk], "municipality": "zemun", "operation": uuid4()}
    assert client.post(new, sent).status_code == 302
    place = Place.objects.get()
    change = reverse("directory:change_place", args=[place.pk])
    assert "Kuća" in client.get(change).text
    sent = {**FACTS, "name_en": "Home", "version": 1, "operation": uuid4()}
    assert client.post(change, sent).status_code == 302
    stale = client.post(change, {**sent, "operation": uuid4()})

    place.refresh_from_db()
    assert (place.name_en, place.edited_by, place.services.count()) == ("Home", admin, 0)
    assert "while you had it open" in stale.text
    verbs = AuditEvent.objects.filter(object_id=str(place.pk)).values_list("verb", flat=True)
    assert sorted(verbs) == ["change_place", "create_place"]


def test_place_nobody_else_may_know_of_is_not_found_by_others(client, admin, editor):
    place = PlaceFactory(visibility="never", edited_by=editor)
    client.force_login(admin)

    assert client.get(reverse("directory:change_place", args=[place.pk])).status_code == 404


def test_caseworker_changes_no_place(client, caseworker):
    client.force_login(caseworker)
    place = PlaceFactory()

    assert client.get(reverse("directory:change_place", args=[place.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.change_place(place, actor=caseworker, name_en="Home")
    with pytest.raises(PermissionDenied):
        actions.create_place(place.organization, actor=caseworker, **FACTS)


def test_service_of_another_institution_is_not_given_there(admin):
    with pytest.raises(ValidationError) as refused:
        actions.create_place(
            InstitutionFactory(), actor=admin, services=[ServiceFactory()], **FACTS
        )

    assert list(refused.value.message_dict) == ["services"]


def test_place_is_written_by_machine(client, admin):
    institution = InstitutionFactory()
    client.force_login(admin)
    json = {"content_type": "application/json"}

    made = client.post("/api/v1/places/", {**FACTS, "organization": str(institution.pk)}, **json)
    url = f"/api/v1/places/{made.json()['id']}/"
    changed = client.patch(url, {"address": "Main street 1", "version": 1}, **json)

    assert (made.status_code, changed.json()["address"]) == (201, "Main street 1")


def test_municipalities_of_serbia_with_their_districts():
    belgrade = Municipality.objects.filter(district="grad-beograd")

    assert (District.objects.count(), Municipality.objects.count()) == (25, 161)
    assert belgrade.count() == 17
    assert Municipality.objects.get(pk="sid").district.name_sr == "Sremski okrug"
