"""The report role: inside, the database itself shows the de-identified views and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def report_role() -> Iterator[None]:
    """A transaction of its own (or a savepoint) in which only `report_…` views can be read."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            before = cursor.fetchone()[0]
            cursor.execute("SET LOCAL ROLE casework_report")
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(before)}")
