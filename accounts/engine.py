"""Django's session engine over our own table: the key is stored as its hash.

A save changes what is said in a session, never whose it is, its lock or its end; and it changes
only a row that is still there, so a session that was ended stays ended.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Agreement, EmergencyLock, Notice, RoleAssignment, Session
from accounts.sessions import absolute_time, idle_seconds, unfinished_time


def digest(key: str) -> str:
    """The stored form of the key that a browser holds."""
    return sha256(key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    """One browser's session; `row` is what the database says of it."""

    # None only where no session is.
    row: Session = None  # type: ignore[assignment]  # those who ask are signed in
    # Whether the emergency lock was in force when the row was read; None: nobody asked yet.
    is_emergency: bool | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]  # a table of our own
        return Session

    def load(self) -> dict[str, Any]:
        """Read the row, whether everything is locked, what is unread and how many texts there are
        to agree to: one query for all.
        """
        found = (
            Session.objects.filter(
                digest=digest(self.session_key or ""), ends_at__gt=timezone.now()
            )
            .annotate(
                is_emergency=Exists(EmergencyLock.objects.in_force()),
                texts=Agreement.objects.in_force().count_here(),
                unread=Notice.objects.unread().count_of(OuterRef("user")),
            )
            .first()
        )
        if found is None:
            self._session_key = None
            return {}
        self.row, self.is_emergency = found, found.is_emergency
        return self.decode(found.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest(session_key)).exists()

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # not in the stubs
        fields = {"data": self.encode(data), **self._standing(data)}
        if must_create:
            self._insert(fields)
        elif not Session.objects.filter(digest=digest(self.session_key)).update(**fields):
            raise UpdateError
        elif self.row is not None:
            for name, value in fields.items():
                setattr(self.row, name, value)

    def cycle_key(self) -> None:
        """A new key for the same session: whoever holds the old one holds nothing."""
        data = self._session  # type: ignore[attr-defined]  # not in the stubs
        if self.session_key is None or self.row is None:
            super().cycle_key()
            return
        new: str = self._get_new_session_key()  # type: ignore[attr-defined]  # not in the stubs
        old = Session.objects.filter(digest=digest(self.session_key))
        if not old.update(digest=digest(new)):
            raise UpdateError
        self._session_key = new
        self._session_cache = data
        self.row.digest = digest(new)
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(digest=digest(key)).delete()
        if key == self.session_key:
            self.__dict__.pop("row", None)

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(ends_at__lt=timezone.now()).delete()

    def _insert(self, fields: Mapping[str, Any]) -> None:
        row = Session(digest=digest(self.session_key or ""), **fields)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise CreateError from error
        self.row = row

    def _standing(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What changes when somebody signs in: whose it is, and its times."""
        now, user_id = timezone.now(), data.get(SESSION_KEY)
        known = self.row
        if known is not None and str(known.user_id or "") == (user_id or ""):
            return {}
        if user_id is None:
            return {"user_id": None, "begun_at": now, "ends_at": now + unfinished_time()}
        roles = RoleAssignment.objects.in_force().filter(user=user_id)
        codes = list(roles.values_list("role_id", flat=True))
        return {
            "user_id": user_id,
            "begun_at": now,
            "last_used_at": now,
            "locked_at": None,
            "idle_seconds": idle_seconds(codes),
            "ends_at": now + absolute_time(codes),
        }
