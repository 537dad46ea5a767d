"""Who may open what: asks every door, and reads and writes `access_matrix.csv`."""

import csv
import json
from copy import deepcopy
from pathlib import Path

from django.db import transaction
from django.test import Client

from casework.models import Case
from tests.conftest import browser_of
from tests.doors import (
    CLOSED,
    DOORS,
    LEARNT,
    SHUT,
    TYPES_OF_IDS,
    address,
    key_in,
    keywords_of,
    names,
    of_every_role,
)
from tests.security.world import CANARY, NOBODY, OBJECTS, PERSONAS

FILE = Path(__file__).resolve().parents[2] / "access_matrix.csv"
# Objects that writes are tried on as well; reading is tried on all of them.
WRITTEN = ("hub1", "house2", "sealed")
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
COLUMNS = ["method", "route", "object", *PERSONAS]
REFUSED = {302, 401, 403, 404}


def methods_of(route):
    """Reading, and each way of writing that the door knows; POST where it refuses none itself."""
    known = ["GET", "POST"] if route.methods == ["*"] else route.methods
    return [method for method in ("GET", *CHANGING) if method in known]


def has_ids(route):
    return bool(TYPES_OF_IDS & set(route.arguments.values()))


def questions():
    """Every (method, route, object) of the matrix; an object "-" where the address names none."""
    for route in CLOSED:
        for method in methods_of(route):
            if not has_ids(route):
                yield method, route, "-"
                continue
            for name in OBJECTS if method == "GET" else WRITTEN:
                yield method, route, name


class Asker:
    """Asks the doors as each persona; nothing that a door does stays."""

    def __init__(self, world):
        self.world, self.kinds, self.opened = world, {}, {}

    def client(self, column):
        """Her one browser, as fresh as it was: what she kept in her session is still there."""
        if column == "A0":
            return Client()
        if column == "TK":
            return Client(headers={"authorization": f"Token {self.world.token}"})
        browser = self.world.browsers[column]
        browser.force_login(self.world.people[column])
        return deepcopy(browser)

    def read_what_doors_lead_to(self):
        """As it was learnt when the matrix was written: trying all rows at all doors takes long."""
        kinds = {entry_model._meta.label: entry_model for entry_model in self.world.rows["hub1"]}
        for route in CLOSED:
            if has_ids(route):
                label, number = LEARNT.get(route.path, (Case._meta.label, 0))
                self.kinds[route.path] = kinds.get(label, Case), number

    def learn_what_doors_lead_to(self):
        """For each door with an id: the row that opens it, by all its methods if there is one."""
        clients = self._openers()
        rows = self.world.rows["hub1"].items()
        places = [(model, number) for model, found in rows for number in range(len(found))]
        for route in CLOSED:
            if has_ids(route):
                found = self._place(clients, route, places)
                self.kinds[route.path] = found or (Case, 0)
                if found:
                    self.opened[route.path] = found

    def _openers(self):
        insider = of_every_role(self.world.people["CW1"].organization)
        insider.teams.set(self.world.people["CW1"].teams.all())
        return [browser_of(insider), *map(self.client, ("CW1", "CO1", "DPO", "IT", "PU"))]

    def _place(self, clients, route, places):
        door = f"{route.path} {route.name}".replace("-", "")
        rows = self.world.rows["hub1"]
        best, most = None, set()

        def unlikely(place):
            """What opened it before comes first, then what its address speaks of."""
            learnt = LEARNT.get(route.path) == [place[0]._meta.label, place[1]]
            return [not learnt, *(n not in door for n in names(rows[place[0]][0]))]

        for place in sorted(places, key=unlikely):
            # Another kind of row would open no more than the kind that the door is about.
            if most and place[0] is not best[0]:
                break
            opened = self._opened(clients, route, place)
            if len(opened) > len(most):
                best, most = place, opened
            if len(most) == len(methods_of(route)):
                break
        return best

    def keep_what_doors_lead_to(self):
        """Write it down; tells the paths of the doors that lead to something else by now, or
        that nothing has opened yet."""
        told = {path: [model._meta.label, n] for path, (model, n) in sorted(self.opened.items())}
        DOORS.write_text(json.dumps(told, indent=1) + "\n")
        return {path for path in self.kinds if LEARNT.get(path) != told.get(path, [])}

    def _opened(self, clients, route, place):
        """The methods of this door that open for somebody, with this row behind it."""
        key = key_in(route, self.world.rows["hub1"][place[0]][place[1]])
        return {
            method
            for method in methods_of(route)
            if any(self.ask(c, method, route, key, "hub1").status_code not in SHUT for c in clients)
        }

    def ask(self, client, method, route, pk, name):
        others = {m._meta.model_name: found[0].pk for m, found in self._rows(name).items()}
        path = address(route, **keywords_of(route, pk, others), **self._number(route))
        told = {"data": "{}", "content_type": "application/json"} if self._is_api(route) else {}
        cookies = deepcopy(client.cookies)
        with transaction.atomic():
            answer = getattr(client, method.lower())(path, **(told if method != "GET" else {}))
            transaction.set_rollback(True)
        # A door that ends a session has not ended it for the next.
        client.cookies = cookies
        return answer

    def key(self, route, name):
        """The id behind a door for one of the objects; None where nothing of the kind is."""
        if name in {"-", "nobody"}:
            return NOBODY
        model, number = self.kinds[route.path]
        found = self._rows(name).get(model, [])
        return key_in(route, found[number]) if number < len(found) else None

    def _rows(self, name):
        return self.world.rows.get(name, {})

    def _number(self, route):
        """Of the team behind its page; other numbers are places, not rows."""
        if not route.path.startswith("/settings/teams/") or "number" not in route.arguments:
            return {}
        return {"number": self.world.people["CW1"].teams.get().pk}

    def _is_api(self, route):
        return route.path.startswith("/api/")

    def answers(self, column, asked=None):
        """{(method, path, object): (status, whether a refusal told something)} of one persona."""
        client, told = self.client(column), {}
        for method, route, name in questions() if asked is None else asked:
            pk = self.key(route, name)
            if pk is None:
                continue
            answer = self.ask(client, method, route, pk, name)
            tells = answer.status_code in REFUSED and CANARY in answer.text
            told[method, route.path, name] = answer.status_code, tells
        return told


def read():
    """{(method, path, object): {column: status}} of the file."""
    with FILE.open(newline="") as file:
        return {
            (row["method"], row["route"], row["object"]): {c: int(row[c]) for c in PERSONAS}
            for row in csv.DictReader(file)
        }


def write(told, kept=()):
    """Write {column: answers} down; a person has to read the difference before it is kept.

    `kept` are answers of the file that nobody asked for anew, by question.
    """
    lines = dict(kept)
    for column, answers in told.items():
        for question, (status, _tells) in answers.items():
            lines.setdefault(question, {})[column] = status
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for method, route, name in questions():
            if line := lines.get((method, route.path, name)):
                writer.writerow([method, route.path, name, *(line[c] for c in PERSONAS)])
