"""The command line: `python3 -m stack run`, and whatever the Makefile names."""

import argparse
import os
import signal
import sys
from collections.abc import Callable

from stack import bootstrap, checks, control, locks
from stack.installation import Installation
from stack.run import run

# {word: what it needs installed}
PROFILES = {
    "run": "run", "up": "run", "down": "run", "kill": "run", "status": "run",
    "manage": "run",
    "test": "dev", "test-slow": "dev", "check": "dev", "fmt": "dev", "bench": "dev",
    "screenshots": "dev", "lock": "dev", "messages": "dev",
}  # fmt: skip


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="python3 -m stack", description=__doc__)
    words = parser.add_subparsers(dest="word", required=True, metavar=" | ".join(PROFILES))
    for word in PROFILES:
        words.add_parser(word)
    words.choices["run"].add_argument("--restart", action="store_true")
    words.choices["status"].add_argument("--json", action="store_true")
    names = ("web", "worker", "relay", "sealer", "beat", "db", "redis")
    words.choices["kill"].add_argument("name", choices=names)
    words.choices["kill"].add_argument("-9", dest="hard", action="store_true")
    found, rest = parser.parse_known_args(arguments)
    if rest and found.word not in {"test", "test-slow", "bench", "manage"}:
        parser.error(f"unknown: {' '.join(rest)}")
    return found, rest


def main(arguments: list[str]) -> int:
    told, rest = parse(arguments)
    bootstrap.enter(PROFILES[told.word], arguments)
    installation = Installation(os.environ)
    actions: dict[str, Callable[[], int]] = {
        "run": lambda: run(os.environ, restart=told.restart),
        "up": lambda: control.up(installation),
        "down": lambda: control.down(installation),
        "kill": lambda: control.kill(
            installation, told.name, signal.SIGKILL if told.hard else signal.SIGTERM
        ),
        "status": lambda: control.status(installation, told.json),
        "manage": lambda: control.manage(installation, rest),
        "test": lambda: checks.test(rest),
        "test-slow": lambda: checks.test_slow(rest),
        "check": checks.check,
        "fmt": checks.fmt,
        "bench": lambda: checks.bench(rest),
        "screenshots": checks.screenshots,
        "lock": locks.compile_all,
        "messages": checks.collect_messages,
    }
    return actions[told.word]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
