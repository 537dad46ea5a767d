"""The browser that tests and screenshots drive: found, or brought where that is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-headless-shell", "google-chrome", "chromium-browser")
# Playwright's driver needs libatomic; the headless shell is half the size of Debian's Chromium.
DEBIAN_PACKAGES = ("chromium-headless-shell", "libatomic1")
LIBATOMIC = "libatomic.so.1"
ARGUMENTS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str:
    """The browser's path, or nothing: `CHROMIUM` names one, else what the machine has."""
    if given := os.environ.get("CHROMIUM"):
        return given
    on_path = next(filter(None, map(shutil.which, NAMES)), "")
    return on_path or playwrights_own()


def playwrights_own() -> str:
    """The headless shell that `playwright install` put into its cache, if it did."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default_cache())
    found = sorted(cache.glob("chromium_headless_shell-*/*/*headless*shell*"))
    return next((str(path) for path in reversed(found) if os.access(path, os.X_OK)), "")


def default_cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/ms-playwright"
    return Path.home() / ".cache/ms-playwright"


def ensure() -> str:
    """Find a browser or install one; empty, with the reason printed, if neither is possible."""
    found = find()
    if found and has_libatomic():
        return found
    if is_debian_root():
        install_debian_packages(with_browser=not found)
    elif not found:
        install_playwrights_own()
    found = find()
    if not found or not has_libatomic():
        print(
            "No browser for the tests. On Debian, as root: apt-get install "
            + " ".join(DEBIAN_PACKAGES),
            flush=True,
        )
        return ""
    return found


def has_libatomic() -> bool:
    """Whether the machine has the one library that Playwright's driver misses on a bare Debian."""
    if sys.platform != "linux":
        return True
    cache = subprocess.run(
        [shutil.which("ldconfig", path="/sbin:/usr/sbin:/bin") or "ldconfig", "-p"],
        capture_output=True,
        text=True,
        check=False,
    )
    return LIBATOMIC in cache.stdout


def is_debian_root() -> bool:
    """Ubuntu's package of this name is an empty one: it only points to another store."""
    try:
        words = Path("/etc/os-release").read_text()
    except OSError:
        return False
    return os.getuid() == 0 and "\nID=debian" in f"\n{words}" and bool(shutil.which("apt-get"))


def install_debian_packages(*, with_browser: bool) -> None:
    packages = DEBIAN_PACKAGES if with_browser else (DEBIAN_PACKAGES[1],)
    print(f"Installing {', '.join(packages)} for the browser tests ...", flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = [shutil.which("apt-get") or "apt-get", "-qq"]
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, *words], env=env, check=False, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr, flush=True)


def install_playwrights_own() -> None:
    print("Fetching a browser for the tests ...", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]
    subprocess.run(command, check=False, capture_output=True, text=True)
