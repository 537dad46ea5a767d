"""Take somebody in who leaves within the hour; ask the rest later, or write that she moved on."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Team, User
from casework.actions.access import lock_person, require_may_write_person
from casework.actions.newcomers import agree_to_record, only_count
from casework.actions.people import change_person, may_change_person, register_person
from casework.actions.visits import record_visit
from casework.intake import ASKED, settle_intake
from casework.models import Consent, Headcount, Person
from directory.countries import NOT_KNOWN
from directory.models import Language, ServiceType


@transaction.atomic
def receive_in_transit(
    *,
    team: Team,
    sex: str,
    language: Language,
    actor: User,
    services: Iterable[ServiceType] = (),
    nationality: str = "",
    birth_year_from: int | None = None,
    birth_year_to: int | None = None,
    birth_year_source: str = Person.BirthYearSource.UNKNOWN,
    not_asked: Iterable[str] = (),
    told: str = "",
    **visit: Any,
) -> Person | Headcount:
    """Give somebody a code by three facts; what was given at once is a visit.

    `not_asked` are fields of hers to come back to; `visit` are keywords of `record_visit`; `told`
    is her answer to keeping a record: after a no she is only counted, as at the desk.
    Raises PermissionDenied, ValidationError; then nothing is kept.
    """
    given = list(services)
    visit |= {"services": given, "language": language}
    facts: dict[str, Any] = {
        "sex": sex,
        "nationality": nationality or NOT_KNOWN,
        "birth_year_from": birth_year_from,
        "birth_year_to": birth_year_to,
    }
    if told == Consent.Decision.REFUSED:
        return only_count(team, visit, facts, actor)
    left = [name for name in ASKED if name in set(not_asked)]
    person = register_person(
        team=team,
        language=language,
        birth_year_source=birth_year_source,
        actor=actor,
        not_asked=left,
        intake=Person.Intake.TRANSIT if left else Person.Intake.COMPLETE,
        **facts,
    )
    if told:
        agree_to_record(person, visit, actor)
    if given:
        record_visit(person, team=team, actor=actor, **visit)
    return person


@transaction.atomic
def continue_intake(
    person: Person, *, version: int, actor: User, answered: Iterable[str] = (), **facts: Any
) -> Person:
    """Write down what was asked by now; "not known" is an answer. Complete when all was asked.

    Raises PermissionDenied, ValidationError (code `stale` when somebody else was first).
    """
    person = change_person(person, version=version, actor=actor, **facts)
    settle_intake(person, set(answered))
    person.save(update_fields=["not_asked", "intake"])
    return person


@transaction.atomic
def end_intake(person: Person, *, version: int, actor: User) -> Person:
    """She moved on: nothing more is asked, and she is counted as far as she is known.

    Raises PermissionDenied, ValidationError.
    """
    if not may_change_person(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)
    person = lock_person(person.pk)
    stale(version, person.version)
    if person.intake != Person.Intake.TRANSIT:
        raise ValidationError(_("This intake is not half-finished."))
    person.intake = Person.Intake.MOVED_ON
    person.version += 1
    person.save(update_fields=["intake", "version"])
    record(actor, "end_intake", person, note=person.intake)
    return person
