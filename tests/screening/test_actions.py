from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from accounts.levels import Level
from accounts.models import AuditEvent, Notice
from casework.models import Case, CaseEvent, ServiceDelivered, TraffickingStatus
from screening import actions
from screening.models import Screening
from tests.factories import CaseFactory, PersonFactory, language
from tests.screening.factories import (
    CONTROLLED,
    CompletedScreeningFactory,
    ScreeningFactory,
    StoppedScreeningFactory,
)

CONTROL = {"indicators": {"ILO-CD-01": "yes", "ILO-CD-02": "no"}}


def begin(person, instrument_version, actor, **changes):
    first_questions = {
        "instrument_version": instrument_version,
        "safety": "safe",
        "agreed": True,
        "limits_explained": True,
        "language": language(),
        "interpreting": "in_person",
    }
    return actions.start_screening(person, **{**first_questions, **changes}, actor=actor)


def save(screening, actor, part=CONTROL, section="control", version=None):
    version = screening.version if version is None else version
    return actions.save_section(screening, section=section, part=part, version=version, actor=actor)


def messages(error):
    return error.value.messages


# start


def test_start_opens_the_persons_case_and_is_written_down(person, caseworker, instrument_version):
    screening = begin(person, instrument_version, caseworker)

    case = Case.objects.get()
    assert (screening.case, screening.state, screening.band) == (case, "draft", "")
    assert case.level_for(caseworker) == Level.NARRATIVE
    assert list(CaseEvent.objects.order_by("at").values_list("code", "level")) == [
        ("case_opened", Level.OPERATIONAL),
        ("screening_started", Level.NARRATIVE),
    ]
    event = AuditEvent.objects.get(verb="start_screening")
    assert (event.actor, event.case_id, event.note) == (caseworker, case.pk, "draft")


def test_start_uses_the_case_that_is_open(case, caseworker, instrument_version):
    screening = begin(case.person, instrument_version, caseworker)

    assert screening.case == case
    assert Case.objects.count() == 1


def test_start_takes_an_unknown_age_as_a_childs(person, caseworker, instrument_version):
    screening = begin(person, instrument_version, caseworker)

    assert (screening.profile, screening.profile_basis) == ("child", "age_unknown")


@pytest.mark.parametrize(
    ("born", "profile"), [((2000, 2004), "adult"), ((2004, 2012), "child"), ((2014, 2014), "child")]
)
def test_start_derives_the_profile_from_the_years_of_birth(
    caseworker, team, instrument_version, time_machine, born, profile
):
    time_machine.move_to(date(2026, 11, 1))
    person = PersonFactory(
        team=team, birth_year_from=born[0], birth_year_to=born[1], birth_year_source="stated"
    )

    screening = begin(person, instrument_version, caseworker)

    assert (screening.profile, screening.profile_basis) == (profile, "birth_years")


@pytest.mark.parametrize("safety", ["not_alone", "danger"])
def test_start_asks_nothing_of_somebody_who_is_not_safe(
    person, caseworker, instrument_version, safety
):
    screening = begin(person, instrument_version, caseworker, safety=safety)

    assert (screening.state, screening.stop_reason) == ("stopped", safety)
    assert CaseEvent.objects.filter(code="screening_stopped").count() == 1


def test_start_keeps_a_no_as_declined(person, caseworker, instrument_version):
    screening = begin(person, instrument_version, caseworker, agreed=False, limits_explained=False)

    assert (screening.state, screening.answers) == ("declined", {})
    assert CaseEvent.objects.filter(code="screening_declined").count() == 1


def test_start_needs_the_limits_to_be_explained(person, caseworker, instrument_version):
    with pytest.raises(ValidationError) as error:
        begin(person, instrument_version, caseworker, limits_explained=False)

    assert list(error.value.error_dict) == ["limits_explained"]
    assert Case.objects.count() == 0


@pytest.mark.parametrize("made", [ScreeningFactory, StoppedScreeningFactory])
def test_start_is_refused_while_another_talk_is_open(case, caseworker, instrument_version, made):
    made(case=case)

    with pytest.raises(ValidationError) as error:
        begin(case.person, instrument_version, caseworker)

    assert messages(error) == ["There is a screening that is not finished. Go on with that one."]


def test_start_again_after_a_finished_talk(completed, caseworker, instrument_version):
    again = begin(completed.case.person, instrument_version, caseworker)

    assert again.state == "draft"


def test_start_does_not_tell_that_a_colleague_has_the_case(case, colleague, instrument_version):
    with pytest.raises(ValidationError) as error:
        begin(case.person, instrument_version, colleague)

    assert error.value.code == "ask_coordinator"
    assert Screening.objects.count() == 0


def test_start_needs_the_permission(person, coordinator, instrument_version):
    with pytest.raises(PermissionDenied):
        begin(person, instrument_version, coordinator)


# resume


def test_resume_goes_on_after_asking_again(stopped, caseworker):
    screening = actions.resume_screening(
        stopped, safety="safe", agreed=True, limits_explained=True, actor=caseworker
    )

    assert (screening.state, screening.stop_reason) == ("draft", "")
    assert screening.answers == CONTROLLED


def test_resume_keeps_what_was_said_before_when_it_is_not_safe_again(stopped, caseworker):
    screening = actions.resume_screening(
        stopped, safety="not_alone", agreed=False, limits_explained=False, actor=caseworker
    )

    assert (screening.state, screening.stop_reason) == ("stopped", "not_alone")
    assert screening.answers == CONTROLLED


def test_resume_of_a_talk_that_goes_on_is_refused(screening, caseworker):
    with pytest.raises(ValidationError, match="not stopped"):
        actions.resume_screening(
            screening, safety="safe", agreed=True, limits_explained=True, actor=caseworker
        )


def test_resume_needs_the_permission(stopped, coordinator):
    with pytest.raises(PermissionDenied):
        actions.resume_screening(
            stopped, safety="safe", agreed=True, limits_explained=True, actor=coordinator
        )


# save_section


def test_save_keeps_the_part_sealed_and_is_written_down(screening, caseworker):
    save(screening, caseworker)

    kept = Screening.objects.get()
    assert kept.answers == {"control": CONTROL}
    assert kept.version == 2
    event = AuditEvent.objects.get(verb="save_section")
    assert (event.note, event.case_id) == ("control", screening.case_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM screening_screening")
        (stored,) = cursor.fetchone()
    assert b"ILO-CD-01" not in bytes(stored)


def test_save_replaces_the_part_and_no_other(screening, caseworker):
    first = save(screening, caseworker)
    second = save(first, caseworker, {"acts": ["transfer"]}, "journey")

    third = save(second, caseworker, {"indicators": {"ILO-CD-03": "unclear"}})

    assert third.answers == {
        "journey": {"acts": ["transfer"]},
        "control": {"indicators": {"ILO-CD-03": "unclear"}},
    }


def test_save_on_an_older_version_is_refused(screening, caseworker):
    save(screening, caseworker)

    with pytest.raises(ValidationError) as error:
        save(screening, caseworker, {"indicators": {}}, version=1)

    assert error.value.code == "stale"
    assert Screening.objects.get().answers == {"control": CONTROL}


@pytest.mark.parametrize(
    "part",
    [
        {"indicators": {"ILO-DR-01": "yes"}},
        {"indicators": {"ILO-CD-01": "maybe"}},
        {"acts": ["transfer"]},
        {"comparison": {"consent": "both"}},
        {"told": "He took her papers."},
    ],
)
def test_save_takes_only_coded_answers_of_the_section(screening, caseworker, part):
    with pytest.raises(ValidationError, match="not part of this section"):
        save(screening, caseworker, part)

    assert Screening.objects.get().answers == {}


@pytest.mark.parametrize(
    "made", [StoppedScreeningFactory, CompletedScreeningFactory], ids=["stopped", "completed"]
)
def test_save_is_refused_when_the_talk_does_not_go_on(case, caseworker, made):
    screening = made(case=case)

    with pytest.raises(ValidationError, match="stopped or finished"):
        save(screening, caseworker)


def test_save_needs_the_permission(screening, coordinator):
    with pytest.raises(PermissionDenied):
        save(screening, coordinator)


# set_profile


def test_set_profile_needs_a_reason_and_is_written_down(screening, caseworker):
    changed = actions.set_profile(
        screening,
        profile="child",
        profile_basis="told",
        version=1,
        actor=caseworker,
        limits_explained=True,
    )

    assert (changed.profile, changed.profile_basis) == ("child", "told")
    assert changed.limits_text == "child-1"
    assert AuditEvent.objects.get(verb="set_profile").note == "told"


def test_set_profile_says_first_what_a_child_has_to_know(screening, caseworker):
    with pytest.raises(ValidationError) as error:
        actions.set_profile(
            screening, profile="child", profile_basis="told", version=1, actor=caseworker
        )

    assert list(error.value.error_dict) == ["limits_explained"]


def test_set_profile_without_a_reason_of_ones_own_is_refused(screening, caseworker):
    with pytest.raises(ValidationError, match="how the age is known"):
        actions.set_profile(
            screening, profile="child", profile_basis="birth_years", version=1, actor=caseworker
        )


def test_set_profile_needs_the_permission(screening, coordinator):
    with pytest.raises(PermissionDenied):
        actions.set_profile(
            screening, profile="child", profile_basis="told", version=1, actor=coordinator
        )


# stop and decline


def test_stop_keeps_what_is_on_the_page(screening, caseworker):
    stopped = actions.stop_screening(
        screening, section="control", part=CONTROL, version=1, actor=caseworker
    )

    assert (stopped.state, stopped.stop_reason) == ("stopped", "not_said")
    assert stopped.answers == {"control": CONTROL}
    assert CaseEvent.objects.get().code == "screening_stopped"


def test_stop_never_fails_over_a_stale_page(screening, caseworker):
    save(screening, caseworker)

    stopped = actions.stop_screening(
        screening, section="control", part={"indicators": {}}, version=1, actor=caseworker
    )

    assert (stopped.state, stopped.answers) == ("stopped", {"control": CONTROL})


@pytest.mark.parametrize("made", [StoppedScreeningFactory, CompletedScreeningFactory])
def test_stop_of_a_talk_that_is_over_changes_nothing(case, caseworker, made):
    before = made(case=case)

    after = actions.stop_screening(before, actor=caseworker)

    assert (after.state, after.version) == (before.state, before.version)
    assert AuditEvent.objects.count() == 0


def test_stop_needs_the_permission(screening, coordinator):
    with pytest.raises(PermissionDenied):
        actions.stop_screening(screening, actor=coordinator)


def test_decline_keeps_the_word_and_no_answer(stopped, caseworker):
    actions.decline_screening(stopped, actor=caseworker)

    kept = Screening.objects.get()
    assert (kept.state, kept.answers, kept.stop_reason) == ("declined", {}, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM screening_screening")
        assert cursor.fetchone() == (None,)


def test_decline_of_a_finished_talk_is_refused(completed, caseworker):
    with pytest.raises(ValidationError, match="is over"):
        actions.decline_screening(completed, actor=caseworker)


def test_decline_needs_the_permission(screening, coordinator):
    with pytest.raises(PermissionDenied):
        actions.decline_screening(screening, actor=coordinator)


# complete


def test_complete_sets_the_result_of_the_answers(case, caseworker):
    screening = ScreeningFactory(case=case, answers=CONTROLLED)

    done = actions.complete_screening(
        screening, information_given=False, version=1, actor=caseworker
    )

    assert (done.state, done.band, done.completed_by) == ("completed", "B", caseworker)
    assert ServiceDelivered.objects.count() == 0
    assert TraffickingStatus.objects.count() == 0
    assert CaseEvent.objects.get().code == "screening_completed"


def test_complete_records_information_as_a_service(case, caseworker):
    screening = ScreeningFactory(case=case)

    actions.complete_screening(screening, information_given=True, version=1, actor=caseworker)

    service = ServiceDelivered.objects.get()
    assert (service.service_type_id, service.case, service.person, service.language_id) == (
        "info_thb_risks",
        case,
        case.person,
        "fa",
    )
    assert Screening.objects.get().band == "E"


def test_complete_counts_a_child_alone_as_it_is_known_on_that_day(case, caseworker):
    screening = ScreeningFactory(case=case, profile="child")
    person = case.person
    person.unaccompanied_or_separated = "yes"
    person.save()

    done = actions.complete_screening(
        screening, information_given=False, version=1, actor=caseworker
    )

    assert (done.band, done.unaccompanied_or_separated) == ("D", True)


def test_complete_twice_is_refused(completed, caseworker):
    with pytest.raises(ValidationError, match="stopped or finished"):
        actions.complete_screening(completed, information_given=True, version=1, actor=caseworker)

    assert ServiceDelivered.objects.count() == 0


def test_complete_on_an_older_version_is_refused(screening, caseworker):
    save(screening, caseworker)

    with pytest.raises(ValidationError) as error:
        actions.complete_screening(screening, information_given=True, version=1, actor=caseworker)

    assert error.value.code == "stale"


def test_complete_needs_the_permission(screening, coordinator):
    with pytest.raises(PermissionDenied):
        actions.complete_screening(screening, information_given=True, version=1, actor=coordinator)


# decide


def decide(screening, actor, **changes):
    given = {"decision": "A", "decision_reason": "observed", "version": screening.version}
    return actions.decide_screening(screening, **{**given, **changes}, actor=actor)


def told(user):
    return list(Notice.objects.filter(user=user).values_list("code", "object_id"))


def test_decide_keeps_the_workers_judgement_beside_the_result(completed, caseworker, coordinator):
    decided = decide(completed, caseworker)

    assert (decided.band, decided.decision, decided.decided_by) == ("B", "A", caseworker)
    assert decided.is_overridden
    assert told(coordinator) == [("decision_to_review", str(completed.case_id))]
    assert TraffickingStatus.objects.count() == 0
    assert AuditEvent.objects.get(verb="decide_screening").note == "observed"
    assert CaseEvent.objects.get().code == "screening_decided"


def test_decide_in_agreement_overrides_nothing(completed, caseworker, coordinator):
    assert not decide(completed, caseworker, decision="B", decision_reason="answers").is_overridden
    assert told(coordinator) == []


def test_decide_records_a_status_when_one_is_chosen(completed, caseworker):
    decide(completed, caseworker, trafficking_status="presumed")

    status = TraffickingStatus.objects.get()
    assert (status.case, status.status, status.deciding_body, status.basis) == (
        completed.case,
        "presumed",
        "NGO",
        "screening",
    )
    assert status.organization == caseworker.organization


def test_decide_cannot_identify(completed, caseworker):
    with pytest.raises(ValidationError, match="can only presume"):
        decide(completed, caseworker, trafficking_status="identified")

    assert Screening.objects.get().decision == ""


def test_decide_takes_no_band_the_profile_does_not_have(case, caseworker):
    child = CompletedScreeningFactory(case=case, profile="child")

    with pytest.raises(ValidationError, match="Choose one of the results"):
        decide(child, caseworker, decision="C")


def test_decide_twice_is_refused(decided, caseworker):
    with pytest.raises(ValidationError, match="decided already"):
        decide(decided, caseworker)


def test_decide_before_the_end_is_refused(screening, caseworker):
    with pytest.raises(ValidationError, match="Finish the screening first"):
        decide(screening, caseworker)


def test_decide_needs_the_permission(completed, mobile):
    with pytest.raises(PermissionDenied):
        decide(completed, mobile)


# record_screening


def test_record_keeps_all_or_nothing(person, caseworker, instrument_version):
    with pytest.raises(ValidationError):
        actions.record_screening(
            person,
            parts={"control": {"indicators": {"ILO-DR-01": "yes"}}},
            complete=True,
            information_given=True,
            instrument_version=instrument_version,
            safety="safe",
            agreed=True,
            limits_explained=True,
            language=language(),
            interpreting="not_needed",
            actor=caseworker,
        )

    assert (Case.objects.count(), Screening.objects.count()) == (0, 0)


# what the database holds by itself


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "completed"},
        {"band": "B"},
        {"state": "stopped"},
        {"stop_reason": "danger"},
        {"decision": "B", "decision_reason": "answers"},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_half_a_state_cannot_be_stored(screening, changes):
    with pytest.raises(IntegrityError):
        Screening.objects.update(**changes)


def test_screenings_of_a_case_without_access_are_not_there(colleague, coordinator, stranger, case):
    own = ScreeningFactory(case=case)
    ScreeningFactory(case=CaseFactory())

    seen = {user: set(Screening.objects.visible_to(user)) for user in (colleague, stranger)}

    assert seen == {colleague: set(), stranger: set()}
    assert set(Screening.objects.visible_to(coordinator)) == set()
    assert set(Screening.objects.visible_to(case.owner)) == {own}
