import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework.actions.exporting import filters_of, list_content
from casework.models import Case
from casework.models.case import CaseView
from exports.models import Export
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


@pytest.mark.parametrize("view", [*CaseView.values, "nonsense"])
def test_page_paper_and_file_hold_the_same_cases(view, caseworker, team, signed_in):
    today = timezone.localdate()
    ended = {"status": Case.Status.CLOSED, "closed_on": today, "closure_reason": "done"}
    for told in ({}, {"last_contact_on": today - timedelta(days=15)}, ended):
        AssignedCaseFactory(owner=caseworker, person__team=team, **told)
    client, query = signed_in(caseworker), f"?view={view}"

    page = client.get(reverse("casework:cases") + query).context["cases"]
    paper = client.get(LIST + query).context["cases"]
    file = list_content(Export(requested_by=caseworker, filters=filters_of({}, view)))

    codes = {case.person.code for case in page}
    assert len(codes) == {"due": 1, "closed": 1}.get(view, 2)
    assert {case.person.code for case in paper} == codes
    assert {line[0] for line in file.sheets[0].lines[1:]} == codes
