"""Keep the entries of the lists: areas, needs, leaflets, donors and the like."""

from django.db import models, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from directory.models.entry import Loaded


@transaction.atomic
def save_entry(entry: models.Model, *, verb: str, actor: User) -> None:
    """Keep a new or corrected entry; from now on the reference files leave it alone.

    Raises PermissionDenied, or ValidationError by field.
    """
    actor.require("directory.edit_lists")
    if isinstance(entry, Loaded):
        entry.edited_at = timezone.now()
    entry.full_clean()
    entry.save()
    record(actor, verb, entry)
