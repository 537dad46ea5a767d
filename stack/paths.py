"""Where things lie: the checkout, its virtual environment and the data of this installation."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"

# A socket's path may have some 104 characters, its own name included.
LONGEST_SOCKET_DIR = 70


def data_dir(environ: Mapping[str, str]) -> Path:
    """The directory of database, broker, keys and logs (`DATA_DIR`, else `.data/`)."""
    return Path(environ.get("DATA_DIR") or ROOT / ".data").absolute()


def temporary_dir() -> Path:
    """A temporary directory whose path is short enough for sockets below it."""
    found = Path(tempfile.gettempdir())
    return found if len(str(found)) < LONGEST_SOCKET_DIR - 30 else Path("/tmp")  # noqa: S108


def short_name(path: Path) -> str:
    """A name for what belongs to this path and has to lie elsewhere; two never collide."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def socket_dir(data: Path) -> Path:
    """A short path for the sockets of one data directory."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = runtime and len(runtime) < LONGEST_SOCKET_DIR - 30 and os.access(runtime, os.W_OK)
    base = Path(runtime) if usable else temporary_dir()
    return base / f"casework-{os.getuid()}-{short_name(data)}"


def make_private(path: Path, uid: int, gid: int, mode: int = 0o700) -> None:
    """Make a real directory that only one account can enter; others may pre-create names in /tmp.

    Raises SystemExit if somebody else owns it.
    """
    path.mkdir(parents=True, mode=mode, exist_ok=True)
    found = path.lstat()
    if os.getuid() == 0 and found.st_uid == 0 and stat.S_ISDIR(found.st_mode):
        os.chown(path, uid, gid, follow_symlinks=False)
        found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise SystemExit(f"{path} belongs to somebody else: remove it and start again.")
    path.chmod(mode)


def remove(path: Path) -> None:
    """Remove a file or a tree, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log, indented, or a word that it is empty."""
    try:
        text = log.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        text = []
    return "\n".join(f"  | {line}" for line in text) or "  | (nothing was written)"
