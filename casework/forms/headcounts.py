"""The grid on which visitors are only counted: a cell for each sex and age band."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.models import User
from accounts.widgets import Counter, Segments, Ticks
from casework.actions.headcounts import Counted
from casework.forms.fields import (
    DeskForm,
    chosen_language,
    chosen_nationality,
    language_fields,
    nationality_fields,
)
from casework.models import Headcount, Person
from directory.models import AgeBand, Language, ServiceType

MOST = 500
MOST_LINES = 200
LONGEST = 40_000
# The cell of an age that nobody guessed.
NO_BAND = "0"


class HeadcountForm(DeskForm):
    """The keywords of `record_headcount`.

    Without script the cells are numbers of the one nationality and language chosen. With it a tap
    counts for what is chosen at that moment, and `counted` brings all of them.
    """

    counted = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST, required=False)
    services = forms.ModelMultipleChoiceField(
        label=_("What did we do?"),
        queryset=ServiceType.objects.on_hub_form(),
        widget=Ticks(keys=True),
        required=False,
    )
    told = forms.ChoiceField(
        label=_("Did you tell them how data are used?"),
        choices=Headcount.Told.choices,
        widget=Segments,
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields.update(nationality_fields())
        self.fields.update(language_fields())
        for name in ("other_nationality", "other_language"):
            self.fields[name].widget.attrs["data-grid-other"] = name
        bands = AgeBand.objects.filter(age_band_set="programme")
        self.bands = {str(band.pk): band for band in bands}
        for sex, band in self._places():
            label = f"{Person.Sex(sex).label}, {self._band_label(band)}"
            attrs = {"aria-label": label, "max": MOST, "data-cell": f"{sex}|{band}"}
            self.fields[f"n_{sex}_{band}"] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST, widget=Counter(attrs), required=False
            )

    def _places(self) -> Iterator[tuple[str, str]]:
        for band in [*self.bands, NO_BAND]:
            for sex in Person.Sex.values:
                yield sex, band

    def _band_label(self, band: str) -> str:
        return self.bands[band].label if band in self.bands else str(_("Age not known"))

    @property
    def sexes(self) -> list[Any]:
        return list(Person.Sex.labels)

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The grid: a label and the cells of each age."""
        return [
            (self._band_label(band), [self[f"n_{sex}_{band}"] for sex in Person.Sex.values])
            for band in [*self.bands, NO_BAND]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        language, nationality = chosen_language(self), chosen_nationality(self)
        numbers = {
            (sex, band): cleaned.pop(f"n_{sex}_{band}", None) or 0 for sex, band in self._places()
        }
        told = cleaned.pop("counted", "")
        if told:
            lines = self._read(told)
        else:
            lines = [
                Counted(number, sex, self.bands.get(band), nationality, language)
                for (sex, band), number in numbers.items()
                if number
            ]
        for name in ("language", "nationality"):
            cleaned.pop(name, None)
        return {**cleaned, "lines": lines}

    def _read(self, told: str) -> list[Counted]:
        """What the script counted. Raises ValidationError for what no script of ours sends."""
        wrong = ValidationError(_("The count could not be read. Count again, or type the numbers."))
        languages = {language.pk: language for language in Language.objects.spoken()}
        try:
            rows = json.loads(told)
            if not isinstance(rows, list) or len(rows) > MOST_LINES:
                raise wrong
            return [self._line(*row, languages=languages) for row in rows]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise wrong from error

    def _line(
        self,
        sex: str,
        band: str,
        nationality: str,
        language: str,
        number: int,
        *,
        languages: dict[str, Language],
    ) -> Counted:
        """One cell as the script says it. Raises ValueError, TypeError or KeyError for another."""
        if type(number) is not int or not 1 <= number <= MOST:
            raise ValueError(number)
        if nationality and nationality not in countries:
            raise ValueError(nationality)
        return Counted(
            number,
            Person.Sex(sex),
            None if band == NO_BAND else self.bands[band],
            nationality,
            languages[language] if language else None,
        )
