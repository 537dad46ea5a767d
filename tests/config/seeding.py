"""Invented people for a test."""

import json
from datetime import date
from io import StringIO

from django.core.management import call_command

from accounts.models import User

UNTIL = "2026-11-20"


def seed(cases=60, number=1, until=UNTIL):
    out = StringIO()
    call_command(
        "seed_demo",
        cases=cases,
        seed=number,
        until=date.fromisoformat(until),
        json=True,
        stdout=out,
    )
    return json.loads(out.getvalue())


def account(login):
    return User.objects.get(username=login)
