from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEvent, Organization
from directory.models import Language, OrganizationProfile, Service
from tests.directory.factories import (
    ContactFactory,
    InstitutionFactory,
    LanguageFactory,
    PlaceFactory,
    ServiceFactory,
    ServiceTypeFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("directory:organizations")
INSTITUTION = {
    "code": "CLINIC",
    "name_en": "Legal clinic",
    "name_sr": "Pravna klinika",
    "type": "LegalService",
    "kind": "ngo",
}
SERVICE = {
    "name_en": "Aid",
    "name_sr": "Pomoć",
    "phone_status": "none",
    "is_referable": "on",
    "status": "active",
}


def shown(response):
    return [profile.organization.code for profile in response.context["page"]]


def page_of(organization):
    return reverse("directory:organization", args=[organization.pk])


def once():
    return {"operation": uuid4()}


# The list


def test_list_shows_institutions_with_their_services(client, caseworker):
    service = ServiceFactory(name_en="Night shelter", organization__name_en="Quiet place")
    client.force_login(caseworker)

    response = client.get(LIST, {"q": "quiet"})

    assert shown(response) == [service.organization.code]
    assert "Night shelter" in response.text
    assert "Call first" in response.text


def test_list_is_ordered_by_the_reader_s_names(client, caseworker):
    InstitutionFactory(code="ONE", name_en="Zeta here", name_sr="Alfa here")
    InstitutionFactory(code="TWO", name_en="Alpha here", name_sr="Zeta here")
    client.force_login(caseworker)

    english = client.get(LIST, {"q": "here"})
    serbian = client.get(LIST, {"q": "here"}, headers={"Accept-Language": "sr-latn"})

    assert shown(english) == ["TWO", "ONE"]
    assert shown(serbian) == ["ONE", "TWO"]


def test_list_is_filtered_by_kind_of_help_and_language(client, caseworker):
    language = LanguageFactory()
    kind = ServiceTypeFactory(category="guardianship")
    service = ServiceFactory(service_types=[kind], languages=[language])
    ServiceFactory(service_types=[kind])
    client.force_login(caseworker)

    response = client.get(LIST, {"category": "guardianship", "language": language.pk})

    assert shown(response) == [service.organization.code]


def test_list_says_when_nothing_fits(client, caseworker):
    client.force_login(caseworker)

    response = client.get(LIST, {"q": "no such word"})

    assert shown(response) == []
    assert "No institution fits" in response.text


def test_wrong_filter_is_told_and_shows_all(client, caseworker):
    client.force_login(caseworker)

    response = client.get(LIST, {"category": "cooking", "language": "xx", "page": "last"})

    assert response.status_code == 200
    assert set(response.context["filter"].errors) == {"category", "language"}
    assert response.context["page"].paginator.count == OrganizationProfile.objects.count()


def test_long_list_goes_on_with_the_same_filter(client, caseworker):
    InstitutionFactory.create_batch(26, name_sr="Mera")
    client.force_login(caseworker)

    first = client.get(LIST, {"q": "mera"})
    second = client.get(LIST, {"q": "mera", "page": 2})

    assert (len(shown(first)), len(shown(second))) == (25, 1)
    assert "?q=mera&amp;page=2" in first.text


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_number_of_questions(
    client, caseworker, django_assert_num_queries, rows
):
    for _ in range(rows):
        ServiceFactory(organization__name_en="Measured", languages=[LanguageFactory()])
    client.force_login(caseworker)

    with django_assert_num_queries(13):
        response = client.get(LIST, {"q": "measured"})

    assert len(shown(response)) == rows


def test_donor_does_not_get_the_list(client, donor):
    client.force_login(donor)

    assert client.get(LIST).status_code == 403


def test_only_administrators_are_offered_to_add(client, caseworker, admin):
    client.force_login(caseworker)
    assert "Add institution" not in client.get(LIST).text

    client.force_login(admin)
    assert "Add institution" in client.get(LIST).text


def test_sources_are_named_and_nobody_s_endorsement_is_claimed(client, caseworker):
    client.force_login(caseworker)

    text = client.get(reverse("directory:sources")).text

    assert "Human Trafficking Case Data Standard (HTCDS) 2.0 by IOM" in text
    assert "IOM does not endorse this software." in text


# One institution


@time_machine.travel(date(2026, 6, 1), tick=False)
def test_page_tells_how_sure_the_entries_are(client, caseworker):
    fresh = ServiceFactory(verified_on=date(2026, 5, 1), verified_by=caseworker, phone="011 123",
                           phone_status="confirmed")  # fmt: skip
    ServiceFactory(organization=fresh.organization, verified_on=date(2026, 1, 1),
                   verified_by=caseworker)  # fmt: skip
    ServiceFactory(organization=fresh.organization, min_age=15, max_age=17, sexes=["male"])
    client.force_login(caseworker)

    text = client.get(page_of(fresh.organization)).text

    assert text.count("Call first.") == 2
    assert text.count("The entry was confirmed more than 90 days ago.") == 1
    assert text.count("Nobody has confirmed this entry yet.") == 1
    assert "011 123" in text
    assert "age 15 to 17" in text


def test_page_without_services_says_so(client, caseworker):
    client.force_login(caseworker)

    assert "No services yet" in client.get(page_of(InstitutionFactory())).text


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_number_of_questions(
    client, caseworker, django_assert_num_queries, rows
):
    organization = InstitutionFactory()
    for _ in range(rows):
        ServiceFactory(
            organization=organization,
            languages=[LanguageFactory()],
            verified_on=date(2026, 1, 1),
            verified_by=caseworker,
        )
        place = PlaceFactory(organization=organization)
        for service in organization.services.all():
            service.hours.create(place=place, weekday=1, opens="09:00", closes="10:00")
        ContactFactory(organization=organization)
    client.force_login(caseworker)

    with django_assert_num_queries(16):
        client.get(page_of(organization))


def test_unknown_institution_is_not_found(client, caseworker):
    client.force_login(caseworker)

    assert client.get(reverse("directory:organization", args=[uuid4()])).status_code == 404


def test_donor_does_not_get_the_page(client, donor):
    client.force_login(donor)

    assert client.get(page_of(InstitutionFactory())).status_code == 403


# Verbs


def test_verify_is_saved_and_recorded(client, caseworker):
    service = ServiceFactory()
    client.force_login(caseworker)

    response = client.post(reverse("directory:verify_service", args=[service.pk]), once())

    assert response.url == page_of(service.organization)
    assert Service.objects.get(pk=service.pk).verified_by == caseworker
    assert AuditEvent.objects.get(actor=caseworker).verb == "verify_service"


def test_verify_pressed_twice_is_one_act(client, caseworker):
    service = ServiceFactory()
    client.force_login(caseworker)
    operation = once()

    for _ in range(2):
        client.post(reverse("directory:verify_service", args=[service.pk]), operation)

    assert AuditEvent.objects.filter(actor=caseworker).count() == 1


def test_verify_form_used_for_another_service_is_told(client, caseworker):
    first, second = ServiceFactory(), ServiceFactory()
    client.force_login(caseworker)
    operation = once()
    client.post(reverse("directory:verify_service", args=[first.pk]), operation)

    response = client.post(reverse("directory:verify_service", args=[second.pk]), operation)

    assert "This form was used before." in response.text
    assert Service.objects.get(pk=second.pk).verified_on is None


def test_verify_is_not_a_link(client, caseworker):
    client.force_login(caseworker)

    url = reverse("directory:verify_service", args=[ServiceFactory().pk])

    assert client.get(url).status_code == 405


def test_verify_needs_the_right(client, mobile):
    service = ServiceFactory()
    client.force_login(mobile)

    response = client.post(reverse("directory:verify_service", args=[service.pk]), once())

    assert response.status_code == 403
    assert Service.objects.get(pk=service.pk).verified_on is None


def test_institution_is_added(client, admin):
    client.force_login(admin)
    url = reverse("directory:create_organization")

    response = client.post(url, {**INSTITUTION, **once()})

    clinic = Organization.objects.get(code="CLINIC")
    assert response.url == page_of(clinic)
    assert clinic.profile.kind == "ngo"


def test_institution_with_a_known_code_is_told_and_not_added(client, admin):
    InstitutionFactory(code="CLINIC", name_en="First")
    client.force_login(admin)

    response = client.post(reverse("directory:create_organization"), {**INSTITUTION, **once()})

    assert "Organization with this Code already exists." in response.text
    assert Organization.objects.get(code="CLINIC").name_en == "First"


def test_institution_is_changed_with_what_it_says_now_filled_in(client, admin):
    clinic = InstitutionFactory(name_en="Old name")
    client.force_login(admin)
    url = reverse("directory:change_organization", args=[clinic.pk])
    form = client.get(url).context["form"]
    facts = {name: form[name].value() for name in form.fields}

    response = client.post(url, {**facts, "name_en": "New name", **once()})

    assert response.url == page_of(clinic)
    assert Organization.objects.get(pk=clinic.pk).name_en == "New name"


def test_stale_change_of_an_institution_is_told_and_not_saved(client, admin):
    clinic = InstitutionFactory(name_en="Theirs")
    client.force_login(admin)

    response = client.post(
        reverse("directory:change_organization", args=[clinic.pk]),
        {**INSTITUTION, "version": 0, **once()},
    )

    assert "Somebody changed this while you had it open." in response.text
    assert Organization.objects.get(pk=clinic.pk).name_en == "Theirs"


def test_service_is_added(client, admin):
    clinic, kind = InstitutionFactory(), ServiceTypeFactory()
    client.force_login(admin)
    url = reverse("directory:create_service", args=[clinic.pk])
    assert client.get(url).status_code == 200

    response = client.post(url, {**SERVICE, "service_types": [kind.pk], **once()})

    assert response.url == page_of(clinic)
    assert Service.objects.get(organization=clinic).service_types.get() == kind


def test_service_is_changed(client, admin):
    service = ServiceFactory(name_en="Old")
    client.force_login(admin)
    url = reverse("directory:change_service", args=[service.pk])
    form = client.get(url).context["form"]
    assert form["name_en"].value() == "Old"

    kinds = [kind.pk for kind in service.service_types.all()]
    facts = {**SERVICE, "service_types": kinds, "version": service.version}
    response = client.post(url, {**facts, "name_en": "New", **once()})

    assert response.url == page_of(service.organization)
    assert Service.objects.get(pk=service.pk).name_en == "New"


def test_service_that_cannot_be_right_is_told_and_not_saved(client, admin):
    service = ServiceFactory(name_en="Old")
    client.force_login(admin)
    kinds = [kind.pk for kind in service.service_types.all()]

    response = client.post(
        reverse("directory:change_service", args=[service.pk]),
        {**SERVICE, "service_types": kinds, "version": 1, "phone_status": "confirmed", **once()},
    )

    assert "Say how sure the phone number is, or leave it out." in response.text
    assert Service.objects.get(pk=service.pk).name_en == "Old"


def test_languages_seldom_met_survive_a_change(client, admin):
    language = LanguageFactory(is_often_met=False)
    service = ServiceFactory(languages=[language])
    ServiceFactory(languages=[Language.objects.get(pk="fa"), language])
    client.force_login(admin)

    form = client.get(reverse("directory:change_service", args=[service.pk])).context["form"]

    offered = list(form.fields["languages"].queryset)
    assert language in offered
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize("name", ["change_organization", "create_service", "change_service"])
def test_colleague_may_not_edit(client, caseworker, name):
    service = ServiceFactory()
    pk = service.pk if name == "change_service" else service.organization_id
    client.force_login(caseworker)

    assert client.get(reverse(f"directory:{name}", args=[pk])).status_code == 403
    assert client.post(reverse(f"directory:{name}", args=[pk]), once()).status_code == 403


def test_colleague_may_not_add_an_institution(client, caseworker):
    client.force_login(caseworker)

    url = reverse("directory:create_organization")

    assert client.post(url, {**INSTITUTION, **once()}).status_code == 403
    assert not Organization.objects.filter(code="CLINIC").exists()
