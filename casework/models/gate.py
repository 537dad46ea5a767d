"""The gate of whatever belongs to a case: what can be seen of the case can be seen of it."""

from typing import Self, TypeVar

from django.db import models

from accounts.levels import Level
from accounts.models import User
from casework.models.case import Case

Row = TypeVar("Row", bound=models.Model)


class OfCaseQuerySet(models.QuerySet[Row]):
    """Rows with a `case`, seen by whoever sees that much of the case."""

    level = Level.OPERATIONAL

    def visible_to(self, user: User) -> Self:
        """Rows of the cases that this user may see at the rows' own level."""
        return self.filter(case__in=Case.objects.visible_to(user, self.level))
