"""Propose a change of an instrument from what its talks add up to; take it up, or put it aside."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from screening.actions.instrument_drafts import begin_draft
from screening.actions.instruments import may_edit_instrument
from screening.models import ChangeProposal, Instrument, InstrumentDraft, InstrumentVersion


def may_propose_change(user: User) -> bool:
    return user.has_perm("screening.propose_change")


@transaction.atomic
def propose_change(
    instrument: Instrument,
    *,
    reason: str,
    starts_on: date,
    ends_before: date,
    actor: User,
    indicator: str = "",
    asked: int | None = None,
    yes: int | None = None,
    tenths: int | None = None,
) -> ChangeProposal:
    """Leave a reason to change an instrument, with the counts of a period; once from each.

    The counts come from a study and are protected already. Whoever may write instruments takes it
    up at once: it stands in a draft of the next version. Raises PermissionDenied, ValidationError.
    """
    if not may_propose_change(actor):
        raise PermissionDenied
    # Two who propose the same at once meet here, and the second one is told.
    Instrument.objects.select_for_update().get(pk=instrument.pk)
    proposal = ChangeProposal(
        organization=actor.organization,
        instrument=instrument,
        reason=reason,
        indicator=indicator,
        asked=asked,
        yes=yes,
        tenths=tenths,
        starts_on=starts_on,
        ends_before=ends_before,
        proposed_by=actor,
    )
    proposal.full_clean()
    proposal.save()
    record(actor, "propose_change", proposal)
    if may_edit_instrument(actor):
        return take_up_proposal(proposal, actor=actor)
    return proposal


@transaction.atomic
def take_up_proposal(proposal: ChangeProposal, *, actor: User) -> ChangeProposal:
    """Put a proposal into the draft of the next version; without one, begin it.

    Nothing of the instrument changes by itself. Raises PermissionDenied, ValidationError.
    """
    if not may_edit_instrument(actor):
        raise PermissionDenied
    proposal = _locked(proposal)
    proposal.draft = _draft_for(proposal.instrument, actor)
    return _settled(proposal, ChangeProposal.State.TAKEN_UP, "take_up_proposal", actor)


@transaction.atomic
def set_aside_proposal(proposal: ChangeProposal, *, actor: User) -> ChangeProposal:
    """Nothing is to be changed for this reason. Raises PermissionDenied, ValidationError."""
    if not may_edit_instrument(actor):
        raise PermissionDenied
    proposal = _locked(proposal)
    return _settled(proposal, ChangeProposal.State.SET_ASIDE, "set_aside_proposal", actor)


def _locked(proposal: ChangeProposal) -> ChangeProposal:
    # The instrument too: two proposals taken up at once share one draft.
    Instrument.objects.select_for_update().get(pk=proposal.instrument_id)
    rows = ChangeProposal.objects.select_for_update(of=("self",)).select_related("instrument")
    row = rows.get(pk=proposal.pk)
    if row.state != ChangeProposal.State.OPEN:
        raise ValidationError(_("Somebody settled this proposal already."), code="answered")
    return row


def _draft_for(instrument: Instrument, actor: User) -> InstrumentDraft:
    """The draft that is being written, or a new one from the version that is in use."""
    drafts = InstrumentDraft.objects.filter(organization=actor.organization_id)
    being_written = drafts.open().filter(instrument=instrument).first()
    if being_written is not None:
        return being_written
    versions = InstrumentVersion.objects.of_house(actor.organization_id)
    of_it = versions.filter(instrument=instrument).select_related("instrument")
    used = versions.in_force().filter(instrument=instrument).values("pk")
    version = of_it.filter(pk__in=used).first() or of_it.order_by("-valid_from", "-loaded_at")[0]
    return begin_draft(version, actor=actor)


def _settled(proposal: ChangeProposal, state: str, verb: str, actor: User) -> ChangeProposal:
    proposal.state = state
    proposal.settled_by, proposal.settled_at = actor, timezone.now()
    proposal.full_clean()
    proposal.save()
    record(actor, verb, proposal)
    return proposal
