"""`stack up`, `down`, `kill` and `status`: an installation in the background."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

from stack.healthy import answers
from stack.installation import Installation
from stack.paths import ROOT, socket_dir, tail
from stack.postgres import DATABASE, OWNER
from stack.valkey import Valkey

START_SECONDS, STOP_SECONDS = 300, 60


def up(installation: Installation) -> int:
    """Start in the background and return when all runs; what dies is started again."""
    installation.make()
    log = installation.logs / "stack.log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "stack.run", "--restart"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while read_state(installation).get("supervisor") != child.pid:
        if child.poll() is not None or time.monotonic() > deadline:
            print(tail(log), file=sys.stderr)
            return 1
        time.sleep(0.1)
    print(installation.address)
    return 0


def down(installation: Installation) -> int:
    """Stop what runs in the background or elsewhere from this data directory."""
    if not is_held(installation):
        print("Nothing runs.")
        return 0
    os.kill(int(installation.lock_file.read_text()), signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while is_held(installation):
        if time.monotonic() > deadline:
            print(f"It did not stop in {STOP_SECONDS} seconds.", file=sys.stderr)
            return 1
        time.sleep(0.1)
    return 0


def kill(installation: Installation, name: str, signum: int) -> int:
    """End one process, to see what the rest makes of it."""
    found = read_state(installation).get("processes", {})
    if name not in found:
        print(f"No process {name}; there is: {', '.join(found) or 'none'}.", file=sys.stderr)
        return 1
    os.kill(found[name], signum)
    return 0


def status(installation: Installation, as_json: bool) -> int:
    """Say what runs; 0 when all of it does and the readiness page agrees."""
    state = read_state(installation)
    report: dict[str, Any] = {
        "running": is_held(installation),
        "ready": bool(state) and is_ready(installation, state["address"]),
        "address": state.get("address", ""),
        "processes": {
            name: {"pid": pid, "alive": is_alive(pid)}
            for name, pid in state.get("processes", {}).items()
        },
    }
    if as_json:
        print(json.dumps(report))
    else:
        print(f"running: {report['running']}, ready: {report['ready']} {report['address']}")
        for name, each in report["processes"].items():
            print(f"  {name:<8} {each['pid']:>8} {'alive' if each['alive'] else 'gone'}")
    return 0 if report["running"] and report["ready"] else 1


def is_ready(installation: Installation, address: str) -> bool:
    """Whether the readiness page says so, over the certificate of the running installation."""
    is_https = address.startswith("https:")
    return answers(
        f"{address}readyz", authority=installation.certificates / "ca.pem" if is_https else None
    )


def read_state(installation: Installation) -> dict[str, Any]:
    """What the supervisor wrote last; nothing if none runs."""
    try:
        found: dict[str, Any] = json.loads(installation.state_file.read_text())
    except FileNotFoundError:
        return {}
    return found if is_held(installation) else {}


def is_held(installation: Installation) -> bool:
    """Whether a supervisor holds this data directory."""
    try:
        file = installation.lock_file.open()
    except FileNotFoundError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def manage(installation: Installation, words: list[str]) -> int:
    """Run one of the product's own commands, as the owner of the installation's database."""
    sockets = socket_dir(installation.data)
    queue = Valkey(installation.data / "broker", sockets / "q", installation.logs / "redis.log")
    database = installation.given_database or f"postgres://{OWNER}@/{DATABASE}?host={sockets / 'd'}"
    broker = installation.given_broker or queue.url()
    return subprocess.call(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=installation.owner(broker, database)
    )
