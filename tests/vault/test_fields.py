import pytest
from django.db import connection

from casework.models import PersonIdentity
from tests import factories
from vault.fields import SealedTextField
from vault.keys import SealError
from vault.models import DataKey

NAMES = ["Zahra Rahimi", "زهرا رحیمی", "Захра Рахими", "x" * 5_000, "\u202eabc\u200d", "👩‍👧"]


def stored(row):
    """The bytes of the name as they lie in the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM casework_personidentity WHERE id = %s", [row.pk])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_text_is_read_as_it_was_written(name):
    row = factories.PersonIdentityFactory(name=name)

    assert PersonIdentity.objects.get(pk=row.pk).name == name


@pytest.mark.django_db
def test_table_holds_no_readable_name():
    row = factories.PersonIdentityFactory(name="Zahra Rahimi")

    assert b"Zahra" not in stored(row)


@pytest.mark.django_db
def test_same_text_is_stored_differently_each_time():
    first = factories.PersonIdentityFactory(name="Zahra Rahimi")
    second = factories.PersonIdentityFactory(name="Zahra Rahimi")

    assert stored(first) != stored(second)


@pytest.mark.django_db
def test_value_copied_to_another_row_cannot_be_read():
    hers = factories.PersonIdentityFactory(name="Zahra Rahimi")
    other = factories.PersonIdentityFactory(name="Nobody")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_personidentity SET name = %s, data_key_id = %s WHERE id = %s",
            [stored(hers), hers.data_key_id, other.pk],
        )

    with pytest.raises(SealError):
        _ = PersonIdentity.objects.get(pk=other.pk).name


@pytest.mark.django_db
def test_value_copied_to_another_column_cannot_be_read():
    row = factories.PersonIdentityFactory(name="Zahra Rahimi")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_personidentity SET phone = name WHERE id = %s", [row.pk])

    with pytest.raises(SealError):
        _ = PersonIdentity.objects.get(pk=row.pk).phone


@pytest.mark.django_db
def test_value_whose_key_was_destroyed_reads_as_empty():
    row = factories.PersonIdentityFactory(name="Zahra Rahimi")
    DataKey.objects.filter(pk=row.data_key_id).delete()

    again = PersonIdentity.objects.select_related("data_key").get(pk=row.pk)
    assert again.name == ""


@pytest.mark.django_db
def test_empty_text_is_stored_as_nothing():
    row = factories.PersonIdentityFactory(name="")

    assert stored(row) is None
    assert PersonIdentity.objects.get(pk=row.pk).name == ""


@pytest.mark.django_db
def test_value_that_was_never_opened_survives_a_save_unchanged():
    row = factories.PersonIdentityFactory(name="Zahra Rahimi")
    before = stored(row)

    PersonIdentity.objects.get(pk=row.pk).save()

    assert stored(row) == before


@pytest.mark.django_db
def test_clear_text_in_an_update_is_refused():
    factories.PersonIdentityFactory(name="Zahra Rahimi")

    with pytest.raises(TypeError, match="save"):
        PersonIdentity.objects.update(name="Clear")


@pytest.mark.django_db
def test_row_without_a_key_is_not_stored_in_the_clear():
    person = factories.PersonFactory()

    with pytest.raises(ValueError, match="no data key"):
        PersonIdentity.objects.create(person=person, name="Zahra Rahimi")


def test_sealed_values_are_not_serialized():
    with pytest.raises(NotImplementedError):
        SealedTextField().value_to_string(PersonIdentity())


@pytest.mark.django_db
def test_list_opens_without_a_query_per_row(django_assert_num_queries):
    for _ in range(3):
        factories.PersonIdentityFactory(name="Zahra Rahimi")

    with django_assert_num_queries(1):
        names = [row.name for row in PersonIdentity.objects.select_related("data_key")]

    assert names == ["Zahra Rahimi"] * 3
