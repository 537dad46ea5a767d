"""How a person wishes to talk, and what she is not asked again."""

from datetime import date
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.contact import Channel
from casework.models.interpreter import Interpreter
from casework.models.person import Person, YesNo
from directory.models import Dialect, Language


class TalkWishQuerySet(models.QuerySet["TalkWish"]):
    def visible_to(self, user: User) -> Self:
        """Wishes of the people this user may see."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def standing(self) -> Self:
        """What is wished now; the newest first, where two records became one."""
        return self.filter(ended_at=None).order_by("-recorded_at", "-pk")


class TalkWish(models.Model):
    """All that a person wished for talks, at one time; the next row takes its place."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("A woman")
        MALE = "male", _("A man")
        NO_MATTER = "no_matter", _("No matter")
        UNKNOWN = "unknown", _("Not asked yet")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="talk_wishes")
    # None: the language that stands among her facts.
    language = models.ForeignKey(
        Language,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("language for talking"),
    )
    dialect = models.ForeignKey(
        Dialect,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("dialect"),
    )
    interpreter_gender = models.CharField(
        _("interpreter is to be"), max_length=10, choices=Gender, default=Gender.UNKNOWN
    )
    is_not_from_community = models.BooleanField(_("not from my community"), default=False)
    by_phone_only = models.BooleanField(_("interpreter by phone only"), default=False)
    interpreter = models.ForeignKey(
        Interpreter,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("asked for this interpreter"),
    )
    read_aloud = models.CharField(
        _("written text is read aloud"), max_length=10, choices=YesNo, default=YesNo.UNKNOWN
    )
    channel = models.CharField(
        _("wishes to be reached"), max_length=20, choices=Channel, blank=True
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = TalkWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for talks")
        verbose_name_plural = _("wishes for talks")
        ordering = ["-recorded_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class DoNotAskQuerySet(models.QuerySet["DoNotAsk"]):
    def visible_to(self, user: User) -> Self:
        """Marks of the people this user may see: what they know of it, nobody reads here."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), lifted_at=None)


class DoNotAsk(models.Model):
    """What a person told already and is not asked again, and where the entitled worker reads it."""

    class Topic(models.TextChoices):
        HAPPENED = "happened", _("What happened")
        FAMILY = "family", _("Family")
        ROUTE = "route", _("The way here")
        MONEY = "money", _("Money and debts")
        HEALTH = "health", _("Health")
        DOCUMENTS = "documents", _("Documents")
        BELIEF = "belief", _("Religion and origin")
        OTHER = "other", _("Something else")

    class KeptIn(models.TextChoices):
        NOTES = "notes", _("the notes of the case")
        SCREENING = "screening", _("the screening")
        FILES = "files", _("the files of the case")
        REFERRAL = "referral", _("a referral")
        NOWHERE = "nowhere", _("nothing was written down; ask the colleague")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="do_not_ask")
    topic = models.CharField(_("what is not asked again"), max_length=20, choices=Topic)
    kept_in = models.CharField(_("where it is read"), max_length=20, choices=KeptIn)
    told_on = models.DateField(_("told on"), default=timezone.localdate)
    # Who heard it and can be asked instead of her.
    told_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who knows")
    )
    until = models.DateField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)

    objects = DoNotAskQuerySet.as_manager()

    class Meta:
        verbose_name = _("do-not-ask mark")
        verbose_name_plural = _("do-not-ask marks")
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_mark_per_topic",
                fields=["person", "topic"],
                condition=Q(lifted_at=None),
                violation_error_message=_("This is marked already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


def told_already(person_id: UUID, user: User) -> list[DoNotAsk]:
    """What a worker does not ask this person again. One query."""
    rows = DoNotAsk.objects.visible_to(user).in_force().filter(person=person_id)
    return list(rows.select_related("told_to"))
