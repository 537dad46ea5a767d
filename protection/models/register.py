"""What every register of the house shares: whose it is, who wrote it down, what is sealed in it."""

from datetime import date, timedelta
from typing import Self, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Organization, User
from vault.fields import DataKeyField

Row = TypeVar("Row", bound=models.Model)


class OfHouseQuerySet(models.QuerySet[Row]):
    """Rows of one organization, for those who work with its registers."""

    permission = "protection.view_registers"

    def visible_to(self, user: User) -> Self:
        if not user.has_perm(self.permission):
            return self.none()
        return self.filter(organization=user.organization_id)


class Register(models.Model):
    """One line of a register. Texts that could name somebody are sealed with the line's own key."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", editable=False)
    data_key = DataKeyField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)[:8].upper()


def days_left(until: date) -> int:
    """Days until a day; below 0 it is over."""
    return (until - timezone.localdate()).days


def after_days(day: date, days: int) -> date:
    return day + timedelta(days=days)
