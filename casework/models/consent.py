"""What a person agreed to or refused: to whom, which data, until when, in which words."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from casework.models.case import Case
from casework.models.gate import OfCaseQuerySet
from directory.models import Language


class ConsentQuerySet(OfCaseQuerySet["Consent"]):
    def in_force(self, on: date | None = None) -> Self:
        """Given, not taken back, not run out."""
        day = on or timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            decision=Consent.Decision.GIVEN,
            withdrawn_at=None,
            given_on__lte=day,
        )

    def latest_answers(self) -> Self:
        """The last answer to each question: one row per purpose and receiver."""
        return (
            self.select_related("organization", "language")
            .order_by("purpose", "organization_id", "-given_on", "-recorded_at")
            .distinct("purpose", "organization_id")
        )


class Consent(models.Model):
    """One answer to one question; "no" is an answer too and closes no door."""

    class Purpose(models.TextChoices):
        RECORD = "record", _("Keep a record with us")
        REFERRAL = "referral", _("Share with a service")
        STATISTICS = "statistics", _("Count without a name")

    class Decision(models.TextChoices):
        GIVEN = "given", _("Agreed")
        REFUSED = "refused", _("Refused")

    class Channel(models.TextChoices):
        SPOKEN = "spoken", _("Spoken")
        SIGNED = "signed", _("Signed on paper")

    class Item(models.TextChoices):
        """What may be shared, item by item."""

        CODE = "code", _("Code")
        AGE_BAND = "age_band", _("Age band")
        SEX = "sex", _("Sex")
        NATIONALITY = "nationality", _("Nationality")
        LANGUAGE = "language", _("Language")
        HANDLING = "handling_note", _("How to talk safely")
        CHILD_ALONE = "unaccompanied_or_separated", _("Child alone")
        MESSAGE = "message", _("What is needed")
        NAME = "name", _("Name")
        PHONE = "phone", _("Phone")
        DOCUMENT = "document", _("Document")
        ADDRESS = "address", _("Where the person stays")
        SCREENING = "screening_result", _("Result of the screening")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("shared with"),
    )
    items = ArrayField(
        models.CharField(max_length=40, choices=Item),
        default=list,
        blank=True,
        verbose_name=_("what may be shared"),
    )
    decision = models.CharField(_("answer"), max_length=10, choices=Decision)
    channel = models.CharField(_("how it was given"), max_length=10, choices=Channel)
    language = models.ForeignKey(
        Language, models.PROTECT, related_name="+", verbose_name=_("language")
    )
    text_version = models.CharField(max_length=20)
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_on", "-recorded_at"]
        permissions = [
            ("record_consent", "Can record a consent"),
            ("withdraw_consent", "Can record that a consent was taken back"),
        ]
        constraints = [
            models.CheckConstraint(
                name="consent_to_share_names_receiver",
                condition=~Q(purpose="referral") | Q(organization__isnull=False),
                violation_error_message=_("Say with whom it may be shared."),
            ),
            models.CheckConstraint(
                name="consent_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("given_on")),
                violation_error_message=_("A consent cannot run out before it was given."),
            ),
        ]
        indexes = [models.Index(fields=["case", "-given_on"], name="consent_by_case")]

    def __str__(self) -> str:
        return self.get_purpose_display()

    @property
    def items_said(self) -> str:
        return ", ".join(str(self.Item(item).label) for item in self.items)

    @property
    def is_given(self) -> bool:
        return self.decision == self.Decision.GIVEN

    @property
    def is_in_force(self) -> bool:
        today = timezone.localdate()
        return (
            self.is_given
            and self.withdrawn_at is None
            and self.given_on <= today
            and (self.valid_until is None or self.valid_until >= today)
        )
