"""I14: what is due and since when, what is held, what is taken back, what goes."""

from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Notice
from casework.models import Case, Person
from protection import actions
from protection.actions.retention import due_on, find_due, last_contact
from protection.models import DueRow, ErasureLedger, ErasureRequest, PersonRequest, Telling
from protection.tasks import keep_time
from protection.years import after_years
from tests import factories
from tests.protection.conftest import live

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def spans(settings):
    settings.RETENTION_CASE_YEARS = 5
    settings.RETENTION_CONTACT_YEARS = 2
    settings.RETENTION_CHILD_YEARS = 5


def closed(person, on, opened=None):
    return factories.ClosedCaseFactory(
        person=person, opened_on=opened or on - timedelta(days=30), closed_on=on
    )


def old_person(team, **facts):
    person = factories.PersonFactory(team=team, **facts)
    Person.objects.filter(pk=person.pk).update(registered_at="2015-01-01T00:00Z")
    person.refresh_from_db()
    return person


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2020, 2, 29), 5, date(2025, 3, 1)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2019, 2, 28), 5, date(2024, 2, 28)),
        (date(2019, 3, 1), 1, date(2020, 3, 1)),
        (date(2020, 12, 31), 1, date(2021, 12, 31)),
    ],
)
def test_I14_years_are_full_across_leap_years(day, years, then):
    assert after_years(day, years) == then


def test_I14_a_case_closed_on_the_leap_day_is_due_the_day_after_five_full_years(team):
    case = closed(old_person(team), date(2020, 2, 29))

    assert due_on(case) == (date(2025, 3, 1), DueRow.Rule.CASE)
    assert list(find_due(date(2025, 2, 28))) == []
    assert [due.person for due in find_due(date(2025, 3, 1))] == [case.person]


@pytest.mark.parametrize(
    ("born", "opened", "then", "rule"),
    [
        (2008, date(2018, 5, 1), date(2032, 1, 1), DueRow.Rule.CHILD),
        (1990, date(2018, 5, 1), date(2023, 6, 1), DueRow.Rule.CASE),
        (1999, date(2018, 5, 1), date(2023, 6, 1), DueRow.Rule.CASE),
        (2000, date(2018, 5, 1), date(2024, 1, 1), DueRow.Rule.CHILD),
        (None, date(2018, 5, 1), date(2023, 6, 1), DueRow.Rule.CASE),
    ],
)
def test_I14_a_child_s_case_stays_until_eighteen_and_five_years(team, born, opened, then, rule):
    person = old_person(team, birth_year_from=born, birth_year_to=born)

    assert due_on(closed(person, date(2018, 6, 1), opened)) == (then, rule)


def test_an_open_case_is_never_due(team):
    case = factories.CaseFactory(person=old_person(team))

    with pytest.raises(ValueError, match="never due"):
        due_on(case)
    assert list(find_due(date(2060, 1, 1))) == []


def test_the_whole_person_is_due_when_nothing_holds_her(team):
    person = old_person(team)
    closed(person, date(2019, 1, 1))
    closed(person, date(2020, 1, 1))

    (due,) = find_due(TODAY)

    assert (due.person, due.case, due.due_on) == (person, None, date(2025, 1, 1))


def test_the_case_alone_is_due_when_the_person_still_comes(team):
    person = old_person(team)
    case = closed(person, date(2019, 1, 1))
    factories.VisitFactory(person=person, team=team, at="2026-05-01T10:00Z")

    (due,) = find_due(TODAY)

    assert (due.case, due.due_on) == (case, date(2024, 1, 1))


def test_a_person_with_another_open_case_loses_the_old_one_only(team):
    person = old_person(team)
    case = closed(person, date(2019, 1, 1))
    factories.CaseFactory(person=person)

    assert [due.case for due in find_due(TODAY)] == [case]


def test_who_never_had_a_case_is_due_after_the_last_contact(team):
    person = old_person(team)
    factories.ServiceDeliveredFactory(
        person=person,
        case=None,
        organization=team.organization,
        delivered_on=date(2024, 5, 31),
        recorded_by=person.registered_by,
    )

    assert last_contact(person) == date(2024, 5, 31)
    assert list(find_due(date(2026, 5, 30))) == []
    assert [due.rule for due in find_due(date(2026, 5, 31))] == [DueRow.Rule.CONTACT]


def test_what_is_due_is_listed_once_and_coordinators_are_told(team, coordinator):
    old_person(team)

    assert actions.list_due(TODAY) == 1
    assert actions.list_due(TODAY) == 0

    assert DueRow.objects.count() == 1
    assert [(n.user, n.code) for n in Notice.objects.all()] == [(coordinator, "records_due")]


def test_what_is_kept_longer_is_asked_again(team, coordinator):
    person = old_person(team)
    actions.list_due()
    until = timezone.localdate() + timedelta(days=10)

    row = actions.keep_due(
        DueRow.objects.get(), keep_reason="grant", keep_until=until, actor=coordinator
    )

    assert (row.state, row.keep_until) == (DueRow.State.KEPT, until)
    assert actions.list_due() == 0
    assert actions.list_due(until) == 1
    assert DueRow.objects.get(person=person).state == DueRow.State.OPEN


def test_a_day_that_is_over_keeps_nothing(team, coordinator):
    row = factories.DueRowFactory(person=old_person(team))

    with pytest.raises(ValidationError, match="day to come"):
        actions.keep_due(row, keep_reason="grant", keep_until=date(2026, 1, 1), actor=coordinator)


def test_I14_what_is_held_cannot_be_confirmed(team, coordinator):
    row = factories.DueRowFactory(person=old_person(team))
    hold = actions.place_hold(row.person, reason="criminal", actor=coordinator)

    with pytest.raises(ValidationError, match="hold"):
        actions.confirm_due(row, actor=coordinator)

    actions.lift_hold(hold, actor=coordinator)
    assert actions.confirm_due(row, actor=coordinator).is_archived
    with pytest.raises(ValidationError, match="decided meanwhile"):
        actions.confirm_due(row, actor=coordinator)


@pytest.mark.parametrize(
    ("starts", "until", "holds"),
    [(-10, None, True), (-10, 0, True), (-10, -1, False), (1, None, False)],
)
def test_I14_a_hold_is_in_force_from_day_to_day(team, starts, until, holds):
    today = timezone.localdate()
    hold = factories.LegalHoldFactory(
        person=old_person(team),
        starts_on=today + timedelta(days=starts),
        until=until if until is None else today + timedelta(days=until),
    )

    assert hold.is_in_force == holds
    if holds:
        with pytest.raises(ValidationError):
            actions.check_holds("person", hold.person_id)
    else:
        actions.check_holds("person", hold.person_id)


def test_a_hold_is_lifted_once(team, coordinator):
    hold = factories.LegalHoldFactory(person=old_person(team))
    actions.lift_hold(hold, actor=coordinator)

    with pytest.raises(ValidationError, match="lifted already"):
        actions.lift_hold(hold, actor=coordinator)


def test_confirmed_it_is_hidden_for_thirty_days_and_then_gone(team, coordinator):
    person = old_person(team)
    closed(person, date(2019, 1, 1))
    actions.list_due()

    ticket = actions.confirm_due(DueRow.objects.get(), actor=coordinator)

    assert ticket.erase_on == timezone.localdate() + timedelta(days=30)
    assert not Person.objects.visible_to(coordinator).exists()
    assert not Case.objects.visible_to(coordinator).exists()
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert actions.keep_time()["erased"] == 0
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        keep_time()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.code) == (ErasureRequest.State.ERASED, "")
    assert ticket.complete_on == timezone.localdate() + timedelta(days=60)
    assert not Person.objects.exists()
    assert ErasureLedger.objects.get().request == ticket.pk


def test_a_week_before_it_goes_the_coordinator_is_warned_once(team, coordinator):
    actions.list_due()
    ticket = actions.confirm_due(
        factories.DueRowFactory(person=old_person(team)), actor=coordinator
    )

    assert actions.warn_of_erasures() == 0
    with time_machine.travel(timezone.now() + timedelta(days=23), tick=False):
        assert actions.warn_of_erasures() == 1
        assert actions.warn_of_erasures() == 0

    notice = Notice.objects.get(code="erasure_soon")
    assert (notice.user, notice.object_id) == (coordinator, str(ticket.pk))


def test_a_hold_that_came_meanwhile_keeps_it_hidden(team, coordinator):
    ticket = actions.confirm_due(
        factories.DueRowFactory(person=old_person(team)), actor=coordinator
    )
    factories.LegalHoldFactory(person=Person.objects.get())

    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        assert actions.erase_due() == 0

    ticket.refresh_from_db()
    assert ticket.is_archived
    assert Person.objects.exists()


# F131: asked for by a person


@pytest.fixture
def asked(person, coordinator):
    return factories.PersonRequestFactory(
        kind=PersonRequest.Kind.ERASURE,
        organization=person.organization,
        code=person.code,
        identity_checked=True,
        is_safe=True,
        details="please, all of it",
    )


def test_two_people_are_needed(life, asked, coordinator, dpo):
    ticket = actions.begin_erasure(life.person, origin="asked", asked=asked, actor=coordinator)
    assert Person.objects.visible_to(coordinator).exists()
    other = factories.UserFactory(organization=dpo.organization, role="coordinator")

    with pytest.raises(ValidationError, match="Somebody else"):
        actions.confirm_erasure(ticket, actor=coordinator)
    actions.confirm_erasure(ticket, actor=other)

    with pytest.raises(ValidationError, match="confirmed or stopped"):
        actions.confirm_erasure(ticket, actor=dpo)
    assert not Person.objects.visible_to(coordinator).exists()


def test_who_asks_must_be_known_first(person, asked, coordinator):
    asked.is_safe = False
    asked.save()

    with pytest.raises(ValidationError, match="who asks"):
        actions.begin_erasure(person, origin="asked", asked=asked, actor=coordinator)


def test_one_erasure_of_a_record_at_a_time(person, coordinator):
    actions.begin_erasure(person, origin="asked", actor=coordinator)

    with pytest.raises(ValidationError, match="on its way"):
        actions.begin_erasure(person, origin="mistake", actor=coordinator)


def test_it_says_who_else_must_be_told(life, coordinator, dpo):
    ticket = actions.begin_erasure(life.person, origin="asked", actor=coordinator)

    actions.confirm_erasure(ticket, actor=dpo)

    kinds = {(row.kind, row.number[:2]) for row in Telling.objects.all()}
    assert kinds == {(Telling.Kind.PARTNER, "R-"), (Telling.Kind.DEVICE, "")}
    row = actions.tell(Telling.objects.first(), actor=dpo)
    assert row.is_done
    with pytest.raises(ValidationError, match="done already"):
        actions.tell(row, actor=dpo)


def test_it_can_be_taken_back_until_it_is_gone(life, coordinator, dpo):
    ticket = actions.begin_erasure(life.person, origin="asked", actor=coordinator)
    actions.confirm_erasure(ticket, actor=dpo)

    actions.stop_erasure(ticket, stop_reason="withdrawn", actor=dpo)

    assert Person.objects.visible_to(coordinator).exists()
    assert Case.objects.visible_to(coordinator).exists()
    with pytest.raises(ValidationError, match="too late"):
        actions.stop_erasure(ticket, stop_reason="withdrawn", actor=dpo)


def test_the_request_loses_its_texts_with_the_record(life, asked, coordinator, dpo):
    ticket = actions.begin_erasure(life.person, origin="asked", asked=asked, actor=coordinator)
    actions.confirm_erasure(ticket, actor=dpo)

    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert actions.erase_due() == 1

    asked = PersonRequest.objects.select_related("data_key").get()
    assert (asked.code, asked.details, asked.data_key) == ("", "", None)


def test_one_case_only_can_go(life, coordinator, dpo):
    ticket = actions.begin_erasure(life.person, case=life, origin="mistake", actor=coordinator)
    actions.confirm_erasure(ticket, actor=dpo)
    assert Person.objects.visible_to(coordinator).exists()

    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert actions.erase_due() == 1

    assert not Case.objects.exists()
    assert Person.objects.exists()


@pytest.mark.parametrize("role", ["caseworker", "donor", "partner", "admin"])
def test_others_may_do_none_of_it(request, role, person, coordinator, team):
    user = request.getfixturevalue(role)
    ticket = factories.ErasureRequestFactory(person=person)
    row = factories.DueRowFactory(person=person)
    hold = factories.LegalHoldFactory(person=person)
    telling = Telling.objects.create(erasure=ticket, kind="device")

    for refused in (
        lambda: actions.begin_erasure(person, origin="asked", actor=user),
        lambda: actions.confirm_erasure(ticket, actor=user),
        lambda: actions.stop_erasure(ticket, stop_reason="mistake", actor=user),
        lambda: actions.tell(telling, actor=user),
        lambda: actions.confirm_due(row, actor=user),
        lambda: actions.keep_due(row, keep_reason="grant", keep_until=TODAY, actor=user),
        lambda: actions.place_hold(person, reason="criminal", actor=user),
        lambda: actions.lift_hold(hold, actor=user),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_F129_a_dry_run_says_what_would_go_and_changes_nothing(team, coordinator):
    old_person(team)
    Notice.objects.create(user=coordinator, code="x")
    Notice.objects.update(at="2020-01-01T00:00Z")
    out = StringIO()

    call_command("retention", "--dry-run", stdout=out)

    assert out.getvalue().splitlines() == ["due: 1", "to be erased: 0", "notices: 1"]
    assert (DueRow.objects.count(), Notice.objects.count()) == (0, 1)
    call_command("retention", stdout=StringIO())
    assert DueRow.objects.count() == 1
    assert Notice.objects.filter(code="x").count() == 0


def test_living_people_are_left_alone(team, caseworker, person):
    live(person, caseworker)

    assert list(find_due(timezone.localdate())) == []
