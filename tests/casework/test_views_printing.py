import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from tests.factories import AssignedCaseFactory, CaseNoteFactory, PersonIdentityFactory

LIST = reverse("casework:print_cases")


def sheet(case):
    return reverse("casework:print_case", args=[case.pk])


def title(answer):
    return " ".join(re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)[1].split())


@pytest.fixture
def named(case):
    PersonIdentityFactory(person=case.person, data_key=case.person.data_key, name="CANARY-name")
    CaseNoteFactory(case=case, text="CANARY-note")
    return case


def test_E09_a_case_on_paper_is_a_code_marked_with_who_and_when(named, caseworker, signed_in):
    answer = signed_in(caseworker).get(sheet(named))

    assert named.person.code in answer.text
    assert "CANARY" not in answer.text
    assert title(answer) == f"{named.person.code} – Casework"
    mark = re.search(r'<p class="printed".*?</p>', answer.text, re.DOTALL)[0]
    assert caseworker.username in mark
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", mark)
    event = AuditEvent.objects.get(verb="print_case")
    assert (event.actor, event.case_id) == (caseworker, named.pk)


def test_E09_a_list_on_paper_holds_codes_only(named, caseworker, signed_in):
    other = AssignedCaseFactory(owner=caseworker, person__team=named.team, risk="high")
    url = f"{LIST}?view=open&risk=high"

    answer = signed_in(caseworker).get(url)

    assert other.person.code in answer.text
    assert named.person.code not in answer.text
    assert "CANARY" not in answer.text
    assert title(answer) == "Cases – Casework"
    assert AuditEvent.objects.get(verb="print_cases").listed == [other.pk]


def test_E09_the_pages_lead_to_their_paper(named, caseworker, signed_in):
    client = signed_in(caseworker)

    assert sheet(named) in client.get(named.get_absolute_url()).text
    assert f"{LIST}?view=open" in client.get(reverse("casework:cases") + "?view=open").text


def test_E09_paper_is_for_who_sees_the_case(named, stranger, donor, colleague, signed_in):
    for user in (stranger, colleague):
        assert signed_in(user).get(sheet(named)).status_code == 404
        assert named.person.code not in signed_in(user).get(LIST).text
    assert signed_in(donor).get(LIST).status_code == 403
    assert not AuditEvent.objects.filter(verb="print_case").exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_paper_list_costs_the_same_for_one_and_three(
    caseworker, team, signed_in, number, django_assert_max_num_queries
):
    AssignedCaseFactory.create_batch(number, owner=caseworker, person__team=team)
    client = signed_in(caseworker)
    client.get(LIST)

    with django_assert_max_num_queries(11):
        client.get(LIST)
