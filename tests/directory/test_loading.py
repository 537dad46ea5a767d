import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization
from casework.models import ConsentText
from directory.actions import change_service, load_directory, save_entry
from directory.lists import REFERENCE
from directory.models import (
    AgeBand,
    AgeBandSet,
    Area,
    Language,
    Leaflet,
    LeafletEdition,
    OrganizationProfile,
    Service,
    ServiceType,
    Topic,
)
from tests.directory.factories import InstitutionFactory
from tests.factories import HeadcountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files, to be changed."""
    shutil.copytree(REFERENCE, tmp_path / "lists")
    return tmp_path / "lists"


def change(folder, name, edit):
    path = folder / f"{name}.json"
    rows = json.loads(path.read_text())
    edit(rows)
    path.write_text(json.dumps(rows))


def load(folder):
    """Run the command; its counts without the rows that stayed the same."""
    out = StringIO()
    call_command("load_directory", "--json", f"--from={folder}", stdout=out)
    counts = json.loads(out.getvalue())
    return {
        name: {state: n for state, n in states.items() if n and state != "same"}
        for name, states in counts.items()
        if {state for state, n in states.items() if n} != {"same"}
    }


def refusal(folder):
    with pytest.raises(CommandError) as refused:
        call_command("load_directory", "--json", f"--from={folder}")
    return str(refused.value)


def offer(organization, service_type):
    return Service.objects.get(organization__code=organization, service_types=service_type)


def empty_the_directory():
    ConsentText.objects.all().delete()
    for model in (Service, OrganizationProfile, Organization, LeafletEdition, Leaflet):
        model.objects.all().delete()
    for model in (AgeBandSet, Area, ServiceType, Topic, Language):
        model.objects.all().delete()


def test_an_empty_directory_is_filled():
    empty_the_directory()

    counts = load_directory()

    assert counts["institutions"] == {"created": 33, "changed": 0, "kept": 0, "same": 0}
    assert counts["services"]["created"] == Service.objects.count() == 55
    assert Organization.objects.get(code="CZZTLJ").is_house is False
    shelter = offer("CZZTLJ", "shelter")
    assert (shelter.name_sr, shelter.is_referable) == ("Prihvatilište", False)
    assert list(offer("ATINA", "outreach").languages.values_list("pk", flat=True)) == ["ar", "fa"]
    bands = AgeBand.objects.filter(age_band_set="unicef")
    assert [band.label for band in bands] == ["0–5", "6–9", "10–14", "15–17", "18+"]


def test_a_second_time_changes_nothing(folder):
    load(folder)

    assert load(folder) == {}


def test_second_time_asks_few_questions(folder, django_assert_max_num_queries):
    load_directory(folder)

    with django_assert_max_num_queries(45):
        load_directory(folder)


def test_ids_of_services_stay_wherever_they_are_loaded():
    before = offer("ASTRA", "legal").pk
    empty_the_directory()

    load_directory()

    assert offer("ASTRA", "legal").pk == before


def test_what_differs_is_changed(folder):
    change(folder, "areas", lambda rows: rows[0].update(name_en="Belgrade, the hub"))
    change(folder, "institutions", lambda rows: rows[0].update(note_en="One unit"))
    change(folder, "institutions", lambda rows: rows[0]["services"][0].update(languages=["ur"]))

    counts = load(folder)

    assert counts == {"areas": {"changed": 1}, "institutions": {"changed": 1}}
    assert Area.objects.get(pk="bg-hub").name_en == "Belgrade, the hub"
    assert list(offer("CZZTLJ", "formal_identification").languages.all()) == [
        Language.objects.get(pk="ur")
    ]


def test_a_language_that_is_gone_from_the_file_is_gone_from_the_service(folder):
    change(folder, "institutions", lambda rows: rows[14]["services"][-1].update(languages=["ar"]))

    load(folder)

    assert [row.pk for row in offer("ATINA", "outreach").languages.all()] == ["ar"]


def test_ticks_of_the_hub_form_can_change_places(folder):
    def swap(rows):
        first, second = (r for r in rows if r["hub_position"] in {1, 2})
        first["hub_position"], second["hub_position"] = 2, 1

    change(folder, "service_types", swap)

    assert load(folder) == {"service_types": {"changed": 2}}
    assert [row.pk for row in ServiceType.objects.on_hub_form()[:2]] == ["food", "information"]


def test_what_somebody_edited_here_is_kept(folder, admin):
    area = Area.objects.get(pk="sid-town")
    area.name_en = "Šid, centre"
    save_entry(area, verb="change_entry", actor=admin)
    service = offer("CZZTLJ", "formal_identification")
    change_service(service, actor=admin, name_en="Identification")

    counts = load(folder)

    assert counts == {"areas": {"kept": 1}, "services": {"kept": 1}}
    assert Area.objects.get(pk="sid-town").name_en == "Šid, centre"
    assert Service.objects.get(pk=service.pk).name_en == "Identification"


def test_names_of_an_edited_institution_are_kept(folder, admin):
    profile = OrganizationProfile.objects.get(organization__code="MSF")
    Organization.objects.filter(pk=profile.pk).update(name_en="MSF")
    save_entry(profile, verb="change_entry", actor=admin)

    load(folder)

    assert Organization.objects.get(code="MSF").name_en == "MSF"


def test_house_of_the_same_code_stays_a_house(folder):
    Organization.objects.filter(code="INFOPARK").update(is_house=True)

    load(folder)

    assert Organization.objects.get(code="INFOPARK").is_house is True


def test_new_language_of_a_leaflet_becomes_an_edition(folder):
    change(folder, "leaflets", lambda rows: rows[0]["editions"].append("ps"))

    load(folder)

    editions = LeafletEdition.objects.filter(leaflet="journey")
    assert {row.language_id for row in editions} == {"en", "ur", "fr", "fa", "ps"}


def test_bands_that_changed_are_replaced(folder):
    change(folder, "age_bands", lambda rows: rows[3].update(bands=[[0, 13], [14, None]]))

    load(folder)

    bands = AgeBand.objects.filter(age_band_set="child_adult")
    assert [band.label for band in bands] == ["0–13", "14+"]


def test_bands_that_were_counted_with_stay(folder):
    HeadcountFactory(age_band=AgeBand.objects.get(age_band_set="child_adult", min_age=0))
    change(folder, "age_bands", lambda rows: rows[3].update(bands=[[0, 13], [14, None]]))

    assert refusal(folder) == (
        "age_bands.json, child_adult: counted with already; add a new set instead."
    )
    bands = AgeBand.objects.filter(age_band_set="child_adult")
    assert [band.label for band in bands] == ["0–17", "18+"]


@pytest.mark.parametrize(
    ("name", "edit", "says"),
    [
        (
            "service_types",
            lambda rows: rows[0].update(topic="cooking"),
            "service_types.json, information: there is no topic cooking.",
        ),
        (
            "leaflets",
            lambda rows: rows[0].update(donor="NOBODY"),
            "leaflets.json, journey: there is no donor NOBODY.",
        ),
        (
            "leaflets",
            lambda rows: rows[0].update(editions=["xx"]),
            "leaflets.json, journey: there is no language xx.",
        ),
        (
            "institutions",
            lambda rows: rows[0]["services"][0].update(type="cooking"),
            "institutions.json, CZZTLJ: there is no kind of service cooking.",
        ),
        (
            "institutions",
            lambda rows: rows[0]["services"][0].update(languages=["xx"]),
            "institutions.json, CZZTLJ: there is no language xx.",
        ),
        (
            "institutions",
            lambda rows: rows[0].update(kind="circus"),
            "institutions.json, CZZTLJ: kind: Value 'circus' is not a valid choice.",
        ),
        (
            "institutions",
            lambda rows: rows[0]["services"][0].update(phone="112"),
            "institutions.json, CZZTLJ, formal_identification: "
            "Say how sure the phone number is, or leave it out.",
        ),
        (
            "service_types",
            lambda rows: rows[0].update(hub_position=13),
            "service_types.json, information: The hub form has places 1 to 12.",
        ),
    ],
)
def test_a_file_that_says_what_cannot_be_changes_nothing(folder, name, edit, says):
    change(folder, "languages", lambda rows: rows[0].update(name_en="Changed"))
    change(folder, name, edit)

    assert refusal(folder) == says
    assert Language.objects.get(pk="en").name_en == "English"


def test_row_that_collides_with_one_added_here_changes_nothing(folder, admin):
    change(folder, "languages", lambda rows: rows[0].update(name_en="Changed"))
    change(folder, "institutions", lambda rows: rows[0]["services"][1].update(type="policy"))
    organization = Organization.objects.get(code="CZZTLJ")
    Service.objects.create(organization=organization, name_en="Policy", name_sr="Politika")

    assert refusal(folder).startswith("A row of the files collides with one that was added here: ")
    assert Language.objects.get(pk="en").name_en == "English"


def test_two_ticks_in_one_place_change_nothing(folder):
    change(folder, "service_types", lambda rows: rows[-1].update(hub_position=1))

    assert "hub_position_taken_once" in refusal(folder)
    assert ServiceType.objects.get(hub_position=1).pk == "information"


def test_counts_are_told_in_words():
    InstitutionFactory()
    out = StringIO()

    call_command("load_directory", stdout=out)

    assert "institutions: 33 same\n" in out.getvalue()
