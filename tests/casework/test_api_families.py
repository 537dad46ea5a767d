"""Families, children and talks in the API: the same gate and verbs as the pages."""

import pytest

from casework.models import HouseholdMember, Relation
from tests import factories

API = "/api/v1"
RESOURCES = {
    "household-members": factories.HouseholdMemberFactory,
    "relations": factories.RelationFactory,
    "ages": factories.AgeEstimateFactory,
    "steps": factories.BestInterestsStepFactory,
    "talk-wishes": factories.TalkWishFactory,
    "contact-rules": factories.ContactRuleFactory,
}


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def send(client, path, body):
    return client.post(f"{API}{path}", body, content_type="application/json")


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_rows_are_read_by_who_sees_the_person(desk, signed_in, stranger, person, resource):
    row = RESOURCES[resource](person=person)

    listed = desk.get(f"{API}/{resource}/?person={person.pk}").json()

    assert [each["id"] for each in listed["results"]] == [str(row.pk)]
    assert desk.get(f"{API}/{resource}/{row.pk}/").json()["person"] == str(person.pk)
    assert signed_in(stranger).get(f"{API}/{resource}/").json()["results"] == []
    assert signed_in(stranger).get(f"{API}/{resource}/{row.pk}/").status_code == 404


@pytest.mark.parametrize("resource", sorted(RESOURCES))
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_for_any_number_of_rows(
    desk, caseworker, team, resource, rows, django_assert_num_queries
):
    for _ in range(rows):
        RESOURCES[resource](person=factories.PersonFactory(team=team, registered_by=caseworker))
    desk.get(f"{API}/{resource}/")

    with django_assert_num_queries(9):
        listed = desk.get(f"{API}/{resource}/").json()

    assert len(listed["results"]) == rows


def test_a_household_is_joined_and_left(desk, caseworker, team, person):
    other = factories.PersonFactory(team=team, registered_by=caseworker)

    made = send(desk, "/household-members/", {"person": str(person.pk), "beside": str(other.pk)})
    left = send(desk, f"/household-members/{made.json()['id']}/leave/", {})

    assert (made.status_code, left.status_code) == (201, 200)
    assert [row.person for row in HouseholdMember.objects.current()] == [other]


def test_from_the_other_side_a_machine_reads_what_both_know_and_no_code(
    signed_in, house, caseworker, person
):
    team = factories.TeamFactory(organization=house)
    worker = factories.UserFactory(organization=house, teams=[team], role="caseworker")
    him = factories.PersonFactory(team=team, registered_by=worker)
    factories.RelationFactory(person=person, other=him)
    factories.RelationFactory(person=person, other=him, kind="travels_with", is_known_to_both=True)

    (row,) = signed_in(worker).get(f"{API}/relations/").json()["results"]

    assert (row["kind"], row["person"], row["other"]) == ("travels_with", None, str(him.pk))
    assert send(signed_in(worker), f"/relations/{row['id']}/end/", {}).status_code == 403
    assert not Relation.objects.exclude(ended_at=None).exists()


def test_an_age_is_told_and_chosen(desk, person):
    body = {
        "person": str(person.pk),
        "source": "stated",
        "birth_year_from": 2008,
        "birth_year_to": 2009,
    }
    made = send(desk, "/ages/", body)

    send(desk, f"/ages/{made.json()['id']}/choose/", {})

    person.refresh_from_db()
    assert (person.birth_year_from, person.birth_year_to) == (2008, 2009)


def test_a_step_is_begun_and_finished(desk, signed_in, coordinator, person):
    made = send(desk, "/steps/", {"person": str(person.pk), "step": "assessment", "risk": "high"})
    done = send(
        desk, f"/steps/{made.json()['id']}/finish/", {"outcome": "next", "note": "Wants to stay."}
    )
    again = send(desk, f"/steps/{made.json()['id']}/finish/", {"outcome": "next"})

    assert (done.json()["outcome"], done.json()["note"]) == ("next", "Wants to stay.")
    assert again.status_code == 400
    assert (
        send(signed_in(coordinator), f"/steps/{made.json()['id']}/finish/", {}).status_code == 400
    )
