"""Standing in for a colleague: all her open cases, until a day, and what it leaves out."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from casework import actions
from casework.models import Case, CaseAccess, CaseEvent
from casework.models.access import AccessKind
from tests import factories

COVER = reverse("casework:cover")


def standing_in():
    return CaseAccess.objects.filter(kind=AccessKind.COVERING)


def another_case(owner, team, **more):
    person = factories.PersonFactory(team=team, registered_by=owner)
    return factories.AssignedCaseFactory(person=person, owner=owner, **more)


@pytest.fixture
def lead(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def covering(caseworker, colleague):
    until = timezone.localtime() + timedelta(days=5)
    return {
        "operation": str(uuid4()),
        "absent": caseworker.pk,
        "user": colleague.pk,
        "ends_at": until.strftime("%Y-%m-%dT%H:%M"),
    }


def test_all_open_cases_are_covered_until_a_day(
    lead, signed_in, caseworker, colleague, coordinator, team, case, covering
):
    other = another_case(caseworker, team)

    response = lead.post(COVER, covering)

    assert response.headers["Location"] == COVER
    assert {row.content_object for row in standing_in()} == {case, other}
    assert {row.ends_at - timezone.now() > timedelta(days=4) for row in standing_in()} == {True}
    assert signed_in(colleague).get(other.get_absolute_url()).status_code == 200
    assert other.level_for(colleague) == Level.NARRATIVE
    assert CaseEvent.objects.filter(code=CaseEvent.Code.ACCESS_GIVEN).count() == 2
    assert len(AuditEvent.objects.get(verb="cover_colleague").listed) == 2
    body = lead.get(COVER).text
    assert case.person.code in body
    assert other.person.code in body


def test_one_case_is_covered_alone(coordinator, caseworker, colleague, team, case):
    another_case(caseworker, team)

    actions.cover_colleague(
        absent=caseworker,
        user=colleague,
        case=case,
        ends_at=timezone.now() + timedelta(days=1),
        actor=coordinator,
    )

    assert standing_in().get().content_object == case


def test_who_stands_in_gets_what_the_colleague_has_and_no_more(
    coordinator, caseworker, colleague, case, team
):
    seen = another_case(colleague, team)
    CaseAccess.objects.filter(content_object=seen).delete()
    factories.CaseAccessFactory(content_object=seen, user=caseworker, level=Level.IDENTITY)
    factories.CaseAccessFactory(content_object=case, user=colleague)

    actions.cover_colleague(
        absent=caseworker, user=colleague, ends_at=factories.in_days(1), actor=coordinator
    )

    row = standing_in().select_related("permission").get()
    assert (row.content_object, row.level) == (seen, Level.IDENTITY)


def test_closed_and_sealed_cases_and_emergencies_are_left_out(
    coordinator, caseworker, colleague, team, case
):
    another_case(caseworker, team, is_sealed=True)
    closed = another_case(
        caseworker,
        team,
        status=Case.Status.CLOSED,
        closed_on=timezone.localdate(),
        closure_reason="done",
    )
    CaseAccess.objects.filter(content_object=case).update(kind=AccessKind.BREAK_GLASS)

    with pytest.raises(ValidationError, match="no case to stand in for"):
        actions.cover_colleague(
            absent=caseworker, user=colleague, ends_at=factories.in_days(1), actor=coordinator
        )
    assert not closed.access.filter(user=colleague).exists()


def test_it_ends_on_its_day(signed_in, coordinator, caseworker, colleague, case):
    actions.cover_colleague(
        absent=caseworker, user=colleague, ends_at=factories.in_days(1), actor=coordinator
    )
    client = signed_in(colleague)
    assert client.get(case.get_absolute_url()).status_code == 200

    standing_in().update(ends_at=timezone.now())

    assert client.get(case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends_at": ""}, "Say until when."),
        ({"ends_at": "2020-01-01T10:00"}, "The access must end in the future."),
        ({"absent": ""}, "There is no answer here yet."),
        ({"user": str(uuid4())}, "Select a valid choice"),
    ],
)
def test_without_an_end_or_a_colleague_nobody_stands_in(lead, case, covering, wrong, said):
    response = lead.post(COVER, {**covering, **wrong})

    assert said in response.text
    assert not standing_in().exists()


def test_nobody_stands_in_for_herself_or_for_somebody_elsewhere(
    lead, coordinator, caseworker, stranger, case, covering
):
    response = lead.post(COVER, {**covering, "user": caseworker.pk})
    assert "Choose somebody else to stand in." in response.text

    with pytest.raises(ValidationError, match="same organization"):
        actions.cover_colleague(
            absent=caseworker, user=stranger, ends_at=factories.in_days(1), actor=coordinator
        )


def test_standing_in_without_an_end_is_not_given_for_one_case_either(coordinator, colleague, case):
    with pytest.raises(ValidationError, match="Standing in ends on a day"):
        actions.give_access(
            case,
            user=colleague,
            level=Level.NARRATIVE,
            kind=AccessKind.COVERING,
            actor=coordinator,
        )


@pytest.mark.parametrize("who", ["caseworker", "stranger", "mobile", "partner", "donor", "admin"])
def test_standing_in_is_the_coordinators_to_give(request, signed_in, case, covering, who):
    user = request.getfixturevalue(who)

    assert signed_in(user).get(COVER).status_code == 403
    assert signed_in(user).post(COVER, covering).status_code == 403
    assert not standing_in().exists()
    with pytest.raises(PermissionDenied):
        actions.cover_colleague(absent=user, user=user, ends_at=factories.in_days(1), actor=user)


def test_a_coordinator_elsewhere_covers_nothing_here(signed_in, stranger, case, covering):
    lead = factories.UserFactory(organization=stranger.organization, role="coordinator")

    response = signed_in(lead).post(COVER, covering)

    assert "Select a valid choice" in response.text


def test_list_costs_the_same_with_one_case_and_with_three(
    lead, coordinator, caseworker, colleague, team, case, django_assert_num_queries
):
    def cover():
        actions.cover_colleague(
            absent=caseworker, user=colleague, ends_at=factories.in_days(1), actor=coordinator
        )

    cover()
    with django_assert_num_queries(11):
        lead.get(COVER)
    another_case(caseworker, team)
    another_case(caseworker, team)
    cover()
    with django_assert_num_queries(11):
        lead.get(COVER)
