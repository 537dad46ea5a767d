"""Load the templates of donors from their files."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from django.core.exceptions import ValidationError
from django.db import transaction

from casework.models import TraffickingStatus
from directory.models import AgeBandSet, Donor, ServiceType, Topic
from reports.models import ReportTemplate

FOLDER = Path(__file__).resolve().parents[1] / "definitions"


@transaction.atomic
def load_template(definition: dict[str, Any]) -> bool:
    """Make a definition the current one; whether anything changed.

    A version that is known keeps its text for ever: reports rest on it. Raises ValidationError.
    """
    _check(definition)
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    code, version = definition["code"], definition["version"]
    known = ReportTemplate.objects.filter(code=code, version=version).first()
    if known is not None and known.content_hash != content_hash:
        raise ValidationError(f"{code} {version} was changed: give it a new version.")
    if known is not None and known.is_current:
        return False
    ReportTemplate.objects.filter(code=code).update(is_current=False)
    if known is not None:
        known.is_current = True
        known.save(update_fields=["is_current"])
        return True
    template = ReportTemplate(
        code=code,
        version=version,
        donor=Donor.objects.filter(code=definition["donor"]).first(),
        definition=definition,
        content_hash=content_hash,
    )
    template.full_clean()
    template.save()
    return True


def _check(definition: dict[str, Any]) -> None:
    errors = sorted(_validator().iter_errors(definition), key=lambda error: list(error.path))
    if errors:
        place = "/".join(map(str, errors[0].path)) or "the file"
        raise ValidationError(f"{place}: {errors[0].message}")
    donor, bands = definition["donor"], definition["age_bands"]
    if donor is not None and not Donor.objects.filter(code=donor).exists():
        raise ValidationError(f"donor: there is no {donor}.")
    if not AgeBandSet.objects.filter(code=bands).exists():
        raise ValidationError(f"age_bands: there is no {bands}.")
    _check_parts(definition["indicators"])
    for indicator in definition["indicators"]:
        for condition in indicator["all_of"]:
            _check_codes(indicator["code"], condition)


def _check_parts(indicators: list[dict[str, Any]]) -> None:
    """Codes once; a part of an indicator that is here, is no part itself and has one part."""
    codes = [indicator["code"] for indicator in indicators]
    parts = {one["code"]: one["within"] for one in indicators if "within" in one}
    twice = [code for code in codes if codes.count(code) > 1]
    if twice:
        raise ValidationError(f"{twice[0]}: this code stands twice.")
    for part, whole in parts.items():
        shared = list(parts.values()).count(whole) > 1
        if whole not in codes or whole in parts or whole == part or shared:
            raise ValidationError(f"{part}/within: {whole} cannot have this part.")


def _check_codes(code: str, condition: dict[str, Any]) -> None:
    """A misspelt code would count nobody, in silence."""
    known: dict[str, set[str]] = {
        "category": set(ServiceType.Category.values),
        "topic": set(Topic.objects.values_list("code", flat=True)),
        "status": set(TraffickingStatus.Status.values),
    }
    for name, codes in condition.items():
        wrong = set(codes) - known.get(name.removeprefix("not_"), set(codes))
        if name != "kind" and wrong:
            raise ValidationError(f"{code}/{name}: there is no {min(wrong)}.")


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((FOLDER / "schema.json").read_text()))
