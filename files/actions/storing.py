"""Take a file in: looked at, sealed at once, put into quarantine; the worker does the rest."""

import base64
import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.outbox import enqueue
from files import shelf
from files.kinds import HEAD, Media, RefusedError, first_look
from files.models import StoredFile
from files.models.stored_file import context_of, new_place
from vault.keys import key_provider, new_data_key
from vault.models import DataKey

FILES_A_DAY = 50
BYTES_A_DAY = 500 * 1000 * 1000
STORED = "file_stored"


@transaction.atomic
def store(
    upload: InMemoryUploadedFile, *, data_key: DataKey, actor: User, keep_original: bool = False
) -> StoredFile:
    """Put an uploaded file into quarantine under this key; a job checks and cleans it.

    With `keep_original` the copy as it came is kept beside the clean one. Raises ValidationError
    with a plain reason; then nothing is stored.
    """
    size, name = upload.size or 0, upload.name or ""
    upload.seek(0)
    media = _looked_at(name, upload.content_type or "", upload.read(HEAD), size)
    _check_quota(actor, size)
    upload.seek(0)
    stored = _row(upload.read(), data_key, StoredFile.Kind.CASE, media, actor)
    stored.name = name
    stored.save()
    if keep_original:
        stored.original = _keep_original(stored, actor)
        stored.save(update_fields=["original"])
    enqueue(STORED, key=str(stored.pk), file_id=stored.pk)
    return stored


def put_away(content: bytes, *, data_key: DataKey, media: Media, actor: User | None) -> StoredFile:
    """Keep something that was made here; it is clean. Raises ValidationError when disks are full.

    Belongs into the caller's transaction.
    """
    stored = _row(content, data_key, StoredFile.Kind.EXPORT, media, actor)
    stored.state = StoredFile.State.CLEAN
    stored.save()
    return stored


def not_taken(said: str | Promise, code: str) -> ValidationError:
    """The refusal as an error of the field `file`."""
    return ValidationError({"file": ValidationError(str(said), code=code)})


def _looked_at(name: str, declared: str, head: bytes, size: int) -> Media:
    try:
        return first_look(name, declared, head, size)
    except RefusedError as refused:
        raise not_taken(StoredFile.Reason(refused.code).label, refused.code) from refused


def _row(
    content: bytes, data_key: DataKey, kind: str, media: Media, actor: User | None
) -> StoredFile:
    """An unsaved row whose content lies sealed on disk."""
    file_id, place, key = uuid4(), new_place(), new_data_key()
    write(place, content, key, file_id)
    return StoredFile(
        id=file_id,
        data_key=data_key,
        kind=kind,
        secret=base64.b64encode(key).decode(),
        place=place,
        media=media,
        size=len(content),
        sha256=fingerprint(content),
        created_by=actor,
    )


def write(place: str, content: bytes, key: bytes, file_id: UUID) -> None:
    """Seal a content on disk. Raises ValidationError when there is no room."""
    try:
        shelf.put(place, content, key, context_of(file_id))
    except shelf.DiskFullError as error:
        said = _("There is no room for files at the moment. Tell your administrator.")
        raise not_taken(said, "disk_full") from error


def fingerprint(content: bytes) -> str:
    """A keyed hash, by which one file can be recognised and none guessed."""
    return key_provider().blind("file", hashlib.sha256(content).hexdigest()).hex()


def _keep_original(stored: StoredFile, actor: User) -> StoredFile:
    """The copy as it came, as a row of its own that waits with the other one."""
    content = shelf.get(stored.place, stored.key, stored.context)
    original = _row(content, stored.data_key, StoredFile.Kind.ORIGINAL, Media(stored.media), actor)
    original.name = stored.name
    original.save()
    return original


def _check_quota(actor: User, size: int) -> None:
    """Fifty files and 500 MB in a day for one person, counted one upload after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"up {actor.pk}"])
    mine = StoredFile.objects.filter(
        created_by=actor,
        created_at__gt=timezone.now() - timedelta(days=1),
        kind=StoredFile.Kind.CASE,
    ).aggregate(files=Count("pk"), bytes=Sum("size"))
    if mine["files"] >= FILES_A_DAY or (mine["bytes"] or 0) + size > BYTES_A_DAY:
        said = _("You have reached the limit of a day: 50 files or 500 MB. Go on tomorrow.")
        raise not_taken(said, "quota")
