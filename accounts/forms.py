"""What every form of the house shares: one try, one submission, one place for errors."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.actions import make_first_administrator, perform_once
from accounts.functions import areas_for, words
from accounts.models import Role, User
from accounts.widgets import Ticks
from vault.keys import key_provider

REQUIRED = forms.Field.default_error_messages["required"]


class ActionForm(forms.Form):
    """A form that speaks one verb: its field names are the action's keywords.

    The hidden `operation` makes a second click find the first one's result.
    """

    operation = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    result: Any = None

    def perform(self, action: Callable[..., Any], *targets: models.Model, actor: User) -> bool:
        """Run the action on the cleaned fields; its ValidationError becomes form errors.

        What the action returned is in `result`.
        """
        if not self.is_valid():
            return False
        keywords = dict(self.cleaned_data)
        operation = keywords.pop("operation")
        try:
            with transaction.atomic():
                self.result = perform_once(
                    operation,
                    action.__name__,
                    lambda: action(*targets, **keywords, actor=actor),
                    actor=actor,
                    fingerprint=self._fingerprint(targets),
                )
        except ValidationError as error:
            self._take_over(error)
            return False
        return True

    def add_error(self, field: str | None, error: Any) -> None:
        """Say it in our words that an answer is missing, where the field has none of its own."""
        if field and getattr(error, "code", "") == "required" and error.message == REQUIRED:
            error = ValidationError(_("There is no answer here yet."), "required")
        super().add_error(field, error)

    def _fingerprint(self, targets: Iterable[models.Model]) -> str:
        """What tells a second click from a form that was filled in anew after going back.

        Keyed: the row stays in the database, and nobody may guess from it what was typed.
        """
        told = [str(target.pk) for target in targets]
        for name in sorted(self.fields):
            told += [name, *self._typed(self.add_prefix(name))]
        return key_provider().blind("operation", "\0".join(told)).hex()

    def _typed(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict):
            return self.data.getlist(name)
        return [str(self.data.get(name, ""))]

    def _take_over(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            known = name if name != NON_FIELD_ERRORS and name in self.fields else None
            for each in errors:
                self.add_error(known, each)


class MomentField(forms.DateTimeField):
    """A day and a time, whatever time zone it was told in; not at the ends of the calendar."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class ThemeForm(ActionForm):
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme, widget=forms.RadioSelect)


class NoticePreferenceForm(ActionForm):
    by_mail = forms.BooleanField(
        label=_("Tell me by mail"),
        help_text=_("The mail says that there is something new, and nothing else."),
        required=False,
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        widget=forms.TimeInput(attrs={"type": "time", "class": "w-s"}, format="%H:%M"),
        required=False,
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        widget=forms.TimeInput(attrs={"type": "time", "class": "w-s"}, format="%H:%M"),
        required=False,
    )


class PushForm(ActionForm):
    """What a browser says of itself; a script fills it in."""

    endpoint = forms.CharField(widget=forms.HiddenInput, max_length=1000)
    p256dh = forms.CharField(widget=forms.HiddenInput, max_length=100)
    auth = forms.CharField(widget=forms.HiddenInput, max_length=40)


class FirstAdministratorForm(forms.Form):
    """How an empty installation begins; nobody is signed in yet, so it is no ActionForm."""

    code = forms.CharField(
        label=_("Code shown by the server"),
        help_text=_("Run `manage.py setup_code` on the server to see it."),
        max_length=40,
    )
    organization = forms.CharField(label=_("Your organization"), max_length=200)
    team = forms.CharField(label=_("First team"), max_length=150)
    name = forms.CharField(label=_("Your name"), max_length=150)
    username = forms.CharField(label=_("Username"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 15 characters; a sentence is good."),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def perform(self) -> bool:
        """Begin; refusals become form errors."""
        if not self.is_valid():
            return False
        try:
            with transaction.atomic():
                make_first_administrator(**self.cleaned_data)
        except ValidationError as error:
            known = not hasattr(error, "error_dict") or set(error.error_dict) <= set(self.fields)
            self.add_error(None, error if known else error.messages)
            return False
        return True


class RoleForm(ActionForm):
    """The functions of one role, a list for each area; nothing holds before it is confirmed."""

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    is_confirmed = False

    def __init__(self, *args: Any, role: Role, held: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = frozenset(held)
        for place, area in enumerate(areas_for(role.code)):
            self.fields[f"area_{place}"] = forms.MultipleChoiceField(
                label=str(area.title),
                choices=list(area.functions.items()),
                widget=Ticks(small=True),
                required=False,
                initial=sorted(self.held & area.functions.keys()),
            )

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        self.is_confirmed = bool(given.pop("confirmed", False))
        chosen = {name for field, names in given.items() if field != "operation" for name in names}
        # What this page has no words for is neither given nor taken here.
        chosen |= self.held - words().keys()
        return {"operation": given.get("operation"), "functions": sorted(chosen)}

    @property
    def differences(self) -> list[tuple[Any, bool]]:
        """(what it lets somebody do, whether it is given) of what would change."""
        wanted = frozenset(self.cleaned_data["functions"])
        return [
            (said, name in wanted)
            for name, said in words().items()
            if (name in wanted) != (name in self.held)
        ]
