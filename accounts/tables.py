"""Many changes of tables made with one look at all models, for migrations.

Django draws every model that hangs together with a changed one anew after each single operation:
with some 160 models, an empty database took a minute to fill. Here they are drawn once for a run
of operations, each of which sees the tables as they are after the last one.
"""

from collections.abc import Iterable
from typing import Any

from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveField,
    RunPython,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AtOnce(Operation):
    """A run of operations, none of which changes a column that another one of them changed."""

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations
        made = {each.name_lower for each in operations if isinstance(each, CreateModel)}
        # A table is made as it is after the run: with all its columns, constraints and indexes.
        self.not_made = [each for each in operations if not is_of(made, each)]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.operations], {})

    @property
    def reversible(self) -> bool:  # type: ignore[override]  # a constant in Django's own
        return all(each.reversible for each in self.operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn again when next asked for
        for each in self.operations:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for each in self.not_made:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for each in reversed(self.not_made):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(each.describe() for each in self.operations)


def is_of(made: set[str], operation: Operation) -> bool:
    """Whether an operation adds to a table what the table is made with."""
    if isinstance(operation, AddField | AddConstraint | AddIndex):
        return operation.model_name.lower() in made
    return False


def at_once(operations: Iterable[Operation]) -> list[Operation]:
    """The operations in their order, in as few runs as their meaning allows."""
    found: list[Operation] = []
    run: list[Operation] = []
    for operation in operations:
        is_alone = isinstance(operation, RunSQL | RunPython)
        if run and (is_alone or changes_again(run, operation)):
            found.append(AtOnce(run))
            run = []
        if is_alone:
            found.append(operation)
        else:
            run.append(operation)
    return [*found, AtOnce(run)] if run else found


def changes_again(run: list[Operation], operation: Operation) -> bool:
    """Whether an operation changes a column that the run made or changed already."""
    if not isinstance(operation, AddField | AlterField | RemoveField):
        return False
    made = {each.name_lower for each in run if isinstance(each, CreateModel)}
    if operation.model_name_lower in made:
        return not isinstance(operation, AddField)
    column = (operation.model_name_lower, operation.name_lower)
    return any(
        column == (each.model_name_lower, each.name_lower)
        for each in run
        if isinstance(each, AddField | AlterField | RemoveField)
    )
