"""`make lock`: resolve the direct dependencies into the locks, with a hash for every file."""

import subprocess
import tempfile
from pathlib import Path

from stack.bootstrap import INSTALLER
from stack.paths import ROOT, VENV

# No index is named in a lock: pip and uv find the packages as their machine is set up to.
COMPILE = (
    *("pip", "compile", "-q", "--universal", "--generate-hashes", "--python-version", "3.11"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)


def compile_all() -> int:
    """Write requirements.txt, then requirements-dev.txt in step with it, then the installer's."""
    uv = str(VENV / "bin/uv")
    pairs = [(ROOT / f"{name}.in", ROOT / f"{name}.txt") for name in names()]
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "installer.in"
        wanted.write_text(INSTALLER.read_text().split(" ")[0] + "\n")
        pairs.append((wanted, INSTALLER))
        for source, lock in pairs:
            command = [uv, *COMPILE, "--no-annotate", str(source), "-o", str(lock)]
            if subprocess.call(command, cwd=ROOT):
                return 1
    return 0


def names() -> tuple[str, str]:
    return "requirements", "requirements-dev"
