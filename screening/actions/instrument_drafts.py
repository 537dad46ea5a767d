"""Write a version of an instrument: begin, change block by block, have it confirmed, publish."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from screening import drafting
from screening.actions.instruments import (
    may_edit_instrument,
    may_publish_instrument,
    publish_version,
)
from screening.contradictions import texts_of
from screening.instrument_files import faults, schema_faults
from screening.models import Instrument, InstrumentDraft, InstrumentVersion
from screening.scoring import Definition

Change = Callable[[Definition], dict[str, Any]]
SHOWN_FAULTS = 10


@transaction.atomic
def begin_draft(version: InstrumentVersion, *, actor: User) -> InstrumentDraft:
    """Begin the next version of an instrument from one that is there. Raises PermissionDenied."""
    if not may_edit_instrument(actor):
        raise PermissionDenied
    taken = InstrumentVersion.objects.of_house(actor.organization_id)
    definition = drafting.begun_from(
        version.definition,
        today=timezone.localdate(),
        versions=taken.filter(instrument=version.instrument_id).values_list("version", flat=True),
    )
    return _begun(version.instrument, definition, actor, based_on=version)


@transaction.atomic
def begin_instrument(*, code: str, title: str, actor: User) -> InstrumentDraft:
    """Begin an instrument that did not exist. Raises PermissionDenied, ValidationError."""
    if not may_edit_instrument(actor):
        raise PermissionDenied
    if Instrument.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is such an instrument already.")})
    owner, today = actor.organization.name, timezone.localdate()
    definition = drafting.empty(code, title, owner=owner, today=today)
    _check_schema(definition)
    instrument = Instrument(code=code)
    instrument.full_clean()
    instrument.save()
    return _begun(instrument, definition, actor)


def _begun(
    instrument: Instrument,
    definition: dict[str, Any],
    actor: User,
    based_on: InstrumentVersion | None = None,
) -> InstrumentDraft:
    draft = InstrumentDraft(
        instrument=instrument,
        organization=actor.organization,
        based_on=based_on,
        definition=definition,
        begun_by=actor,
        saved_by=actor,
    )
    draft.full_clean()
    draft.save()
    record(actor, "begin_draft", draft)
    return draft


@transaction.atomic
def change_draft(
    draft: InstrumentDraft, *, change: Change, version: int, actor: User
) -> InstrumentDraft:
    """Change one block; what contradicts itself may stay until it is published.

    Raises PermissionDenied, or ValidationError when somebody else changed it meanwhile, or what
    comes out is no definition at all.
    """
    if not may_edit_instrument(actor):
        raise PermissionDenied
    draft = _locked(draft)
    stale(version, draft.version)
    try:
        definition = change(draft.definition)
    except drafting.NoSuchBlockError as error:
        raise ValidationError(_("This is no longer part of the draft.")) from error
    _check_schema(definition)
    draft.definition = definition
    draft.editors.add(actor)
    _keep(draft, actor)
    record(actor, "change_draft", draft)
    return draft


@transaction.atomic
def review_translation(
    draft: InstrumentDraft, *, language: str, version: int, actor: User
) -> InstrumentDraft:
    """Confirm that a translation says what the source says; by name, and not by an editor.

    Raises PermissionDenied, ValidationError.
    """
    if not (may_publish_instrument(actor) or may_edit_instrument(actor)):
        raise PermissionDenied
    draft = _locked(draft)
    stale(version, draft.version)
    if draft.definition["translations"].get(language) != "draft":
        raise ValidationError(_("There is nothing to confirm in this language."))
    _refuse_editor(draft, actor)
    missing = sum(language not in text for _where, text in texts_of(draft.definition))
    if missing:
        raise ValidationError(
            _("Texts that are missing in this language: %(number)s."), params={"number": missing}
        )
    draft.definition = drafting.reviewed(
        draft.definition, language, by=actor.name, on=timezone.localdate()
    )
    _keep(draft, actor)
    record(actor, "review_translation", draft, note=language)
    return draft


@transaction.atomic
def publish_draft(draft: InstrumentDraft, *, version: int, actor: User) -> InstrumentVersion:
    """Put a draft into use for the house; somebody who did not write it does.

    Raises PermissionDenied, or ValidationError with every contradiction.
    """
    if not may_publish_instrument(actor):
        raise PermissionDenied
    draft = _locked(draft)
    stale(version, draft.version)
    _refuse_editor(draft, actor)
    wrong = [f"{where}: {reason}" for where, reason in faults(draft.definition)]
    if wrong:
        raise ValidationError(wrong[:SHOWN_FAULTS])
    known = InstrumentVersion.objects.of_house(draft.organization_id)
    number = draft.definition["version"]
    if known.filter(instrument=draft.instrument_id, version=number).exists():
        raise ValidationError(_("There is such a version already. Give this one another number."))
    if draft.definition["valid_from"] < timezone.localdate().isoformat():
        raise ValidationError(_("The first day is over. Choose today or a later day."))
    publish_version(draft.definition, organization=draft.organization, published_by=actor)
    draft.published = known.get(instrument=draft.instrument_id, version=number)
    _keep(draft, actor)
    record(actor, "publish_draft", draft.published)
    return draft.published


def _locked(draft: InstrumentDraft) -> InstrumentDraft:
    row = (
        InstrumentDraft.objects.select_for_update(of=("self",))
        .select_related("organization", "instrument")
        .get(pk=draft.pk)
    )
    if row.published_id is not None:
        raise ValidationError(_("This draft was published. Begin another one."), code="answered")
    return row


def _refuse_editor(draft: InstrumentDraft, actor: User) -> None:
    if draft.begun_by_id == actor.pk or draft.editors.filter(pk=actor.pk).exists():
        raise ValidationError(_("Somebody who did not write it has to do this."))


def _check_schema(definition: Definition) -> None:
    wrong = [f"{where}: {reason}" for where, reason in schema_faults(definition)]
    if wrong:
        raise ValidationError(wrong[:SHOWN_FAULTS])


def _keep(draft: InstrumentDraft, actor: User) -> None:
    draft.version += 1
    draft.saved_by, draft.saved_at = actor, timezone.now()
    draft.full_clean()
    draft.save()
