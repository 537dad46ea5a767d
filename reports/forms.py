"""What a person may type to have a report counted."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from directory.models import Grant
from reports.models import ReportTemplate


class RequestForm(ActionForm):
    template = forms.ModelChoiceField(
        label=_("Which report?"),
        queryset=ReportTemplate.objects.filter(is_current=True),
        empty_label=None,
    )
    grant = forms.ModelChoiceField(
        label=_("Grant"),
        help_text=_("Leave it empty to count all work of your organization."),
        queryset=Grant.objects.none(),
        required=False,
    )
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grant"].queryset = Grant.objects.held_by(  # type: ignore[attr-defined]
            actor.organization
        )

    def clean(self) -> dict[str, Any]:
        """People name the last day; the period ends before the day after it."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.pop("ends_on", None)
        if first and last and last < first:
            raise ValidationError({"ends_on": _("The last day lies before the first day.")})
        if last is not None:
            data["ends_before"] = last + timedelta(days=1)
        return data


class NothingForm(ActionForm):
    """A button: nothing is typed."""
