"""Versions of instruments that are being written, and what they would change."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from screening.explain import say
from screening.models.instrument import Instrument, InstrumentVersion


def _may_work(user: User) -> bool:
    perms = ("screening.edit_instrument", "screening.publish_instrument")
    return any(user.has_perm(perm) for perm in perms)


class InstrumentDraftQuerySet(models.QuerySet["InstrumentDraft"]):
    def visible_to(self, user: User) -> Self:
        """Those of her house, for who writes or publishes instruments."""
        return self.filter(organization=user.organization_id) if _may_work(user) else self.none()

    def open(self) -> Self:
        return self.filter(published=None)


class InstrumentDraft(models.Model):
    """A version in the making: nobody is asked with it. It holds nothing about any client."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="drafts")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    based_on = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="+", null=True, blank=True
    )
    definition = models.JSONField()
    # Whoever changed anything: none of them publishes it or confirms a translation.
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    published = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InstrumentDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of an instrument")
        verbose_name_plural = _("drafts of instruments")
        ordering = ["-saved_at", "-id"]

    def __str__(self) -> str:
        return f"{self.definition['code']} {self.definition['version']}"

    def get_absolute_url(self) -> str:
        return reverse("screening:instrument_draft", args=[self.pk])

    @property
    def title(self) -> str:
        return say(self.definition["title"])


class InstrumentTrialQuerySet(models.QuerySet["InstrumentTrial"]):
    def visible_to(self, user: User) -> Self:
        """Those of her house, for who writes or publishes instruments."""
        return self.filter(organization=user.organization_id) if _may_work(user) else self.none()


class InstrumentTrial(models.Model):
    """How finished screenings of a house would have come out; counts only, no screening."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="trials")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    draft = models.ForeignKey(
        InstrumentDraft, models.CASCADE, related_name="trials", null=True, blank=True
    )
    instrument_version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="trials", null=True, blank=True
    )
    # Of the draft, when it was tried: it may have changed since.
    draft_version = models.PositiveIntegerField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    tried = models.PositiveIntegerField(default=0)
    # {profile: {band before: {band after: how many}}}
    counts = models.JSONField(default=dict, blank=True)

    objects = InstrumentTrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial of an instrument")
        verbose_name_plural = _("trials of instruments")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="trial_is_of_a_draft_or_a_version",
                condition=Q(draft=None, instrument_version__isnull=False)
                | Q(draft__isnull=False, instrument_version=None, draft_version__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.instrument)

    def get_absolute_url(self) -> str:
        return reverse("screening:instrument_trial", args=[self.pk])
