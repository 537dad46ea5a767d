"""What everybody who works here agrees to: code of conduct and confidentiality, per version."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_force(self) -> Self:
        """Every version up to today: a new one makes them more, none ever goes."""
        return self.filter(valid_from__lte=timezone.localdate())

    def count_here(self) -> Coalesce:
        """How many these are, as part of another query."""
        alike = self.order_by().annotate(one=Value(1)).values("one")
        return Coalesce(Subquery(alike.annotate(n=Count("pk")).values("n")), Value(0))

    def current(self) -> Self:
        """The newest version of each kind that is in force today."""
        return self.in_force().order_by("kind", "-version").distinct("kind")


class Agreement(models.Model):
    """One version of a text; the texts come from reference/agreements.json and never change."""

    class Kind(models.TextChoices):
        CONDUCT = "conduct", _("Code of conduct")
        CONFIDENTIALITY = "confidentiality", _("Confidentiality agreement")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    version = models.PositiveSmallIntegerField()
    text_en = models.TextField()
    text_sr = models.TextField()
    valid_from = models.DateField()
    # After how many months it has to be renewed; none: it holds until there is a new version.
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="agreement_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    @property
    def text(self) -> str:
        return self.text_sr if (get_language() or "").startswith("sr") else self.text_en


class AgreementAcceptance(models.Model):
    """That somebody agreed to a version, or that an administrator renewed it on paper."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="acceptances")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(default=timezone.now, editable=False)
    expires_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("acceptance of an agreement")
        verbose_name_plural = _("acceptances of agreements")

    def __str__(self) -> str:
        return f"{self.user_id} {self.agreement_id}"
