"""How long records are kept: what is due, and what must not go because of proceedings."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from casework.models import Case, Person
from protection.models.erasure import Subject
from protection.models.register import OfHouseQuerySet


class LegalHoldQuerySet(OfHouseQuerySet["LegalHold"]):
    permission = "protection.view_erasures"

    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), starts_on__lte=day, lifted_at=None)

    def of(self, person: Person) -> Self:
        """Holds on a person or on one of her cases."""
        return self.filter(Q(person=person) | Q(case__person=person))


class LegalHold(models.Model):
    """A reason why a record must not be erased, from a day until a day or until it is lifted."""

    class Reason(models.TextChoices):
        CRIMINAL = "criminal", _("Criminal proceedings")
        COMPENSATION = "compensation", _("A claim for compensation")
        ASYLUM = "asylum", _("Asylum or residence proceedings")
        GUARDIANSHIP = "guardianship", _("Guardianship or family proceedings")
        COMPLAINT = "complaint", _("A complaint or an inquiry")
        AUDIT = "audit", _("An audit of a grant")
        WISH = "wish", _("The person wants us to keep it")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    # Empty: the hold is on everything of the person.
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-placed_at"]
        permissions = [("place_hold", "Can place and lift a hold")]
        constraints = [
            models.CheckConstraint(
                name="hold_ends_after_it_starts",
                condition=Q(until=None) | Q(until__gte=models.F("starts_on")),
                violation_error_message=_("A hold cannot end before it starts."),
            )
        ]
        indexes = [models.Index(fields=["person"], name="hold_by_person")]

    def __str__(self) -> str:
        return self.get_reason_display()

    @property
    def is_in_force(self) -> bool:
        today = timezone.localdate()
        return (
            self.lifted_at is None
            and self.starts_on <= today
            and (self.until is None or self.until >= today)
        )


class DueRowQuerySet(OfHouseQuerySet["DueRow"]):
    permission = "protection.view_erasures"

    def open(self) -> Self:
        return self.filter(state=DueRow.State.OPEN, person__merged_into=None)

    def asked_again(self, today: date) -> Self:
        """Kept ones whose time is over as well."""
        kept = self.filter(state=DueRow.State.KEPT, keep_until__lte=today)
        return kept.filter(person__merged_into=None)


class DueRow(models.Model):
    """A record whose time is over; a coordinator confirms or says why it is kept longer."""

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        CONFIRMED = "confirmed", _("Confirmed")
        KEPT = "kept", _("Kept longer")

    class Rule(models.TextChoices):
        CASE = "case", _("Case closed long ago")
        CHILD = "child", _("Case of a child, grown up long ago")
        CONTACT = "contact", _("No contact for long, no case")

    class KeepReason(models.TextChoices):
        PROCEEDINGS = "proceedings", _("Proceedings are running")
        IN_CONTACT = "in_contact", _("The person is in contact")
        GRANT = "grant", _("A grant asks for it")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Subject)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", null=True, blank=True)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule)
    due_on = models.DateField(_("due since"))
    found_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    keep_reason = models.CharField(_("reason"), max_length=15, choices=KeepReason, blank=True)
    keep_until = models.DateField(_("keep until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DueRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("due record")
        verbose_name_plural = _("due records")
        ordering = ["due_on", "id"]
        permissions = [("decide_due", "Can decide on records whose time is over")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "case"], name="one_due_row_per_record", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="kept_record_has_reason_and_day",
                condition=~Q(state="kept") | (~Q(keep_reason="") & Q(keep_until__isnull=False)),
                violation_error_message=_("Say why it is kept longer, and until when."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_rule_display()

    @property
    def age_is_unknown(self) -> bool:
        """Whether nobody knows if a child's rule would hold; somebody has to look first."""
        return self.person.birth_year_to is None
