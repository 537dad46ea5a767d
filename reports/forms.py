"""What a person may type to have a report counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Choices
from directory.models import Grant
from reports.models import ReportTemplate
from screening.models import Instrument


@dataclass(frozen=True)
class Period:
    """A quarter or a year that is often reported on, by its short name."""

    name: str
    first: date
    last: date


def periods(today: date) -> list[Period]:
    """The last finished quarter first, then the one before, the current one and two years."""
    quarters = [_quarter(today.year, (today.month - 1) // 3 - back) for back in (1, 2, 0)]
    years = [
        Period(str(year), date(year, 1, 1), date(year, 12, 31))
        for year in (today.year, today.year - 1)
    ]
    return [*quarters, *years]


def _quarter(year: int, index: int) -> Period:
    """A quarter by its place from 0; below 0 it lies in the year before."""
    year, index = year + index // 4, index % 4
    after = date(year + index // 3, 3 * (index + 1) % 12 + 1, 1)
    return Period(f"Q{index + 1} {year}", date(year, 3 * index + 1, 1), after - timedelta(days=1))


class RequestForm(ActionForm):
    template = forms.ModelChoiceField(
        label=_("Which report?"),
        queryset=ReportTemplate.objects.filter(is_current=True).select_related("donor"),
        empty_label=None,
        widget=Choices,
    )
    grant = forms.ModelChoiceField(
        label=_("Grant"),
        help_text=_("With a grant, only what was done under it is counted."),
        queryset=Grant.objects.none(),
        required=False,
        empty_label=_("All work of the organization"),
    )
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates = self.fields["template"]
        rows = list(templates.queryset)  # type: ignore[attr-defined]  # a model choice
        templates.widget.hints = {str(row.pk): _hint(row) for row in rows}
        templates.initial = rows[0].pk if rows else None
        grants = Grant.objects.held_by(actor.organization)
        self.fields["grant"].queryset = grants  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any]:
        """People name the last day; the period ends before the day after it."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.pop("ends_on", None)
        if first and last and last < first:
            raise ValidationError({"ends_on": _("The last day lies before the first day.")})
        if last == date.max:
            raise ValidationError({"ends_on": _("This day is too far away.")})
        if last is not None:
            data["ends_before"] = last + timedelta(days=1)
        return data


def _hint(template: ReportTemplate) -> str:
    number = len(template.indicators)
    hint = ngettext("%(number)d indicator", "%(number)d indicators", number) % {"number": number}
    return f"{hint} · {template.donor}" if template.donor else hint


class NothingForm(ActionForm):
    """A button: nothing is typed."""


class ProposalForm(ActionForm):
    """Which finding is to be followed; none named: that workers decide otherwise."""

    indicator = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)


FINISHED_QUARTERS = 8


def finished_quarters(today: date) -> list[Period]:
    """Those that are over, the latest one first."""
    index = (today.month - 1) // 3
    return [_quarter(today.year, index - back) for back in range(1, FINISHED_QUARTERS + 1)]


class StudyForm(ActionForm):
    """Have the talks of one instrument counted for a quarter."""

    def __init__(self, data: Any = None, *, actor: User, titles: Mapping[UUID, str]) -> None:
        super().__init__(data)
        # Those that were never published have no talks and no title.
        known = Instrument.objects.visible_to(actor).filter(pk__in=titles)
        instrument = forms.ModelChoiceField(label=_("Instrument"), queryset=known, empty_label=None)
        instrument.label_from_instance = lambda one: titles[one.pk]  # type: ignore[assignment]  # as documented
        self.fields["instrument"] = instrument
        quarters = finished_quarters(timezone.localdate())
        self.fields["starts_on"] = forms.TypedChoiceField(
            label=_("Quarter"),
            choices=[(period.first.isoformat(), period.name) for period in quarters],
            coerce=date.fromisoformat,
        )
