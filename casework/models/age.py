"""Ages of one person from several sources; one of them is the one to count with."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import Organization, User
from casework.models.person import Person, YesNo
from vault.fields import DataKeyField, SealedTextField


class AgeEstimateQuerySet(models.QuerySet["AgeEstimate"]):
    def visible_to(self, user: User) -> Self:
        """Ages of the people this user may see; what a document says needs a higher level."""
        return self.filter(person__in=Person.objects.visible_to(user))


class AgeEstimate(models.Model):
    """What one source says of somebody's age; a row is never changed, a later one stands beside it.

    The age in use is the one that was chosen last. Its years are those of the person.
    """

    class Certainty(models.TextChoices):
        SURE = "sure", _("Sure")
        LIKELY = "likely", _("Likely")
        GUESS = "guess", _("A guess")

    SOURCES = [
        choice
        for choice in Person.BirthYearSource.choices
        if choice[0] != Person.BirthYearSource.UNKNOWN
    ]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="ages_told")
    data_key = DataKeyField()
    source = models.CharField(_("source"), max_length=20, choices=SOURCES)
    country = CountryField(_("country of the document"), blank=True)
    assessed_by = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("assessed by"),
    )
    has_consent = models.CharField(
        _("agreed to the assessment"), max_length=10, choices=YesNo, default=YesNo.UNKNOWN
    )
    certainty = models.CharField(
        _("certainty"), max_length=10, choices=Certainty, default=Certainty.LIKELY
    )
    birth_year_from = models.PositiveSmallIntegerField(_("born from"))
    birth_year_to = models.PositiveSmallIntegerField(_("born until"))
    # A day that stands for "some time that year", such as the first of a calendar.
    is_about = models.BooleanField(_("about"), default=False)
    # As it was typed, in whatever calendar and digits.
    written = SealedTextField(verbose_name=_("what was said or stands there"))
    told_on = models.DateField(_("day"), default=timezone.localdate)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    chosen_at = models.DateTimeField(null=True, editable=False)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )

    objects = AgeEstimateQuerySet.as_manager()

    class Meta:
        verbose_name = _("age")
        verbose_name_plural = _("ages")
        ordering = ["-told_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="age_years_in_order",
                condition=Q(birth_year_from__lte=F("birth_year_to"), birth_year_from__gte=1900),
                violation_error_message=_("The earlier year of birth comes first."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_assessment(self) -> bool:
        return self.source == Person.BirthYearSource.ASSESSMENT

    def is_in_use(self, person: Person) -> bool:
        """Whether the person's years are these, and were taken from here."""
        years = (person.birth_year_from, person.birth_year_to, person.birth_year_source)
        own = (self.birth_year_from, self.birth_year_to, self.source)
        return self.chosen_at is not None and years == own
