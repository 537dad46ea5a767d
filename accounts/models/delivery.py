"""Messages that leave the house: one row each, written before anything is sent."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.sealed import SealedRow


class Delivery(SealedRow):
    """One message to one address: a code of a neutral text, and how far it got.

    The address and what fills the text are sealed under a key of the row's own, wrapped by the
    ring, and forgotten as soon as the message is delivered or given up.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        SMS = "sms", _("Text message")
        PUSH = "push", _("In the browser")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed, is tried again")
        GIVEN_UP = "given_up", _("Given up")

    # Random, and the same in each try: the other side knows a second try by it.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    channel = models.CharField(max_length=10, choices=Channel)
    text = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    dedupe_key = models.CharField(max_length=120, unique=True)
    # Whom it tells, when that is somebody who signs in here.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="deliveries"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # A try that began and has not said how it ended; whether one never did.
    begun_at = models.DateTimeField(null=True, editable=False)
    is_doubtful = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("message that leaves")
        verbose_name_plural = _("messages that leave")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="delivery_by_user"),
            models.Index(
                fields=["created_at"], name="delivery_open", condition=Q(ended_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="delivery_forgets_when_it_ends",
                condition=Q(ended_at=None) | Q(sealed=None, wrapped_key=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.state}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    def end(self, state: str) -> None:
        """Say how it ended and forget where it went."""
        self.state, self.ended_at, self.begun_at = state, timezone.now(), None
        self.forget()
