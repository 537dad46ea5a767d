"""Ways to see that processes are gone, without asking the clock."""

import os
import secrets
import select
import shutil

import pytest

from stack.testruns import run_directory


@pytest.fixture
def place():
    """A directory that the database's account can enter; pytest's own is closed to it."""
    path = run_directory() / f"place-{secrets.token_hex(4)}"
    path.mkdir(mode=0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def last_words(place):
    """A pipe to log into: reading it to its end waits until every writer is dead."""
    path = place / "pipe"
    os.mkfifo(path)
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(handle, True)

    class LastWords:
        def __init__(self):
            self.path = path

        def first_line(self):
            line = b""
            while not line.endswith(b"\n"):
                line += os.read(handle, 1)
            return line.decode().strip()

        def until_all_are_dead(self):
            text = b""
            while part := os.read(handle, 4096):
                text += part
            return text.decode()

    yield LastWords()
    os.close(handle)


@pytest.fixture
def wait_for_the_end_of():
    """Waits for a process that is not our child."""

    def wait(pid):
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        select.select([handle], [], [])
        os.close(handle)

    return wait
