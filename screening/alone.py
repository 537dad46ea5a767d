"""What a client answers alone: which questions, in which languages, with which words.

Plain data in and out. A language that nobody reviewed is none, whoever asks for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.answers import (
    DECLINED,
    NO,
    UNCLEAR,
    YES,
    AnswerSheet,
    indicators_in,
    sections_asked,
)
from screening.scoring import Definition

SOURCE = "en"
REVIEWED = {"source", "reviewed"}
# The words of the pages in the language in which they were written; an instrument brings its own.
WORDS = {
    "yes": "Yes",
    "no": "No",
    "not_sure": "I am not sure",
    "not_say": "I do not want to say",
    "back": "Back",
    "stop": "I want to stop",
    "thanks": "Thank you",
    "give_back": "Give the screen back to the person who gave it to you.",
}
# (answer, its word, its icon), in the order of the page.
ANSWERS = (
    (YES, "yes", "check"),
    (NO, "no", "x"),
    (UNCLEAR, "not_sure", "help-circle"),
    (DECLINED, "not_say", "hand-stop"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question on a page of its own. Its number stays, whatever is skipped."""

    number: int
    section: str
    prompt: Mapping[str, str]
    indicator: Mapping[str, Any]


def is_offered(definition: Definition) -> bool:
    """Whether there is anything that a client may answer alone, in any language."""
    return "client" in definition and bool(languages(definition))


def questions(
    definition: Definition, sheet: AnswerSheet, *, profile: str, unaccompanied_or_separated: bool
) -> list[Question]:
    """What this client is asked, as far as her answers tell."""
    numbers = {name: number for number, name in enumerate(_every_one(definition), start=1)}
    chosen = definition.get("client", {}).get("sections", [])
    asked = sections_asked(
        definition, sheet, profile=profile, unaccompanied_or_separated=unaccompanied_or_separated
    )
    return [
        Question(numbers[indicator["id"]], section["code"], group["prompt"], indicator)
        for section in asked
        if section["code"] in chosen
        for group in section["groups"]
        if group["kind"] == "answers"
        for indicator in indicators_in(definition, group, profile)
    ]


def _every_one(definition: Definition) -> Iterator[str]:
    """The indicators of all questions that anybody could be asked alone."""
    chosen = definition.get("client", {}).get("sections", [])
    for section in definition["sections"]:
        if section["code"] in chosen:
            for group in section["groups"]:
                yield from group["indicators"] if group["kind"] == "answers" else ()


def indicators_alone(definition: Definition) -> list[str]:
    """The indicators that some client may be asked alone, in the order of the file."""
    return list(_every_one(definition))


def languages(definition: Definition) -> list[str]:
    """The languages in which a client may be asked: reviewed, with every word there is."""
    checked = [code for code, state in definition["translations"].items() if state in REVIEWED]
    return [code for code in checked if all(code in text for text in _texts(definition))]


def unchecked(definition: Definition) -> list[str]:
    """The languages of the instrument in which it is not shown to a client."""
    return sorted({*definition["translations"]} - {*languages(definition)})


def words(definition: Definition, language: str) -> dict[str, str]:
    """The words of the pages by their name."""
    own = definition.get("client", {}).get("words", {})
    return {name: own.get(name, {SOURCE: text})[language] for name, text in WORDS.items()}


def picture(definition: Definition, indicator: str) -> str:
    """The icon that stands beside a question; none, where the instrument names none."""
    pictures: Mapping[str, str] = definition.get("client", {}).get("pictures", {})
    return pictures.get(indicator, "")


def _texts(definition: Definition) -> Iterator[Mapping[str, str]]:
    """Every text that the client's pages show."""
    own = definition.get("client", {}).get("words", {})
    yield from (own.get(name, {SOURCE: text}) for name, text in WORDS.items())
    names = set(_every_one(definition))
    yield from (i["text"] for i in definition["indicators"] if i["id"] in names)
    for section in definition["sections"]:
        if section["code"] in definition.get("client", {}).get("sections", []):
            yield from (g["prompt"] for g in section["groups"] if g["kind"] == "answers")
