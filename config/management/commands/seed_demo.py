"""Fill an empty installation with invented people, so that everything can be tried."""

import json
import secrets
from argparse import ArgumentParser
from datetime import date
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Installation, Organization, User
from casework.actions.search import rebuild_search
from casework.models import Person
from config.demo import house
from config.demo.arrivals import add_arrivals
from config.demo.days import Calendar
from config.demo.desk import open_desk
from config.demo.families import add_families
from config.demo.field import Field
from config.demo.papers import add_papers
from config.demo.population import Population
from config.demo.protection import fill_registers, review_wordings
from config.demo.school import School
from config.demo.talking import add_talking
from config.demo.told import tell
from config.demo.twins import add_twins
from config.demo.writer import Sealer, write_all

SMALL = 240
HEADCOUNTS_TODAY = 4


class Command(BaseCommand):
    help = "Make invented people, cases, referrals and sessions; the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=SMALL, help="how many cases")
        parser.add_argument("--seed", type=int, default=1, help="which lives")
        parser.add_argument("--until", type=date.fromisoformat, default=None, help="the last day")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        until = options["until"] or timezone.localdate()
        self.refuse(options["cases"], until)
        if Organization.objects.filter(code=house.HOUSES[0][0]).exists():
            Installation.objects.get_or_create(kind=Installation.Kind.DEMO)
            if settings.DEMO_PASSWORD:
                house.keep_password(settings.DEMO_PASSWORD)
            self.answer(options, {"already": True}, "The invented people are here already.")
            return
        if User.objects.exists() or Person.objects.exists():
            raise CommandError("This database holds something else. Nothing was added.")
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(12)
        with transaction.atomic():
            written = fill(options["cases"], options["seed"], until, password)
        rebuild_search()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        tell(until)
        fill_registers(until)
        add_papers()
        add_families()
        add_arrivals()
        add_twins()
        open_desk()
        add_talking()
        rows = sum(written.values())
        # A password that was given is known, and what is printed here is kept in a log.
        shown = "" if settings.DEMO_PASSWORD else password
        self.answer(
            options,
            {"rows": rows, "password": shown, "tables": written},
            f"{rows} rows of invented lives. Password of every login: {shown or 'the given one'}",
        )

    def refuse(self, cases: int, until: date) -> None:
        if not settings.LOCAL:
            raise CommandError("Invented people belong into a demo. Set APP_ENV=demo.")
        if not 1 <= cases <= 1_000_000:
            raise CommandError("--cases takes a number from 1 to 1000000.")
        if until > timezone.localdate():
            raise CommandError("--until takes a day that has begun.")

    def answer(self, options: dict[str, Any], facts: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(facts) if options["json"] else words)


def fill(cases: int, seed: int, until: date, password: str) -> dict[str, int]:
    """Write everything; returns the number of rows by table. Needs the reference data."""
    Installation.objects.get_or_create(kind=Installation.Kind.DEMO)
    rng, sealer = Random(seed), Sealer()  # noqa: S311  # invented lives need no secret chance
    days = Calendar(until)
    houses = house.build(rng, cases=cases, days=days, password=password)
    review_wordings()
    population = Population(rng, houses, sealer, days)
    population.live(cases)
    field, school = Field(rng, houses["HUB-A"], days), School(rng, houses["HUB-A"], sealer, days)
    field.work(max(cases // 8, 18))
    field.headcounts(max(cases // 8, 12), HEADCOUNTS_TODAY)
    school.teach(max(min(cases // 40, 60), 3))
    return write_all([*population.tables, *field.tables, *school.tables])
