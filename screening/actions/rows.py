"""What the verbs of a talk share: the row held and kept, and its line in the case's timeline."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models import User
from casework.actions import record_case_event
from casework.models import CaseEvent, Person
from casework.models.person import YesNo
from screening.models import Screening


def locked(screening: Screening) -> Screening:
    """The row with all that its verbs read, held until the end."""
    return (
        Screening.objects.select_for_update(of=("self",))
        .select_related("data_key", "case__person", "instrument_version", "language")
        .get(pk=screening.pk)
    )


def keep(screening: Screening) -> None:
    screening.version += 1
    screening.saved_at = timezone.now()
    screening.full_clean()
    screening.save()


def check_draft(screening: Screening) -> None:
    """Raises ValidationError for a talk that does not go on."""
    if screening.state != Screening.State.DRAFT:
        raise ValidationError(
            _("This screening was stopped or finished. Nothing was saved; look again."),
            code="answered",
        )


def is_alone(person: Person) -> bool:
    return person.unaccompanied_or_separated == YesNo.YES


def tell(screening: Screening, code: CaseEvent.Code, actor: User) -> None:
    record_case_event(
        screening.case,
        code,
        actor=actor,
        level=Level.NARRATIVE,
        url_name="screening:screening",
        object_id=screening.pk,
    )
