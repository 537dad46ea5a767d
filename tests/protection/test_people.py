"""One person at the desk: found by code, held, erased by two, given her own data (I15)."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework.models import Person
from exports.actions.making import written
from exports.models import Export
from protection import actions
from protection.actions.packages import may_have_package
from protection.models import DueRow, ErasureRequest, LegalHold, PersonRequest, Telling
from protection.package import texts_of
from protection.tasks import make_package
from tests import factories
from tests.protection.conftest import HERS


def url(name, *args):
    return reverse(f"protection:{name}", args=args)


@pytest.fixture
def asked(person, caseworker):
    return factories.PersonRequestFactory(
        organization=person.organization,
        recorded_by=caseworker,
        code=person.code,
        identity_checked=True,
        is_safe=True,
    )


# Finding


def test_a_person_is_found_by_code_and_no_code_stands_in_the_address(
    signed_in, coordinator, person
):
    response = signed_in(coordinator).post(url("find"), {"code": person.code.lower()})

    assert response.url == url("person", person.pk)
    assert person.code not in response.url


def test_who_cannot_be_seen_is_not_found(signed_in, coordinator, caseworker):
    other = factories.PersonFactory()
    client = signed_in(coordinator)

    response = client.post(url("find"), {"code": other.code})

    assert "Nobody with this code" in response.text
    assert client.get(url("person", other.pk)).status_code == 404


@pytest.mark.parametrize("role", ["mobile", "dpo", "director", "donor", "partner"])
def test_others_have_no_way_to_one_person(request, signed_in, role, person):
    client = signed_in(request.getfixturevalue(role))

    assert client.get(url("find")).status_code == 403
    assert client.get(url("person", person.pk)).status_code in {403, 404}


# Holds and erasures at the door


def test_a_hold_is_placed_and_lifted(signed_in, coordinator, person):
    client = signed_in(coordinator)

    client.post(url("person", person.pk), {"reason": "criminal", "until": ""})

    hold = LegalHold.objects.get()
    assert "Criminal proceedings" in client.get(url("person", person.pk)).text
    assert person.code in client.get(url("erasures")).text
    client.post(url("hold", hold.pk))
    assert not LegalHold.objects.in_force().exists()
    assert client.get(url("hold", hold.pk)).status_code == 200


def test_an_erasure_goes_from_the_door_to_the_end(signed_in, coordinator, dpo, life):
    response = signed_in(coordinator).post(
        url("begin_erasure", life.person_id), {"origin": "asked"}, follow=True
    )
    ticket = ErasureRequest.objects.get()
    assert "Waits for a second person" in response.text
    own = signed_in(coordinator).post(url("confirm_erasure", ticket.pk))
    assert "Somebody else has to confirm" in own.text

    client = signed_in(dpo)
    client.post(url("confirm_erasure", ticket.pk))
    page = client.get(url("erasure", ticket.pk)).text
    assert "Who else has a copy" in page
    telling = Telling.objects.get(kind="device")
    client.post(url("tell", telling.pk))
    telling.refresh_from_db()
    assert telling.done_by == dpo

    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        actions.erase_due()
    page = signed_in(dpo).get(url("erasure", ticket.pk)).text
    assert "cannot be opened any more" in page
    assert not Person.objects.exists()


def test_an_erasure_is_stopped_at_the_door(signed_in, coordinator, dpo, person):
    ticket = actions.begin_erasure(person, origin="mistake", actor=coordinator)
    client = signed_in(dpo)
    client.post(url("confirm_erasure", ticket.pk))

    response = client.post(url("erasure", ticket.pk), {"stop_reason": "mistake"}, follow=True)

    assert "The record is there again" in response.text
    assert Person.objects.visible_to(coordinator).exists()
    late = client.post(url("erasure", ticket.pk), {"stop_reason": "mistake"})
    assert "too late" in late.text


@pytest.mark.parametrize("name", ["begin_erasure", "confirm_erasure"])
def test_a_second_factor_that_is_old_is_asked_again(signed_in, coordinator, dpo, person, name):
    ticket = factories.ErasureRequestFactory(person=person, begun_by=coordinator)
    pk = person.pk if name == "begin_erasure" else ticket.pk
    user = coordinator if name == "begin_erasure" else dpo

    response = signed_in(user, fresh=False).post(url(name, pk), {"origin": "mistake"})

    assert response.status_code == 302
    ticket.refresh_from_db()
    assert ticket.is_waiting
    assert ErasureRequest.objects.count() == 1


def test_due_records_are_decided_at_the_door(signed_in, coordinator, team):
    kept, gone = (factories.DueRowFactory(person__team=team) for _ in range(2))
    client = signed_in(coordinator)
    page = client.get(url("due")).text
    assert kept.person.code in page
    assert "Age not known" in page or kept.person.birth_year_to
    assert "Confirm and hide" in client.get(url("decide_due", kept.pk)).text

    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    client.post(url("decide_due", kept.pk), {"keep_reason": "grant", "keep_until": until})
    client.post(url("confirm_due", gone.pk))

    states = dict(DueRow.objects.values_list("pk", "state"))
    assert states == {kept.pk: DueRow.State.KEPT, gone.pk: DueRow.State.CONFIRMED}
    assert not Person.objects.visible_to(coordinator).filter(pk=gone.person_id).exists()
    assert gone.person.code in client.get(url("erasures")).text


def test_a_held_record_is_not_confirmed_and_it_is_said(signed_in, coordinator, team):
    row = factories.DueRowFactory(person__team=team)
    factories.LegalHoldFactory(person=row.person)

    response = signed_in(coordinator).post(url("confirm_due", row.pk))

    assert "A hold is in force" in response.text


def test_data_protection_sees_what_is_due_and_decides_nothing(signed_in, dpo, team):
    row = factories.DueRowFactory(person__team=team)
    client = signed_in(dpo)

    assert client.get(url("due")).status_code == 200
    assert client.get(url("decide_due", row.pk)).status_code == 403


def test_another_house_sees_nothing_of_it(signed_in, team, coordinator):
    row = factories.DueRowFactory(person__team=team)
    ticket = factories.ErasureRequestFactory(person=row.person)
    hold = factories.LegalHoldFactory(person=row.person)
    telling = Telling.objects.create(erasure=ticket, kind="device")
    elsewhere = signed_in(factories.UserFactory(role="coordinator"))

    for name, pk in (("decide_due", row.pk), ("erasure", ticket.pk), ("hold", hold.pk)):
        assert elsewhere.get(url(name, pk)).status_code == 404
    for name, pk in (
        ("confirm_due", row.pk),
        ("confirm_erasure", ticket.pk),
        ("tell", telling.pk),
    ):
        assert elsewhere.post(url(name, pk)).status_code == 404


# I15: her own file


def made(export):
    """What stands in the file, as the job writes it, before it is locked."""
    content = actions.package_content(export)
    return {sheet.name: [list(line) for line in sheet.lines] for sheet in content.sheets}


def give(asked, person, actor, texts=()):
    return actions.give_access_package(
        asked, person, format=Export.Format.LOCKED_XLSX, texts=texts, actor=actor
    )


def test_I15_the_file_is_hers_complete_and_of_nobody_else(life, other_life, asked, caseworker):
    read = [text.key for text in texts_of(life.person)]

    tables = made(give(asked, life.person, caseworker, read))

    told = json.dumps(tables, default=str)
    for word in (HERS, f"{HERS} said", f"{HERS} needs a bed", life.person.code):
        assert word in told
    assert {"What we keep about you", "Notes", "Visits", "Consents"} - {"Consents"} <= set(tables)
    assert "Other Canary" not in told
    assert caseworker.name not in told
    assert caseworker.username not in told
    assert str(life.pk) not in told


def test_I15_a_text_that_nobody_read_is_left_out(life, asked, caseworker):
    export = give(asked, life.person, caseworker)

    told = json.dumps(made(export), default=str)

    assert f"{HERS} said" not in told
    assert "left out" in told
    assert HERS in told
    assert export.filters["texts"] == []


def test_I15_the_file_is_locked_registered_and_made_by_the_job(signed_in, life, asked, caseworker):
    client = signed_in(caseworker)
    texts = [text.key for text in texts_of(life.person)][:1]
    page = client.get(url("give_access_package", asked.pk, life.person_id)).text
    assert f"{HERS} said" in page

    response = client.post(
        url("give_access_package", asked.pk, life.person_id),
        {"format": "locked_xlsx", "texts": texts},
    )

    export = Export.objects.get()
    assert response.url == export.get_absolute_url()
    assert (export.kind, export.needs_password) == (Export.Kind.SUBJECT, True)
    assert export.filters == {"request": str(asked.pk), "texts": texts}
    make_package_of(export)
    export.refresh_from_db()
    assert export.is_ready
    assert export.rows > 5
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {"read_for_package", "give_access_package", "request_export", "make_export"}


def make_package_of(export):
    from accounts.models import OutboxJob  # noqa: PLC0415

    job = OutboxJob.objects.get(event="subject_export_requested")
    OutboxJob.objects.filter(pk=job.pk).update(task=make_package.name)
    make_package(str(job.pk))


def test_I15_it_is_written_as_a_table_and_for_machines(life, asked, caseworker):
    export = give(asked, life.person, caseworker)
    content = actions.package_content(export)

    assert written(export, content)[:2] == b"PK"
    export.format = Export.Format.JSON
    told = json.loads(written(export, content))
    assert "What we keep about you" in told["tables"]


def test_I15_it_speaks_serbian_to_who_speaks_serbian(life, asked, caseworker):
    Person.objects.filter(pk=life.person_id).update(language="sr")

    tables = made(give(asked, Person.objects.get(pk=life.person_id), caseworker))

    assert len(tables) > 5


def test_I15_nobody_gains_a_look_by_it(signed_in, life, asked, colleague, coordinator):
    asked.recorded_by = colleague
    asked.save()
    for user in (colleague, coordinator):
        with pytest.raises(PermissionDenied):
            give(asked, life.person, user)
    where = url("give_access_package", asked.pk, life.person_id)
    assert signed_in(colleague).get(where).status_code == 403
    assert signed_in(coordinator).get(where).status_code == 404


def test_I15_nothing_is_made_before_it_is_known_who_asks(life, asked, caseworker):
    asked.is_safe = False
    asked.save()

    with pytest.raises(ValidationError, match="known who asks"):
        give(asked, life.person, caseworker)


@pytest.mark.parametrize(
    ("change", "says"),
    [({"kind": "correction"}, "does not ask for a file"), ({"code": "222-222"}, "another code")],
)
def test_I15_only_for_a_request_that_asks_for_it(life, asked, caseworker, change, says):
    PersonRequest.objects.update(**change)
    asked.refresh_from_db()

    with pytest.raises(ValidationError, match=says):
        give(asked, life.person, caseworker)


def test_I15_a_right_that_ended_ends_it(life, asked, caseworker):
    export = give(asked, life.person, caseworker)
    assert may_have_package(export, caseworker)

    life.access.all().delete()

    assert not may_have_package(export, caseworker)


def test_an_erased_person_s_files_are_destroyed_and_their_lines_name_nobody(
    life, asked, caseworker
):
    export = give(asked, life.person, caseworker)

    actions.erase("person", life.person_id)

    export.refresh_from_db()
    assert (export.object_id, export.case_id, export.filters) == (None, None, {})
