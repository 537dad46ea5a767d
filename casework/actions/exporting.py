"""What leaves the house about clients as a file: one person, a list of codes, an original.

The files themselves, their agreement and their register are those of `exports`; here is what
stands in them, and who may have it at the moment.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.levels import Level
from accounts.models import Organization, User
from accounts.spreadsheets import Sheet, Value
from casework.actions.access import require_may_write
from casework.agreement import Agreement, agreement_on
from casework.models import Case, CaseFile, Consent, Person, PersonIdentity
from casework.models.case import CaseQuerySet, CaseView
from casework.talking import number_with_safety
from exports.actions import Content, request_export
from exports.models import Export
from files.actions import contents
from files.kinds import Media

Item = Consent.Item

# What a transfer tells for each item that was agreed to; the rest belongs to a referral.
FACTS: dict[str, Callable[[Person], Value]] = {
    Item.CODE: lambda person: person.code,
    Item.AGE_BAND: lambda person: person.ages,
    Item.SEX: lambda person: person.get_sex_display(),
    Item.NATIONALITY: lambda person: str(person.nationality),
    Item.LANGUAGE: lambda person: str(person.language),
    Item.HANDLING: lambda person: str(person.handling_note),
    Item.CHILD_ALONE: lambda person: person.get_unaccompanied_or_separated_display(),
}
NAMED: dict[str, Callable[[PersonIdentity], Value]] = {
    Item.NAME: lambda identity: str(identity.name),
    Item.PHONE: lambda identity: number_with_safety(identity.person_id, str(identity.phone)),
    Item.DOCUMENT: lambda identity: str(identity.document),
    Item.ADDRESS: lambda identity: str(identity.address),
}
LIST_COLUMNS = {
    "code": gettext_lazy("Code"),
    "team": gettext_lazy("Team"),
    "status": gettext_lazy("State"),
    "risk": gettext_lazy("Risk"),
    "opened_on": gettext_lazy("Opened on"),
    "closed_on": gettext_lazy("Closed on"),
    "last_contact_on": gettext_lazy("Last contact"),
}


def agreed_transfer(case: Case, organization: Organization | None) -> Agreement | None:
    """What lets this organization know of her, as far as it is enough."""
    if organization is None:
        return None
    found = agreement_on(case, Consent.Purpose.REFERRAL, organization)
    return found if found.is_enough else None


def may_export(user: User) -> bool:
    return user.has_perm("exports.request_export") and user.has_perm("casework.view_cases")


def _case_of(export: Export, user: User) -> Case | None:
    rows = Case.objects.visible_to(user, Level.NARRATIVE).with_person()
    return rows.filter(pk__in=[export.case_id]).first()


def may_have_transfer(export: Export, user: User) -> bool:
    """While she agrees, and the user reads the case down to its story."""
    case = _case_of(export, user)
    return case is not None and agreed_transfer(case, export.recipient) is not None


def may_have_list(export: Export, user: User) -> bool:
    return user.has_perm("casework.view_cases")


def may_have_original(export: Export, user: User) -> bool:
    """While the user may open the file itself."""
    return CaseFile.objects.visible_to(user).filter(pk__in=[export.object_id]).exists()


@transaction.atomic
def request_transfer(
    case: Case,
    *,
    recipient: Organization,
    format: str,
    recipient_key: str,
    actor: User,
    wants_agreement: bool = False,
) -> Export:
    """Ask for one person's file for an organization she agreed to.

    Raises PermissionDenied, ValidationError.
    """
    if not may_export(actor) or case.level_for(actor) < Level.NARRATIVE:
        raise PermissionDenied
    require_may_write(case, actor)
    if agreed_transfer(case, recipient) is None:
        raise ValidationError({"recipient": _("The person has not agreed that they know.")})
    return request_export(
        kind=Export.Kind.TRANSFER,
        purpose=Export.Purpose.REFERRAL,
        format=format,
        actor=actor,
        object_id=case.pk,
        case_id=case.pk,
        recipient=recipient,
        recipient_key=recipient_key,
        wants_agreement=wants_agreement,
    )


@transaction.atomic
def request_list(*, purpose: str, filters: Mapping[str, str | list[str]], actor: User) -> Export:
    """Ask for the list of cases by code; a second person has to agree.

    Raises PermissionDenied, ValidationError.
    """
    return request_export(
        kind=Export.Kind.CASES,
        purpose=purpose,
        format=Export.Format.LOCKED_XLSX,
        actor=actor,
        filters=filters,
    )


@transaction.atomic
def request_original(row: CaseFile, *, purpose: str, actor: User) -> Export:
    """Ask for a file as it came; a second person has to agree.

    Raises PermissionDenied, ValidationError.
    """
    require_may_write(row.case, actor)
    if not row.has_original or not row.stored_file.is_ready:
        raise ValidationError(_("No original of this file is kept."))
    return request_export(
        kind=Export.Kind.ORIGINAL,
        purpose=purpose,
        format=Export.Format.AS_IS,
        actor=actor,
        object_id=row.pk,
        case_id=row.case_id,
    )


def transfer_content(export: Export) -> Content:
    """One person: what she agreed that they know. Raises PermissionDenied."""
    case = _case_of(export, export.requested_by)
    agreement = agreed_transfer(case, export.recipient) if case else None
    consent = agreement.consent if agreement else None
    if case is None or agreement is None or consent is None:
        raise PermissionDenied
    facts = _facts(case.person, agreement.items, export.requested_by)
    agreed: list[list[Value]] = [
        [_("Agreed on"), consent.given_on],
        [_("Until"), consent.valid_until],
        [_("May be shared"), _said(agreement.items)],
    ]
    lines: list[list[Value]] = [[str(Item(name).label), value] for name, value in facts.items()]
    sheets = [Sheet(_("Person"), lines, headers=0), Sheet(_("Consent"), agreed, headers=0)]
    return Content(columns=list(facts), rows=1, sheets=sheets)


def _facts(person: Person, items: set[str], user: User) -> dict[str, Value]:
    told = {name: fact(person) for name, fact in FACTS.items() if name in items}
    named = {name: fact for name, fact in NAMED.items() if name in items}
    if named:
        rows = PersonIdentity.objects.visible_to(user).select_related("data_key")
        identity = rows.filter(person=person).first()
        told |= {name: fact(identity) if identity else "" for name, fact in named.items()}
    return told


def _said(items: set[str]) -> str:
    return ", ".join(str(Item(name).label) for name in sorted(items))


def list_content(export: Export) -> Content:
    """The cases that the user sees, by code, through the filter that stands in the register."""
    user = export.requested_by
    rows = listed(user, export.filters).select_related("person", "team")
    lines: list[list[Value]] = [[str(word) for word in LIST_COLUMNS.values()]]
    lines += [_line(case) for case in rows.order_by("-last_contact_on", "pk").iterator(2_000)]
    sheets = [Sheet(_("Cases"), lines)]
    return Content(columns=list(LIST_COLUMNS), rows=len(lines) - 1, sheets=sheets)


def filters_of(narrowed: Mapping[str, Any], view: str) -> dict[str, str | list[str]]:
    """What a list was narrowed by, as codes that the register can keep."""
    filters: dict[str, str | list[str]] = {"view": view if view in CaseView else CaseView.MINE}
    if "risk__in" in narrowed:
        filters["risk"] = list(narrowed["risk__in"])
    if "person__language" in narrowed:
        filters["language"] = narrowed["person__language"].pk
    return filters


def listed(user: User, filters: Mapping[str, Any]) -> CaseQuerySet:
    """The cases of a view and a filter, as the list shows them."""
    rows = Case.objects.visible_to(user).in_view(filters.get("view", ""), user)
    if risks := filters.get("risk"):
        rows = rows.filter(risk__in=risks)
    if language := filters.get("language"):
        rows = rows.filter(person__language=language)
    return rows


def _line(case: Case) -> list[Value]:
    return [
        case.person.code,
        case.team.name,
        case.get_status_display(),
        case.get_risk_display(),
        case.opened_on,
        case.closed_on,
        case.last_contact_on,
    ]


def original_content(export: Export) -> Content:
    """The file as it came. Raises PermissionDenied."""
    rows = CaseFile.objects.visible_to(export.requested_by)
    row = (
        rows.select_related("stored_file__original__data_key")
        .filter(pk__in=[export.object_id])
        .first()
    )
    original = row.stored_file.original if row else None
    if original is None:
        raise PermissionDenied
    content = contents(original)
    return Content(columns=["original"], rows=1, raw=content, media=Media(original.media))
