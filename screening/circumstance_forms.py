"""Where and when: a place and a month for all that was recorded, and a phase where compared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.circumstances import (
    CRITERION,
    MONTH,
    PHASE,
    PHASES,
    PLACE,
    WRITTEN,
    circumstances_of,
    subjects,
)
from screening.explain import say
from screening.forms import VersionedForm
from screening.models import Screening
from screening.places import place_choices

PHASE_WORDS = dict(
    zip(PHASES, (_("Before the journey"), _("On the way"), _("Where it ended")), strict=True)
)


class MonthInput(forms.TextInput):
    """A month of a year; browsers bring their own calendar."""

    input_type = "month"


class CircumstancesForm(VersionedForm):
    """The keywords of `save_circumstances`. It has no field for a text."""

    def __init__(self, data: Any = None, *, screening: Screening) -> None:
        super().__init__(data, initial={"version": screening.version})
        definition, sheet = screening.instrument_version.definition, screening.sheet
        told = circumstances_of(definition, sheet)
        self.rows = []
        places = place_choices()
        for kind, code, entry in subjects(definition, sheet):
            name = f"{kind}:{code}"
            label = say(entry["question"] if kind == CRITERION else entry["label"])
            names = [self._add(name, PLACE, told, self._choice(_("Where"), places))]
            names.append(self._add(name, MONTH, told, self._month()))
            if kind == CRITERION:
                phases = [("", _("Not asked")), *PHASE_WORDS.items()]
                names.append(
                    self._add(name, PHASE, told, self._choice(_("When on the way"), phases))
                )
            self.rows.append({"name": name, "label": label, "names": names})

    def _add(self, name: str, key: str, told: Any, field: forms.Field) -> str:
        field_name = f"{name}:{key}"
        self.fields[field_name] = field
        self.initial[field_name] = told.get(name, {}).get(key, "")
        return field_name

    @staticmethod
    def _choice(label: Any, choices: Any) -> forms.ChoiceField:
        return forms.ChoiceField(label=label, choices=choices, required=False)

    @staticmethod
    def _month() -> forms.RegexField:
        return forms.RegexField(
            WRITTEN,
            label=_("Month"),
            required=False,
            widget=MonthInput(attrs={"class": "w-m"}),
            error_messages={"invalid": _("Write a year and a month, such as 2026-05.")},
        )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Rows for the page, each with its bound fields."""
        return [{**row, "fields": [self[name] for name in row["names"]]} for row in self.rows]

    def clean(self) -> dict[str, Any]:
        """Keywords: operation, version, told."""
        given = super().clean() or self.cleaned_data
        told: dict[str, dict[str, str]] = {}
        for name, value in given.items():
            subject, mark, key = name.rpartition(":")
            if mark and value:
                told.setdefault(subject, {})[key] = value
        kept = {name: given[name] for name in given if name in {"operation", "version"}}
        return {**kept, "told": told}
