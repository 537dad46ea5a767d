"""Emergency access: ask, agree, review. It reads one case for an hour and changes nothing."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.levels import Level
from accounts.models import AuditEvent, Notice, User
from accounts.notices import notify
from accounts.scope import desk
from accounts.sessions import scaled
from casework.actions.access import insert_access
from casework.actions.events import record_case_event
from casework.codes import read_code
from casework.models import Case, CaseAccess, CaseBlock, CaseEvent, EmergencyAccess, EmergencyVote
from casework.models.access import AccessKind
from casework.people_at_work import holders_of

FEWEST_SIGNS = 20
REMIND_AFTER = timedelta(days=1)
State = EmergencyAccess.State


def may_ask_emergency_access(user: User) -> bool:
    return user.has_perm("casework.ask_emergency_access")


@transaction.atomic
def ask_emergency_access(*, code: str, category: str, reason: str, actor: User) -> EmergencyAccess:
    """Open the case of whom this code names for an hour, or ask two people when it is sealed.

    Whoever asks gets the same answer whether or not there is such a case; each request is told to
    those who review it. Raises PermissionDenied, ValidationError.
    """
    if not may_ask_emergency_access(actor):
        raise PermissionDenied
    # Two requests at once must not both be the last one of the day.
    User.objects.select_for_update().get(pk=actor.pk)
    _check_turn(actor)
    why, wanted = _checked_reason(reason), _checked_code(code)
    with desk("emergency"):
        case = _find(wanted, actor)
        # One sealed case hides the whole person, whichever of her cases was found.
        is_sealed = (
            case is not None and Case.objects.filter(person=case.person_id, is_sealed=True).exists()
        )
        emergency = EmergencyAccess(
            organization_id=actor.organization_id,
            asked_by=actor,
            case=case,
            data_key=case.person.data_key if case else None,
            category=category,
            reason=why if case else "",
            state=State.WAITING if is_sealed else State.NOTHING,
        )
        emergency.full_clean(exclude=["case", "data_key"])
        emergency.save()
        told = holders_of(
            "casework.review_emergency_access", actor.organization_id, but=actor, case=case
        )
        if case and not is_sealed:
            _open(emergency, case)
    record(
        actor,
        "ask_emergency_access",
        emergency,
        case_id=case.pk if case else None,
        purpose=category,
        result=AuditEvent.Result.OK if case else AuditEvent.Result.DENIED,
    )
    notify(told, "emergency_asked", url_name="casework:emergency", object_id=emergency.pk)
    return emergency


def _check_turn(actor: User) -> None:
    """Raises ValidationError after too many requests, or while an old one waits for its review."""
    if EmergencyAccess.objects.filter(asked_by=actor).overdue().exists():
        raise ValidationError(
            _("An earlier emergency access of yours was not reviewed in time. Ask a coordinator.")
        )
    asked = EmergencyAccess.objects.of_last_day(actor).count()
    if asked >= settings.EMERGENCY_ASKED_PER_DAY:
        raise ValidationError(_("You asked as often as one day allows. Ask a coordinator."))


def _checked_reason(reason: str) -> str:
    why = " ".join(reason.split())
    if len(why) < FEWEST_SIGNS:
        raise ValidationError(
            {
                "reason": _("Say in at least %(number)d characters what happened.")
                % {"number": FEWEST_SIGNS}
            }
        )
    return why


def _checked_code(typed: str) -> str:
    code = read_code(typed)
    if code is None:
        raise ValidationError({"code": _("Type the whole code, as it stands on the card.")})
    return code


def _find(code: str, actor: User) -> Case | None:
    """The case that a code names in the actor's organization, the open one first; or None.

    None for a case that is closed to the actor. Raises ValidationError for one that is open to her.
    """
    rows = (
        Case.objects.filter(person__code=code, organization=actor.organization_id, archived_on=None)
        .exclude(person__in=CaseBlock.objects.persons_closed_to(actor))
        .select_related("person__data_key")
        .order_by("-opened_on", "pk")
    )
    found = sorted(rows, key=lambda case: not case.is_open)
    if found and found[0].level_for(actor) >= Level.NARRATIVE:
        raise ValidationError({"code": _("This case is open to you already.")})
    return found[0] if found else None


def _open(emergency: EmergencyAccess, case: Case) -> None:
    now = timezone.now()
    emergency.access = insert_access(
        case,
        emergency.asked_by,
        Level.NARRATIVE,
        AccessKind.BREAK_GLASS,
        granted_by=emergency.asked_by,
        ends_at=now + timedelta(seconds=scaled(settings.EMERGENCY_ACCESS_SECONDS)),
        reason=emergency.category,
    )
    emergency.state = State.OPENED
    emergency.review_due_at = now + timedelta(seconds=scaled(settings.EMERGENCY_REVIEW_SECONDS))
    emergency.save(update_fields=["access", "state", "review_due_at"])
    record(
        emergency.asked_by,
        "open_emergency_access",
        emergency,
        case_id=case.pk,
        purpose=emergency.category,
    )
    record_case_event(case, CaseEvent.Code.ACCESS_EMERGENCY, actor=emergency.asked_by)


@transaction.atomic
def end_emergency_access(emergency: EmergencyAccess, *, actor: User) -> EmergencyAccess:
    """Give it back before the hour is over. Raises PermissionDenied, ValidationError."""
    if emergency.asked_by_id != actor.pk:
        raise PermissionDenied
    row = CaseAccess.objects.select_for_update().filter(emergency=emergency).first()
    if row is None or row.ends_at is None or row.ends_at <= timezone.now():
        raise ValidationError(_("It has ended already."))
    row.ends_at = timezone.now()
    row.save(update_fields=["ends_at"])
    record(actor, "end_access", row, case_id=row.content_object_id)
    return emergency


def may_review_emergency_access(user: User) -> bool:
    return user.has_perm("casework.review_emergency_access")


def _locked(emergency: EmergencyAccess, actor: User) -> EmergencyAccess:
    """The row, for somebody else than the one who asked. Raises PermissionDenied."""
    if not may_review_emergency_access(actor) or emergency.asked_by_id == actor.pk:
        raise PermissionDenied
    rows = EmergencyAccess.objects.visible_to(actor).filter(pk=emergency.pk)
    found = EmergencyAccess.objects.select_for_update(of=("self",)).filter(pk__in=rows.values("pk"))
    row = found.select_related("asked_by").first()
    if row is None:
        raise PermissionDenied
    return row


@transaction.atomic
def answer_emergency_access(
    emergency: EmergencyAccess, *, agrees: bool, actor: User
) -> EmergencyAccess:
    """Agree or not to opening a sealed case; the second who agrees opens it, one "no" ends it.

    Raises PermissionDenied, ValidationError.
    """
    with desk("protection"):
        row = _locked(emergency, actor)
        if not row.is_waiting:
            raise ValidationError(_("This is answered already, or too old."))
        if row.votes.filter(voter=actor).exists():
            raise ValidationError(_("You have answered already."))
        EmergencyVote.objects.create(emergency=row, voter=actor, agrees=agrees)
        record(
            actor,
            "answer_emergency_access",
            row,
            case_id=row.case_id,
            note="agreed" if agrees else "refused",
        )
        if not agrees:
            row.state = State.REFUSED
            row.save(update_fields=["state"])
        elif row.votes.filter(agrees=True).count() >= settings.EMERGENCY_VOTES:
            _open(row, Case.objects.get(emergencies=row))
            notify([row.asked_by], "emergency_opened", url_name="casework:emergencies")
    return row


@transaction.atomic
def review_emergency_access(
    emergency: EmergencyAccess, *, verdict: str, actor: User
) -> EmergencyAccess:
    """Say afterwards whether it was right. Raises PermissionDenied, ValidationError."""
    with desk("protection"):
        row = _locked(emergency, actor)
        if row.state != State.OPENED or row.reviewed_at is not None:
            raise ValidationError(_("This is reviewed already."))
        row.verdict, row.reviewed_by, row.reviewed_at = verdict, actor, timezone.now()
        row.full_clean(exclude=["case", "data_key"])
        row.save(update_fields=["verdict", "reviewed_by", "reviewed_at"])
        record(actor, "review_emergency_access", row, case_id=row.case_id, note=verdict)
    notify([row.asked_by], "emergency_reviewed", url_name="casework:emergencies")
    return row


@transaction.atomic
def remind_of_reviews() -> int:
    """Tell those who review that a review is late, each once a day; returns how many were told.

    It may be asked at any time and as often as one likes.
    """
    now = timezone.now()
    # Two at once must not both find that nobody was told.
    late = EmergencyAccess.objects.overdue().select_for_update(of=("self",), no_key=True)
    told: dict[UUID, User] = {}
    for row in late.select_related("case", "asked_by"):
        reviewers = holders_of(
            "casework.review_emergency_access", row.organization_id, but=row.asked_by, case=row.case
        )
        told |= {user.pk: user for user in reviewers}
    lately = Notice.objects.filter(code="emergency_overdue", at__gt=now - REMIND_AFTER)
    for pk in lately.filter(user__in=told).values_list("user", flat=True):
        told.pop(pk, None)
    notify(told.values(), "emergency_overdue", url_name="casework:emergency_reviews")
    return len(told)
