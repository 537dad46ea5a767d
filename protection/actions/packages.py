"""Prepare the file of one person's data: only by who may read all of it anyway."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.levels import Level
from accounts.models import User
from casework.models import Case, Person
from exports.actions import Content, request_export
from exports.models import Export
from protection.models import PersonRequest
from protection.package import sheets_of, texts_of


def may_give_access_package(user: User) -> bool:
    return user.has_perm("protection.give_access_package")


def reads_all_of(user: User, person: Person) -> bool:
    """Whether a user may read everything that would be in the file; nobody gains a look by it."""
    told = Case.objects.visible_to(user, Level.NARRATIVE).filter(person=person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_count_cases(%s)", [person.pk])
        return bool(told.count() == cursor.fetchone()[0])


def may_have_package(export: Export, user: User) -> bool:
    """What exports ask at each step of a file of this kind."""
    person = Person.objects.visible_to(user).filter(pk=_person_of(export)).first()
    return may_give_access_package(user) and person is not None and reads_all_of(user, person)


def _person_of(export: Export) -> UUID:
    """Whom a file is about. Raises PermissionDenied when she was erased meanwhile."""
    if export.object_id is None:
        raise PermissionDenied
    return export.object_id


@transaction.atomic
def give_access_package(
    asked: PersonRequest,
    person: Person,
    *,
    format: str,
    texts: Iterable[str],
    actor: User,
    recipient_key: str = "",
) -> Export:
    """Have the file made for who asked: locked, fetched once, a line in the register of exports.

    `texts` are the keys of those that were read and speak of her alone. Raises PermissionDenied,
    ValidationError.
    """
    if not may_give_access_package(actor) or not reads_all_of(actor, person):
        raise PermissionDenied
    if asked.code and asked.code != person.code:
        raise ValidationError(_("This request is about another code."))
    if not (asked.is_open and asked.wants_file):
        raise ValidationError(_("This request does not ask for a file, or is answered."))
    if not asked.is_cleared:
        raise ValidationError(_("A file is made when it is known who asks and that it is safe."))
    known = {text.key for text in texts_of(person)}
    export = request_export(
        kind=Export.Kind.SUBJECT,
        purpose=Export.Purpose.RIGHTS,
        format=format,
        recipient_key=recipient_key,
        object_id=person.pk,
        filters={"request": str(asked.pk), "texts": sorted(known & set(texts))},
        actor=actor,
    )
    record(actor, "give_access_package", asked, note=format)
    return export


def package_content(export: Export) -> Content:
    """The tables of the file, for the job that makes it."""
    person = Person.objects.select_related("data_key", "organization").get(pk=_person_of(export))
    sheets = sheets_of(person, export.filters.get("texts", ()))
    return Content(
        columns=[sheet.name for sheet in sheets],
        rows=sum(len(sheet.lines) - sheet.headers for sheet in sheets[1:]),
        sheets=sheets,
    )
