"""Places on the way, by code: countries, and the named areas of the directory."""

from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from directory.countries import NOT_KNOWN
from directory.models import Area

# Countries that people come through and from; the others are kept as not known, or by machines.
ON_THE_WAY = (
    *("TR", "GR", "BG", "MK", "AL", "XK", "ME", "BA", "HR", "HU", "RO", "SI"),
    *("AT", "IT", "DE", "FR", "AF", "PK", "IR", "IQ", "SY", "BD", "MA", "DZ"),
    *("TN", "LY", "EG", "SO", "ER", "BI", "IN", "NP", "CU", "GE", "RU", "BY"),
    *("UA"),
)


def every_place() -> set[str]:
    """All codes that a place can have: ISO 3166-1 and areas."""
    return {*countries.countries, *Area.objects.values_list("code", flat=True)}


def place_choices() -> list[tuple[Any, Any]]:
    """What a worker chooses from: areas of Serbia, then countries on the way."""
    areas = [(area.code, str(area)) for area in Area.objects.order_by("order", "code")]
    named = sorted((countries.name(code), code) for code in ON_THE_WAY)
    abroad = [(code, name) for name, code in named]
    serbia = [("RS", countries.name("RS")), *areas]
    return [
        ("", _("Not asked")),
        (_("In Serbia"), serbia),
        (_("On the way"), [*abroad, (NOT_KNOWN, countries.name(NOT_KNOWN))]),
    ]


def names_of(codes: set[str]) -> dict[str, str]:
    """What places are called."""
    areas = {area.code: str(area) for area in Area.objects.filter(code__in=codes)}
    return {code: areas.get(code) or str(countries.name(code)) for code in codes}
