"""The frame of an instrument and its parts: days, reach, titles, when a part is asked."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.widgets import Ticks
from directory.models import Route
from screening import drafting
from screening.instrument_forms.block import BlockForm, condition_of
from screening.scoring import Definition

KINDS = [
    ("screening", _("A screening")),
    ("danger", _("Signs of danger")),
    ("arrival", _("First needs on arrival")),
]
DAY = forms.DateInput(attrs={"type": "date"})


class FrameForm(BlockForm):
    """Version, days, reach."""

    title = _("Version, days and reach")
    number = forms.RegexField(
        label=_("Version number"), regex=r"^[0-9]+(\.[0-9]+)*$", max_length=20
    )
    owner = forms.CharField(label=_("Who answers for it"), max_length=200)
    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    valid_from = forms.DateField(label=_("First day"), widget=DAY)
    valid_until = forms.DateField(label=_("Last day"), widget=DAY, required=False)
    review_on = forms.DateField(label=_("To be reviewed on"), widget=DAY)
    countries = forms.CharField(
        label=_("Countries"),
        required=False,
        max_length=300,
        help_text=_("Codes of two letters, with a space between. Empty: everywhere."),
    )
    routes = forms.MultipleChoiceField(
        label=_("Routes"), widget=Ticks, required=False, help_text=_("None ticked: all of them.")
    )
    age_from = forms.IntegerField(label=_("From age"), required=False, min_value=0, max_value=120)
    age_until = forms.IntegerField(label=_("Until age"), required=False, min_value=0, max_value=120)
    notes = forms.CharField(
        label=_("What a reader must know"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One note a line."),
    )

    def build(self) -> None:
        old = self.definition
        scope = old["scope"]
        self.texts("title", _("Title"), old["title"])
        self.initial.update({name: old[name] for name in ("owner", "kind", "review_on")})
        self.initial.update({"valid_from": old["valid_from"], "valid_until": old["valid_until"]})
        self.initial.update({"number": old["version"], "notes": "\n".join(old["notes"])})
        self.initial["countries"] = " ".join(scope["countries"])
        listed = {route.code: route.name for route in Route.objects.all()}
        # A file may name routes of its own.
        own = {code: code for code in scope["routes"] if code not in listed}
        cast(forms.MultipleChoiceField, self.fields["routes"]).choices = [*(listed | own).items()]
        self.initial["routes"] = scope["routes"]
        self.initial.update(
            {"age_from": scope["ages"]["from"], "age_until": scope["ages"]["until"]}
        )

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        until = given["valid_until"]
        values = {
            "version": given["number"],
            "title": self.told(given, "title"),
            "owner": given["owner"],
            "kind": given["kind"],
            "valid_from": given["valid_from"].isoformat(),
            "valid_until": until.isoformat() if until else None,
            "review_on": given["review_on"].isoformat(),
            "scope": {
                "countries": sorted(set(given["countries"].upper().split())),
                "routes": sorted(given["routes"]),
                "ages": {"from": given["age_from"], "until": given["age_until"]},
            },
            "notes": [line.strip() for line in given["notes"].splitlines() if line.strip()],
        }
        return partial(drafting.with_frame, values=values)


class SectionForm(BlockForm):
    """The title of a part, and when it is asked."""

    title = _("Part")

    def build(self) -> None:
        section = drafting.entry(self.definition, "section", self.key)
        self.texts("title", _("Title"), section["title"])
        text = drafting.condition_text(section)
        self.rule(_("Asked only when"), text, required=False)

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {"title": self.told(given, "title"), "when": condition_of(given)}
        return partial(drafting.with_entry, block="section", key=self.key, values=values)


class GroupForm(BlockForm):
    """What stands above a group of questions, and when it is asked."""

    title = _("Group of questions")

    def build(self) -> None:
        group = drafting.entry(self.definition, "group", self.key)
        self.texts("prompt", _("Words above"), group["prompt"])
        self.texts("hint", _("Hint"), group.get("hint", {}), required=False)
        self.rule(_("Asked only when"), drafting.condition_text(group), required=False)

    def change(self, given: Mapping[str, Any]) -> Callable[[Definition], dict[str, Any]]:
        values = {
            "prompt": self.told(given, "prompt"),
            "hint": self.told(given, "hint") or None,
            "when": condition_of(given),
        }
        return partial(drafting.with_entry, block="group", key=self.key, values=values)
