"""Who may open what: asks every door, and reads and writes `access_matrix.csv`."""

import csv
import json
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.test import Client

from casework.models import Case
from tests.doors import (
    CLOSED,
    DOORS,
    LEARNT,
    TYPES_OF_IDS,
    address,
    keywords_of,
    names,
    of_every_role,
)
from tests.security.world import CANARY, NOBODY, OBJECTS, PERSONAS

FILE = Path(__file__).resolve().parents[2] / "access_matrix.csv"
# Objects that writes are tried on as well; reading is tried on all of them.
WRITTEN = ("hub1", "house2", "sealed")
# How many kinds of rows are tried at a door before the likeliest is taken.
LIKELY = 40
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

    def __init__(self, world, signed_in):
        self.world, self.signed_in = world, signed_in
        self.kinds = {}

    def client(self, column):
        if column == "A0":
            return Client()
        if column == "TK":
            return Client(headers={"authorization": f"Token {self.world.token}"})
        return self.signed_in(self.world.people[column])

    def read_what_doors_lead_to(self):
        """As it was learnt when the matrix was written: trying all rows at all doors takes long."""
        kinds = {entry_model._meta.label: entry_model for entry_model in self.world.rows["hub1"]}
        for route in CLOSED:
            if has_ids(route):
                label, number = LEARNT.get(route.path, (Case._meta.label, 0))
                self.kinds[route.path] = kinds.get(label, Case), number

    def learn_what_doors_lead_to(self):
        """For each door with an id: which row behind it opens it for somebody."""
        rows = self.world.rows["hub1"]
        insider = of_every_role(self.world.people["CW1"].organization)
        insider.teams.set(self.world.people["CW1"].teams.all())
        clients = [self.signed_in(insider), self.client("PU")]
        places = [
            (model, number)
            for model, found in rows.items()
            for number, row in enumerate(found)
            if isinstance(row.pk, UUID)
        ]
        for route in CLOSED:
            if has_ids(route):
                door = f"{route.path} {route.name}".replace("-", "")
                likely = sorted(places, key=lambda p: [n not in door for n in names(rows[p[0]][0])])
                self.kinds[route.path] = next(
                    (p for p in likely[:LIKELY] if self._opens(clients, route, p)), likely[0]
                )

    def keep_what_doors_lead_to(self):
        told = {path: (model._meta.label, n) for path, (model, n) in sorted(self.kinds.items())}
        DOORS.write_text(json.dumps(told, indent=1) + "\n")

    def _opens(self, clients, route, place):
        pk = self.world.rows["hub1"][place[0]][place[1]].pk
        return any(
            self.ask(client, method, route, pk, "hub1").status_code not in {404, 405}
            for client in clients
            for method in methods_of(route)
        )

    def ask(self, client, method, route, pk, name):
        others = {m._meta.model_name: found[0].pk for m, found in self._rows(name).items()}
        path = address(route, **keywords_of(route, pk, others))
        told = {"data": "{}", "content_type": "application/json"} if self._is_api(route) else {}
        with transaction.atomic():
            answer = getattr(client, method.lower())(path, **(told if method != "GET" else {}))
            transaction.set_rollback(True)
        return answer

    def key(self, route, name):
        """The id behind a door for one of the objects; None where nothing of the kind is."""
        if name in {"-", "nobody"}:
            return NOBODY
        model, number = self.kinds[route.path]
        found = self._rows(name).get(model, [])
        return found[number].pk if number < len(found) else None

    def _rows(self, name):
        return self.world.rows.get(name, {})

    def _is_api(self, route):
        return route.path.startswith("/api/")

    def answers(self, column):
        """{(method, path, object): (status, whether a refusal told something)} of one persona."""
        client, told = self.client(column), {}
        for method, route, name in questions():
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


def write(told):
    """Write {column: answers} down; a person has to read the difference before it is kept."""
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for question in told["A0"]:
            writer.writerow([*question, *(told[column][question][0] for column in PERSONAS)])
