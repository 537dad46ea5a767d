"""The virtual environment: made from the locks, and brought up to date when they change."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from stack.paths import ROOT, VENV, remove

OLDEST_PYTHON = (3, 11)
INSTALLER = ROOT / "stack/installer.txt"
LOCKS = {
    "run": (ROOT / "requirements.txt",),
    "dev": (ROOT / "requirements.txt", ROOT / "requirements-dev.txt"),
}
STAMP = VENV / "made-from"


def enter(profile: str, arguments: Sequence[str]) -> None:
    """Go on inside the environment: returns there, and replaces this process elsewhere."""
    python = ensure(profile)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.chdir(ROOT)
        os.execv(python, [str(python), "-m", "stack", *arguments])  # noqa: S606 - ourselves


def ensure(profile: str) -> Path:
    """The environment's Python, with at least what the profile needs installed."""
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit("Casework needs Python 3.11 or newer: PYTHON=python3.11 make run.")
    python = VENV / "bin/python"
    with only_one():
        if not is_made(profile):
            began = time.monotonic()
            print("Installing packages; this happens when they have changed ...", flush=True)
            make(profile, python)
            print(f"Packages installed in {time.monotonic() - began:.0f} s.", flush=True)
    return python


def is_made(profile: str) -> bool:
    """Whether the environment holds this profile, or "dev", which holds all."""
    try:
        found = STAMP.read_text()
    except OSError:
        return False
    return found in {key(profile), key("dev")}


def key(profile: str) -> str:
    """What an environment is made from: the locks and the Python."""
    found = hashlib.sha256(sys.version.encode())
    for lock in LOCKS[profile]:
        found.update(lock.read_bytes())
    return found.hexdigest()


def make(profile: str, python: Path) -> None:
    locks = [str(lock) for lock in LOCKS[profile]]
    STAMP.unlink(missing_ok=True)
    if not is_python_the_same():
        remove(VENV)
        make_empty()
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    run([*pip, "--require-hashes", "-r", str(INSTALLER)])
    uv = [str(VENV / "bin/uv"), "pip", "sync", "-q", "--require-hashes", "--python", str(python)]
    if subprocess.run([*uv, *locks], cwd=ROOT, check=False).returncode:
        print("uv could not install them: trying pip, which takes longer.", flush=True)
        files = [word for lock in locks for word in ("-r", lock)]
        run([*pip, "--no-deps", "--require-hashes", *files])
    STAMP.write_text(key(profile))


def is_python_the_same() -> bool:
    """Whether an environment is there and its Python is still the one that runs this."""
    made_with = VENV / "made-with"
    return made_with.exists() and made_with.read_text() == sys.version


def make_empty() -> None:
    command = [getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(VENV)]
    if not has_ensurepip():
        install_venv_module()
    run(command)
    (VENV / "made-with").write_text(sys.version)


def has_ensurepip() -> bool:
    """Debian keeps this part of Python's library in a package of its own."""
    command = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install_venv_module() -> None:
    name = "python3-venv"
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit(f"Python's venv module is missing. On Debian: apt-get install {name}")
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", name])


def run(command: Sequence[str]) -> None:
    """Run a step; its own words explain a failure."""
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        fail(command)


def fail(command: Sequence[str]) -> NoReturn:
    raise SystemExit(f"This step failed, its reason stands above: {' '.join(command)}")


@contextmanager
def only_one() -> Iterator[None]:
    """Let one process at a time work on this checkout's environment."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
