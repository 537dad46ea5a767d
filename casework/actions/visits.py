"""Receive visitors: people by code, or a number of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Team, User
from casework.actions.cases import record_case_event, touch_case
from casework.actions.people import register_person
from casework.models import CaseEvent, Headcount, LeafletGiven, Person, ServiceDelivered, Visit
from directory.models import AgeBand, Grant, Language, LeafletEdition, ServiceType


def may_record_visit(user: User) -> bool:
    return user.has_perm("casework.record_visit")


@transaction.atomic
def record_visit(
    person: Person,
    *,
    team: Team,
    language: Language,
    services: Iterable[ServiceType],
    actor: User,
    at: datetime | None = None,
    interpreting: str = "not_needed",
    leaflets: Iterable[LeafletEdition] = (),
    concern: str = Visit.Concern.NO,
    concern_note: str = "",
    grant: Grant | None = None,
) -> Visit:
    """Record one person's visit with what was done and which leaflets were taken.

    Raises PermissionDenied (also for another team's desk), ValidationError.
    """
    if not may_record_visit(actor) or team.pk not in actor.team_ids:
        raise PermissionDenied
    person = Person.objects.select_for_update(of=("self",)).select_related("data_key").get(
        pk=person.pk
    )
    moment = at or timezone.now()
    _check_moment(moment)
    visit = Visit(
        person=person,
        team=team,
        data_key=person.data_key,
        at=moment,
        language=language,
        interpreting=interpreting,
        concern=concern,
        concern_note=concern_note.strip(),
        grant=grant,
        recorded_by=actor,
    )
    visit.full_clean()
    visit.save()
    _add_services(visit, services, actor)
    LeafletGiven.objects.bulk_create(
        [LeafletGiven(visit=visit, edition=edition) for edition in leaflets]
    )
    _remember_contact(visit, actor)
    record(actor, "record_visit", visit)
    return visit


def _check_moment(moment: datetime) -> None:
    if moment > timezone.now():
        raise ValidationError({"at": _("A visit cannot lie in the future.")})


def _add_services(visit: Visit, services: Iterable[ServiceType], actor: User) -> None:
    rows = [
        ServiceDelivered(
            person=visit.person,
            visit=visit,
            service_type=service_type,
            organization=visit.team.organization,
            grant=visit.grant,
            delivered_on=timezone.localdate(visit.at),
            language=visit.language,
            recorded_by=actor,
        )
        for service_type in services
    ]
    for row in rows:
        row.full_clean(exclude=["visit", "person"])
    ServiceDelivered.objects.bulk_create(rows)


def _remember_contact(visit: Visit, actor: User) -> None:
    day = timezone.localdate(visit.at)
    if visit.person.last_visit_on is None or visit.person.last_visit_on < day:
        visit.person.last_visit_on = day
        visit.person.save(update_fields=["last_visit_on"])
    for case in visit.person.cases.open().filter(organization=visit.person.organization_id):
        touch_case(case, day)
        record_case_event(case, CaseEvent.Code.VISIT_RECORDED, actor=actor)


@transaction.atomic
def receive_visitor(
    *, team: Team, visit: dict[str, Any], person: dict[str, Any], actor: User
) -> Visit:
    """Register somebody new and record her visit in one go.

    `person` and `visit` are the keywords of `register_person` and `record_visit`. Raises
    PermissionDenied, ValidationError; then neither is kept.
    """
    newcomer = register_person(team=team, actor=actor, **person)
    return record_visit(newcomer, team=team, actor=actor, **visit)


def may_record_headcount(user: User) -> bool:
    return user.has_perm("casework.record_headcount")


@transaction.atomic
def record_headcount(
    *,
    team: Team,
    quantity: int,
    sex: str,
    actor: User,
    at: datetime | None = None,
    age_band: AgeBand | None = None,
    nationality: str = "",
    language: Language | None = None,
    services: Iterable[ServiceType] = (),
    grant: Grant | None = None,
) -> Headcount:
    """Count visitors without a record of anybody. Raises PermissionDenied, ValidationError."""
    if not may_record_headcount(actor) or team.pk not in actor.team_ids:
        raise PermissionDenied
    moment = at or timezone.now()
    _check_moment(moment)
    count = Headcount(
        team=team,
        at=moment,
        quantity=quantity,
        sex=sex,
        age_band=age_band,
        nationality=nationality,
        language=language,
        grant=grant,
        recorded_by=actor,
    )
    count.full_clean()
    count.save()
    count.services.set(services)
    record(actor, "record_headcount", count)
    return count
