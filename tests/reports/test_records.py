import csv
import io
import json

import pyrage
import pytest
from django.core.management import CommandError, call_command

from casework.models import Consent
from exports.models import Export
from tests import factories
from tests.files.shelves import own_shelf


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    return own_shelf(settings, tmp_path)


@pytest.fixture
def key():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def receiver(case):
    case.person.birth_year_from, case.person.birth_year_to = 1990, 1992
    case.person.save()
    clinic = factories.OrganizationFactory(code="clinic")
    factories.ConsentFactory(
        case=case, purpose=Consent.Purpose.REFERRAL, organization=clinic, items=["code", "sex"]
    )
    return clinic


def transfer(case, out, key, *logins, **more):
    call_command(
        "export_records",
        "transfer",
        format="age",
        out=out,
        case=case.pk,
        to="clinic",
        recipient=str(key.to_public()),
        approved_by=logins,
        **more,
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_counts_leave_without_anybody_behind_them(coordinator, team, tmp_path, form, capsys):
    factories.HeadcountFactory(team=team, quantity=3)
    factories.HeadcountFactory(quantity=7)
    out = tmp_path / "counts"

    call_command(
        "export_records", "counts", format=form, out=out, actor=coordinator.username, json=True
    )

    line = Export.objects.get()
    assert (line.kind, line.rows, line.state) == ("facts", 1, "handed_out")
    assert json.loads(capsys.readouterr().out)["bytes"] == out.stat().st_size
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
        assert rows[0]["quantity"] == "3"
        assert "id" not in rows[0]


def test_one_person_leaves_encrypted_with_two_names_under_it(
    case, caseworker, coordinator, receiver, key, tmp_path
):
    transfer(case, tmp_path / "one", key, caseworker.username, coordinator.username)

    told = json.loads(pyrage.decrypt((tmp_path / "one").read_bytes(), [key]))
    assert told["tables"]["Person"][0] == ["Code", case.person.code]
    line = Export.objects.get()
    assert (line.requested_by, line.decided_by, line.state) == (
        caseworker,
        coordinator,
        "handed_out",
    )
    assert line.columns == ["code", "sex"]


def test_E07_one_name_twice_or_a_stranger_is_refused(
    case, caseworker, coordinator, stranger, colleague, receiver, key, tmp_path
):
    pairs = [(caseworker, caseworker), (caseworker, stranger), (caseworker, colleague)]
    pairs += [(stranger, coordinator), (coordinator, caseworker)]

    for first, second in pairs:
        with pytest.raises(CommandError):
            transfer(case, tmp_path / "one", key, first.username, second.username)

    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize(
    "given",
    [
        {"format": "csv"},
        {"recipient": ""},
        {"approved_by": None},
        {"to": "nobody"},
        {"case": "00000000-0000-0000-0000-000000000001"},
        {"approved_by": ("nobody", "nobody")},
        {"recipient": "age1"},
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    case, caseworker, coordinator, receiver, key, tmp_path, given
):
    told = {
        "format": "age",
        "out": tmp_path / "one",
        "case": case.pk,
        "to": "clinic",
        "recipient": str(key.to_public()),
        "approved_by": (caseworker.username, coordinator.username),
    }

    with pytest.raises(CommandError):
        call_command("export_records", "transfer", **(told | given))

    assert not (tmp_path / "one").exists()


def test_counts_are_for_who_may_see_them(caseworker, coordinator, tmp_path):
    (tmp_path / "there").write_text("kept")
    out = {"format": "csv", "out": tmp_path / "one"}

    for actor, more in [
        (caseworker.username, {}),
        ("nobody", {}),
        (coordinator.username, {"format": "age"}),
        (coordinator.username, {"out": tmp_path / "there"}),
        (coordinator.username, {"out": tmp_path / "no" / "where"}),
    ]:
        with pytest.raises(CommandError):
            call_command("export_records", "counts", actor=actor, **(out | more))

    assert (tmp_path / "there").read_text() == "kept"
    assert not (tmp_path / "one").exists()
