"""Earlier versions of rows: every way of writing is seen, and nothing is kept in the clear."""

import psycopg2
import pytest
from django.apps import apps
from django.db import connection

from accounts import scope
from accounts.data_dictionary import entries
from accounts.logs import request_id
from accounts.models import Role, RoleAssignment, User
from accounts.models.history import histories
from casework.models import Case, CaseAccess, CaseNote, Person, PersonIdentity
from tests import factories


def test_every_row_that_the_dictionary_wants_kept_is_kept():
    wanted = {label for label, entry in entries().items() if entry.history}

    assert {each.pgh_tracked_model._meta.label for each in histories()} == wanted


def test_four_of_four_kinds_of_write_are_seen(person):
    was = person.sex
    person.sex = "unknown"
    person.save()
    Person.objects.filter(pk=person.pk).update(sex="other")
    person.sex = "male"
    Person.objects.bulk_update([person], ["sex"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_person SET sex = 'female' WHERE id = %s", [person.pk])

    kept = person.history.order_by("pgh_id").values_list("pgh_label", "sex")

    assert list(kept) == [
        ("changed", was),
        ("changed", "unknown"),
        ("changed", "other"),
        ("changed", "male"),
    ]


def test_write_that_changes_nothing_is_none(person):
    Person.objects.filter(pk=person.pk).update(sex=person.sex)

    assert person.history.count() == 0


def test_removed_row_is_kept_as_it_was(case, colleague):
    access = factories.CaseAccessFactory(content_object=case, user=colleague)
    pk = access.pk
    access.delete()

    kept = CaseAccess.history.rel.related_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id")

    assert [each.pgh_label for each in kept] == ["added", "removed"]
    assert {each.user_id for each in kept} == {colleague.pk}


def test_version_says_who_ended_it_and_by_which_request(caseworker, person):
    token = request_id.set("a-request")
    try:
        with scope.acting_as(caseworker):
            Person.objects.filter(pk=person.pk).update(sex="unknown")
    finally:
        request_id.reset(token)

    kept = person.history.get()

    assert (kept.actor_id, kept.request_id) == (caseworker.pk, "a-request")


def test_nobody_is_named_where_nobody_acts(person):
    Person.objects.filter(pk=person.pk).update(sex="unknown")

    kept = person.history.get()

    assert (kept.actor_id, kept.request_id) == (None, "")


def test_only_ciphertext_is_kept_and_the_key_opens_it(case):
    identity = factories.PersonIdentityFactory(person=case.person, name="Canary Amber")
    identity.name = "Other Name"
    identity.save()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT casework_personidentity_event::text FROM casework_personidentity_event"
        )
        (text,) = cursor.fetchone()
    kept = identity.history.select_related("data_key").get()

    assert "Canary" not in text
    assert b"Canary".hex() not in text
    assert kept.name == "Canary Amber"


@pytest.mark.parametrize("model", histories(), ids=lambda model: model._meta.db_table)
def test_sealed_columns_are_kept_sealed(model):
    """Each is of the very kind of its original: what the trigger copies is what is stored."""
    tracked = model.pgh_tracked_model
    kept = {each.name: each for each in model._meta.concrete_fields}

    kinds = {
        each.name: (type(each), type(kept[each.name]))
        for each in tracked._meta.concrete_fields
        if each.name in kept and not each.primary_key and not each.one_to_one
    }

    assert {name: pair for name, pair in kinds.items() if pair[0] is not pair[1]} == {}


def test_passwords_are_not_kept():
    assert {"password", "last_login"} & {
        f.name for f in User.history.rel.related_model._meta.fields
    } == set()


def test_functions_and_roles_are_kept_from_the_first(caseworker):
    assignment = RoleAssignment.objects.get(user=caseworker)
    RoleAssignment.objects.filter(pk=assignment.pk).update(role="coordinator")
    role = Role.objects.get(pk="caseworker")
    permission = role.permissions.first()
    role.permissions.remove(permission)

    kept = assignment.history.order_by("pgh_id").values_list("pgh_label", "role")
    removed = apps.get_model("accounts", "RolePermissionHistory").objects.filter(
        role=role, permission=permission, pgh_label="removed"
    )

    assert list(kept) == [("added", "caseworker"), ("changed", "caseworker")]
    assert removed.count() == 1


def test_versions_are_seen_with_the_row_as_it_is_now(case, caseworker, colleague, stranger):
    Case.objects.filter(pk=case.pk).update(risk="high")
    note = factories.CaseNoteFactory(case=case, written_by=caseworker)
    CaseNote.objects.filter(pk=note.pk).update(written_at=note.written_at.replace(year=2020))
    versions = Case.history.rel.related_model.objects
    notes = CaseNote.history.rel.related_model.objects

    assert versions.visible_to(caseworker).count() == 1
    assert notes.visible_to(caseworker).count() == 1
    assert versions.visible_to(stranger).count() == 0
    assert notes.visible_to(colleague).count() == 0


def test_versions_of_staff_are_for_no_gate(caseworker):
    assert User.history.rel.related_model.objects.visible_to(caseworker).count() == 0


@pytest.mark.usefixtures("transactional_db")
def test_I06_web_adds_versions_and_changes_none(database_url):
    tables = sorted(each._meta.db_table for each in histories())
    wire = psycopg2.connect(database_url("casework_web"))
    wire.autocommit = True
    refused = psycopg2.errors.InsufficientPrivilege

    with wire.cursor() as cursor:
        for table in tables:
            for statement in ("UPDATE {} SET pgh_label = ''", "DELETE FROM {}", "TRUNCATE {}"):
                with pytest.raises(refused, match="permission denied"):
                    cursor.execute(statement.format(table))
    wire.close()

    assert len(tables) >= 16


def test_identity_has_one_history(person):
    assert (
        PersonIdentity.history.rel.related_model._meta.db_table == "casework_personidentity_event"
    )
