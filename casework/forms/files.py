"""What is said of a file when it is added."""

import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.levels import Level
from accounts.widgets import Chips, Choices
from casework.models import Case, CaseFile
from files.kinds import ENDINGS


class AddFileForm(ActionForm):
    """The keywords of `add_file`."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Photo, pdf, docx, xlsx, m4a or opus, up to 20 MB."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )
    kind = forms.TypedChoiceField(
        label=_("What kind of file is it?"),
        choices=CaseFile.Kind.choices,
        coerce=CaseFile.Kind,
        widget=Chips,
        error_messages={"required": _("Choose what it is.")},
    )
    label = forms.CharField(
        label=_("In a few words"),
        help_text=_("Sealed, like the file's own name."),
        max_length=200,
        required=False,
    )
    level = forms.TypedChoiceField(
        label=_("Who may see it?"),
        choices=CaseFile.LEVELS,
        coerce=int,
        initial=int(Level.NARRATIVE),
        widget=Choices,
    )
    keep_original = forms.BooleanField(
        label=_("Keep the original as evidence"),
        help_text=_(
            "Opened files lose place, camera and author. The original keeps them; two people"
            " decide who gets it."
        ),
        required=False,
    )

    def __init__(self, *args: object, case: Case, own: Level, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        if own < Level.RESTRICTED:
            self.fields["level"].widget = forms.HiddenInput()

    def _typed(self, name: str) -> list[str]:
        """What tells two submissions apart; of a file, its content."""
        upload = self.files.get(name)
        if upload is None:
            return super()._typed(name)
        upload.seek(0)
        return [hashlib.sha256(upload.read()).hexdigest()]


class RemoveFileForm(ActionForm):
    """Nothing to say but that it is meant."""
