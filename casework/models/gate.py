"""The gate of whatever belongs to a case: what can be seen of the case can be seen of it."""

from typing import Self, TypeVar
from uuid import UUID

from django.db import connection, models

from accounts.levels import Level
from accounts.models import User
from casework.models.case import Case
from casework.models.person import Person

Row = TypeVar("Row", bound=models.Model)


class OfCaseQuerySet(models.QuerySet[Row]):
    """Rows with a `case`, seen by whoever sees that much of the case."""

    level = Level.OPERATIONAL

    def visible_to(self, user: User) -> Self:
        """Rows of the cases that this user may see at the rows' own level."""
        return self.filter(case__in=Case.objects.visible_to(user, self.level))


def has_case(person_id: UUID) -> bool:
    """Whether a person has any case, be it closed to who asks: yes or no and nothing else."""
    return _answer("SELECT gate_has_case(%s)", person_id)


def has_open_case(person: Person) -> bool:
    """Whether her house has a case open for her, be it closed to who asks."""
    return _answer("SELECT gate_has_open_case(%s, %s)", person.pk, person.organization_id)


def closed_records() -> list[UUID]:
    """The people, and the cases, that a conflict of interest closes to who acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_closed_records()")
        return sorted(pk for (pk,) in cursor.fetchall())


def leads_to(person_id: UUID | None = None, *, code: str = "") -> UUID | None:
    """The record that another one was merged into, by its old number or its old code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_leads_to(%s, %s)", [person_id, code])
        found: UUID | None = cursor.fetchone()[0]
    return found


def _answer(question: str, *ids: UUID) -> bool:
    """Asks a function of the database, which looks past what the policies show."""
    with connection.cursor() as cursor:
        cursor.execute(question, ids)
        return bool(cursor.fetchone()[0])
