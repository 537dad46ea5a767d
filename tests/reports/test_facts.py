import psycopg2
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from casework.models import Person
from reports.models import CountFact, PersonFact, ProfessionalFact
from reports.scope import report_role
from tests.factories import PersonIdentityFactory, ServiceDeliveredFactory, VisitFactory

FACTS = [PersonFact, ProfessionalFact, CountFact]
# Everything that a view of facts may hold; whoever adds a column thinks about it here.
HARMLESS = {
    "id",
    "record",
    "person",
    "professional",
    "kind",
    "organization_id",
    "grant_id",
    "day",
    "code",
    "category",
    "topic",
    "status",
    "sex",
    "nationality",
    "age",
    "profession",
    "institution_type",
    "quantity",
    "language",
    "min_age",
    "max_age",
}


@pytest.mark.parametrize("fact", FACTS)
def test_facts_hold_harmless_columns_only(db, fact):
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, fact._meta.db_table)

    names = {column.name for column in columns}
    assert names - HARMLESS == set()
    assert names == {field.column for field in fact._meta.fields}


@pytest.mark.parametrize("fact", FACTS)
def test_facts_are_security_barriers(db, fact):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reloptions FROM pg_class WHERE oid = %s::regclass", [fact._meta.db_table]
        )
        assert cursor.fetchone() == (["security_barrier=true"],)


def test_keys_of_facts_are_neither_people_nor_records(db):
    service = ServiceDeliveredFactory()

    fact = PersonFact.objects.get(kind="service")
    assert {fact.person, fact.record}.isdisjoint({service.person_id, service.pk})


def test_same_person_has_one_key_in_all_facts(db):
    service = ServiceDeliveredFactory()
    VisitFactory(person=service.person)

    assert PersonFact.objects.values("person").distinct().count() == 1
    assert PersonFact.objects.count() == 2


@pytest.mark.parametrize(
    "model",
    [
        "casework.Person",
        "casework.PersonIdentity",
        "casework.Case",
        "vault.DataKey",
        "screening.Screening",
        "referrals.Referral",
        "outreach.Professional",
        "accounts.User",
        "accounts.AuditEvent",
        "reports.Report",
    ],
)
def test_report_role_reads_facts_and_nothing_else(db, model):
    PersonIdentityFactory()

    with report_role():
        assert PersonFact.objects.count() == 0
    with pytest.raises(ProgrammingError, match="permission denied"), report_role():
        apps.get_model(model).objects.count()


def test_report_role_writes_nothing(db):
    service = ServiceDeliveredFactory()

    with pytest.raises(ProgrammingError), report_role():
        Person.objects.filter(pk=service.person_id).update(sex="male")
    assert Person.objects.get().sex == "female"


def test_role_is_given_back_after_success_and_after_failure(db):
    def current():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            return cursor.fetchone()

    before = current()
    with transaction.atomic():
        with report_role():
            assert current() == ("casework_report",)
        assert current() == before
    with pytest.raises(ValueError, match="stop"), report_role():
        raise ValueError("stop")
    assert current() == before


@pytest.mark.parametrize("role", ["casework_web", "casework_worker"])
def test_processes_may_take_the_report_role(database_url, transactional_db, role):
    wire = psycopg2.connect(database_url(role))
    cursor = wire.cursor()

    cursor.execute("SET LOCAL ROLE casework_report")
    cursor.execute("SELECT count(*) FROM report_person_fact")
    assert cursor.fetchone() == (0,)
    wire.close()


def test_relay_may_not_take_the_report_role(database_url, transactional_db):
    wire = psycopg2.connect(database_url("casework_relay"))

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        wire.cursor().execute("SET LOCAL ROLE casework_report")
    wire.close()
