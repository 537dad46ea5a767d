"""Work promised in the transaction that caused it, and delivered afterwards."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxJobQuerySet(models.QuerySet["OutboxJob"]):
    def due(self) -> Self:
        """Jobs that should be sent now: new ones, and sent ones whose time ran out."""
        return self.filter(
            state__in=[OutboxJob.State.NEW, OutboxJob.State.SENT],
            available_at__lte=timezone.now(),
        )


class OutboxJob(models.Model):
    """An event for the tasks that answer it, or one such task's job. Arguments are ids only."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        SENT = "sent", _("Sent")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.CharField(max_length=60)
    task = models.CharField(max_length=120, blank=True)
    args = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    available_at = models.DateTimeField(default=timezone.now)

    objects = OutboxJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox job")
        verbose_name_plural = _("outbox jobs")
        indexes = [
            models.Index(
                fields=["available_at"],
                name="outbox_due",
                condition=models.Q(state__in=["new", "sent"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
