"""Templates of donors, and reports: counted once, then frozen."""

from datetime import date, timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Role, User
from directory.models import Donor, Grant
from directory.models.entry import in_active_language


class ReportTemplate(models.Model):
    """What one donor wants counted, and by which rules: one version of a definition file."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    donor = models.ForeignKey(
        Donor, models.PROTECT, related_name="report_templates", null=True, blank=True
    )
    definition = models.JSONField()
    content_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="one_row_per_template_version"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_current=True), name="one_current_template_version"
            ),
        ]

    def __str__(self) -> str:
        title = self.definition["title"]
        return in_active_language(title["en"], title["sr"])

    @property
    def indicators(self) -> list[dict[str, Any]]:
        return list(self.definition["indicators"])


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """Reports of the user's own house; to a donor, those released to that donor."""
        if user.has_perm("reports.view_exact_figures"):
            return self.filter(organization=user.organization_id)
        if user.has_role(Role.Code.DONOR):
            return self.filter(
                released_at__isnull=False, template__donor__code=user.organization.code
            )
        return self.none()

    def versions_of(self, report: "Report") -> Self:
        """The report and its corrections, without their figures: the same period counted anew."""
        rows = self.filter(
            template__code=report.template.code,
            organization=report.organization_id,
            grant=report.grant_id,
            starts_on=report.starts_on,
            ends_before=report.ends_before,
        )
        return rows.defer("figures", "released_figures").order_by("version", "requested_at")


class Report(models.Model):
    """One template counted for one organization and period; finished, it never changes.

    The period is half-open: `starts_on` belongs to it, `ends_before` does not. A correction is a
    new version beside the old one.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Counting")
        DONE = "done", _("Finished")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="reports")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reports")
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="reports", null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(_("until"))
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    counted = models.PositiveSmallIntegerField(default=0)
    counting = models.CharField(max_length=40, blank=True)
    # {indicator code: figures} as `counting.Counted` says; exact, for the house.
    figures = models.JSONField(default=dict, blank=True)
    # The same as it may leave the house: small numbers kept back.
    released_figures = models.JSONField(default=dict, blank=True)
    # Keyed, so that no small number can be tried out against it.
    sha256 = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-requested_at", "-id"]
        permissions = [
            ("view_reports", "Can see reports"),
            ("view_exact_figures", "Can see exact figures of the own organization"),
            ("request_report", "Can have a report counted"),
            ("release_report", "Can release a report to its donor"),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(ends_before__gt=models.F("starts_on")),
                violation_error_message=_("The last day lies before the first one."),
            ),
            models.UniqueConstraint(
                name="one_report_per_version",
                fields=["template", "organization", "grant", "starts_on", "ends_before", "version"],
                nulls_distinct=False,
                violation_error_message=_("This version of the report exists already."),
            ),
            models.CheckConstraint(
                name="finished_report_is_sealed",
                condition=~Q(state="done") | (Q(finished_at__isnull=False) & ~Q(sha256="")),
                violation_error_message=_("A finished report has its figures and their seal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template.code} {self.starts_on} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_waiting(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def ends_on(self) -> date:
        """The last day that belongs to the period."""
        return self.ends_before - timedelta(days=1)
