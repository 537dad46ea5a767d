"""Needs that could not be referred: of a case, of people who were counted, in figures."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from accounts.models import Organization
from casework.models import CaseEvent
from directory.models import Need
from referrals import actions
from referrals.models import UnmetNeed
from tests import factories

QUERIES = 18
LIST_QUERIES = 11
JSON = {"content_type": "application/json"}
COLUMNS = (
    "id person organization_id day need reason barrier refused_by quantity sex nationality age"
)


def page(name, *arguments):
    return reverse(f"referrals:{name}", args=arguments)


def facts(**changes):
    need = Need.objects.get(pk="shelter")
    return {"need": need, "reason": "refused", "barrier": "migrants", **changes}


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def safe_house(db):
    return Organization.objects.get(code="ATINA")


def test_a_refusal_is_written_down_with_who_refused(case, caseworker, safe_house):
    row = actions.record_unmet_need(case, actor=caseworker, **facts(refused_by=safe_house))

    assert (row.organization, row.quantity, row.refused_by) == (case.organization, 1, safe_house)
    assert CaseEvent.objects.filter(case=case, code="need_unmet").count() == 1


def test_a_refusal_says_what_it_rested_on(case, caseworker):
    with pytest.raises(ValidationError):
        actions.record_unmet_need(case, actor=caseworker, **facts(barrier=""))
    with pytest.raises(ValidationError) as error:
        actions.record_unmet_need(case, actor=caseworker, **facts(day=date(2199, 1, 1)))

    assert list(error.value.error_dict) == ["day"]
    assert UnmetNeed.objects.count() == 0


def test_it_needs_the_permission(case, caseworker, donor):
    with pytest.raises(PermissionDenied):
        actions.record_unmet_need(case, actor=donor, **facts())
    with pytest.raises(PermissionDenied):
        actions.count_unmet_need(actor=donor, **facts())


def test_a_need_of_nobody_in_particular_stays_in_its_house(mobile, caseworker, stranger, partner):
    row = actions.count_unmet_need(actor=mobile, quantity=4, sex="female", **facts())

    seen = {user: UnmetNeed.objects.visible_to(user).count() for user in (caseworker, stranger)}
    assert (row.case, row.quantity, row.organization) == (None, 4, mobile.organization)
    assert seen == {caseworker: 1, stranger: 0}
    assert UnmetNeed.objects.visible_to(partner).count() == 0


def test_form_of_the_case_is_saved_in_a_few_taps(desk, case, safe_house):
    shown = desk.get(page("needs_of_case", case.pk) + f"?asked={safe_house.pk}").text
    assert "Closed to migrant women" in shown

    answer = desk.post(
        page("needs_of_case", case.pk),
        {"need": "shelter", "reason": "refused", "barrier": "migrants", "day": "2026-11-20"},
    )

    assert answer.status_code == 302
    assert UnmetNeed.objects.get().case == case


def test_form_says_the_rule_and_changes_nothing(desk, case):
    answer = desk.post(page("needs_of_case", case.pk), {"need": "shelter", "reason": "refused"})

    assert answer.status_code == 200
    assert UnmetNeed.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_often_for_three_as_for_one(desk, case, rows, django_assert_num_queries):
    for _row in range(rows):
        factories.UnmetNeedFactory(case=case)
    desk.get(page("needs_of_case", case.pk))

    with django_assert_num_queries(QUERIES):
        desk.get(page("needs_of_case", case.pk))
    with django_assert_num_queries(LIST_QUERIES):
        desk.get(page("needs"))


def test_doors(signed_in, case, stranger, donor, mobile, coordinator):
    factories.UnmetNeedFactory(case=case)

    assert signed_in(stranger).get(page("needs_of_case", case.pk)).status_code == 404
    assert case.person.code not in signed_in(stranger).get(page("needs")).text
    assert signed_in(donor).get(page("needs")).status_code == 403
    assert case.person.code not in signed_in(mobile).get(page("needs")).text
    assert case.person.code in signed_in(coordinator).get(page("needs")).text


def test_counted_people_are_saved_from_the_list(desk, caseworker):
    given = {"need": "shelter", "reason": "unavailable", "day": "2026-11-20", "quantity": 3}

    desk.post(page("needs"), {**given, "sex": "female"})

    row = UnmetNeed.objects.get()
    assert (row.case, row.quantity, row.sex) == (None, 3, "female")
    assert "3 people" in desk.get(page("needs")).text


def test_interface_takes_both_and_mixes_neither(desk, case):
    body = {"need": "shelter", "reason": "unsafe"}

    made = desk.post("/api/v1/unmet-needs/", {**body, "case": str(case.pk)}, **JSON)
    counted = desk.post("/api/v1/unmet-needs/", {**body, "quantity": 5}, **JSON)
    mixed = desk.post("/api/v1/unmet-needs/", {**body, "case": str(case.pk), "quantity": 5}, **JSON)

    assert [made.status_code, counted.status_code, mixed.status_code] == [201, 201, 400]
    assert UnmetNeed.objects.count() == 2


# figures


def figures():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM report_unmet_need ORDER BY day")
        names = [column.name for column in cursor.description]
        assert names == COLUMNS.split()
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_figures_name_nobody_and_leave_out_who_said_no(case, caseworker, mobile, safe_house):
    first = facts(refused_by=safe_house, day=date(2026, 11, 2))
    actions.record_unmet_need(case, actor=caseworker, **first)
    actions.count_unmet_need(actor=mobile, quantity=4, sex="female", **facts())

    hers, counted = figures()

    assert (hers["quantity"], hers["sex"]) == (1, case.person.sex)
    assert (hers["refused_by"], hers["barrier"]) == (safe_house.pk, "migrants")
    assert (counted["person"], counted["quantity"], counted["sex"]) == (None, 4, "female")
    assert hers["person"] != case.person_id

    factories.ConsentFactory(case=case, purpose="statistics", decision="refused")
    assert [row["quantity"] for row in figures()] == [4]
