"""What was done and what was read: one row per act, written in the act's own transaction."""

from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: User) -> Self:
        """What people of the user's own house did, and people of no house: receivers, donors."""
        if not user.has_perm("accounts.search_trail"):
            return self.none()
        return self.filter(
            Q(actor=None)
            | Q(actor__organization=user.organization_id)
            | Q(actor__organization__is_house=False)
        )

    def of_case(self, case_id: UUID) -> Self:
        """What was done with one case; for whoever was let into it by its own gate."""
        return self.filter(case_id=case_id)

    def of_person(self, person_id: UUID) -> Self:
        """What was done with what is operational of one person, as `of_case`."""
        return self.filter(object_id=str(person_id), object_type="casework.person")


class AuditEvent(models.Model):
    """One act of one person. Holds codes, ids and field names, never a value of a client's record.

    Session, device, address and search words stand here as keyed hashes: equal ones are found,
    none is read. Rows are only ever inserted; see docs/decisions/0012 and 0021.
    """

    class Result(models.TextChoices):
        OK = "ok", _("Done")
        DENIED = "denied", _("Refused")
        FAILED = "failed", _("Failed")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="audit_events"
    )
    # By which kind of access, when it is not the actor's own work: covering, break_glass …
    on_behalf = models.CharField(max_length=20, blank=True)
    session = models.CharField(max_length=32, blank=True)
    device = models.CharField(max_length=32, blank=True)
    ip_hash = models.CharField(max_length=32, blank=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    case_id = models.UUIDField(null=True)
    listed = ArrayField(models.UUIDField(), default=list)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    note = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    result = models.CharField(max_length=10, choices=Result, default=Result.OK)
    request_id = models.CharField(max_length=36, blank=True)
    # Codes only: the name of a route, the hash of a search word.
    meta = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        permissions = [
            ("search_trail", "Can search the trail"),
            ("view_usage", "Can see how the system is used"),
        ]
        indexes = [
            models.Index(fields=["case_id", "-id"], name="audit_by_case"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(
                fields=["object_id", "-id"], name="audit_by_object", condition=~Q(object_id="")
            ),
            BrinIndex(fields=["at"], name="audit_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}"


class AuditSeal(models.Model):
    """A signed mark under some rows of the trail: what is sealed cannot be changed unseen.

    It covers every id from `first` to `last` that is not among its `gaps` (ids that a rollback
    left empty), and `late`: ids below `first` that appeared after their gap was sealed.
    `hash` is that of the seal's own canonical form, in which `prev` is the hash before it.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    form = models.PositiveSmallIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.IntegerField()
    gaps = ArrayField(ArrayField(models.BigIntegerField(), size=2), default=list)
    late = ArrayField(models.BigIntegerField(), default=list)
    root = models.CharField(max_length=64)
    # Four bytes of the sum of each row, in order: they tell which row was changed.
    marks = models.BinaryField(default=b"")
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.CheckConstraint(
                name="seal_has_an_order", condition=Q(last__gte=models.F("first") - 1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class AuditKey(models.Model):
    """The public half of a key that seals are signed with; anybody may check with it."""

    key = models.CharField(max_length=16, primary_key=True)
    public = models.CharField(max_length=64)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("public key")
        verbose_name_plural = _("public keys")

    def __str__(self) -> str:
        return self.key
