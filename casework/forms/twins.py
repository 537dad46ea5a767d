"""What is chosen about two records that may be of one person."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.widgets import Choices, Segments
from casework.codes import read_code
from casework.merging import BOTH, FACTS, FIRST, IDENTITY, SECOND, Part, default_of, differs
from casework.models import Case, Person, PersonIdentity, TwinTicket


class SettleForm(ActionForm):
    """The keywords of `settle_twin`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("What is it?"),
        choices=TwinTicket.Verdict.choices,
        widget=Choices(
            hints={
                TwinTicket.Verdict.SAME: _("Somebody else chooses what is kept, and merges."),
                TwinTicket.Verdict.DIFFERENT: _("Somebody else confirms; nobody asks again."),
            }
        ),
    )


class ConfirmForm(ActionForm):
    """The keywords of `confirm_twin`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agrees = forms.TypedChoiceField(
        label=_("Do you agree?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=Segments,
    )


class OpenTicketForm(ActionForm):
    """Which other record may be of the same person; the keyword of `open_ticket`."""

    other = forms.CharField(label=_("Code of the other record"), max_length=20)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_other(self) -> Person:
        """Somebody the worker sees; any other code is unknown. Raises ValidationError."""
        code = read_code(self.cleaned_data["other"])
        person = self.people.filter(code=code).first() if code else None
        if person is None:
            raise ValidationError(_("You see no record with this code."))
        found: Person = person
        return found


class MergeForm(ActionForm):
    """Whose code stays, and of each part that differs whose value: keywords of `merge_people`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    first_version = forms.IntegerField(widget=forms.HiddenInput)
    second_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        ticket: TwinTicket,
        told: dict[Any, PersonIdentity],
        cases: list[Case],
        **kwargs: Any,
    ) -> None:
        first, second = ticket.people
        initial = {
            "version": ticket.version,
            "first_version": first.version,
            "second_version": second.version,
            "keep": FIRST if first.registered_at <= second.registered_at else SECOND,
        }
        super().__init__(*args, **kwargs)
        self.initial.update(initial)
        self.fields["keep"] = forms.ChoiceField(
            label=_("Which code stays?"),
            choices=[(FIRST, first.code), (SECOND, second.code)],
            widget=Segments,
        )
        if len(cases) > 1:
            self.fields["open_case"] = forms.TypedChoiceField(
                label=_("Which open case goes on?"),
                choices=[(str(case.pk), self._case(case)) for case in cases],
                coerce=UUID,
                widget=Choices,
                error_messages={"required": _("Say which of the two open cases goes on.")},
            )
        names = [told.get(person.pk, PersonIdentity()) for person in ticket.people]
        self.parts = self._ask(FACTS, first, second)
        self.parts += self._ask(IDENTITY, *names) if told else []

    @staticmethod
    def _case(case: Case) -> str:
        return f"{case.person.code}, {case.opened_on:%Y-%m-%d}, {case.owner.name}"

    def _ask(self, parts: tuple[Part, ...], first: Any, second: Any) -> list[str]:
        """A field for each part that differs, the better known chosen; the names of the fields."""
        asked = []
        for part in parts:
            if not differs(part, first, second):
                continue
            choices = [(FIRST, said(part, first)), (SECOND, said(part, second))]
            self.fields[part.name] = forms.ChoiceField(
                label=str(part.label).capitalize(),
                choices=[*choices, (BOTH, _("Both"))] if part.joins else choices,
                initial=default_of(part, first, second),
                widget=forms.RadioSelect,
            )
            asked.append(part.name)
        return asked

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        case = cleaned.pop("open_case", "") or None
        versions = [cleaned.pop("first_version", 0), cleaned.pop("second_version", 0)]
        choice = {name: cleaned.pop(name) for name in self.parts if name in cleaned}
        return {**cleaned, "choice": choice, "open_case": case, "versions": versions}


def said(part: Part, row: Any) -> str:
    """The value of a part as people read it."""
    if part.name == "born":
        return str(row.ages)
    if part.name == "nationality":
        return str(row.nationality.name)
    if part.name == "language":
        return str(row.language)
    told = getattr(row, f"get_{part.name}_display", None)
    return format_html(
        "<bdi>{}</bdi>", (told() if told else getattr(row, part.name)) or _("Nothing written")
    )
