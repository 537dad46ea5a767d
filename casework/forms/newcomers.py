"""What is typed of somebody new, and compared with who is known while it is typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.widgets import Chips
from casework.alike import Alike, Sought, alike_people
from casework.forms.fields import (
    age_fields,
    chosen_language,
    chosen_nationality,
    chosen_years,
    language_fields,
    nationality_fields,
)
from casework.forms.visits import NewcomerForm, VisitForm
from casework.models import Consent, Person, TwinTicket


class ComparedForm(NewcomerForm):
    """Somebody new, who is saved at once unless somebody very like her is known already.

    Then the worker says why it is somebody else, or goes to the record that is shown.
    """

    because = forms.ChoiceField(
        label=_("It is somebody else. Why?"),
        choices=TwinTicket.Because.choices,
        widget=Chips,
        required=False,
    )
    # The name the house was asked for while it was typed: each is asked for once.
    asked = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        self.alike: list[Alike] = []
        self.was_asked = False

    def clean(self) -> dict[str, Any]:
        keywords = super().clean()
        asked = keywords["visit"].pop("asked", "")
        self.was_asked = bool(asked) and asked == keywords["name"]
        because = keywords["visit"].pop("because", "")
        if keywords["told"] == Consent.Decision.REFUSED:
            return {**keywords, "unlike": [], "because": ""}
        self.alike = alike_people(self.user, self._sought(keywords))
        very = [each for each in self.alike if each.is_strong]
        if very and not because and not self.errors:
            self.add_error("because", _("A record like this is known. Look at it, or say why not."))
        return {**keywords, "unlike": very, "because": because}

    def _sought(self, keywords: dict[str, Any]) -> Sought:
        person = keywords["person"]
        first, last = person.get("birth_year_from"), person.get("birth_year_to")
        language = person.get("language")
        return Sought(
            name=keywords["name"],
            sex=person.get("sex", ""),
            born=None if first is None or last is None else (first, last),
            nationality=person.get("nationality") or "",
            language=language.pk if language else "",
            team=keywords["team"],
        )


class SoughtForm(forms.Form):
    """What is typed so far, in the words of the form for somebody new; nothing is asked for."""

    sex = forms.ChoiceField(choices=Person.Sex.choices, required=False)
    name = forms.CharField(max_length=300, required=False)
    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({**age_fields(), **nationality_fields(), **language_fields()})
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.filter(pk__in=user.team_ids)

    def sought(self) -> Sought:
        """What can be compared; what is typed wrongly is not there yet."""
        self.is_valid()
        language = chosen_language(self)
        return Sought(
            name=self.cleaned_data.get("name", ""),
            sex=self.cleaned_data.get("sex", ""),
            born=self._born(),
            nationality=chosen_nationality(self),
            language=language.pk if language else "",
            team=self.cleaned_data.get("team"),
        )

    def _born(self) -> tuple[int, int] | None:
        try:
            years = chosen_years(self)
        except ValidationError:
            return None
        first, last = years.get("birth_year_from"), years.get("birth_year_to")
        return None if first is None or last is None else (first, last)


def keep_typed(form: VisitForm, typed: QueryDict) -> None:
    """Fill the form for somebody known with what was typed while she was taken for new."""
    for name, field in form.fields.items():
        if name != "operation" and name in typed:
            is_list = isinstance(field, forms.ModelMultipleChoiceField)
            form.initial[name] = typed.getlist(name) if is_list else typed[name]
