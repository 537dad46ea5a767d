"""Conflicts of interest (check A11) and sealed cases: what beats what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent, Notice, Role, RoleAssignment, User
from casework import actions
from casework.models import Case, CaseAccess, CaseBlock, CaseEvent, Person
from casework.models.access import AccessKind
from tests import factories

PAGES = [
    "case",
    "timeline",
    "notes",
    "files",
    "show_identity",
    "services",
    "consents",
    "statuses",
    "access",
    "declare_conflict",
    "change_case",
]


def page(name, case):
    return reverse(f"casework:{name}", args=[case.pk])


def statuses(client, case):
    """What each page and resource about a case answers."""
    pages = [client.get(page(name, case)).status_code for name in PAGES]
    person = client.get(reverse("casework:person", args=[case.person_id])).status_code
    wings = [
        client.get(reverse(name, args=[case.pk])).status_code
        for name in ("screening:of_case", "referrals:of_case")
    ]
    machine = client.get(f"/api/v1/cases/{case.pk}/").status_code
    people = client.get(f"/api/v1/people/{case.person_id}/").status_code
    return {*pages, person, *wings, machine, people}


def afresh(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def lead(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def blocked(case, colleague, coordinator):
    """The colleague must not meet this case."""
    return CaseBlock.objects.create(
        case=case, user=colleague, reason="relative", blocked_by=coordinator
    )


# A11: the block beats everything


def test_A11_access_by_name_does_not_open_it(signed_in, colleague, case, blocked):
    factories.CaseAccessFactory(content_object=case, user=colleague, level=Level.RESTRICTED)

    assert statuses(signed_in(colleague), case) == {404}


def test_A11_access_of_her_team_does_not_open_it(signed_in, colleague, team, case, blocked):
    factories.TeamCaseAccessFactory(content_object=case, group=team, level=Level.NARRATIVE)

    assert statuses(signed_in(colleague), case) == {404}


def test_A11_emergency_access_does_not_open_it(signed_in, colleague, case, blocked):
    client = signed_in(colleague)

    client.post(
        reverse("casework:emergencies"),
        {
            "operation": str(uuid4()),
            "code": case.person.code,
            "category": "danger",
            "reason": "She stands at the door and is afraid.",
        },
    )

    assert statuses(client, case) == {404}
    assert not CaseAccess.objects.filter(kind=AccessKind.BREAK_GLASS).exists()


def test_A11_coordinators_role_does_not_open_it(signed_in, coordinator, caseworker, case):
    client = signed_in(coordinator)
    assert client.get(page("case", case)).status_code == 200

    CaseBlock.objects.create(case=case, user=coordinator, reason="own_case", blocked_by=caseworker)

    assert statuses(client, case) == {404}
    assert case.person.code not in client.get(reverse("casework:cases") + "?view=open").text


def test_A11_share_by_a_colleague_is_refused(lead, case, colleague, blocked):
    response = lead.post(
        page("give_access", case),
        {
            "operation": str(uuid4()),
            "user": colleague.pk,
            "level": Level.NARRATIVE.value,
            "kind": "supervisor",
        },
    )

    assert "This case is closed to this person." in response.text
    assert not CaseAccess.objects.filter(user=colleague).exists()


def test_A11_standing_in_leaves_it_out(coordinator, caseworker, colleague, case, blocked):
    with pytest.raises(ValidationError, match="no case to stand in for"):
        actions.cover_colleague(
            absent=caseworker,
            user=colleague,
            ends_at=factories.in_days(3),
            actor=coordinator,
        )


def test_A11_her_own_case_closes_too(signed_in, caseworker, coordinator, case):
    CaseBlock.objects.create(case=case, user=caseworker, reason="other", blocked_by=coordinator)

    assert statuses(signed_in(caseworker), case) == {404}


def test_A11_search_and_lists_leave_her_out(signed_in, colleague, case, blocked):
    client = signed_in(colleague)

    found = client.post(reverse("casework:find"), {"q": case.person.code})

    assert found.status_code == 200
    assert reverse("casework:person", args=[case.person_id]) not in found.text
    assert not Person.objects.visible_to(colleague).exists()
    assert client.get("/api/v1/people/").json()["results"] == []


# Declaring, setting, lifting


def test_whoever_knows_the_person_closes_the_case_to_herself_at_once(
    signed_in, caseworker, coordinator, case
):
    client = signed_in(caseworker)

    response = client.post(
        page("declare_conflict", case), {"operation": str(uuid4()), "reason": "known_privately"}
    )

    assert response.headers["Location"] == reverse("casework:cases")
    assert statuses(client, case) == {404}
    block = CaseBlock.objects.get()
    assert (block.user, block.blocked_by) == (caseworker, caseworker)
    assert Notice.objects.get(code="conflict_declared").user == coordinator
    assert AuditEvent.objects.get(verb="block_user").note == "known_privately"


def test_declaring_asks_how_she_knows_her(signed_in, caseworker, case):
    response = signed_in(caseworker).post(page("declare_conflict", case), {"reason": ""})

    assert "Choose what comes nearest." in response.text
    assert not CaseBlock.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("colleague", 404), ("stranger", 404), ("partner", 404), ("donor", 404)]
)
def test_nobody_closes_to_herself_what_she_does_not_see(request, signed_in, case, who, status):
    client = signed_in(request.getfixturevalue(who))

    response = client.post(page("declare_conflict", case), {"reason": "other"})

    assert response.status_code == status
    assert not CaseBlock.objects.exists()


def test_action_closes_nothing_to_whoever_does_not_see_it(case, stranger):
    with pytest.raises(PermissionDenied):
        actions.declare_conflict(case, reason="other", actor=stranger)


def test_coordinator_closes_a_case_to_a_colleague_and_opens_it_again(
    lead, signed_in, colleague, case
):
    factories.CaseAccessFactory(content_object=case, user=colleague)
    client = signed_in(colleague)

    lead.post(
        page("block_user", case),
        {"operation": str(uuid4()), "user": colleague.pk, "reason": "involved"},
    )
    assert statuses(client, case) == {404}
    assert colleague.name in lead.get(page("access", case)).text

    block = CaseBlock.objects.get()
    lead.post(page("lift_block", case), {"block": block.pk})

    assert client.get(page("case", case)).status_code == 200
    assert set(AuditEvent.objects.filter(verb__endswith="_block").values_list("verb", flat=True))
    with pytest.raises(ValidationError, match="nothing to lift"):
        actions.lift_block(case, block=block.pk, actor=User.objects.get(name="Cora Dinator"))


@pytest.mark.parametrize("verb", ["block_user", "lift_block", "unseal_case"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("partner", 404), ("dpo", 404)])
def test_others_close_and_open_nothing(request, signed_in, case, verb, who, status):
    assert signed_in(request.getfixturevalue(who)).post(page(verb, case)).status_code == status


@pytest.mark.parametrize("verb", ["block_user", "lift_block"])
def test_a_caseworker_closes_her_case_to_nobody_else(signed_in, caseworker, case, verb):
    assert signed_in(caseworker).post(page(verb, case)).status_code == 403


def test_an_old_sign_in_is_asked_again(signed_in, coordinator, case):
    client = signed_in(coordinator, fresh=False)

    for verb in ("give_access", "end_access", "seal_case", "block_user", "lift_block"):
        response = client.post(page(verb, case), {})
        assert response.headers["Location"].startswith(reverse("account_reauthenticate")), verb


def test_blocks_are_shown_to_coordinators_only(
    signed_in, caseworker, lead, colleague, case, blocked
):
    assert colleague.name not in signed_in(caseworker).get(page("access", case)).text
    assert "Relative or friend" in lead.get(page("access", case)).text


def test_somebody_elsewhere_cannot_be_blocked(coordinator, stranger, case, colleague, blocked):
    with pytest.raises(ValidationError, match="of your organization"):
        actions.block_user(case, user=stranger, reason="other", actor=coordinator)
    with pytest.raises(ValidationError, match="closed to this person already"):
        actions.block_user(case, user=colleague, reason="other", actor=coordinator)
    with pytest.raises(PermissionDenied):
        actions.block_user(case, user=colleague, reason="other", actor=colleague)
    with pytest.raises(PermissionDenied):
        actions.lift_block(case, block=blocked.pk, actor=colleague)


def test_nobody_keeps_reviewers_from_her_own_emergency_access(coordinator, colleague, case, house):
    today = timezone.localdate()
    RoleAssignment.objects.create(user=coordinator, role_id="caseworker", starts_on=today)
    asker = afresh(coordinator)
    factories.CaseAccessFactory(content_object=case, user=asker, level=Level.OPERATIONAL)
    opened = actions.ask_emergency_access(
        code=case.person.code, category="danger", reason="He has followed her here.", actor=asker
    )
    opened.access.ends_at = timezone.now()
    opened.access.save()

    with pytest.raises(ValidationError) as error:
        actions.block_user(case, user=colleague, reason="other", actor=asker)

    assert error.value.code == "own_review"
    assert not CaseBlock.objects.exists()
    second = factories.UserFactory(organization=house, role=Role.Code.COORDINATOR)
    actions.review_emergency_access(opened, verdict="justified", actor=second)
    assert actions.block_user(case, user=colleague, reason="other", actor=asker).user == colleague


@pytest.mark.django_db(transaction=True)
def test_two_blocks_at_once_are_one(coordinator, colleague, case):
    def block(_):
        try:
            actions.block_user(case, user=colleague, reason="other", actor=coordinator)
        except ValidationError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(block, range(2))) == 1


# Sealed


def test_a_sealed_case_does_not_exist_for_team_and_coordinator(
    signed_in, caseworker, colleague, coordinator, team, case
):
    factories.TeamCaseAccessFactory(content_object=case, group=team, level=Level.NARRATIVE)
    client = signed_in(caseworker)

    response = client.post(page("seal_case", case), {"operation": str(uuid4())})

    assert response.headers["Location"] == page("access", case)
    assert statuses(signed_in(colleague), case) == {404}
    assert statuses(signed_in(coordinator), case) == {404}
    body = client.get(page("access", case)).text
    assert "This case is sealed." in body
    assert CaseEvent.objects.filter(code=CaseEvent.Code.CASE_SEALED).exists()
    assert AuditEvent.objects.filter(verb="seal_case", case_id=case.pk).exists()


def test_the_seal_is_taken_off_by_who_answers_for_the_case(
    signed_in, caseworker, coordinator, case
):
    Case.objects.update(is_sealed=True)

    signed_in(caseworker).post(page("unseal_case", case), {"operation": str(uuid4())})

    assert case.person.code in signed_in(coordinator).get(page("case", case)).text


def test_a_coordinator_who_seals_is_led_away(lead, case):
    response = lead.post(page("seal_case", case), {"operation": str(uuid4())})

    assert response.headers["Location"] == reverse("casework:cases")
    assert lead.get(page("case", case)).status_code == 404


def test_a_case_that_nobody_would_see_is_not_sealed(coordinator, case):
    CaseAccess.objects.all().delete()

    with pytest.raises(ValidationError, match="Nobody would see it"):
        actions.seal_case(case, actor=coordinator)


def leave_only(case, user, **more):
    CaseAccess.objects.all().delete()
    return factories.CaseAccessFactory(content_object=case, user=user, **more)


@pytest.mark.parametrize("ends_in", [None, timedelta(days=3)])
def test_last_access_to_a_sealed_case_is_not_ended(lead, coordinator, colleague, case, ends_in):
    """Access that ends by itself leaves nobody either."""
    last = leave_only(case, coordinator)
    if ends_in:
        until = timezone.now() + ends_in
        factories.CaseAccessFactory(content_object=case, user=colleague, ends_at=until)
    actions.seal_case(case, actor=coordinator)

    response = lead.post(page("end_access", case), {"access": last.pk})

    assert "Give somebody access by name first." in response.text
    last.refresh_from_db()
    assert last.ends_at is None
    factories.CaseAccessFactory(content_object=case, user=colleague)
    lead.post(page("end_access", case), {"access": last.pk})
    last.refresh_from_db()
    assert last.ends_at is not None


@pytest.mark.parametrize("lost", ["left", "blocked", "dated"])
def test_a_case_is_not_sealed_for_whoever_reads_it_no_more(coordinator, colleague, case, lost):
    row = leave_only(case, colleague)
    if lost == "left":
        User.objects.filter(pk=colleague.pk).update(is_active=False)
    elif lost == "blocked":
        CaseBlock.objects.create(case=case, user=colleague, reason="other", blocked_by=coordinator)
    else:
        CaseAccess.objects.filter(pk=row.pk).update(ends_at=timezone.now() + timedelta(days=3))

    with pytest.raises(ValidationError, match="Nobody would see it"):
        actions.seal_case(case, actor=coordinator)


def test_sealing_twice_and_unsealing_twice_are_said(caseworker, case):
    with pytest.raises(ValidationError, match="not sealed"):
        actions.unseal_case(case, actor=caseworker)
    sealed = actions.seal_case(case, actor=caseworker)
    with pytest.raises(ValidationError, match="sealed already"):
        actions.seal_case(sealed, actor=caseworker)


def test_whoever_only_reads_along_seals_nothing(signed_in, colleague, case):
    factories.CaseAccessFactory(content_object=case, user=colleague)

    assert signed_in(colleague).post(page("seal_case", case)).status_code == 403
    assert signed_in(colleague).post(page("unseal_case", case)).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.seal_case(case, actor=colleague)
    with pytest.raises(PermissionDenied):
        actions.unseal_case(case, actor=colleague)


@pytest.mark.django_db(transaction=True)
def test_access_ends_while_it_is_read(coordinator, colleague, case):
    """No answer after the end of an access was said."""
    access = factories.CaseAccessFactory(content_object=case, user=colleague)

    for _ in range(20):
        CaseAccess.objects.filter(pk=access.pk).update(ends_at=None)
        actions.end_access(case, access=access.pk, actor=coordinator)
        assert not Case.objects.visible_to(colleague).filter(pk=case.pk).exists()
    assert Role.Code.COORDINATOR in afresh(coordinator).role_codes
