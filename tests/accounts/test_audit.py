import pytest
from django.db import transaction

from accounts.audit import record, record_list
from accounts.models import AuditEvent, Organization
from tests import factories


@pytest.mark.django_db
def test_act_is_written_down_with_names_of_fields_only(caseworker):
    person = factories.PersonFactory()

    record(caseworker, "change_person", person, fields=["sex", "language"], note="typed")

    event = AuditEvent.objects.get()
    assert (event.actor, event.verb, event.object_type) == (
        caseworker,
        "change_person",
        "casework.person",
    )
    assert (event.object_id, event.fields, event.note) == (
        str(person.pk),
        ["language", "sex"],
        "typed",
    )


@pytest.mark.django_db
def test_list_names_what_was_shown(caseworker):
    people = [factories.PersonFactory() for _ in range(2)]

    record_list(caseworker, "list_people", type(people[0]), [p.pk for p in people])

    assert AuditEvent.objects.get().listed == [p.pk for p in people]


@pytest.mark.django_db(transaction=True)
def test_act_outside_a_transaction_is_refused():
    organization = Organization.objects.first()

    with pytest.raises(transaction.TransactionManagementError):
        record(None, "look", organization)


@pytest.mark.django_db(transaction=True)
def test_act_that_is_rolled_back_leaves_no_row():
    organization = Organization.objects.first()
    with transaction.atomic():
        record(None, "look", organization)
        transaction.set_rollback(True)

    assert AuditEvent.objects.count() == 0
