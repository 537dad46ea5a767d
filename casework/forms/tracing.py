"""What is typed about somebody's relatives, and said of a possible match."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms import ActionForm
from accounts.widgets import Chips, Choices, Segments
from casework.forms.fields import OLDEST_YEAR
from casework.models import Person, SoughtRelative
from casework.models.person import YesNo

LATEST_YEAR = 2200


class SoughtForm(ActionForm):
    """The keywords of `record_sought`."""

    kin = forms.ChoiceField(
        label=_("Who is it to the person?"), choices=SoughtRelative.Kin.choices, widget=Chips
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Two names at least: one alone is not compared."),
        max_length=300,
    )
    other_names = forms.CharField(
        label=_("Other names and spellings"), max_length=300, required=False
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Person.Sex.choices, initial=Person.Sex.UNKNOWN, widget=Chips
    )
    birth_year_from = forms.IntegerField(
        label=_("Born in, or between"),
        min_value=OLDEST_YEAR,
        max_value=LATEST_YEAR,
        required=False,
    )
    birth_year_to = forms.IntegerField(
        label=_("and"), min_value=OLDEST_YEAR, max_value=LATEST_YEAR, required=False
    )
    nationality = forms.ChoiceField(
        label=_("Nationality"), choices=[("", _("Not known")), *countries], required=False
    )
    last_seen = forms.CharField(
        label=_("Last seen: where and when"), max_length=300, required=False
    )
    details = forms.CharField(
        label=_("What helps to know this relative"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    may_be_told = forms.ChoiceField(
        label=_("May the relative be told who seeks?"),
        choices=YesNo.choices,
        initial=YesNo.UNKNOWN,
        widget=Segments,
    )

    def clean(self) -> dict[str, Any]:
        """One year alone is a year."""
        cleaned = self.cleaned_data
        first, last = cleaned.get("birth_year_from"), cleaned.get("birth_year_to")
        cleaned["birth_year_from"] = first if first is not None else last
        cleaned["birth_year_to"] = last if last is not None else first
        return cleaned


class ChangeSoughtForm(SoughtForm):
    """The keywords of `change_sought`; what is written stands in it: the reader may see names."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def told_of(cls, sought: SoughtRelative) -> dict[str, Any]:
        told = {name: getattr(sought, name) for name in cls.base_fields if name != "operation"}
        return {**told, "nationality": sought.nationality.code}


class CloseSoughtForm(ActionForm):
    """The keywords of `close_sought`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_found = forms.TypedChoiceField(
        label=_("Why does nobody look any more?"),
        choices=[("yes", _("Found")), ("no", _("No longer sought"))],
        coerce=lambda value: value == "yes",
        widget=Choices,
    )


class MatchForm(ActionForm):
    """The keyword of `settle_match`."""

    is_one = forms.TypedChoiceField(
        label=_("Do the two belong together?"),
        choices=[("yes", _("Yes, as far as I can tell")), ("no", _("No, somebody else"))],
        coerce=lambda value: value == "yes",
        widget=Choices,
    )
