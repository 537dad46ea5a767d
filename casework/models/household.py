"""Households: who lives and moves together, and from when until when."""

from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from casework.codes import new_code
from casework.models.person import Person


def new_household_code() -> str:
    return f"H-{new_code()}"


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: User) -> Self:
        """Households of which this user may see somebody who is or was in it."""
        return self.filter(members__in=HouseholdMember.objects.visible_to(user)).distinct()


class Household(models.Model):
    """People who live and move together; what they are to each other stands in relations."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=9, unique=True, default=new_household_code, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="households")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        permissions = [("record_family", "Can record households and relations")]

    def __str__(self) -> str:
        return self.code

    def size(self) -> int:
        """How many are in it now, those included whom the reader may not see."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT gate_household_size(%s)", [self.pk])
            return int(cursor.fetchone()[0])


class HouseholdMemberQuerySet(models.QuerySet["HouseholdMember"]):
    def visible_to(self, user: User) -> Self:
        """Memberships of the people this user may see; the household itself opens nobody."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def current(self) -> Self:
        return self.filter(until=None)

    def beside(self, person_id: UUID) -> Self:
        """Those who are in the same household now as this person, herself not among them."""
        own = HouseholdMember.objects.current().filter(person=person_id).values("household")
        return self.current().filter(household__in=own).exclude(person=person_id)


class HouseholdMember(models.Model):
    """One person in one household, from a day until a day."""

    class Role(models.TextChoices):
        HEAD = "head", _("Speaks for the household")
        MEMBER = "member", _("Member")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HouseholdMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a household")
        verbose_name_plural = _("members of households")
        ordering = ["role", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_household_at_a_time",
                fields=["person"],
                condition=Q(until=None),
                violation_error_message=_("This person is in a household already."),
            ),
            models.UniqueConstraint(
                name="one_head_of_a_household",
                fields=["household"],
                condition=Q(until=None, role="head"),
                violation_error_message=_("Somebody speaks for this household already."),
            ),
            models.CheckConstraint(
                name="household_left_after_joining",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("Nobody leaves a household before joining it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.person}"
