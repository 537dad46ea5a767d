"""Second factors: secrets sealed at rest, codes that count once, and who has enough of them.

allauth keeps the rows. Three things are ours: its secrets are sealed with the key ring, a code is
used up for as long as it is valid (by the step of the clock it belongs to, so that no other
spelling of its digits opens), and recovery codes are kept as keyed hashes only.
"""

import base64
import secrets
import unicodedata
from collections.abc import Iterable

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from qrcode.main import QRCode

from accounts import limits
from accounts.models import User
from vault.keys import key_provider

CONTEXT = b"second factor"
RECOVERY_CODES, RECOVERY_DIGITS = 10, 10
STRONG = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)

MISSING_FIRST = _("Set up a second step: a passkey, or an app that shows codes.")
MISSING_PASSKEY = _("Your role needs a passkey. Add one.")
MISSING_SPARE = _("Your role needs two second steps, so that one can be lost. Add another.")


def seal_secret(text: str) -> str:
    """The stored form of a factor's secret: version of the master key, then the sealed text."""
    version, sealed = key_provider().wrap(text.encode(), CONTEXT)
    return f"{version}:{base64.b64encode(sealed).decode()}"


def open_secret(stored: str) -> str:
    """Raises SealError or KeyRingError when the ring does not open it."""
    version, _colon, sealed = stored.partition(":")
    return key_provider().unwrap(int(version), base64.b64decode(sealed), CONTEXT).decode()


def is_on_old_version(stored: str) -> bool:
    return int(stored.partition(":")[0]) != key_provider().current_version


# Codes


def plain_digits(code: str) -> str:
    """The code without what people put between digits, in the digits 0 to 9 of any script."""
    kept = (c for c in code if not c.isspace() and c not in "-.")
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in kept)


def step_of(secret: str, code: str) -> int | None:
    """The step of the clock that an app's code belongs to; None when it is wrong now."""
    digits = plain_digits(code)
    step: int
    for step in yield_hotp_counters_from_time():
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), digits):
            return step
    return None


def use_step(user: User, step: int) -> bool:
    """Use a code up for as long as it could be valid; False when it was used before."""
    lives = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return limits.hit("used_code", f"{user.pk} {step}", limit=1, seconds=lives)


def opens_with_app(authenticator: Authenticator, user: User, code: str) -> bool:
    step = step_of(open_secret(authenticator.data["secret"]), code)
    return step is not None and use_step(user, step)


# Recovery codes


def new_recovery_codes() -> list[str]:
    """Ten codes to print; what is stored of them is `recovery_hash`."""
    numbers = (secrets.randbelow(10**RECOVERY_DIGITS) for _each in range(RECOVERY_CODES))
    return [f"{number:0{RECOVERY_DIGITS}}" for number in numbers]


def recovery_hash(user: User, code: str) -> str:
    return key_provider().blind("recovery code", f"{user.pk} {plain_digits(code)}").hex()


# Enough


def missing(user: User, types: Iterable[str]) -> str:
    """What somebody has to set up before anything else, in words; "" when it is enough."""
    strong = [kind for kind in types if kind in STRONG]
    if not strong:
        return str(MISSING_FIRST)
    if not user.has_role(*settings.TWO_FACTORS_ROLES):
        return ""
    if Authenticator.Type.WEBAUTHN not in strong:
        return str(MISSING_PASSKEY)
    return str(MISSING_SPARE) if len(strong) < len(STRONG) else ""


def types_of(user: User) -> list[str]:
    return list(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def square(address: str) -> list[str]:
    """The address as a square of modules, one path per row, to be drawn on the page itself."""
    code = QRCode(border=2)
    code.add_data(address)
    code.make(fit=True)
    return [
        "".join(f"M{x} {y}h1v1h-1z" for x, is_dark in enumerate(row) if is_dark)
        for y, row in enumerate(code.get_matrix())
    ]
