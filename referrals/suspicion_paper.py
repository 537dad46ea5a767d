"""A report of suspicion line by line, in Serbian and in English."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from casework.models import Case
from referrals.models import SuspicionReport

LANGUAGES = ("sr-latn", "en")


class Line(NamedTuple):
    """What is stated, and its value, each in both languages."""

    labels: list[str]
    values: list[str]


def lines_of(report: SuspicionReport, case: Case) -> list[Line]:
    """Everything coded; the text itself stays in the language in which it was written."""
    attempt, person = report.identification, case.person
    return [
        _line(lambda: (_("Code"), person.code)),
        _line(lambda: (_("Person"), person.who)),
        _line(lambda: (_("Nationality"), person.get_nationality_display())),
        _line(lambda: (_("Language"), str(person.language))),
        _line(lambda: (_("Reported to"), _receivers(report))),
        _line(lambda: (_("Body"), attempt.organization.name)),
        _line(lambda: (_("Reported"), _moment(report))),
        _line(lambda: (_("Ground"), report.get_ground_display())),
        _line(lambda: (_("In danger now"), report.get_in_danger_display())),
        _line(lambda: (_("Interpreter for"), str(report.language or _("Not needed")))),
        _line(lambda: (_("What is suspected"), _words(report.Exploitation, report.exploitation))),
        _line(lambda: (_("Means of control"), _words(report.Control, report.control))),
    ]


def headings() -> dict[str, list[str]]:
    """The words of the sheet that stand beside no value."""
    return {
        "name": _line(lambda: (_("Name"), "")).labels,
        "noticed": _line(lambda: (_("What was noticed"), "")).labels,
        "signed": _line(lambda: (_("Reported by"), "")).labels,
    }


def _line(told: Callable[[], tuple[Any, Any]]) -> Line:
    labels, values = [], []
    for language in LANGUAGES:
        with translation.override(language):
            label, value = told()
            labels.append(str(label))
            values.append(str(value))
    return Line(labels, values)


def _receivers(report: SuspicionReport) -> str:
    return _words(report.Receiver, report.receivers)


def _words(choices: Any, codes: Iterable[str]) -> str:
    return ", ".join(str(choices(code).label) for code in codes) or "–"


def _moment(report: SuspicionReport) -> str:
    return date_format(localtime(report.reported_at), "DATETIME_FORMAT")
