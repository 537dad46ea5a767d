"""The servers of one test run, in a private temporary directory, and what is kept between runs."""

import fcntl
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import TextIO

from stack import steps
from stack.installation import roles
from stack.paths import data_dir, remove, temporary_dir
from stack.postgres import Postgres
from stack.secretfiles import make_key_ring
from stack.valkey import Valkey

PREFIX = "casework-test-"
TEMPLATE = "casework_template"
MIGRATED = "migrated"  # a mark in the run's directory: the template was made here, and is whole
KEPT_CACHES = 3

# Workers read these from the environment of the run that started them.
RUN_DIRECTORY = "CASEWORK_TEST_RUN"
GIVEN_SERVER = "CASEWORK_TEST_GIVEN_SERVER"


class Run:
    """The servers, keys and temporary directory of one test run."""

    def __init__(self) -> None:
        remove_stale_runs()
        name = PREFIX + secrets.token_hex(4)
        self.path = temporary_dir() / name
        # Locked before the directory exists, so nobody takes a run that is just starting as stale.
        self.lock = lock(self.path.with_suffix(".lock"))
        self.path.mkdir(mode=0o711)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.key = schema_key()
        self.cache = data_dir(os.environ) / "test-cache" / f"{self.key}-{os.getuid()}"

    def start(self) -> dict[str, str]:
        """Start what is not given; what the settings shall read."""
        make_key_ring(self.path / "key-ring.json")
        found = {
            "APP_ENV": "test",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "KEY_RING_FILE": str(self.path / "key-ring.json"),
            "STATIC_ROOT": str(self.path / "static"),
            "FILES_DIR": str(self.path / "files"),
            "ERASURE_LEDGER_FILE": str(self.path / "erasure-ledger.jsonl"),
            RUN_DIRECTORY: str(self.path),
            GIVEN_SERVER: "yes" if os.environ.get("DATABASE_URL") else "",
        }
        (self.path / "static").mkdir()
        if os.environ.get("DATABASE_URL"):
            found |= passwords()
        else:
            found["DATABASE_URL"] = self._start_postgres()
        if not os.environ.get("REDIS_URL"):
            found["REDIS_URL"] = self._start_valkey()
        return found

    def stop(self) -> None:
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            is_worth_keeping = (self.path / MIGRATED).exists() and schema_key() == self.key
            if is_worth_keeping:
                drop_clones(self.postgres)
            self.postgres.stop()
            if is_worth_keeping:
                self._keep(self.postgres.data)
        remove(self.path)
        self.lock.close()
        remove(self.path.with_suffix(".lock"))

    def _start_postgres(self) -> str:
        data = self.path / "postgres"
        server = Postgres(data, self.path / "s", self.path / "postgres.log", throwaway=True)
        if self.cache.is_dir() and not copy_tree(self.cache, data):
            remove(data)
        server.start()
        self.postgres = server
        return server.url()

    def _start_valkey(self) -> str:
        self.valkey = Valkey(self.path / "valkey", self.path / "v", self.path / "valkey.log")
        self.valkey.start()
        return self.valkey.url()

    def _keep(self, data: Path) -> None:
        """Keep the migrated data directory; whoever comes second leaves the first one's."""
        part = self.cache.with_name(f"{self.path.name}.part")
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(data, part)
            part.rename(self.cache)
            old = sorted(part.parent.iterdir(), key=lambda path: -path.stat().st_mtime)
        except OSError:
            old = [part]
            remove(part)
        for path in old[KEPT_CACHES:]:
            remove(path)


def drop_clones(server: Postgres) -> None:
    for name in server.sql("SELECT datname FROM pg_database").split():
        if name.startswith("test_"):
            server.sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def passwords() -> dict[str, str]:
    """The roles' passwords at a given server, which asks for them: `make_roles` sets these."""
    names = [f"{role.upper()}_DATABASE_PASSWORD" for role in roles()]
    return {name: os.environ.get(name) or secrets.token_urlsafe(24) for name in names}


def run_directory() -> Path:
    return Path(os.environ[RUN_DIRECTORY])


def run_name() -> str:
    return run_directory().name.removeprefix(PREFIX)


def is_server_given() -> bool:
    return bool(os.environ[GIVEN_SERVER])


def mark_migrated() -> None:
    (run_directory() / MIGRATED).touch()


def lock(path: Path) -> TextIO:
    """Open and lock a file. Raises BlockingIOError if somebody holds it."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file


def remove_stale_runs() -> None:
    """Remove what killed runs left; a living run holds its lock."""
    for path in temporary_dir().glob(f"{PREFIX}*.lock"):
        try:  # several runs look at once: another one may just have removed it
            if path.stat().st_uid != os.getuid():
                continue
            held = lock(path)
        except OSError:
            continue
        remove(path.with_suffix(""))
        if not path.with_suffix("").exists():  # a server that is just ending may still write
            remove(path)
        held.close()


def copy_tree(source: Path, target: Path) -> bool:
    """Copy with owners and modes; whether it succeeded (another run may just drop the source)."""
    command = ["cp", "-a", str(source), str(target)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def schema_key() -> str:
    """A hash of all that decides what the migrated database holds."""
    return steps.key((*steps.STEPS["database"], "pyproject.toml", "stack/test*.py"))[:16]
