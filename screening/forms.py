"""What a worker may put in: the first questions, one part of the talk, its end."""

from collections.abc import Mapping
from typing import Any, Self
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Chips, Choices, Segments, Ticks
from casework.actions.interpreters import WITH_INTERPRETER, may_view_interpreters
from casework.forms.talking import InterpreterField
from casework.interpreting import interpreters_for
from casework.models import Person
from casework.models.visit import Interpreting
from directory.models import Language, Route
from screening.answers import (
    BOTH,
    DECLINED,
    NO,
    SMUGGLING,
    TRAFFICKING,
    UNCLEAR,
    YES,
    Part,
    criteria_of,
    indicators_in,
    sections_asked,
)
from screening.explain import say
from screening.models import Screening
from screening.models.instrument import InstrumentVersion, InstrumentVersionQuerySet

NOT_ASKED = ("", _("Not asked"))
INDICATOR_CHOICES = [
    (YES, _("Yes")),
    (NO, _("No")),
    (UNCLEAR, _("Unclear")),
    (DECLINED, _("Does not want to say")),
    NOT_ASKED,
]
COMPARISON_CHOICES = [
    (SMUGGLING, _("Smuggling")),
    (TRAFFICKING, _("Trafficking")),
    (BOTH, _("Both")),
    NOT_ASKED,
]


class SafetyForm(ActionForm):
    """What must be clear before the first question; asked again before going on."""

    safety = forms.ChoiceField(
        label=_("Is the person alone and safe to talk?"),
        choices=Screening.Safety,
        widget=Choices,
    )
    interpreting = forms.ChoiceField(
        label=_("Interpreter"),
        choices=Interpreting,
        help_text=_("Never a relative, and nobody who travels with the person."),
    )
    present = forms.MultipleChoiceField(
        label=_("Who else is in the room?"),
        choices=Screening.Present,
        widget=Ticks,
        required=False,
        help_text=_("Leave it empty when nobody is."),
    )
    limits_explained = forms.BooleanField(
        label=_("I said what we may have to pass on, and to whom"), required=False
    )
    limits_unsaid = forms.ChoiceField(
        label=_("If it could not be said: why?"),
        choices=[("", _("It was said")), *Screening.LimitsUnsaid.choices],
        required=False,
    )
    agreed = forms.TypedChoiceField(
        label=_("Does the person want to talk about this now?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=Choices(hints={"no": _("That is a complete answer. All services stay open.")}),
        required=False,
    )

    field_order = (
        "safety",
        "language",
        "interpreting",
        "interpreter",
        "present",
        "route",
        "instrument_version",
        "limits_explained",
        "limits_unsaid",
        "agreed",
    )

    def __init__(self, data: Any = None, *, person: Person, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if may_view_interpreters(user):
            self.fields["interpreter"] = InterpreterField(
                label=_("Which interpreter?"),
                help_text=_("Ask the person first whether she knows the interpreter."),
                offers=interpreters_for(person, user),
                nobody=_("Nobody of the register"),
                required=False,
            )
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Nobody is asked to talk who is not safe; nobody counts as unwilling who was not asked."""
        given = super().clean() or self.cleaned_data
        if given.get("safety") == Screening.Safety.SAFE and given.get("agreed") == "":
            self.add_error("agreed", _("Ask the person first."))
        if given.get("interpreting") not in WITH_INTERPRETER:
            given["interpreter"] = None
        return {**given, "agreed": bool(given.get("agreed"))}


class VersionField(forms.ModelChoiceField[InstrumentVersion]):
    """Questions by what they are called, as people speak of them, and their version."""

    def label_from_instance(self, obj: InstrumentVersion) -> str:
        return f"{obj.title}, {obj.version}"


class StartForm(SafetyForm):
    """Begin a screening with a person."""

    language = forms.ModelChoiceField(
        label=_("Language of the talk"), queryset=Language.objects.spoken(), empty_label=None
    )
    route = forms.ModelChoiceField(
        label=_("By which route did the person come?"),
        queryset=Route.objects.all(),
        widget=Chips,
        empty_label=_("Not known"),
        required=False,
        help_text=_("As far as you know. Some questions are meant for some routes."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        person: Person,
        user: User,
        versions: InstrumentVersionQuerySet,
        wanted: UUID | None = None,
        route: Route | None = None,
    ) -> None:
        known = {"language": person.language_id, "route": route}
        super().__init__(data, person=person, user=user, initial=known)
        self.offered = list(versions)
        only = self.offered[0].pk if len(self.offered) == 1 else None
        offered = {version.pk for version in self.offered}
        self.fields["instrument_version"] = VersionField(
            label=_("Questions"),
            queryset=versions,
            empty_label=None,
            initial=only or (wanted if wanted in offered else usual(versions)),
            widget=forms.HiddenInput if only else forms.Select,
            error_messages={"invalid_choice": _("These questions are not meant for this route.")},
        )
        self.order_fields(self.field_order)


def usual(versions: InstrumentVersionQuerySet) -> UUID | None:
    """The questions that are asked when nothing else is wanted: those that look at all of it."""
    whole = (version.pk for version in versions if "elements" in version.definition["rules"])
    return next(whole, None)


class VersionedForm(ActionForm):
    """A form that was filled in on one state of a screening."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PartForm(VersionedForm):
    """The coded answers of one part of the talk. It has no field for a text."""

    def __init__(self, data: Any = None, *, screening: Screening, number: int) -> None:
        super().__init__(data)
        self.definition = screening.instrument_version.definition
        self.profile = screening.profile
        (self.section,) = (
            section
            for section in sections_asked(
                self.definition,
                screening.sheet,
                profile=self.profile,
                unaccompanied_or_separated=screening.unaccompanied_or_separated,
            )
            if section["number"] == number
        )
        self.code = self.section["code"]
        self.initial = {"version": screening.version}
        kept = screening.sheet.parts.get(self.code, {})
        self.groups = [self._group(group, kept) for group in self.section["groups"]]

    def _group(self, group: Mapping[str, Any], kept: Part) -> dict[str, Any]:
        """Add the fields of a group; what the page needs to show it."""
        add = {
            "answers": self._answers,
            "ticks": self._ticks,
            "acts": self._codes,
            "purposes": self._codes,
            "comparison": self._comparison,
        }
        names = add[group["kind"]](group, kept)
        is_one_question = group["kind"] in {"ticks", "acts", "purposes"}
        return {
            "prompt": "" if is_one_question else say(group["prompt"]),
            "hint": "" if is_one_question else _hint(group),
            "fields": [self[name] for name in names],
        }

    def _answers(self, group: Mapping[str, Any], kept: Part) -> list[str]:
        names = []
        for indicator in indicators_in(self.definition, group, self.profile):
            name = indicator["id"]
            hint = str(_("The client answered this alone.")) if name in kept.get("by", {}) else ""
            self.fields[name] = _choice(say(indicator["text"]), INDICATOR_CHOICES, hint)
            self.initial[name] = kept.get("indicators", {}).get(name, "")
            names.append(name)
        return names

    def _ticks(self, group: Mapping[str, Any], kept: Part) -> list[str]:
        indicators = indicators_in(self.definition, group, self.profile)
        choices = [(indicator["id"], say(indicator["text"])) for indicator in indicators]
        name = f"seen_{group['code']}"
        self.fields[name] = _many(group, choices)
        self.initial[name] = list(kept.get("indicators", {}))
        return [name]

    def _codes(self, group: Mapping[str, Any], kept: Part) -> list[str]:
        name = group["kind"]
        choices = [(entry["code"], say(entry["label"])) for entry in self.definition[name]]
        self.fields[name] = _many(group, choices)
        self.initial[name] = kept.get(name, [])
        return [name]

    def _comparison(self, group: Mapping[str, Any], kept: Part) -> list[str]:
        names = []
        for criterion in criteria_of(self.definition):
            name = f"compare_{criterion['code']}"
            self.fields[name] = _choice(
                say(criterion["question"]), COMPARISON_CHOICES, hint=_told_apart(criterion)
            )
            self.initial[name] = kept.get("comparison", {}).get(criterion["code"], "")
            names.append(name)
        return names

    def clean(self) -> dict[str, Any]:
        """The answers as the action takes them: operation, version, section, part."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        indicators = {name: given[name] for name in given if name in self._ids() and given[name]}
        for name, value in given.items():
            if name.startswith("seen_"):
                indicators |= dict.fromkeys(value, YES)
        compared = {
            name.removeprefix("compare_"): value
            for name, value in given.items()
            if name.startswith("compare_") and value
        }
        part = {
            "acts": given.get("acts", []),
            "purposes": given.get("purposes", []),
            "indicators": indicators,
            "comparison": compared,
        }
        kept = {name: given[name] for name in given if name in {"operation", "version"}}
        return {**kept, "section": self.code, "part": part}

    def _ids(self) -> set[str]:
        return {i["id"] for i in self.definition["indicators"]}


def _choice(label: str, choices: list[tuple[str, Any]], hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=Segments, required=False, help_text=hint
    )


def _many(group: Mapping[str, Any], choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=say(group["prompt"]),
        choices=choices,
        widget=Ticks,
        required=False,
        help_text=_hint(group),
    )


def _hint(group: Mapping[str, Any]) -> str:
    return say(group["hint"]) if "hint" in group else ""


def _told_apart(criterion: Mapping[str, Any]) -> str:
    return str(
        _("Smuggling: %(smuggling)s. Trafficking: %(trafficking)s.")
        % {
            "smuggling": _lowered(say(criterion["smuggling"])),
            "trafficking": _lowered(say(criterion["trafficking"])),
        }
    )


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


class ProfileForm(VersionedForm):
    """Ask as an adult or as a child, and how the age is known."""

    profile = forms.ChoiceField(label=_("Ask as"), choices=Screening.Profile, widget=Choices)
    profile_basis = forms.ChoiceField(
        label=_("How is the age known?"),
        choices=[(basis.value, basis.label) for basis in Screening.CHOSEN_BASIS],
        widget=Choices,
    )
    limits_explained = forms.BooleanField(
        label=_("I said again what we may have to pass on"),
        help_text=_("It is not the same for adults and for children."),
        required=False,
    )


class SaidForm(VersionedForm):
    """It was said now."""


class FinishForm(VersionedForm):
    """End the talk."""

    information_given = forms.BooleanField(
        label=_("Information on the risks of trafficking was given"),
        help_text=_("This is recorded as a service delivered today."),
        required=False,
    )

    def of(self, screening: Screening) -> Self:
        """Ask for the leaflet's words only where the questions were about trafficking."""
        if not screening.instrument_version.definition["rules"].get("elements"):
            del self.fields["information_given"]
        return self

    def clean(self) -> dict[str, Any]:
        return {"information_given": False, **(super().clean() or self.cleaned_data)}


class DeclineForm(ActionForm):
    """The person does not want to go on."""
