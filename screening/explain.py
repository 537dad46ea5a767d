"""A result in words: act, means and purpose, the reasons, the comparison, the next steps.

Words that belong to an instrument come from its definition; what stands around them is
translated like every other page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from screening.answers import (
    BOTH,
    NO,
    SMUGGLING,
    TRAFFICKING,
    UNCLEAR,
    YES,
    AnswerSheet,
    sections_for,
)
from screening.scoring import INDICATED, NOT_NEEDED, RECORDED, Assessment, Definition, Reason

ANSWER_WORDS = {YES: _("Yes"), NO: _("No"), UNCLEAR: _("Unclear")}
STRENGTH_WORDS = {
    "strong": _("Strong"),
    "medium": _("Medium"),
    "weak": _("Weak"),
    "flag": _("A sign, never counted"),
    None: _("Not counted for this age"),
}
ELEMENT_OF = {
    "act": _("act"),
    "means": _("means"),
    "purpose": _("purpose"),
    "sign": _("a sign"),
}
SMUGGLING_ANSWERS = (SMUGGLING, BOTH)
TRAFFICKING_ANSWERS = (TRAFFICKING, BOTH)
SHOWN_FINDINGS = 5


def say(text: Mapping[str, str]) -> str:
    """A text of the instrument in the language of the page; English where there is none."""
    return text.get((get_language() or "en")[:2]) or text["en"]


def is_draft_language(definition: Definition) -> bool:
    """Whether the page's language is one in which the instrument is not reviewed."""
    return bool(definition["translations"].get((get_language() or "en")[:2]) == "draft")


@dataclass(frozen=True, slots=True)
class Explainer:
    """One sheet with its assessment, ready to be told."""

    definition: Definition
    profile: str
    sheet: AnswerSheet
    assessment: Assessment

    def band(self, band: str) -> Mapping[str, Any]:
        """What a band is called, what it means and what to do: label, summary, next_steps."""
        (found,) = (b for b in self.definition["bands"][self.profile] if b["band"] == band)
        actions = {action["code"]: action for action in self.definition["actions"]}
        return {
            "label": say(found["label"]),
            "summary": say(found["summary"]),
            "next_steps": [
                {"text": say(actions[c]["text"]), "hours": actions[c].get("within_hours")}
                for c in found["actions"]
            ],
        }

    def parts(self, current: str = "", *, everything: bool = False) -> list[dict[str, Any]]:
        """Act, means and purpose as the design system's `amp` tag takes them."""
        found = {
            "act": self._named("acts", self.sheet.acts, current),
            "means": self._findings("means", current),
            "purpose": [
                *self._named("purposes", self.sheet.purposes, current),
                *self._findings("purpose", current),
            ],
        }
        return [
            self._part(name, findings, everything=everything) for name, findings in found.items()
        ]

    def _part(
        self, name: str, findings: list[dict[str, Any]], *, everything: bool
    ) -> dict[str, Any]:
        state = {INDICATED: "met", NOT_NEEDED: "na"}.get(
            self.assessment.elements[name], "some" if findings else "none"
        )
        part: dict[str, Any] = {"name": name, "state": state, "findings": findings}
        if not everything and len(findings) > SHOWN_FINDINGS:
            more = len(findings) - SHOWN_FINDINGS
            text = ngettext("%(more)s more", "%(more)s more", more) % {"more": more}
            part["findings"] = [*findings[:SHOWN_FINDINGS], {"text": text, "state": ""}]
        if state == "some":
            part["says"] = gettext("Not clear yet")
        if state == "none":
            part["findings"] = [{"text": gettext("Nothing recorded yet"), "state": ""}]
        if state == "na" and findings:
            part["note"] = gettext("Noted because it matters for safety and in court.")
        return part

    def _named(self, name: str, codes: Iterable[str], current: str) -> list[dict[str, Any]]:
        labels = {entry["code"]: say(entry["label"]) for entry in self.definition[name]}
        from_part = self._places(current)
        sources = {
            code: from_part[section]
            for section, part in self.sheet.parts.items()
            for code in part.get(name, [])
        }
        return [{"text": labels[c], "state": "on", "source": sources[c]} for c in codes]

    def _findings(self, element: str, current: str) -> list[dict[str, Any]]:
        elements = {d["code"]: d["element"] for d in self.definition["dimensions"]}
        places = self._places(current)
        answers = [
            (name, answer, places[section])
            for section, part in self.sheet.parts.items()
            for name, answer in part.get("indicators", {}).items()
        ]
        texts = {
            indicator["id"]: say(indicator["text"])
            for indicator in self.definition["indicators"]
            if elements[indicator["dimension"]] == element
            and indicator["strength"][self.profile] is not None
        }
        states = {YES: "on", UNCLEAR: "maybe"}
        found = [
            {"text": texts[name], "state": states[answer], "source": place}
            for name, answer, place in answers
            if name in texts and answer in states
        ]
        return sorted(found, key=lambda finding: finding["state"], reverse=True)

    def _places(self, current: str) -> dict[str, str]:
        """{section: where the reader finds it}; the open one is "now"."""
        return {
            section["code"]: gettext("now")
            if section["code"] == current
            else gettext("part %(number)s") % {"number": number}
            for number, section in enumerate(self.definition["sections"], start=1)
        }

    def reasons(self) -> list[str]:
        """Why the result is what it is, one sentence each."""
        told = [self._sentence(reason) for reason in self.assessment.reasons]
        if self.assessment.elements["means"] == NOT_NEEDED:
            told.append(gettext("Under 18, means do not have to be shown."))
        else:
            told.append(gettext("For a child under 18, means would not be needed."))
        return told

    def _sentence(self, reason: Reason) -> str:
        facts = self.definition["texts"]["recorded"]
        if reason.dimension in facts:
            named = {"act": ("acts", self.sheet.acts), "purpose": ("purposes", self.sheet.purposes)}
            fact = say(facts[reason.dimension])
            if reason.dimension not in named:
                return f"{fact}."
            listed = ", ".join(f["text"] for f in self._named(*named[reason.dimension], ""))
            return f"{fact}: {listed}."
        texts = {i["id"]: say(i["text"]) for i in self.definition["indicators"]}
        (dimension,) = (d for d in self.definition["dimensions"] if d["code"] == reason.dimension)
        values = {
            "signs": ", ".join(gettext("“%(sign)s”") % {"sign": texts[i]} for i in reason.because),
            "element": ELEMENT_OF[dimension["element"]],
            "dimension": say(dimension["label"]),
            "rule": say(self.definition["texts"]["rules"][reason.rule]),
        }
        if reason.rule == RECORDED:
            return gettext("%(signs)s: %(dimension)s; %(rule)s.") % values
        return (
            ngettext(
                "%(signs)s counts as %(element)s (%(dimension)s): %(rule)s.",
                "%(signs)s count as %(element)s (%(dimension)s): %(rule)s.",
                len(reason.because),
            )
            % values
        )

    def answered(self) -> list[dict[str, Any]]:
        """Every answer given, with what it counts for."""
        dimensions = {d["code"]: say(d["label"]) for d in self.definition["dimensions"]}
        given = self.sheet.indicators
        return [
            {
                "text": say(indicator["text"]),
                "answer": ANSWER_WORDS[given[indicator["id"]]],
                "dimension": dimensions[indicator["dimension"]],
                "strength": STRENGTH_WORDS[indicator["strength"][self.profile]],
            }
            for indicator in self.definition["indicators"]
            if indicator["id"] in given
        ]

    def asked(self) -> int:
        """How many indicators this person could have been asked about."""
        return sum(i["applies_to"] in {"both", self.profile} for i in self.definition["indicators"])

    def comparison(self) -> list[dict[str, Any]]:
        """Smuggling beside trafficking, criterion by criterion; both can be true."""
        told = set(self.sheet.ticked)
        rows = []
        for criterion in self.definition["comparison"]["criteria"]:
            answer = self.sheet.comparison.get(criterion["code"], "")
            by_answers = bool(told.intersection(criterion["told_by"]))
            by_age = criterion.get("told_by_profile") == self.profile
            rows.append(
                {
                    "question": say(criterion["question"]),
                    "smuggling": say(criterion["smuggling"]),
                    "trafficking": say(criterion["trafficking"]),
                    "is_smuggling": answer in SMUGGLING_ANSWERS,
                    "is_trafficking": answer in TRAFFICKING_ANSWERS or by_answers or by_age,
                }
            )
        return rows

    def comparison_note(self) -> str:
        return say(self.definition["comparison"]["note"])

    def section_titles(self) -> list[tuple[int, str, str]]:
        """(number, code, title) of the parts asked for this profile."""
        return [
            (section["number"], section["code"], say(section["title"]))
            for section in sections_for(self.definition, self.profile)
        ]
