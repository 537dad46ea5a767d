"""Whether a container's program is well: `python -m stack.healthy ADDRESS`, or `... relay`.

An address has to answer 200; a program's name has to be found among the running processes.
"""

import os
import ssl
import sys
import urllib.error
import urllib.request
from pathlib import Path


def answers(address: str, host: str = "", authority: Path | None = None) -> bool:
    """Whether the address answers with 200; only ever asked of ourselves.

    `authority` is the certificate file that an https address has to prove itself by.
    """
    context = ssl.create_default_context(cafile=authority) if authority else None
    request = urllib.request.Request(address, headers={"Host": host} if host else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as response:  # noqa: S310
            return bool(response.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def runs(word: str) -> bool:
    """Whether another process here has this word in its command."""
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        if command.parent.name == str(os.getpid()):
            continue
        try:
            words = command.read_bytes().split(b"\0")
        except OSError:  # it has just ended
            continue
        if word.encode() in words and b"stack.healthy" not in words:
            return True
    return False


def main(arguments: list[str]) -> int:
    wanted = arguments[0] if len(arguments) == 1 else ""
    if wanted.startswith("http"):
        host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0]
        return 0 if answers(wanted, host) else 1
    return 0 if wanted and runs(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
