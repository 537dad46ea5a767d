"""A person: a code, an estimated age, a language; complete without a name."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.levels import Level
from accounts.models import Organization, Role, Team, User
from casework.codes import new_code
from casework.models.access import CaseAccess, CaseBlock, TeamCaseAccess
from directory.models import Language
from vault.fields import DataKeyField, SealedTextField

ADULT = 18
# From here on nobody asks how old exactly.
VERY_OLD = 90
# A range of so many years is shown as one age.
ABOUT = 2


class YesNo(models.TextChoices):
    """Three answers; "not known" is never "no"."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User, *, lasting: bool = False) -> Self:
        """People whose operational record this user may see.

        Her own teams' people, for those who work at a desk or in the field; everybody of the
        organization, for its coordinators; and whoever belongs to a case she has access to. Only
        the last holds for somebody with a sealed case, and nothing for somebody closed to her. A
        record that was merged into another one is not seen: the other one is, by both teams.
        """
        rows = self._of_cases(user, Level.OPERATIONAL, lasting=lasting)
        closed = Q(cases__is_sealed=True) | Q(pk__in=CaseBlock.objects.persons_closed_to(user))
        if user.has_role(Role.Code.CASEWORKER, Role.Code.MOBILE, Role.Code.PHONE_OPERATOR):
            ours = Q(team__in=user.team_ids, organization=user.organization_id)
            merged = Person.objects.filter(ours, merged_into__isnull=False)
            rows |= (ours | Q(pk__in=merged.values("merged_into"))) & ~closed
        if user.has_role(Role.Code.COORDINATOR):
            rows |= Q(organization=user.organization_id) & ~closed
        return self.filter(rows, archived_on=None, merged_into=None)

    def lasting_for(self, user: User) -> Self:
        """Without those whom only emergency access shows: that reads and changes nothing."""
        return self.visible_to(user, lasting=True)

    def named_for(self, user: User, *, lasting: bool = False) -> Self:
        """People whose identity this user may see as well; `lasting` without emergency access."""
        if user.highest_level < Level.IDENTITY:
            return self.none()
        rows = self._of_cases(user, Level.IDENTITY, lasting=lasting)
        return self.filter(rows, archived_on=None, merged_into=None)

    def _of_cases(self, user: User, level: Level, *, lasting: bool = False) -> Q:
        persons, kept = "content_object__person", Q(content_object__archived_on=None)
        own = CaseAccess.objects.held_by(user, level)
        own = own.lasting() if lasting else own
        return Q(pk__in=own.filter(kept).values(persons)) | Q(
            pk__in=TeamCaseAccess.objects.held_by(user, level).filter(kept).values(persons)
        )


class Person(models.Model):
    """Somebody who came to us (HTCDS Person), by code; what she is called stands elsewhere.

    Age is a range of birth years with its source; bands are computed for each donor, as of the
    day of the service.
    """

    class Sex(models.TextChoices):
        """HTCDS prs_Gender: Feminine, Masculine, NonConforming, NonSpecifiedUnknown."""

        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Not known")

    class BirthYearSource(models.TextChoices):
        STATED = "stated", _("The person said so")
        ESTIMATED = "estimated", _("Estimated by us")
        DOCUMENT = "document", _("A document")
        ASSESSMENT = "assessment", _("An age assessment")
        UNKNOWN = "unknown", _("Not known")

    class ResidenceStatus(models.TextChoices):
        IN_TRANSIT = "in_transit", _("In transit, not registered")
        INTENTION = "intention", _("Expressed intention to seek asylum")
        ASYLUM_SEEKER = "asylum_seeker", _("Asylum seeker")
        REFUGEE = "refugee", _("Refugee or subsidiary protection")
        TEMPORARY = "temporary", _("Temporary or humanitarian residence")
        CITIZEN = "citizen", _("Citizen or permanent resident")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Not known")

    class Intake(models.TextChoices):
        """Whether everything was asked; who moves on before that is counted as far as known."""

        TRANSIT = "transit", _("Half-finished")
        MOVED_ON = "moved_on", _("Moved on")
        COMPLETE = "complete", _("Complete")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True, default=new_code, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="persons")
    team = models.ForeignKey(Team, models.PROTECT, related_name="persons")
    data_key = DataKeyField()
    sex = models.CharField(_("sex"), max_length=10, choices=Sex)
    birth_year_from = models.PositiveSmallIntegerField(_("born from"), null=True, blank=True)
    birth_year_to = models.PositiveSmallIntegerField(_("born until"), null=True, blank=True)
    birth_year_source = models.CharField(
        _("how the age is known"),
        max_length=20,
        choices=BirthYearSource,
        default=BirthYearSource.UNKNOWN,
    )
    nationality = CountryField(_("nationality"))
    language = models.ForeignKey(
        Language, models.PROTECT, related_name="+", verbose_name=_("language")
    )
    other_languages = models.ManyToManyField(
        Language, related_name="+", blank=True, verbose_name=_("other languages")
    )
    residence_status = models.CharField(
        _("residence status"),
        max_length=20,
        choices=ResidenceStatus,
        default=ResidenceStatus.UNKNOWN,
    )
    disability = models.CharField(
        _("disability"), max_length=10, choices=YesNo, default=YesNo.UNKNOWN
    )
    unaccompanied_or_separated = models.CharField(
        _("child alone"), max_length=10, choices=YesNo, default=YesNo.UNKNOWN
    )
    handling_note = SealedTextField(verbose_name=_("before you talk"))
    intake = models.CharField(
        _("intake"), max_length=10, choices=Intake, default=Intake.COMPLETE, editable=False
    )
    # Names of fields nobody asked about yet; until then they hold what means "not known".
    not_asked = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, editable=False
    )
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    last_visit_on = models.DateField(null=True, editable=False)
    # Since when she waits to be erased; nobody who works with people sees her from then on.
    archived_on = models.DateField(null=True, editable=False)
    # The record that this one was merged into, which is shown instead; never one that was merged.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("register_person", "Can register a person"),
            ("change_person_facts", "Can change what is known of a person"),
            ("name_person", "Can record or change a person's identity"),
        ]
        constraints = [
            models.CheckConstraint(
                name="birth_years_in_order",
                condition=Q(birth_year_from=None, birth_year_to=None)
                | Q(birth_year_from__lte=F("birth_year_to"), birth_year_from__gte=1900),
                violation_error_message=_(
                    "The years of birth must go from the earlier to the later one."
                ),
            )
        ]
        indexes = [
            models.Index(fields=["team", "-last_visit_on"], name="person_by_team"),
            models.Index(fields=["organization", "-registered_at"], name="person_by_organization"),
            models.Index(
                fields=["team", "registered_at"],
                name="person_half_finished",
                condition=Q(intake="transit"),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("casework:person", args=[self.pk])

    def ages_on(self, day: date) -> tuple[int, int] | None:
        """Youngest and oldest possible age in years on a day; None when nothing is known.

        A birth year gives two possible ages; the older one is reached by the end of the year.
        """
        if self.birth_year_from is None or self.birth_year_to is None:
            return None
        youngest = max(day.year - self.birth_year_to - 1, 0)
        return youngest, max(day.year - self.birth_year_from, 0)

    def age_on(self, day: date) -> int | None:
        """The age to count with: from the middle of the birth years, reached by year's end."""
        return age_in(day.year, self.birth_year_from, self.birth_year_to)

    def may_be_child(self, day: date) -> bool:
        """Under 18, possibly or surely; an unknown age counts as a child until shown otherwise."""
        ages = self.ages_on(day)
        return ages is None or ages[0] < ADULT

    @property
    def ages(self) -> str:
        """The age as it is shown today: a range, or years when they are known."""
        today = timezone.localdate()
        span, age = self.ages_on(today), self.age_on(today)
        if span is None or age is None:
            return gettext("age not known")
        youngest, oldest = span
        if oldest >= VERY_OLD and oldest - youngest > ABOUT:
            return f"{youngest}+"
        if oldest - youngest > ABOUT:
            return f"{youngest}–{oldest}"
        guessed = self.birth_year_source == self.BirthYearSource.ESTIMATED
        return gettext("about %(age)d") % {"age": age} if guessed else str(age)

    @property
    def who(self) -> str:
        """Who somebody is, as lists say it: no name."""
        ages = self.ages_on(timezone.localdate())
        is_child = ages is not None and ages[0] < ADULT
        return f"{WORDS[self.Sex(self.sex), is_child]}, {self.ages}"


WORDS = {
    (Person.Sex.FEMALE, False): _("Woman"),
    (Person.Sex.FEMALE, True): _("Girl"),
    (Person.Sex.MALE, False): _("Man"),
    (Person.Sex.MALE, True): _("Boy"),
    (Person.Sex.OTHER, False): _("Adult"),
    (Person.Sex.OTHER, True): _("Child"),
    (Person.Sex.UNKNOWN, False): _("Adult"),
    (Person.Sex.UNKNOWN, True): _("Child"),
}


def age_in(year: int, born_from: int | None, born_to: int | None) -> int | None:
    """The age reached in a year, from the middle of the birth years; None when not known."""
    if born_from is None or born_to is None:
        return None
    return max(year - (born_from + born_to + 1) // 2, 0)
