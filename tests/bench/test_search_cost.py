"""What a question among 200,000 people costs, and turning over 50,000 keys, in processor time."""

import io
import random
import shutil
import time
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from psycopg2 import sql

from accounts.scope import acting_as
from casework.actions.search import index_names
from casework.names import phonetic_keys
from casework.names.keys import ways_of
from casework.search import ask_everywhere, find_people
from tests import factories
from vault.actions import keys_on_old_versions, rewrap_keys
from vault.models import DataKey
from vault.ring import add_version

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

PEOPLE = 200_000
KEYS = 50_000
OWN = 500
QUESTIONS = 200
CONSONANTS = ["b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "q", "r", "s", "sh", "t", "z"]
SYLLABLES = [f"{first}{vowel}" for first in CONSONANTS for vowel in "aiu"]
SECOND = 1_000_000_000


def words(count, seed):
    """Made-up words of two or three syllables; the first ones are far more frequent."""
    chance = random.Random(seed)
    made = ["".join(chance.choices(SYLLABLES, k=chance.choice([2, 3, 3]))) for _ in range(count)]
    return made, [1 / (rank + 3) for rank in range(count)]


def full_names(count, seed):
    chance = random.Random(seed)
    (given, given_weights), (family, family_weights) = words(1_500, 1), words(8_000, 2)
    first = chance.choices(given, given_weights, k=count)
    second = chance.choices(family, family_weights, k=count)
    return [" ".join(pair) for pair in zip(first, second, strict=True)]


def server_cpu(cursor):
    """Nanoseconds of processor that the server's process of this connection has used."""
    cursor.execute("SELECT pg_backend_pid()")
    return int(Path(f"/proc/{cursor.fetchone()[0]}/schedstat").read_text().split()[0])


def cost(action):
    """Milliseconds of processor, ours and the server's, that an action uses."""
    with connection.cursor() as cursor:
        server, ours = server_cpu(cursor), time.process_time_ns()
        action()
        total = time.process_time_ns() - ours + server_cpu(cursor) - server
    return total * 1000 / SECOND


def percentile(costs, share):
    return sorted(costs)[int(len(costs) * share / 100)]


def copy(cursor, table, columns, rows):
    text = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)


@pytest.fixture
def everybody():
    """200,000 people of one house with names of two parts, and their keys."""
    some = factories.PersonFactory()
    names = full_names(PEOPLE, 3)
    ids = [UUID(int=(1 << 120) + number) for number in range(PEOPLE)]
    keys = {
        name: "{" + ",".join(map(str, sorted(phonetic_keys(name)))) + "}" for name in set(names)
    }
    with connection.cursor() as cursor:
        columns = [
            field.column
            for field in type(some)._meta.concrete_fields
            if field.column not in ("id", "code")
        ]
        cursor.execute("CREATE TEMP TABLE made (id uuid, code text)")
        copy(cursor, "made", "id, code", ((pk, f"{n:07d}") for n, pk in enumerate(ids)))
        told = sql.SQL(", ").join(map(sql.Identifier, columns))
        cursor.execute(
            "CREATE TEMP TABLE one AS SELECT * FROM casework_person WHERE id = %s", [some.pk]
        )
        cursor.execute("ALTER TABLE one RENAME id TO old_id")
        cursor.execute("ALTER TABLE one RENAME code TO old_code")
        fill = "INSERT INTO casework_person (id, code, {0}) SELECT id, code, {0} FROM made, one"
        cursor.execute(sql.SQL(fill).format(told))
        rows = ((pk, keys[name], 2) for pk, name in zip(ids, names, strict=True))
        copy(cursor, "casework_personsearch", "person_id, keys, parts", rows)
        cursor.execute("ANALYZE casework_personsearch")
        cursor.execute("ANALYZE casework_person")
    return names


def test_question_among_everybody(everybody, colleague, capsys):
    chance = random.Random(4)
    typed = chance.sample(everybody, QUESTIONS)
    strangers = full_names(QUESTIONS, 5)
    answers = []

    def ask(name):
        with acting_as(colleague), transaction.atomic():
            answers.append(bool(ask_everywhere(colleague, name).organizations))

    costs = [cost(lambda name=name: ask(name)) for name in typed]
    missed = answers.count(False)
    answers.clear()
    unknown = [name for name in strangers if name not in set(everybody)]
    for name in unknown:
        ask(name)

    with capsys.disabled():
        print(
            f"\nask_everywhere among {PEOPLE}: {percentile(costs, 50):.1f} ms processor, "
            f"95 %: {percentile(costs, 95):.1f} ms; {missed} of {QUESTIONS} missed; "
            f"{answers.count(True)} of {len(unknown)} names that nobody has sound like one"
        )
    assert missed == 0
    assert percentile(costs, 95) < 50


def test_reading_what_was_typed(capsys):
    names = full_names(QUESTIONS, 6)

    costs = [cost(lambda name=name: ways_of(name)) for name in names]

    with capsys.disabled():
        print(f"\nways_of: {percentile(costs, 50):.2f} ms, 95 %: {percentile(costs, 95):.2f} ms")
    assert percentile(costs, 95) < 10


def test_search_among_five_hundred_of_ones_own(caseworker, team, capsys):
    for name in full_names(OWN, 7):
        case = factories.AssignedCaseFactory(
            person=factories.PersonFactory(team=team), owner=caseworker
        )
        person = case.person
        index_names(
            factories.PersonIdentityFactory(person=person, data_key=person.data_key, name=name)
        )
    typed = full_names(30, 8)

    costs = [cost(lambda name=name: find_people(caseworker, name)) for name in typed]

    with capsys.disabled():
        print(
            f"\nfind_people among {OWN} of one's own: {percentile(costs, 50):.1f} ms, "
            f"95 %: {percentile(costs, 95):.1f} ms"
        )
    assert percentile(costs, 50) < 150


def test_turning_over_fifty_thousand_keys(tmp_path, settings, capsys):
    shutil.copy(settings.KEY_RING_FILE, tmp_path / "ring")
    settings.KEY_RING_FILE = str(tmp_path / "ring")
    for start in range(0, KEYS, 5_000):
        DataKey.objects.bulk_create(
            DataKey.make(UUID(int=(1 << 120) + start + number)) for number in range(5_000)
        )
    add_version(tmp_path / "ring")

    spent = cost(lambda: sum(batch.done for batch in rewrap_keys()))

    with capsys.disabled():
        print(f"\nrewrap of {KEYS} keys: {spent / 1000:.2f} s processor, ours and the server's")
    assert keys_on_old_versions() == 0
    assert spent < 10_000
