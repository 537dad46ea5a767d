"""Begin a procedure of formal identification, and write down its steps."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.levels import Level
from accounts.models import Organization, User
from casework.actions import record_case_event, record_trafficking_status
from casework.actions.access import lock_open_case, require_may_write
from casework.actions.days import check_day
from casework.models import Case, CaseEvent, Person, TraffickingStatus
from directory.models import ServiceType
from referrals import identification as path
from referrals.identification import Outcome, Route, Step, Taken
from referrals.models import Identification, ProcedureStep

Category = ServiceType.Category
# What an institution does that decides, or that answers for a child.
DECIDES = [Category.FORMAL_IDENTIFICATION]
ANSWERS_FOR_CHILDREN = [Category.GUARDIANSHIP]
STATUS_OF = {
    Outcome.VICTIM: TraffickingStatus.Status.IDENTIFIED,
    Outcome.NOT_VICTIM: TraffickingStatus.Status.NOT_CONFIRMED,
}
# These two come by verbs of their own.
BY_OWN_VERB = {Step.SUSPICION, Step.REPORT}


def may_record_identification(user: User) -> bool:
    return user.has_perm("referrals.record_identification")


def route_for(person: Person) -> Route:
    """With whom: whoever may be a child goes the way of a child."""
    is_child = person.may_be_child(timezone.localdate())
    return Route.SOCIAL_WORK if is_child else Route.CENTER


def bodies_for(person: Person) -> QuerySet[Organization]:
    """The institutions that decide; those that answer for children, for somebody who may be one."""
    if route_for(person) == Route.SOCIAL_WORK:
        return bodies_that([*DECIDES, *ANSWERS_FOR_CHILDREN])
    return bodies_that(DECIDES)


def bodies_that(do: Iterable[str] = DECIDES) -> QuerySet[Organization]:
    """Institutions with a service of one of these kinds."""
    found = Organization.objects.filter(services__service_types__category__in=do)
    return found.distinct().order_by("name_en")


def require_to_record(case: Case, actor: User) -> None:
    """Raises PermissionDenied for who may not write in the story of this case."""
    if not may_record_identification(actor) or case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(case, actor)


@transaction.atomic
def begin_identification(
    case: Case, *, organization: Organization, at: datetime, actor: User, note: str = ""
) -> Identification:
    """Write down that a suspicion was noticed; after a refusal this is a new attempt.

    Raises PermissionDenied, ValidationError.
    """
    require_to_record(case, actor)
    case = lock_open_case(case)
    attempts = Identification.objects.filter(case=case)
    if attempts.open().exists():
        raise ValidationError(_("A procedure goes on already. Write its next step."), code="open")
    if organization not in bodies_for(case.person):
        raise ValidationError({"organization": _("This institution does not decide here.")})
    attempt = Identification(
        case=case,
        data_key=case.data_key,
        number=attempts.count() + 1,
        route=route_for(case.person).value,
        organization=organization,
        begun_by=actor,
    )
    attempt.full_clean()
    attempt.save()
    take_step(attempt, Step.SUSPICION, at=at, actor=actor, note=note)
    return attempt


@transaction.atomic
def record_procedure_step(
    identification: Identification,
    *,
    step: str,
    at: datetime,
    version: int,
    actor: User,
    outcome: str = Outcome.NONE.value,
    until: date | None = None,
    organization: Organization | None = None,
    barriers: Iterable[str] = (),
    note: str = "",
) -> ProcedureStep:
    """Write down a step, whoever took it; a finding writes the status of the case as well.

    Raises PermissionDenied, ValidationError (code `stale` when somebody else was first).
    """
    attempt = lock_attempt(identification, version=version, actor=actor)
    if step in BY_OWN_VERB:
        raise ValidationError({"step": _("This step has a form of its own.")})
    facts: dict[str, Any] = {"until": until, "organization": organization}
    facts |= {"barriers": sorted(set(barriers)), "note": note}
    return take_step(attempt, step, outcome=outcome, at=at, actor=actor, **facts)


@transaction.atomic
def correct_procedure_step(
    step: ProcedureStep,
    *,
    at: datetime,
    version: int,
    actor: User,
    until: date | None = None,
    barriers: Iterable[str] = (),
    note: str = "",
) -> ProcedureStep:
    """Put a slip of the keyboard right; what was there before is kept by the history.

    What came of a step is never changed, nor the day of a finding: the status rests on it. Raises
    PermissionDenied, ValidationError.
    """
    attempt = lock_attempt(step.identification, version=version, actor=actor)
    rows = {row.pk: row for row in attempt.steps.select_related("data_key", "status")}
    row = rows.pop(step.pk)
    others = list(rows.values())
    if row.status is not None and at != row.at:
        raise ValidationError({"at": _("The status of the case rests on this day.")})
    first = row.step == Step.SUSPICION
    _check_moment(at, min((one.at for one in others), default=None) if not first else None)
    if path.names_day(row.step, row.outcome):
        _check_until(row.step, timezone.localdate(at), until)
        row.until = until
    for one in others:
        if one.met_at == row.at:
            one.met_at = at
            one.save(update_fields=["met_at"])
    row.at, row.barriers, row.note = at, sorted(set(barriers)), note.strip()
    row.told_at = None
    _start_clock(row, others)
    row.full_clean()
    row.save()
    attempt.version += 1
    attempt.save(update_fields=["version"])
    record(actor, "correct_procedure_step", row, case_id=attempt.case_id, note=row.step)
    return row


def lock_attempt(identification: Identification, *, version: int, actor: User) -> Identification:
    """The attempt, held. Raises PermissionDenied, ValidationError for an older version."""
    case = identification.case
    require_to_record(case, actor)
    # The case first: two who write of it at once take turns.
    case = lock_open_case(case)
    rows = Identification.objects.select_for_update(of=("self",)).select_related("organization")
    attempt = rows.get(pk=identification.pk)
    attempt.case = case
    stale(version, attempt.version)
    return attempt


def take_step(
    attempt: Identification,
    step: str,
    *,
    at: datetime,
    actor: User,
    outcome: str = Outcome.NONE.value,
    until: date | None = None,
    **facts: Any,
) -> ProcedureStep:
    """Add a step to a held attempt: rule, clock, status, traces. Raises ValidationError."""
    earlier = list(attempt.steps.order_by("recorded_at"))
    _check_step(earlier, step, outcome, at, until)
    row = ProcedureStep(
        identification=attempt,
        data_key=attempt.case.data_key,
        step=step,
        outcome=outcome,
        at=at,
        until=until if path.names_day(step, outcome) else None,
        recorded_by=actor,
        **{**facts, "note": str(facts.get("note", "")).strip()},
    )
    _start_clock(row, earlier)
    if outcome in STATUS_OF and step == Step.FINDING:
        row.status = _write_status(attempt, row, actor)
    row.full_clean()
    row.save()
    _stop_clocks(row, earlier)
    if path.ends(step, outcome):
        attempt.ended_at = timezone.now()
    if earlier:
        attempt.version += 1
    attempt.save(update_fields=["ended_at", "version"])
    record(actor, "record_procedure_step", row, case_id=attempt.case_id, note=step)
    record_case_event(
        attempt.case,
        CaseEvent.Code.PROCEDURE_STEP,
        actor=actor,
        level=Level.NARRATIVE,
        url_name="referrals:procedure",
        object_id=attempt.pk,
    )
    return row


def _check_step(
    earlier: list[ProcedureStep], step: str, outcome: str, at: datetime, until: date | None
) -> None:
    """Raises ValidationError for a step that the table does not allow now, or with other facts."""
    if step not in path.possible([Taken(row.step, row.outcome) for row in earlier]):
        raise ValidationError({"step": _("This step cannot be taken now.")}, code="stale")
    if outcome not in path.OUTCOMES.get(Step(step), (Outcome.NONE,)):
        raise ValidationError({"outcome": _("Say what came of this step.")})
    _check_moment(at, min((row.at for row in earlier), default=None))
    if path.names_day(step, outcome):
        _check_until(step, timezone.localdate(at), until)


def _check_moment(at: datetime, begun: datetime | None) -> None:
    check_day("at", timezone.localdate(at))
    if at > timezone.now():
        raise ValidationError({"at": _("This moment has not come yet.")})
    if begun is not None and at < begun:
        raise ValidationError({"at": _("This lies before the suspicion was noticed.")})


def _check_until(step: str, day: date, until: date | None) -> None:
    if until is None:
        raise ValidationError({"until": _("Say until when, or when it is looked at again.")})
    most = path.SPANS[Step(step)].most
    if not 0 <= (until - day).days <= most:
        raise ValidationError({"until": _("Choose a day within %(days)d days.") % {"days": most}})


def _write_status(attempt: Identification, row: ProcedureStep, actor: User) -> TraffickingStatus:
    """What the finding says, as the dated status of the case. Raises PermissionDenied."""
    return record_trafficking_status(
        attempt.case,
        status=STATUS_OF[Outcome(row.outcome)],
        decided_on=timezone.localdate(row.at),
        deciding_body=TraffickingStatus.DecidingBody.GOVERNMENT,
        organization=row.organization or attempt.organization,
        basis=TraffickingStatus.Basis.FINDING,
        actor=actor,
    )


def _start_clock(row: ProcedureStep, earlier: list[ProcedureStep]) -> None:
    """What is waited for from now on, unless it was written down before this step was."""
    clock = path.clock_of(row.step, row.outcome)
    if clock is None:
        return
    row.due_at = path.due_at(clock, row.at, row.until)
    came = [one.at for one in earlier if one.at >= row.at and path.meets(one.step, clock.awaits)]
    row.met_at = min(came, default=None)


def _stop_clocks(row: ProcedureStep, earlier: list[ProcedureStep]) -> None:
    """Of what was waited for that came with this step."""
    for one in earlier:
        clock = path.clock_of(one.step, one.outcome)
        if one.is_waiting and clock and path.meets(row.step, clock.awaits):
            one.met_at = row.at
            one.save(update_fields=["met_at"])
