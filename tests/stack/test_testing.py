import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stack.paths import ROOT
from stack.testruns import remove_stale_runs, run_directory

OPTIONS = ("-p", "stack.testing", "-p", "no:cacheprovider")
RUN = """
import os, select
def test_waits():
    with open(os.environ["TALK"], "a") as out:
        print(os.environ["CASEWORK_TEST_RUN"], file=out, flush=True)
        while True:  # a signal that came just before is seen at the next turn
            select.select([], [], [], 0.2)
"""


@pytest.fixture
def other_run(place, last_words):
    """Another test run with servers of its own, in the middle of a test."""
    (place / "test_run.py").write_text(RUN)
    (place / "pytest.ini").write_text("[pytest]\n")
    ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    child = subprocess.Popen(
        [sys.executable, "-m", "pytest", *OPTIONS, "-c", str(place / "pytest.ini"), str(place)],
        cwd=ROOT,
        env=env | {"TALK": str(last_words.path)},
        stdout=subprocess.DEVNULL,
        # Whoever starts us in the background may have us ignore the interrupt, and it is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    yield child
    child.kill()
    child.wait()


def test_run_has_servers_of_its_own(other_run, last_words):
    path = Path(last_words.first_line())

    assert path != run_directory()
    assert (path / "s/.s.PGSQL.5432").exists()
    assert (path / "v/broker").exists()


def test_interrupted_run_leaves_nothing(other_run, last_words):
    path = Path(last_words.first_line())

    other_run.send_signal(signal.SIGINT)
    other_run.wait()

    assert not path.exists()


def test_what_a_killed_run_leaves_is_removed_by_the_next(
    other_run, last_words, wait_for_the_end_of
):
    path = Path(last_words.first_line())
    children = Path(f"/proc/{other_run.pid}/task/{other_run.pid}/children").read_text().split()

    other_run.kill()
    other_run.wait()
    for server in children:
        wait_for_the_end_of(int(server))
    remove_stale_runs()

    assert not path.exists()
    assert run_directory().exists()
