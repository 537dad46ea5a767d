"""How a person may be reached safely; what nobody knows is not allowed."""

from datetime import datetime
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.contact_hours import Answer, Hours, Why, answer
from casework.models.person import Person, YesNo
from vault.fields import DataKeyField, SealedTextField


class Channel(models.TextChoices):
    CALL = "call", _("Phone call")
    SMS = "sms", _("Text message")
    MAIL = "mail", _("E-mail")
    APP = "app", _("Message app")
    IN_PERSON = "in_person", _("In person")


class Weekday(models.IntegerChoices):
    """As Python counts the days of a week."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ContactRuleQuerySet(models.QuerySet["ContactRule"]):
    def visible_to(self, user: User) -> Self:
        """Rules of the people this user may see; the words to say need more."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def standing(self) -> Self:
        """What was not replaced; two of a channel stand where two records became one."""
        return self.filter(ended_at=None)

    def contact_allowed(self, channel: str, at: datetime) -> Answer:
        """The strictest that these rules say of a channel; without a rule nobody knows."""
        said = [rule.answer_at(at) for rule in self.standing().filter(channel=channel)]
        return strictest(said)


class ContactRule(models.Model):
    """Whether one way of reaching a person is safe, and when; agreed with her, never guessed.

    Source: no call back unless it was agreed. A later rule takes the place of this one.
    """

    class AnsweredBy(models.TextChoices):
        HERSELF = "herself", _("Only the person")
        TRUSTED = "trusted", _("Also somebody the person trusts")
        ANYBODY = "anybody", _("Anybody may answer")
        UNKNOWN = "unknown", _("Not known")

    class LearnedFrom(models.TextChoices):
        HERSELF = "herself", _("The person")
        TRUSTED = "trusted", _("Somebody the person trusts")
        PARTNER = "partner", _("Another organization")
        SEEN = "seen", _("We saw or heard it ourselves")

    class Override(models.TextChoices):
        """Why somebody reaches a person although no rule allows it now."""

        DANGER = "danger", _("Danger to life")
        MISSING = "missing", _("A child is missing")
        AGREED = "agreed", _("The person has just agreed to it")
        TOLD = "told", _("Somebody told us that it is safe now")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_rules")
    data_key = DataKeyField()
    channel = models.CharField(_("way"), max_length=20, choices=Channel)
    is_safe = models.CharField(_("safe, and agreed"), max_length=10, choices=YesNo)
    days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=list,
        blank=True,
        verbose_name=_("only on these days"),
    )
    since = models.TimeField(_("from"), null=True, blank=True)
    until = models.TimeField(_("to"), null=True, blank=True)
    answered_by = models.CharField(
        _("who may answer"), max_length=20, choices=AnsweredBy, default=AnsweredBy.UNKNOWN
    )
    may_leave_message = models.BooleanField(_("a message may be left"), default=False)
    cover_name = SealedTextField(verbose_name=_("say you are"))
    safe_word = SealedTextField(verbose_name=_("safe word"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    learned_on = models.DateField(_("learned on"), default=timezone.localdate)
    learned_from = models.CharField(
        _("learned from"), max_length=20, choices=LearnedFrom, default=LearnedFrom.HERSELF
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = ContactRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact rule")
        verbose_name_plural = _("contact rules")
        ordering = ["channel", "-recorded_at", "id"]
        permissions = [("record_talk", "Can record how to talk with and reach a person safely")]
        constraints = [
            models.CheckConstraint(
                name="contact_window_has_two_ends",
                condition=Q(since=None, until=None)
                | (Q(since__isnull=False, until__isnull=False) & ~Q(since=models.F("until"))),
                violation_error_message=_("Say from when and to when, and not the same time."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def hours(self) -> Hours:
        return Hours(tuple(self.days), self.since, self.until, self.valid_until)

    @property
    def is_agreed(self) -> bool:
        """Whether she said that it is safe, if at certain times only."""
        return self.is_safe == YesNo.YES

    @property
    def days_said(self) -> str:
        """The days of the week in words; empty for each."""
        return ", ".join(str(Weekday(day).label) for day in sorted(self.days))

    def answer_at(self, at: datetime) -> Answer:
        """What this rule says of a moment."""
        is_safe = {YesNo.YES: True, YesNo.NO: False}.get(YesNo(self.is_safe))
        return answer(is_safe, self.hours, at, timezone.get_default_timezone())


STRICT = (Why.UNSAFE, Why.RUN_OUT, Why.UNKNOWN, Why.NOT_NOW, Why.SAFE)


def strictest(answers: list[Answer]) -> Answer:
    """The answer that allows least; of those that say "later" the latest."""
    if not answers:
        return Answer(False, Why.UNKNOWN)
    worst = min(answers, key=lambda said: STRICT.index(said.why))
    if worst.why != Why.NOT_NOW:
        return worst
    waits = [said.from_when for said in answers if said.why == Why.NOT_NOW]
    known = [wait for wait in waits if wait is not None]
    return Answer(False, Why.NOT_NOW, max(known) if len(known) == len(waits) else None)


def contact_allowed(person_id: UUID, channel: str, at: datetime | None = None) -> Answer:
    """Whether a person may be reached this way at a moment: asked before every call and message."""
    rows = ContactRule.objects.filter(person=person_id)
    return rows.contact_allowed(channel, at or timezone.now())
