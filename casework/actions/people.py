"""Register a person, change what is known of her, record what she is called."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.data_dictionary import may_see
from accounts.levels import Level
from accounts.models import Team, User
from accounts.outbox import enqueue
from casework.actions.access import (
    lock_person,
    require_may_write,
    require_may_write_person,
)
from casework.actions.cases import open_case
from casework.actions.contact import Shown, hand_out
from casework.actions.events import record_case_event
from casework.actions.search import index_names
from casework.intake import settle_intake
from casework.models import Case, CaseEvent, Person, PersonIdentity, PersonIdentityHistory
from casework.names import parts_of
from directory.models import Language
from vault.models import DataKey

IDENTITY_FIELDS = ("name", "other_names", "birth_date", "phone", "email", "document", "address")


def may_see_people(user: User) -> bool:
    """Whoever works at a desk, in the field or with cases; which people, the gate says."""
    return user.has_perm("casework.record_visit") or user.has_perm("casework.view_cases")


def may_register_person(user: User) -> bool:
    return user.has_perm("casework.register_person")


@transaction.atomic
def register_person(
    *,
    team: Team,
    sex: str,
    nationality: str,
    language: Language,
    actor: User,
    birth_year_from: int | None = None,
    birth_year_to: int | None = None,
    birth_year_source: str = Person.BirthYearSource.UNKNOWN,
    other_languages: Iterable[Language] = (),
    handling_note: str = "",
    **facts: Any,
) -> Person:
    """Give somebody a code and write down what is needed to help and to count; no name.

    `facts` are residence_status, disability and unaccompanied_or_separated, and what was not asked
    yet of somebody in transit: intake, not_asked. Raises
    PermissionDenied (also for another team's desk), ValidationError.
    """
    if not may_register_person(actor) or team.pk not in actor.team_ids:
        raise PermissionDenied
    person = Person(
        organization=team.organization,
        team=team,
        sex=sex,
        nationality=nationality,
        language=language,
        birth_year_from=birth_year_from,
        birth_year_to=birth_year_to,
        birth_year_source=birth_year_source,
        handling_note=handling_note,
        registered_by=actor,
        **facts,
    )
    key = DataKey.make(person.pk)
    key.save()
    person.data_key = key
    _check_years(person)
    person.full_clean()
    person.save()
    person.other_languages.set(other_languages)
    record(actor, "register_person", person)
    return person


def _check_years(person: Person) -> None:
    latest = person.birth_year_to
    if latest is not None and latest > timezone.localdate().year:
        raise ValidationError({"birth_year_to": _("Nobody is born in a year to come.")})


def may_change_person(user: User) -> bool:
    return user.has_perm("casework.change_person_facts")


@transaction.atomic
def change_person(person: Person, *, version: int, actor: User, **facts: Any) -> Person:
    """Change what is known of a person; `facts` are fields of Person, `other_languages` included.

    Raises PermissionDenied, ValidationError (code `stale` when somebody else was first).
    """
    if not may_change_person(actor):
        raise PermissionDenied
    require_may_write_person(person, actor)
    person = lock_person(person.pk)
    stale(version, person.version)
    languages = facts.pop("other_languages", None)
    for name, value in facts.items():
        setattr(person, name, value)
    person.version += 1
    settle_intake(person, set())
    _check_years(person)
    person.full_clean()
    person.save()
    if languages is not None:
        person.other_languages.set(languages)
        facts["other_languages"] = languages
    record(actor, "change_person", person, fields=facts)
    return person


def may_name_person(user: User) -> bool:
    return user.has_perm("casework.name_person")


@transaction.atomic
def record_identity(
    person: Person, *, actor: User, version: int | None = None, **parts: str
) -> PersonIdentity:
    """Record what a person is called and how to reach her; this opens a case.

    `parts` are fields of PersonIdentity, `version` the one they rest on, 0 when nothing was
    recorded. Raises PermissionDenied, ValidationError: by field, code `stale`, for a part that
    somebody else wrote since; other parts of theirs do no harm.
    """
    if not may_name_person(actor):
        raise PermissionDenied
    case = _case_for_identity(person, actor)
    require_may_write(case, actor)
    # Two who write the first name at once wait for each other here.
    lock_person(person.pk)
    identity = (
        PersonIdentity.objects.select_for_update(of=("self",))
        .select_related("data_key")
        .filter(person=person)
        .first()
    ) or PersonIdentity(person=person, data_key=person.data_key, version=0)
    parts = {name: value.strip() for name, value in parts.items()}
    _check_letters(parts)
    if version is not None:
        _check_parts(identity, version, parts)
    changed = {name for name, value in parts.items() if getattr(identity, name) != value}
    for name in changed:
        setattr(identity, name, parts[name])
    identity.version += 1
    identity.full_clean()
    identity.save()
    index_names(identity)
    if changed & {"name", "other_names"}:
        enqueue("name_recorded", key=f"{person.pk} {timezone.now()}", person_id=person.pk)
    record(actor, "record_identity", identity, case_id=case.pk, fields=changed)
    record_case_event(case, CaseEvent.Code.IDENTITY_RECORDED, actor=actor)
    return identity


def _check_letters(parts: dict[str, str]) -> None:
    """Raises ValidationError for a name of nothing but signs that nobody sees or says."""
    for name in ("name", "other_names"):
        if parts.get(name) and not parts_of(parts[name]):
            raise ValidationError({name: _("Write the name with letters, in any script.")})


def _check_parts(identity: PersonIdentity, version: int, parts: dict[str, str]) -> None:
    """Raises ValidationError for parts that somebody else changed after this version."""
    if version == identity.version:
        return
    before = PersonIdentity() if version == 0 else _earlier(identity, version)
    clashes = [
        name
        for name, value in parts.items()
        if getattr(identity, name) not in {value, getattr(before, name, "")}
    ]
    if clashes:
        message = _("Somebody else wrote this meanwhile. Choose whose stays.")
        raise ValidationError({name: ValidationError(message, code="stale") for name in clashes})


def _earlier(identity: PersonIdentity, version: int) -> Any:
    """The identity as it was in this version; None where that is not kept."""
    rows: Any = PersonIdentityHistory.objects
    rows = rows.filter(pgh_obj=identity, version=version).select_related("data_key")
    return rows.order_by("-pgh_id").first()


def _case_for_identity(person: Person, actor: User) -> Case:
    case = Case.objects.visible_to(actor, Level.IDENTITY).open().filter(person=person).first()
    return case or open_case(person, actor=actor)


def may_show_identity(user: User, case: Case) -> bool:
    """Whoever has access to the identity of this case; no function of a role is enough."""
    return may_see(case.level_for(user), PersonIdentity, "name")


@transaction.atomic
def show_identity(case: Case, *, reason: str, actor: User, override: str = "") -> Shown:
    """Hand out the name and contacts for a coded reason; the case remembers it.

    What would be used to reach her while that is not safe is kept back, or shown for the coded
    reason in `override`. Raises PermissionDenied, or ValidationError when nothing is recorded.
    """
    if not may_show_identity(actor, case):
        raise PermissionDenied
    identity = (
        PersonIdentity.objects.filter(person=case.person_id).select_related("data_key").first()
    )
    if identity is None:
        raise ValidationError(_("No name is recorded."))
    shown = hand_out(
        identity, IDENTITY_FIELDS, case=case, reason=reason, override=override, actor=actor
    )
    seen = [name for name, value in shown.parts.items() if value]
    record(actor, "show_identity", identity, case_id=case.pk, fields=seen, note=reason)
    record_case_event(case, CaseEvent.Code.IDENTITY_SHOWN, actor=actor)
    return shown
