"""The product's long-running programs: the same commands on one machine and in a container.

`python -m stack.programs web --bind 0.0.0.0:8000` becomes that program.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from stack.paths import ROOT

CELERY = ("-m", "celery", "-A", "config")
COMMANDS: dict[str, tuple[str, ...]] = {
    "web": (
        *("-m", "gunicorn", "config.wsgi:serve()", "--worker-class", "gthread", "--preload"),
        *("--workers", "2", "--threads", "4", "--timeout", "60", "--limit-request-line", "2048"),
        *("--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket"),
    ),
    "worker": (*CELERY, "worker", "-c", "2", "-l", "info", "--without-gossip", "--without-mingle"),
    "relay": ("manage.py", "relay"),
    "sealer": ("manage.py", "seal_audit"),
    "beat": (*CELERY, "beat", "-l", "info", "--pidfile="),
}


def command(name: str, arguments: Sequence[str] = ()) -> list[str]:
    """The words that start a program with this Python; further arguments are added at the end."""
    return [sys.executable, *COMMANDS[name], *arguments]


def become(arguments: list[str]) -> NoReturn:
    if not arguments or arguments[0] not in COMMANDS:
        raise SystemExit(f"usage: python -m stack.programs {{{','.join(COMMANDS)}}} ...")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.chdir(ROOT)
    words = command(arguments[0], arguments[1:])
    os.execv(words[0], words)  # noqa: S606 - becomes the program


if __name__ == "__main__":
    become(sys.argv[1:])
