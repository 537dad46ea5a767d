"""Procedures of formal identification: the table, the verbs, the clocks, the pages."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, Organization
from casework.models import CaseEvent, TraffickingStatus
from referrals import actions
from referrals import identification as path
from referrals.identification import CLOCKS, DAY, RULES, Outcome, Step, Taken
from referrals.models import Identification, ProcedureStep, SuspicionReport
from tests import factories

ROOT = Path(__file__).resolve().parent.parent.parent
QUERIES = 18
JSON = {"content_type": "application/json"}
HOUR = timedelta(hours=1)


def page(name, *arguments):
    return reverse(f"referrals:{name}", args=arguments)


def take(attempt, step, actor, **facts):
    attempt.refresh_from_db()
    given = {"at": timezone.now(), "version": attempt.version, **facts}
    return actions.record_procedure_step(attempt, step=step, actor=actor, **given)


def report(attempt, actor, **facts):
    attempt.refresh_from_db()
    given = {
        "ground": "danger",
        "receivers": ["body"],
        "exploitation": ["ForcedLabour"],
        "in_danger": "yes",
        "text": "The door is locked at night.",
        "at": timezone.now(),
        "version": attempt.version,
    }
    return actions.report_suspicion(attempt, actor=actor, **{**given, **facts})


@pytest.fixture
def center(db):
    return Organization.objects.get(code="CZZTLJ")


@pytest.fixture
def attempt(case, caseworker, center):
    return actions.begin_identification(
        case, organization=center, at=timezone.now() - HOUR, actor=caseworker
    )


@pytest.fixture
def reported(attempt, caseworker):
    report(attempt, caseworker)
    return attempt


@pytest.fixture
def child_case(caseworker, team):
    child = factories.PersonFactory(
        team=team, registered_by=caseworker, birth_year_from=2014, birth_year_to=2015
    )
    return factories.AssignedCaseFactory(owner=caseworker, person=child)


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


# the table


def told(head):
    text = (ROOT / "docs/identification.md").read_text()
    part = text.split(f"## {head}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return rows[1:]


def test_docs_show_the_steps_that_run():
    def after(rule):
        if rule.after is None:
            return "–"
        return f"{rule.after}: {rule.with_outcome}" if rule.with_outcome else str(rule.after)

    expected = [[r.step, r.party, after(r), "yes" if r.repeats else "no"] for r in RULES]

    assert told("Steps") == expected


def test_docs_show_the_clocks_that_run():
    def within(clock):
        if clock.within is not None:
            return f"{clock.within.days} day{'s' if clock.within > DAY else ''}"
        ahead = f"{clock.ahead.days} days before " if clock.ahead else ""
        return f"{ahead}the day it names"

    expected = [[c.step, c.outcome or "–", c.awaits, within(c)] for c in CLOCKS]

    assert told("Clocks") == expected


def test_table_knows_no_django():
    text = (ROOT / "referrals/identification.py").read_text()
    known = {"collections", "datetime", "enum", "typing", "zoneinfo"}

    assert set(re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)) == known


def test_models_speak_the_same_words():
    assert ProcedureStep.Step.values == [step.value for step in Step]
    assert ProcedureStep.Outcome.values == [outcome.value for outcome in Outcome if outcome]
    assert Identification.Route.values == [route.value for route in path.Route]
    assert [rule.step for rule in RULES] == list(Step)


def test_every_step_can_be_reached_and_what_clocks_wait_for_can_come():
    def walk(taken, steps):
        for step in path.possible(taken):
            for outcome in path.OUTCOMES.get(step, (Outcome.NONE,)):
                grown = [*taken, Taken(step, outcome)]
                seen.add(step)
                assert path.is_over(grown) == (path.possible(grown) == [])
                if steps > 1:
                    walk(grown, steps - 1)

    seen = set()
    walk([], 3)
    found = Taken(Step.FINDING, Outcome.VICTIM)
    walk([Taken(Step.SUSPICION), Taken(Step.REPORT), found], 2)

    assert seen == set(Step)
    assert {clock.awaits for clock in CLOCKS} <= seen
    assert all(clock.within or clock.step in path.SPANS for clock in CLOCKS)


def test_a_named_day_lasts_until_its_end_and_a_permission_warns_before():
    plan = path.clock_of(Step.PLAN, "")
    reflection = path.clock_of(Step.REFLECTION, Outcome.GRANTED)
    now = timezone.now()

    assert path.due_at(plan, now, date(2026, 12, 1)).isoformat() == "2026-12-02T00:00:00+01:00"
    assert path.due_at(reflection, now, date(2026, 12, 31)).day == 18
    assert path.clock_of(Step.REFLECTION, Outcome.REFUSED) is None


# begin


def test_begin_is_written_down_for_readers_of_the_story(attempt, case, center):
    step = attempt.steps.get()

    assert (attempt.number, attempt.route, attempt.organization) == (1, "center", center)
    assert (step.step, step.due_at) == ("suspicion", step.at + DAY)
    event = CaseEvent.objects.get(case=case, code="procedure_step")
    assert (event.level, event.url) == (4, page("procedure", attempt.pk))


def test_a_child_goes_the_way_of_a_child(child_case, caseworker):
    centre = Organization.objects.get(code="CSR")

    attempt = actions.begin_identification(
        child_case, organization=centre, at=timezone.now(), actor=caseworker
    )

    assert attempt.route == "social_work"


def test_one_attempt_goes_on_at_a_time(attempt, case, caseworker, center):
    with pytest.raises(ValidationError) as error:
        actions.begin_identification(case, organization=center, at=timezone.now(), actor=caseworker)

    assert error.value.code == "open"
    assert Identification.objects.count() == 1


def test_begin_needs_an_institution_that_decides(case, caseworker, house):
    with pytest.raises(ValidationError) as error:
        actions.begin_identification(case, organization=house, at=timezone.now(), actor=caseworker)

    assert list(error.value.error_dict) == ["organization"]


def test_begin_needs_story_and_permission(case, coordinator, colleague, center):
    for user in (coordinator, colleague):
        with pytest.raises(PermissionDenied):
            actions.begin_identification(case, organization=center, at=timezone.now(), actor=user)


# steps


def test_a_later_step_ends_the_wait_for_the_earlier_ones(reported, caseworker):
    take(reported, "panel", caseworker)

    waiting = list(ProcedureStep.objects.waiting().values_list("step", flat=True))
    assert waiting == ["panel"]


def test_a_step_written_down_late_waits_for_nothing_that_is_there(reported, caseworker):
    panel = take(reported, "panel", caseworker)
    intake = take(reported, "intake", caseworker, at=panel.at)

    assert (intake.due_at, intake.met_at) == (panel.at + DAY, panel.at)


def test_a_finding_writes_the_status_once(reported, caseworker, center, case):
    version = Identification.objects.get().version
    step = take(reported, "finding", caseworker, outcome="victim")

    status = TraffickingStatus.objects.get(case=case)
    assert step.status == status
    assert (status.status, status.organization, status.basis) == ("identified", center, "finding")
    with pytest.raises(ValidationError) as error:
        take(reported, "finding", caseworker, outcome="victim", version=version)
    assert error.value.code == "stale"
    with pytest.raises(ValidationError):
        take(reported, "finding", caseworker, outcome="not_victim")
    assert TraffickingStatus.objects.count() == 1


def test_a_pending_finding_writes_no_status_and_comes_again(reported, caseworker):
    take(reported, "finding", caseworker, outcome="pending")
    assert TraffickingStatus.objects.count() == 0

    take(reported, "finding", caseworker, outcome="victim")
    assert TraffickingStatus.objects.count() == 1


def test_a_refusal_ends_the_attempt_and_another_keeps_it(reported, case, caseworker, center):
    take(reported, "finding", caseworker, outcome="not_victim", barriers=["smuggled", "abroad"])

    first = Identification.objects.get()
    assert first.ended_at is not None
    assert TraffickingStatus.objects.get().status == "not_confirmed"
    with pytest.raises(ValidationError):
        take(reported, "asylum", caseworker, outcome="requested")
    second = actions.begin_identification(
        case, organization=center, at=timezone.now(), actor=caseworker
    )
    assert second.number == 2
    assert first.steps.count() == 3
    assert first.steps.get(step="finding").barriers == ["abroad", "smuggled"]


@pytest.mark.parametrize(
    ("step", "facts", "field"),
    [
        ("plan", {}, "step"),
        ("report", {}, "step"),
        ("nonsense", {}, "step"),
        ("finding", {"outcome": "granted"}, "outcome"),
        ("panel", {"outcome": "victim"}, "outcome"),
        ("panel", {"at": timezone.now() + DAY}, "at"),
        ("panel", {"at": timezone.now() - 9 * DAY}, "at"),
        ("reflection", {"outcome": "granted"}, "until"),
        ("reflection", {"outcome": "granted", "until": date(2040, 1, 1)}, "until"),
    ],
    ids=["later", "own form", "none", "other", "needless", "future", "before", "no day", "far"],
)
def test_a_step_that_the_table_does_not_allow_changes_nothing(
    reported, caseworker, step, facts, field
):
    before = Identification.objects.get().version

    with pytest.raises(ValidationError) as error:
        take(reported, step, caseworker, **facts)

    assert list(error.value.error_dict) == [field]
    assert (reported.steps.count(), Identification.objects.get().version) == (2, before)


def test_residence_that_was_refused_names_no_day(reported, caseworker):
    step = take(reported, "reflection", caseworker, outcome="refused", barriers=["no_documents"])

    assert (step.until, step.due_at) == (None, None)


def correct(step, actor, **facts):
    given = {"at": step.at, "until": step.until, "version": step.identification.version}
    step.identification.refresh_from_db()
    given["version"] = step.identification.version
    return actions.correct_procedure_step(step, actor=actor, **{**given, **facts})


def test_a_slip_of_the_keyboard_is_put_right_and_kept(reported, caseworker):
    step = take(reported, "intake", caseworker, note="Monday")
    earlier = step.at - timedelta(minutes=5)

    correct(step, caseworker, at=earlier, note="Tuesday", barriers=["too_far"])

    row = ProcedureStep.objects.select_related("data_key").get(pk=step.pk)
    assert (row.at, row.due_at, row.note) == (earlier, earlier + DAY, "Tuesday")
    assert reported.steps.get(step="report").met_at == earlier
    assert row.history.count() == 1
    assert Identification.objects.get().version == 4


def test_the_day_of_a_finding_stays(reported, caseworker):
    step = take(reported, "finding", caseworker, outcome="victim")

    with pytest.raises(ValidationError) as error:
        correct(step, caseworker, at=step.at - timedelta(minutes=9))

    assert list(error.value.error_dict) == ["at"]
    assert correct(step, caseworker, note="By letter").note == "By letter"


def test_correction_of_an_older_state_is_refused(reported, caseworker):
    step = take(reported, "intake", caseworker)

    with pytest.raises(ValidationError) as error:
        correct(step, caseworker, version=1)

    assert error.value.code == "stale"


# the report


def test_report_rests_on_the_consent_of_an_adult(attempt, case, caseworker, center):
    with pytest.raises(ValidationError) as error:
        report(attempt, caseworker, ground="consent")
    assert list(error.value.error_dict) == ["ground"]
    consent = factories.ReferralConsentFactory(case=case, organization=center)

    made = report(attempt, caseworker, ground="consent", in_danger="no")

    assert (made.consent, made.ground) == (consent, "consent")
    assert attempt.steps.filter(step="report").count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ground": "child"}, "ground"),
        ({"in_danger": "unknown"}, "in_danger"),
        ({"text": " "}, "text"),
        ({"receivers": []}, "receivers"),
        ({"exploitation": ["x"]}, "exploitation"),
    ],
    ids=["no child", "no danger", "no text", "nobody", "nothing"],
)
def test_report_that_does_not_hold_is_refused(attempt, caseworker, facts, field):
    with pytest.raises(ValidationError) as error:
        report(attempt, caseworker, **facts)

    assert list(error.value.error_dict) == [field]


def test_report_comes_once(reported, caseworker):
    with pytest.raises(ValidationError):
        report(reported, caseworker)

    assert SuspicionReport.objects.count() == 1


# late


def test_late_step_is_told_once_to_who_works_the_case(attempt, caseworker, coordinator):
    later = timezone.now() + 2 * DAY

    assert actions.remind_of_procedures(later) == 1
    assert actions.remind_of_procedures(later) == 0

    notice = Notice.objects.get()
    assert (notice.user, notice.code, notice.object_id) == (
        caseworker,
        "procedure_late",
        str(attempt.pk),
    )


def test_what_came_in_time_or_is_over_is_not_late(reported, caseworker):
    take(reported, "exit", caseworker, outcome="moved_on")

    assert actions.remind_of_procedures(timezone.now() + 99 * DAY) == 0


def test_late_step_of_a_case_that_nobody_works_is_told_to_the_coordinator(
    attempt, caseworker, coordinator
):
    caseworker.is_active = False
    caseworker.save()

    actions.remind_of_procedures(timezone.now() + 2 * DAY)

    assert [(n.user, n.url_name) for n in Notice.objects.all()] == [(coordinator, "home")]


# the pages


def test_page_tells_the_steps_and_what_can_follow(desk, reported, case):
    text = desk.get(page("procedures", case.pk)).text

    assert "Report of suspicion" in text
    assert page("record_step", reported.pk, "panel") in text
    assert page("record_step", reported.pk, "plan") not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_as_often_for_three_as_for_one(
    desk, case, center, rows, django_assert_num_queries
):
    for number in range(rows):
        made = factories.IdentificationFactory(
            case=case, organization=center, ended_at=timezone.now(), number=number + 1
        )
        factories.ProcedureStepFactory(identification=made, organization=center)
    desk.get(page("procedures", case.pk))

    with django_assert_num_queries(QUERIES):
        desk.get(page("procedures", case.pk))


def test_whole_way_on_the_pages(desk, case, center):
    now = timezone.localtime() - HOUR
    at = now.strftime("%Y-%m-%dT%H:%M")

    desk.post(page("begin_procedure", case.pk), {"organization": center.pk, "at": at})
    attempt = Identification.objects.get()
    answer = desk.post(
        page("report_suspicion", attempt.pk),
        {
            "version": 1,
            "ground": "danger",
            "receivers": ["body", "police"],
            "at": at,
            "in_danger": "yes",
            "exploitation": ["SexualExploitation"],
            "text": "Told that she may not go out.",
        },
    )
    paper = desk.get(answer.headers["Location"]).text
    assert (case.person.code in paper, "Sexual exploitation" in paper) == (True, True)
    desk.post(
        page("record_step", attempt.pk, "finding"),
        {"version": 2, "step": "finding", "outcome": "victim", "at": at},
    )

    assert TraffickingStatus.objects.get(case=case).status == "identified"
    steps = [step.step for step in attempt.steps.order_by("recorded_at")]
    assert steps == ["suspicion", "report", "finding"]


def test_page_says_the_rule_and_changes_nothing(desk, reported):
    given = {"version": 99, "step": "panel", "at": "2026-01-01T10:00"}

    answer = desk.post(page("record_step", reported.pk, "panel"), given)

    assert answer.status_code == 200
    assert reported.steps.count() == 2


def test_page_corrects_a_step(desk, reported):
    step = reported.steps.get(step="suspicion")
    at = timezone.localtime(step.at).strftime("%Y-%m-%dT%H:%M")

    shown = desk.get(page("correct_step", step.pk)).text
    given = {"version": 2, "at": at, "note": "Seen twice"}
    answer = desk.post(page("correct_step", step.pk), given)

    assert ("Suspicion noticed" in shown, answer.status_code) == (True, 302)
    assert reported.steps.select_related("data_key").get(pk=step.pk).note == "Seen twice"


def test_stranger_finds_nothing_and_the_coordinator_no_story(signed_in, reported, case, stranger):
    doors = [page("procedures", case.pk), page("procedure", reported.pk)]
    doors += [page("record_step", reported.pk, "panel"), page("begin_procedure", case.pk)]
    doors.append(page("correct_step", reported.steps.first().pk))
    doors += [page("report_suspicion", reported.pk), page("print_suspicion", reported.report.pk)]
    browser = signed_in(stranger)

    assert {browser.get(door).status_code for door in doors} == {404}


def test_coordinator_without_the_story_sees_that_it_is_kept(signed_in, reported, case, coordinator):
    browser = signed_in(coordinator)

    text = browser.get(page("procedures", case.pk)).text
    assert ("Report of suspicion" in text, "kept for those" in text) == (False, True)
    assert browser.get(page("procedure", reported.pk)).status_code == 404
    assert browser.get(page("begin_procedure", case.pk)).status_code == 403
    assert browser.get(page("print_suspicion", reported.report.pk)).status_code == 404


def test_reader_without_the_permission_is_refused(signed_in, reported, case):
    operator = factories.UserFactory(
        organization=case.organization, teams=[case.team], role="phone_operator"
    )
    factories.CaseAccessFactory(content_object=case, user=operator)
    browser = signed_in(operator)

    assert browser.get(page("procedures", case.pk)).status_code == 200
    assert browser.get(page("record_step", reported.pk, "panel")).status_code == 403
    assert browser.get(page("report_suspicion", reported.pk)).status_code == 403
    assert browser.get(page("correct_step", reported.steps.first().pk)).status_code == 403


# the interface


def test_interface_begins_and_takes_a_step(desk, case, center):
    at = (timezone.now() - HOUR).isoformat()
    body = {"case": str(case.pk), "organization": str(center.pk), "at": at}

    made = desk.post("/api/v1/procedures/", body, **JSON)
    assert made.status_code == 201
    taken = desk.post(
        f"/api/v1/procedures/{made.json()['id']}/steps/",
        {"version": 1, "step": "preliminary", "at": at},
        **JSON,
    )

    assert [step["step"] for step in taken.json()["steps"]] == ["suspicion", "preliminary"]
    assert taken.json()["version"] == 2


def test_interface_shows_nothing_to_the_coordinator(signed_in, reported, coordinator):
    browser = signed_in(coordinator)

    assert browser.get("/api/v1/procedures/").json()["results"] == []
    assert browser.get(f"/api/v1/procedures/{reported.pk}/").status_code == 404
