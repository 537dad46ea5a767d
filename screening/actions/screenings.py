"""Begin a talk, keep its answers part by part, stop it, finish it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.actions import deliver_service, open_case, record_case_event, touch_case
from casework.actions.access import require_may_write
from casework.models import CaseEvent, Person
from casework.models.person import YesNo
from directory.models import Language, ServiceType
from screening.answers import Part, part_of
from screening.models import InstrumentVersion, Screening

# What is recorded when information on risks was given at the end of a talk.
RISK_INFORMATION = "info_thb_risks"


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
) -> Screening:
    """Begin a talk with a person; the first one opens her case.

    Somebody who is not safe to talk is not asked: the screening is kept as stopped. Somebody who
    does not want to is not asked either: declined is all that is kept. Raises PermissionDenied,
    or ValidationError when a talk with the same instrument is open, or nothing was explained.
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
        unaccompanied_or_separated=_is_alone(person),
        limits_explained=limits_explained,
        language=language,
        interpreting=interpreting,
        started_by=actor,
    )
    code = _begin(screening, safety, agreed)
    screening.full_clean()
    screening.save()
    record(actor, "start_screening", screening, case_id=case.pk, note=screening.state)
    _tell(screening, code, actor)
    return screening


@transaction.atomic
def resume_screening(
    screening: Screening, *, safety: str, agreed: bool, limits_explained: bool, actor: User
) -> Screening:
    """Go on with a stopped talk, after asking again whether it is safe.

    Raises PermissionDenied, ValidationError.
    """
    if not may_start_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = _locked(screening)
    if screening.state != Screening.State.STOPPED:
        raise ValidationError(_("This screening is not stopped."), code="answered")
    screening.unaccompanied_or_separated = _is_alone(screening.case.person)
    screening.limits_explained = limits_explained
    code = _begin(screening, safety, agreed)
    _keep(screening)
    record(actor, "resume_screening", screening, case_id=screening.case_id, note=screening.state)
    _tell(screening, code, actor)
    return screening


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
    if not screening.limits_explained:
        raise ValidationError(
            {"limits_explained": _("Say first what we may have to pass on, and to whom.")}
        )
    screening.state = Screening.State.DRAFT
    return CaseEvent.Code.SCREENING_STARTED


def may_save_section(user: User) -> bool:
    return user.has_perm("screening.save_section")


@transaction.atomic
def save_section(
    screening: Screening, *, section: str, part: dict[str, Any], version: int, actor: User
) -> Screening:
    """Keep the coded answers of one section, in the place of those before.

    Raises PermissionDenied, or ValidationError when the talk is not going on, somebody else
    saved meanwhile (code `stale`), or an answer is none of the section's.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = _locked(screening)
    _check_draft(screening)
    stale(version, screening.version)
    _put(screening, section, part)
    screening.unaccompanied_or_separated = _is_alone(screening.case.person)
    _keep(screening)
    record(actor, "save_section", screening, case_id=screening.case_id, note=section)
    return screening


@transaction.atomic
def set_profile(
    screening: Screening, *, profile: str, profile_basis: str, version: int, actor: User
) -> Screening:
    """Ask as an adult or as a child, for a reason other than the years of birth.

    Raises PermissionDenied, ValidationError.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = _locked(screening)
    _check_draft(screening)
    stale(version, screening.version)
    if profile_basis not in Screening.CHOSEN_BASIS:
        raise ValidationError({"profile_basis": _("Say how the age is known.")})
    screening.profile, screening.profile_basis = profile, profile_basis
    _keep(screening)
    record(actor, "set_profile", screening, case_id=screening.case_id, note=profile_basis)
    return screening


def may_stop_screening(user: User) -> bool:
    return user.has_perm("screening.stop_screening")


@transaction.atomic
def stop_screening(
    screening: Screening,
    *,
    actor: User,
    stop_reason: str = Screening.StopReason.NOT_SAID,
    section: str = "",
    part: dict[str, Any] | None = None,
    version: int | None = None,
) -> Screening:
    """Stop at once and keep what there is; stopping a talk that does not go on changes nothing.

    The answers of the open page are kept when nobody else saved meanwhile: stopping never fails
    over them. Raises PermissionDenied.
    """
    if not may_stop_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = _locked(screening)
    if screening.state != Screening.State.DRAFT:
        return screening
    if part is not None and version == screening.version:
        _put(screening, section, part)
    screening.state, screening.stop_reason = Screening.State.STOPPED, stop_reason
    _keep(screening)
    record(actor, "stop_screening", screening, case_id=screening.case_id, note=stop_reason)
    _tell(screening, CaseEvent.Code.SCREENING_STOPPED, actor)
    return screening


@transaction.atomic
def decline_screening(screening: Screening, *, actor: User) -> Screening:
    """The person does not want to go on: a complete answer. What was answered is not kept.

    Raises PermissionDenied, ValidationError.
    """
    if not may_stop_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = _locked(screening)
    if not screening.is_open:
        raise ValidationError(_("This screening is over."), code="answered")
    screening.state, screening.stop_reason = Screening.State.DECLINED, ""
    screening.answers = {}
    _keep(screening)
    record(actor, "decline_screening", screening, case_id=screening.case_id)
    _tell(screening, CaseEvent.Code.SCREENING_DECLINED, actor)
    return screening


def may_complete_screening(user: User) -> bool:
    return user.has_perm("screening.complete_screening")


@transaction.atomic
def complete_screening(
    screening: Screening, *, information_given: bool, version: int, actor: User
) -> Screening:
    """Finish a talk: the result is set and its answers change no more.

    Information on risks, when it was given, becomes a service delivered. Nothing else follows by
    itself. Raises PermissionDenied, ValidationError.
    """
    if not may_complete_screening(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = _locked(screening)
    _check_draft(screening)
    stale(version, screening.version)
    screening.unaccompanied_or_separated = _is_alone(screening.case.person)
    screening.band = screening.assessment.band
    screening.state, screening.completed_at = Screening.State.COMPLETED, timezone.now()
    screening.completed_by = actor
    _keep(screening)
    touch_case(screening.case)
    record(actor, "complete_screening", screening, case_id=screening.case_id)
    _tell(screening, CaseEvent.Code.SCREENING_COMPLETED, actor)
    if information_given:
        deliver_service(
            screening.case,
            service_type=ServiceType.objects.get(code=RISK_INFORMATION),
            language=screening.language,
            actor=actor,
        )
    return screening


@transaction.atomic
def record_screening(
    person: Person,
    *,
    parts: Mapping[str, Part],
    complete: bool,
    information_given: bool,
    actor: User,
    **first_questions: Any,
) -> Screening:
    """Begin a talk, keep its answers and finish it, all in one go or not at all.

    `first_questions` are the keywords of `start_screening`. Raises what its verbs raise, and
    ValidationError for answers of a talk that did not take place.
    """
    screening = start_screening(person, **first_questions, actor=actor)
    if parts and screening.state != Screening.State.DRAFT:
        raise ValidationError(_("There are no answers to keep when nobody was asked."))
    for section, part in parts.items():
        version = screening.version
        screening = save_section(
            screening, section=section, part=dict(part), version=version, actor=actor
        )
    if complete and screening.state == Screening.State.DRAFT:
        screening = complete_screening(
            screening,
            information_given=information_given,
            version=screening.version,
            actor=actor,
        )
    return screening


def _locked(screening: Screening) -> Screening:
    return (
        Screening.objects.select_for_update(of=("self",))
        .select_related("data_key", "case__person", "instrument_version", "language")
        .get(pk=screening.pk)
    )


def _check_draft(screening: Screening) -> None:
    if screening.state != Screening.State.DRAFT:
        raise ValidationError(
            _("This screening was stopped or finished. Nothing was saved; look again."),
            code="answered",
        )


def _put(screening: Screening, section: str, part: dict[str, Any]) -> None:
    definition = screening.instrument_version.definition
    asked = [s for s in definition["sections"] if s["code"] == section]
    try:
        kept: Part = part_of(definition, asked[0], **part) if asked else {}
    except (ValueError, TypeError) as error:
        raise ValidationError(_("One of the answers is not part of this section.")) from error
    screening.answers = dict(screening.sheet.with_part(section, kept).parts)


def _keep(screening: Screening) -> None:
    screening.version += 1
    screening.saved_at = timezone.now()
    screening.full_clean()
    screening.save()


def _is_alone(person: Person) -> bool:
    return person.unaccompanied_or_separated == YesNo.YES


def _tell(screening: Screening, code: CaseEvent.Code, actor: User) -> None:
    record_case_event(
        screening.case,
        code,
        actor=actor,
        level=Level.NARRATIVE,
        url_name="screening:screening",
        object_id=screening.pk,
    )
