"""The house rules that no linter knows, each as one test. They read text: quick, a little coarse.

When one is wrong for a good reason, change it in the same commit and say why there.
"""

import ast
import json
import re
from collections import Counter, defaultdict
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from django.apps import apps

from casework.models.access import LEVELS

ROOT = Path(__file__).resolve().parent.parent
APPS = [
    "vault",
    "accounts",
    "files",
    "exports",
    "directory",
    "casework",
    "outreach",
    "screening",
    "referrals",
    "reports",
    "protection",
]
OURS = [p for a in [*APPS, "config"] for p in sorted((ROOT / a).rglob("*.py"))]
CODE = [p for p in OURS if "migrations" not in p.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODELS = [m for m in apps.get_models() if m._meta.app_label in APPS]


def name(path):
    return path.relative_to(ROOT).as_posix()


def duty(path):
    """What kind of file this is: `views` for casework/views.py and casework/views/visits.py."""
    return Path(path.relative_to(ROOT).parts[1]).stem


# Where HTTP comes in. A task comes in without a user: it acts on the row that an action named.
DOORS = [p for p in CODE if duty(p) in {"views", "api", "admin", "exports"}]
EDGES = [*DOORS, *(p for p in CODE if duty(p) == "tasks")]

# Models that anybody who is signed in may be shown, or nobody, and why. All others have the gate.
NOT_CLIENT_DATA = {
    "vault.DataKey": "holds wrapped keys and is read by the sealed fields only",
    "accounts.AddressChange": "is about those who work here",
    "accounts.Delivery": "holds codes and, sealed until it is over, an address; no page shows it",
    "accounts.Draft": "belongs to one session, and is sealed",
    "accounts.EmergencyLock": "is about those who work here",
    "accounts.KnownDevice": "is about those who work here",
    "accounts.Session": "is about those who work here",
    "accounts.Agreement": "is the same for everybody",
    "accounts.AgreementAcceptance": "is about those who work here",
    "accounts.FactorReset": "is about those who work here",
    "accounts.HalfSignIn": "is about those who work here",
    "accounts.Invitation": "is about those who work here",
    "accounts.LimitCount": "holds keyed hashes and times",
    "accounts.PasswordReset": "is about those who work here",
    "accounts.Installation": "says whether the people are invented",
    "accounts.AuditKey": "is the public half of a key",
    "accounts.AuditSeal": "holds sums over the trail",
    "accounts.NoticePreference": "is about those who work here",
    "accounts.Operation": "remembers a person's own submissions",
    "accounts.Organization": "is public knowledge",
    "accounts.OutboxJob": "holds ids and is read by the relay",
    "accounts.Role": "is the same for everybody",
    "accounts.RoleChange": "is the same for everybody",
    "accounts.RolePermission": "is the same for everybody",
    "accounts.RoleAssignment": "is about those who work here",
    "accounts.Team": "is about those who work here",
    "accounts.User": "is about those who work here",
    "reports.KeptCount": "names nobody and is read by the role of reports only",
    "reports.KeptFact": "names nobody and is read by the role of reports only",
    "reports.Uncounted": "names nobody and is read by the role of reports only",
    "files.StoredFile": "is opened only through the row that names it, which has the gate",
    "reports.CountFact": "is a view without names, read by the role of reports only",
    "reports.PersonFact": "is a view without names, read by the role of reports only",
    "reports.ProfessionalFact": "is a view without names, read by the role of reports only",
    "reports.ReportTemplate": "is a definition file",
    "protection.ErasureLedger": "holds random numbers of what is no longer there",
    "casework.CaseAccess": "is what the gate itself reads",
    "casework.CaseBlock": "is what the gate itself reads",
    "casework.PersonSearch": "holds keyed hashes of how names sound, shown on no page",
    "casework.TeamCaseAccess": "is what the gate itself reads",
}
# Apps whose tables hold reference data of the world outside.
REFERENCE_APPS = {"directory"}

# Tables of contacts, which may never lead to a person.
TALLY_APPS = {"outreach"}
TALLIES = {"casework.Headcount"}
PEOPLE = {"casework.Person", "casework.Case", "casework.PersonIdentity"}

# Functions, files and views longer than the house aims at, each with its reason.
LONG_FILES: dict[str, str] = {"config/settings.py": "one settings file: decision 5"}
LONG_FUNCTIONS: dict[str, str] = {}

# Attributes and words that no translator needs.
SAID_ATTRIBUTES = {"alt", "aria-description", "aria-label", "label", "placeholder", "title"}
NOT_TRANSLATED = {"Casework", "Alt", "Ctrl", "Enter", "Esc", "Shift", "CSV", "XLSX", "JSON", "PDF"}


def functions(path):
    tree = ast.parse(path.read_text())
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def found(pattern, paths, **flags):
    """{file: matches} of the files in which a pattern occurs."""
    seen = re.compile(pattern, **flags)
    return {name(p): hits for p in paths if (hits := seen.findall(p.read_text()))}


# Shape


def test_no_dumping_grounds():
    banned = {"util", "utils", "helper", "helpers", "common", "core", "misc", "shared"}
    banned |= {"manager", "managers", "mixin", "mixins"}
    # Below models/ or actions/ a service is a noun of the field; beside them it is a layer.
    layers = {"service", "services"}

    parts = [(p, [Path(part).stem for part in p.relative_to(ROOT).parts]) for p in OURS]

    assert [name(p) for p, stems in parts if banned & set(stems) or stems[1] in layers] == []


def test_each_app_says_in_one_sentence_what_it_is_for():
    for app in [*APPS, "config"]:
        tree = ast.parse((ROOT / app / "__init__.py").read_text())
        is_code = [
            n for n in tree.body if not isinstance(n, ast.Expr | ast.Import | ast.ImportFrom)
        ]
        assert ast.get_docstring(tree), app
        assert app == "config" or is_code == [], app


def test_each_module_begins_with_a_sentence_on_its_duty():
    silent = [
        name(p)
        for p in CODE
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]

    assert silent == []


def test_files_stay_short():
    long = {name(p) for p in CODE if p.read_text().count("\n") > 400}

    assert long == set(LONG_FILES)


def length(function):
    """Lines of what it does: a long list of keywords, each on its line, is no long function."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


def test_functions_stay_short_and_views_shorter():
    long = {
        f"{name(p)}:{f.name}"
        for p in CODE
        for f in functions(p)
        if length(f) > (25 if duty(p) == "views" else 50)
    }

    assert long == set(LONG_FUNCTIONS)


def test_migrations_have_names():
    good = re.compile(r"\d{4}_(?!auto|.*_migration$)[a-z][a-z0-9_]+")
    names = [p.stem for p in OURS if "migrations" in p.parts and p.stem != "__init__"]

    assert [n for n in names if not good.fullmatch(n)] == []


def test_properties_of_models_ask_the_database_nothing():
    asking = re.compile(r"\.(?:filter|count|all|exists|first|last|values_list)\(|objects\.")
    properties = [
        (p, f)
        for p in CODE
        if duty(p) == "models"
        for f in functions(p)
        if any(isinstance(d, ast.Name) and d.id == "property" for d in f.decorator_list)
    ]

    assert [f"{name(p)}:{f.name}" for p, f in properties if asking.search(ast.unparse(f))] == []


def test_comments_say_more_than_the_next_line():
    echoes = []
    for path in CODE:
        lines = path.read_text().splitlines()
        for comment, following in pairwise(lines):
            said = set(re.findall(r"[a-z]{3,}", comment.lower()))
            done = set(re.findall(r"[a-z]{3,}", following.lower().replace("_", " ")))
            if re.match(r"\s*# ", comment) and "#" not in following and len(said) > 1:
                echoes += [f"{name(path)}: {comment.strip()}"] * (
                    len(said & done) >= 0.6 * len(said)
                )

    assert echoes == []


# The gate


def test_client_data_has_one_gate():
    gateless = {
        m._meta.label
        for m in MODELS
        if not hasattr(m._default_manager, "visible_to") and m._meta.app_label not in REFERENCE_APPS
    }

    assert gateless == set(NOT_CLIENT_DATA)


def test_edges_reach_client_data_only_through_the_gate():
    gated = {m.__name__ for m in MODELS if hasattr(m._default_manager, "visible_to")}
    assert gated
    bare = re.compile(
        r"\b(\w+)\.(?:objects|_default_manager|_base_manager)\b(?!\s*\.(?:visible_to|none)\()"
    )

    loose = {
        name(p): hits
        for p in DOORS
        if (hits := sorted(gated.intersection(bare.findall(p.read_text()))))
    }

    assert loose == {}


def test_edges_write_only_through_actions():
    writes = r"\.(?:save|delete|create|get_or_create|update_or_create|bulk_create|bulk_update)\("

    assert found(writes, EDGES) == {}


def test_no_tally_leads_to_a_person():
    tallies = [m for m in MODELS if m._meta.app_label in TALLY_APPS or m._meta.label in TALLIES]
    people = [m for m in MODELS if m._meta.label in PEOPLE]
    assert {m._meta.label for m in tallies} > TALLIES
    assert {m._meta.label for m in people} == PEOPLE

    def reach(start):
        """Every model to which foreign keys lead from here, this one included."""
        seen, waiting = set(), [start]
        while waiting:
            model = waiting.pop()
            if model not in seen:
                seen.add(model)
                links = (
                    f for f in model._meta.get_fields() if not f.auto_created and f.related_model
                )
                waiting += [f.related_model for f in links]
        return seen

    assert {m._meta.label: reach(m) & set(people) for m in tallies if reach(m) & set(people)} == {}
    bridges = [m for m in MODELS if m not in tallies and reach(m) & set(people)]
    assert [m._meta.label for m in bridges if reach(m) & set(tallies)] == []


def test_the_admin_site_knows_no_client():
    text = "".join(p.read_text() for p in CODE if duty(p) == "admin")
    gated = {m.__name__ for m in MODELS if hasattr(m._default_manager, "visible_to")}

    assert {word for word in re.findall(r"\w+", text) if word in gated} == set()


def test_dangerous_calls_are_not_made():
    banned = r"mark_safe|csrf_exempt|RawSQL|\.raw\(|\.extra\(|cache_page|\bpickle\b|\beval\(|urlize"

    # What a browser reports of the content policy comes without a token, and is not stored.
    known = {"config/views.py": ["csrf_exempt"] * 2}
    assert found(banned, CODE) == known
    assert found(r"\|\s*safe\b|\{% autoescape off|\|\s*urlize", TEMPLATES) == {}
    assert found(r"suppress\((?:Base)?Exception\)", CODE) == {}
    assert found(r"fields = \"__all__\"", CODE) == {}


def test_foreign_keys_point_down():
    floors = [["vault"], ["accounts"], ["files"], ["exports"], ["directory"], ["casework"]]
    floors += [["outreach", "screening", "referrals"], ["reports"], ["protection"]]
    floor = {app: number for number, on_it in enumerate(floors) for app in on_it}
    links = [(m, f) for m in MODELS for f in [*m._meta.fields, *m._meta.many_to_many]]
    links = [(m, f, f.related_model._meta.app_label) for m, f in links if f.related_model]

    upward = [
        str(f)
        for m, f, to in links
        if to in floor and to != m._meta.app_label and floor[to] >= floor[m._meta.app_label]
    ]

    assert upward == []


# One word on its whole way


def permissions_declared():
    """{app.codename: whether we declared it ourselves} of every permission there is."""
    declared = {}
    for model in apps.get_models():
        meta = model._meta
        for action in meta.default_permissions:
            declared[f"{meta.app_label}.{action}_{meta.model_name}"] = False
        for codename, _ in meta.permissions:
            declared[f"{meta.app_label}.{codename}"] = meta.app_label in APPS
    return declared


def test_every_permission_named_in_code_or_roles_exists():
    quoted = re.compile(rf'"((?:{"|".join(APPS)})\.[a-z]+_[a-z_]+)"')
    places = [p for p in CODE if not p.stem.endswith("urls")]
    texts = [p.read_text() for p in [*places, ROOT / "accounts/reference/roles.json"]]

    assert {n for text in texts for n in quoted.findall(text)} - set(
        permissions_declared()
    ) == set()


def test_every_permission_of_ours_is_asked_somewhere_and_held_by_some_role():
    ours = {permission for permission, is_ours in permissions_declared().items() if is_ours}
    assert ours
    code = "".join(p.read_text() for p in CODE)
    roles = json.loads((ROOT / "accounts/reference/roles.json").read_text())
    # A level of access is given by a row on the case, never by a role.
    levels = {f"casework.{codename}" for codename in LEVELS}

    assert {p for p in ours - levels if f'"{p}"' not in code} == set()
    assert ours - levels - {p for held in roles.values() for p in held} == set()


def test_status_words_are_spelled_only_in_models():
    words = defaultdict(set)
    for model in MODELS:
        for field in model._meta.fields:
            words[field.name].update(v for v, _ in field.flatchoices if isinstance(v, str) and v)
    compared = re.compile(r'\b(\w+?)(?:__in)?\s*(?:==|!=|=|\bin)\s*[\[({]?"(\w+)"')
    others = [p for p in CODE if duty(p) != "models"]

    spelled = {
        name(p): hits
        for p in others
        if (hits := [(f, w) for f, w in compared.findall(p.read_text()) if w in words[f]])
    }

    assert spelled == {}


def spelled_values(tree):
    """(name, word) of each default of an argument, and of each assignment of several at once."""
    for node in ast.walk(tree):
        pairs = []
        if isinstance(node, ast.arguments):
            placed = [*node.posonlyargs, *node.args]
            pairs += zip(placed[len(placed) - len(node.defaults) :], node.defaults, strict=True)
            pairs += zip(node.kwonlyargs, node.kw_defaults, strict=True)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and len(target.elts) == len(node.value.elts):
                    pairs += zip(target.elts, node.value.elts, strict=True)
        for left, right in pairs:
            if isinstance(right, ast.Constant) and isinstance(right.value, str):
                yield ast.unparse(left).split(":")[0].split(".")[-1], right.value


def test_status_words_are_no_defaults_either():
    words = defaultdict(set)
    for model in MODELS:
        for field in model._meta.fields:
            words[field.name].update(v for v, _ in field.flatchoices if isinstance(v, str) and v)
    others = [p for p in CODE if duty(p) != "models"]

    spelled = {
        name(p): hits
        for p in others
        if (hits := [(f, w) for f, w in spelled_values(ast.parse(p.read_text())) if w in words[f]])
    }

    assert spelled == {}


def test_each_refusal_is_worded_once():
    texts = Counter()
    for path in CODE:
        for call in ast.walk(ast.parse(path.read_text())):
            is_error = isinstance(call, ast.Call) and ast.unparse(call.func).endswith(
                "ValidationError"
            )
            if is_error and call.args:
                said = [n for n in ast.walk(call.args[0]) if isinstance(n, ast.Constant)]
                words = [n.value for n in said if isinstance(n.value, str)]
                texts.update(text for text in words if re.search(r"\w \w", text))

    assert [text for text, times in texts.items() if times > 1] == []


def test_env_example_lists_exactly_what_is_read():
    read = set(re.findall(r'\benv(?:\.\w+)?\("(\w+)"', (ROOT / "config/settings.py").read_text()))
    starter = "".join(p.read_text() for p in sorted((ROOT / "stack").rglob("*.py")))
    told = re.findall(r"^#? ?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert read - set(told) == set()
    assert [n for n in told if n not in read and f'"{n}"' not in starter] == []
    assert [n for n, times in Counter(told).items() if times > 1] == []


# Pages


class Words(HTMLParser):
    """What a page says that no translation tag says."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_data(self, data):
        self.found += re.findall(r"[^\W\d_]{2,}", data)

    def handle_starttag(self, tag, attrs):
        said = [value or "" for key, value in attrs if key in SAID_ATTRIBUTES]
        kind = dict(attrs).get("type")
        if tag == "input" and kind in {"submit", "button"}:
            said.append(dict(attrs).get("value") or "")
        for value in said:
            self.handle_data(value)


def untranslated(text):
    text = re.sub(r"\{#.*?#\}", "", text)
    for block in ("comment", "blocktranslate", "verbatim"):
        text = re.sub(rf"\{{% {block}\b.*?%\}}.*?\{{% end{block} %\}}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    words = Words()
    words.feed(re.sub(r"\bis-[a-z]+", "", text))  # a state of the style sheet, set by a block
    words.close()
    return [word for word in words.found if word not in NOT_TRANSLATED]


def test_untranslated_words_are_seen():
    page = (
        '<p title="Now {{ x }}">{% translate "Save" %}<b {% if a %}b{% endif %}>Help &amp;</b></p>'
    )

    assert untranslated(page) == ["Now", "Help"]


def test_every_visible_word_can_be_translated():
    bare = {name(p): words for p in TEMPLATES if (words := untranslated(p.read_text()))}

    assert bare == {}


def test_no_two_templates_share_eight_lines():
    # What frames or closes something, and attributes that the formatter put on lines of their own.
    layout = re.compile(
        r'</?\w+>|\{% (?:end\w+|extends|load|block|csrf_token)\b.*%\}|[\w-]+(?:="[^"]*")?>?'
    )
    owners = defaultdict(set)
    for path in TEMPLATES:
        lines = [line.strip() for line in path.read_text().splitlines()]
        lines = [line for line in lines if line and not layout.fullmatch(line)]
        for start in range(len(lines) - 7):
            owners[tuple(lines[start : start + 8])].add(name(path))

    assert sorted({tuple(sorted(o)) for o in owners.values() if len(o) > 1}) == []


def test_templates_hold_no_script_style_or_address_of_their_own():
    assert found(r"<script(?![^>]*\bsrc=)[^>]*>", TEMPLATES) == {}
    assert found(r"<style|\sstyle=|\son[a-z]+=|\bhx-on", TEMPLATES) == {}
    assert found(r"(?:src|href|action)=\"(?:https?:)?/[^\"]*\"", TEMPLATES) == {}
    assert found(r"\bperms\.", TEMPLATES) == {}


def test_no_form_is_cut_off_from_its_token():
    """`only` keeps the token of forms out as well, and the browser is refused."""
    cut = re.compile(r'include "([\w/]+\.html)"[^%]*\bonly %\}')
    forms = {p.relative_to(ROOT / "templates").as_posix() for p in TEMPLATES}
    forms = {each for each in forms if "csrf_token" in (ROOT / "templates" / each).read_text()}

    assert {n: hits for n, hits in found(cut.pattern, TEMPLATES).items() if forms & {*hits}} == {}


def test_templates_stay_short():
    assert [name(p) for p in TEMPLATES if p.read_text().count("\n") > 150] == []


def test_styles_know_no_left_or_right():
    sheets = sorted((ROOT / "static/css").rglob("*.css"))
    physical = r"(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)"

    assert sheets
    assert found(physical + r"|[;{\s](?:left|right):", sheets) == {}


# Tests


def test_tests_replace_nothing_of_ours():
    tests = [p for p in sorted((ROOT / "tests").rglob("*.py")) if p != Path(__file__)]
    ours = "|".join(APPS)

    assert found(rf"patch(?:\.object)?\(\s*[\"']?(?:{ours})\.", tests) == {}
    assert found(r"\.assert_called|pytest\.mark\.(?:skip|xfail)\b", tests) == {}
    assert found(r"\"\"\"Test that", tests) == {}


def test_words_are_marked_by_names_that_are_collected():
    """The catalogue is made of `_` and of what Django itself calls them: another name is missed."""
    renamed = re.compile(r"\b(?:n|p|np)?gettext(?:_lazy)? as (?!_\b)\w+")
    assert [name(path) for path in CODE if renamed.search(path.read_text())] == []
