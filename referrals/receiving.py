"""What the database hands to the receiver of a referral, who has no access to any case.

One view shows what was agreed to, cut by the items and the step; it is read under the partner
role, which sees nothing else. A referral read here holds a case and a person of no more than that.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.shortcuts import get_object_or_404

from accounts.database_roles import PARTNER_ROLE
from accounts.models import Organization, Team, User
from accounts.scope import taking
from casework.models import Case, Person
from referrals.models import Referral
from vault.models import DataKey

AGREED = """
SELECT referral_id, case_id, organization_id, team_id, person_id AS id, code, sex, birth_year_from,
       birth_year_to, nationality, language_id, unaccompanied_or_separated
FROM referrals_disclosed WHERE referral_id = ANY (%s)
"""
FACTS = (
    "id",
    "code",
    "sex",
    "birth_year_from",
    "birth_year_to",
    "nationality",
    "language_id",
    "unaccompanied_or_separated",
)


def hand_over(referrals: Sequence[Referral]) -> None:
    """Give received referrals as much of their cases as was agreed to. Three queries."""
    found = _agreed(referrals)
    teams = Team.objects.in_bulk([row["team_id"] for row in found.values()])
    houses = Organization.objects.in_bulk([row["organization_id"] for row in found.values()])
    for referral in referrals:
        referral.case = Case(pk=referral.case_id, person=Person(code=""))
        if row := found.get(referral.pk):  # else it was closed to her this very moment
            referral.case.person = Person(**{name: row[name] for name in FACTS})
            referral.case.team = teams[row["team_id"]]  # type: ignore[assignment]  # Group's manager
            referral.case.organization = houses[row["organization_id"]]


def hand_over_with_note(referral: Referral) -> None:
    """The same for one referral, with the note on how to talk safely. Five queries at most."""
    hand_over([referral])
    person = referral.case.person
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_handling_note(%s)", [referral.pk])
        sealed = cursor.fetchone()[0]
    if sealed is not None:
        note = Person._meta.get_field("handling_note")
        person.data_key = DataKey.objects.filter(pk=person.pk).first()
        person.handling_note = note.from_db_value(sealed, None, connection)


def taken_back(user: User, pk: UUID) -> Referral:
    """One that this user's institution once had; only its number may be told. Raises Http404."""
    return get_object_or_404(Referral.objects.recalled_from(user), pk=pk)


def _agreed(referrals: Sequence[Referral]) -> dict[Any, dict[str, Any]]:
    ids = [referral.pk for referral in referrals]
    with taking(PARTNER_ROLE), connection.cursor() as cursor:
        cursor.execute(AGREED, [ids])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["referral_id"]: row for row in rows}
