"""C01 to C08, I03, J05: hostile words in, and what comes out of them."""

import io
import json
import logging
from functools import cache
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import reverse

from accounts.logs import JsonFormatter
from casework.models import Case, CaseNote, Person
from config.demo.canaries import client_models, text_fields
from tests.doors import CLOSED, address
from tests.security.matrix import methods_of


def at_night(column):
    """Another walk through all pages, of a persona whose pages resemble the first one's."""
    return pytest.param(column, marks=pytest.mark.slow)


PROBES = [
    "<script>probe()</script>",
    "</script><script>probe()</script>",
    "<img src=x onerror=probe()>",
    "<svg/onload=probe()>",
    '"><iframe srcdoc="<script>probe()</script>">',
    "' onmouseover='probe()",
    '" autofocus onfocus="probe()',
    "javascript:probe()",
    "<a href=javascript:probe()>x</a>",
    "<math><mi//xlink:href='data:x,<script>probe()</script>'>",
    "<style>@import'//probe'</style>",
    "<base href=//probe/>",
    "<form action=//probe><button>x",
    "<!--<img src=--><img src=x onerror=probe()>-->",
    "{{ 7|add:7 }}{% debug %}${probe()}",
    "\u202eprobe\u202c",
    "<noscript><p title='</noscript><img src=x onerror=probe()>'>",
    "<details open ontoggle=probe()>",
    "&lt;script&gt;probe()&lt;/script&gt;",
]
FOREIGN = {"iframe", "object", "embed", "base", "math", "style", "noscript"}
# The one page that says in such an element what a browser without scripts cannot do there.
OWN = {"/settings/security/passkey/": ["noscript"]}


class Alive(HTMLParser):
    """What in a page would act: handlers, foreign elements, scripts with words in them."""

    def __init__(self, text):
        super().__init__()
        self.found, self.in_script = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        self.in_script = tag == "script" and told.get("type") != "application/json"
        if tag in FOREIGN:
            self.found.append(tag)
        self.found += [name for name in told if name.startswith("on") or name == "style"]
        links = (told.get(name, "") for name in ("href", "src", "action", "formaction"))
        self.found += [v for v in links if v.strip().lower().startswith(("javascript:", "data:"))]

    def handle_endtag(self, tag):
        self.in_script = self.in_script and tag != "script"

    def handle_data(self, data):
        if self.in_script and data.strip():
            self.found.append(data)


def pages_of(asker, column="CW1"):
    """(path, answer) of every page that this persona opens of her own case."""
    client = asker.client(column)
    for route in CLOSED:
        if route.path.startswith(("/api/", "/admin/")) or "GET" not in methods_of(route):
            continue
        pk = asker.key(route, "hub1") if route.path in asker.kinds else None
        if route.path in asker.kinds and pk is None:
            continue
        answer = asker.ask(client, "GET", route, pk, "hub1")
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html"):
            yield route.path, answer


def plant(asker, words):
    """The words in every text of everything that hangs on the assigned case."""
    for model in client_models():
        for row in asker.world.rows["hub1"].get(model, []):
            row.refresh_from_db()
            for name in text_fields(model):
                setattr(row, name, words)
            if text_fields(model):
                row.save(update_fields=text_fields(model))


CANARY = "Звркаларинац-zvrk"


@pytest.fixture(scope="module")
def walked(asker):
    """`walked(column)`: {path: text} of every page of this persona, with words planted in all."""

    @cache
    def walk(column):
        plant(asker, " ".join([*PROBES, CANARY]))
        return {path: answer.text for path, answer in pages_of(asker, column)}

    return walk


@pytest.mark.parametrize("column", ["CW1", at_night("CO1"), at_night("PU")])
def test_C01_nothing_that_was_typed_acts(walked, column):
    found = {path: Alive(text).found for path, text in walked(column).items()}

    assert len(found) > 5
    assert {path: alive for path, alive in found.items() if alive} == {
        path: alive for path, alive in OWN.items() if path in found
    }


def test_C01_what_was_typed_is_shown_as_it_was_typed(asker):
    plant(asker, PROBES[0])
    case = asker.world.rows["hub1"][Case][0]

    page = asker.client("CW1").get(reverse("casework:notes", args=[case.pk]))

    assert "&lt;script&gt;probe()&lt;/script&gt;" in page.text


STRANGE = ["'; select pg_sleep(5)--", "%_\\", "x\x00y", "-1", "9" * 40, "{}", "\u202e", "a" * 3000]
ASKED = [
    "q",
    "page",
    "cursor",
    "page_size",
    "status",
    "state",
    "tab",
    "view",
    "order",
    "from",
    "to",
    "team",
    "owner",
    "risk",
    "case",
    "person",
    "since",
    "until",
    "verb",
    "who",
    "kind",
    "next",
]


@pytest.fixture
def heard(monkeypatch):
    """The addresses of which something read what stands behind the question mark."""
    heard, read = set(), WSGIRequest.__dict__["GET"].func

    def noted(request):
        heard.add(request.path)
        return read(request)

    monkeypatch.setattr(WSGIRequest, "GET", property(noted))
    return heard


@pytest.mark.parametrize("column", ["CW1", at_night("DPO")])
def test_C02_no_question_breaks_a_page(asker, heard, column):
    client, broken = asker.client(column), []
    for route in CLOSED:
        if route.arguments or "GET" not in methods_of(route):
            continue
        for number, words in enumerate(STRANGE):
            told = dict.fromkeys(ASKED, words) if number % 2 else dict.fromkeys(ASKED[:8], words)
            answer = client.get(address(route), told)
            if answer.status_code >= 500:
                broken.append((route.path, words))
            # A page that asks for no words says the same to the others.
            if address(route) not in heard:
                break

    assert broken == []


def test_C03_what_is_too_much_is_refused_and_said(asker):
    client = asker.client("CW1")
    case = asker.world.rows["hub1"][Case][0]
    notes = reverse("casework:notes", args=[case.pk])
    before = CaseNote.objects.count()

    long_note = client.post(notes, {"text": "x" * 100_001})
    many_fields = client.post(notes, {f"f{n}": "x" for n in range(5_000)})
    deep = client.post(
        "/api/v1/visits/", "[" * 100_000 + "]" * 100_000, content_type="application/json"
    )
    large = client.post("/api/v1/visits/", "x" * 3_000_000, content_type="application/json")

    assert long_note.status_code in {200, 400, 413}
    assert (many_fields.status_code, deep.status_code) == (400, 400)
    assert large.status_code == 413
    assert CaseNote.objects.count() == before


@pytest.mark.parametrize(
    "path",
    [
        "/static/../config/settings.py",
        "/static/%2e%2e/config/settings.py",
        "/static/..%5c..%5cconfig%5csettings.py",
        "/static//etc/passwd",
        "/files/../../etc/passwd",
        "/reports/..%2f..%2fetc%2fpasswd/",
    ],
)
def test_C05_no_way_leads_out_of_the_house(asker, path):
    assert asker.client("CW1").get(path).status_code in {400, 404}


def test_C05_language_is_one_of_ours(asker):
    client = asker.client("CW1")

    answer = client.post("/language/", {"language": "../../etc/passwd", "next": "/"})

    assert answer.status_code == 302
    assert "passwd" not in str(client.cookies)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "testserver@evil.example"},
        {"host": "testserver:80@evil"},
        {"host": "tests\u00e9rver"},
    ],
)
def test_C06_another_host_is_refused(asker, headers):
    assert asker.client("CW1").get("/login/", headers=headers).status_code == 400


def test_C06_what_a_proxy_could_say_is_not_believed(asker):
    told = {"x-forwarded-host": "evil.example", "x-rewrite-url": "/admin/", "x-original-url": "/x"}

    answer = asker.client("A0").get("/settings/", headers=told)

    assert answer.headers["Location"].startswith("/login/")


@pytest.fixture
def lines(asker):
    """What the log would hold, line by line, of whatever happens in the test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.setLevel(settings.LOGGING["root"]["level"])
    root.addHandler(handler)
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(level)


FORGED = 'x\n{"level": "INFO"}\r\x1b[31m"'


def test_C08_nobody_writes_a_second_line(asker, lines):
    client = asker.client("CW1")
    client.get("/nowhere/%0a%7b%7d/", headers={"user-agent": FORGED.replace("\n", " ")})
    client.post(reverse("casework:find"), {"q": FORGED})

    written = [json.loads(line) for line in lines()]

    assert written
    assert {line["logger"] for line in written} <= {"casework.requests", "django.request"}


def test_I03_errors_tell_no_value(asker, lines):
    client = asker.client("CW1")
    client.raise_request_exception = False
    case = asker.world.rows["hub1"][Case][0]
    client.post(reverse("casework:notes", args=[case.pk]), {"text": CANARY, "operation": CANARY})
    client.get(f"/nowhere/{CANARY}/", {"q": CANARY})
    client.post("/api/v1/visits/", f'{{"concern_note": "{CANARY}"', content_type="application/json")
    client.post("/api/v1/people/", json.dumps({"sex": CANARY}), content_type="application/json")
    client.post("/login/", {"login": CANARY, "password": CANARY})
    client.get("/", headers={"cookie": f"theme={CANARY.encode().decode('latin1')}"})
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("django.request").exception("failed for %s", CANARY)

    text = "\n".join(lines())

    assert text
    assert CANARY not in text
    assert CANARY not in json.loads(json.dumps(text))
    assert "zvrk" not in text


TELLING = ["traffick", "victim", "violence", "survivor", "gbv", "thb", "žrtv", "trgovin", "nasilj"]


@pytest.mark.parametrize("column", ["CW1", at_night("DPO")])
def test_J05_titles_name_nobody_and_no_topic(walked, column):
    titles = {
        path: text.partition("<title>")[2].partition("</title>")[0].lower()
        for path, text in walked(column).items()
    }

    assert all(titles.values())
    assert {p: t for p, t in titles.items() if any(w in t for w in [*TELLING, "zvrk"])} == {}


GIVEN = {
    "id": "00000000-0000-4000-8000-0000000000aa",
    "created_by": "x",
    "organization": "x",
    "team": "x",
    "owner": "x",
    "level": 5,
    "is_superuser": True,
    "role": "administrator",
    "is_sealed": True,
    "archived_on": "2020-01-01",
    "approved_by": "x",
    "ends_at": "2099-01-01T00:00:00Z",
    "erased_at": "2020-01-01",
    "data_key": None,
}


@pytest.mark.parametrize(("resource", "model"), [("people", Person), ("cases", Case)])
def test_A06_what_is_not_asked_is_not_taken(asker, resource, model):
    row = asker.world.rows["hub1"][model][0]
    row.refresh_from_db()
    before = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
    client = asker.client("CW1")

    for override in ({}, {"x-http-method-override": "PUT"}):
        client.patch(
            f"/api/v1/{resource}/{row.pk}/",
            json.dumps({**GIVEN, "version": row.version}),
            content_type="application/json",
            headers=override,
        )

    row.refresh_from_db()
    after = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
    assert {
        n: (before[n], after[n]) for n in after if n != "version" and before[n] != after[n]
    } == {}


def test_A06_a_form_takes_what_it_shows(asker):
    case = asker.world.rows["hub1"][Case][0]
    owner = case.owner_id
    client = asker.client("CW1")

    client.post(
        reverse("casework:change_case", args=[case.pk]),
        {**{n: str(v) for n, v in GIVEN.items()}, "risk": "high", "version": case.version},
    )

    case.refresh_from_db()
    assert (case.owner_id, case.archived_on) == (owner, None)
    assert not case.is_sealed
