"""An incident in words: what is known, how long care helps most, what has to be thought of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.health_clocks import HealthClock
from screening.incident_types import (
    Abduction,
    Age,
    Answer,
    Context,
    CoreType,
    Facts,
    Practice,
    Relation,
)
from screening.models import Incident

# What each window is for.
CARE = {
    72: gettext_lazy("Medicine against HIV infection"),
    120: gettext_lazy("Emergency contraception"),
}


class ClockLine(NamedTuple):
    """One window as a page tells it."""

    care: Any
    said: str
    ends_at: datetime
    is_over: bool
    is_by_day: bool


def clock_lines(clocks: Iterable[HealthClock]) -> list[ClockLine]:
    """The windows in words, each with the hour at which it ends here."""
    now = timezone.now()
    return [
        ClockLine(
            CARE[clock.hours],
            _ended(clock) if clock.is_over(now) else _running(clock, now),
            clock.ends_at,
            clock.is_over(now),
            clock.is_by_day,
        )
        for clock in clocks
    ]


def _running(clock: HealthClock, now: datetime) -> str:
    left = clock.hours_left(now)
    if not left:
        return _("less than an hour left, until %(moment)s") % {"moment": _moment(clock)}
    return _("%(hours)s h left, until %(moment)s") % {"hours": left, "moment": _moment(clock)}


def _ended(clock: HealthClock) -> str:
    return _("the %(hours)s h ended on %(moment)s") % {
        "hours": clock.hours,
        "moment": _moment(clock),
    }


def _moment(clock: HealthClock) -> str:
    return date_format(timezone.localtime(clock.ends_at), "SHORT_DATETIME_FORMAT")


def facts_said(incident: Incident) -> list[tuple[Any, Any]]:
    """Everything that is known, in the order of the form; None where nobody spoke of it."""
    told = incident.what
    return [
        (_("What it was"), incident.core_type_said),
        (_("Who did it"), Relation(told.relation).label),
        (_("Age at that time"), Age(told.age).label),
        (_("Something given or promised for it"), _label(Answer, told.goods)),
        (_("Taken away or held"), _label(Abduction, told.abduction)),
        (_("Harmful practice"), _label(Practice, told.practice)),
        (_("Online or by phone"), _label(Answer, told.online)),
        (_("First time"), _time(incident.first_on, incident.first_hour)),
        (_("Last time"), _time(incident.last_on, incident.last_hour)),
        (_("Part of the journey"), incident.get_stage_display()),
        (_("Kind of place"), incident.get_place_display()),
        (_("Area"), incident.area),
    ]


def _label(words: Any, code: str) -> Any:
    return words(code).label if code else None


def _time(day: Any, hour: int | None) -> str | None:
    if day is None:
        return None
    said = date_format(day, "SHORT_DATE_FORMAT")
    return said if hour is None else f"{said}, {hour:02}:00–{hour:02}:59"


def contexts_said(told: Facts) -> list[tuple[Any, bool]]:
    """The contexts that follow, and those that may: (what, whether it is sure)."""
    found = told.contexts.items()
    return [(Context(name).label, state == Answer.YES) for name, state in found]


def still_possible(told: Facts) -> list[Any]:
    """Types that no answer has ruled out."""
    return [CoreType(name).label for name in told.not_clear]


def advice(incident: Incident) -> list[str]:
    """What has to be thought of; a person decides."""
    told = incident.what
    said = []
    if told.age == Age.CHILD:
        said.append(
            _("A child: the centre for social work has to be told. Speak to your supervisor today.")
        )
    if told.contexts.get(Context.FAMILY_VIOLENCE) == Answer.YES:
        said.append(
            _("Serbian law asks everybody to report violence in a family. Tell the person first.")
        )
    if told.is_sexual and not incident.clocks:
        said.append(
            _("The day is not known. If it may be fewer than 120 hours ago, offer care today.")
        )
    return said
