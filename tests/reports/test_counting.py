from datetime import UTC, date, datetime

import pytest

from casework.models import TraffickingStatus
from directory.models import AgeBand
from reports.counting import EVERYBODY, Scope, count, count_everybody
from reports.scope import report_role
from tests import factories
from tests.factories import (
    CaseFactory,
    ConsentFactory,
    GrantFactory,
    IncomeActivityFactory,
    IncomeActivitySessionFactory,
    LeafletGivenFactory,
    PersonFactory,
    ReferralFactory,
    SentReferralFactory,
    ServiceDeliveredFactory,
    TraffickingStatusFactory,
    VisitFactory,
)
from tests.outreach.factories import (
    AttendanceFactory,
    FinishedSessionFactory,
    ProfessionalFactory,
    SessionFactory,
    TrainingFactory,
)
from tests.reports.factories import AFTER, BEFORE, FIRST, INSIDE, LAST, template
from tests.screening.factories import CompletedScreeningFactory, DeclinedScreeningFactory

NOON = datetime(2025, 8, 12, 12, tzinfo=UTC)


def moment(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def figures(house, code, **changes):
    """The figures of one indicator of the IRC template, counted as the worker counts them."""
    indicator = next(one for one in template().indicators if one["code"] == code)
    return counted(house, indicator, **changes).figures


def counted(house, indicator, bands="programme", **changes):
    rows = list(AgeBand.objects.filter(age_band_set=bands))
    scope = Scope(
        organization=house.pk,
        starts_on=changes.pop("starts_on", FIRST),
        ends_before=changes.pop("ends_before", AFTER),
        bands=rows,
        **changes,
    )
    with report_role():
        return count(indicator, scope)


def people(found):
    return found["total"], found["new"], found["continuing"]


@pytest.fixture
def cases(team):
    """`cases(3)`: so many people of the house, each with a case."""
    return lambda number: CaseFactory.create_batch(number, person__team=team)


def informed(case, day, topic="info_thb_risks", **fields):
    return ServiceDeliveredFactory(case=case, delivered_on=day, service_type_id=topic, **fields)


def screened(case, day, factory=CompletedScreeningFactory):
    done = {"completed_at": moment(day)} if factory is CompletedScreeningFactory else {}
    return factory(case=case, **done)


# Screened and informed


def test_client_counts_once_who_was_screened_and_informed(house, cases):
    (case,) = cases(1)
    for day in (FIRST, INSIDE, LAST):
        screened(case, day)
        informed(case, day)

    assert people(figures(house, "IRC-01")) == (1, 1, 0)


def test_near_misses_of_a_screening_do_not_count(house, cases):
    only_screened, only_informed, other_topic, declined, after, early = cases(6)
    screened(only_screened, INSIDE)
    informed(only_informed, INSIDE)
    screened(other_topic, INSIDE)
    informed(other_topic, INSIDE, "info_asylum")
    screened(declined, INSIDE, DeclinedScreeningFactory)
    informed(declined, INSIDE)
    screened(after, AFTER)
    informed(after, LAST)
    screened(early, BEFORE)
    informed(early, INSIDE)

    assert figures(house, "IRC-01")["total"] == 0


def test_leaflet_and_word_of_the_interpreter_inform_too(house, cases):
    with_leaflet, told = cases(2)
    for case in (with_leaflet, told):
        screened(case, INSIDE)
    LeafletGivenFactory(
        visit=VisitFactory(person=with_leaflet.person, at=NOON),
        edition=factories.edition("trafficking"),
    )
    VisitFactory(person=told.person, at=NOON).explained.set(["thb_risks"])

    assert figures(house, "IRC-01")["total"] == 2


def test_days_are_those_of_belgrade(house, cases):
    in_time, too_late = cases(2)
    for case, hour in ((in_time, 21), (too_late, 23)):
        CompletedScreeningFactory(case=case, completed_at=datetime(2025, 9, 30, hour, tzinfo=UTC))
        informed(case, LAST)

    assert figures(house, "IRC-01")["total"] == 1


def test_new_is_who_was_never_counted_before(house, cases):
    known, half_known, new = cases(3)
    for case in (known, half_known, new):
        screened(case, INSIDE)
        informed(case, INSIDE)
    screened(known, BEFORE)
    informed(known, date(2024, 1, 1))
    screened(half_known, BEFORE)

    assert people(figures(house, "IRC-01")) == (3, 2, 1)


def test_steps_lead_from_the_records_to_the_people(house, cases):
    both, only_screened = cases(2)
    for case in (both, both, only_screened):
        screened(case, INSIDE)
    screened(both, BEFORE)
    informed(both, INSIDE)

    assert figures(house, "IRC-01")["steps"] == [["screening", 3, 2], ["information", 1, 1]]


# Supported, reintegrated


@pytest.mark.parametrize(
    ("status", "number"),
    [
        ("no_indications", 0),
        ("at_risk", 0),
        ("presumed", 1),
        ("identified", 1),
        ("recognised", 1),
        ("not_confirmed", 0),
    ],
)
def test_status_of_the_day_of_the_service_decides(house, cases, status, number):
    (case,) = cases(1)
    body = TraffickingStatus.DecidingBody.COURT
    TraffickingStatusFactory(case=case, status=status, decided_on=INSIDE, deciding_body=body)
    informed(case, INSIDE, "accommodation")
    informed(case, LAST, "food")

    assert figures(house, "IRC-02")["total"] == number


def test_status_decided_later_or_replaced_before_does_not_count(house, cases):
    later, replaced = cases(2)
    TraffickingStatusFactory(case=later, decided_on=LAST)
    TraffickingStatusFactory(case=replaced, decided_on=FIRST)
    TraffickingStatusFactory(
        case=replaced,
        decided_on=INSIDE,
        status="not_confirmed",
        deciding_body=TraffickingStatus.DecidingBody.GOVERNMENT,
    )
    for case in (later, replaced):
        informed(case, INSIDE, "accommodation")

    assert figures(house, "IRC-02")["total"] == 0


def test_information_alone_is_no_support(house, cases):
    (case,) = cases(1)
    TraffickingStatusFactory(case=case, decided_on=FIRST)
    informed(case, INSIDE, "info_rights")

    assert figures(house, "IRC-02")["total"] == 0


def test_reintegration_needs_status_and_service(house, cases):
    both, no_status, other_service = cases(3)
    for case in (both, other_service):
        TraffickingStatusFactory(case=case, decided_on=FIRST)
    informed(both, INSIDE, "recovery_workshop")
    informed(both, LAST, "life_skills")
    informed(no_status, INSIDE, "recovery_workshop")
    informed(other_service, INSIDE, "food")

    assert figures(house, "IRC-04")["total"] == 1


# Referred, livelihood


def sent(case, service, **consent):
    agreed = factories.ReferralConsentFactory(case=case, **{"given_on": FIRST, **consent})
    return SentReferralFactory(case=case, service=service, sent_at=NOON, consent=agreed)


def test_referrals_count_by_client_category_and_sending(house, cases):
    twice, drafted, elsewhere = cases(3)
    legal = factories.ServiceFactory()
    legal.service_types.set(["legal", "medical"])
    other = factories.ServiceFactory()
    other.service_types.set(["tracing"])
    for _ in range(2):
        sent(twice, legal)
    ReferralFactory(case=drafted, service=legal)
    sent(elsewhere, other)

    found = figures(house, "IRC-03")
    assert (found["total"], found["steps"]) == (1, [["referral", 2, 1]])


@pytest.mark.parametrize(
    "consent",
    [
        {"decision": "refused"},
        {"purpose": "record", "organization": None},
        {"given_on": LAST},
        {"valid_until": FIRST, "given_on": FIRST},
        {"withdrawn_at": moment(FIRST)},
    ],
)
def test_referral_without_a_consent_in_force_that_day_does_not_count(house, cases, consent):
    (case,) = cases(1)
    legal = factories.ServiceFactory()
    legal.service_types.set(["legal"])
    sent(case, legal, **consent)

    assert figures(house, "IRC-03")["total"] == 0


@pytest.mark.parametrize(("reason", "number"), [("mistake", 0), ("safety", 1)])
def test_referral_sent_by_mistake_does_not_count(house, cases, reason, number):
    (case,) = cases(1)
    legal = factories.ServiceFactory()
    legal.service_types.set(["legal"])
    referral = sent(case, legal, withdrawn_at=moment(LAST), valid_until=INSIDE)
    factories.ReferralStepFactory(referral=referral, verb="recall", reason=reason)

    assert figures(house, "IRC-03")["total"] == number


def test_income_counts_by_attendance_not_by_enrolment(house, cases):
    attending, enrolled = cases(2)
    activity = IncomeActivityFactory(case=attending)
    for day in (FIRST, INSIDE):
        IncomeActivitySessionFactory(activity=activity, attended_on=day)
    IncomeActivityFactory(case=enrolled)

    assert figures(house, "IRC-05")["total"] == 1


# Professionals and numbers without anybody


def test_professionals_count_once_and_seats_apart(house):
    first, second, old = (
        TrainingFactory(organization=house, starts_on=day, ends_on=day)
        for day in (FIRST, LAST, BEFORE)
    )
    twice, once, early = ProfessionalFactory.create_batch(3)
    for training, professional in ((first, twice), (second, twice), (second, once), (old, early)):
        AttendanceFactory(training=training, professional=professional)
    AttendanceFactory(training=old, professional=once)

    found = figures(house, "IRC-06")
    assert (people(found), found["seats"]) == ((2, 1, 1), 3)
    assert ["social_worker", "female", 2] in found["by"]["profession_sex"]
    assert figures(house, "IRC-06S")["total"] == 2


def test_contacts_are_tallies_of_finished_and_standing_sessions(house, mobile):
    team = mobile.teams.get()
    band = factories.age_band(18)
    wrong, open_one = (
        factory(team=team, started_at=NOON) for factory in (FinishedSessionFactory, SessionFactory)
    )
    right = FinishedSessionFactory(team=team, started_at=NOON, supersedes=wrong)
    for session, number in ((wrong, 50), (open_one, 30), (right, 8)):
        session.tallies.create(sex="male", age_band=band, quantity=number)
        session.leaflets.create(edition=factories.edition("journey"), quantity=number)
    factories.HeadcountFactory(team=team, at=NOON, quantity=3, age_band=None)

    found = figures(house, "OUT-01")
    cells = [cell for cell in found["by"]["sex_age"] if cell[2]]
    assert (found["total"], cells) == (11, [["male", "18–24", 8], ["male", "unknown", 3]])
    assert figures(house, "OUT-02")["total"] == 1
    assert figures(house, "OUT-03")["total"] == 8


def test_correction_that_is_not_finished_leaves_the_old_session_standing(house, mobile):
    team = mobile.teams.get()
    old = FinishedSessionFactory(team=team, started_at=NOON)
    SessionFactory(team=team, started_at=NOON, supersedes=old)
    old.tallies.create(sex="male", age_band=factories.age_band(18), quantity=50)

    assert figures(house, "OUT-01")["total"] == 50
    assert figures(house, "OUT-02")["total"] == 1


def test_leaflets_are_copies_by_title_and_language(house, team):
    visit = VisitFactory(person=PersonFactory(team=team), at=NOON)
    LeafletGivenFactory(visit=visit, edition=factories.edition("rights", "en"), quantity=4)
    LeafletGivenFactory(visit=visit, edition=factories.edition("trafficking"), quantity=2)

    assert figures(house, "IRC-11")["total"] == 4
    assert figures(house, "OUT-03")["by"]["language"] == [["all", "en", 4], ["all", "fa", 2]]


def test_band_of_a_tally_that_lies_across_two_is_not_guessed(house, mobile):
    session = FinishedSessionFactory(team=mobile.teams.get(), started_at=NOON)
    session.tallies.create(sex="male", age_band=factories.age_band(18), quantity=5)
    session.tallies.create(sex="male", age_band=factories.age_band(0, "unhcr"), quantity=7)
    session.tallies.create(sex="male", age_band=factories.age_band(0, "unicef"), quantity=9)
    indicator = next(one for one in template().indicators if one["code"] == "OUT-01")

    found = counted(house, indicator, bands="unhcr").figures
    cells = [cell for cell in found["by"]["sex_age"] if cell[2]]
    assert cells == [["male", "0–4", 7], ["male", "18–59", 5], ["male", "unknown", 9]]


# Whose, and of which grant


def test_another_organization_counts_for_itself(house, cases):
    (case,) = cases(1)
    informed(case, INSIDE)
    screened(case, INSIDE)
    strange = CaseFactory()
    informed(strange, INSIDE)
    screened(strange, INSIDE)

    assert figures(house, "IRC-01")["total"] == 1
    assert figures(strange.organization, "IRC-01")["total"] == 1


def test_report_on_a_grant_counts_its_services_since_it_began(house, cases):
    grant = GrantFactory(organization=house, starts_on=date(2025, 1, 1))
    paid, unpaid, long_known = cases(3)
    for case in (paid, unpaid, long_known):
        screened(case, INSIDE)
        informed(case, INSIDE, grant=None if case is unpaid else grant)
    screened(long_known, date(2024, 5, 5))
    informed(long_known, date(2024, 5, 5), grant=None)

    days = (grant.starts_on, grant.ends_on)
    found = figures(house, "IRC-01", grant=grant.pk, grant_days=days)
    assert people(found) == (2, 2, 0)


def test_screenings_after_the_grant_has_ended_are_not_its_own(house, cases):
    grant = GrantFactory(organization=house, starts_on=BEFORE, ends_on=date(2025, 7, 31))
    (case,) = cases(1)
    screened(case, INSIDE)
    informed(case, FIRST, grant=grant)

    days = (grant.starts_on, grant.ends_on)
    assert figures(house, "IRC-01", grant=grant.pk, grant_days=days)["total"] == 0


def test_who_said_no_to_being_counted_is_not(house, cases):
    refused, taken_back, changed_mind = cases(3)
    for case in (refused, taken_back, changed_mind):
        screened(case, INSIDE)
        informed(case, INSIDE)
    ConsentFactory(case=refused, purpose="statistics", decision="refused", given_on=FIRST)
    ConsentFactory(case=taken_back, purpose="statistics", withdrawn_at=NOON, given_on=FIRST)
    ConsentFactory(case=changed_mind, purpose="statistics", decision="refused", given_on=FIRST)
    ConsentFactory(case=changed_mind, purpose="statistics", given_on=INSIDE)

    assert figures(house, "IRC-01")["total"] == 1


# Breakdowns


def of_sex_and_age(house, **person):
    case = CaseFactory(person=PersonFactory(team__organization=house, **person))
    screened(case, INSIDE)
    informed(case, INSIDE)
    cells = figures(house, "IRC-01")["by"]["sex_age"]
    return [cell[:2] for cell in cells if cell[2]]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ((2010, 2010), "15–17"),
        ((2008, 2008), "15–17"),
        ((2007, 2007), "18–24"),
        ((1931, 1960), "60+"),
    ],
)
def test_age_is_that_of_the_day_of_the_service(house, born, band):
    first, last = born

    assert of_sex_and_age(house, birth_year_from=first, birth_year_to=last) == [["female", band]]


def test_age_is_that_of_the_day_on_which_the_last_condition_was_met(house):
    born = {"birth_year_from": 2007, "birth_year_to": 2007}
    case = CaseFactory(person=PersonFactory(team__organization=house, **born))
    screened(case, date(2024, 12, 1))
    for day in (date(2025, 2, 1), date(2026, 2, 1)):
        informed(case, day)

    days = {"starts_on": date(2024, 10, 1), "ends_before": date(2026, 10, 1)}
    cells = figures(house, "IRC-01", **days)["by"]["sex_age"]
    assert [cell[:2] for cell in cells if cell[2]] == [["female", "18–24"]]


def test_age_that_nobody_knows_is_unknown(house):
    assert of_sex_and_age(house, sex="unknown") == [["unknown", "unknown"]]


def test_every_cell_is_there_although_nobody_is_in_it(house):
    cells = figures(house, "IRC-01")["by"]["sex_age"]

    assert len(cells) == 4 * 9
    assert {number for *_, number in cells} == {0}


def test_breakdowns_add_up_to_the_total(house, cases):
    for case, nationality in zip(cases(3), ("AF", "SY", "AF"), strict=True):
        case.person.nationality = nationality
        case.person.save()
        screened(case, INSIDE)
        informed(case, INSIDE)

    by = figures(house, "IRC-01")["by"]
    assert by["nationality"] == [["all", "AF", 2], ["all", "SY", 1]]
    assert sum(number for *_, number in by["sex_age"]) == 3


# Everybody


def test_everybody_is_the_union_not_the_sum(house, cases):
    both, screened_only, supported_only = cases(3)
    for case in (both, screened_only):
        screened(case, INSIDE)
        informed(case, INSIDE)
    for case in (both, supported_only):
        TraffickingStatusFactory(case=case, decided_on=BEFORE)
        informed(case, LAST, "food")
    informed(supported_only, BEFORE, "food")
    wanted = [one for one in template().indicators if one["code"] in {"IRC-01", "IRC-02"}]

    found = count_everybody(counted(house, one) for one in wanted)
    assert (people(found), found["by"]) == ((3, 2, 1), {})
    assert EVERYBODY not in {one["code"] for one in template().indicators}


def test_who_counted_before_for_anything_is_continuing(house, cases):
    (case,) = cases(1)
    TraffickingStatusFactory(case=case, decided_on=date(2025, 1, 1))
    informed(case, BEFORE, "food")
    screened(case, INSIDE)
    informed(case, INSIDE)
    wanted = [one for one in template().indicators if one["code"] in {"IRC-01", "IRC-02"}]

    assert people(counted(house, wanted[0]).figures) == (1, 1, 0)
    assert people(count_everybody(counted(house, one) for one in wanted)) == (1, 0, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_an_indicator_takes_one_query_a_condition(house, cases, number, django_assert_num_queries):
    for case in cases(number):
        screened(case, INSIDE)
        informed(case, INSIDE)
    indicator = template().indicators[0]
    scope = Scope(organization=house.pk, starts_on=FIRST, ends_before=AFTER, bands=[])

    with django_assert_num_queries(2):
        count(indicator, scope)
