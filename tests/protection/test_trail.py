"""The trail at the desk of data protection, and the log of a case for those who may see it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import scope
from accounts.audit import record
from accounts.levels import Level
from accounts.models import AuditEvent, AuditKey, AuditSeal
from casework import actions
from casework.models import Case, CaseBlock, CaseNote, Person, PersonIdentity
from protection.changes import fields_told
from protection.words import said
from tests import factories


@pytest.fixture
def officer(dpo, signed_in):
    return signed_in(dpo)


def words(answer):
    return " ".join(answer.content.decode().split())


def search(client, **asked):
    answer = client.get(reverse("protection:trail"), asked)
    return [line["event"].verb for line in answer.context["lines"]]


def done(actor, verb, **fields):
    return AuditEvent.objects.create(actor=actor, verb=verb, **fields)


# Search


def test_search_is_written_down_without_what_was_typed(officer, dpo):
    officer.get(reverse("protection:trail"), {"record": "7KM-2XQ", "result": "ok"})

    event = AuditEvent.objects.get(verb="search_trail")

    assert (event.actor, event.meta) == (dpo, {"asked": ["record", "result"]})


def test_each_part_narrows(officer, caseworker, colleague):
    done(caseworker, "view_case")
    done(colleague, "sign_in")
    done(colleague, "refuse", result=AuditEvent.Result.DENIED)
    long_ago = timezone.now() - timedelta(days=60)
    done(caseworker, "write_note", at=long_ago)

    assert set(search(officer, person=caseworker.pk)) == {"view_case"}
    assert search(officer, kind="reading", person=caseworker.pk) == ["view_case"]
    assert search(officer, result="denied") == ["refuse"]
    assert search(officer, since=long_ago.date(), until=long_ago.date()) == ["write_note"]
    assert "write_note" not in search(officer)


def test_record_is_found_by_number_and_by_code(officer, case, caseworker):
    done(caseworker, "view_case", object_id=str(case.pk), case_id=case.pk)
    done(caseworker, "list_people", listed=[case.person_id])
    done(caseworker, "view_case", object_id="other")

    assert search(officer, record=str(case.pk)) == ["view_case"]
    assert search(officer, record=case.person.code.lower()) == ["list_people", "view_case"]
    assert search(officer, record="no such code") == []


def test_people_of_another_house_stay_unseen(officer, stranger, partner):
    done(stranger, "view_case")
    done(partner, "view_referral")

    assert "view_referral" in search(officer)
    assert "view_case" not in search(officer)


def test_pages_follow_each_other_without_a_gap(officer, caseworker):
    for number in range(55):
        done(caseworker, "view_case", note=str(number))
    address = reverse("protection:trail")

    first = officer.get(address, {"kind": "reading"})
    second = officer.get(address, {"kind": "reading", "before": first.context["following"]})

    notes = [line["event"].note for page in (first, second) for line in page.context["lines"]]
    assert notes == [str(number) for number in reversed(range(55))]
    assert second.context["following"] == ""


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣"])
def test_broken_cursor_begins_anew(officer, caseworker, before):
    done(caseworker, "view_case")

    assert "view_case" in search(officer, before=before)


@pytest.mark.parametrize("since", ["yesterday", "2026-99-99"])
def test_broken_day_is_shown_and_breaks_nothing(officer, since):
    assert "Enter a valid date" in officer.get(reverse("protection:trail"), {"since": since}).text


@pytest.mark.parametrize("rows", [1, 3])
def test_search_costs_the_same_for_one_and_three(
    officer, caseworker, rows, django_assert_num_queries
):
    for _ in range(rows):
        done(caseworker, "view_case")

    with django_assert_num_queries(10):
        officer.get(reverse("protection:trail"))


@pytest.fixture
def closed(case, dpo, caseworker):
    """A case of somebody whom data protection knows privately."""
    CaseBlock.objects.create(case=case, user=dpo, reason="known_privately", blocked_by=caseworker)
    return case


def test_acts_on_what_is_closed_to_the_reader_are_not_told(officer, closed, caseworker, colleague):
    other = factories.ClosedCaseFactory(person=closed.person)
    for pk in (closed.pk, other.pk):
        done(caseworker, "view_case", object_id=str(pk), case_id=pk)
    done(caseworker, "write_note", case_id=closed.pk)
    done(caseworker, "view_person", object_id=str(closed.person_id))
    done(caseworker, "find_people", listed=[closed.person_id])
    done(colleague, "list_cases", listed=[closed.pk, factories.uuid4()])

    page = officer.get(reverse("protection:trail"), {"kind": "reading"})

    told = [(line["event"].verb, line["shown"]) for line in page.context["lines"]]
    assert told == [("list_cases", 1)]
    assert "find_people" not in search(officer)
    assert "write_note" not in search(officer, person=caseworker.pk)
    for asked in (closed.pk, closed.person_id, closed.person.code):
        assert search(officer, record=str(asked)) == []
    for pk in (closed.pk, closed.person_id, other.pk):
        assert officer.get(reverse("protection:record", args=[pk])).status_code == 404


def test_acts_on_what_is_open_to_the_reader_are_told_beside(officer, closed, team, caseworker):
    another = factories.AssignedCaseFactory(
        person=factories.PersonFactory(team=team, registered_by=caseworker), owner=caseworker
    )
    done(caseworker, "view_case", object_id=str(another.pk), case_id=another.pk)

    page = officer.get(reverse("protection:record", args=[another.pk]))

    assert [reader["n"] for reader in page.context["readers"]] == [1]
    assert search(officer, kind="reading", person=caseworker.pk) == ["view_case"]


# The record


def test_record_says_who_looked_and_how_often_without_values(officer, case, caseworker):
    for _ in range(3):
        done(caseworker, "view_case", object_id=str(case.pk), case_id=case.pk)
    done(caseworker, "change_case", case_id=case.pk, fields=["risk"])

    page = officer.get(reverse("protection:record", args=[case.pk]))

    assert [(r["actor__name"], r["n"]) for r in page.context["readers"]] == [(caseworker.name, 4)]
    assert "risk" in words(page)
    assert case.person.code not in words(page)


def test_record_nobody_touched_is_not_there(officer):
    unknown = factories.uuid4()

    assert officer.get(reverse("protection:record", args=[unknown])).status_code == 404


def test_seals_page_shows_what_to_check_with(officer):
    empty = words(officer.get(reverse("protection:seals")))
    AuditSeal.objects.create(
        number=1, form=1, first=1, last=2, count=2, root="r", hash="abc123", key="k", signature="s"
    )
    AuditKey.objects.create(key="k", public="PUBLIC")
    done(None, "verify_audit", result=AuditEvent.Result.FAILED, meta={"first_bad": 17})

    page = words(officer.get(reverse("protection:seals")))

    assert "No seal yet" in empty
    assert "abc123" in page
    assert "PUBLIC" in page
    assert "17" in page


@pytest.mark.parametrize("name", ["trail", "record", "seals"])
def test_trail_is_for_data_protection_only(
    name, case, caseworker, coordinator, admin, director, donor, partner, signed_in
):
    page = reverse(f"protection:{name}", args=[case.pk] if name == "record" else [])

    for user in (caseworker, coordinator, admin, director, donor, partner):
        assert signed_in(user).get(page).status_code == 403


# The log of a case


@pytest.fixture
def log(case):
    return reverse("protection:case_log", args=[case.pk])


def test_log_says_who_looked(log, case, caseworker, coordinator, signed_in):
    done(coordinator, "view_case", case_id=case.pk, on_behalf="supervisor")

    page = words(signed_in(caseworker).get(log))

    assert coordinator.name in page
    assert "Looked at: case" in page
    assert "Supervision" in page
    event = AuditEvent.objects.get(verb="view_log")
    assert (event.actor, event.case_id) == (caseworker, case.pk)


def test_log_says_what_changed_and_by_whom(log, case, caseworker, signed_in):
    with scope.acting_as(caseworker), transaction.atomic():
        actions.change_case(case, version=case.version, risk="high", actor=caseworker)

    page = words(signed_in(caseworker).get(log, {"part": "changes"}))

    assert "Risk not assessed" in page
    assert "High risk" in page
    assert caseworker.name in page


def test_values_are_told_as_far_as_the_reader_may_see(
    log, case, caseworker, coordinator, signed_in
):
    note = factories.CaseNoteFactory(case=case, written_by=caseworker, text="Canary Amber")
    CaseNote.objects.filter(pk=note.pk).update(written_at=timezone.now() - timedelta(days=1))
    identity = factories.PersonIdentityFactory(person=case.person, name="Canary Beryl")
    identity.name = "Canary Coral"
    identity.save()

    hers = words(signed_in(caseworker).get(log, {"part": "changes"}))
    lead = words(signed_in(coordinator).get(log, {"part": "changes"}))

    assert "Written" in hers or "written" in hers
    assert "Name" in hers
    assert "Canary" not in hers + lead
    assert str(PersonIdentity._meta.verbose_name).capitalize() not in lead
    assert str(CaseNote._meta.verbose_name).capitalize() not in lead


def test_sealed_value_is_opened_for_her_level_only(case, caseworker, coordinator, signed_in):
    person = case.person
    person.handling_note = "Canary Dusk"
    person.save()
    person.handling_note = "Canary Ember"
    person.save()
    page = reverse("protection:person_log", args=[person.pk])

    answer = signed_in(caseworker).get(page, {"part": "changes"})
    shown = words(answer)

    assert "Canary Dusk" in shown
    assert "Canary Ember" in shown
    hers = reverse("casework:person", args=[person.pk])
    assert f'href="{hers}"' in answer.text
    assert f'href="{page}"' in signed_in(caseworker).get(hers).text


def test_removed_access_is_in_the_log(log, case, caseworker, colleague, signed_in):
    factories.CaseAccessFactory(content_object=case, user=colleague).delete()

    page = words(signed_in(caseworker).get(log, {"part": "changes"}))

    assert "Added" in page
    assert "Removed" in page
    assert colleague.name in page


def test_changes_follow_each_other_page_by_page(log, case, caseworker, signed_in):
    client = signed_in(caseworker)
    for number in range(30):
        Case.objects.filter(pk=case.pk).update(risk="high" if number % 2 else "low")

    first = client.get(log, {"part": "changes"})
    second = client.get(log, {"part": "changes", "before": first.context["following"]})

    assert len(first.context["changes"]) == 25
    assert len(second.context["changes"]) >= 5
    assert second.context["following"] == ""


@pytest.mark.parametrize("before", ["x", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("part", ["", "changes"])
def test_log_with_a_broken_cursor_begins_anew(log, case, caseworker, signed_in, part, before):
    Case.objects.filter(pk=case.pk).update(risk="high")

    answer = signed_in(caseworker).get(log, {"part": part, "before": before})

    # A moment before everything is none that is broken: nothing lies before it.
    is_before_all = bool(part) and before.startswith("0001")
    assert bool(answer.context["changes" if part else "lines"]) != is_before_all


@pytest.mark.parametrize("part", ["", "changes"])
def test_stranger_finds_no_log(log, case, stranger, colleague, part, signed_in):
    person = reverse("protection:person_log", args=[case.person_id])

    assert signed_in(stranger).get(log, {"part": part}).status_code == 404
    assert signed_in(stranger).get(person, {"part": part}).status_code == 404
    assert signed_in(colleague).get(log, {"part": part}).status_code == 404


def test_partner_and_donor_find_no_log(log, partner, donor, signed_in):
    assert {signed_in(user).get(log).status_code for user in (partner, donor)} == {404}


def test_log_of_a_person_tells_nothing_of_her_name(case, colleague, signed_in):
    identity = factories.PersonIdentityFactory(person=case.person, name="Canary Amber")
    identity.phone = "+381600000000"
    identity.save()
    Person.objects.filter(pk=case.person_id).update(sex="unknown")
    page = reverse("protection:person_log", args=[case.person_id])

    shown = signed_in(colleague).get(page, {"part": "changes"})

    assert [change.what for change in shown.context["changes"]] == ["Person"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("part", "queries"), [("", 12), ("changes", 18)])
def test_log_costs_the_same_for_one_and_three(
    log, case, caseworker, signed_in, part, queries, rows, django_assert_max_num_queries
):
    client = signed_in(caseworker)
    for number in range(rows):
        Case.objects.filter(pk=case.pk).update(risk=["high", "low", "medium"][number])
        done(caseworker, "view_case", case_id=case.pk)

    with django_assert_max_num_queries(queries):
        client.get(log, {"part": part})


def test_names_of_fields_above_the_level_are_not_told(case):
    event = AuditEvent(object_type="casework.personidentity", fields=["name", "phone"])
    other = AuditEvent(object_type="casework.person", fields=["sex", "made_up"])

    assert fields_told(event, Level.OPERATIONAL) == []
    assert fields_told(event, Level.IDENTITY) == ["name", "phone"]
    assert fields_told(other, Level.OPERATIONAL) == ["sex"]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("refuse", "Refused"),
        ("view_case", "Looked at: case"),
        ("rotate_kek", "Changed the main key"),
        ("view_wonder", "view wonder"),
    ],
)
def test_verb_is_said_in_words(verb, words):
    assert said(verb) == words


# Usage


def test_usage_counts_by_role_and_team(caseworker, colleague, coordinator, signed_in, case):
    done(caseworker, "sign_in")
    done(colleague, "sign_in")
    done(caseworker, "view_case", case_id=case.pk)
    done(caseworker, "view_case", case_id=case.pk)

    page = signed_in(coordinator).get(reverse("protection:usage"))

    roles = dict(page.context["roles"])
    assert roles["Caseworker"][-1] == (2, 1)
    assert dict(page.context["teams"])["Hub"][-1] == (2, 1)
    assert caseworker.name not in words(page)


def test_usage_is_for_those_who_answer_for_it(caseworker, donor, partner, director, signed_in):
    page = reverse("protection:usage")

    assert [signed_in(u).get(page).status_code for u in (caseworker, donor, partner)] == [403] * 3
    assert signed_in(director).get(page).status_code == 200


# Refusals and the origin of an act


def test_refusal_is_written_down_with_what_was_asked(case, colleague, signed_in):
    signed_in(colleague).get(case.get_absolute_url())

    event = AuditEvent.objects.get(verb="refuse")

    assert (event.actor, event.object_id, event.result) == (colleague, str(case.pk), "denied")
    assert event.meta == {"route": "casework:case", "method": "GET", "status": 404}


def test_refused_function_is_written_down_and_changes_nothing(caseworker, signed_in):
    signed_in(caseworker).get(reverse("protection:trail"))

    assert AuditEvent.objects.get(verb="refuse").meta["status"] == 403


def test_unknown_address_and_stranger_write_nothing(caseworker, client, signed_in):
    signed_in(caseworker).get("/no/such/page/")
    client.get(reverse("protection:trail"))

    assert AuditEvent.objects.filter(verb="refuse").count() == 0


def test_rows_of_one_session_are_told_from_those_of_another(case, caseworker, signed_in):
    first, second = signed_in(caseworker), signed_in(caseworker)
    for client in (first, first, second):
        client.get(case.get_absolute_url())

    events = list(AuditEvent.objects.filter(verb="view_case").order_by("id"))

    assert len({each.session for each in events}) == 2
    assert events[0].session == events[1].session
    assert {len(each.session) for each in events} == {32}
    assert len({each.request_id for each in events}) == 3
    assert events[0].ip_hash == events[2].ip_hash


def test_browser_keeps_its_number(case, caseworker, signed_in):
    client = signed_in(caseworker)
    for _ in range(2):
        client.get(case.get_absolute_url())

    one, two = AuditEvent.objects.filter(verb="view_case").values_list("device", flat=True)
    cookie = client.cookies["device"]

    assert one == two != ""
    assert cookie["httponly"]
    assert cookie.value not in {one, two}


def test_act_in_a_job_comes_from_nowhere(case):
    with transaction.atomic():
        record(None, "look", case)

    event = AuditEvent.objects.get(verb="look")

    assert (event.session, event.device, event.ip_hash) == ("", "", "")
