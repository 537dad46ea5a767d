"""What people are to each other, told in the file of one of them, and whom to keep apart.

A relation stands in the file in which it was recorded. The other one's file shows it only when both
know of it. Whom somebody is afraid of stands in her own file alone: of the other one the house says
no more than that a coordinator is asked first.
"""

from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.person import Person


class RelationQuerySet(models.QuerySet["Relation"]):
    def visible_to(self, user: User) -> Self:
        """Relations told in the files this user may see; of another file what both know."""
        seen = Person.objects.visible_to(user)
        return self.filter(Q(person__in=seen) | Q(is_known_to_both=True, other__in=seen))

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(ended_at=None)

    def told_in(self, person_id: UUID) -> Self:
        """What the file of this person tells."""
        told = self.filter(Q(person=person_id) | Q(is_known_to_both=True, other=person_id))
        # Two records that became one may have been related to each other.
        return told.exclude(person=models.F("other"))


class Relation(models.Model):
    """What `other` is to `person`, as far as it is known."""

    class Kind(models.TextChoices):
        MOTHER = "mother", _("Mother")
        FATHER = "father", _("Father")
        PARENT = "parent", _("Parent or in the place of one")
        CHILD = "child", _("Child")
        SIBLING = "sibling", _("Brother or sister")
        SPOUSE = "spouse", _("Husband or wife")
        PARTNER = "partner", _("Partner")
        RELATIVE = "relative", _("Other relative")
        TRAVELS_WITH = "travels_with", _("Travels with")
        SAYS_RELATIVE = "says_relative", _("Says to be a relative")

    class Basis(models.TextChoices):
        BELIEVED = "believed", _("We think so")
        STATED = "stated", _("Somebody said so")
        DOCUMENT = "document", _("A document says so")
        VERIFIED = "verified", _("Verified")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(_("relation"), max_length=20, choices=Kind)
    basis = models.CharField(
        _("how it is known"), max_length=10, choices=Basis, default=Basis.STATED
    )
    is_caregiver = models.BooleanField(_("cares for this person"), default=False)
    is_known_to_both = models.BooleanField(_("known to both"), default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_back(self) -> str:
        """What `person` is to `other`, in words."""
        return str(BACK.get(self.Kind(self.kind), self.get_kind_display()))


# Read from the other side; what is missing here reads the same from both.
BACK = {
    Relation.Kind.MOTHER: _("Child"),
    Relation.Kind.FATHER: _("Child"),
    Relation.Kind.PARENT: _("Child"),
    Relation.Kind.CHILD: _("Parent or in the place of one"),
}


class KeepApartQuerySet(models.QuerySet["KeepApart"]):
    def visible_to(self, user: User) -> Self:
        """Marks in the files this user may see; never from the side of who is named in them."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def in_force(self) -> Self:
        return self.filter(lifted_at=None).exclude(person=models.F("other"))


class KeepApart(models.Model):
    """Somebody whom this person must not meet here."""

    class Reason(models.TextChoices):
        AFRAID = "afraid", _("Is afraid of this person")
        CONFLICT = "conflict", _("They are in conflict")
        ASKED = "asked", _("Asked not to meet")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="kept_apart")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=10, choices=Reason)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)

    objects = KeepApartQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark to keep apart")
        verbose_name_plural = _("marks to keep apart")
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


def is_asked_about(person_id: UUID) -> bool:
    """Whether a coordinator is asked before this person comes in: yes or no, from either side.

    The same for who is afraid and for who is feared, so that the answer tells nothing of why.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_is_asked_about(%s)", [person_id])
        return bool(cursor.fetchone()[0])
