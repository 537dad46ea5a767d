import os
import signal
import sys

import pytest

from stack.supervisor import Program, Stopped, Supervisor, stop_on_signals

STAYS = "import signal; print('up', flush=True); signal.pause()"
FALLS = "import sys; sys.exit('cannot go on')"


@pytest.fixture
def told():
    return []


def program(name, code, log):
    return Program(name, [sys.executable, "-c", code], os.environ, log)


def test_watch_ends_with_the_first_death_and_shows_its_reason(place, told):
    supervisor = Supervisor(told.append)
    supervisor.start(program("stays", STAYS, place / "stays.log"))
    supervisor.start(program("falls", FALLS, place / "falls.log"))

    supervisor.watch(changed=lambda: None)
    supervisor.stop()

    assert told == [
        f"falls ended unexpectedly; the end of {place}/falls.log:",
        "  | cannot go on",
    ]


def test_watch_with_restart_gives_up_when_a_program_keeps_dying(place, told):
    supervisor = Supervisor(told.append, restart=True)
    supervisor.start(program("falls", FALLS, place / "falls.log"))
    starts = []

    supervisor.watch(changed=lambda: starts.append(supervisor.pids()["falls"]))
    supervisor.stop()

    assert len(set(starts)) == 5
    assert told.count("falls was started again.") == 5


def test_stop_ends_every_program_and_forgets_it(last_words, told):
    supervisor = Supervisor(told.append)
    for name in ("one", "two"):
        supervisor.start(program(name, STAYS, last_words.path))
        last_words.first_line()

    supervisor.stop()

    assert last_words.until_all_are_dead() == ""
    assert (supervisor.pids(), told) == ({}, [])


def test_servers_stop_after_the_programs_and_last_comes_first(place, told):
    order = []

    class Server:
        log = place / "server.log"
        process = None

        def __init__(self, name):
            self.name = name

        def start(self):
            order.append(f"start {self.name}")

        def stop(self):
            order.append(f"stop {self.name}")
            return True

    class Noted(Program):
        def stop(self):
            order.append(f"stop {self.name}")
            return super().stop()

    supervisor = Supervisor(told.append)
    for name in ("db", "redis"):
        supervisor.start(Server(name))
    supervisor.start(Noted("web", [sys.executable, "-c", STAYS], os.environ, place / "web.log"))

    supervisor.stop()

    assert order == ["start db", "start redis", "stop web", "stop redis", "stop db"]


def test_signal_becomes_stopped_once(told):
    before = signal.getsignal(signal.SIGINT)

    with stop_on_signals():
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is before
