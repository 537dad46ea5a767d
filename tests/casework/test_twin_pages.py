"""The pages of pairs and merges: two workers settle one pair; others do not see it."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from casework import actions
from casework.actions.search import index_names
from casework.models import Case, Person, PersonMerge, TwinTicket
from tests import factories
from tests.casework.test_merging import merged, pair, ticket  # noqa: F401  # fixtures

LIST = reverse("casework:twin_list")


def of(ticket):  # noqa: F811
    return reverse("casework:twins", args=[ticket.pk])


def merging(ticket):  # noqa: F811
    return reverse("casework:merge_people", args=[ticket.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_one_pair_and_for_three(
    count, caseworker, signed_in, team, django_assert_num_queries
):
    for _ in range(count):
        factories.TwinTicketFactory(person=factories.PersonFactory(team=team))
    browser = signed_in(caseworker)
    browser.get(LIST)

    with django_assert_num_queries(QUERIES):
        answer = browser.get(LIST)

    assert len(answer.context["tickets"]) == count


QUERIES = 10


def test_two_workers_settle_and_merge_one_pair(pair, signed_in, caseworker, colleague):  # noqa: F811
    ticket = factories.TwinTicketFactory(person=pair[0], other=pair[1])  # noqa: F811
    first, second = ticket.people
    one, other = signed_in(caseworker), signed_in(colleague)

    assert one.post(of(ticket), {"verdict": "same", "version": 1}).url == LIST
    assert "Somebody else has to confirm it" in one.get(of(ticket)).text

    compared = other.post(merging(ticket), {"version": 2})
    assert compared.status_code == 200
    assert "<bdi>Zahra Rahimi</bdi>" in compared.text
    assert AuditEvent.objects.filter(verb="compare_records").count() == 2
    chosen = {
        "version": 2,
        "first_version": 1,
        "second_version": 1,
        "keep": "first",
        "name": "first",
        "open_case": str(Case.objects.get(person=first).pk),
    }
    answer = other.post(merging(ticket), chosen)

    assert answer.status_code == 302, answer.context["form"].errors
    merge = PersonMerge.objects.get()
    assert answer.url == merge.get_absolute_url()
    assert "It is being done" in other.get(answer.url).text
    actions.carry_out_merge(merge.pk)
    assert "Take the records apart again" in other.get(answer.url).text
    assert f"{second.code} → {first.code}" in other.get(LIST).text

    undone = other.post(reverse("casework:undo_merge", args=[merge.pk]))

    assert undone.url == merge.get_absolute_url()
    actions.carry_out_undo(merge.pk)
    assert Person.objects.filter(merged_into=None).count() == 2


def test_choice_that_is_missing_is_asked_for_and_the_rest_is_kept(ticket, signed_in, colleague):  # noqa: F811
    sent = {"version": 2, "first_version": 1, "second_version": 1, "keep": "second"}

    answer = signed_in(colleague).post(merging(ticket), sent)

    assert answer.context["form"].errors["open_case"]
    assert answer.context["form"]["keep"].value() == "second"
    assert not PersonMerge.objects.exists()


def test_one_worker_alone_gets_no_further(ticket, signed_in, caseworker):  # noqa: F811
    answer = signed_in(caseworker).post(merging(ticket), {"version": 2}, follow=True)

    assert "Somebody else has to confirm it." in answer.text


def test_worker_says_that_there_is_a_second_record(signed_in, caseworker, team):
    person, other = factories.PersonFactory.create_batch(2, team=team)
    page = reverse("casework:open_ticket", args=[person.pk])
    browser = signed_in(caseworker)

    assert "You see no record" in browser.post(page, {"other": "7KM-2XQ"}).text
    assert browser.post(page, {"other": other.code}).url == of(TwinTicket.objects.get())
    assert "This is the same record" in browser.post(page, {"other": person.code}).text


def test_stranger_sees_no_pair_and_no_merge(ticket, stranger, colleague, signed_in):  # noqa: F811
    browser = signed_in(stranger)
    merge = merged(ticket, colleague)

    for page in (of(ticket), merge.get_absolute_url()):
        assert browser.get(page).status_code == 404
    for page in (merging(ticket), reverse("casework:undo_merge", args=[merge.pk])):
        assert browser.post(page).status_code == 404


def test_colleague_without_the_function_may_not(pair, signed_in, team):  # noqa: F811
    ticket = factories.TwinTicketFactory(person=pair[0], other=pair[1])  # noqa: F811
    operator = factories.UserFactory(
        organization=team.organization, teams=[team], role="phone_operator"
    )
    browser = signed_in(operator)

    assert browser.get(LIST).status_code == 403
    assert browser.get(of(ticket)).status_code == 403
    assert browser.post(merging(ticket)).status_code == 403


def test_two_houses_each_see_their_own_people(stranger, caseworker, signed_in, team):
    """Has she been here? The other house is told that a match may exist and whom to ask."""
    theirs = factories.AssignedCaseFactory(person__team=team, owner=caseworker)
    identity = factories.PersonIdentityFactory(
        person=theirs.person, data_key=theirs.person.data_key, name="Zahra Rahimi"
    )
    index_names(identity)
    browser = signed_in(stranger)

    answer = browser.post(reverse("casework:ask_elsewhere"), {"q": "زهرا رحیمی"})

    assert "A possible match exists" in answer.text
    assert team.organization.name in answer.text
    assert "Ask the coordinator" in answer.text
    for told in (theirs.person.code, "Zahra", str(theirs.person.pk), str(theirs.pk)):
        assert told not in answer.text.replace("زهرا رحیمی", "")
    assert browser.get(f"/people/{theirs.person_id}/").status_code == 404
    assert theirs.person.code not in browser.get(reverse("casework:people")).text
    assert actions.find_twins() == 0
