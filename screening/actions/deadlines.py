"""Tell of the hours in which care after sexual violence works best: as they begin, and once more.

Told is one who is at work and may see the case: its owner, else who supervises its team, else who
works on it. Of a report on conduct nobody in the team may know, so it goes to who wrote it, else
to those who receive such reports. A closed case asks nothing of anybody.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.audit import record_list
from accounts.levels import Level
from accounts.models import User
from accounts.notices import notify
from casework.models import Case
from casework.people_at_work import holders_of, who_work_on
from screening.actions.alerts import supervisors
from screening.health_clocks import WINDOWS
from screening.models import Incident

RECEIVES = "screening.receive_conduct_report"
RECORDS = "screening.record_incident"
# So long before a window ends it is told again: one working day lies in it whenever it begins.
BEFORE_END = timedelta(hours=24)
# After so many days every window is over, whatever the hour and the change of clocks.
LONGEST = timedelta(hours=max(WINDOWS)) + timedelta(days=1)


def receivers_of(incident: Incident, case: Case | None) -> list[User]:
    """Who receives reports on conduct in the organization of the case, and whom it is open to.

    Whoever receives them does not see the case: for her it is None.
    """
    return holders_of(RECEIVES, incident.organization_id, case=case)


def tell_of_clocks(incident: Incident) -> None:
    """Tell that hours have begun to run; what ends within a day is told with it."""
    if not incident.running_clocks:
        return
    _tell(incident, "deadline_runs")
    if _notes_what_ends(incident):
        incident.save(update_fields=["clock_told_until"])


@transaction.atomic
def remind_of_clocks() -> int:
    """Tell again of hours that end within a day, once for each window; returns how many incidents.

    The notice says neither what nor of whom.
    """
    waiting = Incident.objects.open().in_open_cases().annotate(day=Coalesce("last_on", "first_on"))
    rows = (
        waiting.filter(day__gte=timezone.localdate() - LONGEST)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("data_key", "case__owner", "recorded_by", "conduct_by")
    )
    told = [row for row in rows if _notes_what_ends(row)]
    for row in told:
        _tell(row, "deadline_near")
        row.save(update_fields=["clock_told_until"])
    if told:
        ids = [row.pk for row in told]
        record_list(None, "remind_of_clocks", Incident, ids, note=str(len(ids)))
    return len(told)


def _notes_what_ends(incident: Incident) -> bool:
    """Whether a window that ends within a day was not told of again; then it is noted."""
    until, soon = incident.clock_told_until, timezone.now() + BEFORE_END
    ending = [clock.ends_at for clock in incident.running_clocks if clock.ends_at <= soon]
    if not ending or (until is not None and max(ending) <= until):
        return False
    incident.clock_told_until = max(ending)
    return True


def _tell(incident: Incident, code: str) -> None:
    case = incident.case
    if incident.is_conduct:
        told = _writers(incident) or receivers_of(incident, case)
        notify(told, code, url_name="screening:incident", object_id=incident.pk)
    elif case.is_open and case.archived_on is None:
        workers = [
            user for user in who_work_on(case, RECORDS) if case.level_for(user) >= Level.NARRATIVE
        ]
        owner = [user for user in workers if user.pk == case.owner_id]
        if owner:
            notify(owner, code, url_name="screening:incident", object_id=incident.pk)
        else:
            # A supervisor sees the case and no incident.
            told = _who_see(case) or workers
            notify(told, code, url_name="casework:case", object_id=case.pk)


def _who_see(case: Case) -> list[User]:
    return [user for user in supervisors(case) if case.level_for(user) > Level.EXISTS]


def _writers(report: Incident) -> list[User]:
    """Who wrote a report on conduct and who made it one, while they are here and see it."""
    wrote = User.objects.filter(pk__in=[report.recorded_by_id, report.conduct_by_id])
    seen = Incident.objects.filter(pk=report.pk)
    return [user for user in wrote.filter(is_active=True) if seen.visible_to(user).exists()]
