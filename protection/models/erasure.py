"""Erasure: the request as a ticket, who else has to be told, and the ledger of what went."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from protection.models.register import OfHouseQuerySet, after_days

# Copies in the backups can be opened for so long after the key is gone from here.
BACKUP_DAYS = 30


class Subject(models.TextChoices):
    PERSON = "person", _("Everything of a person")
    CASE = "case", _("One case")


class ErasureRequestQuerySet(OfHouseQuerySet["ErasureRequest"]):
    permission = "protection.view_erasures"

    def open(self) -> Self:
        return self.filter(state__in=[ErasureRequest.State.WAITING, ErasureRequest.State.ARCHIVED])

    def due(self, today: date) -> Self:
        """Those whose time to take it back is over."""
        return self.filter(state=ErasureRequest.State.ARCHIVED, erase_on__lte=today)

    def asked_first(self) -> Self:
        return self.order_by(F("erase_on").asc(nulls_first=True), "-begun_at")


class ErasureRequest(models.Model):
    """One erasure on its way: begun, confirmed by a second person, archived, done.

    The subject is a random number, no key to another row: the ticket outlives the record. The
    code by which people speak of it is emptied when the record goes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        ARCHIVED = "archived", _("Hidden, can be taken back")
        ERASED = "erased", _("Erased")
        STOPPED = "stopped", _("Stopped")

    class Origin(models.TextChoices):
        ASKED = "asked", _("The person asked for it")
        RETENTION = "retention", _("The time to keep it is over")
        MISTAKE = "mistake", _("Recorded by mistake")
        COMMAND = "command", _("Ordered on the server")

    class StopReason(models.TextChoices):
        WITHDRAWN = "withdrawn", _("The person changed her mind")
        HOLD = "hold", _("It must be kept for proceedings")
        STILL_HERE = "still_here", _("The person is in contact again")
        MISTAKE = "mistake", _("Begun by mistake")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(_("what is erased"), max_length=10, choices=Subject)
    subject = models.UUIDField()
    code = models.CharField(max_length=7, blank=True)
    origin = models.CharField(_("reason"), max_length=10, choices=Origin)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    asked = models.ForeignKey(
        "protection.PersonRequest",
        models.PROTECT,
        related_name="erasures",
        null=True,
        blank=True,
        verbose_name=_("request"),
    )
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    begun_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The last day on which it can be taken back is the one before.
    erase_on = models.DateField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(_("why"), max_length=10, choices=StopReason, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        permissions = [
            ("view_erasures", "Can see erasures and what is due"),
            ("begin_erasure", "Can begin an erasure"),
            ("confirm_erasure", "Can confirm or stop an erasure"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_erasure_per_subject",
                fields=["subject"],
                condition=Q(state__in=["waiting", "archived"]),
                violation_error_message=_("An erasure of this record is on its way already."),
            ),
            models.CheckConstraint(
                name="archived_erasure_was_confirmed",
                condition=~Q(state="archived")
                | Q(confirmed_at__isnull=False, erase_on__isnull=False),
                violation_error_message=_("A second person confirms before anything goes."),
            ),
            models.CheckConstraint(
                name="erasure_is_confirmed_by_somebody_else",
                condition=~Q(confirmed_by=F("begun_by")),
                violation_error_message=_("Somebody else has to confirm it."),
            ),
            models.CheckConstraint(
                name="erased_record_keeps_no_code",
                condition=~Q(state="erased") | Q(code="", erased_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)[:8].upper()

    def get_absolute_url(self) -> str:
        return reverse("protection:erasure", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_archived(self) -> bool:
        return self.state == self.State.ARCHIVED

    @property
    def is_open(self) -> bool:
        return self.is_waiting or self.is_archived

    @property
    def complete_on(self) -> date | None:
        """The day from which no backup can be opened either."""
        if self.erased_at is None:
            return None
        return after_days(timezone.localdate(self.erased_at), BACKUP_DAYS)


class TellingQuerySet(models.QuerySet["Telling"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(erasure__in=ErasureRequest.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(done_at=None)


class Telling(models.Model):
    """Somebody outside who has a copy and has to be told: partner, who got an export, a phone."""

    class Kind(models.TextChoices):
        PARTNER = "partner", _("Partner who got a referral")
        EXPORT = "export", _("File that left the house")
        DEVICE = "device", _("Phones and papers of the team")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    erasure = models.ForeignKey(ErasureRequest, models.CASCADE, related_name="tellings")
    kind = models.CharField(max_length=10, choices=Kind)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", null=True, blank=True
    )
    # A number by which the other side finds its copy: of a referral or an export, never a code.
    number = models.CharField(max_length=40, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = TellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("to be told")
        verbose_name_plural = _("to be told")
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["erasure", "kind", "organization", "number"],
                name="told_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.number or self.get_kind_display()

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class ErasureLedger(models.Model):
    """What was erased, by a random number: applied again after a restore, so that nobody returns.

    Rows are only ever added. `mark` is a keyed hash over the rest, so that nobody can make one up.
    """

    class Why(models.TextChoices):
        REQUEST = "request", _("A request")
        COMMAND = "command", _("A command on the server")

    id = models.BigAutoField(primary_key=True)
    erased = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10, choices=Subject)
    at = models.DateTimeField(default=timezone.now)
    by = models.UUIDField(null=True, blank=True)
    why = models.CharField(max_length=10, choices=Why)
    request = models.UUIDField(null=True, blank=True)
    mark = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("erased")
        verbose_name_plural = _("erased")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.erased)
