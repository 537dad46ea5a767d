from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from casework.models import Case, CaseEvent, CaseNote, Person
from tests import factories

CASES = reverse("casework:cases")


def page(name, case):
    return reverse(f"casework:{name}", args=[case.pk])


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def told(case):
    """A case with everything that could leak: a name, a note, an answer, an event of its story."""
    factories.PersonIdentityFactory(
        person=case.person, name="Zarmina Testowa", phone="060 555 123", address="House by the mill"
    )
    factories.CaseNoteFactory(case=case, text="He waited at the door.")
    factories.CaseEventFactory(
        case=case, code=CaseEvent.Code.NOTE_ADDED, level=Level.NARRATIVE, actor=case.owner
    )
    factories.CaseEventFactory(case=case, actor=case.owner)
    factories.ReferralConsentFactory(case=case)
    factories.TraffickingStatusFactory(case=case)
    factories.ServiceDeliveredFactory(case=case)
    return case


SECRETS = ["Zarmina", "060 555 123", "House by the mill", "He waited at the door."]

READS = ["case", "timeline", "notes", "services", "consents", "statuses", "access"]
WRITES = [
    "show_identity",
    "change_case",
    "close_case",
    "reopen_case",
    "record_consent",
    "record_status",
    "deliver_service",
    "start_income_activity",
    "give_access",
]


# The list


def make_cases(owner, team, rows):
    for _ in range(rows):
        person = factories.PersonFactory(team=team, registered_by=owner)
        factories.AssignedCaseFactory(person=person, owner=owner)


@pytest.mark.parametrize("rows", [1, 3])
def test_cases_ask_the_database_the_same_for_any_number_of_rows(
    desk, caseworker, team, rows, django_assert_num_queries
):
    make_cases(caseworker, team, rows)

    with django_assert_num_queries(10):
        response = desk.get(CASES)

    assert len(response.context["cases"]) == rows


def test_list_holds_codes_and_no_names_and_is_written_down(desk, told):
    response = desk.get(CASES)

    assert told.person.code in response.text
    assert [secret for secret in SECRETS if secret in response.text] == []
    event = AuditEvent.objects.get()
    assert (event.verb, event.listed) == ("list_cases", [told.pk])


def test_list_is_ones_own_and_the_coordinator_sees_the_houses(
    signed_in, colleague, stranger, coordinator, case
):
    assert signed_in(colleague).get(CASES, {"view": "open"}).context["cases"] == []
    assert signed_in(stranger).get(CASES, {"view": "open"}).context["cases"] == []
    assert signed_in(coordinator).get(CASES, {"view": "open"}).context["cases"] == [case]


def test_list_is_narrowed_by_view_risk_and_language(desk, caseworker, team):
    make_cases(caseworker, team, 3)
    late, risky, closed = Case.objects.all()
    today = timezone.localdate()
    Case.objects.filter(pk=late.pk).update(last_contact_on=today - timedelta(days=15))
    Case.objects.filter(pk=risky.pk).update(risk=Case.Risk.HIGH)
    Person.objects.filter(pk=risky.person_id).update(language="ur")
    Case.objects.filter(pk=closed.pk).update(
        status=Case.Status.CLOSED, closed_on=today, closure_reason=Case.ClosureReason.DONE
    )

    def shown(**query):
        return {case.pk for case in desk.get(CASES, query).context["cases"]}

    assert shown() == {late.pk, risky.pk}
    assert shown(view="due") == {late.pk}
    assert shown(view="closed") == {closed.pk}
    assert shown(risk=["high", "low"]) == {risky.pk}
    assert shown(language="ur") == {risky.pk}
    assert shown(view="nonsense", risk="nonsense", cursor="nonsense") == {late.pk, risky.pk}


def test_next_page_goes_on_where_the_first_one_ended(desk, caseworker, team):
    make_cases(caseworker, team, 27)

    first = desk.get(CASES)
    second = desk.get(CASES, {"cursor": first.context["following"]})

    both = [*first.context["cases"], *second.context["cases"]]
    assert (len(both), len({case.pk for case in both})) == (27, 27)
    assert second.context["following"] == ""


# The file: who sees what


def test_case_page_is_drawn_from_few_questions(desk, told, django_assert_num_queries):
    with django_assert_num_queries(22):
        response = desk.get(page("case", told))

    assert told.person.code in response.text


@pytest.mark.parametrize("name", READS)
def test_each_part_is_shown_with_its_code_and_written_down(desk, caseworker, told, name):
    response = desk.get(page(name, told))

    assert response.status_code == 200
    assert f"<title>{told.person.code} – Casework</title>" in " ".join(response.text.split())
    event = AuditEvent.objects.get(verb="view_case")
    assert (event.actor, event.case_id) == (caseworker, told.pk)


@pytest.mark.parametrize("name", READS)
def test_names_are_on_no_page_of_the_file_unless_revealed(desk, told, name):
    response = desk.get(page(name, told))

    assert [secret for secret in SECRETS[:3] if secret in response.text] == []


@pytest.mark.parametrize("name", READS)
def test_coordinator_gets_what_is_operational_and_not_a_word_more(
    signed_in, coordinator, told, name
):
    response = signed_in(coordinator).get(page(name, told))

    assert response.status_code == 200
    assert [secret for secret in SECRETS if secret in response.text] == []


def test_withheld_looks_withheld(signed_in, coordinator, told):
    client = signed_in(coordinator)

    assert "are kept back. You see what is operational." in client.get(page("case", told)).text
    assert "Notes are kept back" in client.get(page("notes", told)).text
    assert "Some entries are kept back" in client.get(page("timeline", told)).text


def test_timeline_is_cut_to_the_level_of_its_reader(desk, signed_in, coordinator, told):
    assert "Note added" in desk.get(page("timeline", told)).text
    assert "Note added" not in signed_in(coordinator).get(page("timeline", told)).text


@pytest.mark.parametrize("who", ["stranger", "colleague", "mobile", "partner", "donor", "admin"])
@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_whoever_has_no_access_cannot_tell_that_the_case_exists(
    request, signed_in, told, who, name
):
    client = signed_in(request.getfixturevalue(who))

    statuses = {client.get(page(name, told)).status_code, client.post(page(name, told)).status_code}

    assert statuses <= {404, 405}
    assert 404 in statuses


@pytest.mark.parametrize("name", WRITES)
def test_access_without_the_function_changes_nothing(signed_in, mobile, coordinator, case, name):
    # Mobile workers ask for consent as well.
    who = coordinator if name == "record_consent" else mobile
    factories.CaseAccessFactory(content_object=case, user=who, level=Level.OPERATIONAL)

    assert signed_in(who).post(page(name, case)).status_code == 403
    assert CaseEvent.objects.count() == 0


def test_access_that_ended_opens_nothing(signed_in, colleague, case):
    moment = timezone.now() - timedelta(seconds=1)
    factories.CaseAccessFactory(content_object=case, user=colleague, ends_at=moment)

    assert signed_in(colleague).get(page("case", case)).status_code == 404


def test_access_of_the_team_opens_what_it_says(signed_in, colleague, told, team):
    factories.TeamCaseAccessFactory(content_object=told, group=team, level=Level.OPERATIONAL)

    response = signed_in(colleague).get(page("notes", told))

    assert response.status_code == 200
    assert "He waited" not in response.text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "2026-11-18", "nonsense"])
def test_timeline_from_a_moment_that_is_none_begins_anew(desk, told, moment):
    cursor = f"{moment}_{told.pk}"

    assert "Note added" in desk.get(page("timeline", told), {"cursor": cursor}).text


def test_timeline_goes_on_page_by_page(desk, case):
    now = timezone.now()
    for minutes in range(53):
        factories.CaseEventFactory(case=case, at=now - timedelta(minutes=minutes))

    first = desk.get(page("timeline", case))
    second = desk.get(page("timeline", case), {"cursor": first.context["following"]})
    naive = desk.get(page("timeline", case), {"cursor": f"2026-01-01T10:00_{uuid4()}"})

    seen = [line["event"].pk for line in first.context["events"] + second.context["events"]]
    assert (len(seen), len(set(seen))) == (53, 53)
    assert len(naive.context["events"]) == 50


# The name


def test_name_is_shown_for_a_reason_and_the_case_remembers(desk, caseworker, told):
    factories.ContactRuleFactory(person=told.person)

    response = desk.post(page("show_identity", told), {"reason": "contact"})

    assert "Zarmina Testowa" in response.text
    assert "060 555 123" in response.text
    assert response.headers["Refresh"] == f"300; url={told.get_absolute_url()}"
    assert response.headers["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(verb="show_identity")
    assert (event.actor, event.note) == (caseworker, "contact")
    assert event.fields == ["address", "name", "phone"]
    line = CaseEvent.objects.filter(case=told, code=CaseEvent.Code.IDENTITY_SHOWN).get()
    assert line.actor == caseworker


def test_name_comes_as_a_fragment_for_the_script(desk, told):
    headers = {"HX-Request": "true"}

    asked = desk.get(page("show_identity", told), headers=headers)
    assert AuditEvent.objects.get(verb="view_case").note == "identity"
    shown = desk.post(page("show_identity", told), {"reason": "check"}, headers=headers)

    assert ("<html" in asked.text, "Zarmina" in asked.text) == (False, False)
    assert ("<html" in shown.text, "Zarmina" in shown.text) == (False, True)


def test_each_showing_is_written_down_also_the_same_form_again(desk, told):
    form = {"reason": "contact", "operation": str(uuid4())}

    desk.post(page("show_identity", told), form)
    desk.post(page("show_identity", told), form)

    assert AuditEvent.objects.filter(verb="show_identity").count() == 2


@pytest.mark.parametrize("reason", ["", "curiosity"])
def test_name_without_a_reason_stays_hidden(desk, told, reason):
    response = desk.post(page("show_identity", told), {"reason": reason})

    assert "Zarmina" not in response.text
    assert AuditEvent.objects.filter(verb="show_identity").count() == 0


def test_name_is_not_for_the_coordinator(signed_in, coordinator, told):
    client = signed_in(coordinator)

    assert client.get(page("show_identity", told)).status_code == 403
    assert client.post(page("show_identity", told), {"reason": "contact"}).status_code == 403
    assert CaseEvent.objects.filter(code=CaseEvent.Code.IDENTITY_SHOWN).count() == 0


def test_no_name_is_said(desk, case):
    response = desk.post(page("show_identity", case), {"reason": "contact"})

    assert "No name is recorded." in response.text


# Notes


def test_note_is_sealed_audited_and_on_the_timeline(desk, caseworker, case):
    response = desk.post(page("notes", case), {"text": "  She wants to wait.  "})

    assert response.headers["Location"] == page("notes", case)
    note = CaseNote.objects.select_related("data_key").get()
    assert (note.text, note.written_by) == ("She wants to wait.", caseworker)
    assert b"wait" not in bytes(CaseNote.objects.values_list("text", flat=True).get())
    assert AuditEvent.objects.get(verb="write_note").case_id == case.pk
    event = CaseEvent.objects.get()
    assert (event.code, event.level) == (CaseEvent.Code.NOTE_ADDED, Level.NARRATIVE)


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001])
def test_empty_or_endless_note_is_not_kept(desk, case, text):
    response = desk.post(page("notes", case), {"text": text})

    assert response.status_code == 200
    assert CaseNote.objects.count() == 0


def test_reader_of_the_operational_part_writes_no_note(signed_in, colleague, case):
    factories.CaseAccessFactory(content_object=case, user=colleague, level=Level.OPERATIONAL)

    assert signed_in(colleague).post(page("notes", case), {"text": "x"}).status_code == 403
    assert CaseNote.objects.count() == 0


def test_reading_notes_is_written_down_for_those_who_get_them(desk, signed_in, coordinator, told):
    signed_in(coordinator).get(page("notes", told))
    assert AuditEvent.objects.filter(verb="read_notes").count() == 0

    desk.get(page("notes", told))
    assert AuditEvent.objects.filter(verb="read_notes", case_id=told.pk).count() == 1


# Change, close, reopen


def test_risk_and_state_are_changed(desk, case):
    form = {"version": 1, "risk": "high", "status": Case.Status.FOLLOW_UP}

    assert desk.post(page("change_case", case), form).status_code == 302

    case.refresh_from_db()
    assert (case.risk, case.status, case.version) == ("high", Case.Status.FOLLOW_UP, 2)
    assert CaseEvent.objects.get().code == CaseEvent.Code.CASE_CHANGED


def test_stale_form_changes_no_case(desk, case):
    Case.objects.update(version=2)

    response = desk.post(
        page("change_case", case), {"version": 1, "risk": "high", "status": Case.Status.ACTIVE}
    )

    assert "Somebody changed this while you had it open." in response.text
    assert Case.objects.get().risk == Case.Risk.UNKNOWN


def test_case_is_closed_with_a_reason_and_opened_again(desk, case):
    desk.post(page("close_case", case), {"version": 1, "closure_reason": "referred"})

    case.refresh_from_db()
    assert (case.status, case.closed_on) == (Case.Status.CLOSED_REFERRED, timezone.localdate())

    response = desk.post(page("close_case", case), {"version": 2, "closure_reason": "done"})
    assert "This case is closed already." in response.text

    desk.post(page("reopen_case", case), {"version": 2})
    case.refresh_from_db()
    assert (case.status, case.closure_reason, case.version) == (Case.Status.ACTIVE, "", 3)
    codes = list(CaseEvent.objects.order_by("at").values_list("code", flat=True))
    assert codes == ["case_closed", "case_reopened"]


@pytest.mark.parametrize("reason", ["", "bored"])
def test_case_is_not_closed_without_a_reason(desk, case, reason):
    response = desk.post(page("close_case", case), {"version": 1, "closure_reason": reason})

    assert response.status_code == 200
    assert Case.objects.get().is_open


def test_open_case_is_not_opened_again(desk, case):
    assert "open already" in desk.post(page("reopen_case", case), {"version": 1}).text


def test_closed_case_is_not_changed(desk, case):
    Case.objects.update(
        status=Case.Status.CLOSED, closed_on=timezone.localdate(), closure_reason="done"
    )

    response = desk.post(
        page("change_case", case), {"version": 1, "risk": "high", "status": Case.Status.ACTIVE}
    )

    assert "This case is closed. Open it again first." in response.text
    assert "Save note" not in desk.get(page("notes", case)).text
