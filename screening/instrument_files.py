"""Instrument files: read one, check it, and say exactly what is wrong with a broken one."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from screening.contradictions import contradictions
from screening.scoring import Definition

FOLDER = Path(__file__).parent / "instruments"
SCHEMA = FOLDER / "schema.json"


class InstrumentFileError(ValueError):
    """A file that cannot be an instrument; says which file, where in it, and why."""

    def __init__(self, path: Path, where: str, reason: str) -> None:
        super().__init__(f"{path}: {where or 'the file'}: {reason}")


def instrument_paths(folder: Path = FOLDER) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if path.name != SCHEMA.name)


def read_instrument(path: Path) -> dict[str, Any]:
    """Read one version of an instrument.

    Raises InstrumentFileError when it is no JSON, breaks the schema or contradicts itself.
    """
    try:
        definition = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InstrumentFileError(path, "", str(error)) from error
    for where, reason in faults(definition):
        raise InstrumentFileError(path, where, reason)
    return dict(definition)


def faults(definition: Definition) -> Iterator[tuple[str, str]]:
    """What is wrong with a definition, as (where, why): first what the schema sees, alone."""
    yield from list(schema_faults(definition)) or contradictions(definition)


def schema_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    for wrong in _validator().iter_errors(definition):
        yield wrong.json_path, wrong.message


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())
