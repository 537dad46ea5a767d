"""Studies: asked for by a coordinator, counted by a worker, shown protected and to nobody else."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.urls import reverse

from accounts import scope
from accounts.models import AuditEvent, OutboxJob, Role
from reports.actions import request_study
from reports.models import Study
from reports.tasks import count_study
from screening.models import ChangeProposal, Instrument
from tests import factories
from tests.reports.factories import FinishedStudyFactory, StudyFactory
from tests.screening.factories import CompletedScreeningFactory

pytestmark = pytest.mark.django_db

LIST = reverse("reports:studies")
FIRST = date(2026, 7, 1)
INSIDE = datetime(2026, 8, 12, 10, tzinfo=UTC)


@pytest.fixture
def thb():
    return Instrument.objects.get(code="thb")


def page(row):
    return reverse("reports:study", args=[row.pk])


def count(row):
    """As the worker does it."""
    event = OutboxJob.objects.get(event="study_requested", args={"study_id": str(row.pk)})
    job = OutboxJob.objects.create(
        event=event.event, task=count_study.name, args=event.args, dedupe_key=str(row.pk)
    )
    count_study(str(job.pk))
    row.refresh_from_db()
    return row


def talk(team, *, at=INSIDE, ticked=(), decided=None, nationality="AF", **fields):
    case = fields.pop("case", None) or factories.CaseFactory(
        person__team=team, person__nationality=nationality
    )
    sheet = {"journey": {"indicators": dict.fromkeys(ticked, "yes")}}
    if decided:
        fields |= {"decision": decided, "decision_reason": "answers", "decided_by": case.owner}
        fields["decided_at"] = at + timedelta(hours=5)
    return CompletedScreeningFactory(
        case=case,
        route_id=fields.pop("route", "bulgaria"),
        band=fields.pop("band", "D"),
        completed_at=at,
        completed_by=case.owner,
        answers=sheet,
        **fields,
    )


def sign(thb):
    """A question that adults are asked."""
    version = thb.versions.get()
    return next(i["id"] for i in version.definition["indicators"] if i["applies_to"] == "both")


def test_talks_of_the_quarter_are_counted_once_a_person(coordinator, team, thb):
    name = sign(thb)
    for number in range(35):
        talk(team, ticked=[name] if number < 20 else [], decided="D" if number < 30 else None)
    twice = talk(team, band="A", decided="D")
    talk(team, case=twice.case, at=INSIDE + timedelta(days=9), band="D", decided="D")
    talk(team, at=datetime(2026, 6, 30, 12, tzinfo=UTC))
    talk(team, at=datetime(2026, 10, 1, 0, 30, tzinfo=UTC))
    talk(factories.TeamFactory())

    row = count(request_study(instrument=thb, starts_on=FIRST, actor=coordinator))

    told = row.figures
    assert told["people"] == 36
    assert told["bands"] == {"A": 0, "B": 0, "C": 0, "D": 36, "E": 0}
    assert (told["times"]["same_day"], told["times"]["waiting"]) == (31, 5)
    assert told["indicators"][name] == {"asked": 36, "yes": 20, "says": ""}
    assert told["nationalities"] == [["all", "AF", 36], ["all", "total", 36]]
    assert told["routes"] == [["all", "bulgaria", 36], ["all", "total", 36]]


def test_who_said_no_to_being_counted_is_not_in_it(coordinator, team, thb):
    silent = talk(team)
    factories.ConsentFactory(
        person=silent.case.person,
        case=silent.case,
        purpose="statistics",
        decision="refused",
        organization=None,
    )
    talk(team)

    row = count(request_study(instrument=thb, starts_on=FIRST, actor=coordinator))

    assert row.figures["people"] == 1


def test_one_person_of_a_kind_is_told_in_no_figure(coordinator, team, thb):
    for _ in range(40):
        talk(team)
    talk(team, band="A", nationality="BI", ticked=[sign(thb)], route="kosovo")

    row = count(request_study(instrument=thb, starts_on=FIRST, actor=coordinator))

    assert row.figures["bands"]["A"] is None
    assert "BI" not in str(row.figures)
    assert "kosovo" not in str(row.figures)
    assert row.figures["indicators"][sign(thb)]["yes"] is None


def test_counted_again_by_a_second_run_nothing_changes(coordinator, team, thb):
    row = count(request_study(instrument=thb, starts_on=FIRST, actor=coordinator))
    talk(team)
    job = OutboxJob.objects.create(
        event="study_requested",
        task=count_study.name,
        args={"study_id": str(row.pk)},
        dedupe_key="again",
    )

    count_study(str(job.pk))

    row.refresh_from_db()
    assert row.figures["people"] == 0


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2026, 7, 2), "first day of a quarter"),
        (date(2026, 8, 1), "first day of a quarter"),
        (date(2026, 10, 1), "not over yet"),
    ],
)
def test_only_a_whole_quarter_that_is_over_is_counted(coordinator, thb, day, message, time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 10, tzinfo=UTC), tick=False)

    with pytest.raises(ValidationError, match=message):
        request_study(instrument=thb, starts_on=day, actor=coordinator)


def test_quarter_is_counted_once(coordinator, thb):
    request_study(instrument=thb, starts_on=FIRST, actor=coordinator)

    with pytest.raises(ValidationError, match="counted already"):
        request_study(instrument=thb, starts_on=FIRST, actor=coordinator)


def test_caseworker_asks_for_none(caseworker, thb):
    with pytest.raises(PermissionDenied):
        request_study(instrument=thb, starts_on=FIRST, actor=caseworker)


# Pages


def test_coordinator_has_a_quarter_counted(signed_in, coordinator, thb, time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 10, tzinfo=UTC), tick=False)
    client = signed_in(coordinator)
    operation = re.search(r'name="operation" value="([^"]+)"', client.get(LIST).text)[1]
    typed = {"operation": operation, "instrument": thb.pk, "starts_on": "2026-07-01"}

    assert client.post(LIST, typed).status_code == 302

    row = Study.objects.get()
    assert (row.starts_on, row.ends_on) == (FIRST, date(2026, 9, 30))
    assert "being counted" in client.get(page(row)).text
    assert AuditEvent.objects.filter(verb="request_study", object_id=row.pk).exists()


def test_finished_study_says_what_it_found_and_that_it_was_read(signed_in, coordinator, team, thb):
    for _ in range(40):
        talk(team, decided="E")
    row = count(request_study(instrument=thb, starts_on=FIRST, actor=coordinator))

    text = " ".join(re.sub(r"<[^>]+>", " ", signed_in(coordinator).get(page(row)).text).split())

    assert "Within a day 40" in text
    assert "Never holds" in text
    assert "Afghanistan 40" in text
    assert "Through Turkey and Bulgaria 40" in text
    assert AuditEvent.objects.filter(verb="view_study", object_id=row.pk).count() == 1


def test_a_study_from_before_routes_were_asked_can_still_be_read(signed_in, coordinator):
    row = FinishedStudyFactory(organization=coordinator.organization)
    for name in ("routes", "strong_by_route"):
        row.figures.pop(name)
    row.save()

    answer = signed_in(coordinator).get(page(row))

    assert answer.status_code == 200
    assert "Routes" not in [table.title for table in answer.context["told"].tables]


def test_instrument_without_a_version_is_not_offered(signed_in, coordinator, thb):
    begun = Instrument.objects.create(code="begun")

    text = signed_in(coordinator).get(LIST).text

    assert (str(thb.pk) in text, str(begun.pk) in text) == (True, False)


def test_database_shows_a_study_to_its_house_only(coordinator, caseworker, stranger):
    row = FinishedStudyFactory(organization=coordinator.organization)
    seen = {}
    for user in (coordinator, stranger):
        with transaction.atomic(), scope.acting_as(user):
            seen[user] = list(Study.objects.values_list("pk", flat=True))
            with connection.cursor() as cursor:
                cursor.execute("UPDATE reports_study SET state = state")
                seen[user].append(cursor.rowcount)

    assert seen == {coordinator: [row.pk, 1], stranger: [0]}


def test_study_of_another_house_is_not_there(signed_in, coordinator):
    assert signed_in(coordinator).get(page(StudyFactory())).status_code == 404


@pytest.mark.parametrize("who", ["caseworker", "director", "donor", "partner", "admin"])
def test_others_do_not_come_in(request, signed_in, house, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 403
    assert client.get(page(FinishedStudyFactory(organization=house))).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_as_often_for_three_studies_as_for_one(
    signed_in, coordinator, house, number, django_assert_num_queries
):
    for _ in range(number):
        StudyFactory(organization=house, requested_by=coordinator)
    client = signed_in(coordinator)
    client.get(LIST)

    with django_assert_num_queries(11):
        client.get(LIST)


def test_no_study_speaks_in_the_words_of_another_house(signed_in, coordinator, thb):
    row = FinishedStudyFactory(organization=coordinator.organization)
    used = thb.versions.get()
    used.definition["title"] = {"en": "Only theirs"}
    for instrument in (thb, Instrument.objects.create(code="theirs")):
        used.pk, used.instrument, used.organization = uuid4(), instrument, factories.HouseFactory()
        used.valid_from = date(2026, 9, 1)
        used.save(force_insert=True)
    client = signed_in(coordinator)

    assert "Only theirs" not in client.get(LIST).text
    assert "Only theirs" not in client.get(page(row)).text


# Proposals


@pytest.fixture
def found(coordinator, thb):
    """A study in which a sign never held and workers decided otherwise now and then."""
    row = FinishedStudyFactory(organization=coordinator.organization, instrument=thb)
    never = {"asked": 240, "yes": 0, "says": "never"}
    row.figures |= {"people": 240, "otherwise": 2, "indicators": {sign(thb): never}}
    row.save()
    return row


def propose(client, row, indicator):
    address = reverse("reports:propose_change", args=[row.pk])
    return client.post(address, {"operation": uuid4(), "indicator": indicator})


def test_whoever_writes_questions_lands_in_a_draft_with_the_reason(
    signed_in, coordinator, found, thb
):
    client = signed_in(coordinator)

    answer = propose(client, found, sign(thb))

    made = ChangeProposal.objects.get()
    assert (made.reason, made.indicator, made.asked, made.yes) == ("never", sign(thb), 240, 0)
    assert answer.headers["Location"] == made.draft.get_absolute_url()
    assert "Nobody of 240 people" in client.get(made.draft.get_absolute_url()).text
    assert made.draft.get_absolute_url() in client.get(page(found)).text


def test_who_may_not_write_them_leaves_a_proposal(signed_in, coordinator, found):
    Role.objects.get(code="coordinator").permissions.remove(
        Permission.objects.get(codename="edit_instrument")
    )
    client = signed_in(coordinator)

    assert propose(client, found, "").headers["Location"] == page(found)

    made = ChangeProposal.objects.get()
    assert (made.state, made.reason, made.tenths, made.draft) == ("open", "otherwise", 2, None)
    assert "Proposed" in client.get(page(found)).text


def test_what_a_study_did_not_find_is_not_proposed(signed_in, coordinator, found):
    answer = propose(signed_in(coordinator), found, "NO-SUCH-1")

    assert "This study did not find that." in answer.text
    assert not ChangeProposal.objects.exists()


def test_a_finding_is_proposed_once(signed_in, coordinator, found):
    propose(signed_in(coordinator), found, "")

    answer = propose(signed_in(coordinator), found, "")

    assert "This was proposed already." in answer.text
    assert ChangeProposal.objects.count() == 1


def test_others_propose_nothing(signed_in, caseworker, coordinator, found):
    assert propose(signed_in(caseworker), found, "").status_code == 403
    assert propose(signed_in(coordinator), FinishedStudyFactory(), "").status_code == 404
