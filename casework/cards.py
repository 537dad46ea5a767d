"""Numbers of cards: twelve digits, the last one a check digit; a stranger learns nothing from one.

A number comes out of the search key and the random id of its card, so that a sheet can be printed
again and no number has to be kept. Here stands only its keyed hash; without the key ring nobody
can make either of the two.
"""

import re
from uuid import UUID

from vault.keys import key_provider

LENGTH = 12
GROUP = 4
# Damm's table (2004): finds each wrong digit and each swap of neighbours.
TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
# Only what a scanner or a hand writes between groups; other scripts' digits are no digits here.
NUMBER = re.compile(r"[0-9](?:[ \-]?[0-9]){11}")


def number_of(card_id: UUID) -> str:
    """The number printed on a card, without spaces."""
    drawn = int.from_bytes(key_provider().blind("card number", str(card_id))[:16], "big")
    body = f"{drawn % 10 ** (LENGTH - 1):0{LENGTH - 1}d}"
    return body + str(_check(body))


def hash_of(number: str) -> str:
    """What is kept of a number."""
    return key_provider().blind("card", number).hex()


def looks_like_number(typed: str) -> bool:
    return NUMBER.fullmatch(typed.strip()) is not None


def read_number(typed: str) -> str | None:
    """The number that was scanned or typed; None when it is none, or a digit was misread."""
    if not looks_like_number(typed):
        return None
    digits = "".join(sign for sign in typed if sign.isdigit())
    return digits if _check(digits) == 0 else None


def in_groups(number: str) -> str:
    """As a card shows it: 4-4-4."""
    return " ".join(number[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _check(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = TABLE[interim][int(digit)]
    return interim
