"""Write down incidents, correct and close them; tell who has to know, and nobody else."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.levels import Level
from accounts.models import Notice, User
from accounts.notices import notify
from casework.actions import record_case_event
from casework.actions.access import require_may_write
from casework.models import Case, CaseEvent
from screening.actions.deadlines import RECEIVES, RECORDS, receivers_of, tell_of_clocks
from screening.incident_types import Facts
from screening.models import Incident

WHEN = frozenset({"first_on", "first_hour", "last_on", "last_hour"})


def may_record_incident(user: User) -> bool:
    return user.has_perm(RECORDS)


def may_receive_conduct(user: User) -> bool:
    return user.has_perm(RECEIVES)


def may_close_incident(user: User, incident: Incident) -> bool:
    """Whoever works with incidents; a report on conduct is closed by who received it as well."""
    return may_record_incident(user) or (incident.is_conduct and may_receive_conduct(user))


def _require_may_tell(case: Case, actor: User) -> None:
    """Raises PermissionDenied for who may not add to the story of the case."""
    if not may_record_incident(actor) or case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(case, actor)


@transaction.atomic
def record_incident(
    case: Case, *, facts: Mapping[str, Any], actor: User, **happened: Any
) -> Incident:
    """Write down what happened, by code.

    `facts` are those of `incident_types`; `happened` are the fields that say when and where. That
    somebody who gives aid did it makes it a report on conduct: the team is told nothing of it.
    Raises PermissionDenied, ValidationError.
    """
    _require_may_tell(case, actor)
    incident = Incident(
        case=case,
        organization=case.organization,
        data_key=case.data_key,
        recorded_by=actor,
        **happened,
    )
    _keep(incident, facts, actor)
    _audit(actor, "record_incident", incident)
    _tell_case(incident, CaseEvent.Code.INCIDENT_RECORDED, actor)
    _tell_receivers(incident)
    tell_of_clocks(incident)
    return incident


@transaction.atomic
def correct_incident(
    incident: Incident, *, facts: Mapping[str, Any], version: int, actor: User, **happened: Any
) -> Incident:
    """Put right what is known; the row's earlier versions stay.

    A report on conduct stays one. Raises PermissionDenied, ValidationError (code `stale` when
    somebody else was first).
    """
    _require_may_tell(incident.case, actor)
    row = _locked(incident, version)
    had_clock, was_conduct = bool(row.running_clocks), row.is_conduct
    before = row.facts
    changed = [name for name, value in happened.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, happened[name])
    if WHEN.intersection(changed):
        row.clock_told_until = None
    row.version += 1
    _keep(row, facts, actor)
    if row.facts != before:
        changed.append("facts")
    _audit(actor, "correct_incident", row, fields=changed)
    _tell_case(row, CaseEvent.Code.INCIDENT_CORRECTED, actor)
    is_new_report = row.is_conduct and not was_conduct
    if is_new_report:
        _hide_from_team(row)
        _tell_receivers(row)
    if is_new_report or not had_clock:
        tell_of_clocks(row)
    return row


@transaction.atomic
def close_incident(
    incident: Incident, *, closing_reason: str, version: int, actor: User
) -> Incident:
    """Nothing more is to be done about it; it stays. Raises PermissionDenied, ValidationError."""
    if not may_close_incident(actor, incident):
        raise PermissionDenied
    if not (incident.is_conduct and may_receive_conduct(actor)):
        _require_may_tell(incident.case, actor)
    row = _locked(incident, version)
    row.state, row.closing_reason = Incident.State.CLOSED, closing_reason
    row.closed_by, row.closed_at = actor, timezone.now()
    row.version += 1
    # Whoever receives reports does not see the case itself.
    row.full_clean(exclude=["case"])
    row.save()
    _audit(actor, "close_incident", row, note=closing_reason)
    _tell_case(row, CaseEvent.Code.INCIDENT_CLOSED, actor)
    return row


def _locked(incident: Incident, version: int) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",)).select_related("data_key")
    row = rows.get(pk=incident.pk)
    if not row.is_open:
        raise ValidationError(_("This incident was closed. Nothing was saved."), code="answered")
    stale(version, row.version)
    return row


def _keep(incident: Incident, facts: Mapping[str, Any], actor: User) -> None:
    try:
        told = Facts.read(facts)
    except (ValueError, TypeError) as error:
        raise ValidationError(_("One of the answers is not known here.")) from error
    incident.facts = told.told()
    if told.is_conduct and not incident.is_conduct:
        incident.conduct_by = actor
    incident.full_clean()
    incident.save()


def _audit(actor: User, verb: str, incident: Incident, **more: Any) -> None:
    """The trail of a case is read by its team: a report on conduct does not stand in it."""
    case_id = None if incident.is_conduct else incident.case_id
    record(actor, verb, incident, case_id=case_id, **more)


def _tell_case(incident: Incident, code: CaseEvent.Code, actor: User) -> None:
    if incident.is_conduct:
        return
    record_case_event(
        incident.case,
        code,
        actor=actor,
        level=Level.NARRATIVE,
        url_name="screening:incident",
        object_id=incident.pk,
    )


def _tell_receivers(incident: Incident) -> None:
    if incident.is_conduct:
        _notify(receivers_of(incident, incident.case), "report_waiting", incident)


def _hide_from_team(incident: Incident) -> None:
    """From now on it is a report on conduct: what the team was told of it goes.

    The trail keeps its rows; who may read the log of the case no longer finds them there.
    """
    CaseEvent.objects.filter(case=incident.case_id, object_id=incident.pk).delete()
    Notice.objects.filter(object_id=str(incident.pk)).exclude(
        user__in=[incident.recorded_by_id, incident.conduct_by_id]
    ).delete()


def _notify(users: list[User], code: str, incident: Incident) -> None:
    notify(users, code, url_name="screening:incident", object_id=incident.pk)
