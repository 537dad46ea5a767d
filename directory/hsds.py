"""Reads and checks a directory written as HSDS 3 JSON; it saves nothing and knows no model.

Source: Open Referral, Human Services Data Specification 3.0: names of tables and fields. The form
is ours: `reference/hsds.schema.json`. What the schema does not name is left out, and told.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as Problem

PATH = Path(__file__).resolve().parent / "reference" / "hsds.schema.json"
VERSION = "3.0"
LARGEST = 1_000_000  # bytes
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Row = dict[str, Any]


class ExchangeError(ValueError):
    """A file that cannot be taken in; the sentence names table, row and field."""


class Document(NamedTuple):
    """What a file says: {table: rows}, and the tables that we have no place for."""

    tables: dict[str, list[Row]]
    left_out: list[str]


@cache
def schema() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return content


def tables() -> list[str]:
    return [name for name, form in schema()["properties"].items() if form["type"] == "array"]


def read_document(content: bytes) -> Document:
    """The rows of a file. Raises ExchangeError at the first thing that is wrong."""
    if len(content) > LARGEST:
        raise ExchangeError(_("The file is larger than one megabyte."))
    try:
        told = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise ExchangeError(_("The file is not UTF-8 text.")) from error
    except (json.JSONDecodeError, RecursionError) as error:
        place = getattr(error, "lineno", 1)
        raise ExchangeError(_("The file is not JSON: line %(line)s.") % {"line": place}) from error
    problem = next(iter(Draft202012Validator(schema()).iter_errors(told)), None)
    if problem is not None:
        raise ExchangeError(_sentence(problem))
    for table in tables():
        _check_once(table, told.get(table, []))
    known = {*tables(), "hsds_version"}
    rows = {table: told.get(table, []) for table in tables()}
    return Document(rows, sorted(set(told) - known))


def _no_number(name: str) -> None:
    raise json.JSONDecodeError(name, "", 0)


def _check_once(table: str, rows: list[Row]) -> None:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        key = row["id"].lower()
        if key in seen:
            raise ExchangeError(at(table, number, "id") + _("occurs twice."))
        seen.add(key)


def at(table: str, number: int, field: str = "") -> str:
    """Where in the file: `service, row 3, name: `."""
    row = _("row %(number)s") % {"number": number}
    return ", ".join(part for part in (table, row, field) if part) + ": "


def _sentence(problem: Problem) -> str:
    place = list(problem.absolute_path)
    if not place:
        return _the_whole(problem)
    table, number = str(place[0]), place[1] if len(place) > 1 else None
    field = ".".join(str(part) for part in place[2:])
    if number is None:
        return f"{table}: " + _("this may not stand here.")
    if problem.validator == "required":
        missing = next(_missing(problem))
        return at(table, int(number) + 1) + _("%(field)s is missing.") % {"field": missing}
    value = json.dumps(problem.instance, ensure_ascii=False)[:60]
    said = _("%(value)s may not stand here.") % {"value": value}
    return at(table, int(number) + 1, field) + said


def _the_whole(problem: Problem) -> str:
    if problem.validator == "required":
        return _("%(field)s is missing.") % {"field": next(_missing(problem))}
    return _("The file is not a set of tables.")


def _missing(problem: Problem) -> Iterator[str]:
    instance: Any = problem.instance
    wanted: Any = problem.validator_value
    yield from (name for name in wanted if name not in instance)
