"""Relatives whom somebody seeks, and people who may be them."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import Role, User
from casework.models.identity import names_in
from casework.models.person import Person, YesNo
from vault.fields import DataKeyField, SealedTextField


class SoughtRelativeQuerySet(models.QuerySet["SoughtRelative"]):
    def visible_to(self, user: User) -> Self:
        """Whom those seek whose names this user may see: a name of somebody's family is a name."""
        return self.filter(person__in=Person.objects.named_for(user))

    def sought_now(self) -> Self:
        """Those who are still looked for."""
        return self.filter(state__in=[SoughtRelative.State.OPEN, SoughtRelative.State.POSSIBLE])


class SoughtRelative(models.Model):
    """Somebody whom a person seeks. What she is called is sealed with the key of who seeks.

    The keys tell how the name sounds and nothing else, as those of people do.
    """

    class Kin(models.TextChoices):
        CHILD = "child", _("Child")
        PARENT = "parent", _("Mother or father")
        SIBLING = "sibling", _("Brother or sister")
        PARTNER = "partner", _("Wife, husband or partner")
        GRANDPARENT = "grandparent", _("Grandparent or grandchild")
        OTHER = "other", _("Another relative or friend")

    class State(models.TextChoices):
        OPEN = "open", _("Sought")
        POSSIBLE = "possible", _("A possible match exists")
        FOUND = "found", _("Found")
        CLOSED = "closed", _("No longer sought")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="sought")
    data_key = DataKeyField()
    kin = models.CharField(_("who it is"), max_length=20, choices=Kin)
    name = SealedTextField(verbose_name=_("name"))
    other_names = SealedTextField(verbose_name=_("other names and spellings"))
    details = SealedTextField(verbose_name=_("what helps to know her or him"))
    last_seen = SealedTextField(verbose_name=_("last seen: where and when"))
    sex = models.CharField(_("sex"), max_length=10, choices=Person.Sex, default=Person.Sex.UNKNOWN)
    birth_year_from = models.PositiveSmallIntegerField(_("born from"), null=True, blank=True)
    birth_year_to = models.PositiveSmallIntegerField(_("born until"), null=True, blank=True)
    nationality = CountryField(_("nationality"), blank=True)
    may_be_told = models.CharField(
        _("may the relative be told who seeks?"),
        max_length=10,
        choices=YesNo,
        default=YesNo.UNKNOWN,
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    keys = ArrayField(models.IntegerField(), default=list, editable=False)
    parts = models.PositiveSmallIntegerField(default=0, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SoughtRelativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("sought relative")
        verbose_name_plural = _("sought relatives")
        ordering = ["-recorded_at"]
        permissions = [("trace_relatives", "Can record whom a person seeks, and settle matches")]
        constraints = [
            models.CheckConstraint(
                name="sought_birth_years_in_order",
                condition=Q(birth_year_from=None, birth_year_to=None)
                | Q(birth_year_from__lte=F("birth_year_to"), birth_year_from__gte=1900),
                violation_error_message=_(
                    "The years of birth must go from the earlier to the later one."
                ),
            )
        ]
        indexes = [
            GinIndex(fields=["keys"], name="sought_by_sound"),
            models.Index(fields=["person", "-recorded_at"], name="sought_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def names(self) -> list[str]:
        """Every name and spelling that is recorded."""
        return names_in(self.name, self.other_names)

    @property
    def is_sought(self) -> bool:
        return self.state in {self.State.OPEN, self.State.POSSIBLE}


class PossibleMatchQuerySet(models.QuerySet["PossibleMatch"]):
    def visible_to(self, user: User) -> Self:
        """Matches of the people this user may see; who is on the other side is not told by it."""
        return self.filter(seeker__in=Person.objects.visible_to(user))

    def seen_whole_by(self, user: User) -> Self:
        """Those of which this user is told both codes.

        That somebody's name sounds like one that is sought is told to coordinators, who see both
        sides, and to whoever may see both names: to others it would tell of a name.
        """
        rows = self.visible_to(user).filter(person__in=Person.objects.visible_to(user))
        if user.has_role(Role.Code.COORDINATOR):
            return rows
        named = Person.objects.named_for(user)
        return rows.filter(seeker__in=named, person__in=named)

    def open(self) -> Self:
        return self.filter(state__in=[PossibleMatch.State.OPEN, PossibleMatch.State.HALF])


class PossibleMatch(models.Model):
    """Somebody of the house who may be the one that is sought, or who seeks the same one.

    Found by how names sound, without opening any. Two people confirm it; nobody is told before
    she agreed herself, because who seeks may be whom she fled from.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be checked")
        NOT_HER = "not_her", _("Somebody else")
        HALF = "half", _("Confirmed by one of two")
        CONFIRMED = "confirmed", _("Confirmed by two")

    class Why(models.TextChoices):
        NAME = "name", _("The name sounds the same")
        SOUGHT_TOO = "sought_too", _("Two people seek somebody of this name")
        BORN = "born", _("The years of birth overlap")
        SEX = "sex", _("Same sex")
        NATIONALITY = "nationality", _("Same nationality")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sought = models.ForeignKey(SoughtRelative, models.CASCADE, related_name="matches")
    seeker = models.ForeignKey(Person, models.PROTECT, related_name="matches_sought")
    # Who may be the one; or who seeks somebody of the same name, when `other` is set.
    person = models.ForeignKey(Person, models.PROTECT, related_name="matches_found")
    other = models.ForeignKey(
        SoughtRelative, models.CASCADE, null=True, blank=True, related_name="matches_beside"
    )
    why = ArrayField(models.CharField(max_length=20, choices=Why), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    first_said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_said_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PossibleMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible match")
        verbose_name_plural = _("possible matches")
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(
                name="match_found_once",
                fields=["sought", "person", "other"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="match_confirmed_by_two",
                condition=~Q(state="confirmed")
                | Q(first_said_by__isnull=False, settled_by__isnull=False)
                & ~Q(first_said_by=F("settled_by")),
                violation_error_message=_("Another person has to confirm it."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def reasons(self) -> list[str]:
        return [str(self.Why(code).label) for code in self.why]

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.OPEN, self.State.HALF}
