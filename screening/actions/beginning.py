"""What comes before the first question: is it safe, who is there, and what may be passed on."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.actions import open_case
from casework.actions.access import lock_person, require_may_write
from casework.actions.interpreters import check_interpreter
from casework.models import CaseEvent, Interpreter, Person
from directory.models import Language, Route
from screening.actions.rows import check_draft, is_alone, keep, locked, tell
from screening.actions.screenings import may_save_section
from screening.limits import CURRENT
from screening.models import InstrumentVersion, Screening


def may_start_screening(user: User) -> bool:
    return user.has_perm("screening.start_screening")


@transaction.atomic
def start_screening(
    person: Person,
    *,
    instrument_version: InstrumentVersion,
    safety: str,
    agreed: bool,
    limits_explained: bool,
    language: Language,
    interpreting: str,
    actor: User,
    limits_unsaid: str = "",
    interpreter: Interpreter | None = None,
    present: Iterable[str] = (),
    route: Route | None = None,
) -> Screening:
    """Begin a talk with a person; the first one opens her case.

    Somebody who is not safe to talk is not asked: the screening is kept as stopped. Somebody who
    does not want to is not asked either: declined is all that is kept. Nothing is asked before it
    was said what may have to be passed on, unless `limits_unsaid` says why that was not possible.
    Raises PermissionDenied, or ValidationError when a talk with the same instrument is open, this
    interpreter is not for her, or nothing was explained.
    """
    if not may_start_screening(actor):
        raise PermissionDenied
    case = open_case(person, actor=actor)
    same = case.screenings.filter(instrument_version__instrument=instrument_version.instrument_id)
    if same.open().exists():
        raise ValidationError(_("There is a screening that is not finished. Go on with that one."))
    profile, basis = Screening.profile_of(person, timezone.localdate())
    screening = Screening(
        case=case,
        data_key=case.data_key,
        instrument_version=instrument_version,
        profile=profile,
        profile_basis=basis,
        unaccompanied_or_separated=is_alone(person),
        language=language,
        route=route,
        started_by=actor,
    )
    _meet(screening, interpreting, interpreter, present)
    code = _begin(screening, safety, agreed)
    _say(screening, actor, limits_explained=limits_explained, limits_unsaid=limits_unsaid)
    screening.full_clean()
    screening.save()
    record(actor, "start_screening", screening, case_id=case.pk, note=screening.state)
    tell(screening, code, actor)
    return screening


@transaction.atomic
def resume_screening(
    screening: Screening,
    *,
    safety: str,
    agreed: bool,
    limits_explained: bool,
    actor: User,
    limits_unsaid: str = "",
    interpreting: str = "",
    interpreter: Interpreter | None = None,
    present: Iterable[str] = (),
) -> Screening:
    """Go on with a stopped talk, after asking again whether it is safe and who is there.

    Who interpreted before stands in the history of the row. Raises PermissionDenied,
    ValidationError.
    """
    if not may_start_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    lock_person(screening.case.person_id)
    screening = locked(screening)
    if screening.state != Screening.State.STOPPED:
        raise ValidationError(_("This screening is not stopped."), code="answered")
    screening.unaccompanied_or_separated = is_alone(screening.case.person)
    if interpreting:
        _meet(screening, interpreting, interpreter, present)
    code = _begin(screening, safety, agreed)
    _say(screening, actor, limits_explained=limits_explained, limits_unsaid=limits_unsaid)
    keep(screening)
    record(actor, "resume_screening", screening, case_id=screening.case_id, note=screening.state)
    tell(screening, code, actor)
    return screening


def _meet(
    screening: Screening,
    interpreting: str,
    interpreter: Interpreter | None,
    present: Iterable[str],
) -> None:
    """Who is there; the caller holds her row.

    Raises ValidationError for an interpreter who is never asked for her.
    """
    check_interpreter(interpreter, screening.case.person, interpreting, timezone.localdate())
    screening.interpreting, screening.interpreter = interpreting, interpreter
    screening.present = sorted(set(present))


def _begin(screening: Screening, safety: str, agreed: bool) -> CaseEvent.Code:
    """Set the state that the first two answers lead to."""
    screening.safety, screening.stop_reason = safety, ""
    unsafe = {
        Screening.Safety.NOT_ALONE: Screening.StopReason.NOT_ALONE,
        Screening.Safety.DANGER: Screening.StopReason.DANGER,
    }
    if safety in unsafe:
        screening.state = Screening.State.STOPPED
        screening.stop_reason = unsafe[Screening.Safety(safety)]
        return CaseEvent.Code.SCREENING_STOPPED
    if not agreed:
        screening.state = Screening.State.DECLINED
        return CaseEvent.Code.SCREENING_DECLINED
    screening.state = Screening.State.DRAFT
    return CaseEvent.Code.SCREENING_STARTED


def _say(
    screening: Screening, actor: User, *, limits_explained: bool, limits_unsaid: str = ""
) -> None:
    """Keep that it was said, or why not. Raises ValidationError for a talk without either."""
    if limits_explained:
        screening.limits_said_by, screening.limits_said_at = actor, timezone.now()
        screening.limits_text, screening.limits_unsaid = CURRENT[screening.profile], ""
    elif limits_unsaid:
        screening.limits_unsaid = limits_unsaid
    elif screening.state == Screening.State.DRAFT:
        raise ValidationError(
            {"limits_explained": _("Say first what we may have to pass on, and to whom.")}
        )


@transaction.atomic
def say_limits(screening: Screening, *, version: int, actor: User) -> Screening:
    """Keep that it was said now what could not be said before the first question.

    Raises PermissionDenied, ValidationError.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    check_draft(screening)
    stale(version, screening.version)
    if not screening.limits_unsaid:
        raise ValidationError(_("This was said already."), code="answered")
    _say(screening, actor, limits_explained=True)
    keep(screening)
    record(actor, "say_limits", screening, case_id=screening.case_id, note=screening.limits_text)
    return screening


@transaction.atomic
def set_profile(
    screening: Screening,
    *,
    profile: str,
    profile_basis: str,
    version: int,
    actor: User,
    limits_explained: bool = False,
) -> Screening:
    """Ask as an adult or as a child, for a reason other than the years of birth.

    What may have to be passed on is another text then, which is said first. Raises
    PermissionDenied, ValidationError.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    check_draft(screening)
    stale(version, screening.version)
    if profile_basis not in Screening.CHOSEN_BASIS:
        raise ValidationError({"profile_basis": _("Say how the age is known.")})
    is_other = screening.profile != profile
    screening.profile, screening.profile_basis = profile, profile_basis
    if is_other:
        _say(
            screening,
            actor,
            limits_explained=limits_explained,
            limits_unsaid=screening.limits_unsaid,
        )
    keep(screening)
    record(actor, "set_profile", screening, case_id=screening.case_id, note=profile_basis)
    return screening
