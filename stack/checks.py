"""`make check`, `make fmt`, `make test`, `make test-slow` and `make screenshots`."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from stack import browser
from stack.paths import ROOT
from stack.secretfiles import make_key_ring

TEMPLATES = "templates"
NOTHING_FOUND = 5  # pytest's word for no test
MODULES = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "templates' lint": ("djlint", "--lint", "--quiet", TEMPLATES),
    "templates' format": ("djlint", "--check", TEMPLATES),
    "translations": ("stack.messages", "check"),
}
DJANGO = {
    "migrations": ("makemigrations", "--check", "--dry-run"),
    "deployment": ("check", "--deploy", "--fail-level", "WARNING"),
}


def check() -> int:
    """Everything that needs no server; all of it runs, and what failed is named at the end."""
    commands = {name: module(words) for name, words in MODULES.items()}
    commands["floors"] = [str(Path(sys.executable).with_name("lint-imports"))]
    commands |= {name: [sys.executable, "manage.py", *words] for name, words in DJANGO.items()}
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | production_settings(Path(folder))
        failed = [name for name, command in commands.items() if not passes(name, command, env)]
    print(f"make check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return 1 if failed else 0


def passes(name: str, command: list[str], env: Mapping[str, str]) -> bool:
    """Run one check; its output is shown when it fails."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    word = "failed" if done.returncode else "ok"
    print(f"{name:<20} {word:<6} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def module(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", *words]


def production_settings(folder: Path) -> dict[str, str]:
    """Settings as a server would have them; nothing connects to the addresses."""
    make_key_ring(folder / "key-ring.json")
    return {
        "APP_ENV": "production",
        "ALLOWED_HOSTS": "casework.example",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "KEY_RING_FILE": str(folder / "key-ring.json"),
        "DATABASE_URL": "postgres://casework_owner@/casework?host=/nonexistent",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "STATIC_ROOT": str(folder),
    }


def fmt() -> int:
    commands = (("ruff", "check", "--fix-only", "--quiet", "."), ("ruff", "format", "."))
    codes = [subprocess.call(module(words), cwd=ROOT) for words in commands]
    # djlint answers 1 when it has changed something.
    subprocess.call(module(("djlint", "--reformat", "--quiet", TEMPLATES)), cwd=ROOT)
    return max(codes)


def collect_messages() -> int:
    """Bring the catalogues up to date with the code, and compile them."""
    words = ("extract", "compile")
    return max(subprocess.call(module(("stack.messages", word)), cwd=ROOT) for word in words)


def test(arguments: list[str]) -> int:
    """All side by side, then one after the other what must not share a server."""
    workers = str(min(4, max(2, os.cpu_count() or 2)))
    shared_out = ["-n", workers, "--dist", "loadfile"]
    side_by_side = pytest([*shared_out, "-m", "not slow and not bench and not alone", *arguments])
    alone = pytest(["-m", "alone and not slow", *arguments])
    return side_by_side or (0 if alone == NOTHING_FOUND else alone)


def test_slow(arguments: list[str]) -> int:
    return pytest(["-m", "slow", *arguments])


def bench(arguments: list[str]) -> int:
    return pytest(["-m", "bench", "-s", "-q", *arguments])


def screenshots() -> int:
    return subprocess.call(module(("stack.screenshots",)), cwd=ROOT)


def pytest(arguments: list[str]) -> int:
    """Run the tests with a browser, if there can be one."""
    env = os.environ | {"CHROMIUM": browser.ensure()}
    return subprocess.call([*module(("pytest",)), *arguments], cwd=ROOT, env=env)
