"""What is typed into the register of interpreters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms import ActionForm
from accounts.models import Role, User
from accounts.widgets import Chips, Ticks
from casework.forms.fields import DayInput
from casework.forms.talking import NO_DAY
from casework.models import Interpreter
from directory.models import Dialect, Language


class DialectsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic at type time only
    """Dialects with their language before them."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.language}: {obj}"


class InterpreterForm(ActionForm):
    """The keywords of `edit_interpreter`."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    name = forms.CharField(label=_("What colleagues call the interpreter"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    languages = forms.ModelMultipleChoiceField(
        label=_("Languages"),
        queryset=Language.objects.spoken().often_met(),
        widget=Ticks(small=True),
        error_messages={"required": _("Choose at least one language.")},
    )
    dialects = DialectsField(
        label=_("Dialects"),
        queryset=Dialect.objects.select_related("language").order_by("language__order", "order"),
        widget=Ticks(small=True),
        required=False,
    )
    gender = forms.ChoiceField(label=_("Gender"), choices=Interpreter.Gender.choices, widget=Chips)
    country = forms.ChoiceField(
        label=_("Country of origin"),
        help_text=_("Only for the wish to have nobody from the same community."),
        choices=[("", _("Not said")), *countries],
        required=False,
    )
    comes_in_person = forms.BooleanField(label=_("Comes in person"), initial=True, required=False)
    works_by_phone = forms.BooleanField(
        label=_("Interprets by phone"), initial=True, required=False
    )
    pledged_on = forms.DateField(
        label=_("Pledge signed on"),
        help_text=_("The pledge to keep silent. Without it nobody is asked to interpret."),
        widget=DayInput,
        error_messages=NO_DAY,
        required=False,
    )
    pledge_until = forms.DateField(
        label=_("Pledge holds until"), widget=DayInput, error_messages=NO_DAY, required=False
    )
    vetting = forms.ChoiceField(
        label=_("Vetting"), choices=Interpreter.Vetting.choices, widget=Chips
    )
    vetted_until = forms.DateField(
        label=_("Vetting holds until"), widget=DayInput, error_messages=NO_DAY, required=False
    )
    user = forms.ModelChoiceField(
        label=_("Login"),
        queryset=User.objects.none(),
        empty_label=_("None"),
        required=False,
    )
    is_available = forms.BooleanField(label=_("Can be asked"), initial=True, required=False)
    left_on = forms.DateField(
        label=_("Left on"),
        help_text=_("Name and phone are forgotten two years later."),
        widget=DayInput,
        error_messages=NO_DAY,
        required=False,
    )
    notes = forms.CharField(
        label=_("Notes"),
        help_text=_("Of clients nothing is written here."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(
        self, *args: Any, editor: User, interpreter: Interpreter | None = None, **kwargs: Any
    ) -> None:
        if interpreter is not None:
            kwargs["initial"] = self._said(interpreter)
        else:
            kwargs["initial"] = {"gender": "unknown", "vetting": "not_begun"}
        super().__init__(*args, **kwargs)
        logins = User.objects.filter(
            organization=editor.organization_id,
            is_active=True,
            role_assignments__role=Role.Code.INTERPRETER,
        )
        self.fields["user"].queryset = logins.distinct().order_by("name")  # type: ignore[attr-defined]  # of rows

    @classmethod
    def _said(cls, row: Interpreter) -> dict[str, Any]:
        kept = {"operation", "languages", "dialects", "user", "country"}
        told = {name: getattr(row, name) for name in cls.base_fields if name not in kept}
        return {
            **told,
            "country": row.country.code or "",
            "user": row.user_id,
            "languages": [language.pk for language in row.languages.all()],
            "dialects": [dialect.pk for dialect in row.dialects.all()],
        }
