"""A02: every persona at every door, compared with the file that says who may open what.

`ACCESS_MATRIX=write` writes the file anew; what changed in it is read before it is committed.
"""

import os

import pytest

from tests.security import matrix
from tests.security.world import PERSONAS


@pytest.mark.skipif(os.environ.get("ACCESS_MATRIX") != "write", reason="writes the file")
def test_write_the_matrix(asker):
    asker.learn_what_doors_lead_to()
    asker.keep_what_doors_lead_to()
    matrix.write({column: asker.answers(column) for column in PERSONAS})


def test_A02_the_matrix_knows_every_door():
    asked = {(method, route.path) for method, route, _name in matrix.questions()}

    assert {(method, path) for method, path, _name in matrix.read()} == asked


# Each of them takes a quarter of a minute; the others resemble one of these and wait for the night.
ALWAYS = {"A0", "CW2", "CO1", "PU"}
COLUMNS = [
    column if column in ALWAYS else pytest.param(column, marks=pytest.mark.slow)
    for column in PERSONAS
]


@pytest.mark.parametrize("column", COLUMNS)
def test_A02_every_door_answers_as_the_matrix_says(asker, column):
    told = asker.answers(column)
    expected = matrix.read()

    wrong = {q: status for q, (status, _tells) in told.items() if status != expected[q][column]}
    assert wrong == {}
    assert [q for q, (_status, tells) in told.items() if tells] == []
    assert set(told) == set(expected)
