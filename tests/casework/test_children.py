"""Care, guardians, steps with clocks, and several ages of one child."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notice, Organization
from casework import actions
from casework.actions.best_interests import remind_of_steps
from casework.actions.terms import due_at
from casework.forms.fields import _years_of_number
from casework.models import AgeEstimate, BestInterestsStep, Care, Case, CaseEvent, Guardian
from casework.models.child import guardian_of, is_guardian_suspected, route_of
from protection.package import sheets_of
from tests import factories

DAY = timedelta(days=1)


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def child(caseworker, team):
    """A boy of fourteen or fifteen, by code."""
    year = timezone.localdate().year - 15
    return factories.PersonFactory(
        team=team, registered_by=caseworker, sex="male", birth_year_from=year, birth_year_to=year
    )


@pytest.fixture
def childs_case(child, caseworker):
    return factories.AssignedCaseFactory(person=child, owner=caseworker, risk=Case.Risk.MEDIUM)


@pytest.fixture
def centre(db):
    return Organization.objects.get(code="CSR")


# Care


def test_a_child_alone_gets_its_first_step_at_once(desk, child):
    desk.post(
        page("record_care", child),
        {"situation": "unaccompanied", "arrangement": "none", "since": "2026-03-01"},
    )

    child.refresh_from_db()
    step = BestInterestsStep.objects.get()
    assert child.unaccompanied_or_separated == "yes"
    assert (step.step, step.due_at) == ("identification", due_at(step.began_at, "unknown"))


def test_a_later_answer_stands_beside_the_earlier_one(caseworker, child):
    for situation in ("separated", "accompanied"):
        actions.record_care(child, situation=situation, actor=caseworker)

    child.refresh_from_db()
    assert Care.objects.count() == 2
    assert (child.unaccompanied_or_separated, child.version) == ("no", 3)
    assert BestInterestsStep.objects.count() == 1


def test_the_words_say_what_they_mean(desk, child):
    text = desk.get(page("record_care", child)).text

    assert "responsible by law or custom" in text
    assert "not necessarily from other relatives" in text


def test_care_is_asked_of_children_only(desk, caseworker, child):
    child.birth_year_from = child.birth_year_to = 1980
    child.save()

    response = desk.post(
        page("record_care", child),
        {"situation": "unaccompanied", "arrangement": "none", "since": "2026-03-01"},
    )

    assert "Look at the age first." in response.text
    assert Care.objects.count() == 0


def test_only_who_may_be_a_child_has_the_tab(desk, child):
    assert page("child", child) in desk.get(page("person", child)).text
    child.birth_year_from = child.birth_year_to = 1980
    child.save()

    assert page("child", child) not in desk.get(page("person", child)).text


# Guardians


def test_a_guardian_is_appointed_by_a_centre(desk, child, childs_case, centre):
    response = desk.post(
        page("record_guardian", child),
        {
            "organization": centre.pk,
            "kind": "temporary",
            "name": "Test Staratelj",
            "appointed_on": "2026-03-01",
        },
    )

    guardian = guardian_of(child)
    assert response.url == page("child", child)
    assert (guardian.organization, guardian.name) == (centre, "Test Staratelj")
    assert "Test Staratelj" in desk.get(page("child", child)).text
    assert CaseEvent.objects.get(code=CaseEvent.Code.GUARDIAN_RECORDED).case == childs_case


def test_a_name_needs_a_case(desk, child, centre):
    response = desk.post(
        page("record_guardian", child),
        {"organization": centre.pk, "kind": "temporary", "name": "X", "appointed_on": "2026-03-01"},
    )

    assert "A name belongs into a case." in response.text
    assert Guardian.objects.count() == 0


def test_the_name_is_for_who_may_see_names(signed_in, coordinator, colleague, child, childs_case):
    factories.GuardianFactory(person=child, name="Test Staratelj", doubt="He asked for money.")

    for user in (coordinator, colleague):
        answer = signed_in(user).get(page("child", child))
        assert answer.status_code == 200
        assert "Test Staratelj" not in answer.text
        assert "He asked for money." not in answer.text


def test_who_is_appointed_later_takes_the_place(caseworker, child, centre):
    first = factories.GuardianFactory(person=child)

    second = actions.record_guardian(child, organization=centre, actor=caseworker)

    first.refresh_from_db()
    assert (first.until, first.version) == (second.appointed_on, 2)
    assert guardian_of(child) == second
    version = child.version
    child.refresh_from_db()
    assert child.version == version + 1


def test_a_guardian_in_doubt_is_told_nothing(desk, child, centre):
    guardian = factories.GuardianFactory(person=child, organization=centre)
    assert route_of(child) == (True, centre, True)

    desk.post(
        page("doubt_guardian", guardian),
        {"version": 1, "is_suspected": "1", "doubt": "He asked for money."},
    )

    guardian.refresh_from_db()
    assert guardian.doubt == "He asked for money."
    assert is_guardian_suspected(child)
    assert route_of(child) == (True, centre, False)
    assert "Do not ask or tell" in desk.get(page("child", child)).text


def test_who_doubts_second_is_told(desk, child):
    guardian = factories.GuardianFactory(person=child, version=2)

    response = desk.post(page("doubt_guardian", guardian), {"version": 1, "is_suspected": "1"})

    assert not is_guardian_suspected(child)
    assert response.status_code == 200


def test_the_childs_own_data_tell_a_guardian_of_no_doubt(child):
    factories.GuardianFactory(person=child, is_suspected=True, doubt="He asked for money.")

    told = " ".join(
        str(cell) for sheet in sheets_of(child, []) for row in sheet.lines for cell in row
    )

    assert "Temporary" in told
    assert "money" not in told
    assert "safe" not in told
    assert "Staratelj" not in told


def test_an_adult_has_no_route_of_a_child(child):
    child.birth_year_from = child.birth_year_to = 1980

    assert route_of(child) == (False, None, False)


def test_a_guardians_time_ends_once(desk, child):
    guardian = factories.GuardianFactory(person=child)

    desk.post(page("end_guardian", guardian), {"version": 1, "until": timezone.localdate()})
    again = desk.post(page("end_guardian", guardian), {"version": 2, "until": timezone.localdate()})

    assert "ended already" in again.text
    assert guardian_of(child) is None


# Steps and their clocks


@pytest.mark.parametrize(
    ("risk", "due"),
    [
        ("high", datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        ("medium", datetime(2026, 3, 31, 8, 0, tzinfo=UTC)),
        ("unknown", datetime(2026, 3, 31, 8, 0, tzinfo=UTC)),
        # Seven days later, at the same time of the clock.
        ("low", datetime(2026, 4, 4, 7, 0, tzinfo=UTC)),
    ],
)
def test_the_risk_says_by_when(risk, due):
    assert due_at(datetime(2026, 3, 28, 8, 0, tzinfo=UTC), risk) == due


def test_the_terms_are_settings(settings):
    settings.BEST_INTERESTS_HIGH_HOURS = 2
    began = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    assert due_at(began, "high") == began + timedelta(hours=2)


def test_the_risk_of_the_case_counts(desk, child, childs_case):
    desk.post(page("begin_step", child), {"step": "assessment", "risk": "low"})

    step = BestInterestsStep.objects.get()
    assert (step.risk, step.due_at) == ("medium", due_at(step.began_at, "medium"))


def test_a_change_of_risk_moves_what_is_not_done(caseworker, child, childs_case):
    done = factories.BestInterestsStepFactory(
        person=child, done_at=timezone.now(), outcome="next", risk="medium"
    )
    open_step = factories.BestInterestsStepFactory(person=child, step="plan", risk="medium")
    before = done.due_at

    actions.change_case(childs_case, version=1, risk="high", actor=caseworker)

    done.refresh_from_db()
    open_step.refresh_from_db()
    assert done.due_at == before
    assert (open_step.risk, open_step.due_at) == ("high", due_at(open_step.began_at, "high"))


def test_the_risk_of_a_child_without_a_case_moves_the_clocks(desk, child):
    step = factories.BestInterestsStepFactory(person=child)

    desk.post(page("change_child_risk", child), {"risk": "low"})

    step.refresh_from_db()
    assert step.due_at == due_at(step.began_at, "low")


def test_with_a_case_the_risk_is_changed_there(desk, child, childs_case):
    step = factories.BestInterestsStepFactory(person=child)

    response = desk.post(page("change_child_risk", child), {"risk": "low"})

    step.refresh_from_db()
    assert "The risk is changed in the case." in response.text
    assert step.risk == "unknown"


def test_a_step_is_done_once_and_stops_its_clock(desk, child, childs_case):
    step = factories.BestInterestsStepFactory(person=child)
    given = {"outcome": "next", "note": "Wants to stay with his aunt."}

    desk.post(page("finish_step", step), given)
    again = desk.post(page("finish_step", step), {**given, "outcome": "enough"})

    step.refresh_from_db()
    assert (step.outcome, step.note, step.is_done) == ("next", given["note"], True)
    assert "This step is done already." in again.text
    assert given["note"] in desk.get(page("child", child)).text


def test_what_was_found_is_for_who_reads_the_story(signed_in, colleague, child, childs_case):
    factories.BestInterestsStepFactory(
        person=child,
        done_at=timezone.now(),
        outcome="next",
        note="Wants to stay.",
        done_by=childs_case.owner,
    )

    assert "Wants to stay." not in signed_in(colleague).get(page("child", child)).text


def test_one_step_waits_once(desk, child):
    given = {"step": "assessment", "risk": "high"}
    desk.post(page("begin_step", child), given)

    response = desk.post(page("begin_step", child), given)

    assert "This step is begun already." in response.text
    assert BestInterestsStep.objects.count() == 1


def test_an_adult_gets_no_step(desk, child):
    child.birth_year_from = child.birth_year_to = 1980
    child.save()

    response = desk.post(page("begin_step", child), {"step": "assessment", "risk": "high"})

    assert "This person is an adult." in response.text


def test_coordinators_are_told_once_of_what_is_late(coordinator, stranger, child):
    factories.BestInterestsStepFactory(person=child, due_at=timezone.now() - DAY)
    factories.BestInterestsStepFactory(person=child, step="plan")

    assert (remind_of_steps(), remind_of_steps()) == (1, 0)
    assert AuditEvent.objects.get(verb="remind_of_steps").note == "1"

    (notice,) = Notice.objects.all()
    assert (notice.user, notice.code, notice.object_id) == (coordinator, "step_late", "")


def test_what_waits_stands_on_the_first_page_and_in_the_case(desk, child, childs_case):
    factories.BestInterestsStepFactory(person=child, due_at=timezone.now() - DAY)

    assert "Steps for children" in desk.get(reverse("home")).text
    assert "Steps for children" in desk.get(childs_case.get_absolute_url()).text


def test_a_colleague_is_not_asked_for_what_another_one_does(
    signed_in, colleague, child, childs_case
):
    factories.BestInterestsStepFactory(person=child)

    assert "Steps for children" not in signed_in(colleague).get(reverse("home")).text


@pytest.mark.parametrize("rows", [1, 3])
def test_a_child_is_drawn_from_the_same_number_of_questions(
    desk, child, rows, django_assert_num_queries
):
    for number in range(rows):
        step = BestInterestsStep.Step.values[number]
        factories.BestInterestsStepFactory(person=child, step=step)
        factories.CareFactory(person=child)
        factories.GuardianFactory(person=child)
    desk.get(page("child", child))

    with django_assert_num_queries(18):
        response = desk.get(page("child", child))

    assert len(response.context["steps"]) == rows


# Ages


def told(**fields):
    return {"source": "stated", "certainty": "likely", "told_on": "2026-03-01", **fields}


def test_an_age_is_told_in_the_solar_calendar(desk, child, childs_case):
    desk.post(page("record_age", child), told(birth="۱۷.۷.۱۳۸۷"))

    age = AgeEstimate.objects.get()
    assert (age.birth_year_from, age.birth_year_to, age.written) == (2008, 2008, "2008-10-08")
    assert "17.07.1387" in desk.get(page("ages", child)).text


def test_an_age_does_not_count_before_somebody_chooses_it(desk, child):
    years = (child.birth_year_from, child.birth_year_to)
    desk.post(page("record_age", child), told(birth="1387"))
    child.refresh_from_db()
    assert (child.birth_year_from, child.birth_year_to) == years

    desk.post(page("choose_age", AgeEstimate.objects.get()), {"operation": ""})

    child.refresh_from_db()
    assert (child.birth_year_from, child.birth_year_to) == (2008, 2009)
    assert child.birth_year_source == "stated"
    assert "In use" in desk.get(page("ages", child)).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"birth": "30.12.1402"}, "had 29 days only"),
        ({"birth": "31.02.2010"}, "This month had 28 days."),
        ({"birth": "1.13.2010"}, "A year has twelve months."),
        ({"birth": "1.1.2010"}, "often stands for a day that nobody knows"),
        ({"birth": "spring"}, "Write a day, a month or a year in numbers"),
        ({}, "Write a date or a year of birth, or an age."),
        ({"age_from": "300"}, "less than or equal to 120"),
        ({"source": "document", "birth": "2010"}, "Say which country issued the document."),
        ({"source": "assessment", "age_from": "17"}, "Say who assessed the age."),
    ],
)
def test_an_age_that_cannot_be_is_refused_and_kept_in_the_form(desk, child, typed, said):
    response = desk.post(page("record_age", child), told(**typed))

    assert said in " ".join(response.text.split())
    assert all(f'value="{value}"' in response.text for value in typed.values())
    assert AgeEstimate.objects.count() == 0


def test_an_assessment_says_whether_it_was_agreed_to(caseworker, child, centre):
    given = {"source": "assessment", "birth_year_from": 2007, "birth_year_to": 2009}

    with pytest.raises(ValidationError, match="agreed to the assessment"):
        actions.record_age(child, assessed_by=centre, actor=caseworker, **given)
    age = actions.record_age(child, assessed_by=centre, has_consent="no", actor=caseworker, **given)

    assert age.has_consent == "no"


def test_about_the_first_of_a_solar_year_may_be_two_years(desk, child):
    desk.post(page("record_age", child), told(birth="1.1.1387", exactness="about"))

    age = AgeEstimate.objects.get()
    assert (age.birth_year_from, age.birth_year_to, age.is_about) == (2008, 2009, True)


def test_ages_stand_beside_each_other(desk, child):
    desk.post(page("record_age", child), told(age_from="15", age_to="17", is_chosen="on"))
    desk.post(page("record_age", child), told(source="document", country="BG", birth="2007-06-01"))

    text = desk.get(page("ages", child)).text

    assert AgeEstimate.objects.count() == 2
    assert "2008–2011" in text
    assert "Bulgaria" in text


def test_the_day_itself_is_for_who_may_see_names(signed_in, coordinator, child, childs_case):
    factories.AgeEstimateFactory(person=child, written="2008-10-08")

    text = signed_in(coordinator).get(page("ages", child)).text

    assert "2010–2011" in text
    assert "08.10.2008" not in text


def test_a_birthday_of_the_identity_is_kept_in_one_form(desk, child):
    desk.post(reverse("casework:record_identity", args=[child.pk]), {"birth_date": "17/7/1387"})

    assert child.identity.birth_date == "2008-10-08"


def test_a_year_of_the_solar_calendar_is_an_age_at_the_desk():
    assert _years_of_number(1378, date(2026, 11, 22)) == (1999, 2000)
    assert _years_of_number(int("۱۳۷۸"), date(2026, 11, 22)) == (1999, 2000)


# Who may not


@pytest.mark.parametrize(
    "name", ["record_care", "record_guardian", "begin_step", "change_child_risk", "record_age"]
)
def test_verbs_about_a_child_are_for_who_works_with_it(
    signed_in, stranger, coordinator, operator, child, name
):
    assert signed_in(stranger).get(page(name, child)).status_code == 404
    assert signed_in(coordinator).post(page(name, child), {}).status_code == 403
    assert signed_in(operator).get(page(name, child)).status_code == 404


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("finish_step", factories.BestInterestsStepFactory),
        ("doubt_guardian", factories.GuardianFactory),
        ("end_guardian", factories.GuardianFactory),
        ("choose_age", factories.AgeEstimateFactory),
    ],
)
def test_what_belongs_to_a_child_is_closed_to_strangers(
    signed_in, stranger, coordinator, child, name, made
):
    row = made(person=child)

    assert signed_in(stranger).post(page(name, row), {"operation": ""}).status_code == 404
    assert signed_in(coordinator).post(page(name, row), {"operation": ""}).status_code == 403


def test_the_case_leads_to_the_child(desk, child, childs_case):
    assert desk.get(page("case_child", childs_case)).url == page("child", child)
