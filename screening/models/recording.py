"""Questions read aloud: one sound a question and language, heard by nobody before its review."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from directory.models import Language
from files.models import StoredFile
from screening.models.instrument import InstrumentVersion
from vault.fields import DataKeyField


class RecordingQuerySet(models.QuerySet["Recording"]):
    def visible_to(self, user: User) -> Self:
        """Those of her house, for whoever works with instruments."""
        if not user.has_perm("screening.view_instrument"):
            return self.none()
        return self.filter(organization=user.organization_id)

    def reviewed(self) -> Self:
        """What a client may hear."""
        return self.filter(
            reviewed_by__isnull=False, stored_file__state=StoredFile.State.CLEAN
        ).select_related("stored_file__data_key")


class Recording(models.Model):
    """One question of one version, read aloud in one language by people of one house.

    The voice is of somebody who works here or was asked to read; no client is on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    instrument_version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="recordings"
    )
    indicator = models.CharField(max_length=31)
    language = models.ForeignKey(Language, models.PROTECT, related_name="+")
    data_key = DataKeyField()
    stored_file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording of a question")
        verbose_name_plural = _("recordings of questions")
        ordering = ["indicator", "language", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "instrument_version", "indicator", "language"],
                name="one_recording_per_question_and_language",
            ),
            models.CheckConstraint(
                name="recording_is_reviewed_by_somebody_else",
                condition=Q(reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                & ~Q(reviewed_by=models.F("added_by")),
                violation_error_message=_("Somebody else has to listen to it."),
            ),
        ]

    def __str__(self) -> str:
        return self.indicator
