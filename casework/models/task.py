"""What somebody has set out to do in a case, and by when.

The kind is a neutral word for everybody who may see that the case exists. What a list of questions
proposed in its own words is sealed and for those who may read the story. There is no free text.
"""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models import User
from casework.models.case import Case
from casework.models.gate import OfCaseQuerySet
from vault.fields import DataKeyField, SealedJSONField


class TaskQuerySet(OfCaseQuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(state=Task.State.OPEN)

    def overdue(self, at: datetime | None = None) -> Self:
        return self.open().filter(due_at__lt=at or timezone.now())

    def by_due_time(self) -> Self:
        return self.order_by("due_at", "pk")

    def with_story_for(self, user: User) -> Self:
        """Each with `tells_story`: whether this user may read what was proposed in words."""
        told = Case.objects.visible_to(user, Level.NARRATIVE).filter(pk=OuterRef("case"))
        return self.annotate(tells_story=Exists(told))


class Task(models.Model):
    """One thing to do for one person."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Call or meet")
        ESCORT = "escort", _("Go along")
        PAPERS = "papers", _("See to papers")
        INFORM = "inform", _("Give information")
        AGREE = "agree", _("Ask for consent")
        REFER = "refer", _("Prepare a referral")
        CONSULT = "consult", _("Talk it over with a supervisor")
        LOOK_AGAIN = "look_again", _("Look at it again")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Not done")

    class Reason(models.TextChoices):
        NOT_NEEDED = "not_needed", _("Not needed any more")
        NOT_WANTED = "not_wanted", _("The person does not want it")
        GONE = "gone", _("The person has left")
        OTHER_WAY = "other_way", _("It was done in another way")
        MISTAKE = "mistake", _("Written down by mistake")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    data_key = DataKeyField()
    kind = models.CharField(_("what"), max_length=15, choices=Kind)
    # {language: words} of the list of questions that proposed it; empty for one of our own.
    wording = SealedJSONField(verbose_name=_("in words"))
    due_at = models.DateTimeField(_("until"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who does it")
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("why not"), max_length=15, choices=Reason, blank=True)
    # The talk that it follows from.
    origin = models.UUIDField(null=True, blank=True, editable=False)
    # Nobody, when the house itself set it.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    # When whoever does it was reminded; once for each day that was agreed.
    told_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_at", "id"]
        permissions = [("work_on_tasks", "Can add, change and settle tasks")]
        constraints = [
            models.CheckConstraint(
                name="settled_task_has_person_and_moment",
                condition=Q(state="open", settled_by=None, settled_at=None, reason="")
                | Q(state="done", settled_at__isnull=False, reason="")
                | Q(state="cancelled", settled_at__isnull=False) & ~Q(reason=""),
                violation_error_message=_("Say why it is not done."),
            )
        ]
        indexes = [
            models.Index(fields=["case", "due_at"], name="task_by_case"),
            models.Index(
                fields=["assigned_to", "due_at"], name="task_to_do", condition=Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("casework:task", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def words(self) -> str:
        """What was proposed, in the language of the page; for those only who may read it."""
        told = self.wording or {}
        return str(told.get((get_language() or "en")[:2]) or told.get("en", ""))
