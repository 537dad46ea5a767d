"""I01, I02: words typed in a day's work stand nowhere in the clear.

The running product is used through its pages; then its whole data directory, a dump, the logs and
the broker's file are searched for what was typed, in every form a leak could have.
"""

import base64
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
import requests

from stack.installation import Installation
from stack.postgres import find_binaries, reachable_binaries
from stack.processes import database_account
from stack.run import database_dir

WORDS = ["Zvrkanarinac", "Звркаларинац", "زڤركناري"]
CODE = re.compile(r"/cases/[0-9a-f-]{36}/")


class Forms(HTMLParser):
    """The forms of a page: where each leads, and its fields with a value that could be sent."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.open_select = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.forms.append({"action": told.get("action") or "", "told": told, "fields": []})
        elif self.forms and tag in {"input", "textarea", "select"} and told.get("name"):
            kind = told.get("type", "text") if tag == "input" else tag
            self.forms[-1]["fields"].append([told["name"], kind, told.get("value", "")])
            self.open_select = tag == "select"
        elif self.forms and tag == "option" and self.open_select and told.get("value"):
            field = self.forms[-1]["fields"][-1]
            field[2] = field[2] or told["value"]


def main_form(page):
    """The form of a page that is sent once: all of ours carry an operation."""
    forms = [f for f in Forms(page.text).forms if "operation" in {n for n, *_ in f["fields"]}]
    return max(forms, key=lambda found: len(found["fields"]))


class Desk:
    """One demo person at her desk, without a browser."""

    def __init__(self, stack, login):
        self.stack, self.session, self.typed = stack, requests.Session(), 0
        page = self.get("/login/")
        form = next(f for f in Forms(page.text).forms if "login" in {n for n, *_ in f["fields"]})
        known = {"login": login, "password": stack.password}
        self.post(page, form, {n: known.get(n, v) for n, _k, v in form["fields"]})
        first = self.get("/")
        assert (first.url, first.status_code) == (stack.address, 200)

    def get(self, path):
        return self.session.get(urljoin(self.stack.address, path), timeout=60)

    def post(self, page, form, data, files=None):
        return self.session.post(
            urljoin(page.url, form["action"]),
            data=data,
            files=files,
            timeout=60,
            headers={"Origin": self.stack.address.rstrip("/"), "Referer": page.url},
        )

    def fill(self, path, **known):
        """Send the form of a page that asks most, a canary in every text that is not known."""
        page = self.get(path)
        assert page.status_code == 200, (path, page.status_code)
        form = main_form(page)
        data, chosen = {}, set()
        for name, kind, value in form["fields"]:
            if name in known:
                data[name] = known[name]
            elif kind in {"number", "date", "datetime-local"}:
                data[name] = value
            elif kind in {"text", "search", "textarea", "email", "tel"}:
                data[name] = self.canary()
            elif (kind == "radio" and name not in chosen) or kind in {"hidden", "select"}:
                data[name] = value
            chosen.add(name)
        return self.post(page, form, {n: v for n, v in data.items() if v is not None})

    def canary(self):
        self.typed += 1
        return f"{WORDS[self.typed % 3]}{self.typed}"


@pytest.fixture
def caseworker(running_stack):
    return Desk(running_stack, "caseworker")


def spend_the_day(desk):
    """Receive, name, note, search, attach, and make mistakes; returns the path of the case."""
    path = CODE.search(desk.get("/cases/").text)[0]
    person = re.search(r"/visits/new/([0-9a-f-]{36})/", desk.get(path).text)[1]
    kept = {
        f"/people/{person}/identity/": {"email": "kanarinac@example.org", "birth_date": None},
        f"/people/{person}/change/": {},
        f"/visits/new/{person}/": {"services": "information", "concern": "yes", "at": None},
        f"{path}notes/": {},
    }
    for address, known in kept.items():
        answer = desk.fill(address, **known)
        assert (answer.status_code, len(answer.history)) == (200, 1), address
    page = desk.get("/people/")
    find = next(f for f in Forms(page.text).forms if "find" in f["action"])
    token = next(v for n, _k, v in find["fields"] if n == "csrfmiddlewaretoken")
    desk.post(page, find, {"csrfmiddlewaretoken": token, "q": desk.canary()})
    files = desk.get(f"{path}files/")
    form = main_form(files)
    data = {n: (desk.canary() if k == "text" else v) for n, k, v in form["fields"] if k != "file"}
    attached = {
        "file": (f"{desk.canary()}.pdf", b"%PDF-1.4 " + desk.canary().encode(), "application/pdf")
    }
    desk.post(files, form, data, attached)
    # What is wrong on purpose: errors are where texts leak.
    desk.get(f"/nowhere/{desk.canary()}/?q={desk.canary()}")
    desk.session.post(
        urljoin(desk.stack.address, "/api/v1/people/"),
        data=f'{{"handling_note": "{desk.canary()}", "sex": ["x"',
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    return path


def forms_of(word):
    """A word in each form in which it could lie about."""
    plain = word.encode()
    yield plain
    yield word.encode("utf-16-le")
    yield word.encode("utf-16-be")
    yield plain.hex().encode()
    yield quote(word).encode()
    yield word.encode("unicode_escape")
    for shift in range(3):
        # The letters of base64 that do not depend on what stands before and after.
        yield base64.b64encode(b"x" * shift + plain)[4 if shift else 0 : -4]


def places(stack):
    """Every file of the installation, its database's directory included."""
    told = {"DATA_DIR": str(stack.data)}
    for root in {stack.data, database_dir(Installation(os.environ | told))}:
        yield from (path for path in Path(root).rglob("*") if path.is_file())


def dump(stack):
    """A plain dump of the database, as the superuser sees it."""
    binaries = reachable_binaries(find_binaries(), database_account())
    sockets = next(
        word.partition("=")[2]
        for word in _command_of_the_database(stack)
        if word.startswith("--unix_socket_directories=")
    )
    words = ["-h", sockets, "-U", "postgres", "casework"]
    done = subprocess.run([binaries / "pg_dump", *words], capture_output=True, check=True)
    subprocess.run(
        [binaries / "psql", *words[:4], "-d", "casework", "-c", "CHECKPOINT"],
        capture_output=True,
        check=True,
    )
    return done.stdout


def _command_of_the_database(stack):
    state = (stack.data / "state.json").read_text()
    pid = re.search(r'"db": (\d+)', state)[1]
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


@pytest.mark.browser
def test_I01_nothing_typed_lies_in_the_clear(running_stack, caseworker):
    path = spend_the_day(caseworker)
    known = [form for word in WORDS for form in forms_of(word)]

    shown = caseworker.get(f"{path}notes/").text
    dumped = dump(running_stack)

    assert any(word in shown for word in WORDS), "what was typed was not kept at all"
    assert [form for form in known if form in dumped] == []
    leaks = {
        (str(place), form)
        for place in places(running_stack)
        for content in [place.read_bytes()]
        for form in known
        if form in content
    }
    assert leaks == set()


@pytest.mark.browser
def test_I02_passwords_and_session_keys_lie_nowhere(running_stack, caseworker):
    secrets = [running_stack.password, caseworker.session.cookies["sid"]]

    dumped = dump(running_stack).decode(errors="replace")
    logs = "".join(
        path.read_text(errors="replace") for path in (running_stack.data / "logs").glob("*.log")
    )

    assert [s for s in secrets if s in logs or s in dumped] == []
