"""Results, next steps, sources and names of an instrument."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.widgets import Ticks
from screening import drafting
from screening.explain import say
from screening.instrument_forms.block import BlockForm
from screening.language import parse, tell
from screening.scoring import Definition

CERTAINTY = [
    ("found_primary", _("Read in the original")),
    ("found_secondary", _("Read in another source")),
    ("found_paraphrased", _("Our own words after a source")),
    ("own_knowledge", _("Known, checked by nobody")),
    ("project_proposal", _("A proposal of ours")),
]


class DimensionForm(BlockForm):
    """What a dimension is called."""

    title = _("Dimension")

    def build(self) -> None:
        found = drafting.entry(self.definition, "dimension", self.key)
        self.texts("label", _("Name"), found["label"])

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {"label": self.told(given, "label")}
        return partial(drafting.with_entry, block="dimension", key=self.key, values=values)


class BandForm(BlockForm):
    """A result: what it is called, what follows, when it holds."""

    title = _("Result")

    def build(self) -> None:
        _profile, words, rule = drafting.band_of(self.definition, self.key)
        self.texts("label", _("Name"), words["label"])
        self.texts("summary", _("What it means"), words["summary"])
        self.fields["actions"] = forms.MultipleChoiceField(
            label=_("What to do"),
            choices=[(a["code"], say(a["text"])) for a in self.definition["actions"]],
            widget=Ticks,
            required=False,
        )
        self.initial["actions"] = words["actions"]
        self.fields["ask_again_days"] = forms.IntegerField(
            label=_("A new talk after so many days"),
            required=False,
            min_value=0,
            max_value=730,
            help_text=_("Empty: as usual in this house. 0: none is proposed."),
        )
        self.initial["ask_again_days"] = words.get("ask_again_days")
        if "when" in rule:
            self.rule(_("Holds when"), drafting.condition_text(rule), required=True)

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        when = given.get("when", "")
        if "when" in self.fields:
            parse(when)
        values = {
            "label": self.told(given, "label"),
            "summary": self.told(given, "summary"),
            "actions": given["actions"],
            "ask_again_days": given["ask_again_days"],
        }
        return partial(drafting.with_band, key=self.key, values=values, when=when)


class ActionBlockForm(BlockForm):
    """A next step: its words, and within how many hours."""

    title = _("Next step")
    within_hours = forms.IntegerField(
        label=_("Within hours"), required=False, min_value=0, max_value=10_000
    )

    def build(self) -> None:
        found = drafting.entry(self.definition, "action", self.key)
        self.texts("text", _("Words"), found["text"])
        self.initial["within_hours"] = found.get("within_hours")

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {"text": self.told(given, "text"), "within_hours": given["within_hours"]}
        return partial(drafting.with_entry, block="action", key=self.key, values=values)


class NewActionForm(ActionBlockForm):
    """One more next step."""

    title = _("New next step")
    code = forms.RegexField(
        label=_("Name inside the file"),
        regex=r"^[a-z][a-z0-9_]*$",
        max_length=40,
        help_text=_("Small letters, numbers, underscores."),
    )

    def build(self) -> None:
        self.texts("text", _("Words"), {})

    def clean_code(self) -> str:
        return _unused(self.definition, "actions", str(self.cleaned_data["code"]))

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {"code": given["code"], "text": self.told(given, "text")}
        if given["within_hours"] is not None:
            values["within_hours"] = given["within_hours"]
        return partial(drafting.added, block="action", values=values)


class SourceForm(BlockForm):
    """Where content comes from, and how sure that is."""

    title = _("Source")
    name = forms.CharField(label=_("Title"), max_length=500)
    certainty = forms.ChoiceField(label=_("How sure"), choices=CERTAINTY)

    def build(self) -> None:
        found = drafting.entry(self.definition, "source", self.key)
        self.initial.update({"name": found["title"], "certainty": found["certainty"]})

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {"title": given["name"], "certainty": given["certainty"]}
        return partial(drafting.with_entry, block="source", key=self.key, values=values)


class NewSourceForm(SourceForm):
    """One more source."""

    title = _("New source")
    code = forms.RegexField(
        label=_("Name inside the file"),
        regex=r"^[a-z][a-z0-9_]*$",
        max_length=40,
        help_text=_("Small letters, numbers, underscores."),
    )

    def build(self) -> None:
        """Nothing is known yet."""

    def clean_code(self) -> str:
        return _unused(self.definition, "sources", str(self.cleaned_data["code"]))

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {"code": given["code"], "title": given["name"], "certainty": given["certainty"]}
        return partial(drafting.added, block="source", values=values)


def _unused(definition: Definition, name: str, code: str) -> str:
    if code in {entry["code"] for entry in definition[name]}:
        raise forms.ValidationError(_("This name is used already."))
    return code


class RuleTextForm(BlockForm):
    """How a rule is told as a reason."""

    title = _("Words of a rule")

    def build(self) -> None:
        self.texts("text", _("Words"), drafting.rule_text(self.definition, self.key))

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        return partial(drafting.with_rule_text, key=self.key, text=self.told(given, "text"))


class AlertForm(BlockForm):
    """When something must happen at once."""

    title = _("At once when")

    def build(self) -> None:
        text = drafting.condition_text(drafting.alert_of(self.definition, self.key))
        self.rule(_("Holds when"), text, required=True)

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        parse(given["when"])
        return partial(drafting.with_alert, key=self.key, when=given["when"])


class ElementForm(BlockForm):
    """What shows an act, means or a purpose."""

    title = _("Act, means, purpose")

    def build(self) -> None:
        _profile, _element, rule = drafting.element_of(self.definition, self.key)
        self.rule(_("Holds when"), tell(rule), required=True)

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        parse(given["when"])
        return partial(drafting.with_element, key=self.key, when=given["when"])
