"""Consent as data: whose answer, for what, in which words, and what follows from a no."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions
from casework.agreement import agreement_on
from casework.models import Consent, Headcount, Person, Visit
from tests import factories

LIST_QUERIES = 14
By, Purpose = Consent.GivenBy, Consent.Purpose


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


@pytest.fixture
def receiver(db):
    return factories.ServiceFactory()


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def born(person, year):
    Person.objects.filter(pk=person.pk).update(
        birth_year_from=year, birth_year_to=year, birth_year_source="stated"
    )
    person.refresh_from_db()
    return person


@pytest.fixture
def girl(person):
    return born(person, timezone.localdate().year - 12)


@pytest.fixture
def say(case, caseworker):
    """An answer in the case, about sharing with the receiver unless said otherwise."""

    def answer(decision, given_by=By.OWN, subject=case, **facts):
        known = {"purpose": Purpose.REFERRAL, "items": ["code", "sex"], "channel": "spoken"}
        known |= {"language": factories.language(), "actor": caseworker} | facts
        return actions.record_consent(subject, decision=decision, given_by=given_by, **known)

    return answer


# Of a person without a case


def test_answer_of_somebody_without_a_case_is_the_teams(desk, person, caseworker):
    typed = {"operation": str(uuid4()), "purpose": "record", "decision": "given"}
    typed |= {"channel": "spoken", "language": "fa", "interpreting": "by_phone"}

    response = desk.post(page("record_person_consent", person), {**typed, "is_read_back": "on"})

    assert response.headers["Location"] == page("person_consents", person)
    consent = Consent.objects.get()
    assert (consent.person, consent.case, consent.data_key) == (person, None, person.data_key)
    assert (consent.interpreting, consent.is_read_back) == ("by_phone", True)
    event = AuditEvent.objects.get(verb="record_consent")
    assert (event.actor, event.case_id, event.note) == (caseworker, None, "given")
    assert "Keep a record with us" in desk.get(page("person_consents", person)).text


def test_gate_of_a_persons_answer_is_the_persons(person, colleague, stranger, coordinator, dpo):
    consent = factories.PersonConsentFactory(person=person)

    for user, sees in [(colleague, True), (coordinator, True), (stranger, False), (dpo, False)]:
        assert Consent.objects.visible_to(user).filter(pk=consent.pk).exists() == sees


def test_stranger_finds_none_of_its_doors(signed_in, stranger, person):
    consent = factories.PersonConsentFactory(person=person)
    client = signed_in(stranger)

    for name, row in [
        ("person_consents", person),
        ("record_person_consent", person),
        ("consent", consent),
        ("withdraw_consent", consent),
    ]:
        assert client.get(page(name, row)).status_code == 404


def test_answer_of_before_counts_in_the_case_that_came_later(say, case, receiver, person):
    born(person, 1990)
    facts = {"organization": receiver.organization}
    earlier = say("given", subject=person, **facts)
    assert agreement_on(case, Purpose.REFERRAL, receiver.organization).consent == earlier

    say("refused", **facts)

    earlier.refresh_from_db()
    assert earlier.withdrawn_at is not None


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_the_same_for_any_number_of_rows(
    desk, person, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.PersonConsentFactory(person=person)

    with django_assert_num_queries(LIST_QUERIES):
        response = desk.get(page("person_consents", person))

    assert len(response.context["answers"]) == rows


# Wordings


def test_answer_keeps_the_wording_that_was_shown(desk, case):
    shown = factories.ReviewedConsentTextFactory(organization=case.organization)
    form = desk.get(page("record_consent", case)).context["form"]
    typed = {"purpose": "record", "decision": "given", "channel": "spoken", "language": "fa"}
    typed |= {"operation": str(uuid4()), "shown": form.initial["shown"]}
    factories.ReviewedConsentTextFactory(organization=case.organization)

    desk.post(page("record_consent", case), typed)

    consent = Consent.objects.get()
    assert (consent.text, consent.text_version) == (shown, shown.version)


def test_language_without_words_of_its_own_is_said(desk, case):
    factories.ReviewedConsentTextFactory(organization=case.organization)

    said = " ".join(desk.get(page("record_consent", case)).text.split())

    assert "No reviewed text in Farsi: the interpreter reads the English one." in said


# No closes no door


def test_no_says_what_is_still_possible(desk, case, receiver):
    typed = {"operation": str(uuid4()), "purpose": "referral", "decision": "refused"}
    typed |= {"channel": "spoken", "language": "fa", "organization": receiver.organization.pk}
    typed |= {"reason": "Her cousin works there."}

    response = desk.post(page("record_consent", case), typed, follow=True)

    assert response.text.count("Our own services, another receiver") >= 2
    consent = Consent.objects.get()
    assert consent.reason == "Her cousin works there."
    assert "cousin" not in response.text
    assert "Her cousin works there." in desk.get(page("consent", consent)).text


def test_reason_is_not_told_below_the_story(signed_in, coordinator, case, caseworker):
    consent = factories.ReferralConsentFactory(case=case, decision="refused", reason="A cousin.")

    text = signed_in(coordinator).get(page("consent", consent)).text

    assert "Kept from" in text
    assert "A cousin." not in text


def test_reason_needs_a_case(say, person, receiver):
    with pytest.raises(ValidationError, match="Open a case"):
        say("refused", subject=person, organization=receiver.organization, reason="A cousin.")


def test_newcomer_who_says_no_is_counted_and_not_kept(desk, team, typed_newcomer):
    response = desk.post(
        reverse("casework:receive_visitor"), {**typed_newcomer, "told": "refused"}, follow=True
    )

    assert "Counted, and nothing is kept of the person." in response.text
    assert (Person.objects.count(), Visit.objects.count(), Consent.objects.count()) == (0, 0, 0)
    count = Headcount.objects.get()
    assert (count.sex, count.nationality, count.language_id) == ("female", "AF", "fa")
    assert count.age_band == factories.age_band(25)
    assert [service.pk for service in count.services.all()] == ["food"]


def test_newcomer_who_says_yes_has_it_written_down(desk, typed_newcomer):
    desk.post(reverse("casework:receive_visitor"), {**typed_newcomer, "told": "given"})

    consent = Consent.objects.get()
    assert (consent.person, consent.purpose) == (Visit.objects.get().person, Purpose.RECORD)
    assert consent.text is not None


def test_newcomer_who_was_not_asked_is_kept_as_before(desk, typed_newcomer):
    desk.post(reverse("casework:receive_visitor"), typed_newcomer)

    assert (Visit.objects.count(), Consent.objects.count()) == (1, 0)


@pytest.fixture
def typed_newcomer(team):
    return {
        "operation": str(uuid4()),
        "team": str(team.pk),
        "sex": "female",
        "age": factories.age_band(25).label,
        "nationality": "AF",
        "unaccompanied_or_separated": "unknown",
        "residence_status": "unknown",
        "disability": "unknown",
        "services": ["food"],
        "language": "fa",
        "interpreting": "not_needed",
        "concern": "no",
    }


# Bad input


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"given_by": "uncle"}, "Select a valid choice"),
        ({"witness": str(uuid4())}, "Select a valid choice"),
        ({"signed_file": str(uuid4())}, "Select a valid choice"),
        ({"shown": "not-a-number"}, "Enter a valid UUID."),
        ({"reason": "x" * 501}, "Ensure this value has at most 500 characters"),
        ({"purpose": "everything"}, "Select a valid choice"),
    ],
)
def test_bad_answer_gets_a_sentence(desk, case, wrong, said):
    typed = {"operation": str(uuid4()), "purpose": "record", "decision": "given"}
    typed |= {"channel": "spoken", "language": "fa"}

    response = desk.post(page("record_consent", case), {**typed, **wrong})

    assert said in response.text
    assert Consent.objects.count() == 0


def test_colleague_without_the_function_records_nothing(person, coordinator):
    with pytest.raises(PermissionDenied):
        actions.record_consent(
            person,
            purpose="record",
            decision="given",
            channel="spoken",
            language=factories.language(),
            actor=coordinator,
        )


# API


def test_api_takes_a_person_or_a_case_and_not_both(desk, person, case):
    facts = {"purpose": "record", "decision": "given", "channel": "spoken", "language": "fa"}
    send = {"content_type": "application/json", "path": "/api/v1/consents/"}

    made = desk.post(data={**facts, "person": str(person.pk)}, **send)
    both = desk.post(data={**facts, "person": str(person.pk), "case": str(case.pk)}, **send)

    assert made.status_code == 201, made.text
    assert (made.json()["person"], made.json()["case"]) == (str(person.pk), None)
    assert both.status_code == 400
    listed = desk.get(f"/api/v1/consents/?person={person.pk}").json()
    assert [row["id"] for row in listed["results"]] == [made.json()["id"]]
    withdraw = f"/api/v1/consents/{made.json()['id']}/withdraw/"
    taken = desk.post(withdraw, content_type="application/json")
    assert taken.json()["is_in_force"] is False
