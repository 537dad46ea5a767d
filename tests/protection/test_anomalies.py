"""What is unusual is found in time, told without names, and looked into once. Check I09."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.audit import record_list
from accounts.levels import Level
from accounts.models import AuditEvent, Notice, Role, RoleAssignment
from casework import actions as casework
from casework.models import Person
from protection import actions
from protection.models import Anomaly
from tests import factories

NOON = datetime(2026, 3, 4, 12, tzinfo=timezone.get_default_timezone())
NIGHT = NOON.replace(hour=3)


@pytest.fixture
def sign(case, colleague, house):
    return Anomaly.objects.create(
        kind=Anomaly.Kind.MANY_CASES,
        organization=house,
        people=[colleague.pk],
        day=NOON.date(),
        key=str(colleague.pk),
        count=41,
    )


def opened(user, cases, at):
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor=user,
            verb="view_case",
            object_type="casework.case",
            object_id=str(pk),
            case_id=pk,
            at=at,
        )
        for pk in cases
    )


def numbers(count):
    return [factories.uuid4() for _ in range(count)]


def kinds():
    return sorted(Anomaly.objects.values_list("kind", flat=True))


def test_I09_sixty_cases_one_name_from_four_accounts_and_a_night(
    caseworker, colleague, coordinator, dpo, team, house
):
    others = [
        factories.UserFactory(organization=house, teams=[team], role=Role.Code.CASEWORKER)
        for _ in range(2)
    ]
    opened(caseworker, numbers(60), NOON)
    opened(colleague, numbers(5), NIGHT)
    for user in [caseworker, colleague, *others]:
        record_list(user, "find_people", Person, [], term="Canary  Amber")

    first = actions.find_anomalies(NOON + timedelta(minutes=5))
    today = actions.find_anomalies()

    found = {each.kind for each in [*first, *today]}
    assert found >= {"many_cases", "off_hours", "same_term"}
    told = Notice.objects.filter(code="anomaly")
    assert {notice.user for notice in told} == {coordinator, dpo}
    assert told.filter(user=dpo).count() == len(first) + len(today)
    rows = str(list(Anomaly.objects.values())) + str(list(told.values()))
    assert "canary" not in rows.lower()


def test_forty_cases_are_a_day_and_forty_one_are_told(caseworker, colleague, coordinator):
    opened(caseworker, numbers(40), NOON)
    opened(colleague, numbers(41), NOON)

    actions.find_anomalies(NOON)

    assert [(row.kind, row.people, row.count) for row in Anomaly.objects.all()] == [
        ("many_cases", [colleague.pk], 41)
    ]


def test_same_case_again_is_one_case(caseworker):
    opened(caseworker, numbers(1) * 60, NOON)

    assert actions.find_anomalies(NOON) == []


def test_found_again_it_grows_and_nobody_is_told_twice(colleague, coordinator, dpo):
    opened(colleague, numbers(41), NOON)
    actions.find_anomalies(NOON)
    opened(colleague, numbers(9), NOON)

    assert actions.find_anomalies(NOON) == []
    assert Anomaly.objects.get().count == 50
    assert Notice.objects.filter(code="anomaly").count() == 2


def test_night_is_nothing_unusual_for_who_answers_the_telephone(operator):
    opened(operator, numbers(9), NIGHT)

    assert actions.find_anomalies(NIGHT) == []


def test_refused_again_and_again(stranger, colleague, coordinator):
    for minute in range(5):
        AuditEvent.objects.create(
            actor=colleague,
            verb="refuse",
            result=AuditEvent.Result.DENIED,
            at=NOON - timedelta(minutes=minute),
        )

    actions.find_anomalies(NOON)

    assert kinds() == ["denials"]


def test_unfinished_second_step_and_new_device(colleague, coordinator):
    AuditEvent.objects.create(actor=colleague, verb="leave_second_step", at=NOON)
    AuditEvent.objects.create(actor=colleague, verb="sign_in_on_new_device", at=NOON)
    for digest in ("a", "b"):
        colleague.known_devices.create(digest=digest)

    actions.find_anomalies(NOON)

    assert kinds() == ["new_device", "unfinished"]


def test_access_that_somebody_gave_herself(case, coordinator, dpo, colleague):
    give = {"level": Level.NARRATIVE, "kind": "supervisor", "actor": coordinator}
    casework.give_access(case, user=colleague, **give)
    assert actions.find_anomalies() == []

    casework.give_access(case, user=coordinator, **give)
    found = actions.find_anomalies()

    assert [(row.kind, row.people, row.count) for row in found] == [
        ("own_access", [coordinator.pk], 1)
    ]
    assert set(Notice.objects.filter(code="anomaly").values_list("user", flat=True)) == {dpo.pk}


def test_somebody_invited_with_nobody_to_agree(admin, house):
    accounts.invite_user(
        name="N. N.",
        username="newcomer",
        email="newcomer@example.org",
        organization=house,
        teams=[],
        roles=["caseworker"],
        roles_end_on=None,
        actor=admin,
    )

    found = actions.find_anomalies()

    assert [(row.kind, row.people, row.count) for row in found] == [("alone", [admin.pk], 1)]


def test_first_device_is_nothing_unusual(colleague):
    AuditEvent.objects.create(actor=colleague, verb="sign_in_on_new_device", at=NOON)
    colleague.known_devices.create(digest="a")

    assert actions.find_anomalies(NOON) == []


def test_many_searches_in_the_whole_house(colleague):
    AuditEvent.objects.bulk_create(
        AuditEvent(actor=colleague, verb="ask_everywhere", at=NOON) for _ in range(11)
    )

    actions.find_anomalies(NOON)

    assert kinds() == ["everywhere"]


def test_whom_it_is_about_is_not_told(coordinator, dpo):
    opened(coordinator, numbers(41), NOON)

    actions.find_anomalies(NOON)

    assert [notice.user for notice in Notice.objects.all()] == [dpo]


def test_list_and_page_show_accounts_and_write_it_down(sign, dpo, colleague, case, signed_in):
    client = signed_in(dpo)

    listed = client.get(reverse("protection:anomalies")).content.decode()
    page = client.get(reverse("protection:anomaly", args=[sign.pk])).content.decode()

    assert colleague.name in listed
    assert colleague.name in page
    assert AuditEvent.objects.get(verb="list_anomalies").listed == [sign.pk]
    assert AuditEvent.objects.get(verb="view_anomaly").object_id == str(sign.pk)


def test_finding_is_written_down_once(sign, coordinator, dpo, signed_in):
    page = reverse("protection:anomaly", args=[sign.pk])
    answer = signed_in(coordinator).post(page, {"finding": "handover"})
    sign.refresh_from_db()

    with pytest.raises(ValidationError, match="already"):
        actions.review_anomaly(sign, finding="duty", actor=dpo)

    assert answer.status_code == 302
    assert (sign.state, sign.finding, sign.looked_by) == ("looked_at", "handover", coordinator)
    assert AuditEvent.objects.get(verb="review_anomaly").note == "handover"


def test_finding_without_a_word_is_refused_and_nothing_changes(sign, dpo, signed_in):
    answer = signed_in(dpo).post(reverse("protection:anomaly", args=[sign.pk]), {})
    sign.refresh_from_db()

    assert answer.status_code == 200
    assert sign.state == Anomaly.State.NEW


def test_nobody_looks_into_her_own_matter(sign, colleague, signed_in):
    RoleAssignment.objects.create(user=colleague, role_id=Role.Code.COORDINATOR)
    page = reverse("protection:anomaly", args=[sign.pk])

    assert signed_in(colleague).get(page).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.review_anomaly(sign, finding="duty", actor=colleague)


@pytest.mark.parametrize("name", ["anomalies", "anomaly"])
def test_who_does_not_watch_is_refused(sign, name, caseworker, donor, partner, signed_in):
    page = reverse(f"protection:{name}", args=[sign.pk] if name == "anomaly" else [])

    for user in (caseworker, donor, partner):
        assert signed_in(user).get(page).status_code == 403


def test_another_house_sees_nothing(sign, signed_in):
    other = factories.TeamFactory()
    watcher = factories.UserFactory(organization=other.organization, role=Role.Code.DATA_PROTECTION)
    client = signed_in(watcher)

    assert client.get(reverse("protection:anomaly", args=[sign.pk])).status_code == 404
    assert not client.get(reverse("protection:anomalies")).context["lines"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    dpo, house, colleague, signed_in, rows, django_assert_num_queries
):
    for number in range(rows):
        Anomaly.objects.create(
            kind="denials",
            organization=house,
            people=[colleague.pk],
            day=NOON.date(),
            key=str(number),
            count=1,
        )
    client = signed_in(dpo)

    with django_assert_num_queries(9):
        client.get(reverse("protection:anomalies"))
