"""Conditions as text: small, total, without eval. docs/screening.md has every form.

`parse` gives the condition of a text, or says at which character it expected something else;
`tell` gives the text of a condition. parse(tell(c)) == c.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from screening.conditions import DEEPEST
from screening.scoring import ANSWERS, CHILD, FACTS, RECORDED, Condition

LONGEST: Final = 4_000  # characters
MOST: Final = 999  # what `N of` may ask for
STRENGTHS: Final = ("strong", "medium", "weak", "flag")

NUMBER, WORD, QUOTED, CODE, ID, END = "number", "word", "quoted", "code", "id", "end"
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<number>[0-9]+(?![A-Za-z0-9_]))
    |(?P<word>[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*)
    |(?P<quoted>"[^"\\\r\n]+")
    |(?P<sign>[(),;])""",
    re.VERBOSE,
)
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"[A-Z]+(-[A-Z]+)?-[0-9]{2,3}")


class LanguageError(ValueError):
    """A text that is no condition: `expected` at `position` (from 0), where `found` stands.

    `expected` are words and signs of the language in quotes, or names of kinds without.
    """

    def __init__(self, position: int, expected: Iterable[str], found: str) -> None:
        self.position, self.expected, self.found = position, tuple(expected), found
        wanted = ", ".join(self.expected)
        super().__init__(f"character {position + 1}: expected {wanted}; found {found or 'the end'}")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str) -> dict[str, Any]:
    """The condition that a text tells. Raises LanguageError and nothing else."""
    reader = _Reader(_tokens(text))
    condition = reader.either(1)
    reader.take_end()
    return condition


def _tokens(text: str) -> list[_Token]:
    if len(text) > LONGEST:
        raise LanguageError(LONGEST, ["a shorter text"], text[LONGEST : LONGEST + 10])
    tokens, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise LanguageError(place, ["a word", "a number", "a sign"], text[place])
        kind = str(match.lastgroup)
        if kind != "space":
            tokens.append(_Token(kind, match.group(), place))
        place = match.end()
    return [*tokens, _Token(END, "", len(text))]


class _Reader:
    """Goes through the tokens once; every method takes what it reads."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.place = tokens, 0
        self.atoms: dict[str, Callable[[], dict[str, Any]]] = {
            "positive": self._positive,
            "signs": self._signs,
            "recorded": self._recorded,
            "answered": self._answered,
            "child": lambda: {"profile": CHILD},
        }

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def _fail(self, *expected: str) -> LanguageError:
        return LanguageError(self.next.position, expected, self.next.text)

    def _take(self, *texts: str) -> str:
        if self.next.text not in texts:
            raise self._fail(*(f"“{text}”" for text in texts))
        self.place += 1
        return self.tokens[self.place - 1].text

    def _is(self, text: str) -> bool:
        return self.next.text == text

    def take_end(self) -> None:
        if self.next.kind != END:
            raise self._fail("“and”", "“or”", "the end")

    def either(self, level: int) -> dict[str, Any]:
        return self._joined("or", "any", self._both, level)

    def _both(self, level: int) -> dict[str, Any]:
        return self._joined("and", "all", self._one, level)

    def _joined(
        self, word: str, kind: str, part: Callable[[int], dict[str, Any]], level: int
    ) -> dict[str, Any]:
        parts = [part(level)]
        while self._is(word):
            self._take(word)
            parts.append(part(level))
        return {kind: parts} if len(parts) > 1 else parts[0]

    def _one(self, level: int) -> dict[str, Any]:
        if level > DEEPEST:
            raise self._fail("fewer conditions inside each other")
        word = self.next.text
        if word in self.atoms:
            self._take(word)
            return self.atoms[word]()
        if word == "not":
            self._take("not")
            return {"not": self._one(level + 1)}
        if word in {"all", "any"}:
            self._take(word)
            return {word: self._listed(level + 1)}
        if word == "(":
            (inside,) = self._listed(level + 1, most=1)
            return inside
        raise self._fail(*(f"“{name}”" for name in (*self.atoms, "not", "all", "any", "(")))

    def _listed(self, level: int, most: int = MOST) -> list[dict[str, Any]]:
        self._take("(")
        parts = [self.either(level)]
        while self._is(",") and len(parts) < most:
            self._take(",")
            parts.append(self.either(level))
        self._take(")")
        return parts

    def _positive(self) -> dict[str, Any]:
        self._take("(")
        at_least = self._number()
        self._take("of")
        codes = self._several(",", self._code)
        self._take(")")
        return {"positive": {"of": codes, "at_least": at_least}}

    def _signs(self) -> dict[str, Any]:
        self._take("(")
        body: dict[str, Any] = {"rule": RECORDED, "at_least": self._number()}
        if self._is("of"):
            self._take("of")
            body["of"] = self._several(",", self._code)
        while self._take(";", ")") == ";":
            if self._is("as"):
                self._take("as")
                body["rule"] = self._rule()
                self._take(")")
                break
            if "strengths" in body:
                raise self._fail("“as”")
            body["strengths"] = self._several("or", lambda: self._word(STRENGTHS))
        return {"items": body}

    def _recorded(self) -> dict[str, Any]:
        self._take("(")
        name = self._word(FACTS)
        self._take(")")
        return {"recorded": name}

    def _answered(self) -> dict[str, Any]:
        self._take("(")
        indicator = self._matching(_ID, "the id of an indicator")
        self._take("is")
        answers = self._several("or", lambda: self._word(ANSWERS))
        self._take(")")
        return {"answered": {"indicator": indicator, "is": answers}}

    def _several(self, sign: str, take: Callable[[], str]) -> list[str]:
        """What stands between the signs, each once."""
        found = [take()]
        while self._is(sign):
            self._take(sign)
            again = self.next
            found.append(take())
            if found[-1] in found[:-1]:
                raise LanguageError(again.position, ["something not named before"], again.text)
        return found

    def _number(self) -> int:
        text = self.next.text
        if self.next.kind != NUMBER or len(text) > len(str(MOST)) or not int(text):
            raise self._fail(f"a number from 1 to {MOST}")
        self.place += 1
        return int(text)

    def _word(self, known: Iterable[str]) -> str:
        return self._take(*known)

    def _code(self) -> str:
        return self._matching(_CODE, "the code of a dimension")

    def _rule(self) -> str:
        if self.next.kind == QUOTED:
            self.place += 1
            return self.tokens[self.place - 1].text[1:-1]
        return self._matching(_CODE, "the name of a rule")

    def _matching(self, pattern: re.Pattern[str], expected: str) -> str:
        if self.next.kind != WORD or not pattern.fullmatch(self.next.text):
            raise self._fail(expected)
        self.place += 1
        return self.tokens[self.place - 1].text


def tell(condition: Condition) -> str:
    """The text of a condition that passed the checks of its instrument."""
    return _told(condition, outer="")


def _told(condition: Condition, outer: str) -> str:
    """`outer` is what stands around: "", or, and, not. What binds less gets brackets."""
    ((kind, body),) = condition.items()
    if kind in {"all", "any"}:
        if len(body) == 1:
            return f"{kind}({_told(body[0], '')})"
        word = {"all": "and", "any": "or"}[kind]
        text = f" {word} ".join(_told(part, word) for part in body)
        return f"({text})" if outer and (outer, word) != ("or", "and") else text
    if kind == "not":
        return f"not {_told(body, 'not')}"
    return _ATOMS[kind](body)


def _told_signs(body: dict[str, Any]) -> str:
    parts = [str(body["at_least"])]
    if "of" in body:
        parts[0] += f" of {', '.join(body['of'])}"
    if "strengths" in body:
        parts.append(" or ".join(body["strengths"]))
    rule = body["rule"]
    if rule != RECORDED:
        parts.append(f"as {rule}" if _CODE.fullmatch(rule) else f'as "{rule}"')
    return f"signs({'; '.join(parts)})"


_ATOMS: dict[str, Callable[[Any], str]] = {
    "positive": lambda body: f"positive({body['at_least']} of {', '.join(body['of'])})",
    "items": _told_signs,
    "recorded": lambda body: f"recorded({body})",
    "answered": lambda body: f"answered({body['indicator']} is {' or '.join(body['is'])})",
    "profile": str,
}
