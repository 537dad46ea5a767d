"""What somebody puts in about recordings of questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from directory.models import Language
from screening.alone import indicators_alone, languages
from screening.explain import say
from screening.models import InstrumentVersion


class AddRecordingForm(ActionForm):
    """The keywords of `add_recording`."""

    file = forms.FileField(
        label=_("Recording"),
        help_text=_("m4a or opus. A calm voice reads the question as it stands, and nothing else."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".m4a,.opus,.ogg"}),
    )

    def __init__(self, data: Any, files: Any, *, version: InstrumentVersion) -> None:
        super().__init__(data, files)
        definition = version.definition
        texts = {i["id"]: say(i["text"]) for i in definition["indicators"]}
        self.fields["indicator"] = forms.ChoiceField(
            label=_("Question"),
            choices=[(name, texts[name]) for name in indicators_alone(definition)],
        )
        spoken = Language.objects.filter(code__in=languages(definition))
        self.fields["language"] = forms.ModelChoiceField(
            label=_("Language"), queryset=spoken, empty_label=None
        )
        self.order_fields(["indicator", "language", "file"])


class PlainRecordingForm(ActionForm):
    """Nothing to say but that it is meant."""
