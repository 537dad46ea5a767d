"""Find what is unusual in the trail, tell those who watch, and write down what it was.

Source: safety_threats SF-12; the numbers are settings (ANOMALIES).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import AuditEvent, Organization, Role, User
from accounts.notices import notify
from protection.models import Anomaly

READING = Q(verb__startswith="view_") | Q(verb__startswith="read_") | Q(verb__startswith="show_")
ROW = timedelta(minutes=15)
# Whose telephone rings at night.
NIGHT_ROLES = [Role.Code.PHONE_OPERATOR]
Kind = Anomaly.Kind


@dataclass(frozen=True)
class Found:
    """One sign: which, about whom, told apart by what, and how often."""

    kind: str
    people: tuple[UUID, ...]
    key: str
    count: int


def find_anomalies(now: datetime | None = None) -> list[Anomaly]:
    """Look through the trail of today; returns what was not known before."""
    now = now or timezone.now()
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    events = AuditEvent.objects.filter(at__gte=today, at__lte=now)
    homes = dict(User.objects.values_list("pk", "organization_id"))
    houses = list(Organization.objects.filter(is_house=True))
    new = []
    for found in _signs(events, now):
        home = {homes[each] for each in found.people}
        told = [each for each in houses if each.pk in home] or houses
        new += [_note(found, house, today) for house in told]
    return [each for each in new if each is not None]


def _signs(events: QuerySet[AuditEvent], now: datetime) -> Iterator[Found]:
    limits = settings.ANOMALIES
    acts = events.exclude(actor=None)
    done = acts.filter(result=AuditEvent.Result.OK)
    cases = done.filter(READING, case_id__isnull=False)
    yield from _many(cases, Kind.MANY_CASES, limits["cases_a_day"], counted="case_id")
    night = cases.annotate(hour=ExtractHour("at", tzinfo=timezone.get_current_timezone())).filter(
        Q(hour__lt=limits["duty_begins"]) | Q(hour__gte=limits["duty_ends"])
    )
    by_night = User.objects.at_work_as(*NIGHT_ROLES)
    night = night.exclude(actor__in=by_night)
    yield from _many(night, Kind.OFF_HOURS, limits["views_off_duty"], counted="id")
    refused = acts.filter(result=AuditEvent.Result.DENIED, at__gte=now - ROW)
    yield from _many(refused, Kind.DENIALS, limits["denials_in_a_row"], counted="id")
    everywhere = acts.filter(verb="ask_everywhere")
    yield from _many(everywhere, Kind.EVERYWHERE, limits["searches_everywhere"], counted="id")
    yield from _same_term(acts)
    own = acts.filter(verb="give_access", meta__own=True)
    yield from _many(own, Kind.OWN_ACCESS, 0, counted="case_id")
    alone = acts.filter(verb="invite_user", note="no_second_person")
    yield from _many(alone, Kind.ALONE, 0, counted="id")
    devices = acts.filter(verb="sign_in_on_new_device")
    known = devices.alias(n=Count("actor__known_devices", distinct=True)).filter(n__gt=1)
    yield from _many(known, Kind.NEW_DEVICE, 0, counted="id")
    left = acts.filter(verb="leave_second_step")
    yield from _many(left, Kind.UNFINISHED, 0, counted="id")


def _many(events: QuerySet[AuditEvent], kind: str, limit: int, *, counted: str) -> Iterator[Found]:
    """Accounts that did something more often than the limit."""
    rows = events.order_by().values("actor").annotate(n=Count(counted, distinct=True))
    for row in rows.filter(n__gt=limit):
        yield Found(kind, (row["actor"],), str(row["actor"]), row["n"])


def _same_term(acts: QuerySet[AuditEvent]) -> Iterator[Found]:
    rows = (
        acts.filter(meta__has_key="term")
        .order_by()
        .values("meta__term")
        .annotate(people=ArrayAgg("actor", distinct=True))
    )
    for row in rows:
        if row["meta__term"] and len(row["people"]) >= settings.ANOMALIES["people_of_one_term"]:
            yield Found(Kind.SAME_TERM, tuple(row["people"]), row["meta__term"], len(row["people"]))


@transaction.atomic
def _note(found: Found, house: Organization, today: datetime) -> Anomaly | None:
    """Write down one sign; None when it was known, whose number then grows."""
    row, is_new = Anomaly.objects.get_or_create(
        organization=house,
        kind=found.kind,
        key=found.key,
        day=today.date(),
        defaults={"people": list(found.people), "count": found.count},
    )
    if is_new:
        notify(watchers(house, found.people), "anomaly", url_name="protection:anomalies")
        return row
    if row.count < found.count:
        row.count, row.people = found.count, list(found.people)
        row.save(update_fields=["count", "people"])
    return None


def watchers(house: Organization, but: Iterable[UUID] = ()) -> QuerySet[User]:
    """Coordinators and data protection of a house, without those whom it is about."""
    held = User.objects.at_work_as(Role.Code.COORDINATOR, Role.Code.DATA_PROTECTION)
    return held.filter(organization=house).exclude(pk__in=list(but))


def may_review_anomaly(user: User) -> bool:
    return user.has_perm("protection.review_anomaly")


@transaction.atomic
def review_anomaly(anomaly: Anomaly, *, finding: str, actor: User) -> Anomaly:
    """Say what it was. Raises PermissionDenied, ValidationError (when somebody was first)."""
    if not may_review_anomaly(actor) or actor.pk in anomaly.people:
        raise PermissionDenied
    anomaly = Anomaly.objects.select_for_update().get(pk=anomaly.pk)
    if anomaly.state != Anomaly.State.NEW:
        raise ValidationError(_("Somebody looked at this already."), code="answered")
    anomaly.state, anomaly.finding = Anomaly.State.LOOKED_AT, finding
    anomaly.looked_by, anomaly.looked_at = actor, timezone.now()
    anomaly.full_clean()
    anomaly.save()
    record(actor, "review_anomaly", anomaly, note=finding)
    return anomaly
