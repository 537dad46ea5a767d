"""The pytest fixtures of `stack.testing` for a real browser and the whole running product."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from stack import browser as browsers
from stack import processes
from stack.installation import Installation
from stack.paths import ROOT, tail
from stack.testruns import run_directory

PASSWORD = "test-only-password-of-the-demo"  # noqa: S105 - of a database that lives for one test run
START_SECONDS = 300
NO_BROWSER = "NO BROWSER WAS FOUND, AND NOTHING WAS TESTED IN ONE: see docs/operations.md"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's path. Without one the test fails where it must not be missing, else skips."""
    found = browsers.find()
    if not found and (os.environ.get("CI") or os.environ.get("REQUIRE_BROWSER")):
        pytest.fail("No browser was found: see docs/operations.md.")
    if not found:
        pytest.skip(NO_BROWSER)
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One headless Chromium for the whole run; each test opens contexts of its own."""
    patch = pytest.MonkeyPatch()
    # Playwright keeps an event loop in this thread; Django would take our queries for async ones.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, args=[*browsers.ARGUMENTS]
        )
        yield chromium
        chromium.close()
    patch.undo()


@dataclass(frozen=True)
class RunningStack:
    """The whole product with its demo data, as `make run` starts it, for one test run."""

    address: str
    password: str
    data: Path


@pytest.fixture(scope="session")
def running_stack() -> Iterator[RunningStack]:
    """Start database, broker, web, worker, relay and scheduler, with few invented people."""
    data = run_directory() / f"stack-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    environ = stack_environment(data)
    log = data.with_suffix(".log")
    child = processes.start([sys.executable, "-m", "stack.run"], log=log, env=environ, cwd=ROOT)
    wait_until_started(child, Path(environ["DATA_DIR"]) / "state.json", log)
    yield RunningStack(Installation(environ).address, PASSWORD, data)
    if not processes.stop(child, seconds=60):
        pytest.fail(f"The product did not stop:\n{tail(log)}")


def stack_environment(data: Path) -> dict[str, str]:
    """What a start of its own is told: nothing of this run's database and keys."""
    ours = {"DATABASE_URL", "REDIS_URL", "KEY_RING_FILE", "SECRET_KEY", "APP_ENV", "STATIC_ROOT"}
    ours |= {"ERASURE_LEDGER_FILE", "FILES_DIR"}
    told = {name: value for name, value in os.environ.items() if name not in ours}
    told |= {"DATA_DIR": str(data), "PORT": str(free_port()), "DEMO_PASSWORD": PASSWORD}
    return {"DEMO_SCALE": "40"} | told


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_started(child: subprocess.Popen[bytes], state: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not state.exists():
        if child.poll() is not None or time.monotonic() > deadline:
            processes.kill_group(child)
            pytest.fail(f"The product did not start:\n{tail(log, 40)}")
        time.sleep(0.1)
