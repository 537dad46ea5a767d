"""Runs of changes to tables: what stands in one run, and that forwards and back leave nothing."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from accounts.tables import AtOnce, at_once

LAMP = migrations.CreateModel("Lamp", [("id", models.BigAutoField(primary_key=True))])
COLOUR = migrations.AddField("lamp", "colour", models.CharField(max_length=8))
ORDER = migrations.AddIndex("lamp", models.Index(fields=["colour"], name="lamp_colour"))
NAMED = migrations.AddConstraint(
    "lamp", models.CheckConstraint(condition=~models.Q(colour=""), name="lamp_has_a_colour")
)
LONGER = migrations.AlterField("lamp", "colour", models.CharField(max_length=16))
SHADE = migrations.CreateModel(
    "Shade",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("lamp", models.ForeignKey("outreach.lamp", on_delete=models.CASCADE)),
    ],
)
SQL = migrations.RunSQL("SELECT 1", "SELECT 1")


def test_what_changes_a_column_again_or_is_plain_sql_ends_a_run() -> None:
    found = at_once([LAMP, COLOUR, ORDER, LONGER, SQL, SHADE])
    runs = [each.operations if isinstance(each, AtOnce) else each for each in found]
    assert runs == [[LAMP, COLOUR, ORDER], [LONGER], SQL, [SHADE]]


def columns(table: str) -> dict[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, character_maximum_length FROM information_schema.columns"
            " WHERE table_name = %s",
            [table],
        )
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_the_tables_are_as_if_made_one_by_one_and_go_again() -> None:
    states = [ProjectState()]
    # The shade is made first: its key to the lamp waits until both tables are there.
    operations = at_once([SHADE, LAMP, COLOUR, ORDER, NAMED, LONGER])
    with connection.schema_editor(atomic=False) as editor:
        for operation in operations:
            states.append(states[-1].clone())
            operation.state_forwards("outreach", states[-1])
            operation.database_forwards("outreach", editor, states[-2], states[-1])
    assert columns("outreach_lamp") == {"id": None, "colour": 16}
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "outreach_lamp")
        keys = connection.introspection.get_constraints(cursor, "outreach_shade").values()
    assert {"lamp_colour", "lamp_has_a_colour"} <= set(found)
    assert ("outreach_lamp", "id") in [key["foreign_key"] for key in keys]
    with connection.schema_editor(atomic=False) as editor:
        for number, operation in reversed(list(enumerate(operations))):
            operation.database_backwards("outreach", editor, states[number + 1], states[number])
    assert columns("outreach_lamp") == columns("outreach_shade") == {}
