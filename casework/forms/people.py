"""What is typed about a person: the facts, and what she is called."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms import ActionForm
from accounts.widgets import Chips, Choices, Segments, Ticks
from casework.forms.birth import birth_field, calendar_field, chosen_birth, exactness_field
from casework.models import ContactRule, Person, PersonIdentity
from casework.models.person import YesNo
from casework.talking import BY_MAIL, BY_PHONE, Reach, is_open
from directory.models import Language


class Difference(NamedTuple):
    """One field of two versions: what stands there now, what was typed, and who changed it."""

    name: str
    label: str
    now: str
    typed: str
    is_mine: bool
    is_theirs: bool


class ChangePersonForm(ActionForm):
    """The keywords of `change_person`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, widget=Chips)
    birth_year_from = forms.IntegerField(
        label=_("Born in, or between"), min_value=1900, max_value=2200, required=False
    )
    birth_year_to = forms.IntegerField(
        label=_("and"), min_value=1900, max_value=2200, required=False
    )
    birth_year_source = forms.ChoiceField(
        label=_("How the age is known"), choices=Person.BirthYearSource.choices
    )
    nationality = forms.ChoiceField(label=_("Nationality"), choices=[*countries])
    language = forms.ModelChoiceField(
        label=_("Language"), queryset=Language.objects.spoken(), empty_label=None
    )
    other_languages = forms.ModelMultipleChoiceField(
        label=_("Speaks as well"),
        queryset=Language.objects.spoken().often_met(),
        widget=Ticks(small=True),
        required=False,
    )
    unaccompanied_or_separated = forms.ChoiceField(
        label=_("A child alone?"), choices=YesNo.choices, widget=Segments
    )
    residence_status = forms.ChoiceField(
        label=_("Residence status"), choices=Person.ResidenceStatus.choices
    )
    disability = forms.ChoiceField(label=_("Disability"), choices=YesNo.choices, widget=Segments)
    handling_note = forms.CharField(
        label=_("Before you talk"),
        help_text=_("How to talk and write to this person safely, without names."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    @classmethod
    def facts_of(cls, person: Person) -> dict[str, Any]:
        """What the form shows before anything is typed."""
        names = [name for name in cls.base_fields if name not in {"operation", "other_languages"}]
        facts = {name: getattr(person, name) for name in names}
        facts["nationality"] = person.nationality.code
        facts["language"] = person.language_id
        facts["other_languages"] = [language.pk for language in person.other_languages.all()]
        return facts

    @classmethod
    def facts_before(cls, version: Any) -> dict[str, Any]:
        """The same of an earlier version; of lists none is kept."""
        skipped = {"operation", "version", "other_languages"}
        facts = {name: getattr(version, name) for name in cls.base_fields if name not in skipped}
        return {**facts, "nationality": str(version.nationality), "language": version.language_id}

    def clean(self) -> dict[str, Any]:
        """One year alone is a year: from and until are the same."""
        cleaned = self.cleaned_data
        first, last = cleaned.get("birth_year_from"), cleaned.get("birth_year_to")
        cleaned["birth_year_from"] = first if first is not None else last
        cleaned["birth_year_to"] = last if last is not None else first
        return cleaned

    @property
    def is_stale(self) -> bool:
        """Whether somebody else changed the person meanwhile."""
        errors = self.non_field_errors().as_data() if self.is_bound else []
        return any(error.code == "stale" for error in errors)

    def differences(self, person: Person, before: dict[str, Any]) -> list[Difference]:
        """Each field in which what stands there now differs from what was typed.

        `before` is what was there when the form was opened: who changed nothing keeps theirs.
        """
        now = self.facts_of(person)
        return [
            Difference(
                bound.name,
                str(bound.label),
                self._said(bound.name, now[bound.name]),
                self._said(bound.name, typed),
                is_mine=_text(typed) != _text(before.get(bound.name, now[bound.name])),
                is_theirs=_text(now[bound.name]) != _text(before.get(bound.name, now[bound.name])),
            )
            for bound in self.visible_fields()
            if (typed := bound.value()) is not None and _text(typed) != _text(now[bound.name])
        ]

    def _said(self, name: str, value: Any) -> str:
        """A value in the words of its choices."""
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", [])}
        values = value if isinstance(value, list) else [value]
        return ", ".join(choices.get(str(each), str(each or "")) for each in values) or "–"

    def show_typed(self, typed: QueryDict, person: Person) -> None:
        """Show again all that was typed; the next save rests on what stands beside it now."""
        data = typed.copy()
        data[self.add_prefix("version")] = str(person.version)
        self.data = data


def with_theirs(typed: QueryDict, person: Person) -> QueryDict:
    """What was typed, with the fields in which the worker chose what stands there now."""
    data, now = typed.copy(), ChangePersonForm.facts_of(person)
    for name, value in now.items():
        if name != "version" and typed.get(f"take_{name}") == "theirs":
            values = value if isinstance(value, list) else [value]
            data.setlist(name, ["" if each is None else str(each) for each in values])
    return data


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(str(each) for each in value)
    return "" if value is None else str(value)


class IdentityForm(ActionForm):
    """The keywords of `record_identity`; what is recorded is not shown, and empty keeps it."""

    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    other_names = forms.CharField(
        label=_("Other names and spellings"), max_length=300, required=False
    )
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=200, required=False)
    document = forms.CharField(label=_("Document"), max_length=200, required=False)
    birth_date = birth_field(_("Date of birth"))
    calendar = calendar_field()
    exactness = exactness_field()
    address = forms.CharField(label=_("Where the person stays"), max_length=300, required=False)

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, recorded: list[str], version: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = version
        self.recorded, self.current = recorded, version
        # Whose part stays, where somebody else wrote one meanwhile: asked for after a clash.
        for name in [name for name in self.base_fields if f"take_{name}" in self.data]:
            self._ask_whose(name)
        for name in recorded:
            self.fields[name].help_text = _("Recorded. Leave it empty to keep it.")
        if recorded:
            self.fields["remove"] = forms.MultipleChoiceField(
                label=_("Remove"),
                choices=[(name, self.fields[name].label) for name in recorded],
                widget=Ticks(small=True),
                required=False,
            )

    def _ask_whose(self, name: str) -> None:
        self.fields[f"take_{name}"] = forms.ChoiceField(
            label=format_lazy(_("{part}: whose stays?"), part=self.fields[name].label),
            choices=[("mine", _("What I typed")), ("theirs", _("What stands there now"))],
            widget=Segments,
            required=False,
        )

    def settle_clashes(self) -> None:
        """After somebody else was first: ask for each part, and rest on what stands there now."""
        clashes = [
            name
            for name, errors in self.errors.as_data().items()
            if any(error.code == "stale" for error in errors)
        ]
        if clashes and isinstance(self.data, QueryDict):
            typed = self.data.copy()
            typed["version"] = str(self.current)
            self.data = typed
            for name in clashes:
                self._ask_whose(name)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        version = cleaned.pop("version", None)
        removed = cleaned.pop("remove", [])
        for name in [name for name in cleaned if name.startswith("take_")]:
            if cleaned.pop(name) == "theirs":
                cleaned.pop(name.removeprefix("take_"), None)
        if born := chosen_birth(self, "birth_date"):
            cleaned["birth_date"] = born.edtf
        parts = {name: value for name, value in cleaned.items() if name != "operation" and value}
        if not parts and not removed and not self.errors:
            self.add_error(None, _("Nothing is filled in."))
        parts.update(dict.fromkeys(removed, ""))
        kept = {"operation": cleaned.get("operation")}
        return kept | parts if version is None else {**kept, "version": version, **parts}


class RevealForm(ActionForm):
    """Why the name is needed: the keyword of `show_identity`."""

    reason = forms.ChoiceField(
        label=_("Why do you need the name?"),
        choices=PersonIdentity.Reason.choices,
        widget=Choices,
        error_messages={"required": _("Choose why you need the name.")},
    )
    override = forms.ChoiceField(
        label=_("Show phone or e-mail although it is not safe now?"),
        help_text=_("Your reason stands on the case, and a coordinator reads it."),
        choices=[("", _("No, keep them back")), *ContactRule.Override.choices],
        widget=Chips,
        required=False,
    )

    def __init__(self, *args: Any, reaches: Iterable[Reach], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = list(reaches)
        if is_open(lines, BY_PHONE) and is_open(lines, BY_MAIL):
            del self.fields["override"]

    def clean(self) -> dict[str, Any]:
        """Each showing is an act of its own, also when the same form is sent again."""
        return {**self.cleaned_data, "operation": None}


class OpenCaseForm(ActionForm):
    """Nothing is typed: opening is one button."""
