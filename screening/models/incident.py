"""Incidents: what happened to a person, apart from her and from any talk, by code only."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models import Organization, User
from casework.models import Case, CaseBlock
from directory.models import Area
from screening.health_clocks import HealthClock, health_clocks
from screening.incident_types import CoreType, Facts
from vault.fields import DataKeyField, SealedJSONField

LAST_HOUR = 23


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: User) -> Self:
        """Those of the cases whose notes this user may read.

        A report on conduct is seen by who recorded it and by those who receive such reports, be
        the case closed to them or not; a conflict of interest closes it all the same.
        """
        if user.highest_level < Level.NARRATIVE:
            return self.none()
        own = Q(conduct_by=None) | Q(recorded_by=user) | Q(conduct_by=user)
        rows = own & Q(case__in=Case.objects.visible_to(user, Level.NARRATIVE))
        if user.has_perm("screening.receive_conduct_report"):
            blocks = CaseBlock.objects.in_force().filter(user=user)
            is_closed = Q(Exists(blocks.filter(case__person__cases=OuterRef("case"))))
            rows |= Q(conduct_by__isnull=False, organization=user.organization_id) & ~is_closed
        return self.filter(rows)

    def open(self) -> Self:
        return self.filter(state=Incident.State.OPEN)

    def in_open_cases(self) -> Self:
        return self.filter(case__in=Case.objects.open().filter(archived_on=None))

    def about_conduct(self) -> Self:
        return self.filter(conduct_by__isnull=False)


class Incident(models.Model):
    """One incident of a case. It has no place for a text, and is never deleted or called false.

    What it was stands in sealed codes. In clear stand the day and the kind of place, and whether
    it is a report on somebody who gives aid, because the database itself keeps those apart.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Stage(models.TextChoices):
        HOME = "home", _("Before leaving home")
        ROUTE = "route", _("On the way")
        BORDER = "border", _("While crossing a border")
        HERE = "here", _("In this country")
        RETURNED = "returned", _("After being sent back")
        UNKNOWN = "unknown", _("Not known")

    class Place(models.TextChoices):
        HOME = "home", _("Home or private room")
        CENTRE = "centre", _("Centre, camp or shelter")
        STREET = "street", _("Street, park or squat")
        NATURE = "nature", _("Forest, field or border strip")
        TRANSPORT = "transport", _("Vehicle or means of transport")
        WORK = "work", _("Place of work")
        SCHOOL = "school", _("School")
        OFFICE = "office", _("Police, detention or another office")
        HEALTH = "health", _("Hospital or clinic")
        ONLINE = "online", _("Online or by phone")
        OTHER = "other", _("Another place")
        UNKNOWN = "unknown", _("Not known")

    class ClosingReason(models.TextChoices):
        """That it did not happen is none of them: nobody here decides that."""

        CARED_FOR = "cared_for", _("Care is arranged")
        NO_WISH = "no_wish", _("The person wishes nothing more")
        ELSEWHERE = "elsewhere", _("Another organization goes on with it")
        TWICE = "twice", _("Recorded twice")
        WRONG_CASE = "wrong_case", _("Recorded in the wrong case")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="incidents")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    data_key = DataKeyField()
    first_on = models.DateField(_("day"), null=True, blank=True)
    first_hour = models.PositiveSmallIntegerField(
        _("hour"), null=True, blank=True, validators=[MaxValueValidator(LAST_HOUR)]
    )
    last_on = models.DateField(_("last day"), null=True, blank=True)
    last_hour = models.PositiveSmallIntegerField(
        _("hour of the last day"), null=True, blank=True, validators=[MaxValueValidator(LAST_HOUR)]
    )
    stage = models.CharField(
        _("part of the journey"), max_length=10, choices=Stage, default=Stage.UNKNOWN
    )
    place = models.CharField(
        _("kind of place"), max_length=10, choices=Place, default=Place.UNKNOWN
    )
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("area")
    )
    facts = SealedJSONField(verbose_name=_("what it was"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    closing_reason = models.CharField(
        _("why closed"), max_length=15, choices=ClosingReason, blank=True
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    # Who said that somebody who gives aid did it; from then on it is a report on conduct.
    conduct_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    # Of which windows of care somebody was told again: of all that end until then.
    clock_told_until = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-recorded_at", "-id"]
        permissions = [
            ("record_incident", "Can record and correct incidents"),
            ("receive_conduct_report", "Can receive reports on the conduct of those who give aid"),
        ]
        constraints = [
            models.CheckConstraint(
                name="closed_incident_has_reason_and_person",
                condition=Q(state="open", closing_reason="", closed_by=None, closed_at=None)
                | Q(state="closed", closed_by__isnull=False, closed_at__isnull=False)
                & ~Q(closing_reason=""),
                violation_error_message=_("A closed incident has a reason."),
            ),
            models.CheckConstraint(
                name="incident_days_in_order",
                condition=Q(last_on=None) | Q(first_on__isnull=False, last_on__gte=F("first_on")),
                violation_error_message=_("The last day does not lie before the first one."),
            ),
            models.CheckConstraint(
                name="incident_hour_has_day",
                condition=(Q(first_hour=None) | Q(first_on__isnull=False))
                & (Q(last_hour=None) | Q(last_on__isnull=False)),
                violation_error_message=_("An hour needs its day."),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-recorded_at"], name="incident_by_case"),
            models.Index(
                fields=["organization", "-recorded_at"],
                name="incident_reported",
                condition=Q(conduct_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("screening:incident", args=[self.pk])

    def clean(self) -> None:
        """Nothing happens tomorrow."""
        today = timezone.localdate()
        for name in ("first_on", "last_on"):
            day = getattr(self, name)
            if day is not None and day > today:
                raise ValidationError({name: _("This day is still to come.")})
        first, last = self.first_hour, self.last_hour
        is_one_day = self.first_on is not None and self.first_on == self.last_on
        if is_one_day and first is not None and last is not None and last < first:
            raise ValidationError({"last_hour": _("The last time lies before the first one.")})

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_conduct(self) -> bool:
        return self.conduct_by_id is not None

    @property
    def what(self) -> Facts:
        """The sealed facts, to be asked what they add up to."""
        return Facts.read(self.facts)

    @property
    def core_type_said(self) -> str:
        decided = self.what.core_type
        return str(CoreType(decided).label) if decided else str(_("Not clear yet"))

    @property
    def clocks(self) -> list[HealthClock]:
        """Windows of care after sexual violence, from when it last happened."""
        if not self.what.is_sexual:
            return []
        day, hour = self.first_on, self.first_hour
        if self.last_on is not None:
            day, hour = self.last_on, self.last_hour
        return health_clocks(day, hour, timezone.get_default_timezone())

    @property
    def running_clocks(self) -> list[HealthClock]:
        now = timezone.now()
        return [clock for clock in self.clocks if not clock.is_over(now)]
