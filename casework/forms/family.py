"""What is typed about families: households, relations, whom to keep apart."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Chips, Choices
from casework.codes import read_code
from casework.forms.fields import DayInput
from casework.models import HouseholdMember, KeepApart, Person, Relation

NO_DAY = {"invalid": _("Write a day that is in the calendar.")}


class PersonCodeField(forms.CharField):
    """Somebody whom the reader may see, by code; whoever else does not exist here."""

    user: User

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "w-s", "autocapitalize": "characters"})
        super().__init__(**{"max_length": 12, "widget": widget, **kwargs})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        code = read_code(typed)
        if code is None:
            raise ValidationError(_("This is no code. Look at it again: 7KM-2XQ."), code="misread")
        found = Person.objects.visible_to(self.user).filter(code=code).first()
        if found is None:
            raise ValidationError(_("Nobody with this code is open to you."), code="unknown")
        return found


class OfTwoForm(ActionForm):
    """A form that names somebody else by code."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PersonCodeField):
                field.user = user


class JoinForm(OfTwoForm):
    """The keywords of `join_household`."""

    beside = PersonCodeField(
        label=_("Together with"),
        help_text=_("The code of somebody in that household. Empty begins a new one."),
        required=False,
    )
    role = forms.ChoiceField(
        label=_("In the household"),
        choices=HouseholdMember.Role.choices,
        initial=HouseholdMember.Role.MEMBER,
        widget=Chips,
    )
    since = forms.DateField(
        label=_("Since"), widget=DayInput, initial=timezone.localdate, error_messages=NO_DAY
    )


class LeaveForm(ActionForm):
    """The keyword of `leave_household`."""

    until = forms.DateField(
        label=_("Until"), widget=DayInput, initial=timezone.localdate, error_messages=NO_DAY
    )


class RelateForm(OfTwoForm):
    """The keywords of `relate`."""

    other = PersonCodeField(label=_("Code of the other person"))
    kind = forms.ChoiceField(
        label=_("The other person is the"), choices=Relation.Kind.choices, widget=Chips
    )
    basis = forms.ChoiceField(
        label=_("How it is known"),
        choices=Relation.Basis.choices,
        initial=Relation.Basis.STATED,
        widget=Chips,
    )
    is_caregiver = forms.BooleanField(label=_("Cares for this person"), required=False)
    is_known_to_both = forms.BooleanField(
        label=_("Both know of it"),
        help_text=_("Only then the file of the other person shows it as well."),
        required=False,
    )


class KeepApartForm(OfTwoForm):
    """The keywords of `keep_apart`."""

    other = PersonCodeField(label=_("Whom this person must not meet"))
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=KeepApart.Reason.choices,
        widget=Choices,
        error_messages={"required": _("Choose why they are kept apart.")},
    )


class ButtonForm(ActionForm):
    """Nothing is typed: one button."""
