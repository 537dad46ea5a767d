"""Numbers of cards."""

import pytest

from casework import cards
from tests import factories


def test_number_has_twelve_digits_and_is_the_same_each_time(db):
    card = factories.CardFactory()

    number = cards.number_of(card.pk)

    assert number.isdigit()
    assert len(number) == 12
    assert number == cards.number_of(card.pk) == cards.read_number(cards.in_groups(number))
    assert card.number_hash == cards.hash_of(number)
    assert number not in card.number_hash


def test_wrong_digit_and_swapped_neighbours_are_found(db):
    number = cards.number_of(factories.CardFactory().pk)

    wrong = [
        number[:at] + digit + number[at + 1 :]
        for at in range(12)
        for digit in "0123456789"
        if digit != number[at]
    ]
    wrong += [
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for at in range(11)
        if number[at] != number[at + 1]
    ]

    assert [text for text in wrong if cards.read_number(text)] == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "+381641234567",
        "١٢٣٤٥٦٧٨٩٠١٢",
        "1234  5678 9012",
        "1" * 100_000,
        "１２３４５６７８９０１２",
    ],
)
def test_what_is_no_number_is_none(typed):
    assert not cards.looks_like_number(typed)
    assert cards.read_number(typed) is None
