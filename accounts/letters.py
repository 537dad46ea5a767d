"""A message as a gateway takes it, and what the other side may answer."""

from dataclasses import dataclass

from accounts.outgoing import AwayError

# A gateway that had the key before says so; the message is on its way.
KNOWN_ALREADY = 409
# What passes: timed out, too early, told to slow down.
PASSING = {408, 425, 429}


@dataclass(frozen=True)
class Letter:
    """One message, ready to leave."""

    channel: str
    to: str
    subject: str
    body: str
    key: str
    is_urgent: bool = False


class RefusedError(Exception):
    """The other side will never take this message."""


def settle(status: int) -> None:
    """Make of the status of an answer what the outbox understands."""
    if status // 100 == 2 or status == KNOWN_ALREADY:
        return
    if status // 100 == 4 and status not in PASSING:
        raise RefusedError(str(status))
    raise AwayError(str(status))
