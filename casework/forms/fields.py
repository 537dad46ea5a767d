"""Fields that several verbs ask for: a language, a country, an age; chips first, lists after."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms import ActionForm, MomentField
from accounts.models import Organization, Team, User
from accounts.widgets import Chips, Segments, Ticks
from casework.actions.consents import may_record_consent
from casework.actions.headcounts import may_record_headcount
from casework.actions.visit_rules import MAY_OVERRIDE
from casework.ages import years_of_age, years_of_band
from casework.calendars import SOLAR_YEARS, read_birth
from casework.models import Consent, Person, ServiceDelivered
from directory.countries import NOT_KNOWN
from directory.models import AgeBand, Grant, Language

# Countries that most visitors come from; the others are in the list below them.
FREQUENT = ("AF", "SY", "PK", "IQ", "IR", "BD", "MA", "SO", "BI", "CU", "IN", "RS", NOT_KNOWN)
# More chips than these take longer to read than a list.
MOST_CHIPS = 9
OLDEST_YEAR = 1900
MOST_YEARS_OF_AGE = 120


class DayInput(forms.DateInput):
    """A calendar day; browsers bring their own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "w-m"}, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "w-m"}, format="%Y-%m-%dT%H:%M")


class FirstChips(Chips):
    """Chips that can take the focus of a fresh page."""

    takes_focus = False

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        return focused(super().create_option(*args, **options), wanted=self.takes_focus)


class FirstTicks(Ticks):
    """Ticks that can take the focus of a fresh page."""

    takes_focus = False

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        return focused(super().create_option(*args, **options), wanted=self.takes_focus)


def focused(option: dict[str, Any], *, wanted: bool) -> dict[str, Any]:
    """The option, marked as the place to begin when it is the first one."""
    if wanted and str(option["index"]) == "0":
        option["attrs"]["autofocus"] = True
    return option


def language_fields(first: Language | None = None) -> dict[str, forms.Field]:
    """`language` as chips of those often met, her own first, and `other_language` as a list."""
    spoken = list(Language.objects.spoken())
    often = [language for language in spoken if language.is_often_met and language != first]
    chips = [*([first] if first else []), *often][:MOST_CHIPS]
    return {
        "language": forms.ChoiceField(
            label=_("Language"),
            choices=[(language.pk, str(language)) for language in chips],
            widget=Chips,
            required=False,
        ),
        "other_language": forms.ChoiceField(
            label=_("Another language"),
            choices=[("", _("Not listed above")), *((one.pk, str(one)) for one in spoken)],
            widget=forms.Select(attrs={"class": "w-m"}),
            required=False,
        ),
    }


def chosen_language(form: forms.Form) -> Language | None:
    """The language from the list, else the one from the chips."""
    cleaned = form.cleaned_data
    code = cleaned.pop("other_language", "") or cleaned.get("language")
    return Language.objects.spoken().filter(pk=code).first() if code else None


def nationality_fields() -> dict[str, forms.Field]:
    """`nationality` as chips of frequent countries, and `other_nationality` as the whole list."""
    return {
        "nationality": forms.ChoiceField(
            label=_("Nationality"),
            choices=[(code, countries.name(code)) for code in FREQUENT],
            widget=Chips,
            required=False,
        ),
        "other_nationality": forms.ChoiceField(
            label=_("Another nationality"),
            choices=[("", _("Not listed above")), *countries],
            required=False,
        ),
    }


def chosen_nationality(form: forms.Form) -> str:
    cleaned = form.cleaned_data
    return str(cleaned.pop("other_nationality", "") or cleaned.get("nationality") or "")


def age_fields() -> dict[str, forms.Field]:
    """`age` as quick picks, `age_or_year` where it is known better, and how it is known."""
    bands = AgeBand.objects.filter(age_band_set="programme")
    return {
        "age": forms.ChoiceField(
            label=_("Age, as you see it"),
            choices=[(band.label, band.label) for band in bands] + [("", _("Not known"))],
            widget=Chips,
            required=False,
        ),
        "age_or_year": forms.IntegerField(
            label=_("Age or year of birth, if you know it"),
            help_text=_("An age such as 26, or a year such as 1999 or 1378."),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-s"}),
            error_messages={"invalid": _("Write a number: an age or a year of birth.")},
            required=False,
        ),
        "birth_year_source": forms.ChoiceField(
            label=_("How the age is known"),
            choices=[
                choice
                for choice in Person.BirthYearSource.choices
                if choice[0] != Person.BirthYearSource.UNKNOWN
            ],
            initial=Person.BirthYearSource.ESTIMATED,
            widget=Chips,
            required=False,
        ),
    }


def chosen_years(form: forms.Form) -> dict[str, Any]:
    """The keywords of Person for what was said of the age. Raises ValidationError."""
    cleaned, today = form.cleaned_data, timezone.localdate()
    picked, exact = cleaned.pop("age", ""), cleaned.pop("age_or_year", None)
    source = cleaned.pop("birth_year_source", "") or Person.BirthYearSource.ESTIMATED
    if exact is not None:
        years = _years_of_number(exact, today)
    elif picked:
        band = next(
            b for b in AgeBand.objects.filter(age_band_set="programme") if b.label == picked
        )
        years = years_of_band(band.min_age, band.max_age, today)
    else:
        return {"birth_year_source": Person.BirthYearSource.UNKNOWN}
    return {
        "birth_year_from": years[0],
        "birth_year_to": years[1],
        "birth_year_source": source,
    }


def _years_of_number(number: int, today: date) -> tuple[int, int]:
    if 0 <= number <= MOST_YEARS_OF_AGE:
        return years_of_age(number, today)
    if OLDEST_YEAR <= number <= today.year:
        return number, number
    if number in SOLAR_YEARS:
        return read_birth(str(number), today=today).years
    raise ValidationError(
        {
            "age_or_year": gettext("Write an age up to %(age)d, or a year from %(year)d to today.")
            % {"age": MOST_YEARS_OF_AGE, "year": OLDEST_YEAR}
        }
    )


class DeskForm(ActionForm):
    """What everything logged at a desk has: whose desk, when, under which grant."""

    at = MomentField(
        label=_("Another day or time"),
        help_text=_("Leave it empty for now."),
        widget=MomentInput,
        error_messages={"invalid": _("Write the day and the time, such as 2026-11-18 14:35.")},
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(pk__in=user.team_ids).order_by("name")
        self.fields["team"] = forms.ModelChoiceField(
            label=_("Team"),
            queryset=teams,
            initial=teams.first(),
            empty_label=None,
            widget=Chips if len(user.team_ids) > 1 else forms.HiddenInput,
        )
        self.fields["grant"] = grant_field(user.organization)

    def begin_at(self, name: str) -> None:
        """Let the keyboard begin at this field; after an error it begins at the summary."""
        for field, widget in ((key, each.widget) for key, each in self.fields.items()):
            if isinstance(widget, FirstChips | FirstTicks):
                widget.takes_focus = field == name and not self.is_bound


class RuledForm(ActionForm):
    """A form whose verb holds to the rules of services.

    Who may set a rule aside is asked why, and only after the rule has refused.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.add_prefix("override") in self.data:
            self.fields["override"] = override_field()

    def _take_over(self, error: ValidationError) -> None:
        super()._take_over(error)
        told = self.errors.as_data().values()
        if any(each.code == MAY_OVERRIDE for errors in told for each in errors):
            self.fields["override"] = override_field()


def override_field() -> forms.ChoiceField:
    """Why something is given before its time."""
    choices = [choice for choice in ServiceDelivered.Override.choices if choice[0]]
    return forms.ChoiceField(
        label=_("Give it all the same? Say why"),
        choices=[("", _("No, keep to the rule")), *choices],
        widget=Chips,
        required=False,
    )


def told_fields(user: User) -> dict[str, forms.Field]:
    """The answer to keeping a record, for who may write it down, and count after a no."""
    if not (may_record_consent(user) and may_record_headcount(user)):
        return {}
    field = forms.ChoiceField(
        label=_("Told what we keep and why"),
        help_text=_("After a no the visit is counted, and nothing is kept of the person."),
        choices=[*Consent.Decision.choices, ("", _("Not asked yet"))],
        widget=Segments,
        required=False,
    )
    return {"told": field}


def grant_field(organization: Organization) -> "forms.ModelChoiceField[Grant]":
    """Whose money pays for it; a grant that did not run that day is refused by the verb."""
    return forms.ModelChoiceField(
        label=_("Grant"),
        queryset=Grant.objects.held_by(organization).order_by("-ends_on", "code"),
        empty_label=_("No grant"),
        required=False,
    )
