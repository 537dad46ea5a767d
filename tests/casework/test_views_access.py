from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent, Notice, Role
from casework.models import CaseAccess, CaseBlock, CaseEvent
from casework.models.access import AccessKind
from tests import factories


def page(name, case):
    return reverse(f"casework:{name}", args=[case.pk])


@pytest.fixture
def lead(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def giving(colleague):
    return {
        "operation": str(uuid4()),
        "user": colleague.pk,
        "level": str(Level.NARRATIVE.value),
        "kind": AccessKind.SUPERVISOR,
    }


def test_access_is_given_seen_by_all_and_holds_at_once(
    lead, signed_in, coordinator, colleague, case, giving
):
    until = timezone.localtime() + timedelta(days=3)
    assert signed_in(colleague).get(page("case", case)).status_code == 404

    response = lead.post(
        page("give_access", case),
        {**giving, "kind": "covering", "ends_at": until.strftime("%Y-%m-%dT%H:%M")},
    )

    assert response.headers["Location"] == page("access", case)
    access = CaseAccess.objects.get(user=colleague)
    assert (access.level, access.kind, access.granted_by) == (
        Level.NARRATIVE,
        AccessKind.COVERING,
        coordinator,
    )
    assert signed_in(colleague).get(page("case", case)).status_code == 200
    assert colleague.name in lead.get(page("access", case)).text
    assert AuditEvent.objects.get(verb="give_access").note == "covering narrative"
    assert CaseEvent.objects.get().code == CaseEvent.Code.ACCESS_GIVEN


def test_coordinators_own_access_is_a_row_that_all_can_see(lead, coordinator, case, giving):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina")
    assert lead.get(page("show_identity", case)).status_code == 403

    lead.post(page("give_access", case), {**giving, "user": coordinator.pk, "kind": "supervisor"})

    assert lead.get(page("show_identity", case)).status_code == 200
    assert "Supervision" in lead.get(page("access", case)).text


def told():
    return sorted(Notice.objects.values_list("user__name", "code", "url_name"))


def test_who_opens_a_story_to_herself_is_told_to_owner_and_data_protection(
    lead, coordinator, caseworker, dpo, house, case, giving
):
    kept_out = factories.UserFactory(organization=house, role=Role.Code.DATA_PROTECTION)
    CaseBlock.objects.create(case=case, user=kept_out, reason="other", blocked_by=caseworker)

    lead.post(page("give_access", case), {**giving, "user": coordinator.pk})

    assert told() == [
        (caseworker.name, "access_own", "casework:access"),
        (dpo.name, "access_own", ""),
    ]
    assert AuditEvent.objects.get(verb="give_access").meta["own"] is True


def test_other_access_is_told_to_nobody(lead, coordinator, dpo, case, giving):
    operational = {"level": str(Level.OPERATIONAL.value), "operation": str(uuid4())}

    lead.post(page("give_access", case), giving)
    lead.post(page("give_access", case), {**giving, **operational, "user": coordinator.pk})

    assert CaseAccess.objects.count() == 3
    assert told() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"user": str(uuid4())}, "Select a valid choice"),
        ({"user": "x"}, "is not a valid UUID"),
        ({"level": "5"}, "Select a valid choice"),
        ({"level": "x"}, "Select a valid choice"),
        ({"kind": "break_glass"}, "Select a valid choice"),
        ({"ends_at": "2020-01-01T10:00"}, "The access must end in the future."),
        ({"ends_at": "never"}, "Write the day and the time"),
    ],
)
def test_wrong_access_is_not_given(lead, case, giving, wrong, said):
    response = lead.post(page("give_access", case), {**giving, **wrong})

    assert said in response.text
    assert CaseAccess.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "partner", "donor", "admin"])
def test_access_is_not_given_to_whoever_does_not_work_with_cases(request, lead, case, giving, who):
    user = request.getfixturevalue(who)

    response = lead.post(page("give_access", case), {**giving, "user": user.pk})

    assert "Select a valid choice" in response.text
    assert CaseAccess.objects.count() == 1


def test_same_access_twice_is_said(lead, caseworker, case, giving):
    response = lead.post(page("give_access", case), {**giving, "user": caseworker.pk})

    assert "This person has that access already." in response.text
    assert CaseAccess.objects.count() == 1


def test_access_is_ended_and_shuts_at_once(lead, signed_in, caseworker, case):
    access = CaseAccess.objects.get()
    assert signed_in(caseworker).get(page("case", case)).status_code == 200

    response = lead.post(page("end_access", case), {"access": access.pk})

    assert response.headers["Location"] == page("access", case)
    assert signed_in(caseworker).get(page("case", case)).status_code == 404
    assert CaseEvent.objects.get().code == CaseEvent.Code.ACCESS_ENDED


def test_access_of_a_team_is_ended_too(lead, signed_in, colleague, team, case):
    access = factories.TeamCaseAccessFactory(content_object=case, group=team)
    assert signed_in(colleague).get(page("case", case)).status_code == 200

    lead.post(page("end_access", case), {"access": access.pk})

    assert signed_in(colleague).get(page("case", case)).status_code == 404


@pytest.mark.parametrize("sent", ["", "nonsense"])
def test_what_is_no_access_ends_nothing(lead, case, sent):
    response = lead.post(page("end_access", case), {"access": sent})

    assert response.status_code == 200
    assert CaseAccess.objects.get().ends_at is None


def test_access_of_another_case_is_not_ended_from_here(lead, house, case):
    other = factories.CaseAccessFactory()

    response = lead.post(page("end_access", case), {"access": other.pk})

    assert "There is no such access to this case." in response.text
    other.refresh_from_db()
    assert other.ends_at is None


def test_access_is_given_and_ended_by_those_who_may(signed_in, caseworker, case, giving):
    access = CaseAccess.objects.get()
    client = signed_in(caseworker)

    assert client.post(page("give_access", case), giving).status_code == 403
    assert client.post(page("end_access", case), {"access": access.pk}).status_code == 403
    assert CaseAccess.objects.get().ends_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_readers_ask_the_database_the_same_for_any_number_of_rows(
    lead, case, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.CaseAccessFactory(content_object=case)
        factories.TeamCaseAccessFactory(content_object=case)

    with django_assert_num_queries(24):
        response = lead.get(page("access", case))

    assert len(response.context["readers"]) == 2 * rows + 1
