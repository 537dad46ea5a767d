"""Reads the reference files and checks their form; it saves nothing and knows no model."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parent / "reference"

Row = dict[str, Any]
Form = dict[str, tuple[type, ...]]

TEXT, NUMBER, YES_NO, LIST = (str,), (int,), (bool,), (list,)
TEXT_OR_NOTHING, NUMBER_OR_NOTHING = (str, type(None)), (int, type(None))

NAMED: Form = {"code": TEXT, "name_en": TEXT, "name_sr": TEXT}
LISTED: Form = {**NAMED, "order": NUMBER}

# What each row of a file says: exactly these keys, each of one of these types.
FORMS: dict[str, Form] = {
    "languages": {
        **LISTED,
        "endonym": TEXT,
        "direction": TEXT,
        "is_often_met": YES_NO,
        "is_spoken": YES_NO,
    },
    "dialects": {**LISTED, "language": TEXT},
    "topics": LISTED,
    "areas": {**LISTED, "kind": TEXT, "municipality": TEXT, "district": TEXT},
    "districts": LISTED,
    "municipalities": {**LISTED, "district": TEXT},
    "routes": LISTED,
    "service_types": {
        **LISTED,
        "category": TEXT,
        "topic": TEXT_OR_NOTHING,
        "unit": TEXT,
        "hub_position": NUMBER_OR_NOTHING,
    },
    "needs": {**LISTED, "kind": TEXT},
    "decline_reasons": {**LISTED, "names_other_service": YES_NO},
    "donors": LISTED,
    "age_bands": {**LISTED, "source": TEXT, "is_checked": YES_NO, "bands": LIST},
    "leaflets": {
        "code": TEXT,
        "kind": TEXT,
        "title_en": TEXT,
        "title_sr": TEXT,
        "topic": TEXT,
        "donor": TEXT_OR_NOTHING,
        "order": NUMBER,
        "editions": LIST,
    },
    "institutions": {
        **NAMED,
        "type": TEXT,
        "kind": TEXT,
        "description_en": TEXT,
        "description_sr": TEXT,
        "note_en": TEXT,
        "note_sr": TEXT,
        "source_en": TEXT,
        "source_sr": TEXT,
        "services": LIST,
    },
}
SERVICE: Form = {
    "type": TEXT,
    "phone": TEXT,
    "phone_status": TEXT,
    "phone_source": TEXT,
    "is_referable": YES_NO,
    "languages": LIST,
    "note_en": TEXT,
    "note_sr": TEXT,
}


class ListError(ValueError):
    """A reference file that cannot be used; the sentence names the file and the row."""


def read_lists(folder: Path) -> dict[str, list[Row]]:
    """The rows of every file by its name without ending.

    Raises ListError at the first file that is missing, broken or out of form.
    """
    lists = {name: _read(folder / f"{name}.json", form) for name, form in FORMS.items()}
    for row in lists["age_bands"]:
        _check_bands(row)
    for row in lists["institutions"]:
        where = f"institutions.json, {row['code']}, services"
        for number, service in enumerate(row["services"], start=1):
            _check(service, SERVICE, f"{where}, row {number}")
        _check_once([service["type"] for service in row["services"]], where)
    return lists


def _read(path: Path, form: Form) -> list[Row]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ListError(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ListError(f"{path.name} is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ListError(f"{path.name} is not JSON: {place}: {error.msg}.") from error
    if not isinstance(rows, list):
        raise ListError(f"{path.name} must hold a list of rows.")
    for number, row in enumerate(rows, start=1):
        _check(row, form, f"{path.name}, row {number}")
    _check_once([row["code"] for row in rows], path.name)
    return rows


def _check(row: object, form: Form, where: str) -> None:
    if not isinstance(row, dict):
        raise ListError(f"{where} is not a row with keys.")
    for problem in _problems(row, form):
        raise ListError(f"{where}: {problem}.")


def _problems(row: Row, form: Form) -> Iterator[str]:
    yield from (f"{key} is missing" for key in form if key not in row)
    yield from (f"{key} is not known" for key in row if key not in form)
    for key, kinds in form.items():
        # In Python True is a number as well.
        if type(row[key]) not in kinds:
            yield f"{key} may not be {json.dumps(row[key], ensure_ascii=False)}"


def _check_once(codes: Sequence[str], where: str) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise ListError(f"{where}: {code} occurs twice.")


def _check_bands(row: Row) -> None:
    """Bands follow one another from 0, without gap or overlap, and the last one is open."""
    where = f"age_bands.json, {row['code']}"
    expected: int | None = 0
    for band in row["bands"]:
        if not (isinstance(band, list) and [type(age) for age in band] in _BAND_TYPES):
            raise ListError(f"{where}: a band is two ages, or an age and null.")
        if band[0] != expected:
            raise ListError(f"{where}: a band begins at {band[0]}, not at {expected}.")
        expected = None if band[1] is None else band[1] + 1
    if expected is not None:
        raise ListError(f"{where}: the last band must be open to older ages.")


_BAND_TYPES = ([int, int], [int, type(None)])
