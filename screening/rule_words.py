"""A condition as a sentence, with the words of its instrument: what a rule asks for."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.explain import ANSWER_WORDS, STRENGTH_WORDS, say
from screening.scoring import Condition, Definition


def rule_in_words(definition: Definition, condition: Condition) -> str:
    """One sentence; codes that the instrument does not know stand as they are."""
    sentence = _Words(definition).of(condition, "")
    return _("%(rule)s.") % {"rule": sentence[:1].upper() + sentence[1:]}


class _Words:
    def __init__(self, definition: Definition) -> None:
        self.dimensions = {d["code"]: say(d["label"]) for d in definition["dimensions"]}
        self.indicators = {i["id"]: say(i["text"]) for i in definition["indicators"]}
        self.facts = {k: say(v) for k, v in definition["texts"]["recorded"].items()}
        self.kinds: dict[str, Callable[[Any], str]] = {
            "positive": self._positive,
            "items": self._items,
            "recorded": lambda name: _lowered(self.facts.get(name, name)),
            "answered": self._answered,
            "profile": lambda _name: _("the person is under 18, or the age is not known"),
        }

    def of(self, condition: Condition, outer: str) -> str:
        ((kind, body),) = condition.items()
        if kind in {"all", "any"}:
            joint = {"all": _("%(one)s, and %(other)s"), "any": _("%(one)s, or %(other)s")}[kind]
            text = _joined((self.of(part, kind) for part in body), joint)
            return _("(%(rule)s)") % {"rule": text} if outer not in {"", kind} else text
        if kind == "not":
            return _("it is not so that %(rule)s") % {"rule": self.of(body, "not")}
        return self.kinds[kind](body)

    def _positive(self, body: dict[str, Any]) -> str:
        number = body["at_least"]
        if len(body["of"]) == 1:
            return _("there is enough for “%(what)s”") % {"what": self._named(body["of"])}
        return ngettext(
            "there is enough for at least %(number)s of: %(what)s",
            "there is enough for at least %(number)s of: %(what)s",
            number,
        ) % {"number": number, "what": self._named(body["of"])}

    def _items(self, body: dict[str, Any]) -> str:
        values = {"number": body["at_least"]}
        text = (
            ngettext("at least %(number)s sign", "at least %(number)s signs", body["at_least"])
            % values
        )
        if "strengths" in body:
            strengths = [_lowered(str(STRENGTH_WORDS[name])) for name in body["strengths"]]
            text += " (" + _joined(strengths, _("%(one)s or %(other)s")) + ")"
        if "of" in body:
            text = _("%(signs)s of: %(what)s") % {"signs": text, "what": self._named(body["of"])}
        return text

    def _answered(self, body: dict[str, Any]) -> str:
        answers = [str(ANSWER_WORDS[answer]) for answer in body["is"]]
        return _("“%(sign)s” was answered with %(answers)s") % {
            "sign": self.indicators.get(body["indicator"], body["indicator"]),
            "answers": _joined(answers, _("%(one)s or %(other)s")),
        }

    def _named(self, codes: Iterable[str]) -> str:
        return ", ".join(self.dimensions.get(code, code) for code in codes)


def _joined(parts: Iterable[str], joint: str) -> str:
    text = ""
    for part in parts:
        text = joint % {"one": text, "other": part} if text else part
    return text


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
