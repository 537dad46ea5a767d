"""The question to an institution, each month, whether its entries are still right."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from directory.models.contact import Contact
from directory.models.service import Service

# An institution is asked again when nobody verified an entry for so long.
ASKED_EVERY = timedelta(days=30)
# So long a link opens the question.
OPEN_FOR = timedelta(days=30)


class EntryCheckQuerySet(models.QuerySet["EntryCheck"]):
    def open(self) -> Self:
        return self.filter(answered_at=None, expires_at__gt=timezone.now())

    def of_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class EntryCheck(models.Model):
    """One question to one contact by a link; the link's secret is known to the message only."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="checks", verbose_name=_("contact")
    )
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # What is not right any more, in the contact's words; editors read it.
    remark = models.CharField(_("what is not right"), max_length=500, blank=True)

    objects = EntryCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("question whether entries are right")
        verbose_name_plural = _("questions whether entries are right")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["token_hash"], name="entry_check_by_token")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.asked_at:%Y-%m-%d}"


def to_ask() -> models.QuerySet[Contact]:
    """Whom to ask now: contacts of institutions with an entry that is due and not asked for yet.

    The focal point of each comes first; only those whom somebody verified, and who have mail.
    """
    now = timezone.now()
    due = Service.objects.kept().filter(
        Q(verified_on=None) | Q(verified_on__lt=timezone.localdate(now) - ASKED_EVERY),
        organization=OuterRef("organization"),
    )
    asked = EntryCheck.objects.filter(
        organization=OuterRef("organization"), asked_at__gt=now - ASKED_EVERY
    )
    rows = Contact.objects.filter(
        Exists(due), ~Exists(asked), is_active=True, verified_on__isnull=False
    )
    return rows.exclude(email="").exclude(organization__is_house=True).in_turn()
