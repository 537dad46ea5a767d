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

from accounts.models import Organization, User
from casework.models import Person
from config.demo import house
from config.demo.field import Field
from config.demo.lives import Lives
from config.demo.wings import Wings
from config.demo.writer import Sealer, write_all

SMALL = 240


class Command(BaseCommand):
    help = "Make invented people, cases, referrals and sessions; the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=SMALL, help="how many cases")
        parser.add_argument("--seed", type=int, default=1, help="which lives")
        parser.add_argument("--until", type=date.fromisoformat, default=None, help="the last day")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_unfit(options["cases"])
        if Organization.objects.filter(code=house.HOUSES[0][0]).exists():
            self.answer(options, {"already": True}, "The invented people are here already.")
            return
        if User.objects.exists() or Person.objects.exists():
            raise CommandError("This database holds something else. Nothing was added.")
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(12)
        until = options["until"] or timezone.localdate()
        with transaction.atomic():
            written = fill(options["cases"], options["seed"], until, password)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.answer(
            options,
            {"rows": sum(written.values()), "password": password, "tables": written},
            f"{sum(written.values())} rows of invented lives. Password of every login: {password}",
        )

    def refuse_unfit(self, cases: int) -> None:
        if not settings.LOCAL:
            raise CommandError("Invented people belong into a demo. Set APP_ENV=demo.")
        if not 1 <= cases <= 1_000_000:
            raise CommandError("--cases takes a number from 1 to 1000000.")

    def answer(self, options: dict[str, Any], facts: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(facts) if options["json"] else words)


def fill(cases: int, seed: int, until: date, password: str) -> dict[str, int]:
    """Write everything; returns the number of rows by table. Needs the reference data."""
    rng, sealer = Random(seed), Sealer()  # noqa: S311  # invented lives need no secret chance
    houses = house.build(rng, cases=cases, until=until, password=password)
    lives = Lives(rng, houses, sealer, until)
    partners = dict(
        User.objects.filter(username__startswith="partner").values_list("organization", "pk")
    )
    wings = Wings(rng, lives, partners)
    opened = 0
    while opened < cases:
        for guest in lives.arrive(lives.group_kind()):
            case = lives.open_case(guest) if opened < cases and rng.random() < 0.8 else None
            opened += case is not None
            for _ in range(min(1 + int(rng.expovariate(0.6)), 9)):
                lives.visit(guest, case)
            if case is not None:
                live_case(rng, lives, wings, case)
    field = Field(rng, houses["HUB-A"], sealer, until)
    for _ in range(max(cases // 12, 10)):
        field.outing()
        field.headcount()
    field.school(max(min(cases // 40, 60), 3))
    return write_all([*lives.tables, *wings.tables, *field.tables])


def live_case(rng: Random, lives: Lives, wings: Wings, case: Any) -> None:
    """What a case leads to: most are screened, some referred, a few find work again."""
    story = wings.screen(case) if rng.random() < 0.62 else "nothing"
    hurt = story in {"debt", "work", "control"}
    if rng.random() < (0.75 if hurt else 0.22):
        wings.refer(case)
    if hurt:
        for service in ("accommodation", "counselling", "legal", "recovery_workshop"):
            if rng.random() < 0.6:
                day = case.opened
                lives.service(
                    case.guest, service, day, grant=lives.grant_on(case.guest, day), case=case
                )
        if rng.random() < 0.3:
            lives.income_activity(case)
