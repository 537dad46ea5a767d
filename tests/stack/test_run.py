import os
import signal
import socket
import subprocess
import sys

import pytest

from stack import control, processes, run
from stack.installation import Installation
from stack.paths import ROOT
from stack.testbrowser import stack_environment, wait_until_started


@pytest.fixture
def environ(place):
    return stack_environment(place / "data")


@pytest.fixture
def made(environ):
    made = Installation(environ)
    made.make()
    return made


def test_second_start_from_the_same_data_is_refused_in_one_line(made):
    with run.only_one(made):
        second = subprocess.run(
            [sys.executable, "-m", "stack.run"],
            cwd=ROOT,
            env=made.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    assert second.returncode == 1
    assert (second.stdout, second.stderr) == (
        "",
        f"Casework already runs from {made.data} (process {os.getpid()}): stop that one first.\n",
    )


def test_taken_port_is_named(made):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", made.port))
        holder.listen()

        with pytest.raises(SystemExit, match=f"Port {made.port} is taken"):
            run.refuse_taken_port(made)


def test_status_of_what_does_not_run(made, capsys):
    code = control.status(made, as_json=True)

    assert code == 1
    assert capsys.readouterr().out == (
        '{"running": false, "ready": false, "address": "", "processes": {}}\n'
    )


def test_kill_of_what_does_not_run_says_so(made, capsys):
    assert control.kill(made, "web", signal.SIGTERM) == 1
    assert capsys.readouterr().err == "No process web; there is: none.\n"


def test_demo_data_of_another_postgres_is_set_aside(made):
    server = run.Postgres(made.data / "postgres", made.data / "s", made.logs / "db.log")
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("9\n")

    run.set_other_version_aside(made, server)

    assert not server.data.exists()
    assert [path.name[:11] for path in made.data.glob("postgres-*")] == ["postgres-9-"]


def begin(made):
    """Start the whole product in a process of its own and wait for its pages."""
    made.state_file.unlink(missing_ok=True)
    log = made.data.with_suffix(".log")
    command = [sys.executable, "-m", "stack.run"]
    child = processes.start(command, log=log, env=made.environ, cwd=ROOT)
    wait_until_started(child, made.state_file, log)
    return child


@pytest.fixture
def started(made):
    child = begin(made)
    yield child
    processes.stop(child, seconds=60)


@pytest.mark.slow
def test_interrupt_leaves_no_process(made, started):
    pids = control.read_state(made)["processes"]
    assert {*pids} == {"db", "redis", "web", "worker", "relay", "sealer", "beat"}

    assert processes.stop(started, signal.SIGINT, 60) is True

    assert started.returncode == 0
    assert {name for name, pid in pids.items() if control.is_alive(pid)} == set()
    assert not made.state_file.exists()


@pytest.mark.slow
def test_kill_of_the_supervisor_leaves_no_process_and_the_next_start_works(
    made, started, wait_for_the_end_of
):
    groups = control.read_state(made)["processes"]

    started.kill()
    started.wait()
    gone = [wait_for_the_end_of(pid) for pid in groups.values()]
    again = begin(made)

    assert len(gone) == 6
    assert processes.stop(again, seconds=60) is True


@pytest.mark.slow
@pytest.mark.parametrize("name", ["worker", "redis", "db"])
def test_death_of_one_process_stops_the_rest_and_shows_why(made, started, name):
    pids = control.read_state(made)["processes"]

    control.kill(made, name, signal.SIGKILL)

    assert started.wait(60) == 1
    assert {each for each, pid in pids.items() if control.is_alive(pid)} == set()
    assert f"{name} ended unexpectedly" in made.data.with_suffix(".log").read_text()
