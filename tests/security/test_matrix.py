"""A02: every persona at every door, compared with the file that says who may open what.

`ACCESS_MATRIX=write` writes the file anew; `ACCESS_MATRIX=mend` asks only at doors that are new or
lead to other rows than before. What changed in the file is read before it is committed.
"""

import os

import pytest

from tests.doors import SHUT
from tests.security import matrix
from tests.security.world import PERSONAS

WISH = os.environ.get("ACCESS_MATRIX")


@pytest.mark.skipif(WISH not in {"write", "mend"}, reason="writes the file")
def test_write_the_matrix(asker):
    asker.learn_what_doors_lead_to()
    changed = asker.keep_what_doors_lead_to()
    before = matrix.read() if WISH == "mend" else {}
    kept = {question: line for question, line in before.items() if question[1] not in changed}
    asked = [(m, route, n) for m, route, n in matrix.questions() if (m, route.path, n) not in kept]
    matrix.write({column: asker.answers(column, asked) for column in PERSONAS}, kept)


def test_A02_the_matrix_knows_every_door():
    asked = {(method, route.path) for method, route, _name in matrix.questions()}

    assert {(method, path) for method, path, _name in matrix.read()} == asked


# A second look, and what stands above a consent, are for a supervisor who has access by name; an
# institution proposes changes of its own entries. Nobody in this world is one, or has one.
OPENS_ELSEWHERE = {
    "/screening/<uuid:pk>/review/",
    "/referrals/<uuid:pk>/override/",
    "/directory/contacts/<uuid:pk>/propose/",
    "/directory/places/<uuid:pk>/propose/",
    "/directory/services/<uuid:pk>/propose/",
}
# Who is sent away whatever the id: without an account, or after the last day.
TURNED_AWAY = {"A0", "EX"}


def test_A02_each_door_with_an_id_opens_for_somebody_and_not_for_everybody():
    opened, refused = set(), set()
    for (_method, path, name), line in matrix.read().items():
        machine = set() if path.startswith("/api/") else {"TK"}
        said = {line[column] for column in PERSONAS.keys() - TURNED_AWAY - machine}
        if name not in {"-", "nobody"}:
            opened |= {path} if said - SHUT else set()
            refused |= {path} if said & SHUT else set()

    doors = {route.path for route in matrix.CLOSED if matrix.has_ids(route)}
    assert doors - opened == OPENS_ELSEWHERE
    assert doors - refused == set()


def compare(told, expected, column):
    assert {q: status for q, (status, _) in told.items() if status != expected[q][column]} == {}
    assert [q for q, (_status, tells) in told.items() if tells] == []


# One's own, somebody else's, and what names nobody: of the others the night asks.
BOTH_SIDES = {"hub1", "house2", "-"}


def test_A02_each_door_answers_one_persona_as_the_matrix_says(asker):
    """The personas share the doors among them, all ways in and both sides of the gate."""
    expected = matrix.read()
    asked = [question for question in matrix.questions() if question[2] in BOTH_SIDES]
    doors = {path: number for number, path in enumerate({r.path: None for _, r, _ in asked})}

    for share, column in enumerate(PERSONAS):
        hers = [q for q in asked if doors[q[1].path] % len(PERSONAS) == share]
        compare(asker.answers(column, hers), expected, column)


# Some minutes each; anonymous is quick.
COLUMNS = [
    column if column == "A0" else pytest.param(column, marks=pytest.mark.slow)
    for column in PERSONAS
]


@pytest.mark.parametrize("column", COLUMNS)
def test_A02_every_door_answers_as_the_matrix_says(asker, column):
    told, expected = asker.answers(column), matrix.read()

    compare(told, expected, column)
    assert set(told) == set(expected)
