"""One sign of an instrument: its words, what it counts for, where it is asked."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.widgets import Segments
from screening import drafting
from screening.explain import STRENGTH_WORDS, say
from screening.instrument_forms.block import BlockForm
from screening.scoring import Definition

STRENGTHS = [(name or "", label) for name, label in STRENGTH_WORDS.items()]
PROFILES = {"adult": _("With adults"), "child": _("With children")}
APPLIES = [("both", _("Adults and children")), ("adult", _("Adults")), ("child", _("Children"))]
EVIDENCE = [("disclosure", _("Told by the person")), ("observation", _("Seen by the worker"))]


# The key of a part that does not exist yet: no code has a dash.
NEW_PART = "new-part"
KINDS = [("answers", _("Yes, no, unclear")), ("ticks", _("Seen or not"))]
BLANK: Mapping[str, Any] = {
    "text": {},
    "dimension": "",
    "strength": {"adult": "", "child": ""},
    "applies_to": "both",
    "evidence": "disclosure",
    "source": "",
}


class IndicatorForm(BlockForm):
    """One sign: its words, what it counts for, where it is asked."""

    title = _("Sign")

    def build(self) -> None:
        indicator = drafting.entry(self.definition, "indicator", self.key)
        self.build_from(indicator, drafting.group_of(self.definition, self.key))

    def build_from(self, indicator: Mapping[str, Any], group: str) -> None:
        old = self.definition
        self.texts("text", _("Words"), indicator["text"])
        dimensions = [(d["code"], say(d["label"])) for d in old["dimensions"]]
        self.choice("dimension", _("Counts for"), dimensions, indicator["dimension"])
        for profile, label in PROFILES.items():
            value = indicator["strength"][profile] or ""
            self.choice(profile, label, STRENGTHS, value, required=False)
        groups = [
            (g["code"], say(g["prompt"])) for s in old["sections"] for g in s["groups"]
            if g["kind"] in {"answers", "ticks"}
        ]  # fmt: skip
        self.choice("group", _("Asked under"), groups, group)
        self.choice("applies_to", _("Asked of"), APPLIES, indicator["applies_to"])
        self.choice("evidence", _("How it is known"), EVIDENCE, indicator["evidence"])
        sources = [(s["code"], s["title"]) for s in old["sources"]]
        self.choice("source", _("Source"), sources, indicator["source"])

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        strength = {profile: given[profile] or None for profile in PROFILES}
        names = ("dimension", "applies_to", "evidence", "source")
        plain = {name: given[name] for name in names}
        return {"text": self.told(given, "text"), "strength": strength, **plain}

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values, group = self.values(given), given["group"]

        def change(definition: Definition) -> dict[str, Any]:
            new = drafting.with_entry(definition, "indicator", self.key, values)
            return drafting.put_into(new, self.key, group)

        return change


class NewIndicatorForm(IndicatorForm):
    """One more sign in a group."""

    title = _("New sign")
    code = forms.RegexField(
        label=_("Name inside the file"),
        regex=r"^[A-Z]+(-[A-Z]+)?-[0-9]{2,3}$",
        max_length=20,
        help_text=_("Capital letters, a dash, a number: OWN-01. It stays for ever."),
    )

    def build(self) -> None:
        drafting.entry(self.definition, "group", self.key)
        self.build_from(BLANK, self.key)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in {indicator["id"] for indicator in self.definition["indicators"]}:
            raise forms.ValidationError(_("There is such a sign already."))
        return code

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {"id": given["code"], **self.values(given)}
        return partial(drafting.added, block="indicator", values=values, group=given["group"])


class NewGroupForm(NewIndicatorForm):
    """A group of questions with its first sign, in a part that is there or in a new one."""

    title = _("New group of questions")
    kind = forms.ChoiceField(label=_("How it is answered"), choices=KINDS)

    def build(self) -> None:
        if self.key != NEW_PART:
            drafting.entry(self.definition, "section", self.key)
        self.texts("prompt", _("Words above"), {})
        self.build_from(BLANK, "")
        del self.fields["group"]

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        return partial(
            drafting.with_group,
            section="" if self.key == NEW_PART else self.key,
            kind=given["kind"],
            prompt=self.told(given, "prompt"),
            indicator={"id": given["code"], **self.values(given)},
        )


class RemoveForm(BlockForm):
    """One sign less."""

    title = _("Take out a sign")

    def build(self) -> None:
        drafting.entry(self.definition, "indicator", self.key)

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        return partial(drafting.removed, indicator=self.key)


class MoveForm(BlockForm):
    """One sign earlier or later."""

    title = _("Move a sign")
    up = forms.TypedChoiceField(
        label=_("Where to"),
        choices=[("up", _("Earlier")), ("down", _("Later"))],
        coerce=lambda value: value == "up",
        widget=Segments,
    )

    def build(self) -> None:
        drafting.entry(self.definition, "indicator", self.key)

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        return partial(drafting.moved, indicator=self.key, up=given["up"])
