"""Files that only their receiver opens: XLSX under a password of ours, or age to a public key."""

import re
import secrets
from io import BytesIO

import msoffcrypto
import pyrage
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

# No two signs that look alike on paper or sound alike on the telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 5, 4
AGE_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")


class LockError(Exception):
    """A locked file did not open again as it should; it is not handed out."""


def new_password() -> str:
    """About a hundred bits, in groups that can be read aloud."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def locked(workbook: bytes, password: str) -> bytes:
    """The workbook, locked (AES-256), and tried: right password, wrong one, none.

    Raises LockError.
    """
    target = BytesIO()
    OOXMLFile(BytesIO(workbook)).encrypt(password, target)
    made = target.getvalue()
    if unlocked(made, password) != workbook or workbook[:64] in made:
        raise LockError
    try:
        unlocked(made, f"{password}x")
    except InvalidKeyError:
        return made
    raise LockError


def unlocked(made: bytes, password: str) -> bytes:
    """Raises InvalidKeyError for another password."""
    file, target = msoffcrypto.OfficeFile(BytesIO(made)), BytesIO()
    file.load_key(password=password, verify_password=True)
    file.decrypt(target, verify_integrity=True)
    return target.getvalue()


def is_age_key(key: str) -> bool:
    """Whether it is a public key of age that the library takes."""
    if AGE_KEY.fullmatch(key) is None:
        return False
    try:
        return bool(pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError:
        return False


def sealed_to(content: bytes, key: str) -> bytes:
    """The content for the holder of this key."""
    made: bytes = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key)])
    return made
