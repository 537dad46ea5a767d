"""Check people in and out; end what was forgotten; forget the hours after some weeks."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import DateTimeField, F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record, record_list
from accounts.models import Team, User
from casework.actions.access import (
    lock_each,
    lock_person,
    may_write_person,
    require_may_write_person,
)
from casework.actions.visit_rules import MAY_OVERRIDE, REFUSED, refused_services
from casework.actions.visits import record_visit
from casework.models import CheckIn, Person
from casework.models.visit import Interpreting
from casework.rules import at_moment
from directory.models import ServiceType


def may_check_in(user: User) -> bool:
    return user.has_perm("casework.check_in")


@transaction.atomic
def check_in(person: Person, *, team: Team, how: str, actor: User, waits_for: str = "") -> CheckIn:
    """Let somebody in; who is in already stays so: then the first desk's row is returned.

    `is_new` of what is returned says which. Raises PermissionDenied (also for another team's
    desk), ValidationError.
    """
    _check_desk(team, actor)
    require_may_write_person(person, actor)
    # The lock is the same as a visit's: two desks come one after the other.
    lock_person(person.pk)
    return _let_in(person, team, how, actor, waits_for)


def _let_in(person: Person, team: Team, how: str, actor: User, waits_for: str) -> CheckIn:
    here = CheckIn.objects.here().select_related("team", "person").filter(person=person).first()
    if here is not None:
        return here
    row = CheckIn(person=person, team=team, how=how, waits_for=waits_for, checked_in_by=actor)
    row.full_clean()
    row.save()
    row.is_new = True
    record(actor, "check_in", row)
    return row


@transaction.atomic
def check_out(row: CheckIn, *, actor: User) -> CheckIn:
    """Somebody left; who has left already stays so. Raises PermissionDenied."""
    row = _own_row(row, actor)
    if row.is_open:
        _let_out(row, actor)
    return row


def _let_out(row: CheckIn, actor: User) -> None:
    row.left_at = max(timezone.now(), row.came_at)
    row.waits_for = ""
    row.save(update_fields=["left_at", "waits_for"])
    record(actor, "check_out", row)


@transaction.atomic
def check_out_everybody(*, seen_at: datetime, actor: User) -> None:
    """The hub closes: who was in it when the actor looked has left. Raises PermissionDenied.

    Who came in since stays, and whoever the actor may write nothing about; nobody leaves twice.
    """
    if not may_check_in(actor) or not actor.team_ids:
        raise PermissionDenied
    here = CheckIn.objects.visible_to(actor).here()
    here = here.filter(team__in=actor.team_ids, came_at__lte=seen_at)
    # People first, as a visit of a family does: the two wait for each other in one order.
    people = lock_each(here.values_list("person", flat=True))
    mine = [person for person in people.values() if may_write_person(person, actor)]
    rows = CheckIn.objects.here().filter(person__in=mine, came_at__lte=seen_at)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        _let_out(row, actor)


@transaction.atomic
def set_waiting(row: CheckIn, *, waits_for: str, actor: User) -> CheckIn:
    """What somebody waits for, by code. Raises PermissionDenied, ValidationError."""
    row = _own_row(row, actor)
    if not row.is_open:
        raise ValidationError(_("This person has left meanwhile."))
    row.waits_for = waits_for
    row.full_clean()
    row.save(update_fields=["waits_for"])
    record(actor, "set_waiting", row, note=waits_for)
    return row


def _own_row(row: CheckIn, actor: User) -> CheckIn:
    _check_desk(row.team, actor)
    require_may_write_person(row.person, actor)
    return CheckIn.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _check_desk(team: Team, actor: User) -> None:
    if not may_check_in(actor) or team.pk not in actor.team_ids:
        raise PermissionDenied


@transaction.atomic
def check_in_family(
    person: Person,
    *,
    team: Team,
    members: Iterable[Person],
    actor: User,
    services: Iterable[ServiceType] = (),
    interpreting: str = Interpreting.NOT_NEEDED,
    override: str = "",
) -> CheckIn:
    """Check in a person and those who came with her; with services, record a visit of each.

    Each gets rows of her own and the rules hold for each; it is done for all or for nobody.
    Returns the row of the first. Raises PermissionDenied, ValidationError (a line a person).
    """
    _check_desk(team, actor)
    everybody = {person.pk: person, **{member.pk: member for member in members}}
    people = list(lock_each(everybody, "language").values())
    for one in people:
        require_may_write_person(one, actor)
    wanted = list(dict.fromkeys(services))
    _check_rules_of_all(people, wanted, actor, override)
    rows = {}
    for one in people:
        rows[one.pk] = _let_in(one, team, CheckIn.How.FAMILY, actor, "")
        if wanted:
            record_visit(
                one,
                team=team,
                language=one.language,
                services=wanted,
                interpreting=interpreting,
                override=override,
                actor=actor,
            )
    return rows[person.pk]


def _check_rules_of_all(
    people: list[Person], wanted: list[ServiceType], actor: User, override: str
) -> None:
    """Says at once of everybody why something may not be given, by code."""
    now = at_moment(timezone.now())
    refused = [
        (one, each)
        for one in people
        for each in (refused_services(one, dict.fromkeys(wanted, 1), now) if wanted else [])
    ]
    may_override = all(each.rule.may_override(actor) for _one, each in refused)
    if not refused or (override and may_override):
        return
    code = MAY_OVERRIDE if may_override else REFUSED
    said = [ValidationError(f"{one.code}: {each.said}", code=code) for one, each in refused]
    raise ValidationError({"services": said})


@transaction.atomic
def end_forgotten(now: datetime | None = None) -> int:
    """End the stays that outlasted their hub's day or the longest stay; how many there were.

    For the clock alone: it acts for the house. They end when the hub closed, not now.
    """
    moment = now or timezone.now()
    rows = CheckIn.objects.here().select_for_update(skip_locked=True)
    count = 0
    for row in rows:
        end = _latest_end(row.came_at)
        if end <= moment:
            row.left_at, row.is_ended_by_clock, row.waits_for = end, True, ""
            row.save(update_fields=["left_at", "is_ended_by_clock", "waits_for"])
            record(None, "end_check_in", row)
            count += 1
    return count


def _latest_end(came_at: datetime) -> datetime:
    hour, minute = map(int, settings.HUB_CLOSES_AT.split(":"))
    closing = timezone.localtime(came_at).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if closing <= came_at:
        closing += timedelta(days=1)
    return min(closing, came_at + timedelta(hours=settings.CHECK_IN_LONGEST_HOURS))


@transaction.atomic
def forget_hours(now: datetime | None = None) -> int:
    """Of stays that ended some weeks ago keep the day and not the hour; how many were changed."""
    before = (now or timezone.now()) - timedelta(days=settings.CHECK_IN_HOURS_KEPT_DAYS)
    zone = Value(settings.TIME_ZONE)
    day = Func(
        Value("day"), F("came_at"), zone, function="date_trunc", output_field=DateTimeField()
    )
    old = CheckIn.objects.filter(left_at__lt=before).exclude(Q(came_at=day, left_at=F("came_at")))
    count = old.update(came_at=day, left_at=day)
    if count:
        record_list(None, "forget_hours", CheckIn, [], note=str(count))
    return count
