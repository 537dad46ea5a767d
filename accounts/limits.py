"""Limits: how often one key (an account, an address, both) may do one thing within a time.

A hit is counted in PostgreSQL by one statement, so two processes cannot both take the last one,
and on a connection of its own that commits at once: a refused or failed request still counts.
That connection stays open, one for each thread that counts, as long as the request's own does.
The window slides; a refused hit is not counted, so the way is free again when the window ends.
Addresses and logins are stored as keyed hashes only.
"""

import threading

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from accounts.models import LimitCount
from vault.keys import key_provider

# Rather an error than a request that waits: nothing is let through that was not counted.
PATIENCE = "SET lock_timeout = '3s';"

_of_thread = threading.local()

# Times far in the future come from a clock that was set back; they hold nobody up.
HIT = """
INSERT INTO accounts_limitcount AS told (name, key, hits, expires_at)
VALUES (
    %(name)s, %(key)s, ARRAY[clock_timestamp()],
    clock_timestamp() + make_interval(secs => %(seconds)s)
)
ON CONFLICT (name, key) DO UPDATE SET
    hits = ARRAY(
        SELECT hit FROM unnest(told.hits) AS hit
        WHERE hit > clock_timestamp() - make_interval(secs => %(seconds)s)
        AND hit < clock_timestamp() + interval '1 minute'
    ) || clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE %(limit)s > (
    SELECT count(*) FROM unnest(told.hits) AS hit
    WHERE hit > clock_timestamp() - make_interval(secs => %(seconds)s)
    AND hit < clock_timestamp() + interval '1 minute'
)
RETURNING 1
"""

TAKE_BACK = """
UPDATE accounts_limitcount SET hits = hits[:cardinality(hits) - 1]
WHERE name = %(name)s AND key = %(key)s
"""


def allowed(name: str, key: str) -> bool:
    """Count one more of a limit whose numbers are in the settings."""
    limit, seconds = settings.LIMITS[name]
    return hit(name, key, limit=limit, seconds=seconds)


def take_back(name: str, key: str) -> None:
    """Uncount the last one: it was no wrong try."""
    with _connection().cursor() as cursor:
        cursor.execute(PATIENCE + TAKE_BACK, {"name": name, "key": blind(name, key)})


def hit(name: str, key: str, *, limit: int, seconds: int) -> bool:
    """Count one more; False when `limit` within the last `seconds` is reached already."""
    told: dict[str, str | int]
    told = {"name": name, "key": blind(name, key), "limit": limit, "seconds": seconds}
    with _connection().cursor() as cursor:
        cursor.execute(PATIENCE + HIT, told)
        return cursor.fetchone() is not None


def _connection() -> BaseDatabaseWrapper:
    """The connection that this thread counts on; a broken or old one is opened anew."""
    own: BaseDatabaseWrapper | None = getattr(_of_thread, "connection", None)
    if own is None:
        own = _of_thread.connection = connection.copy()
    own.close_if_unusable_or_obsolete()
    return own


def blind(name: str, key: str) -> str:
    """The stored form of a key."""
    return key_provider().blind(f"limit {name}", key).hex()


def forget_expired() -> None:
    """Drop the counts whose window is over."""
    LimitCount.objects.filter(expires_at__lt=timezone.now()).delete()
