"""Children: with whom they are, who answers for them by law, and where a referral goes first."""

from typing import NamedTuple, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from casework.models.person import Person
from vault.fields import DataKeyField, SealedTextField


class CareQuerySet(models.QuerySet["Care"]):
    def visible_to(self, user: User) -> Self:
        """What is operational of the people this user may see."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def latest_first(self) -> Self:
        return self.order_by("-since", "-recorded_at", "-pk")


class Care(models.Model):
    """With whom a child was found to be on one day; a later answer stands beside it."""

    class Situation(models.TextChoices):
        """Source: Inter-agency Guiding Principles on Unaccompanied and Separated Children."""

        UNACCOMPANIED = "unaccompanied", _("Unaccompanied")
        SEPARATED = "separated", _("Separated")
        ACCOMPANIED = "accompanied", _("With a parent or the usual caregiver")
        UNKNOWN = "unknown", _("Not known")

    class Arrangement(models.TextChoices):
        """Source: child protection minimum standards as coded by Primero."""

        PARENT = "parent", _("Parent")
        STEP_PARENT = "step_parent", _("Step-parent")
        CUSTOMARY = "customary", _("Customary caregiver")
        SIBLING = "adult_sibling", _("Adult brother or sister")
        KINSHIP = "kinship", _("Other relatives")
        FOSTER = "foster", _("Foster family")
        RESIDENTIAL = "residential", _("Institution or centre")
        KAFALA = "kafala", _("Kafala")
        INDEPENDENT = "independent", _("Lives independently")
        CHILD_HEADED = "child_headed", _("Household led by a child")
        UNRELATED = "unrelated_adult", _("Adult who is no relative")
        NONE = "none", _("Nobody")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Not known")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="care")
    situation = models.CharField(
        _("alone or with somebody"), max_length=20, choices=Situation, default=Situation.UNKNOWN
    )
    arrangement = models.CharField(
        _("who cares for the child"),
        max_length=20,
        choices=Arrangement,
        default=Arrangement.UNKNOWN,
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name = _("care of a child")
        verbose_name_plural = _("care of children")
        ordering = ["-since", "-recorded_at"]
        permissions = [("record_child", "Can record what concerns a child")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_alone(self) -> bool:
        return self.situation in {self.Situation.UNACCOMPANIED, self.Situation.SEPARATED}


# Each word means one thing; the page says which, beside the choice.
MEANINGS = {
    Care.Situation.UNACCOMPANIED: _(
        "Separated from both parents and other relatives, and no adult cares for the child who is"
        " responsible by law or custom."
    ),
    Care.Situation.SEPARATED: _(
        "Separated from both parents or the previous caregiver by law or custom, but not"
        " necessarily from other relatives."
    ),
}


class GuardianQuerySet(models.QuerySet["Guardian"]):
    def visible_to(self, user: User) -> Self:
        """Guardians of the people this user may see; the name needs a higher level."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def in_office(self) -> Self:
        return self.filter(until=None)


class Guardian(models.Model):
    """Who was appointed for a child, by which centre for social work."""

    class Kind(models.TextChoices):
        TEMPORARY = "temporary", _("Temporary")
        PERMANENT = "permanent", _("Permanent")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="guardians")
    data_key = DataKeyField()
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("centre for social work")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEMPORARY)
    name = SealedTextField(verbose_name=_("name of the guardian"))
    appointed_on = models.DateField(_("appointed on"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    # Somebody who works here doubts that this guardian is safe for the child.
    is_suspected = models.BooleanField(_("may not be safe"), default=False)
    doubt = SealedTextField(verbose_name=_("why the guardian may not be safe"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GuardianQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        ordering = ["-appointed_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="guardian_ended_after_appointed",
                condition=Q(until=None) | Q(until__gte=F("appointed_on")),
                violation_error_message=_("A guardian's time ends after it began."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


def guardian_of(person: Person) -> Guardian | None:
    """Who is the guardian now; the one appointed last. Read by who sees the person."""
    return (
        Guardian.objects.in_office()
        .filter(person=person)
        .select_related("organization", "data_key")
        .first()
    )


def is_guardian_suspected(person: Person) -> bool:
    """Whether a guardian in office may not be safe for the child: nobody tells or asks that one."""
    return Guardian.objects.in_office().filter(person=person, is_suspected=True).exists()


class ChildRoute(NamedTuple):
    """What a referral of a child has to know: whom to tell first, and whom not at all."""

    is_child: bool
    # The centre for social work that answers for the child, when one is known.
    centre: Organization | None
    may_tell_guardian: bool


def route_of(person: Person) -> ChildRoute:
    """How a referral of this person goes; an age that is not known counts as a child's."""
    is_child = person.may_be_child(timezone.localdate())
    if not is_child:
        return ChildRoute(is_child=False, centre=None, may_tell_guardian=False)
    guardian = guardian_of(person)
    suspected = is_guardian_suspected(person)
    return ChildRoute(
        is_child=True,
        centre=guardian.organization if guardian else None,
        may_tell_guardian=guardian is not None and not suspected,
    )
