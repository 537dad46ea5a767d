"""What an answer asks for at once: somebody who supervises is told, once in a talk."""

from django.utils import timezone

from accounts.models import User
from accounts.notices import notify
from casework.models import Case
from casework.people_at_work import holders_of
from screening.models import Screening

CRISIS, HEALTH, SUPERVISOR, CONDUCT = "crisis", "health", "supervisor", "conduct"
# A clock of health is shown to the worker; what our own people did goes another way.
TOLD = frozenset({CRISIS, SUPERVISOR})


def raise_alerts(screening: Screening, alerts: tuple[str, ...], actor: User) -> None:
    """Tell who supervises that somebody needs her; the caller keeps the row.

    The notice says neither why nor of whom: it leads to the case, which is guarded.
    """
    if screening.alerted_at is not None or not TOLD.intersection(alerts):
        return
    screening.alerted_at = timezone.now()
    case = screening.case
    told = supervisors(case, but=actor)
    notify(told, "supervisor_needed", url_name="casework:case", object_id=case.pk)


def supervisors(case: Case, *, but: User | None = None) -> list[User]:
    """Those of the team of the case; of the whole house where the team has none."""
    house = holders_of("screening.review_screening", case.organization_id, but=but, case=case)
    of_team = [user for user in house if case.team_id in user.team_ids]
    return of_team or house
