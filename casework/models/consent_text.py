"""The words in which consent is asked: of each house its own, in versions, reviewed before use.

What came with the product belongs to nobody, is read by all and stays a draft: the house that
reviews it gets a wording of its own.
"""

from datetime import date
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from directory.models import Language


class Purpose(models.TextChoices):
    """What is asked. Source: CPIMS consent form (services, reporting, tracing, sharing)."""

    RECORD = "record", _("Keep a record with us")
    REFERRAL = "referral", _("Share with a service")
    STATISTICS = "statistics", _("Count without a name")
    CONTACT = "contact", _("Contact later")
    TRACING = "tracing", _("Look for relatives")
    PHOTO = "photo", _("Take a picture")
    RESEARCH = "research", _("Use for research, without a name")


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def visible_to(self, user: User) -> Self:
        """Those of the user's organization, and what came with the product."""
        return self.of_house(user.organization_id)

    def of_house(self, organization: UUID) -> Self:
        return self.filter(Q(organization=None) | Q(organization=organization))

    def in_place(self, organization: UUID) -> Self:
        """Of a house, without what it has made its own."""
        own = ConsentText.objects.filter(
            organization=organization,
            **{name: OuterRef(name) for name in ("purpose", "language", "version")},
        )
        return self.of_house(organization).exclude(Q(organization=None) & Exists(own))

    def in_force(self, on: date | None = None) -> Self:
        """Reviewed, and meant for this day."""
        day = on or timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            reviewed_at__isnull=False,
            valid_from__lte=day,
        )


class ConsentText(models.Model):
    """One wording of one question in one language; once reviewed it never changes."""

    Purpose = Purpose

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Nobody's, when it came with the product.
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", null=True, editable=False
    )
    purpose = models.CharField(_("what is asked"), max_length=20, choices=Purpose)
    language = models.ForeignKey(
        Language, models.PROTECT, related_name="+", verbose_name=_("language")
    )
    version = models.CharField(_("version"), max_length=20)
    text = models.TextField(_("text"), max_length=3_000)
    # Nobody, when it came with the product.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    valid_from = models.DateField(_("used from"), default=timezone.localdate)
    valid_until = models.DateField(_("used until"), null=True, blank=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["purpose", "language", "-written_at"]
        permissions = [
            ("write_consent_text", "Can write how consent is asked"),
            ("review_consent_text", "Can review how consent is asked"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_wording_a_version",
                fields=["organization", "purpose", "language", "version"],
                nulls_distinct=False,
                violation_error_message=_("There is such a version already."),
            ),
            models.CheckConstraint(
                name="wording_in_use_is_of_a_house",
                condition=Q(organization__isnull=False) | Q(reviewed_at=None, written_by=None),
            ),
            models.CheckConstraint(
                name="wording_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="wording_is_reviewed_by_another",
                condition=Q(written_by=None)
                | Q(reviewed_by=None)
                | ~Q(written_by=F("reviewed_by")),
                violation_error_message=_("Somebody else has to review what you wrote."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.version}"

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed_at is not None


def wordings_for(language: Language, organization: UUID) -> dict[str, ConsentText]:
    """{purpose: the text a house reads out}: in this language, else the English one to interpret.

    Only where no English text was reviewed either a draft is handed out, and says that it is one.
    """
    own, bridge = language.pk, "en"
    rows = ConsentText.objects.in_place(organization).filter(language__in=[own, bridge])
    rows = rows.select_related("language")
    today = timezone.localdate()
    found: dict[str, tuple[int, ConsentText]] = {}
    for row in rows.order_by("written_at"):
        usable = row.is_reviewed and row.valid_from <= today
        usable = usable and (row.valid_until is None or row.valid_until >= today)
        rank = (2 if row.language_id == own else 1) if usable else 0
        if not usable and (row.is_reviewed or row.language_id != bridge):
            continue
        if row.purpose not in found or rank >= found[row.purpose][0]:
            found[row.purpose] = rank, row
    return {purpose: row for purpose, (_rank, row) in found.items()}
