"""Trainings of professionals: events, seats, and the professionals who are counted once."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from casework.codes import new_code
from casework.models import Person
from directory.models import Area, Grant, Topic
from vault.fields import DataKeyField, SealedTextField


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, user: User) -> Self:
        """Trainings of the user's own organization."""
        return self.filter(organization=user.organization_id)

    def latest_first(self) -> Self:
        # A count of seats would drop the order of Meta.
        return self.order_by("-starts_on", "-id")


class Training(models.Model):
    """One training event for professionals."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="trainings")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+", verbose_name=_("topic"))
    programme = models.CharField(_("programme"), max_length=120)
    accredited_by = models.CharField(_("accredited by"), max_length=120, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("place"))
    grant = models.ForeignKey(
        Grant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("grant")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-starts_on", "-id"]
        permissions = [("record_training", "Can record trainings")]
        constraints = [
            models.CheckConstraint(
                name="training_ends_after_it_starts",
                condition=Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A training ends on or after its first day."),
            )
        ]
        indexes = [models.Index(fields=["organization", "starts_on"], name="training_by_day")]

    def __str__(self) -> str:
        return self.programme

    def get_absolute_url(self) -> str:
        return reverse("outreach:training", args=[self.pk])


class ProfessionalQuerySet(models.QuerySet["Professional"]):
    def visible_to(self, user: User) -> Self:
        """Professionals that the user's own organization trained."""
        return self.filter(registered_by_organization=user.organization_id)


class Professional(models.Model):
    """Somebody who was trained, by code, so that two seats of one person count once."""

    class Profession(models.TextChoices):
        SOCIAL_WORKER = "social_worker", _("Social worker")
        POLICE = "police", _("Police officer")
        PROSECUTOR = "prosecutor", _("Prosecutor")
        JUDGE = "judge", _("Judge")
        LAWYER = "lawyer", _("Lawyer")
        HEALTH = "health", _("Health worker")
        TEACHER = "teacher", _("Teacher")
        GUARDIAN = "guardian", _("Guardian")
        ASYLUM = "asylum", _("Asylum or reception officer")
        INTERPRETER = "interpreter", _("Interpreter or cultural mediator")
        NGO = "ngo", _("NGO worker")
        MEDIA = "media", _("Journalist")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True, default=new_code, editable=False)
    registered_by_organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    data_key = DataKeyField()
    name = SealedTextField(verbose_name=_("name"))
    profession = models.CharField(_("profession"), max_length=20, choices=Profession)
    institution_type = models.CharField(
        _("kind of institution"), max_length=40, choices=Organization.Type
    )
    institution = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("institution"),
    )
    sex = models.CharField(_("sex"), max_length=10, choices=Person.Sex)

    objects = ProfessionalQuerySet.as_manager()

    class Meta:
        verbose_name = _("professional")
        verbose_name_plural = _("professionals")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class TrainingAttendanceQuerySet(models.QuerySet["TrainingAttendance"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(training__in=Training.objects.visible_to(user))


class TrainingAttendance(models.Model):
    """One seat: a professional at a training."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="attendances")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="attendances")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = TrainingAttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "professional"],
                name="one_seat_per_professional",
                violation_error_message=_("This professional is on the list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.professional} {self.training_id}"
