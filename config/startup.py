"""A process that is not safe does not start, and says why."""

from django.core.checks import run_checks
from django.db import connection

STARTUP = "startup"


class UnsafeStart(SystemExit):
    """Ends the process with the reasons, one a line."""


def refuse_unsafe_start() -> None:
    """Raises UnsafeStart when anything that guards people is missing or open."""
    problems = run_checks(
        tags=[STARTUP], include_deployment_checks=True, databases=[connection.alias]
    )
    found = [problem for problem in problems if problem.is_serious()]
    # The connection must not be handed on to the processes that are forked later.
    connection.close()
    if found:
        raise UnsafeStart("\n".join(f"Not started: {problem.msg}" for problem in found))
