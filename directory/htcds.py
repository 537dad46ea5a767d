"""Code lists of the Human Trafficking Case Data Standard (HTCDS) 2.0, read from the shipped file.

Source: IOM, HTCDS 2.0 of 24 December 2021, CC BY 4.0; see docs/data-sources.md.
"""

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

from django.utils.translation import get_language

PATH = Path(__file__).resolve().parent / "reference" / "htcds.json"


class Term(TypedDict):
    code: str
    label_en: str
    label_sr: str


class Standard(TypedDict):
    """Lists by HTCDS field name; `ours` maps a code of this system to a code of that field."""

    version: str
    attribution: str
    lists: dict[str, list[Term]]
    ours: dict[str, dict[str, str]]


@cache
def standard() -> Standard:
    content: Standard = json.loads(PATH.read_text(encoding="utf-8"))
    return content


def codes(field: str) -> list[str]:
    """The codes of one field in the order of the standard; raises KeyError for another field."""
    return [term["code"] for term in standard()["lists"][field]]


def label(field: str, code: str) -> str:
    """The word for one code in the active language."""
    term = next(term for term in standard()["lists"][field] if term["code"] == code)
    return term["label_sr"] if (get_language() or "").startswith("sr") else term["label_en"]


def export_code(field: str, ours: str) -> str | None:
    """Our code as the standard's code; None when the standard has no place for it."""
    return standard()["ours"][field].get(ours)
