"""The procedure of formal identification of one case: its attempts and their dated steps.

The first attempt stays as it was when another one follows a refusal. What is written here belongs
to the story of the case.
"""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models import Organization, User
from casework.models import Case, TraffickingStatus
from casework.models.gate import OfCaseQuerySet
from referrals import identification as path
from vault.fields import DataKeyField, SealedTextField

REPEATED = [rule.step.value for rule in path.RULES if rule.repeats]


class IdentificationQuerySet(OfCaseQuerySet["Identification"]):
    level = Level.NARRATIVE

    def open(self) -> Self:
        return self.filter(ended_at=None)


class Identification(models.Model):
    """One attempt to have somebody recognised, with the body that decides about it."""

    class Route(models.TextChoices):
        """The codes of `identification.Route` with their words."""

        CENTER = path.Route.CENTER.value, _("With the Center")
        SOCIAL_WORK = path.Route.SOCIAL_WORK.value, _("With the centre for social work")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="identifications")
    data_key = DataKeyField()
    number = models.PositiveSmallIntegerField(_("attempt"))
    route = models.CharField(_("way"), max_length=15, choices=Route)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("with which body")
    )
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IdentificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["-number"]
        permissions = [("record_identification", "Can record steps of formal identification")]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_attempt_per_number"),
            models.UniqueConstraint(
                fields=["case"],
                name="one_open_attempt_per_case",
                condition=Q(ended_at=None),
                violation_error_message=_("A procedure is open in this case already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("referrals:procedure", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class ProcedureStepQuerySet(models.QuerySet["ProcedureStep"]):
    def visible_to(self, user: User) -> Self:
        """Steps of the procedures that this user may read."""
        return self.filter(identification__in=Identification.objects.visible_to(user))

    def waiting(self) -> Self:
        """What waits for a further step, in procedures that go on."""
        rows = self.filter(due_at__isnull=False, met_at=None)
        return rows.filter(identification__ended_at=None)

    def overdue(self, at: datetime | None = None) -> Self:
        return self.waiting().filter(due_at__lt=at or timezone.now())

    def told_in_full(self) -> Self:
        return self.select_related("data_key", "organization", "recorded_by")


class ProcedureStep(models.Model):
    """One step that somebody took: when, what came of it, and what is waited for since."""

    class Step(models.TextChoices):
        """The codes of `identification.Step` with their words."""

        SUSPICION = path.Step.SUSPICION.value, _("Suspicion noticed")
        PRELIMINARY = path.Step.PRELIMINARY.value, _("Preliminary identification")
        REPORT = path.Step.REPORT.value, _("Report of suspicion")
        INTAKE = path.Step.INTAKE.value, _("Taken in by the body")
        PANEL = path.Step.PANEL.value, _("Assessed by the panel")
        INTERVIEW = path.Step.INTERVIEW.value, _("Interview")
        FINDING = path.Step.FINDING.value, _("Finding")
        PLAN = path.Step.PLAN.value, _("Protection plan")
        REVIEW = path.Step.REVIEW.value, _("Plan looked at again")
        REFLECTION = path.Step.REFLECTION.value, _("Residence as presumed victim")
        RESIDENCE = path.Step.RESIDENCE.value, _("Humanitarian residence")
        ASYLUM = path.Step.ASYLUM.value, _("Asylum procedure")
        EXIT = path.Step.EXIT.value, _("End of the procedure")

    class Outcome(models.TextChoices):
        """The codes of `identification.Outcome` with their words."""

        VICTIM = path.Outcome.VICTIM.value, _("Identified as a victim")
        NOT_VICTIM = path.Outcome.NOT_VICTIM.value, _("Not identified")
        PENDING = path.Outcome.PENDING.value, _("Not decided yet")
        GRANTED = path.Outcome.GRANTED.value, _("Granted")
        REFUSED = path.Outcome.REFUSED.value, _("Refused")
        REQUESTED = path.Outcome.REQUESTED.value, _("Asked for")
        REINTEGRATED = path.Outcome.REINTEGRATED.value, _("Lives independently again")
        RETURNED = path.Outcome.RETURNED.value, _("Returned by own wish")
        MOVED_ON = path.Outcome.MOVED_ON.value, _("Moved on")
        WITHDREW = path.Outcome.WITHDREW.value, _("Did not want to go on")
        LOST = path.Outcome.LOST.value, _("Contact lost")

    class Barrier(models.TextChoices):
        """Why somebody is not recognised, or not in time; foreign nationals above all."""

        SMUGGLED = "smuggled", _("Seen as smuggled only")
        ABROAD = "abroad", _("It happened in another country")
        FOREIGNER = "foreigner", _("Foreign national")
        NO_DOCUMENTS = "no_documents", _("No documents")
        NO_INTERPRETER = "no_interpreter", _("No interpreter")
        NO_STAFF = "no_staff", _("Nobody free at the body")
        TOO_FAR = "too_far", _("Too far away")
        DETAINED = "detained", _("Held by the police or in detention")
        PENALISED = "penalised", _("Punished for forced acts")
        AFRAID = "afraid", _("Afraid to speak")
        IN_TRANSIT = "in_transit", _("Left before it came to that")
        AGE_DOUBTED = "age_doubted", _("Age in doubt")
        NOT_TOLD = "not_told", _("No reason was given")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    identification = models.ForeignKey(Identification, models.CASCADE, related_name="steps")
    data_key = DataKeyField()
    step = models.CharField(_("step"), max_length=15, choices=Step)
    outcome = models.CharField(_("what came of it"), max_length=15, choices=Outcome, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    until = models.DateField(_("until"), null=True, blank=True)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("which institution"),
    )
    barriers = ArrayField(
        models.CharField(max_length=20, choices=Barrier),
        default=list,
        blank=True,
        verbose_name=_("what stood in the way"),
    )
    note = SealedTextField(verbose_name=_("note"))
    # The status that the finding wrote.
    status = models.OneToOneField(
        TraffickingStatus, models.PROTECT, related_name="+", null=True, blank=True
    )
    due_at = models.DateTimeField(null=True, editable=False)
    met_at = models.DateTimeField(null=True, editable=False)
    # When whoever works the case was told that it is late; once.
    told_at = models.DateTimeField(null=True, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProcedureStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a procedure")
        verbose_name_plural = _("steps of procedures")
        ordering = ["at", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["identification", "step"],
                name="one_step_of_its_kind",
                condition=~Q(step__in=REPEATED),
            ),
            models.CheckConstraint(
                name="dated_step_ends_after_it_began",
                condition=Q(until=None) | Q(until__gte=F("at__date")),
                violation_error_message=_("It cannot end before it began."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="identification_late",
                condition=Q(met_at=None, told_at=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def awaits(self) -> str:
        """The word for what is waited for since this step."""
        clock = path.clock_of(self.step, self.outcome)
        return str(ProcedureStep.Step(clock.awaits).label) if clock else ""

    @property
    def is_waiting(self) -> bool:
        return self.due_at is not None and self.met_at is None

    @property
    def barrier_words(self) -> list[str]:
        return [str(ProcedureStep.Barrier(code).label) for code in self.barriers]
