"""The log of a day at the desk: visits by code and visitors only counted, newest first."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, Prefetch
from django.utils.timezone import localdate, make_aware

from accounts.models import User
from casework.models import Headcount, ServiceDelivered, Visit

SERVICES = Prefetch("services", ServiceDelivered.objects.select_related("service_type"))


class LogLine(NamedTuple):
    """One line: a visit of somebody, or a count of nobody in particular."""

    at: datetime
    visit: Visit | None
    headcount: Headcount | None

    @property
    def is_caught_up(self) -> bool:
        """Whether it was written down on a later day, from paper."""
        row = self.visit or self.headcount
        return row is not None and localdate(row.recorded_at) > localdate(self.at)


def day_log(user: User, day: date) -> list[LogLine]:
    """What this user's teams logged on a day; her organization's, where she has no team."""
    begin = make_aware(datetime.combine(day, time.min))
    end = make_aware(datetime.combine(day + timedelta(days=1), time.min))
    visits = (
        Visit.objects.visible_to(user)
        .filter(at__gte=begin, at__lt=end)
        .select_related("person", "language", "recorded_by")
        .annotate(leaflets_taken=Count("leaflets"))
        .prefetch_related(SERVICES)
    )
    headcounts = (
        Headcount.objects.visible_to(user)
        .filter(at__gte=begin, at__lt=end)
        .select_related("age_band", "language", "recorded_by")
        .prefetch_related("services")
    )
    if user.team_ids:
        visits = visits.filter(team__in=user.team_ids)
        headcounts = headcounts.filter(team__in=user.team_ids)
    lines = [LogLine(visit.at, visit, None) for visit in visits]
    lines += [LogLine(count.at, None, count) for count in headcounts]
    return sorted(lines, key=lambda line: line.at, reverse=True)
