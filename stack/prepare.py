"""The one-time steps, in one process, as Django takes a second to wake up.

`python -m stack.prepare STEP ...`, with the owner's `DATABASE_URL`; a container runs the same.
"""

import os
import sys
import time
from collections.abc import Callable

import django
from django.core.management import call_command

from stack import messages
from stack.steps import STEPS

# Static files of packages whose pages are not used: a thousand files that nobody would ask for.
NEVER_SHOWN = ("django_htmx", "flags", "guardian", "rest_framework")
LOADERS = (
    "load_roles",
    "load_agreements",
    "load_directory",
    "load_consent_texts",
    "load_instruments",
    "load_report_templates",
)


def prepare_messages() -> None:
    messages.main(["compile"])


def prepare_database() -> None:
    call_command("migrate", verbosity=0)
    call_command("make_roles")
    for command in LOADERS:
        call_command(command)


def prepare_static() -> None:
    ignored = {"ignore_patterns": [*NEVER_SHOWN]}
    call_command("collectstatic", interactive=False, verbosity=0, **ignored)


def prepare_demo() -> None:
    scale = os.environ.get("DEMO_SCALE", "")
    call_command("seed_demo", *(["--cases", scale] if scale else []))


ACTIONS: dict[str, Callable[[], None]] = {
    "messages": prepare_messages,
    "database": prepare_database,
    "static": prepare_static,
    "demo": prepare_demo,
}


def main(wanted: list[str]) -> int:
    if not set(wanted) <= set(STEPS):
        print(f"usage: python -m stack.prepare [{' | '.join(STEPS)}] ...", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    is_awake = False
    for step in [step for step in STEPS if step in wanted]:
        began = time.monotonic()
        if step != "messages" and not is_awake:  # Django reads the compiled words when it wakes up
            django.setup()
            is_awake = True
        ACTIONS[step]()
        print(f"{step}: {time.monotonic() - began:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
