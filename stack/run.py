"""`make run`: database, broker, one-time steps, then web, worker, relay and scheduler."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stack import demo, processes, programs, steps
from stack.healthy import answers
from stack.installation import Installation
from stack.paths import ROOT, make_private, remove, short_name, socket_dir, tail
from stack.postgres import Postgres
from stack.supervisor import Program, Stopped, Supervisor, stop_on_signals
from stack.valkey import Valkey

BEGAN = time.monotonic()
FIRST_PAGE_SECONDS = 60
LONGEST_LOG_BYTES = 5_000_000


def say(text: str) -> None:
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {text}", flush=True)


def run(environ: Mapping[str, str], *, restart: bool = False) -> int:
    """Run until somebody asks to stop (0) or something ends by itself (1)."""
    installation = Installation(environ)
    installation.make()
    with only_one(installation), stop_on_signals():
        turn_logs(installation)
        supervisor = Supervisor(say, restart=restart)
        try:
            start_all(installation, supervisor)
            supervisor.watch(lambda: write_state(installation, supervisor))
            return 1
        except Stopped:
            return 0
        finally:
            ignore_signals()
            say("Stopping.")
            supervisor.stop()
            remove(installation.state_file)
            remove(socket_dir(installation.data))
            say("All has stopped.")


@contextmanager
def only_one(installation: Installation) -> Iterator[None]:
    """Hold the data directory. Raises SystemExit with one line if another start holds it."""
    with installation.lock_file.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise SystemExit(
                f"Casework already runs from {installation.data} (process {file.read()}): "
                "stop that one first."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def turn_logs(installation: Installation) -> None:
    """Keep one older part of a log that has grown long."""
    for log in installation.logs.glob("*.log"):
        if log.stat().st_size > LONGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.old"))


def start_all(installation: Installation, supervisor: Supervisor) -> None:
    refuse_taken_port(installation)
    database, broker = start_servers(installation, supervisor)
    prepare(installation, database, broker)
    options = {
        "web": ["--bind", f"127.0.0.1:{installation.port}", *shown_certificate(installation)],
        "beat": ["-s", str(installation.data / "beat/schedule")],
    }
    for name in programs.COMMANDS:
        command = programs.command(name, options.get(name, []))
        env = installation.process(name, broker, database)
        supervisor.start(Program(name, command, env, installation.logs / f"{name}.log"))
        if name == "web":  # the others would only delay the first page
            wait_for_page(installation, supervisor)
            welcome(installation, env)
    write_state(installation, supervisor)


def shown_certificate(installation: Installation) -> list[str]:
    """What the web process shows over HTTPS; nothing without it."""
    if not installation.is_https:
        return []
    folder = installation.certificates
    # In a process of its own: this one knows the standard library only.
    subprocess.run([sys.executable, "-m", "stack.certificates", folder], cwd=ROOT, check=True)
    return ["--certfile", str(folder / "server.pem"), "--keyfile", str(folder / "server-key.pem")]


def start_servers(installation: Installation, supervisor: Supervisor) -> tuple[str, str]:
    """Start the servers that are not given; (the owner's database URL, the broker's URL)."""
    database, broker = installation.given_database, installation.given_broker
    sockets = socket_dir(installation.data)
    make_private(sockets, os.getuid(), os.getgid(), mode=0o711)
    if not database:
        server = Postgres(database_dir(installation), sockets / "d", installation.logs / "db.log")
        set_other_version_aside(installation, server)
        supervisor.start(server)
        database = server.url()
        if server.is_new:
            remove(installation.stamps_file)
    if not broker:
        log = installation.logs / "redis.log"
        queue = Valkey(installation.data / "broker", sockets / "q", log)
        supervisor.start(queue)
        broker = queue.url()
    say("Database and broker are ready.")
    return database, broker


def database_dir(installation: Installation) -> Path:
    """Below the data directory; elsewhere if the database's account cannot enter that."""
    if processes.database_account().can_reach(installation.data):
        return installation.data / "postgres"
    return Path("/var/tmp") / f"casework-data-{short_name(installation.data)}"  # noqa: S108


def set_other_version_aside(installation: Installation, server: Postgres) -> None:
    """A data directory belongs to one major version: the demo's is made anew, a real one kept."""
    mark = server.data / "PG_VERSION"
    if not mark.exists() or int(mark.read_text()) == server.major():
        return
    found = mark.read_text().strip()
    if not installation.is_demo:
        raise SystemExit(
            f"{server.data} was written by PostgreSQL {found}, and here is {server.major()}: "
            "restore a backup into an empty DATA_DIR, or give PG_BIN."
        )
    server.data.rename(server.data.with_name(f"{server.data.name}-{found}-{int(time.time())}"))


def prepare(installation: Installation, database: str, broker: str) -> None:
    """Do the one-time steps that are due. Raises SystemExit with the end of their log."""
    password = installation.demo_password() if installation.is_demo else ""
    scale = installation.environ.get("DEMO_SCALE", "")
    told = {"database": database, "demo": f"{password} {scale}"}
    due = steps.due(installation.stamps_file, told)
    if not installation.is_demo:
        due.pop("demo", None)
    if not due:
        return
    say(f"Preparing: {', '.join(due)} ...")
    log = installation.logs / "prepare.log"
    child = processes.start(
        [sys.executable, "-m", "stack.prepare", *due],
        log=log,
        env=installation.owner(broker, database),
        cwd=ROOT,
    )
    try:
        code = child.wait()
    except Stopped:
        processes.kill_group(child)
        raise
    if code:
        raise SystemExit(f"A step before the first page failed; the end of {log}:\n{tail(log)}")
    steps.mark_done(installation.stamps_file, due)


def wait_for_page(installation: Installation, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    authority = installation.certificates / "ca.pem" if installation.is_https else None
    while not answers(f"{installation.address}healthz", authority=authority):
        for service in supervisor.dead():
            raise SystemExit(f"{service.name} did not start:\n{tail(service.log)}")
        if time.monotonic() > deadline:
            raise SystemExit(f"No page came:\n{tail(installation.logs / 'web.log')}")
        time.sleep(0.05)


def refuse_taken_port(installation: Installation) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", installation.port))
        except OSError:
            raise SystemExit(
                f"Port {installation.port} is taken: choose another, as PORT=8001 make run."
            ) from None


def welcome(installation: Installation, web: Mapping[str, str]) -> None:
    say(f"The first page is served; logs are in {installation.logs}, Ctrl-C stops all.")
    if installation.is_demo:
        print(demo.welcome(installation.address, installation.demo_password()), flush=True)
    else:
        print(demo.welcome_empty(installation.address, setup_code(web)), flush=True)


def setup_code(web: Mapping[str, str]) -> str:
    """What the first page of an empty installation asks for."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "setup_code"],
        cwd=ROOT,
        env=dict(web),
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


def write_state(installation: Installation, supervisor: Supervisor) -> None:
    installation.write_state(
        {
            "supervisor": os.getpid(),
            "address": installation.address,
            "processes": supervisor.pids(),
        }
    )


def ignore_signals() -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(run(os.environ, restart="--restart" in sys.argv))
