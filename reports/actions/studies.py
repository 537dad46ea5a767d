"""Have the talks of one instrument counted for a quarter of a year."""

from collections.abc import Iterator
from datetime import date
from hashlib import md5
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.outbox import enqueue
from reports.counting import UNKNOWN
from reports.models import PersonFact, Study
from reports.scope import report_role
from reports.studying import Talk, study
from screening.actions import propose_change
from screening.answers import indicators_in, sections_for
from screening.models import ChangeProposal, Instrument, InstrumentVersion, Screening

CHUNK = 500


def may_request_study(user: User) -> bool:
    return user.has_perm("reports.request_study")


@transaction.atomic
def request_study(*, instrument: Instrument, starts_on: date, actor: User) -> Study:
    """Ask for the quarter that begins on a day; a worker counts it, once.

    Quarters do not overlap, so no two studies can be subtracted from each other. Raises
    PermissionDenied, ValidationError.
    """
    if not may_request_study(actor):
        raise PermissionDenied
    ends_before = quarter_after(starts_on)
    if ends_before > timezone.localdate():
        raise ValidationError({"starts_on": _("This quarter is not over yet.")})
    asked = Study(
        instrument=instrument,
        organization=actor.organization,
        starts_on=starts_on,
        ends_before=ends_before,
        requested_by=actor,
    )
    Instrument.objects.select_for_update().get(pk=instrument.pk)
    asked.full_clean()
    asked.save()
    record(actor, "request_study", asked)
    enqueue("study_requested", key=str(asked.pk), study_id=asked.pk)
    return asked


@transaction.atomic
def propose_from_study(asked: Study, *, actor: User, indicator: str = "") -> ChangeProposal:
    """Propose a change for what a study found: of an indicator, or of how results are decided.

    The numbers are those of the study. Raises PermissionDenied, or ValidationError for what it
    did not find, or when somebody proposed it already.
    """
    figures = asked.figures or {}
    found = figures.get("indicators", {}).get(indicator, {})
    if indicator and found.get("says"):
        counts = {"reason": found["says"], "asked": found["asked"], "yes": found["yes"]}
    elif not indicator and figures.get("otherwise") is not None:
        counts = {"reason": ChangeProposal.Reason.OTHERWISE, "tenths": figures["otherwise"]}
    else:
        raise ValidationError(_("This study did not find that."))
    return propose_change(
        asked.instrument,
        indicator=indicator,
        starts_on=asked.starts_on,
        ends_before=asked.ends_before,
        actor=actor,
        **counts,
    )


def quarter_after(first: date) -> date:
    """The first day after a quarter. Raises ValidationError when no quarter begins on a day."""
    if first.day != 1 or first.month % 3 != 1:
        raise ValidationError({"starts_on": _("Choose the first day of a quarter.")})
    return date(first.year + (first.month + 2) // 12, (first.month + 2) % 12 + 1, 1)


def compute_study(asked: Study) -> None:
    """Count a study and keep what may be shown, in the transaction of its job."""
    row = Study.objects.select_for_update().get(pk=asked.pk)
    if row.is_done:
        return
    talks = dict(_talks(row))
    row.figures = study(talks.values(), Screening.Band.values)
    row.state, row.finished_at = Study.State.DONE, timezone.now()
    row.full_clean()
    row.save()


def _talks(asked: Study) -> Iterator[tuple[UUID, Talk]]:
    """The finished talks of the period, oldest first, of everybody who may be counted."""
    counted = _counted(asked)
    versions = {v.pk: v for v in InstrumentVersion.objects.filter(instrument=asked.instrument)}
    questions = {
        (version.pk, profile): _questions(version, profile)
        for version in versions.values()
        for profile in Screening.Profile.values
    }
    rows = Screening.objects.filter(
        case__organization=asked.organization_id,
        instrument_version__in=versions,
        state=Screening.State.COMPLETED,
        completed_at__date__gte=asked.starts_on,
        completed_at__date__lt=asked.ends_before,
    )
    shown = rows.select_related("case__person", "data_key").order_by("completed_at", "pk")
    for row in shown.iterator(chunk_size=CHUNK):
        if key_of(row) in counted:
            asked_of_her = questions[row.instrument_version_id, row.profile]
            yield row.case.person_id, _talk(row, asked_of_her)


def _counted(asked: Study) -> set[UUID]:
    """Keys of the finished talks that may be counted: nobody is in who said no to it."""
    with report_role():
        facts = PersonFact.objects.filter(
            kind="screening",
            organization_id=asked.organization_id,
            day__gte=asked.starts_on,
            day__lt=asked.ends_before,
        )
        return set(facts.values_list("record", flat=True))


def key_of(row: Screening) -> UUID:
    """The key under which the facts know a talk, as their view makes it."""
    return UUID(md5(f"screening{row.pk}".encode(), usedforsecurity=False).hexdigest())


def _questions(version: InstrumentVersion, profile: str) -> frozenset[str]:
    return frozenset(
        indicator["id"]
        for section in sections_for(version.definition, profile)
        for group in section["groups"]
        for indicator in indicators_in(version.definition, group, profile)
    )


def _talk(row: Screening, asked: frozenset[str]) -> Talk:
    hours = None
    if row.decided_at and row.completed_at:
        hours = (row.decided_at - row.completed_at).total_seconds() / 3600
    return Talk(
        band=row.band,
        decision=row.decision,
        hours=hours,
        nationality=str(row.case.person.nationality) or UNKNOWN,
        route=row.route_id or UNKNOWN,
        ticked=frozenset(row.sheet.ticked),
        asked=asked,
    )
