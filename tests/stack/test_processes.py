import os
import signal
import subprocess
import sys

import pytest

from stack import processes
from stack.paths import ROOT

LISTENER = "import signal; print('up', flush=True); signal.pause()"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {LISTENER}"
PARENT = """
import signal, sys
from pathlib import Path
from stack import processes
processes.start([sys.executable, "-c", sys.argv[2]], log=Path(sys.argv[1]))
signal.pause()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_child_ends_when_its_parent_is_killed(last_words):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(last_words.path), LISTENER], cwd=ROOT
    )
    assert last_words.first_line() == "up"

    parent.kill()

    assert last_words.until_all_are_dead() == ""
    assert parent.wait() == -signal.SIGKILL


def test_stop_of_an_obedient_child_waits_for_it(last_words):
    child = processes.start([sys.executable, "-c", LISTENER], log=last_words.path)
    last_words.first_line()

    obeyed = processes.stop(child)

    assert (obeyed, child.returncode) == (True, -signal.SIGTERM)


def test_stop_of_a_deaf_child_kills_its_whole_group(last_words):
    family = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {LISTENER!r}]); "
    child = processes.start([sys.executable, "-c", family + DEAF], log=last_words.path)
    assert [last_words.first_line(), last_words.first_line()] == ["up", "up"]

    obeyed = processes.stop(child, seconds=0.01)

    assert (obeyed, child.returncode) == (False, -signal.SIGKILL)
    assert last_words.until_all_are_dead() == ""


def test_database_account_is_never_root():
    assert processes.database_account().uid != 0


def test_account_reaches_what_is_open_on_the_whole_way(place):
    (place / "open").mkdir(mode=0o711)
    (place / "closed/within").mkdir(parents=True)
    (place / "closed").chmod(0o700)
    stranger = processes.Account(uid=54_321, gid=54_321)

    assert stranger.can_reach(place / "open") is True
    assert stranger.can_reach(place / "closed/within") is False
    assert processes.Account(os.getuid(), os.getgid()).can_reach(place / "closed/within") is True
