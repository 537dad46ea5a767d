"""What is said of a file about clients that leaves the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization
from accounts.widgets import Choices
from casework.agreement import agreements
from casework.models import Case, Consent
from exports.models import Export

Format, Purpose = Export.Format, Export.Purpose


def agreed_receivers(case: Case) -> list[Consent]:
    """Whom she agreed to, by the answers in force."""
    rows = Consent.objects.about(case).filter(purpose=Consent.Purpose.REFERRAL, service=None)
    found = agreements(case, rows.select_related("organization"))
    return [each.consent for each in found if each.consent is not None]


class TransferForm(ActionForm):
    """The keywords of `request_transfer`."""

    recipient = forms.ModelChoiceField(
        label=_("Who gets it?"),
        help_text=_("Only those the person agreed to, and only what was agreed to."),
        queryset=Organization.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose who gets it.")},
    )
    format = forms.ChoiceField(
        label=_("In which form?"),
        choices=[(form.value, form.label) for form in (Format.LOCKED_XLSX, Format.AGE)],
        initial=Format.LOCKED_XLSX,
        widget=Choices,
    )
    recipient_key = forms.CharField(
        label=_("Public key of the receiver"),
        help_text=_("Only for the encrypted form: it begins with age1."),
        max_length=100,
        required=False,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receivers = [consent.organization_id for consent in agreed_receivers(case)]
        self.fields["recipient"].queryset = (  # type: ignore[attr-defined]  # a choice of models
            Organization.objects.filter(pk__in=[pk for pk in receivers if pk])
        )


def _purposes(*purposes: Export.Purpose) -> list[tuple[str, Any]]:
    return [(purpose.value, purpose.label) for purpose in purposes]


class ListExportForm(ActionForm):
    """The keywords of `request_list` beside the filter, which is that of the list."""

    purpose = forms.ChoiceField(
        label=_("What for?"),
        choices=_purposes(Purpose.SUPERVISION, Purpose.ACCOUNTABILITY),
        widget=Choices,
        error_messages={"required": _("Choose what it is for.")},
    )


class OriginalForm(ActionForm):
    """The keyword of `request_original`."""

    purpose = forms.ChoiceField(
        label=_("What for?"),
        choices=_purposes(Purpose.PROCEEDINGS, Purpose.RIGHTS),
        widget=Choices,
        error_messages={"required": _("Choose what it is for.")},
    )
