"""Studies: what the talks of one instrument add up to, for those who keep the instrument."""

from datetime import date, timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from screening.models import Instrument


class StudyQuerySet(models.QuerySet["Study"]):
    def visible_to(self, user: User) -> Self:
        """Those of the own house, for whoever keeps instruments."""
        if not user.has_perm("reports.view_studies"):
            return self.none()
        return self.filter(organization=user.organization_id)


class Study(models.Model):
    """The talks of one instrument that one house finished in a period, as protected counts.

    Exact counts are never kept: a coordinator sees no result of a talk, and with few people a
    count would tell it. The period is half-open, as that of a report.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        DONE = "done", _("Finished")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(_("until"))
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    figures = models.JSONField(null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = ["-requested_at", "-id"]
        permissions = [
            ("view_studies", "Can see what talks add up to"),
            ("request_study", "Can have talks counted"),
        ]
        constraints = [
            models.CheckConstraint(
                name="study_period_in_order",
                condition=Q(ends_before__gt=F("starts_on")),
                violation_error_message=_("The last day lies before the first one."),
            ),
            # Two periods that differ by a day would tell of that day.
            models.UniqueConstraint(
                name="one_study_per_period",
                fields=["instrument", "organization", "starts_on", "ends_before"],
                violation_error_message=_("This period was counted already."),
            ),
            models.CheckConstraint(
                name="finished_study_has_figures",
                condition=Q(state="done", figures__isnull=False, finished_at__isnull=False)
                | Q(state="queued", figures=None, finished_at=None),
                violation_error_message=_("A finished study has figures."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse("reports:study", args=[self.pk])

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def ends_on(self) -> date:
        """The last day that belongs to the period."""
        return self.ends_before - timedelta(days=1)
