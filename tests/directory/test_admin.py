import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import AuditEvent
from directory.models import Area, Grant
from tests.factories import GrantFactory, HouseFactory

pytestmark = pytest.mark.django_db

LISTS = [
    "agebandset",
    "area",
    "declinereason",
    "donor",
    "grant",
    "language",
    "leaflet",
    "leafletedition",
    "need",
    "organizationprofile",
    "service",
    "servicetype",
    "topic",
]
AREA = {
    "code": "new-place",
    "name_en": "New place",
    "name_sr": "Novo mesto",
    "order": 7,
    "kind": "city",
    "municipality": "Niš",
    "district": "Nišavski okrug",
}


def site(name, *args):
    return reverse(f"admin:directory_{name}", args=args)


@pytest.mark.parametrize("name", LISTS)
def test_administrator_reads_every_list(client, admin, name):
    GrantFactory()
    client.force_login(admin)

    response = client.get(site(f"{name}_changelist"))

    assert response.status_code == 200
    first = response.context["cl"].result_list[0]
    assert client.get(site(f"{name}_change", first.pk)).status_code == 200


@pytest.mark.parametrize("name", ["language", "agebandset", "organizationprofile", "service"])
def test_lists_from_outside_are_only_read(client, admin, name):
    client.force_login(admin)

    assert client.get(site(f"{name}_add")).status_code == 403


def test_entry_is_added_by_the_action(client, admin):
    client.force_login(admin)

    response = client.post(site("area_add"), AREA)

    assert response.url == site("area_changelist")
    assert Area.objects.get(pk="new-place").edited_at is not None
    assert AuditEvent.objects.get(actor=admin).verb == "add_entry"
    assert LogEntry.objects.count() == 0


def test_entry_is_changed_and_keeps_its_code(client, admin):
    client.force_login(admin)

    client.post(site("area_change", "sid-town"), {**AREA, "name_en": "Šid, centre"})

    assert Area.objects.get(pk="sid-town").name_en == "Šid, centre"
    assert not Area.objects.filter(pk="new-place").exists()
    assert AuditEvent.objects.get(actor=admin).verb == "change_entry"


def test_grant_is_added(client, admin):
    house = HouseFactory()
    client.force_login(admin)
    facts = {"organization": house.pk, "donor": "UNICEF", "code": "G-1", "name_en": "Hub",
             "name_sr": "Hab", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
             "age_band_set": "unicef"}  # fmt: skip

    client.post(site("grant_add"), facts)

    assert Grant.objects.get(organization=house).donor_id == "UNICEF"


def test_wrong_entry_is_told_and_not_saved(client, admin):
    client.force_login(admin)

    response = client.post(site("area_add"), {**AREA, "kind": "circus"})

    assert list(response.context["adminform"].form.errors) == ["kind"]
    assert not Area.objects.filter(pk="new-place").exists()


def test_entries_are_never_deleted(client, admin):
    client.force_login(admin)

    assert client.post(site("area_delete", "sid-town"), {"post": "yes"}).status_code == 403
    assert Area.objects.filter(pk="sid-town").exists()


def test_others_do_not_get_in(client, caseworker):
    client.force_login(caseworker)

    response = client.get(site("area_changelist"), follow=True)

    assert response.status_code == 403
