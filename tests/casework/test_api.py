from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from casework.models import Case, CaseNote, Consent, Person, PersonIdentity, ServiceDelivered, Visit
from tests import factories

API = "/api/v1"
RESOURCES = ["people", "cases", "visits", "services-delivered", "consents", "notes"]


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def send(client, method, path, body, **headers):
    call = getattr(client, method)
    return call(f"{API}{path}", body, content_type="application/json", headers=headers)


@pytest.fixture
def rows(case):
    """One row of each resource that belongs to the caseworker's case: {resource: row}."""
    visit = factories.VisitFactory(person=case.person, concern_note="He answered for her")
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")
    return {
        "people": case.person,
        "cases": case,
        "visits": visit,
        "services-delivered": factories.ServiceDeliveredFactory(case=case),
        "consents": factories.ReferralConsentFactory(case=case),
        "notes": factories.CaseNoteFactory(case=case, text="He waited at the door."),
    }


# Reading


@pytest.mark.parametrize("resource", RESOURCES)
def test_list_and_row_are_read_and_written_down(desk, caseworker, rows, resource):
    listed = desk.get(f"{API}/{resource}/").json()
    read = desk.get(f"{API}/{resource}/{rows[resource].pk}/").json()

    assert [row["id"] for row in listed["results"]] == [str(rows[resource].pk)]
    assert read["id"] == str(rows[resource].pk)
    verbs = set(AuditEvent.objects.filter(actor=caseworker).values_list("verb", flat=True))
    assert {verb.partition("_")[0] for verb in verbs} >= {"list", "view"}


@pytest.mark.parametrize("resource", RESOURCES)
def test_name_is_in_no_answer(desk, rows, resource):
    texts = [
        desk.get(f"{API}/{resource}/").text,
        desk.get(f"{API}/{resource}/{rows[resource].pk}/").text,
    ]

    assert [text for text in texts if "Zarmina" in text] == []


@pytest.mark.parametrize("resource", RESOURCES)
def test_stranger_is_told_nothing(signed_in, stranger, rows, resource):
    client = signed_in(stranger)

    assert client.get(f"{API}/{resource}/").json()["results"] == []
    answer = client.get(f"{API}/{resource}/{rows[resource].pk}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("who", ["partner", "donor", "admin", "dpo", "director", "interpreter"])
def test_whoever_does_no_casework_is_refused(request, signed_in, rows, who, resource):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(f"{API}/{resource}/").status_code == 403


@pytest.mark.parametrize("resource", RESOURCES)
def test_nobody_is_asked_to_sign_in(client, resource, db):
    assert client.get(f"{API}/{resource}/").status_code in {401, 403}


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_no_id_is_not_found(desk, resource):
    assert desk.get(f"{API}/{resource}/{'x' * 36}/").status_code == 404
    assert desk.get(f"{API}/{resource}/{'-' * 36}/").status_code == 404


def test_coordinator_gets_operational_fields_and_no_note(signed_in, coordinator, rows):
    client = signed_in(coordinator)

    case = client.get(f"{API}/cases/{rows['cases'].pk}/").json()
    visit = client.get(f"{API}/visits/{rows['visits'].pk}/").json()

    assert (case["level"], case["code"]) == ("operational", rows["people"].code)
    assert "concern_note" not in visit
    assert client.get(f"{API}/notes/").json()["results"] == []
    assert client.get(f"{API}/notes/{rows['notes'].pk}/").status_code == 404


def test_notes_read_in_a_list_leave_a_trace_on_their_case(desk, rows):
    desk.get(f"{API}/notes/")

    assert AuditEvent.objects.get(verb="read_notes").case_id == rows["cases"].pk


def test_lists_come_in_pages_by_cursor_each_row_once(desk, caseworker, team):
    made = {str(factories.PersonFactory(team=team, registered_by=caseworker).pk) for _ in range(5)}

    first = desk.get(f"{API}/people/?page_size=2").json()
    second = desk.get(first["next"]).json()
    third = desk.get(second["next"]).json()

    found = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert (len(found), set(found)) == (5, made)
    assert third["next"] is None


def test_list_is_narrowed_by_case(desk, caseworker, rows):
    factories.CaseNoteFactory(case=factories.AssignedCaseFactory(owner=caseworker))

    narrowed = desk.get(f"{API}/notes/", {"case": str(rows["cases"].pk)}).json()
    wrong = desk.get(f"{API}/notes/", {"case": "nonsense"})

    assert [row["id"] for row in narrowed["results"]] == [str(rows["notes"].pk)]
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("resource", RESOURCES)
def test_lists_ask_the_database_the_same_for_any_number_of_rows(
    desk, caseworker, rows, resource, django_assert_max_num_queries
):
    for _ in range(3):
        case = factories.AssignedCaseFactory(owner=caseworker)
        factories.VisitFactory(person=case.person)
        factories.ServiceDeliveredFactory(case=case)
        factories.ConsentFactory(case=case)

    with django_assert_max_num_queries(12):
        assert desk.get(f"{API}/{resource}/").status_code == 200


# Registering and changing people


@pytest.fixture
def facts(team):
    return {"team": team.pk, "sex": "female", "nationality": "AF", "language": "fa"}


def test_person_is_registered_by_code(desk, facts):
    years = {"birth_year_from": 1992, "birth_year_to": 2000, "birth_year_source": "estimated"}

    answer = send(desk, "post", "/people/", {**facts, **years, "other_languages": ["en"]})

    assert answer.status_code == 201
    person = Person.objects.get()
    assert answer.json()["code"] == person.code
    assert answer.json()["other_languages"] == ["en"]
    assert (person.birth_year_from, person.birth_year_to) == (1992, 2000)


def test_same_key_twice_is_one_person_and_the_same_answer(desk, facts):
    key = {"Idempotency-Key": str(uuid4())}

    first = send(desk, "post", "/people/", facts, **key)
    second = send(desk, "post", "/people/", facts, **key)
    other = send(desk, "post", "/people/", {**facts, "sex": "male"}, **key)

    assert first.json() == second.json()
    assert (other.status_code, other.json()["code"]) == (409, "reused")
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sex": "robot"}, "sex"),
        ({"nationality": "QQ"}, "nationality"),
        ({"language": "klingon"}, "language"),
        ({"team": 999_999}, "team"),
        ({"birth_year_from": "young"}, "birth_year_from"),
        ({"birth_year_from": 2150, "birth_year_to": 2150}, "birth_year_to"),
        ({"birth_year_from": 2000, "birth_year_to": 1990}, ""),
        ({"handling_note": "x" * 301}, "handling_note"),
    ],
)
def test_wrong_person_is_refused_by_field(desk, facts, wrong, field):
    answer = send(desk, "post", "/people/", {**facts, **wrong})

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert Person.objects.count() == 0


def test_change_needs_the_version_and_says_who_was_first(desk, person):
    path = f"/people/{person.pk}/"

    changed = send(desk, "patch", path, {"version": 1, "nationality": "SY"})
    late = send(desk, "patch", path, {"version": 1, "nationality": "IQ"})
    blind = send(desk, "patch", path, {"nationality": "IQ"})

    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert (blind.status_code, list(blind.json()["fields"])) == (400, ["version"])
    assert Person.objects.get().nationality.code == "SY"


# Opening, changing and closing cases


def test_case_is_opened_changed_closed_and_reopened(desk, person):
    opened = send(desk, "post", "/cases/", {"person": str(person.pk)}).json()
    path = f"/cases/{opened['id']}/"

    send(desk, "patch", path, {"version": 1, "risk": "high"})
    closed = send(desk, "post", f"{path}close/", {"version": 2, "closure_reason": "done"})
    again = send(desk, "post", f"{path}reopen/", {"version": 3})

    assert opened["level"] == "narrative"
    assert (closed.json()["status"], closed.json()["version"]) == ("Closed", 3)
    assert (again.json()["status"], again.json()["risk"]) == ("Active", "high")


def test_note_to_a_closed_case_is_refused(desk, case):
    Case.objects.update(status="Closed", closed_on=case.opened_on, closure_reason="done")

    answer = send(desk, "post", "/notes/", {"case": str(case.pk), "text": "Later"})

    assert (answer.status_code, answer.json()["code"]) == (400, "closed")


def test_case_of_a_stranger_cannot_be_opened(signed_in, stranger, person):
    answer = send(signed_in(stranger), "post", "/cases/", {"person": str(person.pk)})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["person"])
    assert Case.objects.count() == 0


def test_case_is_not_closed_by_changing_its_state(desk, case):
    answer = send(desk, "patch", f"/cases/{case.pk}/", {"version": 1, "status": "Closed"})

    assert answer.status_code == 400
    assert Case.objects.get().is_open


def test_name_is_shown_for_a_reason_each_time_anew(desk, rows):
    path = f"/cases/{rows['cases'].pk}/show-identity/"
    key = {"Idempotency-Key": str(uuid4())}

    shown = send(desk, "post", path, {"reason": "contact"}, **key)
    send(desk, "post", path, {"reason": "contact"}, **key)
    blind = send(desk, "post", path, {})

    assert shown.json()["name"] == "Zarmina Testowa"
    assert blind.status_code == 400
    assert AuditEvent.objects.filter(verb="show_identity").count() == 2


def test_name_is_not_for_the_coordinator(signed_in, coordinator, rows):
    path = f"/cases/{rows['cases'].pk}/show-identity/"

    answer = send(signed_in(coordinator), "post", path, {"reason": "contact"})

    assert answer.status_code == 403
    assert "Zarmina" not in answer.text


# Recording what was done, agreed and told


def test_visit_is_recorded_and_corrected(desk, person, team):
    body = {
        "person": str(person.pk),
        "team": team.pk,
        "language": "fa",
        "services": ["information"],
        "leaflets": [factories.edition().pk],
        "concern": "yes",
        "concern_note": "He answered for her",
    }

    made = send(desk, "post", "/visits/", body).json()
    path = f"/visits/{made['id']}/"
    fixed = send(desk, "patch", path, {"version": 1, "services": ["food"]})

    assert (made["services"], made["concern_note"]) == (["information"], "He answered for her")
    assert (fixed.json()["services"], fixed.json()["version"]) == (["food"], 2)
    assert fixed.json()["leaflets"] == [factories.edition().pk]
    assert Visit.objects.select_related("data_key").get().concern_note == "He answered for her"


def test_what_is_named_twice_in_a_visit_is_recorded_once(desk, person, team):
    paper = factories.edition().pk
    body = {"person": str(person.pk), "team": team.pk, "language": "fa"}

    made = send(
        desk, "post", "/visits/", {**body, "services": ["food"] * 2, "leaflets": [paper] * 2}
    ).json()

    assert (made["services"], made["leaflets"]) == (["food"], [paper])


def test_note_of_a_visit_is_not_overwritten_by_who_may_not_read_it(signed_in, colleague, rows):
    path = f"/visits/{rows['visits'].pk}/"

    answer = send(signed_in(colleague), "patch", path, {"version": 1, "concern_note": "x"})

    assert answer.status_code == 403


def test_service_is_delivered_and_corrected(desk, case):
    made = send(
        desk, "post", "/services-delivered/", {"case": str(case.pk), "service_type": "counselling"}
    ).json()
    path = f"/services-delivered/{made['id']}/"

    fixed = send(desk, "patch", path, {"version": 1, "quantity": 3})
    late = send(desk, "patch", path, {"version": 1, "quantity": 4})
    future = send(desk, "patch", path, {"version": 2, "delivered_on": "2999-01-01"})

    assert (fixed.json()["quantity"], late.status_code) == (3, 409)
    assert list(future.json()["fields"]) == ["delivered_on"]
    assert ServiceDelivered.objects.get().quantity == 3


def test_grant_of_somebody_else_pays_for_nothing(desk, case):
    body = {"case": str(case.pk), "service_type": "counselling"}

    answer = send(
        desk, "post", "/services-delivered/", {**body, "grant": str(factories.GrantFactory().pk)}
    )

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["grant"])
    assert ServiceDelivered.objects.count() == 0


def test_consent_is_recorded_and_taken_back(desk, case):
    body = {
        "case": str(case.pk),
        "purpose": "record",
        "decision": "given",
        "channel": "spoken",
        "language": "fa",
    }

    made = send(desk, "post", "/consents/", body).json()
    taken = send(desk, "post", f"/consents/{made['id']}/withdraw/", {})
    twice = send(desk, "post", f"/consents/{made['id']}/withdraw/", {})

    assert (made["is_in_force"], taken.json()["is_in_force"]) == (True, False)
    assert twice.status_code == 400
    assert Consent.objects.get().withdrawn_at <= timezone.now()


def test_note_is_written_by_those_who_may_read_the_story(desk, signed_in, colleague, case):
    body = {"case": str(case.pk), "text": "She wants to wait."}
    factories.CaseAccessFactory(content_object=case, user=colleague, level=Level.IDENTITY)

    refused = send(signed_in(colleague), "post", "/notes/", body)
    made = send(desk, "post", "/notes/", body)

    assert (refused.status_code, made.status_code) == (403, 201)
    assert made.json()["text"] == "She wants to wait."
    assert CaseNote.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/notes/", {"text": "x"}),
        ("/consents/", {"purpose": "record"}),
        ("/services-delivered/", {"service_type": "counselling"}),
    ],
)
def test_nothing_is_added_to_a_strangers_case(signed_in, stranger, case, path, body):
    answer = send(signed_in(stranger), "post", path, {**body, "case": str(case.pk)})

    assert (answer.status_code, "case" in answer.json()["fields"]) == (400, True)


def test_writes_are_for_those_who_may(signed_in, coordinator, person, team, facts):
    client = signed_in(coordinator)

    assert send(client, "post", "/people/", facts).status_code == 403
    assert send(client, "post", "/cases/", {"person": str(person.pk)}).status_code == 403
    assert (Case.objects.count(), PersonIdentity.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", ["", "[]", "nonsense", '{"person": {}}', '{"person": "\\u0000"}'])
def test_broken_body_is_refused(desk, body):
    answer = desk.post(f"{API}/cases/", body, content_type="application/json")

    assert answer.status_code == 400
    assert set(answer.json()) == {"type", "code", "detail", "fields"}
