"""Agreements: with whom data or figures are shared, what, how often, for what, how kept safe."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import Organization
from protection.models.register import OfHouseQuerySet, Register


class SharingAgreementQuerySet(OfHouseQuerySet["SharingAgreement"]):
    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class SharingAgreement(Register):
    """A written protocol with one partner, donor or host (DP-40, DP-44, DP-45)."""

    class Kind(models.TextChoices):
        PARTNER = "partner", _("Referrals to a partner")
        DONOR = "donor", _("Reports to a donor")
        NETWORK = "network", _("Figures for a network or cluster")
        PROCESSOR = "processor", _("Hosting or another processor")

    class Detail(models.TextChoices):
        FIGURES = "figures", _("Figures, small numbers hidden")
        CODED = "coded", _("Records without names")
        NAMED = "named", _("What the person agreed to, names too")
        SEALED = "sealed", _("Sealed data that it cannot read")

    class Frequency(models.TextChoices):
        EACH = "each", _("Each time somebody agrees")
        MONTHLY = "monthly", _("Every month")
        QUARTERLY = "quarterly", _("Every quarter")
        YEARLY = "yearly", _("Every year")
        ALWAYS = "always", _("All the time")

    class Basis(models.TextChoices):
        """Source: GDPR 6 and 9, ZZPD 12 and 17."""

        CONSENT = "consent", _("Consent of the person")
        CONTRACT = "contract", _("A contract on processing")
        LAW = "law", _("A law")
        VITAL = "vital", _("Protection of life")
        INTEREST = "interest", _("Legitimate interest: no personal data leave")

    class Safeguard(models.TextChoices):
        """Source: GDPR 44 to 49, ZZPD 63 to 72."""

        INSIDE = "inside", _("Stays in the country")
        ADEQUATE = "adequate", _("A country with adequate protection")
        CLAUSES = "clauses", _("Standard clauses")
        NONE_NEEDED = "none_needed", _("No personal data leave")

    partner = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("with whom")
    )
    kind = models.CharField(_("for what"), max_length=10, choices=Kind)
    detail = models.CharField(_("how much"), max_length=10, choices=Detail)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency)
    basis = models.CharField(_("legal basis"), max_length=10, choices=Basis)
    country = CountryField(_("country"))
    safeguard = models.CharField(_("safeguard"), max_length=15, choices=Safeguard)
    reference = models.CharField(_("number of the paper"), max_length=60)
    approved_on = models.DateField(_("approved on"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing agreement")
        verbose_name_plural = _("sharing agreements")
        ordering = ["kind", "-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The last day of an agreement lies after its first."),
            ),
            models.CheckConstraint(
                name="donors_get_figures_only",
                condition=~Q(kind="donor") | Q(detail="figures"),
                violation_error_message=_("A donor gets figures, never records."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("protection:agreement", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)
