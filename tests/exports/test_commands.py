import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string

from exports import tasks
from exports.models import Export
from exports.rules import RULES
from tests.exports.factories import ExportFactory

pytestmark = pytest.mark.django_db


def test_the_command_says_how_many_ended(capsys):
    ExportFactory(requested_at=timezone.now() - timedelta(days=8))

    call_command("expire_exports", json=True)
    call_command("expire_exports")

    first, second = capsys.readouterr().out.splitlines()
    assert (json.loads(first), second) == ({"ended": 1}, "0 exports ended")


def test_the_clock_ends_what_was_never_made():
    row = ExportFactory(
        state=Export.State.REQUESTED, requested_at=timezone.now() - timedelta(days=9)
    )

    tasks.expire_exports()

    assert Export.objects.get(pk=row.pk).state == Export.State.FAILED


def test_every_kind_has_its_rule_and_every_rule_its_question():
    asked = [rule.still_allowed for rule in RULES.values() if rule.still_allowed]

    assert set(RULES) == set(Export.Kind)
    assert all(callable(import_string(path)) for path in asked)
