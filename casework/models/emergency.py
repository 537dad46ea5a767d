"""Emergency access: reading one case for an hour, asked for with a reason, looked at afterwards."""

from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, Organization, User
from casework.models.access import CaseAccess, CaseBlock
from casework.models.case import Case
from vault.fields import DataKeyField, SealedTextField


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def visible_to(self, user: User) -> Self:
        """One's own requests; those of the organization, for who agrees to and reviews them.

        Nobody sees a request about a case that is closed to her by a conflict of interest.
        """
        rows = Q(asked_by=user)
        if user.has_perm("casework.review_emergency_access"):
            rows |= Q(organization=user.organization_id)
        closed = CaseBlock.objects.persons_closed_to(user)
        return self.filter(rows).exclude(case__person__in=closed)

    def of_last_day(self, user: User) -> Self:
        """What this user asked for within a day, whatever came of it."""
        return self.filter(asked_by=user, asked_at__gt=timezone.now() - timedelta(days=1))

    def waiting(self) -> Self:
        """For a second and a third person to agree, while it is still an emergency."""
        since = timezone.now() - timedelta(seconds=settings.EMERGENCY_WAIT_SECONDS)
        return self.filter(state=EmergencyAccess.State.WAITING, asked_at__gt=since)

    def to_review(self) -> Self:
        return self.filter(state=EmergencyAccess.State.OPENED, reviewed_at=None)

    def overdue(self) -> Self:
        return self.to_review().filter(review_due_at__lt=timezone.now())


class EmergencyAccess(models.Model):
    """One request. What came of it is told to nobody but those who review it.

    Without a case when there was none to open: who asks is not told whether it exists.
    """

    class Category(models.TextChoices):
        DANGER = "danger", _("Danger to life or health now")
        HERE_NOW = "here_now", _("The person is here and nobody of the case can be reached")
        CHILD = "child", _("A child is alone or missing")
        DEADLINE = "deadline", _("A deadline that cannot wait")

    class State(models.TextChoices):
        NOTHING = "nothing", _("Nothing was opened")
        WAITING = "waiting", _("Two people have to agree")
        REFUSED = "refused", _("Not agreed to")
        OPENED = "opened", _("Opened")

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("It was needed")
        FOLLOW_UP = "follow_up", _("Something has to change")
        NOT_JUSTIFIED = "not_justified", _("It was not needed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    case = models.ForeignKey(
        Case, models.CASCADE, related_name="emergencies", null=True, blank=True
    )
    data_key = DataKeyField()
    category = models.CharField(_("why"), max_length=20, choices=Category)
    reason = SealedTextField(verbose_name=_("what happened"))
    state = models.CharField(max_length=10, choices=State)
    access = models.OneToOneField(
        CaseAccess, models.CASCADE, related_name="emergency", null=True, blank=True
    )
    review_due_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict, blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency access")
        ordering = ["-asked_at", "-id"]
        permissions = [
            ("ask_emergency_access", "Can ask for emergency access"),
            ("review_emergency_access", "Can agree to and review emergency access"),
        ]
        constraints = [
            models.CheckConstraint(
                name="opened_emergency_has_access_and_review",
                condition=Q(state="opened", access__isnull=False, review_due_at__isnull=False)
                | ~Q(state="opened") & Q(access=None, reviewed_at=None),
            ),
            models.CheckConstraint(
                name="emergency_review_has_person_and_verdict",
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict=""),
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="emergency_by_asker"),
            models.Index(fields=["organization", "-asked_at"], name="emergency_by_house"),
        ]

    def __str__(self) -> str:
        return self.get_category_display()

    @property
    def is_active(self) -> bool:
        """Whether the case is open by it now. Needs the access: read with `select_related`."""
        ends_at: Any = self.access and self.access.ends_at
        return bool(ends_at and ends_at > timezone.now())

    def acts(self) -> "models.QuerySet[AuditEvent]":
        """What the asker did with the case while it was open to her, in the order of time."""
        row = self.access
        if row is None:
            return AuditEvent.objects.none()
        acts = AuditEvent.objects.filter(actor=self.asked_by_id, case_id=self.case_id)
        return acts.filter(at__gte=row.starts_at, at__lte=row.ends_at).order_by("id")

    @property
    def is_waiting(self) -> bool:
        limit = self.asked_at + timedelta(seconds=settings.EMERGENCY_WAIT_SECONDS)
        return self.state == self.State.WAITING and limit > timezone.now()


class EmergencyVoteQuerySet(models.QuerySet["EmergencyVote"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(emergency__in=EmergencyAccess.objects.visible_to(user))


class EmergencyVote(models.Model):
    """What one person answered who was asked whether a sealed case may be opened."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    emergency = models.ForeignKey(EmergencyAccess, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    objects = EmergencyVoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a request")
        verbose_name_plural = _("answers to requests")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["emergency", "voter"],
                name="one_vote_per_person",
                violation_error_message=_("You have answered already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.emergency_id)
