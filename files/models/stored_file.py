"""A file at rest: sealed under a key of its own, which is sealed under its owner's key."""

import base64
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.kinds import ENDING_OF, Media
from vault.fields import DataKeyField, SealedTextField


def new_place() -> str:
    """A random name on disk that says nothing."""
    return uuid4().hex


class StoredFile(models.Model):
    """One file that was brought in or made here; nobody sees it before it was found clean.

    It is reached only through the row that names it (a case's file, an export), which has the
    gate. `data_key` is the key of the case, person or export it belongs to: without that key the
    file's own key, and so the file, cannot be read.
    """

    class Kind(models.TextChoices):
        CASE = "case", _("File of a case")
        ORIGINAL = "original", _("Original kept as evidence")
        EXPORT = "export", _("Export")

    class State(models.TextChoices):
        QUARANTINE = "quarantine", _("Being checked")
        CLEAN = "clean", _("Ready")
        REFUSED = "refused", _("Refused")
        REMOVED = "removed", _("Removed")

    class Reason(models.TextChoices):
        TOO_LARGE = "too_large", _("The file is larger than 20 MB.")
        EMPTY = "empty", _("The file is empty.")
        TYPE_NOT_TAKEN = (
            "type_not_taken",
            _("We take photos (jpg, png, webp, heic), pdf, docx, xlsx, m4a and opus."),
        )
        TYPE_DIFFERS = "type_differs", _("The file is not what its name says.")
        TWO_ENDINGS = "two_endings", _("The file name has two endings. Rename it with one.")
        BROKEN = "broken", _("The file is damaged or incomplete.")
        TOO_HEAVY = "too_heavy", _("The file takes too much to open.")
        TOO_MANY_PIXELS = "too_many_pixels", _("The picture has more than 40 million points.")
        MOVING = "moving", _("Moving pictures are not taken.")
        LOCKED = "locked", _("The file is locked with a password.")
        TOO_MANY_PAGES = "too_many_pages", _("The document has more than 500 pages.")
        ACTIVE = "active", _("The file holds programs or loads parts from elsewhere.")
        NOT_SOUND = "not_sound", _("The recording holds more than sound.")
        MALWARE = "malware", _("The scanner found something harmful.")
        SCANNER_AWAY = "scanner_away", _("Waiting for the scanner.")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    data_key = DataKeyField()
    kind = models.CharField(max_length=10, choices=Kind)
    # The name it came with, and the key it is sealed with on disk (base64).
    name = SealedTextField()
    secret = SealedTextField()
    place = models.CharField(max_length=32, blank=True, editable=False)
    media = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    # Keyed, so that a known document cannot be looked for in a stolen table.
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.QUARANTINE)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    # For a cleaned file: the copy as it came, where it was kept as evidence.
    original = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="cleaned"
    )
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    tried_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=~Q(place=""), name="one_file_per_place"
            ),
            models.CheckConstraint(
                name="kept_file_has_a_place",
                condition=Q(state__in=["refused", "removed"], place="")
                | (Q(state__in=["quarantine", "clean"]) & ~Q(place="")),
            ),
        ]
        indexes = [
            models.Index(fields=["created_by", "-created_at"], name="file_by_maker"),
            models.Index(fields=["tried_at"], name="file_waiting", condition=Q(state="quarantine")),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.CLEAN

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.QUARANTINE

    @property
    def key(self) -> bytes:
        """The key it is sealed with on disk; empty when its owner's key was destroyed."""
        return base64.b64decode(self.secret)

    @property
    def context(self) -> bytes:
        return context_of(self.pk)

    @property
    def neutral_name(self) -> str:
        """A name that tells nothing: `file-3f9c2a1b.jpg`."""
        return f"file-{self.pk.hex[:8]}.{ENDING_OF[Media(self.media)]}"


def context_of(file_id: UUID) -> bytes:
    """What a file's chunks are bound to."""
    return f"files_storedfile|{file_id}".encode()
