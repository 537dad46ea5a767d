"""Short neutral messages to those who work here, shown in the page."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: models.Model) -> Self:
        return self.filter(user=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def untold(self) -> Self:
        """Those of which nobody was told beside the page, and nobody read there."""
        return self.filter(told_at=None, read_at=None)

    def count_of(self, user: OuterRef) -> Coalesce:
        """How many of these are the user's, as part of a query about her."""
        mine = self.filter(user=user).order_by().values("user")
        return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), Value(0))


class Notice(models.Model):
    """One message to one user: a code that the page puts into words, and a link. No text.

    What the link leads to is guarded where it leads; the notice tells nothing of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    url_name = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    # When she was told beside the page, or it was clear that she would not be.
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=["user", "-at"], name="notice_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(
                fields=["at"],
                name="notice_untold",
                condition=Q(read_at__isnull=True, told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.code
