"""What is typed at the door: signing in, a new password, an invitation."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import FactorReset, Organization, Role, Team
from accounts.passwords import LONGEST
from accounts.widgets import Choices, Ticks


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("New password"),
        help_text=_("At least 15 characters. Several words that nobody connects are good."),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth has no types
    """Username and password; what is longer than a password may be is refused unread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        login.label, login.max_length = _("Username"), 150
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            max_length=LONGEST,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"max_length": _("A password has at most 128 characters.")},
        )


class AskForResetForm(forms.Form):
    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class NewPasswordForm(forms.Form):
    """A password its owner chooses; typed once, because it can be shown."""

    password = new_password_field()

    def take_over(self, error: ValidationError) -> None:
        """Show why the password was not taken."""
        over = getattr(error, "code", "") == "over"
        self.add_error(None if over else "password", error.messages)


class ChangePasswordForm(ActionForm):
    password = new_password_field()


class AcceptForm(forms.Form):
    """One tick for each text that is new to somebody."""

    def __init__(self, *args: Any, agreements: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for agreement in agreements:
            self.fields[str(agreement.kind)] = forms.BooleanField(
                label=_("I have read this and agree"),
                error_messages={"required": _("You can go on only when you agree.")},
            )


class InviteForm(ActionForm):
    """Who is invited, and what she will be able to do."""

    name = forms.CharField(label=_("Name"), max_length=150)
    username = forms.CharField(
        label=_("Username"), help_text=_("What she signs in with."), max_length=150
    )
    email = forms.EmailField(
        label=_("Work email"),
        help_text=_("For a link to a new password; nothing about clients is ever sent there."),
        required=False,
    )
    organization = forms.ModelChoiceField(
        label=_("Organization"), queryset=Organization.objects.order_by("name_en")
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.order_by("name"),
        required=False,
        widget=Ticks,
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.Code, widget=Ticks)
    roles_end_on = forms.DateField(
        label=_("Roles end on"),
        help_text=_("Leave empty when there is no end yet."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
    )

    def offer(self, organizations: QuerySet[Organization], teams: QuerySet[Any]) -> None:
        """Let choose among the organizations in somebody's care, and their teams."""
        rows = organizations.order_by("name_en")
        self.fields["organization"].queryset = rows  # type: ignore[attr-defined]  # the field is a model's
        of_these = teams.filter(organization__in=organizations)
        self.fields["teams"].queryset = of_these  # type: ignore[attr-defined]  # the field is a model's

    def clean_teams(self) -> list[Team]:
        return list(self.cleaned_data["teams"])


class FactorResetForm(ActionForm):
    proof = forms.ChoiceField(
        label=_("How do you know that it is her?"),
        choices=FactorReset.Proof,
        widget=Choices,
    )


class ConfirmResetForm(ActionForm):
    """Nothing to fill in: the second person says yes."""


class RenewForm(ActionForm):
    """Nothing to fill in: the paper is signed."""
