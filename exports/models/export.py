"""The register of exports: what left the house as a file, who had it, and who agreed."""

from datetime import timedelta
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Role, User
from files.models import StoredFile
from vault.fields import DataKeyField

LIFETIME = timedelta(hours=24)


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> Self:
        """Own ones; those waiting that the user may agree to; for the register's readers, all of
        their organization.
        """
        rows = Q(requested_by=user)
        if user.has_perm("exports.approve_export"):
            rows |= Q(pk__in=self.waiting_for(user).values("pk"))
        if user.has_perm("exports.view_export_register"):
            rows |= Q(organization=user.organization_id)
        return self.filter(rows)

    def waiting_for(self, user: User) -> Self:
        """What this user may agree to: of a colleague of hers, never her own.

        Leadership answers for the whole organization, everybody else for the own teams.
        """
        waiting = self.filter(
            state=Export.State.WAITING, organization=user.organization_id
        ).exclude(requested_by=user)
        if user.has_role(Role.Code.LEADERSHIP):
            return waiting
        colleagues = User.objects.filter(teams__in=user.team_ids)
        return waiting.filter(requested_by__in=colleagues.values("pk"))

    def to_fetch(self, user: User) -> Self:
        """Files that this user may fetch now: her own, made, not fetched, not run out."""
        return self.filter(
            requested_by=user, state=Export.State.READY, expires_at__gt=timezone.now()
        )

    def run_out(self) -> Self:
        """What waited too long: to be agreed to, made or fetched."""
        now = timezone.now()
        return self.filter(
            Q(state=Export.State.READY, expires_at__lte=now)
            | Q(state=Export.State.REQUESTED, requested_at__lte=now - 8 * LIFETIME)
            | Q(state=Export.State.WAITING, requested_at__lte=now - 7 * LIFETIME)
        )


class Export(models.Model):
    """One file that was asked for: what is in it, for whom and why, and what became of it.

    The row is a line of the register and stays; the file is destroyed when it was fetched or
    nobody fetched it for a day. Counts that name nobody are handed out at once and not kept.
    """

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("One person, to another organization")
        SUBJECT = "subject", _("One person, to herself")
        CASES = "cases", _("List of cases")
        ORIGINAL = "original", _("Original of a file")
        REPORT = "report", _("Report")
        REGISTER = "register", _("Register")
        FACTS = "facts", _("Counted facts without names")

    class Purpose(models.TextChoices):
        REFERRAL = "referral", _("Another organization goes on helping")
        RIGHTS = "rights", _("The person asked for her data")
        DONOR = "donor", _("Reporting to a donor")
        SUPERVISION = "supervision", _("Supervision of the work")
        PROCEEDINGS = "proceedings", _("Proceedings at a court or authority")
        ACCOUNTABILITY = "accountability", _("Answering for data protection")

    class Label(models.TextChoices):
        """Source: IASC/OCHA information classification."""

        PUBLIC = "public", _("Public")
        RESTRICTED = "restricted", _("Restricted")
        CONFIDENTIAL = "confidential", _("Confidential")
        STRICTLY_CONFIDENTIAL = "strictly_confidential", _("Strictly confidential")

    class Format(models.TextChoices):
        XLSX = "xlsx", _("XLSX")
        CSV = "csv", _("CSV")
        JSON = "json", _("JSON")
        LOCKED_XLSX = "locked_xlsx", _("XLSX, locked with a password")
        AGE = "age", _("JSON, encrypted to the receiver's key")
        AS_IS = "as_is", _("As it came")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        REQUESTED = "requested", _("Being made")
        READY = "ready", _("Ready to fetch")
        HANDED_OUT = "handed_out", _("Handed out")
        EXPIRED = "expired", _("Run out")
        REFUSED = "refused", _("Not agreed to")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    data_key = DataKeyField()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # What it is about: a case, a file, a report.
    object_id = models.UUIDField(null=True, blank=True)
    case_id = models.UUIDField(null=True, blank=True)
    # {name of the filter: codes}; never a name or a text.
    filters = models.JSONField(default=dict, blank=True)
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)
    purpose = models.CharField(_("what for"), max_length=20, choices=Purpose)
    recipient = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who gets it"),
    )
    # Public key (age) of the receiver's machine.
    recipient_key = models.CharField(max_length=100, blank=True)
    label = models.CharField(_("label"), max_length=25, choices=Label)
    format = models.CharField(_("form"), max_length=20, choices=Format)
    state = models.CharField(max_length=20, choices=State)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    # The same, locked with a password that only the screen has seen.
    locked_file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    # SHA-256 of the bytes that were handed out, so that a file found later can be recognised.
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    downloaded_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-requested_at", "-id"]
        permissions = [
            ("request_export", "Can ask for a file that names a person"),
            ("approve_export", "Can agree to the export of somebody else"),
            ("view_export_register", "Can read the register of exports"),
        ]
        constraints = [
            models.CheckConstraint(
                name="nobody_agrees_to_her_own_export",
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
                violation_error_message=_("Somebody else has to agree to this export."),
            ),
            models.CheckConstraint(
                name="export_for_a_machine_has_its_key",
                condition=~Q(format="age") | ~Q(recipient_key=""),
                violation_error_message=_("Give the receiver's public key."),
            ),
            models.CheckConstraint(
                name="handed_out_export_has_time_and_hash",
                condition=~Q(state="handed_out") | (Q(downloaded_at__isnull=False) & ~Q(sha256="")),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-requested_at"], name="export_by_organization"),
            models.Index(fields=["requested_by", "-requested_at"], name="export_by_user"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("exports:export", args=[self.pk])

    @property
    def number(self) -> str:
        return number_of(self.pk)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_being_made(self) -> bool:
        return self.state == self.State.REQUESTED

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def needs_password(self) -> bool:
        return self.format == self.Format.LOCKED_XLSX


def number_of(export_id: UUID) -> str:
    """What stands in the file and in the register: `X-3F9C2A1B`."""
    return f"X-{export_id.hex[:8].upper()}"
