"""What follows from a talk: alerts, a decision with its note, a second look, next steps."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notice
from casework.models import CaseNote, ServiceDelivered, Task
from screening import actions
from screening.models import InstrumentVersion, Screening
from screening.result_forms import again_on
from tests.factories import CaseAccessFactory
from tests.screening.factories import (
    CompletedScreeningFactory,
    DecidedScreeningFactory,
    ScreeningFactory,
)

DAY = timedelta(days=1)
CRISIS = {"indicators": {"SAFE-08": "yes"}}


def page(name, screening):
    return reverse(f"screening:{name}", args=[screening.pk])


def version_of(code):
    return InstrumentVersion.objects.in_force().get(instrument__code=code)


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def dangerous(case):
    """A talk about danger that goes on."""
    return ScreeningFactory(case=case, instrument_version=version_of("danger"))


def section_of(screening, indicator):
    """The part that asks for an indicator: its number and code."""
    sections = screening.instrument_version.definition["sections"]
    return next(
        (number, section["code"])
        for number, section in enumerate(sections, start=1)
        if any(indicator in group.get("indicators", []) for group in section["groups"])
    )


# alerts


def test_a_crisis_tells_who_supervises_once(dangerous, caseworker, coordinator):
    _number, section = section_of(dangerous, "SAFE-08")

    for version in (1, 2):
        actions.save_section(
            dangerous, section=section, part=CRISIS, version=version, actor=caseworker
        )

    notice = Notice.objects.get()
    assert (notice.user, notice.code) == (coordinator, "supervisor_needed")
    assert (notice.url_name, notice.object_id) == ("casework:case", str(dangerous.case_id))
    assert Screening.objects.get().alerted_at is not None


def test_a_crisis_that_is_saved_by_stopping_tells_as_well(dangerous, caseworker, coordinator):
    _number, section = section_of(dangerous, "SAFE-08")

    actions.stop_screening(dangerous, section=section, part=CRISIS, version=1, actor=caseworker)

    assert Notice.objects.get().user == coordinator


def test_a_crisis_leads_to_its_steps_once(desk, dangerous):
    number, _code = section_of(dangerous, "SAFE-08")
    address = reverse("screening:part", args=[dangerous.pk, number])

    first = desk.post(address, {"SAFE-08": "yes", "version": 1})
    again = desk.post(address, {"SAFE-08": "yes", "version": 2})

    assert first.headers["Location"] == page("crisis", dangerous)
    assert again.headers["Location"] != page("crisis", dangerous)
    text = desk.get(page("crisis", dangerous)).text
    assert "194" in text
    assert "Go on with the talk" in text


def test_crisis_page_is_not_there_for_a_stranger(signed_in, stranger, dangerous):
    assert signed_in(stranger).get(page("crisis", dangerous)).status_code == 404


def test_no_alert_no_notice(screening, caseworker, coordinator):
    part = {"indicators": {"ILO-CD-01": "yes"}}
    actions.save_section(screening, section="control", part=part, version=1, actor=caseworker)

    assert Notice.objects.count() == 0


# decision


def decide(screening, actor, **changes):
    given = {"decision": "D", "decision_reason": "answers", "version": screening.version}
    return actions.decide_screening(screening, **given | changes, actor=actor)


def test_a_longer_reason_is_a_note_of_the_case(completed, caseworker):
    decide(completed, caseworker, note="She spoke freely.")

    note = CaseNote.objects.get()
    assert (note.case, note.text, note.written_by) == (
        completed.case,
        "She spoke freely.",
        caseworker,
    )


def test_a_day_for_a_new_talk_lies_ahead(completed, caseworker):
    with pytest.raises(ValidationError) as error:
        decide(completed, caseworker, ask_again_on=timezone.localdate())

    assert list(error.value.error_dict) == ["ask_again_on"]


def test_a_new_talk_is_due_until_it_begins(case, caseworker):
    DecidedScreeningFactory(case=case, ask_again_on=timezone.localdate())
    DecidedScreeningFactory(case=case, ask_again_on=timezone.localdate() + DAY, started_at=OLD)
    due = Screening.objects.visible_to(caseworker).to_ask_again()
    assert due.count() == 1

    ScreeningFactory(case=case)

    assert due.count() == 0


OLD = timezone.now() - 9 * DAY


def test_new_talks_that_are_due_stand_on_today_and_in_the_list(desk, case):
    due = DecidedScreeningFactory(case=case, ask_again_on=timezone.localdate())

    assert due.get_absolute_url() in desk.get(reverse("home")).text
    assert case.person.code in desk.get(f"{reverse('screening:list')}?view=again").text


@pytest.mark.parametrize(("own", "days"), [(None, 30), (14, 14), (0, None)])
def test_an_instrument_says_when_to_ask_again(completed, settings, own, days):
    settings.ASK_AGAIN_DAYS = {"B": 30}
    version = completed.instrument_version
    (band,) = (b for b in version.definition["bands"]["adult"] if b["band"] == completed.band)
    if own is not None:
        band["ask_again_days"] = own

    found = again_on(completed)

    assert found == (timezone.localdate() + days * DAY if days else None)


# second look


def look(screening, actor, **changes):
    given = {"review": "agreed", "version": screening.version} | changes
    return actions.review_screening(screening, **given, actor=actor)


@pytest.fixture
def supervisor(case, coordinator):
    """A coordinator with access to the story of this case."""
    CaseAccessFactory(content_object=case, user=coordinator)
    return coordinator


def test_review_is_kept_and_written_down(decided, supervisor, caseworker):
    look(decided, supervisor, review="discuss")

    kept = Screening.objects.get()
    assert (kept.review, kept.reviewed_by) == ("discuss", supervisor)
    assert AuditEvent.objects.get(verb="review_screening").note == "discuss"
    assert Notice.objects.get().user == caseworker


def test_review_happens_once(decided, supervisor):
    look(decided, supervisor)

    with pytest.raises(ValidationError) as error:
        look(Screening.objects.get(), supervisor)

    assert error.value.code == "answered"


def test_review_needs_a_decision_and_somebody_else(case, completed, supervisor):
    own = DecidedScreeningFactory(case=case, decided_by=supervisor)

    for screening in (completed, own):
        with pytest.raises(ValidationError):
            look(screening, supervisor)


def test_review_needs_access_and_the_permission(decided, coordinator, caseworker):
    for actor in (coordinator, caseworker):
        with pytest.raises(PermissionDenied):
            look(decided, actor)


def test_decisions_wait_in_the_list_of_who_supervises(signed_in, decided, supervisor):
    desk = signed_in(supervisor)
    address = f"{reverse('screening:list')}?view=review"
    assert decided.case.person.code in desk.get(address).text

    desk.post(page("review", decided), {"review": "agreed", "version": 1})

    assert decided.case.person.code not in desk.get(address).text


# next steps


def take(screening, actor, step="structured_interview"):
    return actions.take_step(screening, step=step, actor=actor)


def test_a_step_becomes_a_task_once(completed, caseworker):
    take(completed, caseworker)
    with pytest.raises(ValidationError) as error:
        take(completed, caseworker)

    task = Task.objects.get()
    assert error.value.code == "answered"
    assert (task.kind, task.origin, task.case) == ("contact", completed.pk, completed.case)
    assert task.words == "A longer talk with a trained worker"
    assert AuditEvent.objects.get(verb="take_step").note == ""


def test_information_that_is_taken_on_is_a_service_delivered(case, caseworker):
    screening = CompletedScreeningFactory(case=case, band="D")

    take(screening, caseworker, "information")

    assert ServiceDelivered.objects.get().service_type_id == "info_thb_risks"


def test_a_step_of_another_result_is_refused(completed, caseworker):
    with pytest.raises(ValidationError) as error:
        take(completed, caseworker, "information")

    assert list(error.value.error_dict) == ["step"]
    assert Task.objects.count() == 0


def test_a_step_needs_the_story(completed, coordinator):
    with pytest.raises(PermissionDenied):
        take(completed, coordinator)


def test_a_referral_that_is_proposed_begins_with_the_right_services(desk, completed):
    answer = desk.post(page("take_step", completed), {"step": "offer_referral"})

    new = reverse("referrals:new", args=[completed.case_id])
    assert answer.headers["Location"] == f"{new}?category=formal_identification"
    assert "Taken on" in desk.get(completed.get_absolute_url()).text


def test_next_questions_that_are_proposed_are_chosen_already(desk, case):
    asked = CompletedScreeningFactory(
        case=case, instrument_version=version_of("short"), answers={}, band="B"
    )

    answer = desk.post(page("take_step", asked), {"step": "ask_danger"})

    chosen = version_of("danger").pk
    assert answer.headers["Location"].endswith(f"?with={chosen}")
    text = desk.get(answer.headers["Location"]).text
    assert f'value="{chosen}" selected' in text


def test_api_takes_a_step_and_looks_a_second_time(signed_in, caseworker, decided, supervisor):
    address = f"/api/v1/screenings/{decided.pk}/"
    json = {"content_type": "application/json"}
    body = {"step": "structured_interview"}
    taken = signed_in(caseworker).post(f"{address}take-step/", body, **json).json()
    body = {"review": "agreed", "version": 1}
    seen = signed_in(supervisor).post(f"{address}review/", body, **json).json()

    assert list(taken["taken_on"]) == ["structured_interview"]
    assert seen["review"] == "agreed"
