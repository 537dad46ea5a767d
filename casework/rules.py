"""Whether a service may be given again already: the rules of a house, held against what was given.

A day without a time (a service inside a case) counts as the whole day: nothing is refused that may
have been given in time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casework.models import VisitRule
from directory.models import ServiceType


class Given(NamedTuple):
    """Something that was given: the row, its visit, what, when, how much."""

    row: UUID
    visit: UUID | None
    service: str
    at: datetime
    day: date
    quantity: int


class Span(NamedTuple):
    """When something is to be given: a moment, or somewhen on a day."""

    earliest: datetime
    latest: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.earliest)


class Refusal(NamedTuple):
    """Which rule says no, to which service, and in which words."""

    rule: VisitRule
    service: str
    said: str


def at_moment(moment: datetime) -> Span:
    return Span(moment, moment)


def on_day(day: date) -> Span:
    """Today is now; another day is all of it."""
    if day == timezone.localdate():
        return at_moment(timezone.now())
    return Span(_midnight(day), _midnight(day + timedelta(days=1)) - timedelta(seconds=1))


def rules_of(organization: UUID, services: Iterable[ServiceType]) -> list[VisitRule]:
    """The rules in force that speak of any of these services."""
    codes = {service.pk for service in services}
    rows = VisitRule.objects.filter(organization=organization, is_active=True)
    return [
        rule
        for rule in rows.select_related("service_type")
        if rule.service_type_id in codes or codes.intersection(rule.apart_from)
    ]


def given_to(person: UUID, organization: UUID, since: date) -> list[Given]:
    """What a rule may count, inside of cases too that the desk does not see; newest last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM gate_services_given(%s, %s, %s) ORDER BY given_at",
            [person, organization, since],
        )
        return [Given(*row) for row in cursor.fetchall()]


def oldest_of_interest(rules: Iterable[VisitRule], when: Span) -> date:
    """Since when something that was given can still matter."""
    hours = max((rule.interval_hours or 0 for rule in rules), default=0)
    return timezone.localdate(when.earliest - timedelta(hours=hours))


def refusals(
    rules: Iterable[VisitRule], given: list[Given], wanted: Mapping[ServiceType, int], when: Span
) -> Iterator[Refusal]:
    """Why something of what is wanted may not be given then: a sentence a rule and service."""
    names = {service.pk: str(service) for service in wanted}
    for rule in rules:
        for service, quantity in wanted.items():
            if service == rule.service_type:
                said = _too_soon(rule, given, when) or _too_many(rule, given, quantity, when)
                if said:
                    yield Refusal(rule, service.pk, said)
        yield from _together(rule, given, names, when)


def _too_soon(rule: VisitRule, given: list[Given], when: Span) -> str:
    if not rule.interval_hours:
        return ""
    wait = timedelta(hours=rule.interval_hours)
    same = [row for row in given if row.service == rule.service_type_id]
    before = [row.at for row in same if row.at <= when.latest]
    if before and when.latest - before[-1] < wait:
        return _next_from(rule, before[-1] + wait)
    after = [row.at for row in same if row.at > when.latest]
    if after and after[0] - when.earliest < wait:
        return _("%(service)s: given again on %(moment)s; %(hours)d hours must lie between.") % {
            "service": rule.service_type,
            "moment": _told(after[0]),
            "hours": rule.interval_hours,
        }
    return ""


def _too_many(rule: VisitRule, given: list[Given], quantity: int, when: Span) -> str:
    if not rule.most_per_day:
        return ""
    had = sum(
        row.quantity for row in given if (row.service, row.day) == (rule.service_type_id, when.day)
    )
    if had + quantity <= rule.most_per_day:
        return ""
    if had >= rule.most_per_day:
        return _next_from(rule, _midnight(when.day + timedelta(days=1)))
    return _("%(service)s: at most %(most)d on one day.") % {
        "service": rule.service_type,
        "most": rule.most_per_day,
    }


def _together(
    rule: VisitRule, given: list[Given], names: Mapping[str, str], when: Span
) -> Iterator[Refusal]:
    """A rule keeps its service apart from others, in whichever order they come."""
    had = {row.service for row in given if row.day == when.day}
    both = had.union(names)
    if rule.service_type_id not in both:
        return
    clashing = sorted(both.intersection(rule.apart_from))
    if rule.service_type_id not in names:
        clashing = [code for code in clashing if code in names]
    labels = {service.pk: service for service in ServiceType.objects.filter(pk__in=clashing)}
    for code in clashing:
        said = _("%(service)s and %(other)s are not given on one day. Again from %(moment)s.") % {
            "service": rule.service_type,
            "other": labels[code],
            "moment": _told(_midnight(when.day + timedelta(days=1))),
        }
        yield Refusal(rule, rule.service_type_id if rule.service_type_id in names else code, said)


def _next_from(rule: VisitRule, moment: datetime) -> str:
    return _("%(service)s: next one from %(moment)s.") % {
        "service": rule.service_type,
        "moment": _told(moment),
    }


def _told(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
