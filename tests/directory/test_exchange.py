"""The directory as HSDS 3: written for a circle of readers, taken in whole or not at all."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent, Organization
from directory import actions
from directory.exports import hsds_document
from directory.hsds import ExchangeError, read_document
from directory.models import Change, Contact, Place, Service
from tests.directory.factories import (
    ContactFactory,
    EditorFactory,
    LanguageFactory,
    PlaceFactory,
    ServiceFactory,
    ServiceTypeFactory,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("directory:exchange")
ORGANIZATION = {"id": "11111111-1111-4111-8111-111111111111", "name": "Legal clinic"}
SERVICE = {
    "id": "22222222-2222-4222-8222-222222222222",
    "organization_id": ORGANIZATION["id"],
    "name": "Advice",
    "status": "active",
}


@pytest.fixture
def service(admin):
    """A service of which all is known."""
    service = ServiceFactory(
        phone="011 000 000", phone_status="confirmed", min_age=18, sexes=["female"], wait_days=3
    )
    service.languages.add(LanguageFactory())
    service.serves.add("zemun")
    place = PlaceFactory(organization=service.organization, address="Main street 1")
    place.services.add(service)
    day = {"weekdays": [1], "opens": "09:00", "closes": "15:00", "actor": admin}
    actions.add_hours(service, place=place, **day)
    actions.add_hours(service, **day)
    actions.add_cost(service, name_en="Talk", amount=0, actor=admin)
    actions.add_document(service, name_en="Asylum card", actor=admin)
    ContactFactory(organization=service.organization, service=service)
    return service


def read(told):
    return read_document(json.dumps(told).encode())


def file_of(told):
    content = told if isinstance(told, bytes) else json.dumps(told).encode()
    return {"file": SimpleUploadedFile("directory.json", content)}


def given(**tables):
    return {"organization": [ORGANIZATION], "service": [SERVICE], **tables}


def states(counts):
    return {table: dict(found) for table, found in counts.items() if found}


def test_what_was_written_is_taken_in_again_without_a_change(service, admin):
    told = hsds_document("staff")

    counts = actions.import_document(read(told), actor=admin)

    assert {state for found in counts.values() for state in found} == {"same"}
    assert hsds_document("staff") == told
    assert not Change.objects.exists()


def test_what_was_written_makes_the_same_entries_anew(service, admin):
    told = hsds_document("staff")
    organization = service.organization_id
    Contact.objects.all().delete()
    Place.objects.all().delete()
    Service.objects.filter(organization=organization).delete()
    Organization.objects.filter(pk=organization).delete()

    actions.import_document(read(told), actor=admin)

    again = hsds_document("staff")
    # What a file says of how sure a number is counts for nothing here.
    for rows in (told, again):
        rows["phone"] = [{**row, "x_status": ""} for row in rows["phone"]]
    assert again == told
    assert Contact.objects.get().verified_on is None


@pytest.mark.parametrize(
    ("circle", "seen"),
    [
        ("public", {"public"}),
        ("partners", {"public", "partners"}),
        ("staff", {"public", "partners", "staff"}),
    ],
)
def test_file_holds_the_places_of_its_circle(client, admin, circle, seen):
    service = ServiceFactory()
    for visibility in Place.Visibility.values:
        place = PlaceFactory(
            organization=service.organization,
            visibility=visibility,
            address=f"{visibility}street",
            edited_by=admin,
        )
        place.services.add(service)
        day = {"weekdays": [1], "opens": "09:00", "closes": "15:00"}
        actions.add_hours(service, place=place, **day, actor=admin)
    ContactFactory(organization=service.organization)
    client.force_login(admin)

    response = client.get(reverse("directory:export_directory", args=[circle]))

    told = response.json()
    assert {v for v in Place.Visibility.values if f"{v}street" in response.text} == seen
    assert {row["x_visibility"] for row in told["location"]} == seen
    assert len(told["service_at_location"]) == len(told["schedule"]) == len(seen)
    assert ("contact" in told) == (circle == "staff")
    assert AuditEvent.objects.get(verb="export_directory").note == circle


def test_place_nobody_may_know_of_is_for_no_circle(client, admin):
    client.force_login(admin)

    assert client.get(reverse("directory:export_directory", args=["never"])).status_code == 404


def test_file_is_looked_at_first_and_taken_in_then(client, admin):
    client.force_login(admin)

    looked = client.post(PAGE, file_of(given(funding=[])))
    assert not Organization.objects.filter(name_en="Legal clinic").exists()
    form = looked.context["import_form"]
    sent = {"document": form["document"].value(), "operation": uuid4()}
    taken = client.post(reverse("directory:import_directory"), sent)

    assert looked.context["left_out"] == ["funding"]
    assert taken.status_code == 302
    made = Service.objects.get(pk=SERVICE["id"])
    assert (made.organization.name_en, made.verified_on) == ("Legal clinic", None)
    assert made.organization.profile.kind == "ngo"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (b"\xff", "not UTF-8"),
        (b"{", "not JSON: line 1"),
        ([], "not a set of tables"),
        ({}, "organization is missing"),
        (given(service=[{**SERVICE, "status": "open"}]), 'service, row 1, status: "open"'),
        (given(service=[{"id": SERVICE["id"]}]), "service, row 1: organization_id is missing"),
        (given(service=[SERVICE, SERVICE]), "service, row 2, id: occurs twice"),
        (given(service=[{**SERVICE, "minimum_age": 9, "maximum_age": 3}]), "row 1: Ages go"),
        (
            given(service=[{**SERVICE, "organization_id": "3" * 8 + SERVICE["id"][8:]}]),
            "neither here nor in the file",
        ),
        (
            given(language=[{"id": SERVICE["id"], "service_id": SERVICE["id"], "code": "q-q"}]),
            "There is no entry q-q here",
        ),
        (
            given(
                schedule=[
                    {
                        "id": SERVICE["id"],
                        "service_id": SERVICE["id"],
                        "byday": "MO",
                        "opens_at": "09:00",
                        "closes_at": "10:00",
                        "valid_from": "2026-02-30",
                    }
                ]
            ),
            "not on the calendar",
        ),
    ],
)
def test_bad_file_gets_a_sentence_and_changes_nothing(client, admin, told, says):
    before = Service.objects.count()
    client.force_login(admin)

    response = client.post(PAGE, file_of(told))

    assert response.status_code == 200
    assert says in " ".join(response.context["form"].errors["file"])
    assert Service.objects.count() == before
    assert not Organization.objects.filter(name_en="Legal clinic").exists()


def test_id_of_a_hidden_place_cannot_be_taken_over(client, admin, house):
    hidden = PlaceFactory(visibility="never", edited_by=EditorFactory(organization=house))
    row = {"id": str(hidden.pk), "organization_id": ORGANIZATION["id"], "name": "Mine"}
    client.force_login(admin)

    response = client.post(PAGE, file_of(given(location=[row])))

    assert "location, row 1: This id cannot be used." in response.context["form"].errors["file"]
    assert Place.objects.get(pk=hidden.pk).name_en != "Mine"


def test_new_number_and_address_wait_and_nothing_is_shown_to_more(service, admin):
    Place.objects.update(visibility="staff")
    told = hsds_document("staff")
    for row in told["phone"]:
        if row["number"] == "011 000 000":
            row["number"] = "011 555 555"
    told["location"][0]["x_visibility"] = "public"

    counts = actions.import_document(read(told), actor=admin)

    assert (counts["contact"]["waits"], counts["service"]["waits"]) == (1, 1)
    service.refresh_from_db()
    assert (service.phone, Contact.objects.get().phone) == ("011 000 000", "011 000 000")
    assert Change.objects.waiting().count() == 2
    assert Place.objects.get().visibility == "staff"


def test_lines_of_the_file_take_the_place_of_those_known(service, admin):
    told = hsds_document("staff")
    told["schedule"] = [row for row in told["schedule"] if "service_at_location_id" not in row]
    told["schedule"][0]["byday"] = "SA,SU"
    told["attribute"] = told["attribute"][:1]
    told["taxonomy_term"] += [
        {"id": str(uuid4()), "code": ServiceTypeFactory().pk, "taxonomy_id": str(uuid4())}
    ]

    counts = actions.import_document(read(told), actor=admin)

    assert states(counts)["service"]["changed"] >= 1
    assert sorted(service.hours.values_list("weekday", flat=True)) == [6, 7]


def test_only_editors_exchange(client, caseworker, coordinator):
    for user in (caseworker, coordinator):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert client.post(reverse("directory:import_directory")).status_code == 403
        export = reverse("directory:export_directory", args=["public"])
        assert client.get(export).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.import_document(read(given()), actor=caseworker)


def test_file_too_large_is_told():
    with pytest.raises(ExchangeError, match="larger than one megabyte"):
        read_document(b" " * 1_000_001)


def test_command_writes_and_takes_in(tmp_path, capsys, admin, caseworker):
    call_command("hsds", "export")
    path = tmp_path / "directory.json"
    path.write_text(capsys.readouterr().out)

    call_command("hsds", "import", str(path), by=admin.username, preview=True)
    assert "organization: " in capsys.readouterr().out
    with pytest.raises(CommandError, match="may not change"):
        call_command("hsds", "import", str(path), by=caseworker.username)
    path.write_text("{}")
    with pytest.raises(CommandError, match="organization is missing"):
        call_command("hsds", "import", str(path), by=admin.username)
