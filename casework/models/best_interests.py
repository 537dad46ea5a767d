"""Steps of the best-interests procedure of a child, each with its clock."""

from datetime import datetime
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models import Role, User
from casework.models.case import Case
from casework.models.gate import has_case
from casework.models.person import Person
from vault.fields import DataKeyField, SealedTextField


class BestInterestsStepQuerySet(models.QuerySet["BestInterestsStep"]):
    def visible_to(self, user: User) -> Self:
        """Steps of the people this user may see; what was written to a step needs more."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(done_at=None)

    def waiting_for(self, person_id: UUID) -> Self:
        """What is still to be done for one child, read with whom the rows name."""
        rows = self.waiting().filter(person=person_id).select_related("person__language")
        return rows.order_by("due_at", "pk")

    def overdue(self, at: datetime | None = None) -> Self:
        return self.waiting().filter(due_at__lt=at or timezone.now())

    def of_worker(self, user: User) -> Self:
        """Of her own cases, of her teams where there is no case; a coordinator looks after all."""
        if user.has_role(Role.Code.COORDINATOR):
            return self
        # Asked past the policies, which hide a colleague's case as if there were none.
        has_case_at_all = models.Func(
            models.F("person"), function="gate_has_case", output_field=models.BooleanField()
        )
        own = Q(person__cases__owner=user, person__cases__closed_on=None)
        caseless = Q(is_taken=False, person__team__in=user.team_ids)
        return self.annotate(is_taken=has_case_at_all).filter(own | caseless).distinct()


class BestInterestsStep(models.Model):
    """One step for one child: when it began, by when it is to be done, what came of it."""

    class Step(models.TextChoices):
        """Source: UNHCR Best Interests Procedure guidelines (2021); child protection SOPs."""

        IDENTIFICATION = "identification", _("Identification and first talk")
        ASSESSMENT = "assessment", _("Best-interests assessment")
        PLAN = "plan", _("Plan")
        IMPLEMENTATION = "implementation", _("Carrying out the plan")
        REVIEW = "review", _("Review")
        PANEL = "panel", _("Best-interests panel")
        CLOSURE = "closure", _("Closure")

    class Outcome(models.TextChoices):
        NEXT = "next", _("Done, the next step follows")
        ENOUGH = "enough", _("Done, nothing more is needed")
        HANDED_OVER = "handed_over", _("Handed over to the centre for social work")
        NOT_POSSIBLE = "not_possible", _("Could not be done")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="best_interests")
    data_key = DataKeyField()
    step = models.CharField(_("step"), max_length=20, choices=Step)
    risk = models.CharField(_("risk"), max_length=10, choices=Case.Risk, default=Case.Risk.UNKNOWN)
    began_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=20, choices=Outcome, blank=True)
    note = SealedTextField(verbose_name=_("what was found and decided"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    # When coordinators were told that it is late; once.
    told_at = models.DateTimeField(null=True, editable=False)

    objects = BestInterestsStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("best-interests step")
        verbose_name_plural = _("best-interests steps")
        ordering = ["began_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="done_step_has_outcome",
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                violation_error_message=_("A step that is done says what came of it."),
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="step_by_due", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


def opens_story(person_id: UUID, user: User) -> bool:
    """Whether this user reads the story of a case of this person."""
    return Case.objects.visible_to(user, Level.NARRATIVE).filter(person=person_id).exists()


def may_read_note(step: BestInterestsStep, user: User) -> bool:
    """What was written to a step belongs to the case's story, once there is one."""
    if user.highest_level < Level.NARRATIVE:
        return False
    if user.pk in {step.recorded_by_id, step.done_by_id}:
        return True
    if opens_story(step.person_id, user):
        return True
    return not has_case(step.person_id)
