"""What is asked before a draft begins, is confirmed or published, or a version ends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm


class BeginInstrumentForm(ActionForm):
    """An instrument that does not exist yet."""

    code = forms.RegexField(
        label=_("Name inside the house"),
        regex=r"^[a-z][a-z0-9_]{0,30}$",
        help_text=_("Small letters, numbers, underscores. It stands in addresses: no topic."),
    )
    title = forms.CharField(label=_("Title in English"), max_length=200)


class DraftVersionForm(ActionForm):
    """A verb on the draft as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReviewForm(DraftVersionForm):
    """Confirm a translation."""

    language = forms.CharField(max_length=3, widget=forms.HiddenInput)


class RetireForm(ActionForm):
    """The last day of a version."""

    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))


class SwitchForm(ActionForm):
    """Offer an instrument, or not."""

    is_on = forms.TypedChoiceField(
        choices=[("on", _("Offer")), ("off", _("Do not offer"))],
        coerce=lambda value: value == "on",
        widget=forms.HiddenInput,
    )


class PlainForm(ActionForm):
    """A verb that asks for nothing."""
