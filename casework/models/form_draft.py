"""What somebody had typed into a long form and not saved: sealed, hers, on one device."""

from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import devices
from accounts.models import User
from casework.models.person import Person
from vault.fields import DataKeyField, SealedJSONField

# Stands in a path where the id of the person stands: she may be merged into another record.
HERS = "{person}"


class FormDraftQuerySet(models.QuerySet["FormDraft"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's whatever the role."""
        return self.filter(user=user)

    def of_place(self, user: User, path: str, person: UUID | None) -> Self:
        """Drafts of one form by one user, one for each of her devices."""
        return self.visible_to(user).filter(path=path, person=person)


class FormDraft(models.Model):
    """One form, one user, one device. Nothing of it counts before the form is saved.

    Sealed with the key of the person it is about, so that it ends with her; a draft about nobody
    known yet has a key of its own, under its own id.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="form_drafts")
    device = models.CharField(max_length=64, blank=True, editable=False)
    device_words = models.CharField(max_length=80, blank=True, editable=False)
    path = models.CharField(max_length=300, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="form_drafts")
    data_key = DataKeyField()
    typed = SealedJSONField(verbose_name=_("what was typed"))
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("unfinished form")
        verbose_name_plural = _("unfinished forms")
        constraints = [
            models.UniqueConstraint(
                name="one_draft_of_a_form",
                fields=["user", "device", "path", "person"],
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["saved_at"], name="form_draft_by_age")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def address(self) -> str:
        """Where the form is."""
        return self.path.replace(HERS, str(self.person_id))

    @property
    def where(self) -> str:
        """The device in two words."""
        return devices.spoken(self.device_words)
