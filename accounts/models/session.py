"""Who is signed in where, and what a person had typed when her session was closed."""

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vault.keys import key_provider, new_data_key, seal, unseal


class Session(models.Model):
    """One browser's session. The key that the browser holds is stored as its hash only.

    What decides about a session stands in columns and is changed by one statement each, so that
    a request in flight cannot write an older state back.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    data = models.TextField(editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions"
    )
    device = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(default=timezone.now, editable=False)
    locked_at = models.DateTimeField(null=True, editable=False)
    idle_seconds = models.PositiveIntegerField(default=0, editable=False)
    ends_at = models.DateTimeField(editable=False)
    # Only while somebody else holds the screen: the first page, the routes that are open, what
    # they need to know; the hash of the code that leads out, and how often it was wrong.
    handed_over = models.JSONField(null=True, editable=False)
    handed_code = models.CharField(max_length=128, blank=True, editable=False)
    handed_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [models.Index(fields=["ends_at"], name="session_ended")]

    def __str__(self) -> str:
        return self.device

    def is_locked(self, now: datetime) -> bool:
        """Whether it waits for its owner: she hid it, or left it alone too long."""
        if self.user_id is None:
            return False
        return self.locked_at is not None or self.is_idle(now)

    def is_idle(self, now: datetime) -> bool:
        return now - self.last_used_at >= timedelta(seconds=self.idle_seconds)


class KnownDevice(models.Model):
    """A browser in which somebody signed in before; it holds a random word, here is its hash."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_devices")
    digest = models.CharField(max_length=64, editable=False)
    first_used_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="known_device_once")]

    def __str__(self) -> str:
        return str(self.first_used_at)


class AddressChange(models.Model):
    """That somebody's address was changed, until the old address was told; then it is deleted."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    old_address = models.EmailField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")

    def __str__(self) -> str:
        return str(self.pk)


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, session: Session) -> Self:
        """What was kept for this session and is not too old."""
        return self.filter(session=session, user=session.user_id, ends_at__gt=timezone.now())


class Draft(models.Model):
    """A form that arrived at a closed door, sealed until its owner opens it again.

    It belongs to one session and goes with it; a key of its own seals it, wrapped by the ring.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key_version = models.PositiveSmallIntegerField(editable=False)
    wrapped_key = models.BinaryField(editable=False)
    sealed = models.BinaryField(editable=False)
    ends_at = models.DateTimeField(editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return str(self.pk)

    def close(self, plain: bytes) -> None:
        """Seal what was typed under a new key."""
        key = new_data_key()
        self.key_version, self.wrapped_key = key_provider().wrap(key, self._context())
        self.sealed = seal(key, plain, self._context())

    def open(self) -> bytes:
        """What was typed. Raises SealError when it belongs to another row or was changed."""
        key = key_provider().unwrap(self.key_version, bytes(self.wrapped_key), self._context())
        return unseal(key, bytes(self.sealed), self._context())

    def _context(self) -> bytes:
        return f"{self._meta.db_table}|{self.pk}|{self.session_id}|{self.user_id}".encode()
