"""Households, relations told in one file, and people who must not meet."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions
from casework.families import household_of, marks_of, relations_of
from casework.models import Household, HouseholdMember, KeepApart, Relation
from casework.models.relation import is_asked_about
from protection.package import sheets_of
from tests import factories


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def husband(caseworker, team):
    return factories.PersonFactory(team=team, registered_by=caseworker, sex="male")


@pytest.fixture
def elsewhere(stranger):
    """Somebody of another house."""
    return factories.PersonFactory(team=stranger.teams.get(), registered_by=stranger)


@pytest.fixture
def of_other_team(house, caseworker):
    """Somebody of the same house whom this team does not see."""
    return factories.PersonFactory(
        team=factories.TeamFactory(organization=house), registered_by=caseworker
    )


# Households


def test_who_joins_somebody_is_in_one_household_with_her(desk, person, husband):
    response = desk.post(
        page("join_household", husband),
        {"beside": person.code.lower(), "role": "head", "since": "2026-03-01"},
    )

    assert response.url == page("family", husband)
    members = HouseholdMember.objects.current().order_by("role")
    assert [row.person for row in members] == [husband, person]
    assert {row.household for row in members} == {Household.objects.get()}
    verbs = AuditEvent.objects.filter(object_type__startswith="casework.household")
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        "make_household",
        "join_household",
        "join_household",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7KM2XQ9", "This is no code"),
        ("ABC-DEF", "This is no code"),
        ("x" * 300, "at most 12"),
        ("elsewhere", "Nobody with this code is open to you."),
        ("herself", "Choose somebody else."),
    ],
)
def test_a_wrong_code_joins_nobody(desk, person, elsewhere, typed, said):
    code = {"elsewhere": elsewhere.code, "herself": person.code}.get(typed, typed)

    response = desk.post(
        page("join_household", person), {"beside": code, "role": "member", "since": "2026-03-01"}
    )

    assert said in response.text
    assert Household.objects.count() == 0


def test_a_household_opens_nobody(caseworker, person, of_other_team):
    own = factories.HouseholdMemberFactory(person=person)
    factories.HouseholdMemberFactory(person=of_other_team, household=own.household)

    seen = household_of(person, caseworker)

    assert ([row.person for row in seen.members], seen.more) == ([person], 1)


def test_the_others_are_a_number_without_code(desk, person, of_other_team):
    own = factories.HouseholdMemberFactory(person=person)
    factories.HouseholdMemberFactory(person=of_other_team, household=own.household)

    response = desk.get(page("family", person))

    assert "1 more person" in response.text
    assert of_other_team.code not in response.text


def test_an_erased_member_is_a_number_until_the_row_is_gone(desk, person, husband):
    own = factories.HouseholdMemberFactory(person=person)
    factories.HouseholdMemberFactory(person=husband, household=own.household)
    husband.archived_on = timezone.localdate()
    husband.save()

    response = desk.get(page("family", person))

    assert "1 more person" in response.text
    assert husband.code not in response.text


def test_nobody_is_in_two_households(caseworker, person, husband):
    factories.HouseholdMemberFactory(person=person)

    with pytest.raises(ValidationError, match="in a household already"):
        actions.join_household(person, beside=husband, actor=caseworker)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.HouseholdMemberFactory(person=person)


def test_who_left_may_join_again(desk, caseworker, person):
    actions.join_household(person, actor=caseworker, since=timezone.localdate() - timedelta(days=3))

    desk.post(page("leave_household", person), {"until": timezone.localdate().isoformat()})
    actions.join_household(person, actor=caseworker)

    assert HouseholdMember.objects.filter(person=person).count() == 2
    assert HouseholdMember.objects.current().filter(person=person).count() == 1


def test_one_speaks_for_a_household(desk, caseworker, person, husband):
    actions.join_household(person, beside=husband, role="head", actor=caseworker)

    desk.post(page("lead_household", husband), {"operation": ""})

    heads = HouseholdMember.objects.filter(role=HouseholdMember.Role.HEAD)
    assert [row.person for row in heads] == [husband]


def test_who_is_in_no_household_leaves_none(desk, person):
    response = desk.post(page("leave_household", person), {"until": "2026-03-01"})

    assert "This person is in no household." in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_a_family_is_drawn_from_the_same_number_of_questions(
    desk, caseworker, team, person, rows, django_assert_num_queries
):
    own = factories.HouseholdMemberFactory(person=person)
    for _ in range(rows):
        other = factories.PersonFactory(team=team, registered_by=caseworker)
        factories.HouseholdMemberFactory(person=other, household=own.household)
        factories.RelationFactory(person=person, other=other)
        factories.KeepApartFactory(person=person, other=other)
    desk.get(page("family", person))

    with django_assert_num_queries(18):
        response = desk.get(page("family", person))

    assert len(response.context["relations"]) == rows


# Relations


def test_a_relation_is_told_in_one_file(desk, person, husband):
    desk.post(page("relate", person), {"other": husband.code, "kind": "spouse", "basis": "stated"})

    hers, his = (desk.get(page("family", each)).text for each in (person, husband))

    assert Relation.objects.get().is_known_to_both is False
    assert husband.code in hers
    assert person.code not in his
    assert "Husband or wife" not in his


def test_what_both_know_is_told_in_both_from_each_side(caseworker, person, husband):
    relation = actions.relate(
        person, other=husband, kind="father", is_known_to_both=True, actor=caseworker
    )

    (line,) = relations_of(husband, caseworker)

    assert (line.relation, line.other, str(line.said)) == (relation, person, "Child")
    assert line.is_told_here is False


def test_his_worker_reads_nothing_of_what_her_file_tells(signed_in, house, caseworker, person):
    """He is of another team of the house: whoever opens his file there sees him and not her."""
    team = factories.TeamFactory(organization=house)
    worker = factories.UserFactory(organization=house, teams=[team], role="caseworker")
    him = factories.PersonFactory(team=team, registered_by=worker)
    factories.RelationFactory(person=person, other=him)
    mark = factories.KeepApartFactory(person=person, other=him)
    browser = signed_in(worker)

    his = browser.get(page("family", him))

    assert (his.context["relations"], his.context["marks"]) == ([], [])
    assert person.code not in his.text
    assert "is afraid" not in his.text.lower()
    for path in (page("lift_keep_apart", mark), page("family", person)):
        assert browser.get(path).status_code == 404
    with pytest.raises(KeepApart.DoesNotExist):
        actions.lift_keep_apart(mark, actor=worker)


def test_the_other_side_of_what_both_know_stays_closed_to_who_may_not_see_it(
    desk, person, of_other_team
):
    factories.RelationFactory(person=of_other_team, other=person, is_known_to_both=True)

    response = desk.get(page("family", person))

    assert "Somebody who is not open to you" in response.text
    assert of_other_team.code not in response.text


def test_from_the_other_side_a_relation_is_read_only(signed_in, house, person, caseworker):
    team = factories.TeamFactory(organization=house)
    worker = factories.UserFactory(organization=house, teams=[team], role="caseworker")
    him = factories.PersonFactory(team=team, registered_by=worker)
    relation = factories.RelationFactory(person=person, other=him, is_known_to_both=True)

    assert signed_in(worker).post(page("end_relation", relation)).status_code == 404
    relation.refresh_from_db()
    assert relation.ended_at is None


def test_a_relation_is_taken_back_once(desk, caseworker, person, husband):
    relation = factories.RelationFactory(person=person, other=husband)

    desk.post(page("end_relation", relation), {"operation": ""})

    relation.refresh_from_db()
    assert relation.ended_at is not None
    assert relations_of(person, caseworker) == []
    with pytest.raises(ValidationError, match="taken back already"):
        actions.end_relation(relation, actor=caseworker)


def test_the_same_relation_is_not_told_twice(desk, person, husband):
    given = {"other": husband.code, "kind": "spouse", "basis": "stated"}
    desk.post(page("relate", person), given)

    response = desk.post(page("relate", person), given)

    assert "This relation is recorded already." in response.text
    assert Relation.objects.count() == 1


# Who must not meet


def test_whom_somebody_fears_stands_in_her_file_and_the_desk_asks_for_both(desk, person, husband):
    desk.post(page("keep_apart", person), {"other": husband.code, "reason": "afraid"})

    hers, his = (desk.get(page("family", each)).text for each in (person, husband))

    assert "Is afraid of this person" in hers
    assert person.code not in his
    assert (is_asked_about(person.pk), is_asked_about(husband.pk)) == (True, True)


def test_the_desk_says_the_same_sentence_of_both(desk, caseworker, person, husband):
    factories.KeepApartFactory(person=person, other=husband)

    def sentences(who):
        team = caseworker.teams.get()
        row = actions.check_in(who, team=team, how="code", actor=caseworker)
        text = desk.get(reverse("casework:desk"), {"shown": row.pk}).text
        assert "afraid" not in text
        return text.count("Speak with a coordinator before this person goes on.")

    assert (sentences(person), sentences(husband)) == (1, 1)


def test_two_records_that_became_one_are_not_related_to_themselves(caseworker, person):
    factories.RelationFactory(person=person, other=person, is_known_to_both=True)
    factories.KeepApartFactory(person=person, other=person)

    assert relations_of(person, caseworker) == []
    assert marks_of(person, caseworker) == []


def test_a_mark_that_was_taken_off_asks_nobody(desk, person, husband):
    mark = factories.KeepApartFactory(person=person, other=husband)

    desk.post(page("lift_keep_apart", mark), {"operation": ""})

    mark.refresh_from_db()
    assert mark.lifted_at is not None
    assert (is_asked_about(person.pk), is_asked_about(husband.pk)) == (False, False)


def test_his_own_data_tell_nothing_of_her(caseworker, person, husband):
    """What he may ask to read of himself: her file is no part of it, and no code of hers."""
    factories.RelationFactory(person=person, other=husband)
    factories.KeepApartFactory(person=person, other=husband)
    factories.RelationFactory(person=husband, other=person, kind="partner")

    told = " ".join(
        str(cell) for sheet in sheets_of(husband, []) for row in sheet.lines for cell in row
    )

    assert person.code not in told
    assert "Husband or wife" not in told
    assert "Is afraid" not in told
    assert "Partner" in told


# Who may not


@pytest.mark.parametrize(
    "name", ["join_household", "leave_household", "lead_household", "relate", "keep_apart"]
)
def test_verbs_of_a_family_are_for_who_works_with_her(
    signed_in, stranger, coordinator, person, name
):
    assert signed_in(stranger).get(page(name, person)).status_code == 404
    assert signed_in(coordinator).post(page(name, person), {}).status_code == 403
    assert Household.objects.count() == 0


def test_a_coordinator_reads_a_family(signed_in, coordinator, person):
    response = signed_in(coordinator).get(page("family", person))

    assert response.status_code == 200
    assert "Add to a household" not in response.text


def test_a_stranger_reads_no_family(signed_in, stranger, person, case):
    browser = signed_in(stranger)

    assert browser.get(page("family", person)).status_code == 404
    assert browser.get(page("case_family", case)).status_code == 404


def test_the_case_leads_to_the_family(desk, case, person):
    assert desk.get(page("case_family", case)).url == page("family", person)


def test_nobody_is_put_beside_somebody_of_another_house(caseworker, person, elsewhere):
    with pytest.raises((ValidationError, PermissionDenied)):
        actions.join_household(person, beside=elsewhere, actor=caseworker)
    with pytest.raises((ValidationError, PermissionDenied)):
        actions.relate(person, other=elsewhere, kind="sibling", actor=caseworker)
