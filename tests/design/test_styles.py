"""The style sheets keep to the tokens, in every theme, and a first visit stays light."""

import gzip
import re

import pytest

from tests.design.sources import MODULES, PAGES, ROOT, SHEETS, SPRITE, TOKENS, name, rules, themes

BACKGROUNDS = ["canvas", "surface", "raised"]
TEXTS = ["ink", "muted", "subtle", "brand", "danger", "warn", "ok", "info", "private"]
ON_TINT = ["danger", "warn", "ok", "info", "private"]
FILLED = [("on-brand", "brand-solid"), ("on-danger", "danger-solid"), ("canvas", "ink")]
BARS = [("on-c-high", "c-high"), ("on-c-medium", "c-medium"), ("on-c-low", "c-low"),
        ("on-c1", "c1"), ("on-c5", "c5")]  # fmt: skip
FIRST_VISIT = 60_000


def luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_known():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark", "dim"])
def test_text_stands_out_from_its_ground(theme):
    colours = themes()[theme]
    pairs = [(text, ground) for text in TEXTS for ground in BACKGROUNDS]
    pairs += [(text, f"{text}-tint") for text in ON_TINT] + [("brand-strong", "brand-tint")]
    pairs += [("ink", f"{text}-tint") for text in ON_TINT] + FILLED + BARS
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark", "dim"])
def test_borders_of_controls_and_the_focus_can_be_seen(theme):
    colours = themes()[theme]
    pairs = [(line, ground) for line in ("line-strong", "focus") for ground in BACKGROUNDS]

    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_colours_are_named_in_the_tokens_only():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
    found = {name(p): hits for p in SHEETS if p != TOKENS and (hits := raw.findall(rules(p)))}

    assert found == {}


def test_every_token_used_exists():
    known = set(re.findall(r"(--[a-z0-9-]+):", rules(TOKENS)))
    used = {token for p in SHEETS for token in re.findall(r"var\((--[a-z0-9-]+)", rules(p))}

    assert used - known == set()


def test_sheets_know_no_physical_side():
    physical = re.compile(
        r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b"
        r"|(?<![-\w])(?:left|right|top|bottom):"
        r"|(?<![-\w])(?:max-|min-)?(?:width|height):(?!\s*[\d.]+rem\))"
        r"|(?<![-\w])(?:text-align|float|clear):\s*(?:left|right)"
    )
    found = {name(p): hits for p in SHEETS if (hits := physical.findall(rules(p)))}

    assert found == {}


def test_sheets_load_nothing_from_outside():
    assert [
        name(p) for p in SHEETS if re.search(r"@import|url\([\"']?(?:https?:|data:)", rules(p))
    ] == []


def test_every_class_in_a_page_is_in_a_sheet():
    told = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(map(rules, SHEETS))))
    used = {
        (name(page), word)
        for page in PAGES
        for value in re.findall(r'\bclass="([^"]*)"', plain(page.read_text()))
        for word in value.split()
        if "\0" not in word
    }

    assert {pair for pair in used if pair[1] not in told} == set()


def plain(text):
    """A page with its tags cut out; what a variable completes is marked, and so passed over."""
    text = re.sub(r"\{#.*?#\}", "", text)
    text = re.sub(r"\{\{.*?\}\}", "\0", text)
    return re.sub(r"\{%.*?%\}", " ", text)


def test_each_module_stays_under_two_kilobytes():
    assert {name(p): p.stat().st_size for p in MODULES if p.stat().st_size > 2048} == {}


def test_a_first_visit_stays_light_on_a_phone():
    vendor = [ROOT / "static/vendor/htmx/htmx.min.js", SPRITE]
    sizes = {name(p): len(gzip.compress(p.read_bytes())) for p in [*SHEETS, *MODULES, *vendor]}

    assert sum(sizes.values()) < FIRST_VISIT, sizes
