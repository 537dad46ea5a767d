"""Try a draft or a version on what was answered before: how many results would differ."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.limits import allowed
from accounts.models import User
from accounts.outbox import enqueue
from screening.actions.instruments import may_edit_instrument, may_publish_instrument
from screening.answers import assess_sheet, carried_over
from screening.instrument_files import faults
from screening.models import InstrumentDraft, InstrumentTrial, InstrumentVersion, Screening
from screening.scoring import Definition

CHUNK = 500
SHOWN_FAULTS = 10


@transaction.atomic
def try_draft(draft: InstrumentDraft, *, actor: User) -> InstrumentTrial:
    """Ask for a count of what this draft would change.

    Raises PermissionDenied, or ValidationError with every contradiction: nothing counts by those.
    """
    _require_may_try(actor)
    wrong = [f"{where}: {reason}" for where, reason in faults(draft.definition)]
    if wrong:
        raise ValidationError(wrong[:SHOWN_FAULTS])
    return _asked(
        InstrumentTrial(
            instrument=draft.instrument, draft=draft, draft_version=draft.version, asked_by=actor
        )
    )


@transaction.atomic
def try_version(version: InstrumentVersion, *, actor: User) -> InstrumentTrial:
    """Ask for a count of what this version changes. Raises PermissionDenied."""
    return _asked(
        InstrumentTrial(instrument=version.instrument, instrument_version=version, asked_by=actor)
    )


def _asked(trial: InstrumentTrial) -> InstrumentTrial:
    actor = trial.asked_by
    _require_may_try(actor)
    trial.organization = actor.organization
    # Each trial tells a little of what was answered; many with small differences would tell all.
    if not allowed("trial", str(actor.organization_id)):
        raise ValidationError(_("This house has tried often enough today. Go on tomorrow."))
    trial.full_clean()
    trial.save()
    record(actor, "try_instrument", trial)
    enqueue("instrument_trial_asked", key=str(trial.pk), trial_id=trial.pk)
    return trial


def _require_may_try(actor: User) -> None:
    if not (may_edit_instrument(actor) or may_publish_instrument(actor)):
        raise PermissionDenied


@transaction.atomic
def finish_trial(trial_id: UUID) -> InstrumentTrial | None:
    """Count, as the house, every finished screening of the instrument; nothing else is kept.

    None when the trial is finished already, or is gone.
    """
    trials = InstrumentTrial.objects.select_for_update(of=("self",))
    trial = trials.filter(pk=trial_id, finished_at=None).first()
    if trial is None:
        return None
    source = trial.draft or trial.instrument_version
    definition = source.definition if source else {}
    # A draft may have come to contradict itself since it was asked: then nothing is counted.
    found = Counter(() if any(faults(definition)) else _results(trial, definition))
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for (profile, before, after), number in sorted(found.items()):
        counts.setdefault(profile, {}).setdefault(before, {})[after] = number
    trial.counts, trial.tried = counts, sum(found.values())
    trial.finished_at = timezone.now()
    trial.save()
    return trial


def _results(trial: InstrumentTrial, definition: Definition) -> Iterator[tuple[str, str, str]]:
    """(profile, band before, band after) of each finished screening."""
    rows = (
        Screening.objects.filter(
            state=Screening.State.COMPLETED,
            instrument_version__instrument=trial.instrument_id,
            case__organization=trial.organization_id,
            case__is_sealed=False,
        )
        .select_related("data_key")
        .only("answers", "band", "profile", "unaccompanied_or_separated", "data_key")
    )
    for row in rows.iterator(CHUNK):
        yield row.profile, row.band, _band(definition, row)


def _band(definition: Definition, row: Screening) -> str:
    return assess_sheet(
        definition,
        carried_over(definition, row.sheet),
        profile=row.profile,
        unaccompanied_or_separated=row.unaccompanied_or_separated,
    ).band
