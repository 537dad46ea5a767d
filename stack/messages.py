"""Translations without GNU gettext: collect the words, compile them, say which are missing.

`python -m stack.messages extract|compile|check`. Needs Django and Babel, so it runs inside the
project's environment, unlike the rest of this package.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
# {directory below locale/: Plural-Forms}. Django's code for sr_Latn is sr-latn.
PLURALS = {
    "sr_Latn": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
}
NOT_TRANSLATED = {"tests", "stack", "migrations"}
CATALOG = "locale/{}/LC_MESSAGES/django.po"
HEADER = """\
# {language}. Collected by `python -m stack.messages extract`; translations are written by hand.
# A translation that equals the English says so with the comment "same".
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
SINGLE, PLURAL = None, (1, 2)
IN_CONTEXT, PLURAL_IN_CONTEXT = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": SINGLE,
    "gettext": SINGLE,
    "gettext_lazy": SINGLE,
    "gettext_noop": SINGLE,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": IN_CONTEXT,
    "pgettext_lazy": IN_CONTEXT,
    "npgettext": PLURAL_IN_CONTEXT,
    "npgettext_lazy": PLURAL_IN_CONTEXT,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def sources(root: Path) -> Iterator[tuple[str, bytes]]:
    """(path, Python that calls gettext) of every file with words in it, in a stable order."""
    for path in sorted(root.glob("*/**/*.py")):
        place = path.relative_to(root)
        is_ours = (root / place.parts[0] / "__init__.py").exists()
        if is_ours and NOT_TRANSLATED.isdisjoint(place.parts):
            yield place.as_posix(), path.read_bytes()
    for path in sorted((root / "templates").rglob("*.*")):
        calls = templatize(path.read_text(), origin=str(path))
        # What stands between the calls is layout: without indent, Python can read it.
        flat = "\n".join(line.lstrip() for line in calls.splitlines())
        yield path.relative_to(root).as_posix(), flat.encode()


def words(root: Path) -> Catalog:
    """Every word of code and templates that can be translated, without translations."""
    catalog = Catalog(charset="utf-8")
    for place, code in sources(root):
        for _, msgid, comments, context in extract(
            "python", BytesIO(code), KEYWORDS, ["Translators"]
        ):
            catalog.add(
                msgid, locations=[(place, 1)], auto_comments=comments, context=context or None
            )
    return catalog


def read(path: Path, language: str) -> Catalog:
    """The catalogue of one language; an empty one when it does not exist yet."""
    text = path.read_bytes() if path.exists() else b""
    if b'msgid ""\nmsgstr ""\n' not in text:
        text = HEADER.format(language=language, plurals=PLURALS[language]).encode() + text
    return read_po(BytesIO(text), charset="utf-8")


def update(root: Path, language: str) -> None:
    """Bring one catalogue in line with code and templates; what is translated stays."""
    path = root / CATALOG.format(language)
    catalog = read(path, language)
    catalog.update(words(root), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    body = BytesIO()
    write_po(body, catalog, width=96, omit_header=True, sort_output=True, include_lineno=False)
    header = HEADER.format(language=language, plurals=PLURALS[language])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + body.getvalue().rstrip() + b"\n")


def compile_catalog(root: Path, language: str) -> None:
    """Write the binary catalogue that Django reads beside the text one."""
    path = root / CATALOG.format(language)
    binary = BytesIO()
    write_mo(binary, read(path, language))
    beside = path.with_suffix(".mo.new")
    beside.write_bytes(binary.getvalue())
    beside.replace(path.with_suffix(".mo"))


def problems(root: Path, language: str) -> Iterator[str]:
    """One sentence for each word that is missing, left over or wrongly translated."""
    path = root / CATALOG.format(language)
    catalog, wanted = read(path, language), words(root)
    if path.exists() and f"Plural-Forms: {PLURALS[language]}" not in path.read_text():
        yield "the header's Plural-Forms are not those of this language"
    keys = {(message.context, message.id) for message in wanted if message.id}
    known = {(message.context, message.id): message for message in catalog if message.id}
    for _, msgid in sorted(keys - known.keys(), key=str):
        yield f"missing: {msgid!r}"
    for _, msgid in sorted(known.keys() - keys, key=str):
        yield f"no longer used: {msgid!r}"
    for message in catalog.obsolete.values():
        yield f"obsolete: {message.id!r}"
    for message in known.values():
        for fault in faults(message, catalog.num_plurals):
            yield f"{fault}: {message.id!r}"


def faults(message: Message, plurals: int) -> Iterator[str]:
    """What is wrong with one translation."""
    source = message.id if isinstance(message.id, str) else message.id[-1]
    forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(forms):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    if message.pluralizable and len(forms) != plurals:
        yield f"{len(forms)} plural forms instead of {plurals}"
    if any(placeholders(form) != placeholders(source) for form in forms):
        yield "other placeholders than the English"
    if any(edges(form) != edges(source) for form in forms):
        yield "begins or ends with other white space"
    if source in forms and any(map(str.isalpha, source)) and "same" not in message.user_comments:
        yield "equal to the English"


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text.replace("%%", "")))


def edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run one of the three commands; 1 when check finds something, 2 for another word."""
    if arguments not in (["extract"], ["compile"], ["check"]):
        print("usage: python -m stack.messages extract|compile|check", file=sys.stderr)
        return 2
    found = []
    for language in PLURALS:
        if arguments == ["extract"]:
            update(root, language)
        elif arguments == ["compile"]:
            compile_catalog(root, language)
        else:
            found += [f"{language}: {problem}" for problem in problems(root, language)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
