import pytest

from accounts.models import AuditEvent, Organization
from directory.models import Service
from tests.directory.factories import (
    InstitutionFactory,
    LanguageFactory,
    ServiceFactory,
    ServiceTypeFactory,
)

pytestmark = pytest.mark.django_db

ORGANIZATIONS = "/api/v1/organizations/"
SERVICES = "/api/v1/services/"
INSTITUTION = {
    "code": "CLINIC",
    "name_en": "Legal clinic",
    "name_sr": "Pravna klinika",
    "type": "LegalService",
    "kind": "ngo",
}


@pytest.fixture
def send(client):
    """Send JSON as a person; the answer's status and body."""

    def call(method, url, body=None, key=""):
        headers = {"Idempotency-Key": key} if key else {}
        response = getattr(client, method)(
            url, body, content_type="application/json", headers=headers
        )
        return response.status_code, response.json()

    return call


def empty_the_directory():
    Service.objects.all().delete()
    Organization.objects.filter(users=None).delete()


@pytest.mark.parametrize("name", ["organizations", "institutions"])
def test_organizations_are_listed_under_both_names(client, caseworker, send, name):
    client.force_login(caseworker)

    status, body = send("get", f"/api/v1/{name}/")

    codes = [row["code"] for row in body["results"]]
    assert status == 200
    assert (len(codes), codes) == (25, sorted(codes))
    assert body["next"]


def test_organization_is_read_whole(client, caseworker, send):
    client.force_login(caseworker)
    clinic = InstitutionFactory(name_en="Legal clinic")

    status, body = send("get", f"{ORGANIZATIONS}{clinic.pk}/")

    assert (status, body["name_en"], body["kind"], body["version"]) == (
        200,
        "Legal clinic",
        "ngo",
        1,
    )


def test_organization_nobody_described_is_read_without_a_description(
    client, caseworker, send, house
):
    client.force_login(caseworker)

    status, body = send("get", f"{ORGANIZATIONS}{house.pk}/")

    assert (status, body["code"], body["kind"]) == (200, house.code, None)


def test_service_is_read_with_codes(client, caseworker, send):
    client.force_login(caseworker)
    kind, language = ServiceTypeFactory(), LanguageFactory()
    service = ServiceFactory(service_types=[kind], languages=[language], sexes=["female"])

    status, body = send("get", f"{SERVICES}{service.pk}/")

    assert status == 200
    assert (body["service_types"], body["languages"], body["sexes"]) == (
        [kind.pk],
        [language.pk],
        ["female"],
    )
    assert (body["organization"], body["call_first"]) == (str(service.organization_id), True)


def test_services_are_narrowed_by_what_is_asked_for(client, caseworker, send):
    client.force_login(caseworker)
    kind, language = ServiceTypeFactory(category="guardianship"), LanguageFactory()
    fits = ServiceFactory(service_types=[kind], languages=[language])
    other = ServiceFactory(service_types=[kind])

    def found(**asked):
        rows = client.get(SERVICES, {**asked, "page_size": 100}).json()["results"]
        return {row["id"] for row in rows} & {str(fits.pk), str(other.pk)}

    assert found(category="guardianship") == {str(fits.pk), str(other.pk)}
    assert found(category="guardianship", language=language.pk) == {str(fits.pk)}
    assert found(organization=other.organization.code) == {str(other.pk)}
    assert found(category="cooking") == set()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [(ORGANIZATIONS, 7), (SERVICES, 13)])
def test_lists_ask_the_same_number_of_questions(
    client, caseworker, django_assert_num_queries, url, queries, rows
):
    empty_the_directory()
    for _ in range(rows):
        ServiceFactory(languages=[LanguageFactory()])
    client.force_login(caseworker)

    with django_assert_num_queries(queries):
        results = client.get(url).json()["results"]

    assert len(results) == rows + (url == ORGANIZATIONS)


def test_organization_is_added_once_for_one_key(client, admin, send):
    client.force_login(admin)

    answers = [send("post", ORGANIZATIONS, INSTITUTION, key="k-1") for _ in range(2)]

    assert [status for status, _ in answers] == [201, 201]
    assert answers[0][1] == answers[1][1]
    assert AuditEvent.objects.filter(verb="create_organization").count() == 1


def test_part_of_an_organization_is_changed(client, admin, send):
    clinic = InstitutionFactory(name_en="Old", name_sr="Staro")
    client.force_login(admin)

    status, body = send("patch", f"{ORGANIZATIONS}{clinic.pk}/", {"description_en": "Aid"})

    assert (status, body["name_en"], body["description_en"]) == (200, "Old", "Aid")


def test_code_of_an_organization_stays(client, admin, send):
    clinic = InstitutionFactory()
    client.force_login(admin)

    send("patch", f"{ORGANIZATIONS}{clinic.pk}/", {"code": "OTHER"})

    assert Organization.objects.get(pk=clinic.pk).code == clinic.code


def test_service_is_added_and_changed(client, admin, send):
    clinic, kind = InstitutionFactory(), ServiceTypeFactory()
    client.force_login(admin)
    body = {"organization": str(clinic.pk), "name_en": "Aid", "name_sr": "Pomoć"}

    status, made = send("post", SERVICES, {**body, "service_types": [kind.pk]})
    changed = send("patch", f"{SERVICES}{made['id']}/", {"min_age": 18, "version": 2})

    assert status == 201
    assert (changed[0], changed[1]["min_age"], changed[1]["version"]) == (200, 18, 3)


def test_service_that_cannot_be_right_is_refused_by_its_rule(client, admin, send):
    service = ServiceFactory()
    client.force_login(admin)

    status, body = send("patch", f"{SERVICES}{service.pk}/", {"phone_status": "confirmed"})

    assert status == 400
    assert body["fields"] == {"": ["Say how sure the phone number is, or leave it out."]}
    assert Service.objects.get(pk=service.pk).phone_status == "none"


def test_wrong_words_are_refused_by_field(client, admin, send):
    client.force_login(admin)

    status, body = send("post", ORGANIZATIONS, {**INSTITUTION, "kind": "circus", "code": "a b"})

    assert (status, sorted(body["fields"])) == (400, ["code", "kind"])
    assert not Organization.objects.filter(name_en="Legal clinic").exists()


def test_change_of_an_old_version_is_a_conflict(client, admin, send):
    service = ServiceFactory()
    client.force_login(admin)

    status, body = send("patch", f"{SERVICES}{service.pk}/", {"min_age": 3, "version": 0})

    assert (status, body["code"]) == (409, "stale")


@pytest.mark.parametrize("url", [ORGANIZATIONS, SERVICES])
def test_donor_is_refused(client, donor, send, url):
    client.force_login(donor)

    assert send("get", url)[0] == 403


@pytest.mark.parametrize("url", [ORGANIZATIONS, SERVICES])
def test_nobody_is_refused(client, send, url):
    assert send("get", url)[0] in {401, 403}


@pytest.mark.parametrize("url", [ORGANIZATIONS, SERVICES])
@pytest.mark.parametrize("key", ["1", "no-id", "6f2c1d0e-0000-4000-8000-000000000000"])
def test_unknown_id_is_not_found(client, caseworker, send, url, key):
    client.force_login(caseworker)

    assert send("get", f"{url}{key}/")[0] == 404


def test_caseworker_reads_and_does_not_write(client, caseworker, send):
    service = ServiceFactory()
    client.force_login(caseworker)
    body = {"organization": str(service.organization_id), "name_en": "A", "name_sr": "B"}
    kinds = [kind.pk for kind in service.service_types.all()]

    refused = [
        send("post", ORGANIZATIONS, INSTITUTION),
        send("patch", f"{ORGANIZATIONS}{service.organization_id}/", {"name_en": "A"}),
        send("post", SERVICES, {**body, "service_types": kinds}),
        send("patch", f"{SERVICES}{service.pk}/", {"name_en": "A"}),
    ]

    assert [status for status, _ in refused] == [403] * 4
    assert Service.objects.get(pk=service.pk).name_en == service.name_en
