"""A whole talk in one go, for machines."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models import Person
from screening.actions.beginning import start_screening
from screening.actions.circumstances import save_circumstances
from screening.actions.screenings import complete_screening, save_section
from screening.answers import Part
from screening.models import Screening


@transaction.atomic
def record_screening(
    person: Person,
    *,
    parts: Mapping[str, Part],
    complete: bool,
    information_given: bool,
    circumstances: Mapping[str, Mapping[str, str]] | None = None,
    actor: User,
    **first_questions: Any,
) -> Screening:
    """Begin a talk, keep its answers and finish it, all in one go or not at all.

    `first_questions` are the keywords of `start_screening`. Raises what its verbs raise, and
    ValidationError for answers of a talk that did not take place.
    """
    screening = start_screening(person, **first_questions, actor=actor)
    if parts and screening.state != Screening.State.DRAFT:
        raise ValidationError(_("There are no answers to keep when nobody was asked."))
    for section, part in parts.items():
        version = screening.version
        screening = save_section(
            screening, section=section, part=dict(part), version=version, actor=actor
        )
    if circumstances:
        screening = save_circumstances(
            screening, told=circumstances, version=screening.version, actor=actor
        )
    if complete and screening.state == Screening.State.DRAFT:
        screening = complete_screening(
            screening,
            information_given=information_given,
            version=screening.version,
            actor=actor,
        )
    return screening
