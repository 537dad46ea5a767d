"""Each guard is switched off once, and what it guards must be seen to stand open.

The one place where our own code is patched. A guard without a check that notices its absence could
be lost in any change; so each pair of "off" and check runs twice: with the guard, and without.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import connection
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client
from django.urls import reverse

from accounts import audit, entrance, limits, scope, spreadsheets, stepup
from accounts.levels import Level
from accounts.models import AuditEvent
from casework.models import Case, CaseBlock, CaseNote
from casework.models.case import CaseQuerySet
from tests import factories
from tests.accounts.test_spreadsheets import test_no_text_comes_alive_in_csv as formula_stays_text
from vault import fields

pytestmark = pytest.mark.django_db


class Guard(NamedTuple):
    """How a guard is switched off, and what must hold while it is on."""

    off: Callable
    check: Callable


def gate_is_shut(given):
    """As the owner, whom no policy stops: the gate alone decides."""
    case, stranger = given("case"), given("stranger")
    assert case not in Case.objects.visible_to(stranger)


def gate_off(patch):
    patch.setattr(
        CaseQuerySet, "visible_to", lambda rows, user, level=Level.OPERATIONAL: rows.all()
    )


def policy_holds(given):
    """A query that forgets the gate gets nothing."""
    given("case")
    with scope.acting_as(given("stranger")):
        assert Case.objects.count() == 0


def policy_off(patch):
    with connection.cursor() as cursor:
        # A table with checks that wait for the end of the transaction cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY")


def level_is_kept(given):
    case, client = given("case"), given("signed_in")(given("coordinator"))
    page = client.post(reverse("casework:show_identity", args=[case.pk]))
    assert page.status_code in {403, 404}


def level_off(patch):
    patch.setattr(Case, "level_for", lambda case, user: Level.RESTRICTED)
    gate_off(patch)


def reading_is_written_down(given):
    case, client = given("case"), given("signed_in")(given("caseworker"))
    client.get(case.get_absolute_url())
    assert AuditEvent.objects.filter(verb="view_case", case_id=case.pk).count() == 1


def trail_off(patch):
    patch.setattr(audit, "_insert", lambda event: None)


def formula_is_text(given):
    formula_stays_text("=1+1")


def escape_off(patch):
    patch.setattr(spreadsheets, "harmless", lambda text: text)


def forged_form_is_refused(given):
    client = Client(enforce_csrf_checks=True)
    client.cookies = given("signed_in")(given("caseworker")).cookies
    notes = reverse("casework:notes", args=[given("case").pk])
    assert client.post(notes, {"text": "forged"}).status_code == 403
    assert CaseNote.objects.count() == 0


def csrf_off(patch):
    patch.setattr(CsrfViewMiddleware, "process_view", lambda self, *told: None)


def anonymous_is_sent_away(given):
    given("caseworker")
    assert Client().get("/cases/").status_code == 302


def login_off(patch):
    patch.setattr(LoginRequiredMiddleware, "process_view", lambda self, *told: None)


def second_step_is_asked(given):
    client = Client()
    client.force_login(given("caseworker"), backend="accounts.backends.RoleBackend")
    assert client.get("/cases/").status_code == 302


def second_step_off(patch):
    patch.setattr(entrance.EntranceMiddleware, "process_view", lambda self, *told: None)


def old_factor_is_asked_again(given):
    client = given("signed_in")(given("admin"), fresh=False)
    assert client.get(reverse("accounts:invite")).status_code == 302


def step_up_off(patch):
    patch.setattr(stepup, "is_fresh", lambda request: True)


def limit_is_kept(given):
    assert [limits.hit("guards", "x", limit=1, seconds=60) for _ in range(2)] == [True, False]


def limit_off(patch):
    patch.setattr(limits, "hit", lambda *told, **numbers: True)


def text_is_sealed(given):
    note = factories.CaseNoteFactory(case=given("case"), text="Kanarinka")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM casework_casenote WHERE id = %s", [note.pk])
        assert b"Kanarinka" not in bytes(cursor.fetchone()[0])


def seal_off(patch):
    patch.setattr(fields, "seal", lambda key, plain, context: plain)


def conflict_closes(given):
    case, caseworker = given("case"), given("caseworker")
    CaseBlock.objects.create(
        case=case, user=caseworker, reason=CaseBlock.Reason.RELATIVE, blocked_by=caseworker
    )
    assert case not in Case.objects.visible_to(caseworker)


def conflict_off(patch):
    none = CaseBlock.objects.none().values("case__person")
    patch.setattr(type(CaseBlock.objects.all()), "persons_closed_to", lambda rows, user: none)


def trail_cannot_be_changed(given):
    given("caseworker")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('casework_web', 'accounts_auditevent', 'UPDATE, DELETE')"
        )
        assert cursor.fetchone() == (False,)


def append_only_off(patch):
    with connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE, DELETE ON accounts_auditevent TO casework_web")


GUARDS = {
    "the gate": Guard(gate_off, gate_is_shut),
    "a policy": Guard(policy_off, policy_holds),
    "a level": Guard(level_off, level_is_kept),
    "the audit row": Guard(trail_off, reading_is_written_down),
    "the formula escape": Guard(escape_off, formula_is_text),
    "the CSRF check": Guard(csrf_off, forged_form_is_refused),
    "signing in": Guard(login_off, anonymous_is_sent_away),
    "the second step": Guard(second_step_off, second_step_is_asked),
    "step-up": Guard(step_up_off, old_factor_is_asked_again),
    "a limit": Guard(limit_off, limit_is_kept),
    "the seal of a text": Guard(seal_off, text_is_sealed),
    "a conflict of interest": Guard(conflict_off, conflict_closes),
    "the trail's privileges": Guard(append_only_off, trail_cannot_be_changed),
}


@pytest.mark.parametrize("name", GUARDS)
def test_with_its_guard_it_holds(request, name):
    GUARDS[name].check(request.getfixturevalue)


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_guard_it_is_noticed(request, monkeypatch, name):
    for fixture in ("case", "stranger", "coordinator", "admin"):
        request.getfixturevalue(fixture)
    GUARDS[name].off(monkeypatch)

    with pytest.raises(AssertionError):
        GUARDS[name].check(request.getfixturevalue)
