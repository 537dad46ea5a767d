"""A result in words: act, means and purpose, the reasons, the comparison, the next steps.

Words that belong to an instrument come from its definition; what stands around them is
translated like every other page.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from screening.answers import (
    BOTH,
    DECLINED,
    NO,
    SMUGGLING,
    TRAFFICKING,
    UNCLEAR,
    YES,
    AnswerSheet,
    counted,
    criteria_of,
    sections_asked,
)
from screening.scoring import (
    ANSWERED,
    CHILD,
    INDICATED,
    NOT_NEEDED,
    RECORDED,
    Assessment,
    Definition,
    Reason,
)

ANSWER_WORDS = {
    YES: _("Yes"),
    NO: _("No"),
    UNCLEAR: _("Unclear"),
    DECLINED: _("Does not want to say"),
}
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
    """One sheet with its assessment, ready to be told; what is skipped is not."""

    definition: Definition
    profile: str
    sheet: AnswerSheet
    assessment: Assessment
    is_alone: bool = False  # an unaccompanied or separated child: some parts ask for it

    @property
    def counted(self) -> AnswerSheet:
        """What counts of the sheet: without the answers of parts that are now skipped."""
        return counted(
            self.definition,
            self.sheet,
            profile=self.profile,
            unaccompanied_or_separated=self.is_alone,
        )

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
        """Act, means and purpose as the design system's `amp` tag takes them.

        None where the instrument does not ask for them; `signs` tells those.
        """
        if not self.assessment.elements:
            return []
        found = {
            "act": self._named("acts", self.counted.acts, current),
            "means": self._findings("means", current),
            "purpose": [
                *self._named("purposes", self.counted.purposes, current),
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
        labels = {entry["code"]: say(entry["label"]) for entry in self.definition.get(name, ())}
        from_part = self._places(current)
        sources = {
            code: from_part[section]
            for section, part in self.counted.parts.items()
            for code in part.get(name, [])
        }
        return [{"text": labels[c], "state": "on", "source": sources[c]} for c in codes]

    def _findings(self, element: str, current: str) -> list[dict[str, Any]]:
        wanted = {d["code"] for d in self.definition["dimensions"] if d["element"] == element}
        return self._found_in(wanted, current)

    def signs(self, current: str = "") -> list[dict[str, Any]]:
        """What was found in each dimension: label, state (met, some, none), findings."""
        told = []
        for dimension in self.definition["dimensions"]:
            findings = self._found_in({dimension["code"]}, current)
            state = "some" if findings else "none"
            if dimension["code"] in self.assessment.positive_dimensions:
                state = "met"
            told.append({"label": say(dimension["label"]), "state": state, "findings": findings})
        return told

    def _found_in(self, dimensions: Set[str], current: str) -> list[dict[str, Any]]:
        places = self._places(current)
        answers = [
            (name, answer, places[section])
            for section, part in self.counted.parts.items()
            for name, answer in part.get("indicators", {}).items()
        ]
        texts = {
            indicator["id"]: say(indicator["text"])
            for indicator in self.definition["indicators"]
            if indicator["dimension"] in dimensions
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
        means = self.assessment.elements.get("means")
        if means == NOT_NEEDED:
            told.append(gettext("Under 18, means do not have to be shown."))
        elif means is not None:
            told.append(gettext("For a child under 18, means would not be needed."))
        return told

    def _sentence(self, reason: Reason) -> str:
        if reason.dimension == CHILD:
            return gettext("The person is under 18, or the age is not known.")
        facts = self.definition["texts"]["recorded"]
        if reason.dimension in facts:
            named = {
                "act": ("acts", self.counted.acts),
                "purpose": ("purposes", self.counted.purposes),
            }
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
        }
        if reason.rule == ANSWERED:
            answer = ANSWER_WORDS[self.sheet.indicators[reason.because[0]]]
            return gettext("%(signs)s: answered “%(answer)s”.") % {**values, "answer": answer}
        values["rule"] = say(self.definition["texts"]["rules"][reason.rule])
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
        given, hers = self.counted.indicators, self.sheet.by_client
        return [
            {
                "text": say(indicator["text"]),
                "answer": ANSWER_WORDS[given[indicator["id"]]],
                "by_client": indicator["id"] in hers,
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
        told = set(self.counted.ticked)
        rows = []
        for criterion in criteria_of(self.definition):
            answer = self.counted.comparison.get(criterion["code"], "")
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
        comparison = self.definition.get("comparison")
        return say(comparison["note"]) if comparison else ""

    def section_titles(self) -> list[tuple[int, str, str]]:
        """(number, code, title) of the parts that this person is asked."""
        asked = sections_asked(
            self.definition,
            self.sheet,
            profile=self.profile,
            unaccompanied_or_separated=self.is_alone,
        )
        return [(s["number"], s["code"], say(s["title"])) for s in asked]
