import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.codes import ALPHABET, code_from, new_code, read_code


def test_code_has_two_groups_of_sayable_signs():
    code = new_code()

    assert len(code) == 7
    assert code[3] == "-"
    assert set(code.replace("-", "")) <= set(ALPHABET)


def test_code_is_read_however_it_was_typed():
    code = code_from(12_345)
    plain = code.replace("-", "")

    assert read_code(code.lower()) == code
    assert read_code(f" {plain[:3]} {plain[3:]} ") == code
    assert read_code(plain) == code


@given(st.integers(0, 31**5 - 1), st.integers(0, 5), st.sampled_from(ALPHABET))
def test_each_wrong_sign_is_found(number, place, sign):
    plain = code_from(number).replace("-", "")
    misread = plain[:place] + sign + plain[place + 1 :]

    assert (read_code(misread) is None) == (misread != plain)


@given(st.integers(0, 31**5 - 1), st.integers(0, 4))
def test_each_swap_of_neighbours_is_found(number, place):
    plain = code_from(number).replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]

    assert (read_code(swapped) is None) == (swapped != plain)


@pytest.mark.parametrize(
    "typed", ["", "7KM", "7KM-2XQ9", "samira", "0KM-2XQ", "𝟕KM-2XQ", "٧KM-2XQ"]
)
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None


def test_numbers_give_different_codes():
    assert len({code_from(number) for number in range(1_000)}) == 1_000
