"""How somebody who works here wants to be told of her notices, and in which browsers."""

from datetime import datetime, time
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.sealed import SealedRow
from accounts.models.session import Session
from accounts.models.user import User


class NoticePreference(models.Model):
    """By which ways beside the page, and when not. In the page they stand always."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="notice_preference",
    )
    by_mail = models.BooleanField(default=False)
    # In the time of the house; from later than until goes over midnight.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("way to be told")
        verbose_name_plural = _("ways to be told")
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_begin_and_end",
                condition=Q(quiet_from=None, quiet_until=None)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=F("quiet_until"))
                ),
                violation_error_message=_("Say when the quiet hours begin and when they end."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def of(cls, user: User) -> Self:
        """Hers, or what holds for whoever said nothing: by mail where she is seldom in the page."""
        found = cls.objects.filter(user=user).first()
        return found or cls(user=user, by_mail=not user.organization.is_house)

    def is_quiet(self, now: datetime) -> bool:
        begins, ends = self.quiet_from, self.quiet_until
        if begins is None or ends is None:
            return False
        at: time = timezone.localtime(now).time()
        return begins <= at < ends if begins < ends else at >= begins or at < ends


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def live(self) -> Self:
        """Where its owner is signed in, and holds the screen herself."""
        now = timezone.now()
        return self.filter(session__ends_at__gt=now, session__handed_over__isnull=True)


class PushSubscription(SealedRow):
    """A browser that may be told. It is told nothing while its owner is not signed in there.

    Sealed: its address at the push service and the keys that messages are sealed with.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions"
    )
    session = models.ForeignKey(Session, models.SET_NULL, null=True, editable=False)
    # Tells the browser when its owner signs in there again, and the address from others.
    device = models.CharField(max_length=64, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(max_length=80, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("browser that is told")
        verbose_name_plural = _("browsers that are told")

    def __str__(self) -> str:
        return self.name
