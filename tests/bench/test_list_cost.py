"""What the guards cost: a list with them against the same list without, in the same run.

CPU of the web process and of its database connection, not wall time: others use the machine too.
The comparison takes encryption, row-level security and the trail away by patching; it is the one
benchmark that may. `BENCH_CASES` says how many invented cases (5,000).
"""

import json
import logging
import os
import statistics
import time
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import audit, scope
from accounts.models import User
from tests.conftest import browser_of
from vault.fields import SealedTextField

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results.json"
CASES = os.environ.get("BENCH_CASES", "5000")
ROUNDS, REQUESTS = 8, 12
LIMIT = 1.5
PAGES = [
    ("caseworker", "/cases/"),
    ("coordinator", "/cases/"),
    ("caseworker", "/visits/"),
    ("caseworker", "/people/"),
    ("caseworker", "/referrals/"),
    ("coordinator", "/referrals/"),
]
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def cpu_ms():
    """CPU so far of this process and of the one that serves its connection, in milliseconds."""
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return time.process_time() * 1000, (int(user) + int(system)) * TICK_MS


def cost(client, path):
    """Milliseconds a request: of the web process and of the database."""
    before = cpu_ms()
    for _ in range(REQUESTS):
        assert client.get(path).status_code == 200
    return [(after - early) / REQUESTS for after, early in zip(cpu_ms(), before, strict=True)]


@contextmanager
def without_guards():
    """Inside, nothing is unsealed, nobody is checked twice, nothing is written down."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "_insert", lambda event: None)
        patch.setattr(SealedTextField, "open", lambda field, row, sealed: field.empty)
        patch.setattr(scope, "tell", lambda connection: None)
        yield


@pytest.fixture(autouse=True)
def quiet():
    """The lines of the requests are work of both sides, and would hide the table."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)


def test_a_list_costs_less_than_half_more_with_its_guards():
    call_command("seed_demo", cases=int(CASES), stdout=StringIO())
    figures = {}
    for login, path in PAGES:
        client = browser_of(User.objects.get(username=login))
        told = {"with": [], "without": []}
        for _ in range(ROUNDS):
            told["with"].append(cost(client, path))
            with without_guards():
                told["without"].append(cost(client, path))
        figures[f"{path} {login}"] = {
            name: [round(statistics.median(column), 1) for column in zip(*rounds, strict=True)]
            for name, rounds in told.items()
        }

    report(figures)
    ratios = {name: sum(f["with"]) / sum(f["without"]) for name, f in figures.items()}
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio >= LIMIT} == {}


def report(figures):
    """A table for the reader, a file for the next comparison."""
    print(f"\n{'list':28} {'with: web + db ms':>20} {'without':>16} {'ratio':>6}  ({CASES} cases)")
    for name, told in figures.items():
        cells = [f"{told[side][0]:.1f} + {told[side][1]:.1f}" for side in ("with", "without")]
        ratio = sum(told["with"]) / sum(told["without"])
        print(f"{name:28} {cells[0]:>20} {cells[1]:>16} {ratio:6.2f}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"cases": int(CASES), "lists": figures}, indent=1) + "\n")
