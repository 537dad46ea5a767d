"""What every form of a block shares: texts in each language, a rule, one change of a draft."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from screening.language import LanguageError, parse
from screening.models import InstrumentDraft
from screening.scoring import Definition

LANGUAGE_NAMES = {"en": _("English"), "sr": _("Serbian")}
ALWAYS = ("en", "sr")


class BlockForm(ActionForm):
    """One block of a draft; `change` is what the verb does to the definition."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title: ClassVar[Any] = ""

    def __init__(self, data: Any = None, *, draft: InstrumentDraft, key: str) -> None:
        super().__init__(data, initial={"version": draft.version})
        self.definition: Definition = draft.definition
        self.key = key
        self.build()

    def build(self) -> None:
        """Add the fields, with what they hold now. Raises NoSuchBlockError."""

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        kept = {name: given[name] for name in given if name in {"operation", "version"}}
        try:
            return {**kept, "change": self.change(given)}
        except LanguageError as error:
            self.add_error("when", wrong_rule(error))
            return given

    @property
    def languages(self) -> list[str]:
        return list(dict.fromkeys([*ALWAYS, *self.definition["translations"]]))

    def texts(
        self, name: str, label: Any, text: Mapping[str, str], *, required: bool = True
    ) -> None:
        """A field for each language; only the source has to be there."""
        for language in self.languages:
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=_("%(what)s, %(language)s")
                % {"what": label, "language": LANGUAGE_NAMES.get(language, language)},
                required=required and language == "en",
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
            )
            self.initial[f"{name}_{language}"] = text.get(language, "")

    def told(self, given: Mapping[str, Any], name: str) -> dict[str, str]:
        found = {language: given[f"{name}_{language}"].strip() for language in self.languages}
        return {language: text for language, text in found.items() if text}

    def choice(self, name: str, label: Any, choices: Any, value: Any, **options: Any) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, **options)
        self.initial[name] = value

    def rule(self, label: Any, text: str, *, required: bool) -> None:
        self.fields["when"] = forms.CharField(
            label=label,
            required=required,
            max_length=4_000,
            widget=forms.Textarea(attrs={"rows": 4, "class": "ltr", "spellcheck": "false"}),
            help_text=_("For example: positive(1 of exploitation) and not child"),
        )
        self.initial["when"] = text


def wrong_rule(error: LanguageError) -> str:
    """Where a rule cannot be read, and what may stand there."""
    found = f"“{error.found}”" if error.found else _("the end")
    return str(
        _("Character %(place)s: %(found)s stands here. Expected: %(expected)s.")
        % {
            "place": error.position + 1,
            "found": found,
            "expected": ", ".join(error.expected),
        }
    )


def condition_of(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was typed as a rule; none where nothing was. Raises LanguageError."""
    return parse(given["when"]) if given["when"].strip() else None
