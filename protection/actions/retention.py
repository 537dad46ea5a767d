"""Find what is due, and let a coordinator decide: confirm it, or say why it is kept longer.

Source: docs/data-protection.md, "How long"; the years are settings. A clock that missed a run
finds the same rows at the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Notice, Role, User
from accounts.notices import notify
from casework.actions import forget_hours
from casework.models import Case, Person
from casework.models.person import ADULT
from protection.actions.requests import archive, erase_due, warn_of_erasures
from protection.models import DueRow, ErasureRequest, Subject
from protection.years import after_years


@dataclass(frozen=True)
class Due:
    """One record whose time is over, since when, and by which rule."""

    person: Person
    case: Case | None
    rule: str
    due_on: date

    @property
    def kind(self) -> str:
        return Subject.CASE if self.case else Subject.PERSON


def due_on(case: Case) -> tuple[date, str]:
    """From which day a closed case is due, and by which rule."""
    if case.closed_on is None:
        raise ValueError("An open case is never due.")
    day, rule = after_years(case.closed_on, settings.RETENTION_CASE_YEARS), DueRow.Rule.CASE
    born = case.person.birth_year_to
    # Who may have been a child when the case was opened.
    if born is not None and case.opened_on.year - born <= ADULT:
        grown = date(born + ADULT + settings.RETENTION_CHILD_YEARS + 1, 1, 1)
        if grown > day:
            return grown, DueRow.Rule.CHILD
    return day, rule


def find_due(today: date) -> Iterator[Due]:
    """Records whose time is over today: people first, then cases of people who still come."""
    closed = Case.objects.closed().filter(archived_on=None, person__archived_on=None)
    # A year or two of margin: the exact day is counted below.
    latest = today - timedelta(days=365 * settings.RETENTION_CASE_YEARS)
    old = list(closed.filter(closed_on__lte=latest).select_related("person").order_by("closed_on"))
    done: set[object] = set()
    for case in old:
        day, rule = due_on(case)
        if day > today or case.person_id in done:
            continue
        whole = _whole_person(case.person, today)
        if whole is not None:
            done.add(case.person_id)
            yield Due(case.person, None, rule, max(day, whole))
        else:
            yield Due(case.person, case, rule, day)
    yield from _without_case(today)


def _whole_person(person: Person, today: date) -> date | None:
    """Since when everything of a person is due; None while she comes or another case is not."""
    days = [last_contact(person)]
    limit = [after_years(days[0], settings.RETENTION_CONTACT_YEARS)]
    for case in person.cases.all():
        if case.is_open:
            return None
        limit.append(due_on(case)[0])
    latest = max(limit)
    return latest if latest <= today else None


def last_contact(person: Person) -> date:
    """The last day on which somebody was here or was served."""
    days = [timezone.localdate(person.registered_at)]
    told = Person.objects.filter(pk=person.pk).aggregate(
        visit=Max("visits__at"), service=Max("services__delivered_on")
    )
    if told["visit"]:
        days.append(timezone.localdate(told["visit"]))
    if told["service"]:
        days.append(told["service"])
    return max(days)


def _without_case(today: date) -> Iterator[Due]:
    latest = today - timedelta(days=365 * settings.RETENTION_CONTACT_YEARS)
    people = Person.objects.filter(
        ~Exists(Case.objects.filter(person=OuterRef("pk"))),
        Q(last_visit_on=None) | Q(last_visit_on__lte=latest),
        archived_on=None,
        merged_into=None,
        registered_at__date__lte=latest,
    )
    for person in people.order_by("registered_at"):
        day = after_years(last_contact(person), settings.RETENTION_CONTACT_YEARS)
        if day <= today:
            yield Due(person, None, DueRow.Rule.CONTACT, day)


@transaction.atomic
def list_due(today: date | None = None) -> int:
    """Write down what became due and tell the coordinators; returns how many rows are new."""
    day = today or timezone.localdate()
    fresh = 0
    houses = set()
    for due in find_due(day):
        row, is_new = DueRow.objects.get_or_create(
            person=due.person,
            case=due.case,
            defaults={
                "organization_id": due.person.organization_id,
                "kind": due.kind,
                "rule": due.rule,
                "due_on": due.due_on,
            },
        )
        if is_new:
            fresh += 1
            houses.add(row.organization_id)
    again = DueRow.objects.asked_again(day)
    houses |= set(again.values_list("organization", flat=True))
    fresh += again.update(
        state=DueRow.State.OPEN, keep_reason="", keep_until=None, decided_by=None, decided_at=None
    )
    for house in houses:
        coordinators = User.objects.at_work_as(Role.Code.COORDINATOR).filter(organization=house)
        notify(coordinators, "records_due", url_name="protection:due")
    return fresh


def may_decide_due(user: User) -> bool:
    return user.has_perm("protection.decide_due")


@transaction.atomic
def confirm_due(row: DueRow, *, actor: User) -> ErasureRequest:
    """Let a due record go: held ones are refused, others wait hidden for thirty days.

    Raises PermissionDenied, ValidationError.
    """
    row = _open_row(row, actor)
    ticket = archive(
        kind=row.kind,
        person=row.person,
        case=row.case,
        origin=ErasureRequest.Origin.RETENTION,
        actor=actor,
    )
    row.state, row.decided_by, row.decided_at = DueRow.State.CONFIRMED, actor, timezone.now()
    row.full_clean()
    row.save()
    record(actor, "confirm_due", row)
    return ticket


@transaction.atomic
def keep_due(row: DueRow, *, keep_reason: str, keep_until: date, actor: User) -> DueRow:
    """Keep a due record until a day, which asks again. Raises PermissionDenied, ValidationError."""
    row = _open_row(row, actor)
    if keep_until <= timezone.localdate():
        raise ValidationError({"keep_until": _("Choose a day to come.")})
    row.state, row.keep_reason, row.keep_until = DueRow.State.KEPT, keep_reason, keep_until
    row.decided_by, row.decided_at = actor, timezone.now()
    row.full_clean()
    row.save()
    record(actor, "keep_due", row, note=keep_reason)
    return row


def _open_row(row: DueRow, actor: User) -> DueRow:
    if not may_decide_due(actor):
        raise PermissionDenied
    row = (
        DueRow.objects.select_for_update(of=("self",))
        .select_related("person", "case")
        .get(pk=row.pk)
    )
    if row.state != DueRow.State.OPEN:
        raise ValidationError(_("This has been decided meanwhile."))
    return row


def sweep_notices(*, dry_run: bool = False) -> int:
    """Delete notices that are older than the days for them; returns how many."""
    before = timezone.now() - timedelta(days=settings.RETENTION_SHORT_DAYS)
    old = Notice.objects.filter(at__lt=before)
    return old.count() if dry_run else old.delete()[0]


def keep_time() -> dict[str, int]:
    """What happens each day: list, warn, erase what nobody took back, forget hours; the counts."""
    return {
        "due": list_due(),
        "warned": warn_of_erasures(),
        "erased": erase_due(),
        "notices": sweep_notices(),
        "hours": forget_hours(),
    }
