"""Words that stand nowhere else: planted in what is kept of clients, to be looked for elsewhere.

A canary names its table, its field and a number, and is written in one of three scripts:
`CANARY-casework_person-name-1`, `КАНАРИНАЦ-…`, `كناري-…`.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import models

from accounts.data_dictionary import entries
from vault.fields import SealedJSONField, SealedTextField

WORDS = ("CANARY", "КАНАРИНАЦ", "كناري")
# Sealed, but no words: a day, a key of its own, a type of file.
NO_WORDS = {"birth_date", "secret", "media"}


def canary(row: models.Model, field: str, number: int) -> str:
    """The canary of one field of one row."""
    word = WORDS[number % len(WORDS)]
    return f"{word}-{number}-{row._meta.db_table}-{field}"


def text_fields(model: type[models.Model]) -> list[str]:
    """The fields into which somebody writes words about a client; all of them are sealed."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField)
        and not isinstance(field, SealedJSONField)
        and field.attname not in NO_WORDS
    ]


def client_models() -> Iterator[type[models.Model]]:
    """The models about clients, as the data dictionary has them."""
    for label, entry in entries().items():
        if entry.is_of_client:
            yield apps.get_model(label)


def plant(rows: Iterable[models.Model], first: int = 1) -> dict[str, str]:
    """Write canaries into every text of these rows; {canary: `table.field`}."""
    planted = {}
    for number, row in enumerate(rows, first):
        fields = text_fields(type(row))
        for name in fields:
            text = canary(row, name, number)
            setattr(row, name, text)
            planted[text] = f"{row._meta.db_table}.{name}"
        if fields:
            row.save(update_fields=fields)
    return planted
