"""Forms of a session that waits and of a house that is locked."""

from allauth.account.forms import ReauthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.sessions import unlock_session
from accounts.forms import ActionForm
from accounts.models import EmergencyLock, Session, User


class PasswordForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password of somebody who has nothing else to confirm with."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class UnlockForm(forms.Form):
    """No ActionForm: nothing of a password is kept, not even what tells two clicks apart."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def open(self, row: Session, user: User) -> bool:
        """Open the session; a refusal becomes the field's error."""
        if not self.is_valid():
            return False
        try:
            with transaction.atomic():
                unlock_session(row, password=self.cleaned_data["password"], actor=user)
        except ValidationError as error:
            self.add_error("password", error)
            return False
        return True


class EmergencyForm(ActionForm):
    """Why everything is locked; one press and a confirmation are enough on a phone."""

    reason = forms.ChoiceField(
        label=_("What happened?"), choices=EmergencyLock.Reason, widget=forms.RadioSelect
    )


class LiftForm(ActionForm):
    """Agreeing to open again asks for nothing but the person."""
