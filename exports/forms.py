"""What is typed about exports: decisions, and which lines of the register to show."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from exports.models import Export


class NothingForm(ActionForm):
    """Nothing to say but that it is meant."""


class RegisterFilterForm(forms.Form):
    """Which lines of the register; what is not understood narrows nothing."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Export.Kind.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), *Export.State.choices], required=False
    )

    def narrowed(self) -> dict[str, Any]:
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}
