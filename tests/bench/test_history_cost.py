"""What keeping the version before costs a write: CPU of the database's process, not wall time."""

import os
import statistics
from pathlib import Path

import pytest
from django.db import connection

from casework.models import Person
from tests import factories

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

ROUNDS, WRITES = 6, 400
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def database_ms():
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * TICK_MS


def cost(pks, number):
    before = database_ms()
    for each in range(WRITES):
        Person.objects.filter(pk=pks[each % len(pks)]).update(version=number * WRITES + each + 2)
    return (database_ms() - before) / WRITES


def test_version_before_costs_one_insert(person):
    pks = [person.pk, *(factories.PersonFactory().pk for _ in range(20))]
    found = {"with": [], "without": []}
    for number in range(ROUNDS):
        for kind in ("with", "without"):
            with connection.cursor() as cursor:
                word = "ENABLE" if kind == "with" else "DISABLE"
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE casework_person {word} TRIGGER USER")
            found[kind].append(cost(pks, number * 2 + (kind == "with")))
    told = {kind: statistics.median(values) for kind, values in found.items()}

    print(f"update of a person: {told['without']:.3f} ms, with its history {told['with']:.3f} ms")
    assert told["with"] < told["without"] + 0.5
