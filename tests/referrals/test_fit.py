from datetime import date

import pytest
from django.utils import timezone

from directory.models import Municipality
from referrals.fit import best_first, fit
from tests import factories
from tests.directory.factories import PlaceFactory

DAY = date(2026, 11, 20)


@pytest.fixture
def woman(case):
    """Born 2000 or 2001: 24 to 26 years old on the day."""
    case.person.birth_year_from, case.person.birth_year_to = 2000, 2001
    return case.person


def service(**fields):
    languages = fields.pop("languages", [])
    made = factories.ServiceFactory(**{"verified_on": None, **fields})
    made.languages.set(languages)
    return made


@pytest.mark.parametrize(
    ("ages", "says"),
    [
        ({}, ([], [])),
        ({"min_age": 18}, (["Ages 18+"], [])),
        ({"min_age": 18, "max_age": 25}, (["Ages 18–25"], [])),
        # She may be 24: the doubt does not exclude her.
        ({"max_age": 24}, (["Ages 0–24"], [])),
        ({"max_age": 17}, ([], ["Takes ages 0–17 only."])),
        ({"min_age": 60}, ([], ["Takes ages 60+ only."])),
    ],
)
def test_age(ages, says, woman):
    found = fit(service(**ages), woman, DAY)

    assert (found.yes, found.no) == says


def test_unknown_age_is_taken_care_of_and_excludes_nobody(case):
    case.person.birth_year_from = case.person.birth_year_to = None

    found = fit(service(min_age=18), case.person, DAY)

    assert found.no == []
    assert "Takes ages 18+; age not known" in found.care


@pytest.mark.parametrize(
    ("sexes", "sex", "says"),
    [
        ([], "male", ([], [])),
        (["female"], "female", (["Female"], [])),
        (["female"], "male", ([], ["Only for: Female."])),
        (["female", "other"], "unknown", ([], [])),
    ],
)
def test_sex(sexes, sex, says, woman):
    woman.sex = sex

    found = fit(service(sexes=sexes), woman, DAY)

    assert (found.yes, found.no) == says


def test_unknown_sex_is_taken_care_of(woman):
    woman.sex = "unknown"

    assert "Only for: Female; sex not known" in fit(service(sexes=["female"]), woman, DAY).care


def test_language_spoken_there_speaks_for_a_service(woman):
    farsi, arabic = factories.language("fa"), factories.language("ar")

    assert fit(service(languages=[farsi]), woman, DAY).yes == ["Farsi spoken"]
    assert "Bring an interpreter: Farsi" in fit(service(languages=[arabic]), woman, DAY).care


def test_entry_never_verified_says_call_first(woman):
    assert fit(service(), woman, DAY).care == ["Not verified lately, call first"]


def test_services_that_fit_stand_first_and_the_others_stay(woman):
    closed = service(name_en="A closed one", max_age=12)
    plain = service(name_en="B plain one")
    sure = service(name_en="C sure one", min_age=18)

    offers = best_first([closed, plain, sure], woman, DAY)

    assert [offer.service for offer in offers] == [sure, plain, closed]
    assert offers[0].card["off"] == ""
    assert offers[2].card["off"] == "Takes ages 0–12 only."


def test_residence_status(woman):
    woman.residence_status = "asylum_seeker"
    refugees = service(residence=["refugee"])

    assert fit(service(residence=["asylum_seeker", "refugee"]), woman, DAY).yes == ["Asylum seeker"]
    assert fit(refugees, woman, DAY).no == ["Only for: Refugee or subsidiary protection."]
    assert fit(refugees, woman, DAY, heed={"age"}).no == []
    woman.residence_status = "unknown"
    assert fit(refugees, woman, DAY).no == []


def test_service_closed_for_a_time_is_shown_and_says_so(woman):
    assert fit(service(status="temporarily closed"), woman, DAY).no == ["Closed for a time."]


def test_service_for_people_of_a_municipality(woman):
    zemun, sid = (Municipality.objects.get(pk=code) for code in ("zemun", "sid"))
    local = service()
    local.serves.set([zemun])

    assert fit(local, woman, DAY, near=zemun).yes == ["For people in Zemun"]
    assert fit(local, woman, DAY, near=sid).no == ["Only for people in Zemun."]
    assert "For people in Zemun" in fit(local, woman, DAY).care


def test_those_who_take_people_stand_first_then_the_near(woman, caseworker):
    def at(municipality, **fields):
        made = service(**fields)
        if municipality:
            place = PlaceFactory(organization=made.organization, municipality_id=municipality)
            place.services.add(made)
        return made

    said = {"capacity_at": timezone.now(), "capacity_by": caseworker}
    unknown, far, full = at(None), at("subotica"), at("zemun", accepting="no", **said)
    district, here = at("vracar"), at("zemun")
    takes = at("subotica", accepting="yes", places_free=2, **said)

    found = best_first(
        [unknown, far, full, district, here, takes],
        woman,
        DAY,
        near=Municipality.objects.get(pk="zemun"),
    )

    assert [offer.service for offer in found][:3] == [takes, here, district]
    assert found[-1].service == full
    assert (found[0].card["places"], found[0].card["places_kind"]) == ("2 places free", "yes")
    assert (found[-1].card["places"], found[1].card["place"]) == ("Takes nobody now", "Zemun")
