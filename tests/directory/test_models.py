from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils.translation import override

from directory.models import (
    AgeBand,
    Grant,
    Language,
    LeafletEdition,
    OrganizationProfile,
    Service,
    ServiceType,
)
from tests.directory.factories import (
    AgeBandSetFactory,
    InstitutionFactory,
    LanguageFactory,
    LeafletEditionFactory,
    LeafletFactory,
    ServiceFactory,
    ServiceTypeFactory,
)
from tests.factories import GrantFactory

pytestmark = pytest.mark.django_db


def refusal(row):
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    return refused.value.messages


def test_names_are_read_in_the_active_language():
    language = LanguageFactory(name_en="Pashto", name_sr="Paštu")
    leaflet = LeafletFactory(title_en="The journey", title_sr="Put")

    with override("sr-latn"):
        assert (language.name, str(language), leaflet.title) == ("Paštu", "Paštu", "Put")
    with override("en"):
        assert (language.name, leaflet.title) == ("Pashto", "The journey")


def test_a_missing_serbian_text_falls_back_to_english():
    profile = OrganizationProfile(description_en="Legal aid", description_sr="")

    with override("sr-latn"):
        assert profile.description == "Legal aid"


def test_languages_without_words_are_not_spoken():
    LanguageFactory(code="t-spoken", is_often_met=True)
    LanguageFactory(code="t-wordless", is_spoken=False)
    ours = Language.objects.filter(code__startswith="t-")

    assert [row.code for row in ours.spoken()] == ["t-spoken"]
    assert [row.code for row in ours.often_met()] == ["t-spoken"]


def test_hub_form_takes_its_ticks_in_their_places():
    ServiceType.objects.update(hub_position=None)
    second, first = ServiceTypeFactory(hub_position=2), ServiceTypeFactory(hub_position=1)
    ServiceTypeFactory()

    assert list(ServiceType.objects.on_hub_form()) == [first, second]


def test_thirteenth_tick_is_refused():
    assert refusal(ServiceTypeFactory.build(hub_position=13)) == [
        "The hub form has places 1 to 12."
    ]


def test_place_on_the_hub_form_is_taken_once():
    ServiceType.objects.update(hub_position=None)
    ServiceTypeFactory(hub_position=3)

    assert refusal(ServiceTypeFactory.build(hub_position=3)) == [
        "This place on the hub form is taken."
    ]


def test_work_of_institutions_is_not_done_for_clients():
    policy = ServiceTypeFactory(category=ServiceType.Category.INSTITUTION)
    legal = ServiceTypeFactory(category=ServiceType.Category.LEGAL)

    assert set(ServiceType.objects.for_clients()) & {policy, legal} == {legal}


def test_only_one_version_of_an_edition_is_in_use():
    edition = LeafletEditionFactory()
    second = LeafletEdition(leaflet=edition.leaflet, language=edition.language, version=2)

    assert refusal(second) == ["Another version of this edition is in use."]
    second.is_in_use = False
    second.full_clean()


def test_editions_in_use_bring_their_leaflet_and_language(django_assert_num_queries):
    edition = LeafletEditionFactory()
    LeafletEditionFactory(is_in_use=False, leaflet=edition.leaflet)

    with django_assert_num_queries(1):
        editions = [str(row) for row in LeafletEdition.objects.in_use().filter(pk=edition.pk)]

    assert editions == [f"The way ({edition.language.name_en})"]


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (17, 15, "A band goes from the lower age to the higher one."),
        (4, 9, "This band overlaps another one of its set."),
        (3, None, "This band overlaps another one of its set."),
    ],
)
def test_band_out_of_order_or_overlapping_is_refused(first, last, says):
    bands = AgeBandSetFactory()
    AgeBand.objects.create(age_band_set=bands, min_age=0, max_age=4)

    said = refusal(AgeBand(age_band_set=bands, min_age=first, max_age=last))

    assert says in said


def test_bands_of_two_sets_may_overlap():
    AgeBand.objects.create(age_band_set=AgeBandSetFactory(), min_age=0, max_age=4)

    AgeBand(age_band_set=AgeBandSetFactory(), min_age=0, max_age=5).full_clean()


def test_band_holds_its_first_and_its_last_age():
    child, old = AgeBand(min_age=12, max_age=17), AgeBand(min_age=60, max_age=None)

    assert [child.holds(age) for age in (11, 12, 17, 18)] == [False, True, True, False]
    assert (old.holds(59), old.holds(99)) == (False, True)
    assert (child.label, old.label) == ("12–17", "60+")


def test_grant_is_open_on_its_first_and_last_day_only():
    grant = GrantFactory(starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 28))
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)]

    assert [grant.is_open_on(day) for day in days] == [False, True, True, False]


def test_grant_pays_for_the_work_of_its_own_organization_only():
    grant = GrantFactory(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))

    assert grant.pays(grant.organization_id, date(2026, 6, 1))
    assert not grant.pays(grant.organization_id, date(2027, 6, 1))
    assert not grant.pays(GrantFactory().organization_id, date(2026, 6, 1))


def test_grants_are_those_of_the_organization():
    grant = GrantFactory()
    GrantFactory()

    assert list(Grant.objects.held_by(grant.organization)) == [grant]


def test_grant_that_ends_before_it_starts_is_refused():
    grant = GrantFactory(code="A")
    late = GrantFactory.build(
        organization=grant.organization,
        code="B",
        ends_on=date(2025, 1, 1),
    )

    assert refusal(late) == ["A grant cannot end before it starts."]


def test_grant_code_is_used_once_by_an_organization():
    grant = GrantFactory(code="A")
    again = GrantFactory.build(
        organization=grant.organization,
        code="A",
    )

    assert refusal(again) == ["The organization has a grant with this code already."]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"min_age": 18, "max_age": 17}, "Ages go from the lower one to the higher one."),
        (
            {"phone": "011 1234567", "phone_status": "none"},
            "Say how sure the phone number is, or leave it out.",
        ),
        (
            {"phone": "", "phone_status": "confirmed"},
            "Say how sure the phone number is, or leave it out.",
        ),
        ({"phone": "call Ana", "phone_status": "unconfirmed"}, "Write digits and spaces."),
        ({"verified_on": date(2026, 1, 1)}, "Say who verified the entry, and when."),
    ],
)
def test_service_that_cannot_be_right_is_refused(facts, says):
    service = Service(organization=InstitutionFactory(), name_en="A", name_sr="B", **facts)

    assert refusal(service) == [says]


def test_service_name_is_used_once_by_an_organization():
    service = ServiceFactory(name_en="Legal aid")
    again = Service(organization=service.organization, name_en="Legal aid", name_sr="B")

    assert refusal(again) == ["The organization has a service of this name already."]


def test_only_services_that_take_referrals_are_referable(django_assert_num_queries):
    service = ServiceFactory()
    closed = ServiceFactory(is_referable=False)
    ours = Service.objects.filter(pk__in=[service.pk, closed.pk])

    with django_assert_num_queries(1):
        assert [row.organization.pk for row in ours.referable()] == [service.organization_id]


def test_entry_is_to_be_verified_again_after_ninety_days(caseworker):
    today = date(2026, 6, 1)
    services = {
        days: ServiceFactory(verified_on=today - timedelta(days=days), verified_by=caseworker)
        for days in (0, 90, 91)
    }
    services["never"] = ServiceFactory()

    with time_machine.travel(today, tick=False):
        stale = set(Service.objects.to_verify().values_list("pk", flat=True))
        told = {name: service.call_first for name, service in services.items()}

    assert told == {0: False, 90: False, 91: True, "never": True}
    assert {name: service.pk in stale for name, service in services.items()} == told


@pytest.mark.parametrize(
    "typed", ["zaštita", "ZASTITA", "Заштита", "legal", "Čukarica", "djordje", "medecins"]
)
def test_institution_is_found_by_any_spelling(typed):
    found = InstitutionFactory(name_en="Médecins for protection", name_sr="Zaštita Čukarica Đorđe")
    ServiceFactory(organization=found, name_en="Legal aid", name_sr="Pravna pomoć")
    InstitutionFactory(name_en="Other", name_sr="Drugo")
    ours = OrganizationProfile.objects.filter(organization__code__startswith="INST-")

    assert [row.organization for row in ours.matching(typed)] == [found]


def test_every_word_must_be_found():
    both = InstitutionFactory(name_en="Red house")
    InstitutionFactory(name_en="Red flat")

    assert [p.organization for p in OrganizationProfile.objects.matching("house red")] == [both]


def test_signs_of_patterns_are_plain_text():
    InstitutionFactory(name_en="Plain")

    assert list(OrganizationProfile.objects.matching("%")) == []


def test_category_and_language_must_fit_the_same_service():
    legal = ServiceTypeFactory(category=ServiceType.Category.LEGAL)
    farsi = LanguageFactory()
    fits = ServiceFactory(service_types=[legal], languages=[farsi])
    split = ServiceFactory(service_types=[legal])
    ServiceFactory(organization=split.organization, languages=[farsi])

    found = OrganizationProfile.objects.offering(category="legal", language=farsi.pk)

    assert [row.organization for row in found] == [fits.organization]
    assert [row.pk for row in Service.objects.in_category("legal").spoken_in(farsi.pk)] == [fits.pk]
