"""Verbs of a talk in which the client holds the screen: handed over, answered, taken back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import hand_over_session, take_back_session
from accounts.actions.hand_over import Outcome
from accounts.audit import record
from accounts.models import Session, User
from casework.actions.access import require_may_write
from screening.actions.rows import locked
from screening.actions.screenings import may_save_section, save_section, stop_screening
from screening.alone import is_offered, languages
from screening.answers import CLIENT
from screening.models import Screening

# The only pages of the house that open while the client holds the screen.
ROUTES = (
    "questions:first",
    "questions:question",
    "questions:sound",
    "questions:stop",
    "questions:end",
    "questions:give_back",
)


def may_hand_over_screen(screening: Screening, user: User) -> bool:
    """In a talk that goes on, with an instrument that has something to answer alone."""
    definition = screening.instrument_version.definition
    is_ready = screening.state == Screening.State.DRAFT and is_offered(definition)
    return is_ready and may_save_section(user)


@transaction.atomic
def hand_over_screen(
    screening: Screening, *, language: str, code: str, row: Session, actor: User
) -> None:
    """Let the client answer alone in this session, until the code is given.

    Raises PermissionDenied, or ValidationError when the talk does not go on, she is not alone and
    safe, she was not told what must be passed on, or nobody reviewed the language.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    require_may_write(screening.case, actor)
    screening = locked(screening)
    definition = screening.instrument_version.definition
    if not may_hand_over_screen(screening, actor):
        raise ValidationError(_("This talk does not go on, or has nothing to answer alone."))
    if screening.safety != Screening.Safety.SAFE or screening.limits_said_at is None:
        raise ValidationError(_("Say first what we may have to pass on; then hand over."))
    if language not in languages(definition):
        raise ValidationError({"language": _("Nobody has reviewed this language yet.")})
    hand_over_session(
        row,
        code=code,
        home=reverse("questions:first"),
        routes=ROUTES,
        told={
            "screening": str(screening.pk),
            "version": str(screening.instrument_version_id),
            "language": language,
        },
        actor=actor,
    )
    record(actor, "hand_over_screen", screening, case_id=screening.case_id)


@transaction.atomic
def answer_alone(
    screening: Screening, *, section: str, indicator: str, answer: str, actor: User
) -> Screening:
    """Keep one answer of the client's, marked as hers; a talk that is over keeps nothing.

    Raises PermissionDenied, ValidationError.
    """
    if not may_save_section(actor):
        raise PermissionDenied
    held = locked(screening)
    if held.state != Screening.State.DRAFT:
        return held
    kept = held.sheet.parts.get(section, {})
    part = {
        **kept,
        "indicators": {**kept.get("indicators", {}), indicator: answer},
        "by": {**kept.get("by", {}), indicator: CLIENT},
    }
    return save_section(held, section=section, part=part, version=held.version, actor=actor)


def stop_alone(screening: Screening, *, actor: User) -> Screening:
    """She does not want to go on; what she answered is kept."""
    return stop_screening(screening, stop_reason=Screening.StopReason.ASKED, actor=actor)


@transaction.atomic
def take_back_screen(
    row: Session, *, screening: Screening | None, code: str, actor: User
) -> Outcome:
    """Open the house again with the code; the fifth wrong one ends the session.

    `screening` is none when its reader lost her access meanwhile: the code leads out all the same.
    """
    outcome = take_back_session(row, code=code, actor=actor)
    if screening is not None and outcome is Outcome.BACK:
        record(actor, "take_back_screen", screening, case_id=screening.case_id)
    return outcome
