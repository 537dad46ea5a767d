"""Who acts is said to each transaction, and to no other one."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts import scope
from accounts.levels import Level
from casework.models import Case

pytestmark = pytest.mark.django_db

SAID = "SELECT current_user, current_setting('app.uid', true), current_setting('app.system', true)"


def said():
    with connection.cursor() as cursor:
        cursor.execute(SAID)
        role, user, system = cursor.fetchone()
    return role, user or "", system or ""


OWNER = ("casework_owner", "", "")


def test_a_user_acts_as_the_web_until_the_scope_is_left(caseworker):
    assert said() == OWNER

    with scope.acting_as(caseworker):
        assert said() == ("casework_web", str(caseworker.pk), "")
    assert said() == OWNER


def test_nobody_signed_in_is_the_web_as_well():
    with scope.acting_as(None):
        assert said() == ("casework_web", "", "")


def test_the_house_acts_as_the_worker_with_a_reason():
    with scope.system("retention"):
        assert said() == ("casework_worker", "", "retention")


def test_a_scope_inside_takes_the_place_of_the_outer_one(caseworker, colleague):
    with scope.acting_as(caseworker):
        with scope.acting_as(colleague):
            assert said()[1] == str(colleague.pk)
        assert said()[1] == str(caseworker.pk)


def test_the_house_is_of_no_use_to_the_web(caseworker):
    """It stays the web, which no policy lets act as the house."""
    with scope.acting_as(caseworker), scope.system("retention"):
        assert said() == ("casework_web", "", "retention")


def test_a_job_can_act_as_a_user(caseworker):
    with scope.system("export"), scope.acting_as(caseworker):
        assert said() == ("casework_worker", str(caseworker.pk), "")


def test_scope_left_after_an_error_is_left(caseworker):
    with pytest.raises(ProgrammingError), transaction.atomic(), scope.acting_as(caseworker):
        connection.cursor().execute("SELECT nonsense")

    assert said() == OWNER


def test_scope_lives_on_when_a_part_of_it_is_rolled_back(caseworker, colleague):
    with scope.acting_as(caseworker):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            scope.acting_as(colleague),
        ):
            connection.cursor().execute("SELECT nonsense")

        assert said() == ("casework_web", str(caseworker.pk), "")


def test_scope_entered_within_a_part_that_is_rolled_back_is_said_again(caseworker):
    savepoint = transaction.savepoint()
    with scope.acting_as(caseworker):
        transaction.savepoint_rollback(savepoint)

        assert said() == ("casework_web", str(caseworker.pk), "")


def test_saying_who_acts_is_no_question_of_the_page(caseworker, django_assert_num_queries):
    with django_assert_num_queries(0), scope.acting_as(caseworker):
        pass


@pytest.mark.django_db(transaction=True)
def test_each_transaction_is_told_and_what_was_said_ends_with_it(caseworker):
    with scope.acting_as(caseworker):
        with transaction.atomic():
            assert said() == ("casework_web", str(caseworker.pk), "")
        assert said() == OWNER
    with transaction.atomic():
        assert said() == OWNER


@pytest.mark.django_db(transaction=True)
def test_a_job_reads_between_its_transactions_and_what_it_said_ends_with_it(case):
    with scope.system("files"):
        assert said() == ("casework_worker", "", "files")
        with transaction.atomic():
            assert said() == ("casework_worker", "", "files")
        connection.close()
        assert said() == ("casework_worker", "", "files")
        assert Case.objects.count() == 1

    assert said() == OWNER


@pytest.mark.django_db(transaction=True)
def test_a_request_reads_nothing_between_its_transactions(caseworker):
    with scope.acting_as(caseworker):
        assert said() == OWNER
        connection.close()
        assert said() == OWNER


def test_a_token_says_late_who_acts_and_how_much_it_may_see(caseworker, case):
    caseworker.highest_level = Level.OPERATIONAL
    with scope.acting_as(None):
        assert held(Level.OPERATIONAL) == set()
        scope.identify(caseworker)

        assert held(Level.OPERATIONAL) == {case.pk}
        assert held(Level.IDENTITY) == set()
    assert said() == OWNER


def held(level):
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM gate_access(%s)", [int(level)])
        return {pk for (pk,) in cursor.fetchall()}


def test_a_desk_asks_for_its_role(caseworker, dpo, case, stranger):
    def people(user, desk):
        with scope.acting_as(user), scope.desk(desk), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM casework_case")
            return cursor.fetchone()[0]

    case.is_sealed = True
    case.save()
    assert people(dpo, "protection") == 1
    assert people(dpo, "matching") == 0
    assert people(dpo, "nonsense") == 0
    assert people(stranger, "protection") == 0


def test_a_lesser_role_is_taken_and_given_back(caseworker):
    with scope.acting_as(caseworker):
        with scope.taking("casework_partner"):
            assert said()[0] == "casework_partner"
        assert said()[0] == "casework_web"
