"""What a worker may put in about an incident: codes and days, no text."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.widgets import Chips, Choices
from casework.models import Person
from casework.models.person import ADULT
from directory.models import Area
from screening.incident_types import (
    NAMES,
    QUESTIONS,
    Abduction,
    Age,
    Answer,
    CoreType,
    Practice,
    Relation,
)
from screening.models import Incident

NOT_SPOKEN_OF = ("", _("Not spoken of"))
ANSWERS = [*Answer.choices, NOT_SPOKEN_OF]
HOURS = [("", _("Not known")), *((hour, f"{hour:02}:00–{hour:02}:59") for hour in range(24))]
ASKED = "asked_"
WHEN_AND_WHERE = ("first_on", "first_hour", "last_on", "last_hour", "stage", "place", "area")


def _chips(label: Any, choices: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=Chips, required=False, help_text=hint
    )


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
        help_text=hint,
    )


def _hour(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=HOURS, coerce=int, empty_value=None, required=False
    )


class IncidentForm(ActionForm):
    """One incident on one screen: what it was by ordered questions, who did it, when and where.

    What it holds at first is what nobody knows: each part can be left as it is.
    """

    relation = forms.ChoiceField(label=_("Who did it, seen from the person?"), choices=Relation)
    age = _chips(_("How old was the person then?"), Age.choices)
    goods = _chips(
        _("Was money, food, shelter, papers or passage given or promised for it?"), ANSWERS
    )
    abduction = forms.ChoiceField(
        label=_("Was the person taken away or held?"),
        choices=[NOT_SPOKEN_OF, *Abduction.choices],
        required=False,
    )
    practice = forms.ChoiceField(
        label=_("Was it part of a harmful practice?"),
        choices=[NOT_SPOKEN_OF, *Practice.choices],
        required=False,
    )
    online = _chips(_("Did it happen online or by phone?"), ANSWERS)
    first_on = _day(_("When, or when for the first time?"), _("Leave empty what is not known."))
    first_hour = _hour(_("At what hour?"))
    last_on = _day(_("When for the last time, if more than once?"))
    last_hour = _hour(_("At what hour that day?"))
    stage = forms.ChoiceField(label=_("Part of the journey"), choices=Incident.Stage)
    place = forms.ChoiceField(label=_("Kind of place"), choices=Incident.Place)
    area = forms.ModelChoiceField(
        label=_("Area, if it was here"),
        queryset=Area.objects.all(),
        required=False,
        empty_label=_("Not known, or elsewhere"),
    )

    def __init__(
        self, data: Any = None, *, person: Person, incident: Incident | None = None
    ) -> None:
        super().__init__(data)
        for name, (question, hint) in QUESTIONS.items():
            self.fields[ASKED + name] = _chips(question, ANSWERS, hint)
        if incident is None:
            # Only who is a child now was surely one then.
            ages = person.ages_on(timezone.localdate())
            was_child = ages is not None and ages[1] < ADULT
            self.initial["age"] = Age.CHILD if was_child else Age.UNKNOWN
            self.initial["relation"] = Relation.UNKNOWN
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
            self.initial.update(_kept(incident))

    @property
    def questions(self) -> list[forms.BoundField]:
        """The ordered questions, one after the other."""
        return [self[ASKED + name] for name in QUESTIONS]

    def clean(self) -> dict[str, Any]:
        """The keywords of the action."""
        given = super().clean() or self.cleaned_data
        facts = {name: given.pop(name, "") for name in NAMES}
        facts["asked"] = {name: given.pop(ASKED + name, "") for name in CoreType.values}
        return {**given, "facts": facts}


def _kept(incident: Incident) -> dict[str, Any]:
    told = incident.what
    return {
        "version": incident.version,
        **{name: getattr(incident, name) for name in WHEN_AND_WHERE},
        **{name: getattr(told, name) for name in NAMES},
        **{ASKED + name: told.asked.get(name, "") for name in CoreType.values},
    }


class CloseIncidentForm(ActionForm):
    """Nothing more is to be done about it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    closing_reason = forms.ChoiceField(
        label=_("Why is nothing more to be done?"),
        choices=Incident.ClosingReason,
        widget=Choices,
        help_text=_("The incident stays. Nobody is asked whether it is true."),
    )
