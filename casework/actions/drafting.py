"""Keep what is typed into a long form before it is saved, for its writer alone."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record, record_list
from accounts.models import Operation, User
from casework.actions.access import require_may_write_person
from casework.actions.people import may_see_people
from casework.models import FormDraft, Person
from casework.models.form_draft import FormDraftQuerySet
from vault.models import DataKey

Typed = dict[str, list[str]]


class Place(NamedTuple):
    """Where something is typed: the form, on which device, about whom."""

    path: str
    person: Person | None
    device: str
    device_words: str


@transaction.atomic
def keep_form_draft(
    place: Place, *, typed: Typed, version: int, operation: UUID | None, actor: User
) -> FormDraft:
    """Keep this state of a form in place of the last one.

    `version` is the state that was on the page: what another tab kept meanwhile is not
    overwritten. Raises ValidationError, code `stale` for that, `saved` when the form was saved;
    PermissionDenied for who works with nobody, and about somebody whom she only reads.
    """
    if not may_see_people(actor):
        raise PermissionDenied
    if place.person is not None:
        require_may_write_person(place.person, actor)
    if operation and Operation.objects.filter(pk=operation, actor=actor).exists():
        raise ValidationError(_("This form was saved already."), code="saved")
    row = _of(place, actor).select_for_update(of=("self",)).first()
    if (row.version if row else 0) != version:
        raise _kept_later()
    if row is None:
        row = _begin(place, actor)
    else:
        row.version += 1
    row.typed, row.saved_at = typed, timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # Two tabs began it in one moment.
        raise _kept_later() from error
    if row.version == 1:
        record(actor, "keep_form_draft", row)
        _forget_oldest(actor)
    return row


def _kept_later() -> ValidationError:
    return ValidationError(
        _("This form is open in another tab as well, and was kept there later."), code="stale"
    )


def _of(place: Place, actor: User) -> FormDraftQuerySet:
    person = place.person.pk if place.person else None
    rows = FormDraft.objects.of_place(actor, place.path, person).filter(device=place.device)
    return rows.select_related("data_key")


def find_form_draft(place: Place, actor: User) -> FormDraft | None:
    """What she had typed into this form on this device."""
    since = timezone.now() - timedelta(days=settings.FORM_DRAFT_DAYS)
    return _of(place, actor).filter(saved_at__gte=since).first()


def _begin(place: Place, actor: User) -> FormDraft:
    """A draft about somebody is sealed with her key; about nobody yet, with one of its own."""
    row = FormDraft(
        user=actor,
        path=place.path,
        person=place.person,
        device=place.device,
        device_words=place.device_words,
    )
    if place.person is None:
        row.data_key = DataKey.make(row.pk)
        row.data_key.save()
    else:
        row.data_key = place.person.data_key
    return row


def _forget_oldest(actor: User) -> None:
    rows = FormDraft.objects.visible_to(actor).order_by("-saved_at", "pk")
    _drop(rows.values_list("pk", flat=True)[settings.FORM_DRAFTS_MOST :])


@transaction.atomic
def drop_form_draft(draft: FormDraft, *, actor: User) -> None:
    """Throw it away: its writer wants to, or the form was saved."""
    row = FormDraft.objects.visible_to(actor).filter(pk=draft.pk).first()
    if row is not None:
        record(actor, "drop_form_draft", row)
        _drop([row.pk])


def _drop(ids: Iterable[UUID]) -> int:
    """Key first: it is seen with its draft."""
    gone = list(ids)
    DataKey.objects.filter(pk__in=gone).delete()
    FormDraft.objects.filter(pk__in=gone).delete()
    return len(gone)


@transaction.atomic
def sweep_form_drafts() -> int:
    """Forget forms that nobody finished for days; returns how many."""
    before = timezone.now() - timedelta(days=settings.FORM_DRAFT_DAYS)
    rows = FormDraft.objects.filter(saved_at__lt=before).select_for_update(of=("self",))
    old = list(rows.values_list("pk", flat=True))
    if old:
        record_list(None, "sweep_form_drafts", FormDraft, old, note=str(len(old)))
    return _drop(old)
