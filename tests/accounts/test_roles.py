"""What a role may do: the matrix, its changes, and what a release does to them."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts import functions
from accounts.actions import roles
from accounts.actions.roles import change_role, load_roles, roles_of_file
from accounts.models import AuditEvent, Role, User
from accounts.models.user import RoleChange
from tests import factories
from tests.test_house import MODELS

ROLES = reverse("accounts:roles")


def page(code):
    return reverse("accounts:role", args=[code])


def held_by(code):
    return User.objects.get(pk=factories.UserFactory(role=code).pk).permission_names


def sent(code, *, add=(), drop=(), **more):
    """The form of a role as a browser sends it, with some boxes ticked or not."""
    wanted = (roles_of_file()[code] | set(add)) - set(drop)
    areas = {
        f"area_{place}": sorted(wanted & area.functions.keys())
        for place, area in enumerate(functions.areas_for(code))
    }
    return {"operation": str(uuid4()), **areas, **more}


@pytest.fixture
def desk(signed_in, admin):
    return signed_in(admin)


def test_every_permission_of_the_house_has_its_line_and_no_other_has():
    """A new one needs its words in accounts/functions.py; those of access are no functions."""
    declared = {
        f"{model._meta.app_label}.{codename}"
        for model in MODELS
        for codename, _ in model._meta.permissions
        if not codename.startswith("access_")
    }
    # Django's own, of a model without any of ours.
    declared.add("screening.view_instrument")

    assert set(functions.words()) == declared
    assert set().union(*roles_of_file().values()) <= set(functions.words())
    assert set(functions.REACH) == set(Role.Code.values)


def test_matrix_says_who_may_do_what(desk, admin):
    body = desk.get(ROLES).text

    assert "No record of anybody" in body
    assert "Record a trafficking status" in body
    assert body.count('scope="row"') == len(Role.Code) + len(functions.words())
    assert AuditEvent.objects.get(verb="view_roles").actor == admin


def test_matrix_costs_the_same_with_one_user_and_with_three(
    desk, django_assert_num_queries, colleague
):
    def cost():
        with django_assert_num_queries(10):
            desk.get(ROLES)

    cost()
    factories.UserFactory(role=Role.Code.CASEWORKER)
    factories.UserFactory(role=Role.Code.CASEWORKER)
    cost()


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "partner", "donor", "director"])
def test_matrix_is_not_for_others(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(ROLES).status_code == 403
    assert client.get(page("caseworker")).status_code == 403
    assert client.post(page("caseworker"), sent("caseworker")).status_code == 403


def test_data_protection_reads_the_matrix_and_changes_nothing(signed_in, dpo):
    client = signed_in(dpo)

    assert client.get(ROLES).status_code == 200
    assert page("caseworker") not in client.get(ROLES).text
    assert client.post(page("caseworker"), sent("caseworker")).status_code == 403


def test_a_change_is_shown_first_and_holds_when_it_is_confirmed(desk, signed_in, mobile):
    form = sent("mobile", add=["casework.write_note"], drop=["casework.open_case"])

    shown = desk.post(page("mobile"), form)

    assert shown.status_code == 200
    assert "Write a note" in shown.text
    assert "Open a case" in shown.text
    assert not RoleChange.objects.exists()

    done = desk.post(page("mobile"), {**form, "confirmed": "on"})

    assert done.headers["Location"] == ROLES
    now = User.objects.get(pk=mobile.pk).permission_names
    assert now == (roles_of_file()["mobile"] | {"casework.write_note"}) - {"casework.open_case"}
    assert set(
        AuditEvent.objects.filter(verb__endswith="_function").values_list("verb", "note")
    ) == {
        ("give_function", "casework.write_note"),
        ("take_function", "casework.open_case"),
    }


def test_an_old_sign_in_is_asked_again(signed_in, admin):
    client = signed_in(admin, fresh=False)

    response = client.post(page("mobile"), {**sent("mobile"), "confirmed": "on"})

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_nobody_can_take_the_matrix_from_the_administrator(desk, admin):
    form = sent("administrator", drop=["accounts.edit_roles"], confirmed="on")

    response = desk.post(page("administrator"), form)

    assert "The administrator keeps the right to change this matrix" in response.text
    assert "accounts.edit_roles" in User.objects.get(pk=admin.pk).permission_names


def test_nobody_can_take_the_second_person_from_data_protection(admin):
    wanted = roles_of_file()["data_protection"] - {"accounts.confirm_factor_reset"}

    with pytest.raises(ValidationError, match="stays the second person"):
        change_role(Role.objects.get(pk="data_protection"), functions=wanted, actor=admin)

    assert "accounts.confirm_factor_reset" in held_by("data_protection")


def test_whoever_is_outside_gets_no_function_inside(admin):
    wanted = roles_of_file()["donor"] | {"casework.view_cases"}

    with pytest.raises(ValidationError, match="outside the house"):
        change_role(Role.objects.get(pk="donor"), functions=wanted, actor=admin)

    assert "casework.view_cases" not in held_by("donor")


@pytest.mark.parametrize(
    "name",
    [
        "casework.view_cases",
        "exports.request_export",
        "protection.give_access_package",
        "referrals.view_referrals",
        "screening.start_screening",
    ],
)
def test_an_administrator_gets_no_function_with_clients(admin, name):
    wanted = roles_of_file()["administrator"] | {name}

    with pytest.raises(ValidationError, match="Whoever gives rights") as refused:
        change_role(Role.objects.get(pk="administrator"), functions=wanted, actor=admin)

    assert refused.value.error_list[0].code == "exclusive"
    assert name not in held_by("administrator")
    assert not RoleChange.objects.exists()
    offered = {name for area in functions.areas_for("administrator") for name in area.functions}
    assert name not in offered


def test_what_an_older_release_gave_the_administrator_ends_with_the_next(admin):
    permission = roles.permissions_by_name()["casework.view_cases"]
    role = Role.objects.get(pk="administrator")
    RoleChange.objects.create(role=role, permission=permission, is_given=True, changed_by=admin)

    load_roles()

    assert "casework.view_cases" not in held_by("administrator")


def test_every_role_of_the_file_fits_its_own_rules():
    told = [(code, name) for code, names in roles_of_file().items() for name in sorted(names)]

    assert [pair for pair in told if not functions.fits(*pair)] == []


def test_a_function_that_does_not_exist_is_refused(admin):
    with pytest.raises(ValidationError, match="no such function"):
        change_role(Role.objects.get(pk="mobile"), functions=["casework.fly"], actor=admin)


def test_whoever_may_not_change_roles_changes_none(caseworker):
    with pytest.raises(PermissionDenied):
        change_role(Role.objects.get(pk="mobile"), functions=[], actor=caseworker)


def test_a_release_keeps_what_was_changed_here(admin):
    wanted = (roles_of_file()["mobile"] | {"casework.write_note"}) - {"casework.open_case"}
    change_role(Role.objects.get(pk="mobile"), functions=wanted, actor=admin)

    load_roles()

    assert held_by("mobile") == wanted


def test_what_was_taken_back_leaves_no_trace_in_the_next_release(admin):
    role, of_file = Role.objects.get(pk="mobile"), roles_of_file()["mobile"]
    change_role(role, functions=of_file | {"casework.write_note"}, actor=admin)

    change_role(role, functions=of_file, actor=admin)

    assert not RoleChange.objects.exists()
    assert held_by("mobile") == of_file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"pilot": []}', "No such role: pilot"),
        ('{"mobile": ["casework.fly"]}', "mobile: no such permission: casework.fly"),
    ],
)
def test_a_wrong_file_is_not_loaded(db, monkeypatch, tmp_path, text, said):
    wrong = tmp_path / "roles.json"
    wrong.write_text(text)
    monkeypatch.setattr(roles, "FILE", wrong)

    with pytest.raises(CommandError, match=said):
        call_command("load_roles")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_lose_nothing(admin):
    role, of_file = Role.objects.get(pk="mobile"), roles_of_file()["mobile"]
    wanted = [of_file | {"casework.write_note"}, of_file | {"casework.close_case"}]

    def change(names):
        try:
            change_role(role, functions=names, actor=admin)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, wanted))

    assert held_by("mobile") in wanted
    rows = RoleChange.objects.values_list("permission__codename", flat=True)
    assert len(rows) == 1
