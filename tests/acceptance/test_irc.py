"""The results of the IRC fact sheet, built at full size with everything that must not count."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from openpyxl import load_workbook

from accounts.models import OutboxJob, Role
from casework.codes import code_from
from casework.models import (
    Case,
    Consent,
    IncomeActivity,
    IncomeActivitySession,
    Person,
    ServiceDelivered,
    TraffickingStatus,
)
from directory.models import Area, Service, Topic
from outreach.models import Professional, Training, TrainingAttendance
from referrals.models import Referral
from reports import actions
from reports.exports import as_csv, as_xlsx
from reports.models import Report, ReportTemplate
from reports.tasks import count_report
from screening.models import InstrumentVersion, Screening
from tests import factories
from vault.models import DataKey

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
BEFORE, AFTER = date(2024, 11, 5), date(2026, 1, 1)
SCREENED, SUPPORTED, REFERRED, REINTEGRATED, EARNING, TRAINED = 2184, 876, 201, 168, 90, 668


class World:
    """Rows by the thousand, by the same models that the pages write."""

    def __init__(self, worker, team):
        self.worker, self.team, self.house = worker, team, team.organization
        self.chance, self.number = Random(7), 0
        self.version = InstrumentVersion.objects.get(instrument__code="thb")
        self.rows = {}

    def add(self, row):
        self.rows.setdefault(type(row), []).append(row)
        return row

    def save(self):
        order = [
            DataKey,
            Person,
            Case,
            Screening,
            ServiceDelivered,
            TraffickingStatus,
            Consent,
            Referral,
            IncomeActivity,
            IncomeActivitySession,
            Professional,
            Training,
            TrainingAttendance,
        ]
        for model in order:
            model.objects.bulk_create(self.rows.get(model, []), batch_size=2000)

    def day(self):
        return FIRST + timedelta(days=self.chance.randint(0, 364))

    def new_id(self):
        return UUID(int=self.chance.getrandbits(128), version=4)

    def cases(self, count):
        return [self.case() for _ in range(count)]

    def case(self):
        self.number += 1
        person = self.add(
            Person(
                id=self.new_id(),
                code=code_from(self.number),
                organization=self.house,
                team=self.team,
                sex=self.chance.choice(["female", "male"]),
                birth_year_from=self.chance.randint(1960, 2020),
                nationality=self.chance.choices(["AF", "SY", "BI"], [70, 29, 1])[0],
                language_id="fa",
                registered_by=self.worker,
            )
        )
        person.birth_year_to = person.birth_year_from
        case = Case(
            id=self.new_id(),
            person=person,
            organization=self.house,
            team=self.team,
            owner=self.worker,
        )
        return self.add(case)

    def screening(self, case, day, state="completed"):
        done = state == "completed"
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        self.add(
            Screening(
                case=case,
                instrument_version=self.version,
                state=state,
                profile="adult",
                profile_basis="birth_years",
                safety="safe",
                language_id="fa",
                started_by=self.worker,
                limits_said_by=self.worker,
                limits_said_at=moment,
                limits_text="adult-1",
                band="D" if done else "",
                completed_at=moment if done else None,
                completed_by=self.worker if done else None,
            )
        )

    def service(self, case, day, code):
        self.add(
            ServiceDelivered(
                person=case.person,
                case=case,
                service_type_id=code,
                organization=self.house,
                delivered_on=day,
                recorded_by=self.worker,
            )
        )

    def status(self, case, day, status):
        self.add(
            TraffickingStatus(
                case=case,
                status=status,
                decided_on=day,
                deciding_body="NGO",
                organization=self.house,
                basis="screening",
                recorded_by=self.worker,
            )
        )

    def referral(self, case, day, service, *, sent=True, decision="given"):
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        consent = self.add(
            Consent(
                person=case.person,
                case=case,
                purpose="referral",
                organization=service.organization,
                decision=decision,
                channel="spoken",
                language_id="fa",
                text_version="1",
                given_on=day,
                recorded_by=self.worker,
            )
        )
        self.add(
            Referral(
                case=case,
                service=service,
                organization=service.organization,
                consent=consent,
                state="sent" if sent else "draft",
                created_by=self.worker,
                sent_by=self.worker if sent else None,
                sent_at=moment if sent else None,
                due_at=moment if sent else None,
            )
        )


def service_of(category):
    return Service.objects.filter(service_types__category=category, is_referable=True)[0]


def screened(world):
    cases = world.cases(SCREENED)
    for case in cases:
        world.screening(case, world.day())
        world.service(case, world.day(), "info_thb_risks")
    for case in cases[:200]:
        world.screening(case, world.day())
        world.service(case, world.day(), "info_thb_risks")
    for case in cases[200:260]:
        world.screening(case, BEFORE)
        world.service(case, BEFORE, "info_thb_risks")
    for case in world.cases(90):
        world.screening(case, world.day())
        world.service(case, world.day(), "info_asylum")
    for case in world.cases(60):
        world.service(case, world.day(), "info_thb_risks")
    for case in world.cases(40):
        world.screening(case, world.day(), state="declined")
        world.service(case, world.day(), "info_thb_risks")
    for case in world.cases(30):
        world.screening(case, AFTER)
        world.service(case, AFTER, "info_thb_risks")
    return cases


def supported(world, cases):
    for number, case in enumerate(cases[:SUPPORTED]):
        day = world.day()
        world.status(case, day, "presumed" if number % 5 else "identified_later")
        world.service(case, day, world.chance.choice(["accommodation", "food", "clothes"]))
        world.service(case, min(day + timedelta(days=3), LAST), "legal")
    for row in world.rows[TraffickingStatus]:
        if row.status == "identified_later":
            row.status, row.deciding_body = "identified", "NonPoliceGovernmentalOrganization"
    for case in cases[SUPPORTED : SUPPORTED + 150]:
        world.status(case, FIRST, "at_risk")
        world.service(case, world.day(), "accommodation")
    for case in cases[SUPPORTED + 150 : SUPPORTED + 200]:
        world.service(case, FIRST, "clothes")
        world.status(case, LAST, "presumed")
    for case in cases[SUPPORTED + 200 : SUPPORTED + 240]:
        world.status(case, FIRST, "presumed")
        world.service(case, world.day(), "info_rights")


def referred(world, cases):
    legal, medical = service_of("legal"), service_of("medical")
    other = service_of("formal_identification")
    for case in cases[:REFERRED]:
        world.referral(case, world.day(), legal)
    for case in cases[:60]:
        world.referral(case, world.day(), medical)
    for case in cases[REFERRED : REFERRED + 80]:
        world.referral(case, world.day(), other)
    for case in cases[REFERRED + 80 : REFERRED + 110]:
        world.referral(case, world.day(), legal, sent=False)
    for case in cases[REFERRED + 110 : REFERRED + 120]:
        world.referral(case, world.day(), legal, decision="refused")


def reintegrated(world, cases):
    for case in cases[:REINTEGRATED]:
        world.service(case, LAST, "recovery_workshop")
        world.service(case, LAST, "life_skills")
    for case in cases[SUPPORTED : SUPPORTED + 30]:
        world.service(case, LAST, "recovery_workshop")


def earning(world, cases):
    for number, case in enumerate(cases[: EARNING + 25]):
        activity = world.add(
            IncomeActivity(case=case, kind="course", started_on=FIRST, recorded_by=world.worker)
        )
        for week in range(3 if number < EARNING else 0):
            day = FIRST + timedelta(days=7 * week)
            world.add(
                IncomeActivitySession(activity=activity, attended_on=day, recorded_by=world.worker)
            )


def trained(world):
    people = [
        world.add(
            Professional(
                id=world.new_id(),
                code=code_from(900_000 + number),
                registered_by_organization=world.house,
                profession=world.chance.choice(["police", "judge", "social_worker"]),
                institution_type="LawEnforcement",
                sex=world.chance.choice(["female", "male"]),
            )
        )
        for number in range(TRAINED + 20)
    ]
    trainings = [
        world.add(
            Training(
                organization=world.house,
                topic=Topic.objects.get(pk="rights"),
                programme="P",
                hours=8,
                starts_on=day,
                ends_on=day,
                area=Area.objects.all()[0],
                recorded_by=world.worker,
            )
        )
        for day in (date(2025, 3, 1), date(2025, 9, 1), BEFORE)
    ]
    for professional in people[:TRAINED]:
        seat(world, trainings[0], professional)
    for professional in people[:110]:
        seat(world, trainings[1], professional)
    for professional in people[TRAINED:]:
        seat(world, trainings[2], professional)


def seat(world, training, professional):
    world.add(
        TrainingAttendance(training=training, professional=professional, recorded_by=world.worker)
    )


@pytest.fixture(scope="module")
def report(file_long):
    """The finished report on the whole world, counted by the job that the worker runs."""
    team = factories.TeamFactory(name="Hub")
    works = {"organization": team.organization, "teams": [team]}
    world = World(factories.UserFactory(**works, role=Role.Code.CASEWORKER), team)
    cases = screened(world)
    supported(world, cases)
    referred(world, cases)
    reintegrated(world, cases)
    earning(world, cases)
    trained(world)
    world.save()
    # The same work of another organization counts for nobody here.
    stranger = factories.TeamFactory()
    other = World(factories.UserFactory(organization=stranger.organization), stranger)
    other.chance, other.number = Random(8), 500_000
    for case in other.cases(25):
        other.screening(case, other.day())
        other.service(case, other.day(), "info_thb_risks")
    other.save()
    asked = actions.request_report(
        template=ReportTemplate.objects.get(code="irc", is_current=True),
        starts_on=FIRST,
        ends_before=date(2026, 1, 1),
        actor=factories.UserFactory(**works, role=Role.Code.COORDINATOR),
    )
    event = OutboxJob.objects.get(event="report_requested")
    job = OutboxJob.objects.create(
        event=event.event, task=count_report.name, args=event.args, dedupe_key="job"
    )
    count_report(str(job.pk))
    return Report.objects.select_related("template__donor", "organization").get(pk=asked.pk)


def figures_in(data):
    """{code: (new, continuing, total)} as they stand in the workbook."""
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in page.rows]
    return {row[1]: tuple(row[3:6]) for row in rows if row[1] and str(row[1]).startswith("IRC-")}


@pytest.mark.django_db
def test_workbook_holds_exactly_the_published_figures(report):
    figures = figures_in(as_xlsx(report))

    assert {code: figures[code][2] for code in sorted(figures)[:6]} == {
        "IRC-01": SCREENED,
        "IRC-02": SUPPORTED,
        "IRC-03": REFERRED,
        "IRC-04": REINTEGRATED,
        "IRC-05": EARNING,
        "IRC-06": TRAINED,
    }
    assert figures["IRC-01"] == (SCREENED - 60, 60, SCREENED)


@pytest.mark.django_db
def test_files_agree_and_everybody_together_is_the_union(report):
    book = as_xlsx(report)
    page = load_workbook(io.BytesIO(book)).worksheets[0]
    lines = csv.reader(io.StringIO(as_csv(report).decode("utf-8-sig")))
    totals = {line[0]: int(line[5]) for line in lines if line[2] == "" and line[4] == "Total"}

    (union,) = [row for row in page.iter_rows(values_only=True) if row[0] == "All clients together"]
    assert union[5] == SCREENED
    workbook = {code: total for code, (*_, total) in figures_in(book).items()}
    assert {code: totals[code] for code in workbook} == workbook


@pytest.mark.django_db
def test_breakdowns_add_up_in_the_house_and_hide_small_numbers_outside(report):
    exact = report.figures["IRC-01"]["by"]
    shown = report.released_figures["IRC-01"]["by"]

    assert sum(people for *_, people in exact["sex_age"]) == SCREENED
    assert sum(people for *_, people in exact["nationality"]) == SCREENED
    assert [n for *_, n in shown["sex_age"] if n is not None and 0 < n < 5] == []
    assert report.figures["IRC-06"]["seats"] == TRAINED + 110
