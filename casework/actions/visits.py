"""Record and correct the visits of people who have a code."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Team, User
from casework.actions.access import lock_person, require_may_write_person
from casework.actions.days import check_moment
from casework.actions.events import record_case_event, touch_case
from casework.actions.interpreters import check_interpreter
from casework.actions.services import check_grant
from casework.actions.visit_rules import check_visit_rules
from casework.models import (
    CaseEvent,
    CheckIn,
    Interpreter,
    LeafletGiven,
    Person,
    ServiceDelivered,
    Visit,
)
from casework.models.visit import Interpreting
from casework.rules import at_moment
from directory.models import Grant, Language, LeafletEdition, ServiceType, Topic


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
    interpreting: str = Interpreting.NOT_NEEDED,
    interpreter: Interpreter | None = None,
    leaflets: Iterable[LeafletEdition] = (),
    concern: str = Visit.Concern.NO,
    concern_note: str = "",
    explained: Iterable[Topic] = (),
    grant: Grant | None = None,
    override: str = "",
    leaves: bool = False,
) -> Visit:
    """Record one person's visit with what was done and which leaflets were taken.

    `explained` are topics told aloud because their leaflet is not printed in the language;
    `override` says why something was given against a rule of the house. Whoever is checked in
    has this visit on that row, and with `leaves` goes now.
    Raises PermissionDenied (also for another team's desk), ValidationError.
    """
    if not may_record_visit(actor) or team.pk not in actor.team_ids:
        raise PermissionDenied
    require_may_write_person(person, actor)
    person = lock_person(person.pk)
    moment = at or timezone.now()
    check_moment(moment)
    check_grant(grant, team.organization_id, timezone.localdate(moment))
    check_interpreter(interpreter, person, interpreting, timezone.localdate(moment))
    visit = Visit(
        person=person,
        team=team,
        data_key=person.data_key,
        at=moment,
        language=language,
        interpreting=interpreting,
        interpreter=interpreter,
        concern=concern,
        concern_note=concern_note.strip(),
        grant=grant,
        recorded_by=actor,
    )
    visit.full_clean()
    visit.save()
    _add_services(visit, services, actor, override)
    _add_leaflets(visit, leaflets)
    visit.explained.set(explained)
    _remember_contact(visit, actor)
    _join_check_in(visit, actor, leaves=leaves)
    record(actor, "record_visit", visit)
    return visit


def _join_check_in(visit: Visit, actor: User, *, leaves: bool) -> None:
    """The stay in which this was recorded; another day's visit belongs to none."""
    here = CheckIn.objects.here().filter(person=visit.person_id).select_for_update().first()
    if here is None or timezone.localdate(here.came_at) != timezone.localdate(visit.at):
        return
    here.visit, here.waits_for = visit, ""
    if leaves:
        here.left_at = max(timezone.now(), here.came_at)
        record(actor, "check_out", here)
    here.save(update_fields=["visit", "waits_for", "left_at"])


def _add_services(
    visit: Visit, services: Iterable[ServiceType], actor: User, override: str = ""
) -> None:
    """Each kind of service once, however often it was named, and as the rules of the house say."""
    wanted = dict.fromkeys(services, 1)
    against = check_visit_rules(
        visit.person, wanted, at_moment(visit.at), actor=actor, field="services", override=override
    )
    rows = [
        ServiceDelivered(
            person=visit.person,
            visit=visit,
            service_type=service_type,
            organization=visit.team.organization,
            grant=visit.grant,
            delivered_on=timezone.localdate(visit.at),
            language=visit.language,
            override=override if service_type.pk in against else "",
            recorded_by=actor,
        )
        for service_type in wanted
    ]
    for row in rows:
        row.full_clean(exclude=["visit", "person"])
    ServiceDelivered.objects.bulk_create(rows)


def _add_leaflets(visit: Visit, leaflets: Iterable[LeafletEdition]) -> None:
    LeafletGiven.objects.bulk_create(
        [LeafletGiven(visit=visit, edition=edition) for edition in dict.fromkeys(leaflets)]
    )


def _remember_contact(visit: Visit, actor: User) -> None:
    day = timezone.localdate(visit.at)
    if visit.person.last_visit_on is None or visit.person.last_visit_on < day:
        visit.person.last_visit_on = day
        visit.person.save(update_fields=["last_visit_on"])
    for case in visit.person.cases.open().filter(organization=visit.person.organization_id):
        touch_case(case, day)
        record_case_event(
            case,
            CaseEvent.Code.VISIT_RECORDED,
            actor=actor,
            url_name="casework:visit",
            object_id=visit.pk,
        )


@transaction.atomic
def change_visit(
    visit: Visit,
    *,
    version: int,
    actor: User,
    services: Iterable[ServiceType] | None = None,
    leaflets: Iterable[LeafletEdition] | None = None,
    override: str = "",
    **facts: Any,
) -> Visit:
    """Correct what was recorded of a visit; whose it was stays. `facts` are fields of Visit.

    Raises PermissionDenied (also for another team's desk), ValidationError (code `stale` when
    somebody else was first).
    """
    if not may_record_visit(actor) or visit.team_id not in actor.team_ids:
        raise PermissionDenied
    require_may_write_person(visit.person, actor)
    lock_person(visit.person_id)
    visit = _locked(visit)
    stale(version, visit.version)
    topics = facts.pop("explained", None)
    before, interpreter = visit.at, visit.interpreter
    for name, value in facts.items():
        setattr(visit, name, value)
    check_moment(visit.at)
    if visit.interpreter != interpreter:
        day = timezone.localdate(visit.at)
        check_interpreter(visit.interpreter, visit.person, visit.interpreting, day)
    check_grant(visit.grant, visit.team.organization_id, timezone.localdate(visit.at))
    visit.version += 1
    visit.full_clean()
    visit.save()
    if topics is not None:
        visit.explained.set(topics)
    _change_lists(visit, services, leaflets, actor, override)
    if visit.at != before:
        _check_moved(visit, actor, override)
    lists = {"explained": topics, "services": services, "leaflets": leaflets}
    changed = [*facts, *(name for name, rows in lists.items() if rows is not None)]
    record(actor, "change_visit", visit, fields=changed)
    return visit


def _locked(visit: Visit) -> Visit:
    return (
        Visit.objects.select_for_update(of=("self",))
        .select_related("data_key", "person", "team")
        .get(pk=visit.pk)
    )


def _change_lists(
    visit: Visit,
    services: Iterable[ServiceType] | None,
    leaflets: Iterable[LeafletEdition] | None,
    actor: User,
    override: str,
) -> None:
    """What is ticked off goes, what is newly ticked comes, the rest stays as it was recorded."""
    if services is not None:
        wanted = {service_type.pk: service_type for service_type in services}
        visit.services.exclude(service_type__in=wanted).delete()
        kept = set(visit.services.values_list("service_type_id", flat=True))
        _add_services(visit, [t for pk, t in wanted.items() if pk not in kept], actor, override)
        visit.services.update(
            grant=visit.grant,
            delivered_on=timezone.localdate(visit.at),
            language=visit.language,
        )
    if leaflets is not None:
        visit.leaflets.all().delete()
        _add_leaflets(visit, leaflets)


def _check_moved(visit: Visit, actor: User, override: str) -> None:
    """On another day or hour the rules may say otherwise of what was given within them."""
    rows = list(visit.services.filter(override="").select_related("service_type"))
    check_visit_rules(
        visit.person,
        {row.service_type: row.quantity for row in rows},
        at_moment(visit.at),
        actor=actor,
        field="at",
        override=override,
        leave_out=visit.services.values_list("pk", flat=True),
    )
