"""Check I05: every reading is written down once, and what cannot be written is not shown."""

import pytest
from django.db import connection, transaction

from accounts.models import AuditEvent
from tests import doors, factories

# Doors that show nothing of a client or of what was kept about her, each with what it shows.
QUIET = {
    "accounts:": "one's own settings, sessions and factors; roles and accounts",
    "account_": "one's own way in",
    "mfa_": "one's own second factor",
    "casework:new_visit": "an empty form",
    "casework:record_headcount": "an empty form",
    "casework:desk": "an empty field",
    "casework:change_visit_rule": "rules of services",
    "casework:visit_rules": "rules of services",
    "directory:": "the world around us",
    "organization": "the world around us",
    "outreach:": "contacts and trainings without clients",
    "protection:": "registers of the house; their rows of clients have doors of their own",
    "report-": "numbers",
    "reports:": "numbers",
    "screening:instrument": "the questions of an instrument",
    "training-": "trainings by machine, without names",
}
# How many rows are tried at a door before it is taken for one that shows nothing here.
LIKELY = 4


@pytest.fixture
def insider(case, house):
    user = doors.of_every_role(house, teams=[case.team])
    factories.CaseAccessFactory(content_object=case, user=user)
    return user


def reading(route):
    return "GET" in route.methods or route.methods == ["*"]


def ask(client, route, pk, others):
    """(status, text, rows of the trail) of one look at a door; nothing stays of it."""
    path = doors.address(route, **doors.keywords_of(route, pk, others))
    before = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    with transaction.atomic():
        answer = client.get(path)
        rows = list(AuditEvent.objects.filter(id__gt=before, result="ok"))
        transaction.set_rollback(True)
    return answer.status_code, answer.content.decode(errors="replace"), rows


def shown(rows):
    """Every object that the rows say was shown, as often as they say it."""
    found = [(row.object_type, row.object_id) for row in rows if row.object_id]
    return found + [(row.object_type, str(pk)) for row in rows for pk in row.listed]


def looks(case, insider, client):
    """(route, id, others, text, rows) of every reading door that opened, with its likeliest id."""
    made = doors.furnish(case)
    rows = [row for of_model in made.values() for row in of_model]
    others = {model._meta.model_name: of_model[0].pk for model, of_model in made.items()}
    for route in filter(reading, doors.CLOSED):
        door = doors.by_path(route).replace("-", "")
        likely = sorted(rows, key=lambda row: [name not in door for name in doors.names(row)])
        tried = [*doors.opened_by(route, made), *likely[:LIKELY]]
        for pk in [row.pk for row in tried] if route.arguments else [None]:
            status, text, trail = ask(client, route, pk, others)
            if status == 200:
                yield route, pk, others, text, trail
                break


def test_I05_every_reading_is_written_down_once_or_not_shown(case, insider, signed_in):
    client = signed_in(insider)
    code = case.person.code
    found = list(looks(case, insider, client))

    twice, silent = [], []
    for route, pk, _others, text, trail in found:
        named = shown(trail)
        if len(named) != len(set(named)):
            twice.append((doors.by_path(route), sorted(named)))
        is_quiet = any(route.name.startswith(each) for each in QUIET)
        if not trail and (code in text or (pk is not None and not is_quiet)):
            silent.append(doors.by_path(route))
    assert len(found) > 60
    assert (twice, silent) == ([], [])

    # And now nothing can be written down.
    with connection.cursor() as cursor:
        cursor.execute("REVOKE INSERT ON accounts_auditevent FROM casework_web")
    told = {
        doors.by_path(route): ask(client, route, pk, others)
        for route, pk, others, _text, trail in found
        if trail
    }
    assert len(told) > 40
    assert {door: status for door, (status, *_rest) in told.items() if status != 503} == {}
    assert [door for door, (_status, text, _rows) in told.items() if code in text] == []


def test_I05_failed_reading_leaves_one_row_of_refusal(case, stranger, signed_in):
    signed_in(stranger).get(case.get_absolute_url())

    (row,) = AuditEvent.objects.filter(actor=stranger).exclude(verb__startswith="sign_in")

    assert (row.verb, row.result, row.object_id) == ("refuse", "denied", str(case.pk))
