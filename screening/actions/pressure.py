"""Mark that answers may have been given under pressure."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.actions.access import require_may_write
from screening.actions.rows import locked
from screening.models import Screening


@transaction.atomic
def mark_pressure(
    screening: Screening, *, pressure_reason: str, version: int, actor: User
) -> Screening:
    """Say why the answers may not be free; for whoever may read them, at any time, once.

    The result stays as it was: it belongs to the answers. Raises PermissionDenied,
    ValidationError.
    """
    if screening.case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    if screening.state == Screening.State.DECLINED:
        raise ValidationError(_("Nothing was answered in this talk."))
    if screening.pressure_reason:
        raise ValidationError(_("Somebody marked these answers already."), code="answered")
    stale(version, screening.version)
    screening.pressure_reason = pressure_reason
    screening.pressure_by, screening.pressure_at = actor, timezone.now()
    screening.version += 1
    screening.full_clean()
    screening.save()
    record(actor, "mark_pressure", screening, case_id=screening.case_id, note=pressure_reason)
    return screening
