"""The network went between two steps: the same form again is one act and leads to its result."""

from uuid import uuid4

import pytest
from django.urls import reverse

from casework.models import CheckIn, Consent, FormDraft, Person, Visit

VISIT = {
    "services": ["information", "food"],
    "language": "fa",
    "interpreting": "in_person",
    "concern": "no",
}
NEWCOMER = VISIT | {
    "sex": "female",
    "age": "25–34",
    "nationality": "AF",
    "birth_year_source": "estimated",
    "unaccompanied_or_separated": "unknown",
    "residence_status": "unknown",
    "disability": "unknown",
}
TRANSIT = {"sex": "female", "age": "25–34", "language": "fa", "services": ["food"]}
CONSENT = {
    "purpose": "record",
    "decision": "given",
    "given_by": "own",
    "guardian_suspected": "no",
    "channel": "spoken",
    "language": "fa",
    "interpreting": "in_person",
}
# {form: (its address, what is typed, what it writes)}
FORMS = {
    "visit": ("record_visit", VISIT, Visit),
    "newcomer": ("receive_visitor", NEWCOMER, Person),
    "transit": ("receive_in_transit", TRANSIT, Person),
    "consent": ("record_person_consent", CONSENT, Consent),
}
OF_NOBODY = {"newcomer", "transit"}


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_form_sent_three_times_is_one_act_and_leads_to_its_result(desk, team, person, form):
    name, typed, model = FORMS[form]
    person.birth_year_from = person.birth_year_to = 1990
    person.save()
    path = reverse(f"casework:{name}", args=[] if form in OF_NOBODY else [person.pk])
    sent = {**typed, "operation": str(uuid4()), "team": team.pk}
    before = model.objects.count()

    answers = [desk.post(path, sent) for _each in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert len({answer.url for answer in answers}) == 1
    assert model.objects.count() == before + 1
    assert desk.get(answers[0].url).status_code == 200
    assert not FormDraft.objects.exists()


def test_check_in_sent_twice_is_one_stay(desk, team, person):
    sent = {"q": person.code, "team": team.pk, "operation": str(uuid4())}

    answers = [desk.post(reverse("casework:desk"), sent) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert CheckIn.objects.filter(person=person).count() == 1


def test_number_of_a_form_that_was_used_is_no_way_to_another_act(desk, team, person):
    path = reverse("casework:record_visit", args=[person.pk])
    sent = {**VISIT, "operation": str(uuid4()), "team": team.pk}
    desk.post(path, sent)

    answer = desk.post(path, {**sent, "services": ["hygiene"]})

    assert answer.status_code == 200
    assert "This form was used before." in answer.content.decode()
    assert Visit.objects.count() == 1
