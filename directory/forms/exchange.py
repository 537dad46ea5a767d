"""A directory file that is brought in: first looked at, then taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from directory.actions import import_document, preview_document
from directory.actions.exchange import Counts
from directory.hsds import Document, ExchangeError, read_document
from directory.models import OrganizationProfile


class DocumentForm(forms.Form):
    """The file; what it would do is shown before anything is done."""

    file = forms.FileField(label=_("File"), help_text=_("HSDS 3 as JSON, up to one megabyte."))

    def clean_file(self) -> str:
        """The text of the file, which is what the form has afterwards."""
        content = self.cleaned_data["file"].read()
        try:
            self.document = read_document(content)
        except ExchangeError as error:
            raise forms.ValidationError(str(error)) from error
        return str(content.decode("utf-8"))

    def preview(self, actor: User) -> Counts | None:
        """What it would do; a refusal becomes a form error."""
        try:
            return preview_document(self.document, actor=actor)
        except ExchangeError as error:
            self.add_error("file", str(error))
            return None


class ImportForm(ActionForm):
    """The text that was looked at, once more."""

    document = forms.CharField(widget=forms.HiddenInput, strip=False)

    def clean_document(self) -> Document:
        try:
            return read_document(self.cleaned_data["document"].encode())
        except ExchangeError as error:
            raise forms.ValidationError(str(error)) from error


def import_directory(*, document: Document, actor: User) -> OrganizationProfile | None:
    """Take the file in; a refusal is one of the form."""
    try:
        import_document(document, actor=actor)
    except ExchangeError as error:
        raise forms.ValidationError(str(error)) from error
    return None


def counted(counts: Counts) -> list[dict[str, Any]]:
    """The counts as rows of a table."""
    return [{"table": table, **dict(states)} for table, states in counts.items()]
