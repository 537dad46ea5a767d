from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from screening import actions
from screening.instrument_files import FOLDER
from screening.models import InstrumentVersion
from tests.screening.vectors import THB

THBS = InstrumentVersion.objects.filter(instrument__code="thb")


def test_load_instruments_twice_changes_nothing(instrument_version, capsys):
    call_command("load_instruments")

    assert capsys.readouterr().out == "0 instruments loaded.\n"
    assert THBS.get() == instrument_version


def test_a_version_nobody_was_asked_with_may_change(instrument_version):
    assert actions.publish_version({**THB, "owner": "Somebody else"})

    changed = THBS.get()
    assert changed.pk == instrument_version.pk
    assert changed.definition["owner"] == "Somebody else"


def test_a_used_version_never_changes(screening):
    with pytest.raises(ValidationError, match=r"Version 1\.1 was used already"):
        actions.publish_version({**THB, "owner": "Somebody else"})

    assert THBS.get().definition == THB


def test_a_new_version_stands_beside_the_old_one(screening, instrument_version):
    assert actions.publish_version({**THB, "version": "1.2", "valid_from": "2026-02-01"})

    in_force = THBS.in_force(date(2026, 3, 1)).get()
    assert (in_force.version, screening.instrument_version) == ("1.2", instrument_version)
    assert THBS.in_force(date(2026, 1, 15)).get().version == "1.1"


def test_a_version_ends_on_its_day(instrument_version):
    actions.publish_version({**THB, "valid_until": "2026-06-30"})

    assert THBS.in_force(date(2026, 6, 30)).count() == 1
    assert THBS.in_force(date(2026, 7, 1)).count() == 0


def test_load_instruments_names_the_broken_file(tmp_path, db):
    path = tmp_path / "broken.json"
    path.write_text("{}", encoding="utf-8")

    with pytest.raises(CommandError, match=f"{path}: \\$: '\\$schema' is a required property"):
        call_command("load_instruments", path)


def test_load_instruments_names_the_file_of_a_used_version(tmp_path, screening):
    text = (FOLDER / "thb.json").read_text(encoding="utf-8").replace("Casework project", "Others")
    path = tmp_path / "thb.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=f"{path}: Version 1.1 was used already"):
        call_command("load_instruments", path)
