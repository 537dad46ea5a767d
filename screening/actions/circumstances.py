"""Keep where on the way and when something happened, in codes."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.actions.access import require_may_write
from screening.actions.rows import check_draft, keep, locked
from screening.actions.screenings import may_save_section
from screening.circumstances import with_circumstances
from screening.models import Screening
from screening.places import every_place


@transaction.atomic
def save_circumstances(
    screening: Screening, *, told: Mapping[str, Mapping[str, str]], version: int, actor: User
) -> Screening:
    """Keep where and when, of what this talk has recorded and compared; in the place of before.

    Raises PermissionDenied, or ValidationError when the talk is not going on, somebody else saved
    meanwhile (code `stale`), or a place or a month cannot be.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    check_draft(screening)
    stale(version, screening.version)
    definition = screening.instrument_version.definition
    try:
        sheet = with_circumstances(
            definition, screening.sheet, told, places=every_place(), today=timezone.localdate()
        )
    except ValueError as error:
        raise ValidationError(_("One of the places or months cannot be.")) from error
    screening.answers = dict(sheet.parts)
    keep(screening)
    record(actor, "save_circumstances", screening, case_id=screening.case_id)
    return screening
