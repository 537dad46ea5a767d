"""The docs tell the truth: what is called `now` is there, and so are paths and verbs."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from accounts.management.commands.list_routes import routes
from casework import actions

ROOT = Path(__file__).resolve().parent.parent
PATHS = {route.path for route in routes()}


def rows(section):
    """(first cell, second cell) of the rows that say `now`."""
    text = (ROOT / "docs/interfaces.md").read_text()
    body = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    cells = [re.split(r"\s*\|\s*", line)[1:-1] for line in body.splitlines() if line[:1] == "|"]
    return [(row[0], row[1]) for row in cells if row[-1] == "now"]


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_each_word_of_make_is_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    words = [word for first, _ in rows("Commands for a checkout") for word in quoted(first)]

    assert len(words) >= 5
    assert [w for w in words if w.removeprefix("make ") not in makefile.split()] == []


def test_each_management_command_exists():
    commands = [
        line.split()[0] for first, _ in rows("Management commands") for line in quoted(first)
    ]

    assert len(commands) >= 4
    assert [c for c in commands if c not in get_commands()] == []


@pytest.mark.parametrize(
    "address", [path for first, _ in rows("Addresses") for path in quoted(first)]
)
def test_each_address_leads_somewhere(address):
    wanted = re.sub(r"<uuid>", "<uuid:", address)

    assert [path for path in PATHS if path.startswith(wanted.rstrip("/"))] != []


@pytest.mark.parametrize(
    ("resource", "verbs"),
    [
        (name, quoted(verbs))
        for resources, verbs in rows("API, version 1")
        for name in quoted(resources)
    ],
)
def test_each_resource_has_its_list_and_verbs(resource, verbs):
    list_path = f"/api/v1/{resource}/"
    below = {path for path in PATHS if path.startswith(list_path)}

    assert list_path in below
    for verb in verbs:
        last = verb.rstrip("/").rpartition("/")[2]
        assert verb == "version" or [p for p in below if p.endswith(f"/{last}/")] != [], verb


def test_each_resource_is_named():
    there = {path.split("/")[3] for path in PATHS if path.startswith("/api/v1/")} - {
        "<drf_format_suffix:format>"
    }
    named = {name for first, _ in rows("API, version 1") for name in quoted(first)}

    assert sorted(there - named) == []


DOCS = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md"))
# What a command writes, and what a reader is to write.
MADE = {"bench/results.json", "htmx/htmx.min.js"}


@pytest.mark.parametrize("page", DOCS)
def test_each_path_in_the_docs_leads_to_a_file(page):
    text = (ROOT / page).read_text()
    named = set(re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|json|html|md|csv|css|js|tsv))`", text))
    places = [ROOT, ROOT / "docs", ROOT / "templates"]

    assert [n for n in sorted(named - MADE) if not any((at / n).exists() for at in places)] == []


def test_each_verb_of_casework_stands_in_its_page():
    told = quoted((ROOT / "docs/casework.md").read_text())
    verbs = [name for name in actions.__all__ if name.islower() and not name.startswith("may_")]

    # Lines that other verbs write, no verbs themselves.
    assert sorted(set(verbs) - set(told)) == [
        "record_case_event", "record_case_events", "touch_case",
    ]  # fmt: skip
