"""Client codes: random, sayable, with a check character; never made from anything about a person.

Two groups of three from 31 characters without 0, 1, I, L and O, the last one a check character.
"""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


def new_code() -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return _grouped(body + _check(body))


def code_from(number: int) -> str:
    """The code with this number, for invented data that must come out the same each time."""
    digits = []
    for _ in range(LENGTH - 1):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    body = "".join(digits)
    return _grouped(body + _check(body))


def read_code(typed: str) -> str | None:
    """The code in its written form, however it was typed; None when it is none, or misread."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return _grouped(plain) if _check(plain[:-1]) == plain[-1] else None


def _check(body: str) -> str:
    """A weighted sum modulo the prime 31: finds each wrong sign and each swap of neighbours."""
    total = sum((place + 2) * ALPHABET.index(sign) for place, sign in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]


def _grouped(plain: str) -> str:
    return f"{plain[:3]}-{plain[3:]}"
