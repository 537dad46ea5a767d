"""Emergency access (check A10): who may ask, what it opens, what it refuses, how it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent, Notice, Role, RoleAssignment
from casework import actions, tasks
from casework.codes import code_from
from casework.models import Case, CaseAccess, CaseBlock, CaseEvent, EmergencyAccess, Person, Visit
from casework.models.access import AccessKind
from referrals import actions as referrals
from screening import actions as screenings
from screening.models import InstrumentVersion
from tests import factories

ASK = reverse("casework:emergencies")
REVIEWS = reverse("casework:emergency_reviews")
REASON = "She stands at the door and says he has followed her."
NOBODY = code_from(12345)  # a right code that names nobody
State = EmergencyAccess.State


def page(name, case):
    return reverse(f"casework:{name}", args=[case.pk])


def asking(code, **more):
    return {
        "operation": str(uuid4()),
        "code": code,
        "category": "danger",
        "reason": REASON,
        **more,
    }


@pytest.fixture
def asker(signed_in, operator):
    """Somebody of the same house who has nothing to do with the case."""
    return signed_in(operator)


@pytest.fixture
def named(case):
    return factories.PersonIdentityFactory(person=case.person, name="Zarmina")


@pytest.fixture
def second(house, team):
    """A second person who agrees and reviews."""
    return factories.UserFactory(organization=house, teams=[team], role=Role.Code.COORDINATOR)


@pytest.fixture
def opened(operator, case, named):
    """The operator's emergency access to the case, open now."""
    return actions.ask_emergency_access(
        code=case.person.code, category="danger", reason=REASON, actor=operator
    )


# Asking


def test_A10_opens_one_case_for_an_hour_and_tells_coordinator_and_data_protection(
    asker, operator, coordinator, dpo, case, named
):
    assert asker.get(page("case", case)).status_code == 404

    response = asker.post(ASK, asking(case.person.code.lower().replace("-", " ")))

    assert response.headers["Location"] == ASK
    row = EmergencyAccess.objects.get()
    assert (row.state, row.case, row.reason) == (State.OPENED, case, REASON)
    assert (row.access.kind, row.access.level) == (AccessKind.BREAK_GLASS, Level.NARRATIVE)
    assert row.access.ends_at - row.access.starts_at <= timedelta(minutes=60, seconds=1)
    assert row.review_due_at - row.asked_at >= timedelta(hours=72)
    told = Notice.objects.filter(code="emergency_asked")
    assert {notice.user for notice in told} == {coordinator, dpo}
    body = asker.get(page("case", case)).text
    assert "Emergency access." in body
    assert "change nothing" in body
    assert asker.get(page("notes", case)).status_code == 200
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"ask_emergency_access", "open_emergency_access"} <= verbs
    assert CaseEvent.objects.filter(code=CaseEvent.Code.ACCESS_EMERGENCY).exists()


def test_A10_everybody_who_sees_the_case_sees_the_emergency_access(
    signed_in, caseworker, operator, case, opened
):
    body = signed_in(caseworker).get(page("access", case)).text

    assert operator.name in body
    assert "Emergency access" in body


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "Say in at least 20 characters what happened."),
        ({"reason": "urgent" + " " * 30}, "Say in at least 20 characters what happened."),
        ({"category": ""}, "Choose why."),
        ({"category": "curious"}, "Select a valid choice"),
        ({"code": ""}, "Type the whole code"),
        ({"code": "7KM"}, "Type the whole code"),
    ],
)
def test_A10_without_a_reason_or_a_whole_code_nothing_is_asked(asker, case, wrong, said):
    response = asker.post(ASK, {**asking(case.person.code), **wrong})

    assert said in response.text
    assert not EmergencyAccess.objects.exists()
    assert CaseAccess.objects.count() == 1


def test_A10_an_old_sign_in_is_asked_again(signed_in, operator, case):
    response = signed_in(operator, fresh=False).post(ASK, asking(case.person.code))

    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not EmergencyAccess.objects.exists()


def test_A10_fourth_of_the_day_is_refused_whatever_the_others_were(asker, case):
    for _ in range(3):
        assert asker.post(ASK, asking(NOBODY)).status_code == 302

    response = asker.post(ASK, asking(case.person.code))

    assert "You asked as often as one day allows." in response.text
    assert EmergencyAccess.objects.count() == 3
    assert asker.get(page("case", case)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_A10_two_at_once_do_not_both_take_the_last_turn(operator, case):
    for _ in range(2):
        actions.ask_emergency_access(code=NOBODY, category="danger", reason=REASON, actor=operator)

    def ask(_):
        try:
            actions.ask_emergency_access(
                code=case.person.code, category="danger", reason=REASON, actor=operator
            )
        except ValidationError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(ask, range(2))) == 1
    assert CaseAccess.objects.filter(kind=AccessKind.BREAK_GLASS).count() == 1


def test_A10_a_review_that_is_overdue_stops_the_next_one(asker, case, opened):
    EmergencyAccess.objects.update(
        review_due_at=timezone.now() - timedelta(minutes=1),
        asked_at=timezone.now() - timedelta(days=4),
    )

    response = asker.post(ASK, asking(NOBODY))

    assert "was not reviewed in time" in response.text
    assert EmergencyAccess.objects.count() == 1


def test_A10_nobody_learns_whether_a_code_exists(asker, coordinator, stranger, case):
    """The same answer, the same page and the same notices for each code that opens nothing."""
    foreign = factories.AssignedCaseFactory(
        person=factories.PersonFactory(
            team=stranger.teams.get(), organization=stranger.organization, registered_by=stranger
        ),
        owner=stranger,
    )
    sealed = factories.AssignedCaseFactory(
        person=factories.PersonFactory(team=case.team, registered_by=case.owner), is_sealed=True
    )

    answers = {
        (response.status_code, response.headers["Location"])
        for code in (NOBODY, foreign.person.code, sealed.person.code)
        for response in [asker.post(ASK, asking(code))]
    }
    body = asker.get(ASK).text

    assert answers == {(302, ASK)}
    assert body.count("Not open. If it opens, you get a notice.") == 3
    assert sealed.person.code not in body
    assert Notice.objects.filter(user=coordinator, code="emergency_asked").count() == 3
    assert not CaseAccess.objects.filter(kind=AccessKind.BREAK_GLASS).exists()
    assert not EmergencyAccess.objects.filter(case=foreign).exists()


def test_A10_what_is_open_already_needs_no_emergency(signed_in, caseworker, case):
    response = signed_in(caseworker).post(ASK, asking(case.person.code))

    assert "This case is open to you already." in response.text
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "dpo", "admin", "partner", "donor", "interpreter"])
def test_A10_whoever_may_not_ask_is_refused(request, signed_in, case, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(ASK).status_code == 403
    assert client.post(ASK, asking(case.person.code)).status_code == 403
    assert not EmergencyAccess.objects.exists()


# What it opens and what it does not


def test_A10_ends_exactly_after_its_hour(asker, case, opened):
    assert asker.get(page("case", case)).status_code == 200

    CaseAccess.objects.filter(emergency=opened).update(
        starts_at=timezone.now() - timedelta(minutes=60), ends_at=timezone.now()
    )

    assert asker.get(page("case", case)).status_code == 404
    assert asker.get(reverse("casework:person", args=[case.person_id])).status_code == 404


def test_A10_is_given_back_early(asker, case, opened):
    response = asker.post(reverse("casework:end_emergency", args=[opened.pk]))

    assert response.headers["Location"] == ASK
    assert asker.get(page("case", case)).status_code == 404


def test_A10_somebody_elses_is_not_given_back(signed_in, mobile, case, opened, caseworker):
    for user in (mobile, caseworker):
        response = signed_in(user).post(reverse("casework:end_emergency", args=[opened.pk]))
        assert response.status_code == 404
    with pytest.raises(PermissionDenied):
        actions.end_emergency_access(opened, actor=caseworker)
    actions.end_emergency_access(opened, actor=opened.asked_by)
    with pytest.raises(ValidationError):
        actions.end_emergency_access(opened, actor=opened.asked_by)


def test_A10_reads_the_name_for_a_reason(asker, case, opened):
    response = asker.post(page("show_identity", case), {"reason": "contact"})

    assert "Zarmina" in response.text
    assert AuditEvent.objects.filter(verb="show_identity", case_id=case.pk).exists()


def test_A10_never_opens_what_is_restricted(operator, case, opened):
    assert case.level_for(operator) == Level.NARRATIVE
    assert not Case.objects.visible_to(operator, Level.RESTRICTED).exists()


WRITES = [
    ("notes", {"text": "Something"}),
    ("change_case", {"version": 1, "risk": "high", "status": "Active"}),
    ("close_case", {"version": 1, "closure_reason": "done"}),
    ("reopen_case", {"version": 1}),
    ("record_consent", {"purpose": "record", "decision": "given", "channel": "spoken"}),
    ("record_status", {"status": "presumed", "decided_on": "2026-11-01"}),
    ("deliver_service", {"service_type": "information"}),
    ("start_income_activity", {"kind": "course"}),
]


@pytest.fixture
def reading_caseworker(colleague, case, named):
    """A caseworker, who may do everything, with emergency access only."""
    actions.ask_emergency_access(
        code=case.person.code, category="danger", reason=REASON, actor=colleague
    )
    return colleague


@pytest.mark.parametrize(("name", "typed"), WRITES)
def test_A10_writes_nothing_by_any_page(signed_in, reading_caseworker, case, name, typed):
    before = Case.objects.values().get(pk=case.pk)
    typed = {"operation": str(uuid4()), "language": "fa", **typed}

    response = signed_in(reading_caseworker).post(page(name, case), typed)

    assert response.status_code == 403
    assert Case.objects.values().get(pk=case.pk) == before


def test_A10_writes_nothing_by_any_verb(reading_caseworker, case, named):
    reader, person = reading_caseworker, case.person
    consent = factories.ConsentFactory(case=case)
    service = factories.ServiceDeliveredFactory(case=case, person=person)
    activity = factories.IncomeActivityFactory(case=case)
    referral = factories.ReferralFactory(case=case)
    today = timezone.localdate()
    verbs = [
        lambda: actions.open_case(person, actor=reader),
        lambda: actions.record_identity(person, name="Other", actor=reader),
        lambda: actions.withdraw_consent(consent, actor=reader),
        lambda: actions.change_service(service, version=1, quantity=2, actor=reader),
        lambda: actions.attend_income_activity(activity, attended_on=today, actor=reader),
        lambda: actions.end_income_activity(
            activity, ended_on=today, outcome="earning", actor=reader
        ),
        lambda: actions.seal_case(case, actor=reader),
        lambda: referrals.draft_referral(case, service=referral.service, actor=reader),
        lambda: referrals.change_referral(
            referral, urgency="normal", items=[], message="x", actor=reader
        ),
        lambda: referrals.send_referral(referral, actor=reader),
        lambda: referrals.recall_referral(referral, reason="mistake", actor=reader),
        lambda: screenings.start_screening(
            person,
            instrument_version=InstrumentVersion.objects.in_force().first(),
            safety="safe",
            agreed=True,
            limits_explained=True,
            language=person.language,
            interpreting="not_needed",
            actor=reader,
        ),
    ]

    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb()


def test_A10_changes_nothing_of_a_person_of_another_team(house, case):
    elsewhere = factories.TeamFactory(name="Other hub", organization=house)
    reader = factories.UserFactory(organization=house, teams=[elsewhere], role=Role.Code.CASEWORKER)
    actions.ask_emergency_access(
        code=case.person.code, category="danger", reason=REASON, actor=reader
    )
    assert Person.objects.visible_to(reader).get() == case.person

    with pytest.raises(PermissionDenied):
        actions.change_person(case.person, version=1, sex="other", actor=reader)
    with pytest.raises(PermissionDenied):
        actions.record_visit(
            case.person,
            team=elsewhere,
            language=case.person.language,
            services=[factories.service_type()],
            actor=reader,
        )
    assert not Visit.objects.exists()


def test_A10_what_her_own_desk_may_do_goes_on(reading_caseworker, case, team):
    """Emergency access takes nothing from who sees the person at her own desk anyway."""
    visit = actions.record_visit(
        case.person,
        team=team,
        language=case.person.language,
        services=[factories.service_type()],
        actor=reading_caseworker,
    )

    assert visit.pk


def test_A10_access_that_lasts_writes_again(reading_caseworker, case):
    factories.CaseAccessFactory(content_object=case, user=reading_caseworker)

    assert actions.write_note(case, text="Now it is mine.", actor=reading_caseworker).pk


# Sealed: two people agree


@pytest.fixture
def waiting(operator, case, named, coordinator, dpo):
    Case.objects.update(is_sealed=True)
    return actions.ask_emergency_access(
        code=case.person.code, category="danger", reason=REASON, actor=operator
    )


def answer(client, emergency, agrees):
    return client.post(
        reverse("casework:answer_emergency", args=[emergency.pk]),
        {"operation": str(uuid4()), "agrees": agrees},
    )


def test_A10_a_sealed_case_opens_when_two_people_agree(
    signed_in, asker, operator, coordinator, dpo, case, waiting
):
    assert (waiting.state, waiting.access) == (State.WAITING, None)
    assert asker.get(page("case", case)).status_code == 404

    answer(signed_in(coordinator), waiting, "yes")
    assert asker.get(page("case", case)).status_code == 404
    answer(signed_in(coordinator), waiting, "yes")
    assert asker.get(page("case", case)).status_code == 404
    answer(signed_in(dpo), waiting, "yes")

    assert asker.get(page("case", case)).status_code == 200
    assert Notice.objects.filter(user=operator, code="emergency_opened").count() == 1
    assert {vote.voter for vote in waiting.votes.all()} == {coordinator, dpo}


def test_A10_who_agrees_reads_the_reason_and_not_the_case(signed_in, coordinator, case, waiting):
    client = signed_in(coordinator)

    body = client.get(reverse("casework:emergency", args=[waiting.pk])).text

    assert REASON in body
    assert case.person.code not in body
    assert client.get(page("case", case)).status_code == 404


def test_A10_one_no_ends_it(signed_in, asker, coordinator, dpo, case, waiting):
    answer(signed_in(coordinator), waiting, "no")
    response = answer(signed_in(dpo), waiting, "yes")

    assert response.status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == State.REFUSED
    assert asker.get(page("case", case)).status_code == 404


def test_A10_nobody_agrees_to_an_old_request(coordinator, waiting):
    EmergencyAccess.objects.update(asked_at=timezone.now() - timedelta(hours=25))

    with pytest.raises(ValidationError, match="too old"):
        actions.answer_emergency_access(waiting, agrees=True, actor=coordinator)


def test_A10_who_asked_agrees_to_nothing(operator, waiting):
    today = timezone.localdate()
    RoleAssignment.objects.create(user=operator, role_id="coordinator", starts_on=today)
    asker = type(operator).objects.get(pk=operator.pk)

    with pytest.raises(PermissionDenied):
        actions.answer_emergency_access(waiting, agrees=True, actor=asker)
    with pytest.raises(PermissionDenied):
        actions.review_emergency_access(waiting, verdict="justified", actor=asker)


@pytest.mark.parametrize("who", ["caseworker", "mobile", "admin", "partner", "donor"])
def test_A10_others_see_no_request(request, signed_in, waiting, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(REVIEWS).status_code == 403
    assert client.get(reverse("casework:emergency", args=[waiting.pk])).status_code == 403
    assert answer(client, waiting, "yes").status_code == 403


def test_A10_a_coordinator_elsewhere_sees_no_request(signed_in, stranger, waiting):
    elsewhere = factories.UserFactory(
        organization=stranger.organization, role=Role.Code.COORDINATOR
    )
    client = signed_in(elsewhere)

    assert client.get(REVIEWS).status_code == 200
    assert client.get(reverse("casework:emergency", args=[waiting.pk])).status_code == 404
    assert answer(client, waiting, "yes").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_A10_two_who_agree_at_once_open_it_once(coordinator, second, waiting):
    def agree(user):
        try:
            actions.answer_emergency_access(waiting, agrees=True, actor=user)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(agree, [coordinator, second]))

    assert CaseAccess.objects.filter(kind=AccessKind.BREAK_GLASS).count() == 1
    assert EmergencyAccess.objects.get().state == State.OPENED


# Review


def test_A10_a_review_is_open_until_somebody_gives_a_verdict(
    signed_in, asker, operator, coordinator, case, opened
):
    asker.get(page("notes", case))
    client = signed_in(coordinator)
    assert operator.name in client.get(REVIEWS).text
    body = client.get(reverse("casework:emergency", args=[opened.pk])).text
    assert REASON in body
    assert "Read the notes" in body

    response = client.post(
        reverse("casework:review_emergency", args=[opened.pk]),
        {"operation": str(uuid4()), "verdict": "not_justified"},
    )

    assert response.headers["Location"] == REVIEWS
    opened.refresh_from_db()
    assert (opened.verdict, opened.reviewed_by) == ("not_justified", coordinator)
    assert Notice.objects.filter(user=operator, code="emergency_reviewed").exists()
    assert AuditEvent.objects.filter(verb="review_emergency_access").exists()


def test_A10_data_protection_reviews_without_seeing_the_case(signed_in, dpo, case, opened):
    client = signed_in(dpo)

    body = client.get(reverse("casework:emergency", args=[opened.pk])).text

    assert REASON in body
    assert "Zarmina" not in body
    assert case.person.code not in body


def test_A10_a_verdict_is_given_once_and_never_empty(signed_in, coordinator, second, opened):
    address = reverse("casework:review_emergency", args=[opened.pk])
    assert "Choose one." in signed_in(coordinator).post(address, {}).text

    actions.review_emergency_access(opened, verdict="justified", actor=coordinator)

    with pytest.raises(ValidationError, match="reviewed already"):
        actions.review_emergency_access(opened, verdict="not_justified", actor=second)


def test_A10_who_is_kept_out_of_the_case_reviews_nothing_of_it(
    signed_in, coordinator, case, opened
):
    CaseBlock.objects.create(case=case, user=coordinator, reason="relative", blocked_by=case.owner)
    client = signed_in(coordinator)

    assert opened.asked_by.name not in client.get(REVIEWS).text
    assert client.get(reverse("casework:emergency", args=[opened.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.review_emergency_access(opened, verdict="justified", actor=coordinator)


def test_A10_who_asked_finds_her_own_request_on_no_page_of_review(signed_in, operator, opened):
    today = timezone.localdate()
    RoleAssignment.objects.create(user=operator, role_id="coordinator", starts_on=today)
    client = signed_in(type(operator).objects.get(pk=operator.pk))

    response = client.get(REVIEWS)

    assert (response.context["to_review"], response.context["done"]) == ([], [])
    assert client.get(reverse("casework:emergency", args=[opened.pk])).status_code == 404


def test_A10_list_of_reviews_costs_the_same_with_one_and_with_three(
    signed_in, coordinator, house, case, named, django_assert_num_queries
):
    client = signed_in(coordinator)

    def ask():
        worker = factories.UserFactory(organization=house, role=Role.Code.MOBILE)
        actions.ask_emergency_access(
            code=case.person.code, category="danger", reason=REASON, actor=worker
        )

    ask()
    with django_assert_num_queries(10):
        client.get(REVIEWS)
    ask()
    ask()
    with django_assert_num_queries(10):
        client.get(REVIEWS)


# A late review is told again


def late(emergency):
    due = timezone.now() - timedelta(hours=1)
    EmergencyAccess.objects.filter(pk=emergency.pk).update(review_due_at=due)
    Notice.objects.all().delete()


def reminded():
    tasks.remind_of_reviews()
    return sorted(
        Notice.objects.filter(code="emergency_overdue").values_list("user__name", "url_name")
    )


def test_A10_a_late_review_is_told_to_reviewers_once_a_day(coordinator, dpo, second, case, opened):
    assert reminded() == []
    late(opened)
    CaseBlock.objects.create(case=case, user=second, reason="other", blocked_by=case.owner)

    both = sorted((who.name, "casework:emergency_reviews") for who in (coordinator, dpo))
    assert reminded() == both
    assert reminded() == both
    Notice.objects.update(at=timezone.now() - timedelta(hours=25))
    assert reminded() == sorted(both * 2)


def test_A10_what_is_reviewed_reminds_of_nothing(coordinator, opened):
    late(opened)
    actions.review_emergency_access(opened, verdict="justified", actor=coordinator)

    assert reminded() == []


def test_A10_the_clock_reminds(settings):
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert tasks.remind_of_reviews.name in names
