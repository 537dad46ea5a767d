"""The way out, from asking to fetching: checks E03 to E08 by name."""

import csv
import hashlib
import io
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msoffcrypto
import pyrage
import pytest
from django.core import mail
from django.db import connection
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone
from msoffcrypto.exceptions import InvalidKeyError
from openpyxl import load_workbook

from accounts.actions import lock_everything
from accounts.models import AuditEvent, Notice, OutboxJob
from accounts.outbox import deliver_due
from casework import tasks
from casework.models import Case
from exports import actions
from exports.models import Export
from exports.models.export import number_of
from files.models import StoredFile
from tests import factories
from tests.exports.factories import ExportFactory, ready
from tests.files.factories import CaseFileFactory, stored
from tests.files.shelves import on_disk

pytestmark = pytest.mark.django_db

State, Kind, Format = Export.State, Export.Kind, Export.Format
MAKERS = {
    Kind.TRANSFER: tasks.make_transfer,
    Kind.CASES: tasks.make_list,
    Kind.ORIGINAL: tasks.make_original,
}


def page(export, verb="export"):
    return reverse(f"exports:{verb}", args=[export.pk])


def transfer_of(case):
    return reverse("casework:export_case", args=[case.pk])


def ask(client, case, receiver, **given):
    given = {"recipient": receiver.pk, "format": "locked_xlsx"} | given
    answer = client.post(transfer_of(case), given)
    assert answer.status_code == 302, answer.text
    return Export.objects.latest("requested_at")


def made(export):
    """The export after its job, as the relay and the worker do it."""
    deliver_due()
    task = MAKERS[export.kind]
    job = OutboxJob.objects.filter(task=task.name).latest("created_at")
    task(str(job.pk))
    return Export.objects.select_related("data_key", "requested_by").get(pk=export.pk)


def password_on(answer):
    return answer.text.partition('<strong class="ltr">')[2].partition("<")[0].strip()


def opened(content, password):
    file, plain = msoffcrypto.OfficeFile(io.BytesIO(content)), io.BytesIO()
    file.load_key(password=password, verify_password=True)
    file.decrypt(plain)
    return load_workbook(plain)


@pytest.fixture
def named(case):
    return factories.PersonIdentityFactory(
        person=case.person, data_key=case.person.data_key, name="CANARY-name"
    )


@pytest.fixture
def fetched(case, caseworker, signed_in, receiver, consent, named):
    """An export of one person, made and locked: its line, the browser, the password."""
    client = signed_in(caseworker)
    export = made(ask(client, case, receiver))
    return export, client, password_on(client.post(page(export, "lock")))


def test_one_person_is_told_to_whom_she_agreed_and_nothing_else(
    case, caseworker, signed_in, receiver, consent, named
):
    client = signed_in(caseworker)

    export = made(ask(client, case, receiver))

    assert (export.state, export.rows, export.columns) == (
        State.READY,
        1,
        ["code", "age_band", "name"],
    )
    password = password_on(client.post(page(export, "lock")))
    book = opened(client.post(page(export, "download")).content, password)
    lines = [[cell.value for cell in row] for row in book["Person"].rows]
    assert [line[0] for line in lines] == ["Code", "Age band", "Name"]
    assert lines[2][1] == "CANARY-name"
    about = {row[0].value: row[1].value for row in book["About this file"].rows}
    assert about["Label"] == "Strictly confidential"
    assert about["Register number"] == export.number
    assert about["Made for"] == f"U-{caseworker.pk.hex[:8].upper()}"
    assert about["Who gets it"] == "Receiving clinic"


def test_what_is_ready_is_told_to_who_asked(case, caseworker, signed_in, receiver, consent):
    export = made(ask(signed_in(caseworker), case, receiver))

    notice = Notice.objects.get(user=caseworker)
    assert (notice.code, notice.object_id) == ("export_ready", str(export.pk))


def test_without_her_agreement_nobody_is_offered(case, caseworker, signed_in, receiver):
    client = signed_in(caseworker)

    assert "Nobody to send it to" in client.get(transfer_of(case)).text
    client.post(transfer_of(case), {"recipient": receiver.pk, "format": "locked_xlsx"})
    assert not Export.objects.exists()


def test_a_consent_taken_back_ends_what_was_made(fetched, consent):
    export, client, _password = fetched
    consent.withdrawn_at = timezone.now()
    consent.save()

    assert client.post(page(export, "download")).status_code == 404


def test_a_consent_taken_back_before_it_was_made_makes_it_fail(
    case, caseworker, signed_in, receiver, consent
):
    export = ask(signed_in(caseworker), case, receiver)
    consent.withdrawn_at = timezone.now()
    consent.save()

    assert made(export).state == State.FAILED


def test_a_machine_gets_it_encrypted_to_its_key(case, caseworker, signed_in, receiver, consent):
    key = pyrage.x25519.Identity.generate()
    client = signed_in(caseworker)

    export = made(ask(client, case, receiver, format="age", recipient_key=str(key.to_public())))

    content = client.post(page(export, "download")).content
    told = json.loads(pyrage.decrypt(content, [key]))
    assert told["tables"]["Person"][0] == ["Code", case.person.code]
    assert told["about"]["Register number"] == export.number


@pytest.mark.parametrize("key", ["", "age1", "age1" + "q" * 58])
def test_a_key_that_is_none_is_refused(case, caseworker, signed_in, receiver, consent, key):
    given = {"recipient": receiver.pk, "format": "age", "recipient_key": key}

    answer = signed_in(caseworker).post(transfer_of(case), given)

    assert "This is no public key of age" in answer.text
    assert not Export.objects.exists()


# E03


def test_E03_the_first_fetch_by_who_asked_is_the_only_one(
    fetched, colleague, signed_in, client, shelf, django_capture_on_commit_callbacks
):
    export, owner, _password = fetched
    assert signed_in(colleague).post(page(export, "download")).status_code == 404
    assert client.post(page(export, "download")).status_code == 302
    assert owner.get(page(export, "download")).status_code == 405

    with django_capture_on_commit_callbacks(execute=True):
        answer = owner.post(page(export, "download"))

    assert answer.status_code == 200
    assert owner.post(page(export, "download")).status_code == 404
    assert owner.post(page(export, "lock")).status_code == 404
    export.refresh_from_db()
    assert (export.state, export.sha256) == (
        State.HANDED_OUT,
        hashlib.sha256(answer.content).hexdigest(),
    )
    assert on_disk(shelf) == []


def test_E03_an_old_second_factor_is_asked_again(fetched, caseworker, signed_in):
    export, _client, _password = fetched
    old = signed_in(caseworker, fresh=False)

    for verb in ("download", "lock"):
        answer = old.post(page(export, verb))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    export.refresh_from_db()
    assert export.state == State.READY


def test_E03_after_a_day_it_is_gone(fetched, shelf, django_capture_on_commit_callbacks):
    export, client, _password = fetched
    Export.objects.update(expires_at=timezone.now())
    assert client.post(page(export, "download")).status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.expire_exports() == 1

    export.refresh_from_db()
    assert export.state == State.EXPIRED
    assert on_disk(shelf) == []
    assert actions.expire_exports() == 0


def test_E03_rights_that_ended_end_it(fetched, case, caseworker):
    export, client, _password = fetched

    case.access.all().delete()

    assert client.post(page(export, "download")).status_code == 404
    export.refresh_from_db()
    assert export.state == State.READY


def test_E03_a_role_that_ended_ends_it(fetched, caseworker):
    export, client, _password = fetched

    caseworker.role_assignments.all().delete()

    assert client.post(page(export, "download")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_E03_two_fetches_at_once_are_one(case, caseworker, signed_in):
    export = ready(
        ExportFactory(
            requested_by=caseworker,
            organization=caseworker.organization,
            kind=Kind.CASES,
            format=Format.XLSX,
        )
    )
    clients = [signed_in(caseworker) for _ in range(4)]

    def fetch(client):
        try:
            return client.post(page(export, "download")).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(fetch, clients))

    assert sorted(said) == [200, 404, 404, 404]


def test_a_stranger_sees_no_line(fetched, stranger, partner, donor, signed_in):
    export, _client, _password = fetched

    for user in (stranger, partner, donor):
        client = signed_in(user)
        assert {client.get(page(export)).status_code} == {404}
        verbs = ("approve", "refuse", "lock", "download")
        assert {client.post(page(export, verb)).status_code for verb in verbs} == {404}


def test_five_in_a_day_are_enough(case, caseworker, signed_in, receiver, consent):
    client = signed_in(caseworker)
    for _number in range(5):
        ask(client, case, receiver)

    answer = client.post(transfer_of(case), {"recipient": receiver.pk, "format": "locked_xlsx"})

    assert "You have asked for five files in a day." in answer.text
    assert Export.objects.count() == 5


# E05, E06


def test_E05_only_the_right_password_opens_it(fetched):
    export, client, password = fetched
    content = client.post(page(export, "download")).content

    assert opened(content, password)["Person"]
    with pytest.raises(InvalidKeyError):
        opened(content, "another-password")
    with pytest.raises(Exception, match="not a zip file"):
        load_workbook(io.BytesIO(content))
    assert b"CANARY-name" not in content


def test_E05_the_password_is_kept_nowhere(
    case, caseworker, signed_in, receiver, consent, named, caplog, shelf
):
    caplog.set_level(logging.DEBUG)
    client = signed_in(caseworker)
    export = made(ask(client, case, receiver))

    password = password_on(client.post(page(export, "lock")))

    assert len(password) == 24
    assert password not in client.get(page(export)).text
    assert password not in caplog.text
    assert mail.outbox == []
    assert password not in everything_in_the_database()
    assert not any(password.encode() in path.read_bytes() for path in on_disk(shelf))


def everything_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        text = ""
        for name in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{name}\" t")  # noqa: S608  # names of tables
            text += cursor.fetchone()[0] or ""
    return text


def test_E05_who_lost_the_password_gets_another_before_fetching(
    fetched, shelf, django_capture_on_commit_callbacks
):
    export, client, first = fetched

    with django_capture_on_commit_callbacks(execute=True):
        second = password_on(client.post(page(export, "lock")))

    content = client.post(page(export, "download")).content
    assert first != second
    assert opened(content, second)
    with pytest.raises(InvalidKeyError):
        opened(content, first)


def test_E05_a_workbook_leaves_locked_or_not_at_all(case, caseworker, signed_in, receiver, consent):
    client = signed_in(caseworker)
    export = made(ask(client, case, receiver))

    assert client.post(page(export, "download")).status_code == 404
    export.refresh_from_db()
    assert export.state == State.READY


def test_E06_nothing_clear_lies_anywhere_and_the_name_tells_nothing(fetched, shelf, tmp_path):
    export, client, _password = fetched

    assert [p for p in on_disk(shelf) if b"CANARY" in p.read_bytes()] == []
    assert "CANARY" not in str(list(OutboxJob.objects.values_list("args", flat=True)))
    assert "CANARY" not in everything_in_the_database()
    answer = client.post(page(export, "download"))
    name = f"export-{number_of(export.pk).lower()}.xlsx"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


# E07: the list of cases


def ask_list(client, query="?view=open"):
    answer = client.post(reverse("casework:export_cases") + query, {"purpose": "supervision"})
    assert answer.status_code == 302, answer.text
    return Export.objects.latest("requested_at")


def test_E07_a_list_waits_for_a_second_person(case, caseworker, coordinator, signed_in):
    export = ask_list(signed_in(caseworker))

    assert export.state == State.WAITING
    assert export.filters == {"view": "open"}
    assert not OutboxJob.objects.filter(event="cases_export_requested").exists()
    assert Notice.objects.get().user == coordinator
    assert signed_in(caseworker).post(page(export, "download")).status_code == 404

    answer = signed_in(coordinator).post(page(export, "approve"))

    assert answer.status_code == 302
    export = made(export)
    assert (export.state, export.decided_by, export.rows) == (State.READY, coordinator, 1)


def test_E07_nobody_agrees_to_her_own(coordinator, signed_in):
    client = signed_in(coordinator)
    export = ask_list(client)

    assert client.post(page(export, "approve")).status_code == 403
    export.refresh_from_db()
    assert export.state == State.WAITING
    with pytest.raises(IntegrityError):
        Export.objects.update(decided_by=coordinator)


def test_E07_nobody_of_another_hub_or_house_agrees(
    case, caseworker, elsewhere, stranger, colleague, signed_in
):
    export = ask_list(signed_in(caseworker))

    for user in (elsewhere, stranger, colleague):
        assert signed_in(user).post(page(export, "approve")).status_code == 404
    export.refresh_from_db()
    assert export.state == State.WAITING


def test_E07_leadership_agrees_for_the_whole_house(case, caseworker, director, signed_in):
    export = ask_list(signed_in(caseworker))

    assert signed_in(director).post(page(export, "approve")).status_code == 302


def test_E07_what_was_not_agreed_to_ends(case, caseworker, coordinator, signed_in):
    export = ask_list(signed_in(caseworker))

    signed_in(coordinator).post(page(export, "refuse"))

    export.refresh_from_db()
    assert export.state == State.REFUSED
    assert Notice.objects.filter(user=caseworker, code="export_refused").exists()
    again = signed_in(coordinator).post(page(export, "approve"))
    assert again.status_code in {200, 404}
    export.refresh_from_db()
    assert export.state == State.REFUSED


def test_E07_what_nobody_agreed_to_ends_after_a_week(case, caseworker, signed_in):
    export = ask_list(signed_in(caseworker))
    Export.objects.update(requested_at=timezone.now() - timedelta(days=8))

    assert actions.expire_exports() == 1
    export.refresh_from_db()
    assert export.state == State.EXPIRED


def test_E07_who_agrees_confirms_who_she_is(case, caseworker, coordinator, signed_in):
    export = ask_list(signed_in(caseworker))

    answer = signed_in(coordinator, fresh=False).post(page(export, "approve"))

    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_the_original_of_a_file_needs_two_people_too(case, caseworker, coordinator, signed_in):
    row = CaseFileFactory(case=case)
    original = stored(case.data_key, caseworker, content=b"CANARY-original")
    StoredFile.objects.filter(pk=row.stored_file_id).update(original=original)
    client, url = signed_in(caseworker), reverse("casework:export_original", args=[row.pk])

    assert client.post(url, {"purpose": "proceedings"}).status_code == 302
    export = Export.objects.get()
    assert client.post(page(export, "download")).status_code == 404
    signed_in(coordinator).post(page(export, "approve"))
    export = made(export)

    assert client.post(page(export, "download")).content == b"CANARY-original"


# E04: the register and the file


def test_E04_the_register_says_what_is_in_the_file(
    case, caseworker, coordinator, director, signed_in
):
    factories.AssignedCaseFactory(owner=caseworker, person__team=case.team, risk="high")
    client = signed_in(caseworker)
    export = ask_list(client, "?view=open&risk=high")
    signed_in(coordinator).post(page(export, "approve"))
    export = made(export)
    password = password_on(client.post(page(export, "lock")))

    content = client.post(page(export, "download")).content

    export.refresh_from_db()
    lines = [[cell.value for cell in row] for row in opened(content, password)["Cases"].rows]
    assert (export.rows, len(export.columns)) == (len(lines) - 1, len(lines[0])) == (1, 7)
    assert export.filters == {"view": "open", "risk": ["high"]}
    assert hashlib.sha256(content).hexdigest() == export.sha256
    text = signed_in(director).get(reverse("exports:register")).text
    assert export.number in text
    assert "risk: high; view: open" in text


def test_E04_what_failed_stands_there_too(case, caseworker, director, signed_in):
    ExportFactory(organization=caseworker.organization, requested_by=caseworker, state=State.FAILED)

    text = signed_in(director).get(reverse("exports:register") + "?state=failed").text

    assert "Failed" in text
    assert Export.objects.get().number in text


def test_E04_the_register_leaves_as_a_line_of_itself(case, caseworker, director, signed_in):
    first = ExportFactory(organization=caseworker.organization, requested_by=caseworker)

    answer = signed_in(director).get(reverse("exports:register_file", args=["csv"]))

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert lines[1][0] == first.number
    own = Export.objects.get(kind=Kind.REGISTER)
    assert (own.rows, own.columns, own.state) == (1, lines[0], State.HANDED_OUT)
    assert own.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert own.number in answer.content.decode()
    assert (
        signed_in(director).get(reverse("exports:register_file", args=["pdf"])).status_code == 404
    )


def test_the_register_is_for_who_answers_for_it(caseworker, coordinator, dpo, signed_in):
    url = reverse("exports:register")

    assert signed_in(caseworker).get(url).status_code == 403
    assert signed_in(coordinator).get(url).status_code == 403
    assert signed_in(dpo).get(url).status_code == 200


def test_the_register_shows_one_house(dpo, signed_in):
    other = ExportFactory()

    assert other.number not in signed_in(dpo).get(reverse("exports:register")).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_costs_the_same_for_one_and_three(
    dpo, caseworker, signed_in, number, django_assert_num_queries
):
    ExportFactory.create_batch(number, organization=dpo.organization, requested_by=caseworker)
    client = signed_in(dpo)
    client.get(reverse("exports:register"))

    with django_assert_num_queries(11, exact=False):
        client.get(reverse("exports:register"))


def test_my_page_shows_mine_and_what_waits_for_me(case, caseworker, coordinator, signed_in):
    export = ask_list(signed_in(caseworker))
    url = reverse("exports:exports")

    assert page(export) in signed_in(caseworker).get(url).text
    text = signed_in(coordinator).get(url).text
    assert "Waiting for you" in text
    assert page(export) in text
    assert "Do you agree?" in signed_in(coordinator).get(page(export)).text
    assert AuditEvent.objects.filter(verb="view_export", actor=coordinator).exists()


def test_every_form_of_the_page_carries_its_mark(case, caseworker, coordinator, signed_in):
    export = ask_list(signed_in(caseworker))
    assert forms_without_mark(signed_in(coordinator).get(page(export)).text) == []

    ready(export)

    assert forms_without_mark(signed_in(caseworker).get(page(export)).text) == []


def forms_without_mark(text):
    forms = re.findall(r"<form[^>]*action=\"/exports/.*?</form>", text, flags=re.DOTALL)
    assert forms
    return [form for form in forms if "csrfmiddlewaretoken" not in form]


# E08


def test_E08_a_run_that_dies_is_followed_by_one_that_counts(
    case, caseworker, coordinator, signed_in, shelf
):
    export = ask_list(signed_in(caseworker))
    signed_in(coordinator).post(page(export, "approve"))

    def die():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.make(export.pk, lambda line: die(), settle=lambda: True)
    assert Export.objects.get().state == State.REQUESTED
    first = made(export)
    actions.make(export.pk, lambda line: die(), settle=lambda: True)

    assert first.state == State.READY
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("is_early", [True, False])
def test_H12_a_locked_house_makes_no_file_and_the_job_waits(
    case, caseworker, coordinator, signed_in, is_early
):
    export = ask_list(signed_in(caseworker))
    signed_in(coordinator).post(page(export, "approve"))
    settled = []

    def lock_and_build(line):
        lock_everything(reason="raid", actor=None)
        return tasks.list_content(line)

    if is_early:
        lock_everything(reason="raid", actor=None)
    actions.make(export.pk, lock_and_build, settle=lambda: settled.append(1) or True)

    assert Export.objects.get().state == State.REQUESTED
    assert not StoredFile.objects.exists()
    assert settled == []


def test_E08_of_two_runs_one_counts(case, caseworker, coordinator, signed_in):
    export = ask_list(signed_in(caseworker))
    signed_in(coordinator).post(page(export, "approve"))

    actions.make(export.pk, tasks.list_content, settle=lambda: False)

    assert Export.objects.get().state == State.REQUESTED
    assert not StoredFile.objects.exists()


def test_the_list_follows_the_filter_of_the_page(case, caseworker, signed_in):
    Case.objects.update(risk="high")
    url = reverse("casework:export_cases")

    assert "1 case," in signed_in(caseworker).get(url + "?view=mine&risk=high&language=fa").text
    assert "0 cases" in signed_in(caseworker).get(url + "?view=closed").text


def test_who_may_not_export_is_offered_nothing(case, mobile, interpreter, signed_in):
    assert signed_in(mobile).get(reverse("casework:export_cases")).status_code == 403
    assert "Export list" not in signed_in(mobile).get(reverse("casework:cases")).text
