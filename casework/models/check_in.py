"""Who is in the hub: one row for each time that somebody came in."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from casework.models.person import Person
from casework.models.visit import Visit


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: User) -> Self:
        """Check-ins of the people whose operational record this user may see."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def here(self) -> Self:
        return self.filter(left_at=None)


class CheckIn(models.Model):
    """Somebody came into the hub, and left it again. After some weeks only the day is kept."""

    class How(models.TextChoices):
        CARD = "card", _("By card")
        CODE = "code", _("By code")
        SEARCH = "search", _("Found by search")
        FAMILY = "family", _("With her family")

    class Waits(models.TextChoices):
        """What somebody waits for, as everybody in the room may read it."""

        NOBODY = "", _("Nothing")
        CASEWORKER = "caseworker", _("A caseworker")
        INTERPRETER = "interpreter", _("An interpreter")
        SERVICE = "service", _("A service")
        APPOINTMENT = "appointment", _("An appointment")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="check_ins")
    team = models.ForeignKey(Team, models.PROTECT, related_name="check_ins")
    came_at = models.DateTimeField(_("came at"), default=timezone.now)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    how = models.CharField(_("how"), max_length=10, choices=How)
    waits_for = models.CharField(_("waits for"), max_length=20, choices=Waits, blank=True)
    # What was recorded of this stay; a stay without a record of it is complete as well.
    visit = models.ForeignKey(
        Visit, models.PROTECT, related_name="check_ins", null=True, blank=True
    )
    # Nobody said that she left: the hub had closed.
    is_ended_by_clock = models.BooleanField(_("ended by the clock"), default=False)
    checked_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-came_at"]
        permissions = [("check_in", "Can check people in and out")]
        constraints = [
            # A person belongs to one organization, so this is one for each organization too.
            models.UniqueConstraint(
                fields=["person"], condition=Q(left_at=None), name="one_open_check_in_per_person"
            ),
            models.CheckConstraint(
                name="leaves_after_coming",
                condition=Q(left_at=None) | Q(left_at__gte=F("came_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["team"], condition=Q(left_at=None), name="here_by_team"),
            models.Index(fields=["came_at"], name="check_in_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    # Whether this very request made the row; a second desk finds it made.
    is_new = False

    @property
    def is_open(self) -> bool:
        return self.left_at is None
