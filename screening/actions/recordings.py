"""Verbs of recordings: brought in, heard by a second person, removed."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from directory.models import Language
from files.actions import contents, remove_file, store
from files.kinds import Media
from files.models import StoredFile
from screening.actions.instruments import may_edit_instrument
from screening.alone import indicators_alone, languages
from screening.models import InstrumentVersion, Recording
from vault.models import DataKey

SOUNDS = {Media.M4A, Media.OPUS}


@transaction.atomic
def add_recording(
    version: InstrumentVersion,
    *,
    indicator: str,
    language: Language,
    file: InMemoryUploadedFile,
    actor: User,
) -> Recording:
    """Take in one question read aloud; nobody hears it before it was cleaned and reviewed.

    Raises PermissionDenied, ValidationError.
    """
    if not may_edit_instrument(actor):
        raise PermissionDenied
    definition = version.definition
    if indicator not in indicators_alone(definition) or language.code not in languages(definition):
        raise ValidationError(_("Choose a question and a language that a client is shown."))
    row = Recording(
        organization=actor.organization,
        instrument_version=version,
        indicator=indicator,
        language=language,
        added_by=actor,
    )
    row.stored_file = _stored(row, file, actor)
    # The database shows a key and its file with the row that names them, so not before it is there.
    row.full_clean(exclude=["data_key", "stored_file"])
    row.save()
    record(actor, "add_recording", row)
    return row


def _stored(row: Recording, file: InMemoryUploadedFile, actor: User) -> StoredFile:
    """The sound in quarantine, under a key of the recording's own. Raises ValidationError."""
    key = DataKey.make(row.pk)
    key.save()
    row.data_key = key
    stored = store(file, data_key=key, actor=actor)
    if stored.media not in SOUNDS:
        raise ValidationError({"file": _("Choose a sound: m4a or opus.")})
    return stored


@transaction.atomic
def review_recording(recording: Recording, *, actor: User) -> Recording:
    """Say that a recording is right; from then on clients hear it.

    Raises PermissionDenied, or ValidationError when it is one's own or cannot be heard.
    """
    if not may_edit_instrument(actor):
        raise PermissionDenied
    row = _locked(recording)
    if not row.stored_file.is_ready:
        raise ValidationError(_("It is still being checked. Load this page again in a moment."))
    row.reviewed_by, row.reviewed_at = actor, timezone.now()
    row.full_clean()
    row.save()
    record(actor, "review_recording", row)
    return row


@transaction.atomic
def remove_recording(recording: Recording, *, actor: User) -> None:
    """Destroy a recording: a better one may take its place. Raises PermissionDenied."""
    if not may_edit_instrument(actor):
        raise PermissionDenied
    row = _locked(recording)
    record(actor, "remove_recording", row)
    # While its row is there: the database shows nobody a file that nothing names.
    remove_file(row.stored_file)
    row.delete()


@transaction.atomic
def open_recording(recording: Recording, *, actor: User) -> bytes:
    """The sound, and the row that says who had it. Raises NotReadyError."""
    content = contents(recording.stored_file)
    record(actor, "open_recording", recording)
    return content


def _locked(recording: Recording) -> Recording:
    rows = Recording.objects.select_for_update(of=("self",))
    return rows.select_related("data_key", "stored_file__data_key").get(pk=recording.pk)
