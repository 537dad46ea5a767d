"""Child processes that end with their parent, and the account a database may run as."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """An account of the operating system that a child process runs as."""

    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to drop to this account; nothing if it is ours already."""
        if self.uid == os.getuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Whether this account may enter the path and every directory above it."""
        return all(self._may_enter(step) for step in [path, *path.parents])

    def _may_enter(self, path: Path) -> bool:
        found = path.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & 0o100)
        if found.st_gid == self.gid:
            return bool(found.st_mode & 0o010)
        return bool(found.st_mode & 0o001)


def database_account() -> Account:
    """Our own account; for root an unprivileged one, as PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise SystemExit("PostgreSQL needs an unprivileged account: create a user 'postgres'.")


def end_with_parent(signum: int) -> Callable[[], None] | None:
    """For `preexec_fn`: ask Linux to signal the child when its parent dies, however it dies.

    Elsewhere there is no such call; a stray server is then found and stopped at the next start.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    end_signal: int = signal.SIGTERM,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, its output appended to a log."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(end_signal),  # no thread exists yet that could hold a lock
            **(account.popen_arguments() if account else {}),
        )


def stop(child: subprocess.Popen[bytes], signum: int = signal.SIGTERM, seconds: float = 15) -> bool:
    """Ask a child to end and wait; kill its whole group if it overstays. Whether it obeyed."""
    if child.poll() is None:
        child.send_signal(signum)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(child)
        return False
    return True


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and what it started: killing only a master would leave its workers."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
