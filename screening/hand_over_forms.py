"""What a worker types when she gives the screen away, and when she takes it back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.hand_over import Outcome
from accounts.models import Session, User
from accounts.widgets import Choices
from directory.models import Language
from screening import actions
from screening.alone import languages
from screening.models import Screening

CODE = r"^[0-9]{4,8}$"
# No browser offers to keep a code that is used once.
CODE_INPUT = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "pattern": "[0-9]{4,8}",
    "class": "w-s",
}


def _code(label: Any, hint: Any = "") -> forms.RegexField:
    return forms.RegexField(
        CODE,
        label=label,
        help_text=hint,
        max_length=8,
        error_messages={"invalid": _("Type 4 to 8 digits.")},
        widget=forms.PasswordInput(attrs=CODE_INPUT),
    )


class HandOverForm(forms.Form):
    """No ActionForm: nothing of a code is kept, not even what tells two clicks apart."""

    code = _code(_("Code for you alone"), _("4 to 8 digits. Only this code leads back."))
    again = _code(_("The same code again"))

    def __init__(self, data: Any = None, *, screening: Screening) -> None:
        super().__init__(data)
        self.screening = screening
        codes = languages(screening.instrument_version.definition)
        rows = Language.objects.filter(code__in=codes)
        names = {row.code: row.endonym or row.name for row in rows}
        self.fields["language"] = forms.ChoiceField(
            label=_("In which language?"),
            choices=[(code, names.get(code, code)) for code in codes],
            widget=Choices,
        )
        self.order_fields(["language", "code", "again"])
        wanted = screening.language_id
        self.initial["language"] = wanted if wanted in codes else next(iter(codes), "")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if {"code", "again"} <= given.keys() and given["code"] != given["again"]:
            self.add_error("again", _("The two codes differ."))
        return given

    def hand_over(self, row: Session, user: User) -> bool:
        """Give the screen away; a refusal becomes an error of the form."""
        if not self.is_valid():
            return False
        language, code = self.cleaned_data["language"], self.cleaned_data["code"]
        try:
            with transaction.atomic():
                actions.hand_over_screen(
                    self.screening, language=language, code=code, row=row, actor=user
                )
        except ValidationError as error:
            self.add_error(None, error)
            return False
        return True


class TakeBackForm(forms.Form):
    """No ActionForm, for the same reason."""

    code = _code(_("Your code"))

    def take_back(self, screening: Screening | None, row: Session, user: User) -> Outcome | None:
        """What the code led to; None when none was typed. A wrong one becomes the field's error."""
        if not self.is_valid():
            return None
        code = self.cleaned_data["code"]
        outcome = actions.take_back_screen(row, screening=screening, code=code, actor=user)
        if outcome is Outcome.WRONG:
            self.add_error("code", _("This is not the code. The fifth wrong one signs you out."))
        return outcome
