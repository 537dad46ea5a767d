"""Files of a case: what they are, from which level they may be seen, and where they lie."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models import User
from casework.models.case import Case
from files.models import StoredFile
from vault.fields import DataKeyField, SealedTextField


class CaseFileQuerySet(models.QuerySet["CaseFile"]):
    def visible_to(self, user: User) -> Self:
        """Files of the cases whose stories this user may read; restricted ones need more."""
        stories = Case.objects.visible_to(user, Level.NARRATIVE)
        everything = Case.objects.visible_to(user, Level.RESTRICTED)
        return self.filter(
            Q(level=Level.NARRATIVE, case__in=stories)
            | Q(level=Level.RESTRICTED, case__in=everything)
        )

    def with_content(self) -> Self:
        """Read with what is needed to show and open them."""
        return self.select_related("data_key", "stored_file__data_key", "added_by")


class CaseFile(models.Model):
    """One file of one case; the content is sealed and lies in the strongroom."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        PHOTO = "photo", _("Photo")
        MEDICAL = "medical", _("Medical paper")
        IDENTITY = "identity", _("Identity paper")
        CONSENT = "consent", _("Signed consent")
        RECORDING = "recording", _("Recording")
        EVIDENCE = "evidence", _("Evidence")

    LEVELS = [(Level.NARRATIVE, _("Whoever reads the notes")), (Level.RESTRICTED, _("Restricted"))]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    data_key = DataKeyField()
    stored_file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    label = SealedTextField(verbose_name=_("what it is"))
    level = models.PositiveSmallIntegerField(
        _("who may see it"), choices=LEVELS, default=Level.NARRATIVE
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-added_at", "-id"]
        permissions = [
            ("add_file", "Can add and remove files of a case"),
            ("ask_for_original", "Can ask for the original of a file"),
        ]
        indexes = [models.Index(fields=["case", "-added_at"], name="file_by_case")]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("casework:files", args=[self.case_id])

    @property
    def is_restricted(self) -> bool:
        return self.level >= Level.RESTRICTED

    @property
    def has_original(self) -> bool:
        return self.stored_file.original_id is not None
