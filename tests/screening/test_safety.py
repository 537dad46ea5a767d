"""What keeps a talk safe: who is there, what is said first, pressure that is marked later."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import AuditEvent
from screening import actions
from screening.limits import CURRENT, TEXTS
from screening.models import Screening
from tests.factories import InterpreterBlockFactory, InterpreterFactory, language
from tests.screening.factories import DeclinedScreeningFactory, ScreeningFactory


def begin(case, instrument_version, actor, **changes):
    first_questions = {
        "instrument_version": instrument_version,
        "safety": "safe",
        "agreed": True,
        "limits_explained": True,
        "language": language(),
        "interpreting": "in_person",
    }
    return actions.start_screening(case.person, **{**first_questions, **changes}, actor=actor)


def mark(screening, actor, **changes):
    given = {"pressure_reason": "told_later", "version": screening.version} | changes
    return actions.mark_pressure(screening, **given, actor=actor)


# who is there


def test_start_keeps_who_interpreted_and_who_else_was_there(case, caseworker, instrument_version):
    interpreter = InterpreterFactory(organization=case.organization)

    begin(case, instrument_version, caseworker, interpreter=interpreter, present=["own_child"] * 2)

    kept = Screening.objects.get()
    assert (kept.interpreter, kept.present) == (interpreter, ["own_child"])


def test_start_refuses_an_interpreter_who_is_blocked_for_her(case, caseworker, instrument_version):
    block = InterpreterBlockFactory(person=case.person)

    with pytest.raises(ValidationError) as error:
        begin(case, instrument_version, caseworker, interpreter=block.interpreter)

    assert list(error.value.error_dict) == ["interpreter"]
    assert Screening.objects.count() == 0


def test_resume_asks_again_who_interprets(case, stopped, caseworker):
    interpreter = InterpreterFactory(organization=case.organization)

    actions.resume_screening(
        stopped,
        safety="safe",
        agreed=True,
        limits_explained=True,
        interpreting="by_phone",
        interpreter=interpreter,
        actor=caseworker,
    )

    kept = Screening.objects.get()
    assert (kept.interpreter, kept.interpreting) == (interpreter, "by_phone")


def test_start_page_offers_no_interpreter_who_is_blocked(signed_in, caseworker, case):
    block = InterpreterBlockFactory(person=case.person)

    page = signed_in(caseworker).get(reverse("screening:start", args=[case.person.pk]))

    assert str(block.interpreter.pk) not in page.text


# what is said first


def test_start_keeps_who_said_which_text_and_when(case, caseworker, instrument_version):
    screening = begin(case, instrument_version, caseworker)

    assert screening.limits_said_by == caseworker
    assert screening.limits_text == CURRENT[screening.profile]
    assert screening.limits_said_at is not None


def test_start_goes_on_with_a_reason_why_it_could_not_be_said(case, caseworker, instrument_version):
    screening = begin(
        case, instrument_version, caseworker, limits_explained=False, limits_unsaid="too_young"
    )

    assert (screening.state, screening.limits_text) == ("draft", "")


def test_say_limits_keeps_that_it_was_said_now(case, caseworker, signed_in):
    screening = ScreeningFactory(
        case=case, limits_said_by=None, limits_said_at=None, limits_text="", limits_unsaid="unwell"
    )

    signed_in(caseworker).post(reverse("screening:say_limits", args=[screening.pk]), {"version": 1})

    kept = Screening.objects.get()
    assert (kept.limits_said_by, kept.limits_text, kept.limits_unsaid) == (
        caseworker,
        "adult-1",
        "",
    )
    assert AuditEvent.objects.get(verb="say_limits").note == "adult-1"


def test_say_limits_is_refused_when_it_was_said(screening, caseworker):
    with pytest.raises(ValidationError) as error:
        actions.say_limits(screening, version=1, actor=caseworker)

    assert error.value.code == "answered"


def test_say_limits_needs_the_permission(screening, coordinator):
    with pytest.raises(PermissionDenied):
        actions.say_limits(screening, version=1, actor=coordinator)


def test_each_text_that_is_said_is_kept():
    assert set(CURRENT.values()) <= set(TEXTS)
    assert all(TEXTS.values())


# pressure


def test_pressure_is_marked_and_the_result_stays(completed, caseworker):
    mark(completed, caseworker)

    kept = Screening.objects.get()
    assert (kept.pressure_reason, kept.pressure_by, kept.band) == ("told_later", caseworker, "B")
    assert AuditEvent.objects.get(verb="mark_pressure").note == "told_later"


def test_pressure_is_marked_once(completed, caseworker):
    mark(completed, caseworker)

    with pytest.raises(ValidationError) as error:
        mark(Screening.objects.get(), caseworker)

    assert error.value.code == "answered"


def test_pressure_on_an_older_state_is_refused(completed, caseworker):
    with pytest.raises(ValidationError) as error:
        mark(completed, caseworker, version=9)

    assert error.value.code == "stale"


def test_pressure_is_not_marked_where_nothing_was_answered(case, caseworker):
    with pytest.raises(ValidationError):
        mark(DeclinedScreeningFactory(case=case), caseworker)


def test_pressure_is_for_those_who_may_read_the_answers(completed, coordinator):
    with pytest.raises(PermissionDenied):
        mark(completed, coordinator)


def test_pressure_page_marks_and_the_result_says_so(signed_in, caseworker, completed):
    desk = signed_in(caseworker)
    address = reverse("screening:mark_pressure", args=[completed.pk])
    assert desk.get(address).status_code == 200

    page = desk.post(address, {"pressure_reason": "fear", "version": 1}, follow=True)

    assert "These answers may not be free" in page.text


def test_pressure_page_is_not_there_for_a_stranger(signed_in, stranger, completed):
    address = reverse("screening:mark_pressure", args=[completed.pk])

    assert signed_in(stranger).get(address).status_code == 404


# danger


def test_every_page_of_a_talk_leads_to_help_in_one_step(signed_in, caseworker, screening):
    desk = signed_in(caseworker)

    for place in ("before", "finish"):
        page = desk.get(reverse(f"screening:{place}", args=[screening.pk]))
        assert reverse("screening:help") in page.text
    part = desk.get(reverse("screening:part", args=[screening.pk, 1]))
    assert reverse("screening:help") in part.text
