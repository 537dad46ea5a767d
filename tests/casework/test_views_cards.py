from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from casework import cards
from casework.models import Card, CheckIn
from tests import factories

PRINT = reverse("casework:print_cards")


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def card(person):
    return factories.CardFactory(person=person)


def of(person):
    return reverse("casework:cards", args=[person.pk])


def issue(person):
    return reverse("casework:issue_card", args=[person.pk])


def replace(card):
    return reverse("casework:replace_card", args=[card.pk])


def end(card):
    return reverse("casework:end_card", args=[card.pk])


def submitted(**typed):
    return {"operation": str(uuid4()), **typed}


def test_card_is_given_and_printed(desk, person, caseworker):
    response = desk.post(issue(person), submitted(), follow=True)

    card = Card.objects.get()
    assert (card.person, card.state, card.issued_by) == (person, "active", caseworker)
    assert cards.in_groups(cards.number_of(card.pk)) in response.text
    assert "<path" in response.text
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {"issue_card", "print_cards"}


def test_paper_says_nothing_but_a_number(desk, person, card, caseworker, house):
    page = desk.get(PRINT, {"card": card.pk}).text
    sheet = page[page.index('class="id-cards"') : page.index("</main>")]

    told = [person.code, caseworker.username, caseworker.name, house.name_en, str(card.pk)]
    assert [word for word in told if word in sheet] == []
    assert "http" not in sheet
    # No mark of who printed it, unlike every other sheet.
    assert 'class="printed"' not in page


def test_all_of_today_stand_on_one_sheet(desk, person, card, caseworker):
    other = factories.CardFactory(person__team=person.team, issued_by=caseworker)
    factories.CardFactory()

    response = desk.get(PRINT)

    assert len(response.context["cards"]) == 2
    assert cards.in_groups(cards.number_of(other.pk)) in response.text


def test_second_click_gives_one_card(desk, person):
    typed = submitted()

    first, second = desk.post(issue(person), typed), desk.post(issue(person), typed)

    assert first.headers["Location"] == second.headers["Location"]
    assert Card.objects.count() == 1


def test_second_card_is_refused(desk, person, card):
    response = desk.post(issue(person), submitted(), follow=True)

    assert "This person has a card." in response.text
    assert Card.objects.count() == 1


def test_lost_card_is_replaced(desk, card):
    desk.post(replace(card), submitted())

    old, new = Card.objects.order_by("issued_at")
    assert (old.state, new.state) == ("replaced", "active")
    assert old.number_hash != new.number_hash
    response = desk.post(replace(card), submitted(), follow=True)
    assert "This card is not in use any more." in response.text


@pytest.mark.parametrize("state", ["lost", "returned"])
def test_card_ends(desk, card, state):
    desk.post(end(card), submitted(state=state))

    card.refresh_from_db()
    assert card.state == state
    assert isinstance(card.ended_on, date)


@pytest.mark.parametrize("state", ["active", "replaced", "", "stolen"])
def test_card_ends_in_known_ways_only(desk, card, state):
    desk.post(end(card), submitted(state=state))

    card.refresh_from_db()
    assert card.is_in_use


def test_cards_of_a_person_are_listed(desk, card):
    response = desk.get(of(card.person))

    assert "In use" in response.text
    assert card.number_hash not in response.text
    assert cards.number_of(card.pk) not in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_any_number_of_cards(desk, person, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.CardFactory(person=person, state="lost", ended_on=date(2026, 1, 1))

    with django_assert_num_queries(11):
        response = desk.get(of(person))

    assert len(response.context["cards"]) == rows


def test_stranger_finds_nothing_and_who_may_not_is_refused(signed_in, stranger, case, mobile):
    card = factories.CardFactory(person=case.person)
    factories.CaseAccessFactory(content_object=case, user=mobile)
    elsewhere, field = signed_in(stranger), signed_in(mobile)
    posts = [(issue(case.person), {}), (replace(card), {}), (end(card), {"state": "lost"})]

    assert [elsewhere.post(url, submitted(**typed)).status_code for url, typed in posts] == [
        404
    ] * 3
    assert [field.post(url, submitted(**typed)).status_code for url, typed in posts] == [403] * 3
    assert elsewhere.get(of(case.person)).status_code == 404
    assert elsewhere.get(PRINT, {"card": card.pk}).context["cards"] == []
    assert field.get(PRINT, {"card": card.pk}).status_code == 403
    card.refresh_from_db()
    assert card.is_in_use


@pytest.mark.parametrize("asked", ["x", "", "\x00", "1' OR 1=1"])
def test_nonsense_prints_nothing(desk, card, asked):
    assert desk.get(PRINT, {"card": asked}).context["cards"] == []


def test_card_checks_nobody_in_by_itself(desk, person):
    desk.post(issue(person), submitted())

    assert CheckIn.objects.count() == 0
