"""Starts services in order, watches them, and stops them in the other order."""

import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Protocol

from stack import processes
from stack.paths import ROOT, tail

PAUSE_SECONDS = 0.25
# A service that dies more often than this is not restarted any more.
RESTARTS, WITHIN_SECONDS = 5, 60.0


class Stopped(BaseException):
    """Somebody asked us to stop: Ctrl-C, a closed terminal, or `stack down`."""


class Service(Protocol):
    """What the supervisor looks after: a server of ours or a program of the product."""

    name: str
    log: Path
    process: subprocess.Popen[bytes] | None

    def start(self) -> None: ...
    def ask_to_stop(self) -> None: ...
    def stop(self) -> bool: ...


class Program:
    """One long-running process of the product."""

    def __init__(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str], log: Path
    ) -> None:
        self.name, self.command, self.env, self.log = name, command, env, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = processes.start(self.command, log=self.log, env=self.env, cwd=ROOT)

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> bool:
        """Whether it ended by itself when asked."""
        return self.process is None or processes.stop(self.process)


class Supervisor:
    """The services of one installation.

    A service that dies takes the others with it, so that its reason is seen; with `restart` it is
    started again instead, as a server's own supervisor would do.
    """

    def __init__(self, say: Callable[[str], None], *, restart: bool = False) -> None:
        self.say, self.restart = say, restart
        self.services: list[Service] = []
        self.deaths: dict[str, deque[float]] = {}

    def start(self, service: Service) -> None:
        self.services.append(service)
        service.start()

    def pids(self) -> dict[str, int]:
        return {each.name: each.process.pid for each in self.services if each.process}

    def watch(self, changed: Callable[[], None]) -> None:
        """Return when a service is gone for good; `changed` is told of each new process."""
        while True:
            for service in self.dead():
                self.say(f"{service.name} ended unexpectedly; the end of {service.log}:")
                self.say(tail(service.log))
                if not self.restart or self._dies_too_often(service.name):
                    return
                service.start()
                changed()
                self.say(f"{service.name} was started again.")
            time.sleep(PAUSE_SECONDS)

    def dead(self) -> list[Service]:
        return [each for each in self.services if each.process and each.process.poll() is not None]

    def stop(self) -> None:
        """Stop all: what came last goes first, the programs side by side."""
        programs = [each for each in self.services if isinstance(each, Program)]
        for program in programs:
            program.ask_to_stop()
        rest = [each for each in self.services if each not in programs]
        for service in [*reversed(programs), *reversed(rest)]:
            if not service.stop():
                self.say(f"{service.name} did not stop and was killed.")
        self.services.clear()

    def _dies_too_often(self, name: str) -> bool:
        now = time.monotonic()
        deaths = self.deaths.setdefault(name, deque(maxlen=RESTARTS))
        is_too_often = len(deaths) == RESTARTS and now - deaths[0] < WITHIN_SECONDS
        deaths.append(now)
        return is_too_often


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turn the first request to stop into Stopped; further ones wait until all has stopped."""

    def ask(signum: int, frame: FrameType | None) -> None:
        for each in asked:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    asked = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # else nohup was meant
        asked.append(signal.SIGHUP)
    before = {each: signal.signal(each, ask) for each in asked}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
