"""Hub visits of people, the leaflets they took, and visits that are only counted."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.levels import Level
from accounts.models import Role, Team, User
from casework.models.case import Case
from casework.models.gate import has_case
from casework.models.interpreter import Interpreter
from casework.models.person import ADULT, WORDS, Person
from directory.models import AgeBand, Grant, Language, LeafletEdition, ServiceType, Topic
from vault.fields import DataKeyField, SealedTextField


class Interpreting(models.TextChoices):
    NOT_NEEDED = "not_needed", _("No interpreter")
    IN_PERSON = "in_person", _("Interpreter here")
    BY_PHONE = "by_phone", _("Interpreter by phone")
    NONE_FREE = "none_free", _("Wanted, none free")


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> Self:
        """Visits of the people whose operational record this user may see."""
        return self.filter(person__in=Person.objects.visible_to(user))


class Visit(models.Model):
    """One person's visit to the hub, or a talk with the mobile team."""

    class Concern(models.TextChoices):
        NO = "no", _("No")
        YES = "yes", _("Yes")
        NOT_SURE = "not_sure", _("Not sure")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="visits")
    team = models.ForeignKey(Team, models.PROTECT, related_name="visits")
    data_key = DataKeyField()
    at = models.DateTimeField(default=timezone.now)
    language = models.ForeignKey(
        Language, models.PROTECT, related_name="+", verbose_name=_("language")
    )
    interpreting = models.CharField(
        _("interpreter"), max_length=20, choices=Interpreting, default=Interpreting.NOT_NEEDED
    )
    interpreter = models.ForeignKey(
        Interpreter,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who interpreted"),
    )
    concern = models.CharField(
        _("did anything worry you?"), max_length=10, choices=Concern, default=Concern.NO
    )
    concern_note = SealedTextField(verbose_name=_("what you saw or heard"))
    # What was said aloud because no leaflet of it is printed in the language.
    explained = models.ManyToManyField(
        Topic, related_name="+", blank=True, verbose_name=_("explained by the interpreter")
    )
    grant = models.ForeignKey(
        Grant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("grant")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-at"]
        permissions = [("record_visit", "Can record a visit")]
        indexes = [
            models.Index(fields=["team", "-at"], name="visit_by_team"),
            models.Index(fields=["person", "-at"], name="visit_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_worrying(self) -> bool:
        return self.concern != self.Concern.NO

    def note_is_open_to(self, user: User) -> bool:
        """What worried a colleague is the story of a case, once there is one. Two queries."""
        if self.recorded_by_id == user.pk:
            return True
        told = Case.objects.visible_to(user, Level.NARRATIVE).filter(person=self.person_id)
        return told.exists() or not has_case(self.person_id)


class LeafletGivenQuerySet(models.QuerySet["LeafletGiven"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visit__in=Visit.objects.visible_to(user))


class LeafletGiven(models.Model):
    """Leaflets of one edition that were taken at a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="leaflets")
    edition = models.ForeignKey(LeafletEdition, models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)

    objects = LeafletGivenQuerySet.as_manager()

    class Meta:
        verbose_name = _("leaflet given")
        verbose_name_plural = _("leaflets given")
        constraints = [
            models.UniqueConstraint(fields=["visit", "edition"], name="one_row_per_edition")
        ]

    def __str__(self) -> str:
        return str(self.edition)


class HeadcountQuerySet(models.QuerySet["Headcount"]):
    def visible_to(self, user: User) -> Self:
        """Counts of the user's own teams; all of the organization for its coordinators."""
        rows = Q(team__in=user.team_ids)
        if user.has_role(Role.Code.COORDINATOR):
            rows |= Q(team__organization=user.organization_id)
        return self.filter(rows)


class Headcount(models.Model):
    """People who came and were only counted. Never turned into a person, never linked to one."""

    class Told(models.TextChoices):
        """What a contact heard of the count; some donors' rules ask for it. Always spoken."""

        NOT_SAID = "", _("Not talked about")
        TOLD = "told", _("Told how data are used")
        AGREED = "agreed", _("Agreed to be counted")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="headcounts")
    at = models.DateTimeField(default=timezone.now)
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1)
    sex = models.CharField(_("sex"), max_length=10, choices=Person.Sex)
    age_band = models.ForeignKey(
        AgeBand, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("age")
    )
    nationality = CountryField(_("nationality"), blank=True)
    language = models.ForeignKey(
        Language,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("language"),
    )
    services = models.ManyToManyField(
        ServiceType, related_name="+", blank=True, verbose_name=_("services")
    )
    told = models.CharField(_("told and agreed"), max_length=10, choices=Told, blank=True)
    grant = models.ForeignKey(
        Grant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("grant")
    )
    # Rows that were counted in one go, and are taken back in one go.
    batch = models.UUIDField(null=True, editable=False, db_index=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = HeadcountQuerySet.as_manager()

    class Meta:
        verbose_name = _("headcount")
        verbose_name_plural = _("headcounts")
        ordering = ["-at"]
        permissions = [("record_headcount", "Can record a headcount")]
        constraints = [
            models.CheckConstraint(
                name="headcount_counts_somebody",
                condition=Q(quantity__gte=1),
                violation_error_message=_("Count at least one person."),
            )
        ]
        indexes = [models.Index(fields=["team", "-at"], name="headcount_by_team")]

    def __str__(self) -> str:
        return str(self.quantity)

    @property
    def who(self) -> str:
        """Who was counted, as lists say it. Needs the age band: read with `select_related`."""
        band = self.age_band
        is_child = band is not None and band.max_age is not None and band.max_age < ADULT
        words = [str(WORDS[Person.Sex(self.sex), is_child]), *([band.label] if band else [])]
        return ", ".join(words) + (f" × {self.quantity}" if self.quantity > 1 else "")
