"""The second line: what the database itself shows, whatever a page or job forgets to ask.

The processes' own roles are tried over connections of their own; a request in a test takes the
role of the web by itself (`stack.testing`).
"""

from datetime import timedelta
from random import Random

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import JsonResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path, reverse
from django.utils import timezone
from psycopg2 import sql

from accounts import scope
from accounts.levels import Level
from accounts.models import Role
from casework.models import (
    BestInterestsStep,
    Card,
    Case,
    CaseAccess,
    CaseBlock,
    CaseNote,
    CheckIn,
    Household,
    HouseholdMember,
    KeepApart,
    Person,
    PersonIdentity,
    Relation,
    ServiceDelivered,
    TeamCaseAccess,
    Visit,
)
from casework.models.access import permission_for
from config import urls
from referrals.models import Referral
from screening.models import Screening
from tests import factories

DENIED = psycopg2.errors.InsufficientPrivilege


def guarded():
    """Tables with policies, in an order that every process shares."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY relname")
        return [name for (name,) in cursor.fetchall()]


def of_clients():
    """Models of whose rows one can get to a person or a case."""
    reached = {Person, Case}
    models = apps.get_models(include_auto_created=True)
    while more := {m for m in models if m not in reached and reached & parents(m)}:
        reached |= more
    return reached


def parents(model):
    fields = [f for f in model._meta.get_fields() if f.concrete and f.is_relation]
    return {f.related_model for f in fields if not f.many_to_many}


@pytest.fixture
def world(case, coordinator, colleague, stranger):
    """Something in each table: the caseworker's own case, a colleague's, one elsewhere."""
    other = factories.AssignedCaseFactory(
        owner=colleague, person=factories.PersonFactory(team=case.team, registered_by=colleague)
    )
    elsewhere = factories.AssignedCaseFactory(
        owner=stranger,
        person=factories.PersonFactory(team=stranger.teams.get(), registered_by=stranger),
    )
    for each in (case, other, elsewhere):
        factories.PersonIdentityFactory(person=each.person)
        factories.CaseEventFactory(case=each)
        factories.HouseholdMemberFactory(person=each.person)
        factories.BestInterestsStepFactory(person=each.person)
        mother = factories.RelationFactory(person=each.person, is_known_to_both=True).other
        factories.RelationFactory(person=mother, other=each.person)
        factories.KeepApartFactory(person=mother, other=each.person)
        factories.CaseNoteFactory(case=each)
        factories.TraffickingStatusFactory(case=each)
        factories.IncomeActivitySessionFactory(activity__case=each)
        visit = factories.VisitFactory(person=each.person, team=each.team)
        factories.LeafletGivenFactory(visit=visit)
        factories.CardFactory(person=each.person)
        factories.CheckInFactory(person=each.person)
        factories.ServiceDeliveredFactory(case=each)
        factories.SentReferralFactory(case=each)
    return case, other, elsewhere


@pytest.fixture
def wire(database_url, transactional_db):
    """`wire(role)`: a cursor of a process's own connection."""
    wires = []

    def connect(role):
        wires.append(psycopg2.connect(database_url(role)))
        return wires[-1].cursor()

    yield connect
    for each in wires:
        each.close()


def count(cursor, table):
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return cursor.fetchone()[0]


def tell(cursor, **settings):
    for name, value in settings.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [f"app.{name}", str(value)])


def shown(rows):
    return set(rows.values_list("pk", flat=True))


@pytest.mark.django_db
def test_each_table_of_clients_has_a_policy():
    bare = {m._meta.db_table for m in of_clients() if m._meta.managed} - set(guarded())

    assert bare == set()


@pytest.mark.django_db
def test_each_table_of_earlier_versions_of_a_guarded_one_has_a_policy():
    tables = set(connection.introspection.table_names())

    assert {f"{name}_event" for name in guarded()} & tables <= set(guarded())


@pytest.mark.parametrize("role", ["casework_web", "casework_worker"])
def test_A13_without_a_context_no_row_of_a_client_is_seen(wire, world, role):
    cursor = wire(role)

    assert {name: count(cursor, name) for name in guarded()} == dict.fromkeys(guarded(), 0)


@pytest.mark.parametrize("model", [Case, Person, PersonIdentity, CaseNote, Visit, Referral])
@pytest.mark.parametrize("who", ["caseworker", "coordinator", "stranger", "mobile", "donor"])
def test_A13_with_a_user_exactly_her_rows_are_seen(wire, world, request, who, model):
    user = request.getfixturevalue(who)
    cursor = wire("casework_web")
    tell(cursor, uid=user.pk)

    assert count(cursor, model._meta.db_table) == model.objects.visible_to(user).count()


def test_A13_what_was_said_ends_with_the_transaction(wire, world, caseworker):
    cursor = wire("casework_web")
    tell(cursor, uid=caseworker.pk)
    assert count(cursor, "casework_case") == 1

    cursor.connection.commit()

    assert count(cursor, "casework_case") == 0


@pytest.mark.parametrize("role", ["casework_report", "casework_partner"])
def test_A13_taken_roles_see_no_key_and_nothing_sealed(wire, world, caseworker, role):
    cursor = wire("casework_web")
    tell(cursor, uid=caseworker.pk)
    cursor.execute(f"SET ROLE {role}")

    cursor.execute(
        "SELECT relkind, format_type(atttypid, NULL) FROM pg_attribute"
        " JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0"
        " AND has_column_privilege(pg_class.oid, attnum, 'SELECT')"
    )
    kinds, types = zip(*cursor.fetchall(), strict=True)
    assert set(kinds) == {"v"}
    assert "bytea" not in types
    with pytest.raises(DENIED):
        count(cursor, "vault_datakey")


def test_A13_the_house_itself_is_the_worker_only(wire, world):
    worker, web = wire("casework_worker"), wire("casework_web")
    tell(worker, system="retention")
    tell(web, system="retention")

    assert (count(worker, "casework_case"), count(web, "casework_case")) == (3, 0)


def test_J10_a_process_cannot_become_the_owner_or_another_process(wire):
    cursor = wire("casework_web")

    for role in ("casework_owner", "casework_worker", "casework_backup"):
        with pytest.raises(DENIED):
            cursor.execute(f"SET ROLE {role}")
        cursor.connection.rollback()


def test_J10_a_process_cannot_switch_the_policies_off(wire, world):
    cursor = wire("casework_web")
    cursor.execute("SET row_security = off")

    with pytest.raises(DENIED):
        count(cursor, "casework_case")
    cursor.connection.rollback()
    with pytest.raises(DENIED):
        cursor.execute("ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY")


def test_J10_the_backup_reads_everything_and_changes_nothing(wire, world):
    cursor = wire("casework_backup")

    assert count(cursor, "casework_case") == 3
    with pytest.raises(DENIED):
        cursor.execute("UPDATE casework_case SET risk = 'low'")


# A14: doors that forgot the gate, as a careless colleague would write them.
def forgetful(request):
    return JsonResponse({"cases": [str(pk) for pk in Case.objects.values_list("pk", flat=True)]})


def streaming(request):
    return StreamingHttpResponse(str(case.pk) for case in Case.objects.all())


urlpatterns = [path("forgetful", forgetful), path("streaming", streaming), *urls.urlpatterns]


@pytest.mark.parametrize(("who", "sees"), [("caseworker", 1), ("stranger", 1), ("mobile", 0)])
def test_A14_view_that_forgets_the_gate_shows_the_users_own_rows(
    signed_in, world, request, who, sees
):
    user = request.getfixturevalue(who)
    with override_settings(ROOT_URLCONF=__name__):
        response = signed_in(user).get("/forgetful")

    assert response.json()["cases"] == [str(pk) for pk in shown(Case.objects.visible_to(user))]
    assert len(response.json()["cases"]) == sees


def test_A14_streamed_answer_is_refused(signed_in, caseworker, case):
    with (
        override_settings(ROOT_URLCONF=__name__),
        pytest.raises(RuntimeError, match="made whole"),
    ):
        signed_in(caseworker).get("/streaming")


def test_A14_rows_of_others_cannot_be_changed_or_added(caseworker, world):
    _own, other, elsewhere = world
    with scope.acting_as(caseworker):
        assert Case.objects.filter(pk__in=[other.pk, elsewhere.pk]).update(risk="low") == 0
        assert CaseNote.objects.filter(case=other).delete() == (0, {})
        for theirs in (other, elsewhere):
            with pytest.raises(Exception, match="row-level security"), transaction.atomic():
                factories.TraffickingStatusFactory(case=theirs)


def test_A14_job_without_a_scope_sees_nothing(wire, world):
    cursor = wire("casework_worker")

    cursor.execute("SELECT count(*) FROM casework_person")
    assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_A13_policy_and_gate_say_the_same_in_any_constellation(seed):
    users = constellation(Random(seed))

    for user in users:
        asked = {
            level: shown(Case.objects.visible_to(user, level))
            for level in (Level.OPERATIONAL, Level.IDENTITY, Level.NARRATIVE, Level.RESTRICTED)
        }
        gates = [model for model in MODELS if model is not Case]
        expected = {model: shown(model.objects.visible_to(user)) for model in gates}
        with scope.acting_as(user):
            assert shown(Case.objects.all()) == asked[Level.OPERATIONAL]
            assert {model: shown(model.objects.all()) for model in gates} == expected
            for level, cases in asked.items():
                assert shown(Case.objects.visible_to(user, level)) == cases
                assert held(level) == cases or level == Level.OPERATIONAL


MODELS = (Case, Person, PersonIdentity, CaseNote, Visit, ServiceDelivered, Referral, Screening)
MODELS += (Card, CheckIn)
MODELS += (BestInterestsStep, Household, HouseholdMember, KeepApart, Relation)


def held(level):
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM gate_access(%s)", [int(level)])
        return {pk for (pk,) in cursor.fetchall()}


def constellation(chance):
    """Two houses with people, cases, access of every kind, seals and conflicts by chance."""
    teams = [factories.TeamFactory(name="Red"), factories.TeamFactory(name="Blue")]
    teams += [factories.TeamFactory(name="Green", organization=teams[0].organization)]
    roles = [Role.Code.CASEWORKER, Role.Code.MOBILE, Role.Code.COORDINATOR, Role.Code.INTERPRETER]
    users = []
    for number in range(8):
        team = chance.choice(teams)
        own = chance.sample([t for t in teams if t.organization == team.organization], 1)
        users.append(
            factories.UserFactory(
                organization=team.organization, teams=own, role=roles[number % len(roles)]
            )
        )
    for _ in range(14):
        team, maker = chance.choice(teams), chance.choice(users)
        person = factories.PersonFactory(team=team, registered_by=maker)
        factories.VisitFactory(person=person, team=team)
        factories.CardFactory(person=person)
        factories.CheckInFactory(person=person)
        factories.ServiceDeliveredFactory(
            case=None, person=person, organization=team.organization, recorded_by=maker
        )
        if chance.random() < 0.8:
            factories.PersonIdentityFactory(person=person)
        if chance.random() < 0.1:
            Person.objects.filter(pk=person.pk).update(archived_on=timezone.localdate())
        for status in chance.sample([factories.ClosedCaseFactory, factories.CaseFactory], 2):
            if chance.random() < 0.7:
                case_by_chance(chance, status(person=person, owner=maker), users, teams)
    return users


def case_by_chance(chance, case, users, teams):
    factories.CaseNoteFactory(case=case)
    factories.ServiceDeliveredFactory(case=case)
    factories.ReferralFactory(case=case)
    now = timezone.now()
    for _ in range(chance.randrange(4)):
        common = {
            "content_object": case,
            "permission": permission_for(chance.choice(list(Level)[2:])),
            "starts_at": now + timedelta(hours=chance.choice([-2, -2, -2, 2])),
            "ends_at": chance.choice([None, None, now + timedelta(hours=3), now - timedelta(1)]),
        }
        if chance.random() < 0.7:
            CaseAccess.objects.create(user=chance.choice(users), **common)
        else:
            TeamCaseAccess.objects.create(group=chance.choice(teams), **common)
    lots = chance.random()
    Case.objects.filter(pk=case.pk).update(
        is_sealed=lots < 0.2, archived_on=timezone.localdate() if lots > 0.95 else None
    )
    if chance.random() < 0.3:
        CaseBlock.objects.create(
            case=case,
            user=chance.choice(users),
            reason=CaseBlock.Reason.RELATIVE,
            blocked_by=users[0],
            lifted_at=chance.choice([None, None, now]),
        )


def listed(response):
    return {case.pk for case in response.context["cases"]}


@pytest.mark.parametrize("hide", ["seal", "block"])
def test_A15_lists_and_search_leave_out_what_is_closed(
    signed_in, coordinator, colleague, world, hide
):
    _own, other, _elsewhere = world
    before = signed_in(coordinator).get(reverse("casework:cases"), {"view": "open"})
    if hide == "seal":
        Case.objects.filter(pk=other.pk).update(is_sealed=True)
    else:
        CaseBlock.objects.create(
            case=other, user=coordinator, reason="relative", blocked_by=colleague
        )

    client = signed_in(coordinator)
    after = client.get(reverse("casework:cases"), {"view": "open"})
    found = client.get(reverse("casework:find"), {"q": other.person.code})
    assert listed(before) - listed(after) == {other.pk}
    assert str(other.person.pk) not in found.text
    assert client.get(reverse("casework:case", args=[other.pk])).status_code == 404
    assert client.get(reverse("casework:person", args=[other.person.pk])).status_code == 404


def test_A15_rule_about_a_case_that_cannot_be_seen_tells_nothing_of_it(
    signed_in, caseworker, world
):
    _own, other, _elsewhere = world
    page = reverse("casework:open_case", args=[other.person.pk])

    response = signed_in(caseworker).post(page)

    assert "Ask your coordinator how to go on." in response.text
    assert str(other.pk) not in response.text
    assert Case.objects.filter(person=other.person).count() == 1


def test_views_of_access_show_the_rows_of_who_acts_only(world, caseworker, colleague):
    for user in (caseworker, colleague):
        with scope.acting_as(user), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT case_id FROM gate_own_cases")
            cases = {pk for (pk,) in cursor.fetchall()}
            cursor.execute("SELECT person_id FROM gate_own_people")
            people = {pk for (pk,) in cursor.fetchall()}
        own = CaseAccess.objects.filter(user=user)
        assert cases == set(own.values_list("content_object", flat=True)) != set()
        assert people == set(own.values_list("content_object__person", flat=True))
