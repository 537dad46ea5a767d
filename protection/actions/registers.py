"""Write in the registers: requests of people and authorities, incidents, agreements."""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Role, User
from accounts.notices import notify
from protection.models import AuthorityRequest, Breach, PersonRequest, SharingAgreement
from protection.models.register import Register
from protection.models.requests import LONGER_DAYS
from vault.models import DataKey

R = TypeVar("R", bound=Register)


def may_edit_registers(user: User) -> bool:
    return user.has_perm("protection.edit_registers")


def may_record_person_request(user: User) -> bool:
    return user.has_perm("protection.record_person_request")


def may_report_breach(user: User) -> bool:
    return user.has_perm("protection.report_breach")


@transaction.atomic
def record_person_request(*, actor: User, **told: Any) -> PersonRequest:
    """Write down what somebody asks about her own data; the clock starts when it was received.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_person_request(actor):
        raise PermissionDenied
    row = _new(PersonRequest(**told), actor)
    _not_in_the_future("received_on", row.received_on)
    row.due_on = PersonRequest.due_after(row.received_on)
    return _added(row, actor, "record_person_request")


@transaction.atomic
def answer_person_request(
    row: PersonRequest,
    *,
    state: str,
    version: int,
    actor: User,
    refusal_reason: str = "",
    identity_checked: bool = False,
    is_safe: bool = False,
) -> PersonRequest:
    """End a request, or note that it is known who asks and that it is safe (`state` "open").

    Raises PermissionDenied, ValidationError.
    """
    if not (may_edit_registers(actor) or may_record_person_request(actor)):
        raise PermissionDenied
    row = _open(PersonRequest.objects.select_for_update().get(pk=row.pk), version)
    row.identity_checked, row.is_safe = identity_checked, is_safe
    row.state, row.refusal_reason = state, refusal_reason
    if state == PersonRequest.State.ANSWERED and not row.is_cleared:
        raise ValidationError(
            _("Nothing is given before we know who asks and that the answer is safe.")
        )
    if not row.is_open:
        row.answered_on, row.answered_by = timezone.localdate(), actor
    return _changed(row, actor, "answer_person_request", state)


@transaction.atomic
def extend_person_request(row: PersonRequest, *, version: int, actor: User) -> PersonRequest:
    """Take sixty days more, once; the person is told why (GDPR 12(3)).

    Raises PermissionDenied, ValidationError.
    """
    if not may_edit_registers(actor):
        raise PermissionDenied
    row = _open(PersonRequest.objects.select_for_update().get(pk=row.pk), version)
    if row.extended_on is not None:
        raise ValidationError(_("The time was made longer once already."))
    row.extended_on = timezone.localdate()
    row.due_on += timedelta(days=LONGER_DAYS)
    return _changed(row, actor, "extend_person_request")


@transaction.atomic
def record_authority_request(*, actor: User, **told: Any) -> AuthorityRequest:
    """Write down that an authority asks for data. Raises PermissionDenied, ValidationError."""
    if not may_edit_registers(actor):
        raise PermissionDenied
    row = _new(AuthorityRequest(**told), actor)
    _not_in_the_future("received_on", row.received_on)
    return _added(row, actor, "record_authority_request")


@transaction.atomic
def decide_authority_request(
    row: AuthorityRequest,
    *,
    decision: str,
    version: int,
    actor: User,
    reasons: str = "",
    given: str = "",
    person_told: bool = False,
) -> AuthorityRequest:
    """Decide on one request, with the reasons and what was given. Lists are never given.

    Raises PermissionDenied, ValidationError.
    """
    if not may_edit_registers(actor):
        raise PermissionDenied
    row = _with_key(AuthorityRequest.objects.select_for_update(of=("self",)), row)
    stale(version, row.version)
    if not row.is_open:
        raise ValidationError(_("This request is decided already."))
    gives = decision in {AuthorityRequest.Decision.GIVEN, AuthorityRequest.Decision.PARTLY}
    if gives and row.basis == AuthorityRequest.Basis.NONE:
        raise ValidationError({"decision": _("Without a legal basis nothing is given.")})
    if gives and not given.strip():
        raise ValidationError({"given": _("Say what was given, and in what form.")})
    row.decision, row.reasons, row.given = decision, reasons.strip(), given.strip()
    row.person_told, row.decided_by, row.decided_on = person_told, actor, timezone.localdate()
    return _changed(row, actor, "decide_authority_request", decision)


@transaction.atomic
def report_breach(*, actor: User, **told: Any) -> Breach:
    """Report an incident; whoever keeps the registers is told at once, the clock runs.

    Raises PermissionDenied, ValidationError.
    """
    if not may_report_breach(actor):
        raise PermissionDenied
    row = _new(Breach(**told), actor)
    if row.known_at > timezone.now():
        raise ValidationError({"known_at": _("This moment lies ahead.")})
    row = _added(row, actor, "report_breach")
    notify(_keepers_of(actor), "incident_reported", url_name="protection:breach", object_id=row.pk)
    return row


@transaction.atomic
def change_breach(row: Breach, *, version: int, actor: User, **told: Any) -> Breach:
    """Write down what came out, and who was told when. Raises PermissionDenied, ValidationError."""
    if not may_edit_registers(actor):
        raise PermissionDenied
    row = _with_key(Breach.objects.select_for_update(of=("self",)), row)
    stale(version, row.version)
    _still_open(row)
    for name, value in told.items():
        setattr(row, name, value)
    for name in ("authority_told_at", "people_told_at"):
        moment: datetime | None = getattr(row, name)
        if moment is not None and moment < row.known_at:
            raise ValidationError({name: _("Nobody is told before it was known.")})
    return _changed(row, actor, "change_breach")


@transaction.atomic
def close_breach(row: Breach, *, version: int, actor: User) -> Breach:
    """Close an incident when everybody was told, or it is written why not.

    Raises PermissionDenied, ValidationError.
    """
    if not may_edit_registers(actor):
        raise PermissionDenied
    row = _with_key(Breach.objects.select_for_update(of=("self",)), row)
    stale(version, row.version)
    _still_open(row)
    untold = row.authority_told_at is None or (row.people_must_know and row.people_told_at is None)
    if untold and not row.not_told_reason:
        raise ValidationError(_("Say who was told when, or why somebody was not told."))
    if not row.measures:
        raise ValidationError(_("Say what was done, so that it does not happen again."))
    row.closed_at, row.closed_by = timezone.now(), actor
    return _changed(row, actor, "close_breach")


@transaction.atomic
def record_agreement(*, actor: User, **told: Any) -> SharingAgreement:
    """Write down an agreement on sharing. Raises PermissionDenied, ValidationError."""
    if not may_edit_registers(actor):
        raise PermissionDenied
    return _added(_new(SharingAgreement(**told), actor), actor, "record_agreement")


@transaction.atomic
def end_agreement(
    row: SharingAgreement, *, ends_on: date, version: int, actor: User
) -> SharingAgreement:
    """Say until when an agreement holds. Raises PermissionDenied, ValidationError."""
    if not may_edit_registers(actor):
        raise PermissionDenied
    row = SharingAgreement.objects.select_for_update().get(pk=row.pk)
    stale(version, row.version)
    row.ends_on = ends_on
    return _changed(row, actor, "end_agreement")


def _new(row: R, actor: User) -> R:
    """A line of the actor's house, with a key of its own."""
    key = DataKey.make(row.pk)
    key.save()
    row.organization, row.data_key, row.recorded_by = actor.organization, key, actor
    return row


def _added(row: R, actor: User, verb: str) -> R:
    row.full_clean()
    row.save()
    record(actor, verb, row)
    return row


def _changed(row: R, actor: User, verb: str, note: str = "") -> R:
    row.version += 1
    row.full_clean()
    row.save()
    record(actor, verb, row, note=note)
    return row


def _with_key(rows: Any, row: R) -> R:
    """The row, locked, with the key that its texts are sealed with."""
    locked: R = rows.select_related("data_key").get(pk=row.pk)
    return locked


def _open(row: PersonRequest, version: int) -> PersonRequest:
    stale(version, row.version)
    if not row.is_open:
        raise ValidationError(_("This request is answered already."))
    return row


def _still_open(row: Breach) -> None:
    if not row.is_open:
        raise ValidationError(_("This incident is closed."))


def _not_in_the_future(name: str, day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError({name: _("This day lies ahead.")})


def _keepers_of(actor: User) -> models.QuerySet[User]:
    """Who hears of an incident at once."""
    held = User.objects.at_work_as(Role.Code.DATA_PROTECTION, Role.Code.LEADERSHIP)
    return held.filter(organization=actor.organization_id)
