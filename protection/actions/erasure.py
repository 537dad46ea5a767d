"""Erase a person or a case: the key first, then every trace of it, whatever interrupts.

Each step is a transaction of its own and finds nothing to do the second time, so an erasure that
was cut off anywhere is finished by running it again. Sources: GDPR 17; docs/data-protection.md.
"""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import forget_handed_over
from accounts.audit import record
from accounts.models import Draft, Notice, Operation, OutboxJob, User
from casework.models import Case, Person, PersonSearch
from exports.actions.fetching import destroy
from exports.models import Export
from files.actions import remove_files
from files.models import StoredFile
from protection.actions.holds import check_holds
from protection.actions.ledger import check_ledger, take_from_file, write_ledger
from protection.models import ErasureLedger, ErasureRequest, PersonRequest, Subject
from protection.reach import ROOTS, belongings, keys_of, mentions, merged_into
from reports.actions import keep_case_counted, keep_person_counted
from vault.keys import SealError
from vault.models import DataKey

__all__ = ["apply_ledger", "check_ledger", "erase"]


def erase(
    kind: str,
    subject: UUID,
    *,
    by: User | None = None,
    why: str = ErasureLedger.Why.REQUEST,
    request: UUID | None = None,
) -> ErasureLedger:
    """Erase everything of a person, or one case; run again it goes on where it stopped.

    Must not run inside a transaction: the key is gone for good before anything else begins.
    Raises ValidationError while a hold is in force, or when nothing has this id.
    """
    row = _destroy_keys(kind, subject, by=by, why=why, request=request)
    for step in STEPS:
        with transaction.atomic():
            step(kind, subject)
    return row


def apply_ledger() -> int:
    """Erase again whoever a restore brought back; returns how many there were."""
    take_from_file()
    back = [row for row in ErasureLedger.objects.all() if _is_here(row.kind, row.erased)]
    for row in back:
        erase(row.kind, row.erased)
    return len(back)


def _is_here(kind: str, subject: UUID) -> bool:
    rows = ROOTS[kind]._base_manager.filter(pk=subject)
    return rows.exists() or DataKey.objects.filter(pk=subject).exists()


@transaction.atomic(durable=True)
def _destroy_keys(
    kind: str, subject: UUID, *, by: User | None, why: str, request: UUID | None
) -> ErasureLedger:
    """The moment after which nothing can be read any more, written down in the same breath."""
    root = ROOTS[kind]._base_manager.select_for_update().filter(pk=subject).first()
    if request is not None:
        _check_ticket(request)
    known = ErasureLedger.objects.filter(erased=subject).first()
    if known is None:
        if root is None:
            raise ValidationError(_("There is no record with this number."))
        check_holds(kind, subject)
    keys = keys_of(kind, subject)
    asked = PersonRequest.objects.filter(erasures__subject__in=keys | {subject})
    keys |= set(asked.values_list("pk", flat=True))
    DataKey.objects.filter(pk__in=keys).delete()
    _hide(kind, subject)
    row = known or write_ledger(kind, subject, by=by, why=why, request=request)
    # A backup from before a merge brings these back as people of their own.
    for merged in merged_into(subject) if kind == Subject.PERSON else []:
        write_ledger(kind, merged, by=by, why=why, request=request)
    if known is None:
        record(by, "erase", row, note=why)
    return row


def _check_ticket(request: UUID) -> None:
    """Raises ValidationError when the erasure was taken back meanwhile."""
    ticket = ErasureRequest.objects.select_for_update().get(pk=request)
    is_due = ticket.erase_on is not None and ticket.erase_on <= timezone.localdate()
    if not (ticket.is_archived and is_due):
        raise ValidationError(_("This erasure was stopped meanwhile."), code="stopped")


def _hide(kind: str, subject: UUID) -> None:
    """Whoever comes later meets nothing, also while the rest is going."""
    today = timezone.localdate()
    cases = (
        Case.objects.filter(person=subject)
        if kind == Subject.PERSON
        else Case.objects.filter(pk=subject)
    )
    cases.filter(archived_on=None).update(archived_on=today)
    if kind == Subject.PERSON:
        Person.objects.filter(pk=subject, archived_on=None).update(archived_on=today)


def _forget_search(kind: str, subject: UUID) -> None:
    if kind == Subject.PERSON:
        PersonSearch.objects.filter(person=subject).delete()


def _forget_notices(kind: str, subject: UUID) -> None:
    Notice.objects.filter(object_id__in=mentions(kind, subject)).delete()


def _forget_operations(kind: str, subject: UUID) -> None:
    Operation.objects.filter(object_id__in=mentions(kind, subject)).delete()


def _forget_jobs(kind: str, subject: UUID) -> None:
    """Jobs that name one of her rows; what they would do has no object any more."""
    told = "|".join(sorted(mentions(kind, subject)))
    jobs = OutboxJob.objects.annotate(told=Cast("args", TextField()))
    jobs.filter(told__regex=told).delete()


def _forget_drafts(kind: str, subject: UUID) -> None:
    """Forms that met a closed door on the way to her record."""
    ids = [each.encode() for each in mentions(kind, subject)]
    for draft in Draft.objects.all():
        try:
            plain = draft.open()
        except SealError:
            continue
        if any(each in plain for each in ids):
            draft.delete()


def _forget_screens(kind: str, subject: UUID) -> None:
    """A screen in her hands: the pages that stay open to her show their end."""
    forget_handed_over(mentions(kind, subject))


def _forget_files(kind: str, subject: UUID) -> None:
    for owner in keys_of(kind, subject):
        remove_files(owner)


def _forget_exports(kind: str, subject: UUID) -> None:
    """Files that hold her are destroyed; the register says that there was one, not of whom."""
    for export in _exports_of(kind, subject):
        destroy(export)
        Export.objects.filter(pk=export.pk).update(object_id=None, case_id=None, filters={})


def _exports_of(kind: str, subject: UUID) -> models.QuerySet[Export]:
    ids = mentions(kind, subject)
    return Export.objects.filter(
        models.Q(object_id__in=ids) | models.Q(case_id__in=keys_of(kind, subject))
    )


def _forget_codes(kind: str, subject: UUID) -> None:
    """Earlier tickets about one of her cases keep no code by which people spoke of her."""
    tickets = ErasureRequest.objects.filter(subject__in=keys_of(kind, subject) - {subject})
    asked = PersonRequest.objects.filter(erasures__in=tickets)
    asked.update(code="", details=None)
    tickets.exclude(code="").update(code="")


def _forget_rows(kind: str, subject: UUID) -> None:
    """Every row that is hers and its earlier states; what was counted stays, without her."""
    root = ROOTS[kind]._base_manager.select_for_update().filter(pk=subject).first()
    if root is None:
        return
    owners = keys_of(kind, subject)
    if isinstance(root, Person):
        keep_person_counted(root)
    elif isinstance(root, Case):
        keep_case_counted(root)
    gone = {each.model: each.ids(subject) for each in belongings(kind) if not each.is_history}
    earlier = [(each.model, each.earlier(subject)) for each in belongings(kind) if each.is_history]
    for model, ids in gone.items():
        _delete(model, ids)
    files = StoredFile.objects.filter(data_key_id__in=owners)
    _delete(StoredFile, list(files.values_list("pk", flat=True)))
    # Last, because each removal above wrote one more version down.
    for model, ids in earlier:
        live = model.pgh_tracked_model  # type: ignore[attr-defined]  # pghistory's own
        _forget_history(model, live, [*ids, *gone.get(live, ())])


def _delete(model: type[models.Model], ids: list[object]) -> None:
    """Without collecting: what points at these rows went before them."""
    rows = model._base_manager.filter(pk__in=ids)
    rows._raw_delete(rows.db)


def _forget_history(
    history: type[models.Model], live: type[models.Model], ids: list[object]
) -> None:
    """Earlier versions, which no process may delete: a function of the owner looks first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT forget_history(%s::regclass, %s::regclass, %s)",
            [history._meta.db_table, live._meta.db_table, [str(each) for each in ids]],
        )


def _close_ticket(kind: str, subject: UUID) -> None:
    """The ticket stays, without the code by which people spoke of the record."""
    tickets = ErasureRequest.objects.filter(subject=subject)
    asked = PersonRequest.objects.filter(erasures__in=tickets)
    asked.update(code="", details=None)
    tickets.exclude(code="").update(code="")
    tickets.open().update(state=ErasureRequest.State.ERASED, erased_at=timezone.now(), code="")


STEPS: tuple[Callable[[str, UUID], None], ...] = (
    _forget_search,
    _forget_notices,
    _forget_operations,
    _forget_jobs,
    _forget_drafts,
    _forget_screens,
    _forget_files,
    _forget_exports,
    _forget_codes,
    _forget_rows,
    _close_ticket,
)
