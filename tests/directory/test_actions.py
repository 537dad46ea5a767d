from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEvent, Organization
from directory import actions
from directory.models import Area, Change, Service
from tests.directory.factories import LanguageFactory, ServiceFactory, ServiceTypeFactory

pytestmark = pytest.mark.django_db

INSTITUTION = {
    "name_en": "Legal clinic",
    "name_sr": "Pravna klinika",
    "type": Organization.Type.LEGAL,
    "kind": "ngo",
}


def test_institution_is_added_with_what_is_said_of_it(admin):
    clinic = actions.create_organization(
        code="CLINIC", actor=admin, **INSTITUTION, description_en="Legal aid"
    )

    assert (clinic.name_en, clinic.profile.kind) == ("Legal clinic", "ngo")
    assert clinic.profile.description_en == "Legal aid"
    event = AuditEvent.objects.get(actor=admin)
    assert (event.verb, event.object_id) == ("create_organization", str(clinic.pk))


def test_institution_of_a_known_code_is_refused(admin):
    actions.create_organization(code="CLINIC", actor=admin, **INSTITUTION)

    with pytest.raises(ValidationError) as refused:
        actions.create_organization(code="CLINIC", actor=admin, **INSTITUTION)

    assert list(refused.value.message_dict) == ["code"]


def test_what_is_left_out_stays_as_it_is(admin):
    clinic = actions.create_organization(code="CLINIC", actor=admin, **INSTITUTION)

    actions.change_organization(clinic, actor=admin, name_en="Clinic")

    clinic = Organization.objects.get(pk=clinic.pk)
    assert (clinic.name_en, clinic.name_sr, clinic.profile.kind) == (
        "Clinic",
        "Pravna klinika",
        "ngo",
    )
    event = AuditEvent.objects.get(verb="change_organization")
    assert event.fields == ["name_en"]


def test_organization_nobody_described_can_be_described(admin, house):
    actions.change_organization(house, actor=admin, kind="ngo", description_en="The hub")

    assert Organization.objects.get(pk=house.pk).profile.description_en == "The hub"


def test_second_change_of_one_version_is_refused(admin):
    clinic = actions.create_organization(code="CLINIC", actor=admin, **INSTITUTION)
    version = clinic.profile.version
    actions.change_organization(clinic, version=version, actor=admin, name_en="First")

    with pytest.raises(ValidationError) as refused:
        actions.change_organization(clinic, version=version, actor=admin, name_en="Last")

    assert refused.value.code == "stale"
    assert Organization.objects.get(pk=clinic.pk).name_en == "First"


def test_service_is_added(admin):
    clinic = actions.create_organization(code="CLINIC", actor=admin, **INSTITUTION)
    kind, language = ServiceTypeFactory(), LanguageFactory()

    service = actions.create_service(
        clinic,
        actor=admin,
        name_en="Aid",
        name_sr="Pomoć",
        service_types=[kind],
        languages=[language],
        sexes=["female"],
        min_age=18,
    )

    service = Service.objects.get(pk=service.pk)
    assert (list(service.service_types.all()), list(service.languages.all())) == (
        [kind],
        [language],
    )
    assert (service.sexes_taken, service.min_age, service.call_first) == (["Female"], 18, True)


def test_service_of_an_organization_nobody_described_is_refused(admin, house):
    with pytest.raises(ValidationError) as refused:
        actions.create_service(house, actor=admin, name_en="Aid", name_sr="Pomoć")

    assert refused.value.message_dict == {"organization": ["Describe the institution first."]}
    assert not Service.objects.filter(organization=house).exists()


def test_K07_new_phone_number_waits_for_a_second_person(admin, coordinator):
    service = ServiceFactory(phone="011 000 000", phone_status="confirmed")

    actions.change_service(
        service, actor=admin, phone="011 1234567", phone_status="unconfirmed", note_en="Ring twice"
    )

    service.refresh_from_db()
    assert (service.phone, service.phone_status) == ("011 000 000", "confirmed")
    assert service.note_en == "Ring twice"
    actions.confirm_change(Change.objects.get(), actor=coordinator)
    service.refresh_from_db()
    assert (service.phone, service.phone_status) == ("011 1234567", "confirmed")


def test_other_corrections_keep_what_was_verified(admin):
    service = ServiceFactory(verified_on=date(2026, 6, 1), verified_by=admin)

    service = actions.change_service(service, actor=admin, note_en="Ring twice")

    assert service.verified_on == date(2026, 6, 1)


def test_second_change_of_one_version_of_a_service_is_refused(admin):
    service = ServiceFactory()
    actions.change_service(service, version=1, actor=admin, note_en="First")

    with pytest.raises(ValidationError) as refused:
        actions.change_service(service, version=1, actor=admin, note_en="Last")

    assert refused.value.code == "stale"


@time_machine.travel(date(2026, 6, 1), tick=False)
def test_verifying_confirms_the_number_and_says_who_and_when(admin):
    service = ServiceFactory(phone="011 1234567", phone_status="unconfirmed")

    service = actions.verify_service(service, actor=admin)

    assert (service.verified_on, service.verified_by) == (date(2026, 6, 1), admin)
    assert (service.phone_is_confirmed, service.call_first) == (True, False)
    assert AuditEvent.objects.get(actor=admin).verb == "verify_service"


def test_verifying_without_a_number_confirms_none(admin):
    service = actions.verify_service(ServiceFactory(), actor=admin)

    assert service.phone_status == Service.PhoneStatus.NONE


def test_entry_of_a_list_is_kept_and_recorded(admin):
    area = Area(
        pk="new", name_en="New", name_sr="Novo", kind="city", municipality="A", district="B"
    )

    actions.save_entry(area, verb="add_entry", actor=admin)

    assert Area.objects.get(pk="new").edited_at is not None
    event = AuditEvent.objects.get(actor=admin)
    assert (event.verb, event.object_type, event.object_id) == (
        "add_entry",
        "directory.area",
        "new",
    )


def test_caseworker_may_verify_and_nothing_else(caseworker, house):
    service = ServiceFactory()
    verbs = [
        lambda: actions.create_organization(code="A", actor=caseworker, **INSTITUTION),
        lambda: actions.change_organization(house, actor=caseworker, name_en="A"),
        lambda: actions.create_service(house, actor=caseworker, name_en="A", name_sr="A"),
        lambda: actions.change_service(service, actor=caseworker, name_en="A"),
        lambda: actions.save_entry(Area(pk="a"), verb="add_entry", actor=caseworker),
    ]

    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb()

    assert not AuditEvent.objects.filter(actor=caseworker).exists()
    actions.verify_service(service, actor=caseworker)


def test_donor_may_not_verify(donor):
    service = ServiceFactory()

    with pytest.raises(PermissionDenied):
        actions.verify_service(service, actor=donor)

    assert Service.objects.get(pk=service.pk).verified_on is None
