"""What is typed at the desk: a scan, who came along, what somebody waits for, the end of a card."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Team, User
from accounts.widgets import Chips, Ticks
from casework.forms.fields import RuledForm
from casework.models import Card, CheckIn, Household, HouseholdMember, Person
from casework.models.visit import Interpreting
from directory.models import ServiceType


def team_field(user: User) -> "forms.ModelChoiceField[Team]":
    """At whose desk: asked only of who works at several."""
    # Group's manager speaks of groups, also to its heirs.
    teams: QuerySet[Team] = Team.objects.filter(pk__in=user.team_ids).order_by("name")  # type: ignore[assignment]
    return forms.ModelChoiceField(
        label=_("Team"),
        queryset=teams,
        initial=teams.first(),
        empty_label=None,
        widget=Chips if len(user.team_ids) > 1 else forms.HiddenInput,
    )


class ScanForm(ActionForm):
    """One scan, code or name; who is meant is found before, so these are keywords of `check_in`."""

    q = forms.CharField(
        label=_("Card, code or name"),
        max_length=200,
        error_messages={"required": _("Scan a card, or type a code or a name.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, user: User, how: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever is chosen among those found is typed no second time.
        self.fields["q"].required = not self.data.get("person")
        self.fields["team"] = team_field(user)
        self.how = how

    def clean(self) -> dict[str, Any]:
        self.cleaned_data.pop("q", None)
        return {**self.cleaned_data, "how": self.how}


class WaitingForm(ActionForm):
    waits_for = forms.ChoiceField(
        label=_("Waits for"), choices=CheckIn.Waits.choices, widget=Chips, required=False
    )


class EverybodyOutForm(ActionForm):
    """Who comes in after the page was looked at was not meant by it."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput)


class MemberField(forms.ModelMultipleChoiceField[Person]):
    """People of one household, by code and age."""

    def label_from_instance(self, person: Person) -> str:
        return f"{person.code} · {person.who}"


class FamilyForm(RuledForm):
    """Who came along, and what was done for all: the keywords of `check_in_family`."""

    services = forms.ModelMultipleChoiceField(
        label=_("What did we do for each of them?"),
        help_text=_("Leave it empty to check them in only."),
        queryset=ServiceType.objects.on_hub_form(),
        widget=Ticks(keys=True, small=True),
        required=False,
    )
    interpreting = forms.ChoiceField(
        label=_("Who interpreted?"),
        choices=Interpreting.choices,
        initial=Interpreting.NOT_NEEDED,
        widget=Chips,
    )

    field_order = ("operation", "members", "services", "override", "interpreting", "team")

    def __init__(self, *args: Any, user: User, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beside = HouseholdMember.objects.visible_to(user).beside(person.pk)
        self.fields["members"] = MemberField(
            label=_("Who came along?"),
            queryset=Person.objects.visible_to(user).filter(pk__in=beside.values("person")),
            widget=Ticks(keys=True),
            required=False,
        )
        self.fields["team"] = team_field(user)
        self.order_fields(self.field_order)
        self.household = Household.objects.filter(members__in=beside).first()


class EndCardForm(ActionForm):
    state = forms.ChoiceField(
        label=_("What happened to the card?"),
        choices=[
            (Card.State.RETURNED, Card.State.RETURNED.label),
            (Card.State.LOST, Card.State.LOST.label),
        ],
        widget=Chips,
    )
