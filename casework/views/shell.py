"""The frame of every page about one case; the wings draw their tabs inside it."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.data_dictionary import may_see
from accounts.levels import Level
from accounts.models import User
from casework.actions.access import require_may_write
from casework.actions.visits import may_record_visit
from casework.agreement import answers_about
from casework.models import (
    Case,
    CaseAccess,
    CaseBlock,
    CaseNote,
    Person,
    PersonIdentity,
    TeamCaseAccess,
)
from casework.models.access import AccessKind


class Tab(NamedTuple):
    """One part of a case: its word, and the name of the address that takes the case's id."""

    name: str
    label: Any
    url_name: str
    is_for: Callable[[Case], bool] = lambda case: True


def _may_be_child(case: Case) -> bool:
    return case.person.may_be_child(timezone.localdate())


TABS = [
    Tab("overview", _("Overview"), "casework:case"),
    Tab("timeline", _("Timeline"), "casework:timeline"),
    Tab("tasks", _("Tasks"), "casework:tasks"),
    Tab("notes", _("Notes"), "casework:notes"),
    Tab("files", _("Files"), "casework:files"),
    Tab("screening", _("Screening"), "screening:of_case"),
    Tab("referrals", _("Referrals"), "referrals:of_case"),
    Tab("procedures", _("Procedure"), "referrals:procedures"),
    Tab("services", _("Services"), "casework:services"),
    Tab("family", _("Family"), "casework:case_family"),
    Tab("child", _("Child"), "casework:case_child", _may_be_child),
    Tab("talking", _("Talking"), "casework:case_talking"),
    Tab("consents", _("Consent"), "casework:consents"),
    Tab("statuses", _("Status"), "casework:statuses"),
    Tab("access", _("Access"), "casework:access"),
    Tab("log", _("Log"), "protection:case_log"),
]


def open_case_file(pk: UUID, user: User, *, writing: bool = False) -> Case:
    """The case with what its frame shows. Raises Http404 for a stranger, PermissionDenied.

    `writing` is for the pages of a form that changes the case: not for emergency access.
    """
    case = get_object_or_404(Case.objects.visible_to(user).with_person(), pk=pk)
    if not user.has_perm("casework.view_cases"):
        raise PermissionDenied
    if writing:
        require_may_write(case, user)
    return case


def shell_context(
    case: Case, user: User, current: str, *, verb: str = "view_case"
) -> dict[str, Any]:
    """What `casework/shell.html` needs; writes the audit row of having shown it.

    `case` was read by `open_case_file` or `with_person()`. `level` says how much this reader sees:
    nothing above it is in here, and nothing above it may be added by a tab.
    """
    seen_by = readers(case)
    behalf = _on_behalf(seen_by, user)
    record(user, verb, case, case_id=case.pk, note=current, on_behalf=behalf)
    consents = list(answers_about(case).latest_answers())
    return {
        "case": case,
        "person": case.person,
        **_offered(case, user, _emergency(seen_by, user)),
        "consents": consents,
        "agreed": sum(consent.is_in_force for consent in consents),
        "readers": seen_by,
        "days_open": (timezone.localdate() - case.opened_on).days + 1,
        "tabs": _tabs(case, current),
    }


def _offered(case: Case, user: User, emergency: CaseAccess | None) -> dict[str, Any]:
    """What this reader may see and do in the frame; an emergency reads and writes nothing."""
    level = case.level_for(user)
    writes = emergency is None
    return {
        "level": level,
        "may_see_identity": may_see(level, PersonIdentity, "name"),
        "may_see_story": may_see(level, CaseNote, "text"),
        "may_see_handling": may_see(level, Person, "handling_note"),
        "emergency": emergency,
        "is_read_only": not writes,
        "may_write_story": writes and level >= Level.NARRATIVE,
        "may_record_visit": writes and may_record_visit(user),
        "may_refer": writes and _may_refer(case, user, level),
    }


def _tabs(case: Case, current: str) -> list[dict[str, Any]]:
    shown = [tab for tab in TABS if tab.is_for(case)]
    return [{"current": tab.name == current, **tab._asdict()} for tab in shown]


def _on_behalf(seen_by: list[CaseAccess | TeamCaseAccess], user: User) -> str:
    """The kind of access by which the user is here, when the case is not her own work."""
    kinds = [row.kind for row in seen_by if isinstance(row, CaseAccess) and row.user == user]
    return "" if AccessKind.ASSIGNED in kinds or not kinds else kinds[0]


def _may_refer(case: Case, user: User, level: Level) -> bool:
    """Whether the frame offers a referral: the wing itself decides again."""
    may = user.has_perm("referrals.draft_referral") and level >= Level.NARRATIVE
    return may and case.is_open


def _emergency(seen_by: list[CaseAccess | TeamCaseAccess], user: User) -> CaseAccess | None:
    """The user's emergency access, when nothing else opens the story of the case to her."""
    own = [
        row
        for row in seen_by
        if isinstance(row, CaseAccess) and row.user == user and row.level >= Level.NARRATIVE
    ]
    lasting = [row for row in own if row.kind != AccessKind.BREAK_GLASS]
    return own[0] if own and not lasting else None


def readers(case: Case) -> list[CaseAccess | TeamCaseAccess]:
    """Who can see the case now, by rows that count: people first, then teams."""
    closed = CaseBlock.objects.in_force().filter(case__person=case.person_id).values("user")
    people = case.access.in_force().exclude(user__in=closed)
    rows: list[CaseAccess | TeamCaseAccess] = [
        *people.select_related("user", "permission", "granted_by").order_by("starts_at")
    ]
    if not case.is_sealed:
        teams = case.team_access.in_force()
        rows += teams.select_related("group", "permission", "granted_by").order_by("starts_at")
    return rows
