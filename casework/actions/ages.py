"""Write down what somebody's age is said to be, and choose which one counts."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from casework.actions.access import lock_person, require_may_write_person
from casework.actions.best_interests import tell_case
from casework.actions.days import check_day
from casework.actions.people import may_change_person
from casework.models import AgeEstimate, CaseEvent, Person
from casework.models.person import YesNo


@transaction.atomic
def record_age(
    person: Person,
    *,
    source: str,
    birth_year_from: int,
    birth_year_to: int,
    actor: User,
    told_on: date | None = None,
    assessed_by: Organization | None = None,
    has_consent: str = YesNo.UNKNOWN,
    is_chosen: bool = False,
    **facts: Any,
) -> AgeEstimate:
    """Add an age beside those that are known; with `is_chosen` it is the one to count with.

    `facts` are country, certainty, is_about and written. Raises PermissionDenied, ValidationError.
    """
    if not may_change_person(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)
    person = lock_person(person.pk)
    day = told_on or timezone.localdate()
    check_day("told_on", day)
    age = AgeEstimate(
        person=person,
        data_key=person.data_key,
        source=source,
        birth_year_from=birth_year_from,
        birth_year_to=birth_year_to,
        told_on=day,
        assessed_by=assessed_by,
        has_consent=has_consent,
        recorded_by=actor,
        **facts,
    )
    _check_source(age)
    age.full_clean()
    age.save()
    record(actor, "record_age", age, note=source)
    if is_chosen:
        _choose(age, person, actor)
    return age


def _check_source(age: AgeEstimate) -> None:
    """Each source says what makes it one."""
    if age.birth_year_to > timezone.localdate().year:
        raise ValidationError({"birth_year_to": _("This year of birth has not come yet.")})
    if age.source == Person.BirthYearSource.DOCUMENT and not age.country:
        raise ValidationError({"country": _("Say which country issued the document.")})
    if age.is_assessment and age.assessed_by is None:
        raise ValidationError({"assessed_by": _("Say who assessed the age.")})
    if age.is_assessment and age.has_consent == YesNo.UNKNOWN:
        raise ValidationError(
            {"has_consent": _("Say whether the person agreed to the assessment. “No” is kept too.")}
        )


@transaction.atomic
def choose_age(age: AgeEstimate, *, actor: User) -> AgeEstimate:
    """Count with this age from now on; the others stay beside it.

    Raises PermissionDenied, ValidationError.
    """
    if not may_change_person(actor):
        raise PermissionDenied
    require_may_write_person(age.person, actor)
    person = lock_person(age.person_id)
    row = AgeEstimate.objects.visible_to(actor).select_related("data_key").get(pk=age.pk)
    if row.is_in_use(person):
        raise ValidationError(_("This age is in use already."))
    _choose(row, person, actor)
    return row


def _choose(age: AgeEstimate, person: Person, actor: User) -> None:
    age.chosen_at, age.chosen_by = timezone.now(), actor
    age.save(update_fields=["chosen_at", "chosen_by"])
    person.birth_year_from, person.birth_year_to = age.birth_year_from, age.birth_year_to
    person.birth_year_source = age.source
    person.version += 1
    person.full_clean()
    person.save(update_fields=["birth_year_from", "birth_year_to", "birth_year_source", "version"])
    record(actor, "choose_age", age, fields=["birth_year_from", "birth_year_to"])
    tell_case(person, CaseEvent.Code.AGE_CHOSEN, actor)
