"""A pytest plugin (`-p stack.testing`): a database and a broker of its own for each test run.

Unless `DATABASE_URL` is given, a run starts PostgreSQL and Valkey in a private temporary directory
and removes both at its end; several runs at once do not meet. The database is migrated once, kept
under `.data/test-cache/` for as long as no migration changes, and cloned for each worker.
"""

import os
import re
from collections.abc import Generator
from typing import Any

import pytest

from stack import messages, testbrowser, testdatabase
from stack.paths import ROOT
from stack.testruns import Run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "template_commands",
        "Management commands that run once in the migrated database before it is cloned.",
        type="linelist",
        default=[],
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Start the servers before Django's settings are read."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        use_broker_number(int(worker.removeprefix("gw")) + 1)
    else:
        run = Run()
        early_config.add_cleanup(run.stop)
        os.environ.update(run.start())
        if run.postgres is None:
            early_config.add_cleanup(testdatabase.drop_template)
        compile_messages()
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    # Registered after pytest-django's fixtures, so that ours are the ones that count.
    config.pluginmanager.register(testdatabase, "stack-database")
    config.pluginmanager.register(testbrowser, "stack-browser")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if any(testbrowser.NO_BROWSER in str(report.longrepr) for report in skipped):
        terminalreporter.section(testbrowser.NO_BROWSER, red=True, bold=True)


def compile_messages() -> None:
    """Compile the translations that are newer than what was compiled of them."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            messages.main(["compile"])


def use_broker_number(number: int) -> None:
    """Give each worker a database of its own in the one broker of the run."""
    found = re.sub(r"(virtual_host=|/)\d+$", rf"\g<1>{number}", os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = found
