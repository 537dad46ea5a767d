"""A day, month or year of birth, typed in either calendar and any digits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.widgets import Chips
from casework.calendars import Born, Calendar, read_birth

EXACT, ABOUT = "exact", "about"


def birth_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_("Such as 17.7.1387, 8.10.2008 or a year alone."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-m", "dir": "auto"}),
        required=False,
    )


def calendar_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Calendar"),
        choices=[("", _("As the year says")), *Calendar.choices],
        widget=Chips,
        required=False,
    )


def exactness_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Is the day known?"),
        choices=[("", _("Not asked")), (EXACT, _("Yes, this day")), (ABOUT, _("No, about then"))],
        widget=Chips,
        required=False,
    )


def chosen_birth(form: forms.Form, name: str = "birth") -> Born | None:
    """What was typed there, with `calendar` and `exactness`; what does not fit becomes an error.

    The first of a year is asked about: offices write it when nobody knows the day.
    """
    cleaned = form.cleaned_data
    calendar, exactness = cleaned.pop("calendar", ""), cleaned.pop("exactness", "")
    typed = cleaned.pop(name, "")
    if not typed:
        return None
    try:
        born = read_birth(typed, calendar, today=timezone.localdate())
    except ValidationError as error:
        form.add_error(name, error)
        return None
    if born.may_stand_for_a_year and not exactness:
        form.add_error(
            "exactness",
            _("The first of a year often stands for a day that nobody knows. Say which it is."),
        )
        return None
    return Born(born.first, born.last, is_about=exactness == ABOUT)
