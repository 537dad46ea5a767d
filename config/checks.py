"""What must be true before a process serves anybody: the conditions, one function each.

Marked as checks of a deployment or of a database, so that commands do not ask them each time.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.utils import OperationalError, ProgrammingError

from accounts.gateways import KINDS
from accounts.models import Installation
from config.startup import STARTUP
from protection.actions import check_ledger
from protection.actions.ledger import LedgerError
from vault.keys import KeyRingError, key_provider

ENVIRONMENTS = {"production", "demo", "development", "test"}
LEAST_SECRET_BITS = 160


@register(STARTUP, deploy=True)
def check_environment(**kwargs: Any) -> list[CheckMessage]:
    if settings.APP_ENV not in ENVIRONMENTS:
        words = ", ".join(sorted(ENVIRONMENTS))
        return [Error(f"APP_ENV is none of: {words}.", id="startup.E001")]
    return []


@register(STARTUP, deploy=True)
def check_secret_key(**kwargs: Any) -> list[CheckMessage]:
    """A secret key is long and random; a word somebody typed is neither."""
    if settings.LOCAL or _bits(settings.SECRET_KEY) >= LEAST_SECRET_BITS:
        return []
    return [Error("SECRET_KEY is short or has a pattern: make a random one.", id="startup.E002")]


@register(STARTUP, deploy=True)
def check_key_ring(**kwargs: Any) -> list[CheckMessage]:
    try:
        key_provider()
    except KeyRingError as error:
        return [Error(str(error), id="startup.E003")]
    return []


@register(STARTUP, deploy=True)
def check_cookies(**kwargs: Any) -> list[CheckMessage]:
    if settings.LOCAL or settings.COOKIES_SECURE:
        return []
    return [Error("COOKIES_SECURE may be off on this machine only.", id="startup.E004")]


@register(STARTUP, deploy=True)
def check_ways_out(**kwargs: Any) -> list[CheckMessage]:
    """A word that names no gateway would hold all messages back without a sound."""
    return [
        Error(f"{channel.upper()}_GATEWAY is none of: {', '.join(known)}.", id="startup.E021")
        for channel, known in KINDS.items()
        if settings.GATEWAYS[channel] not in known
    ]


@register(STARTUP, Tags.database)
def check_kind_of_data(*, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Invented people live in a demo and nowhere else, real ones never in a demo."""
    if not databases:  # whoever checks without naming one wants none to be asked
        return []
    try:
        row = Installation.objects.first()
    except (OperationalError, ProgrammingError):
        return [Error("The database does not answer, or was not migrated.", id="startup.E005")]
    is_demo = settings.APP_ENV in {"demo", "test"}
    if row and row.kind == Installation.Kind.DEMO and not is_demo:
        return [Error("This database holds invented people: set APP_ENV=demo.", id="startup.E006")]
    if row and row.kind == Installation.Kind.REAL and settings.DEMO:
        return [Error("This database holds real people: a demo refuses it.", id="startup.E007")]
    return []


UNGUARDED = """
SELECT rolsuper, rolbypassrls, EXISTS (
    SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
) FROM pg_roles WHERE rolname = current_user
"""


@register(STARTUP, Tags.database, deploy=True)
def check_database_role(*, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """No policy stops a superuser, the owner of a table, or who may read past them.

    Of a deployment, so that the owner can still migrate.
    """
    if not databases or settings.APP_ENV in {"test", "development"}:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(UNGUARDED)
            found = cursor.fetchone()
    except OperationalError:
        return [Error("The database does not answer.", id="startup.E008")]
    words = ("is a superuser", "reads past the policies", "owns the tables")
    told = [word for word, holds in zip(words, found, strict=True) if holds]
    if not told:
        return []
    reasons = ", ".join(told)
    return [Error(f"The database role {reasons}: use one of make_roles.", id="startup.E009")]


@register(STARTUP)
def check_second_factors(**kwargs: Any) -> list[CheckMessage]:
    """No browser is trusted, no code opens everything, recovery codes are seen once."""
    loose = getattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE", None) or settings.MFA_TRUST_ENABLED
    weak = settings.MFA_WEBAUTHN_USER_VERIFICATION != "required"
    if loose or weak or not settings.MFA_RECOVERY_CODES_SHOW_ONCE:
        return [Error("A setting loosens the second step of signing in.", id="startup.E020")]
    return []


@register(STARTUP, Tags.database, deploy=True)
def check_erasures(*, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """A restored database is older than the ledger: nobody who was erased may be served."""
    if not databases:
        return []
    try:
        check_ledger()
    except LedgerError as error:
        return [Error(str(error), id="startup.E010")]
    except ValidationError as error:
        return [Error(" ".join(error.messages), id="startup.E011")]
    except (OperationalError, ProgrammingError):
        return [Error("The ledger of erasures cannot be read.", id="startup.E012")]
    return []


def _bits(text: str) -> float:
    """How much chance is in a text at most: its length times the spread of its characters."""
    counts = Counter(text).values()
    spread = -sum(n / len(text) * math.log2(n / len(text)) for n in counts)
    return len(text) * spread
