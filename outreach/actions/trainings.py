"""Record trainings and who attended them."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from casework.actions.days import EARLIEST
from casework.actions.services import check_grant
from directory.models import Area, Grant, Topic
from outreach.models import Professional, Training, TrainingAttendance
from vault.models import DataKey

FURTHEST_AHEAD = timedelta(days=366)
LONGEST_TRAINING = timedelta(days=366)


def may_record_training(user: User) -> bool:
    return user.has_perm("outreach.record_training")


@transaction.atomic
def record_training(
    *,
    topic: Topic,
    programme: str,
    hours: int,
    starts_on: date,
    ends_on: date,
    area: Area,
    actor: User,
    accredited_by: str = "",
    grant: Grant | None = None,
) -> Training:
    """Record a training event. Raises PermissionDenied, ValidationError."""
    if not may_record_training(actor):
        raise PermissionDenied
    _check_days(starts_on, ends_on)
    check_grant(grant, actor.organization_id, starts_on)
    training = Training(
        organization=actor.organization,
        topic=topic,
        programme=programme,
        accredited_by=accredited_by,
        hours=hours,
        starts_on=starts_on,
        ends_on=ends_on,
        area=area,
        grant=grant,
        recorded_by=actor,
    )
    training.full_clean()
    training.save()
    record(actor, "record_training", training)
    return training


def _check_days(starts_on: date, ends_on: date) -> None:
    """Raises ValidationError for slips of the keyboard: a year such as 206, or 2062."""
    if not EARLIEST <= starts_on <= timezone.localdate() + FURTHEST_AHEAD:
        raise ValidationError({"starts_on": _("No training was on that day. Look at the year.")})
    if ends_on - starts_on > LONGEST_TRAINING:
        raise ValidationError({"ends_on": _("A training lasts a year at most.")})


@transaction.atomic
def add_attendance(
    training: Training,
    *,
    actor: User,
    professional: Professional | None = None,
    name: str = "",
    profession: str = "",
    institution_type: str = "",
    institution: Organization | None = None,
    sex: str = "",
) -> TrainingAttendance:
    """Add a seat: of a professional known from before, or of a new one.

    Raises PermissionDenied, ValidationError.
    """
    if not may_record_training(actor):
        raise PermissionDenied
    if training.starts_on > timezone.localdate():
        raise ValidationError(_("Attendance is recorded from the first day on."))
    if professional is None:
        professional = Professional(
            registered_by_organization=training.organization,
            name=name.strip(),
            profession=profession,
            institution_type=institution_type,
            institution=institution,
            sex=sex,
        )
        key = DataKey.make(professional.pk)
        key.save()
        professional.data_key = key
        professional.full_clean()
        professional.save()
    attendance = TrainingAttendance(training=training, professional=professional, recorded_by=actor)
    attendance.full_clean()
    attendance.save()
    record(actor, "add_attendance", training)
    return attendance


@transaction.atomic
def remove_attendance(attendance: TrainingAttendance, *, actor: User) -> Training:
    """Take back a seat that was recorded by mistake; who has no other seat is forgotten.

    Raises PermissionDenied.
    """
    if not may_record_training(actor):
        raise PermissionDenied
    training = attendance.training
    seats = TrainingAttendance.objects.select_for_update(of=("self",)).filter(pk=attendance.pk)
    seat = seats.select_related("professional__data_key").first()
    if seat is None:
        return training
    professional = seat.professional
    seat.delete()
    if not professional.attendances.exists():
        key = professional.data_key
        professional.delete()
        if key is not None:
            key.delete()
    record(actor, "remove_attendance", training)
    return training
