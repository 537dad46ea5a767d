"""What the first page holds beside the desk's part: referrals, talks, sessions that wait."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.audit import record_list
from accounts.models import Role, User
from casework.views.today import today_context
from outreach.actions.sessions import may_record_session
from outreach.models import OutreachSession
from referrals import states
from referrals.models import Referral
from screening.models import Screening

SHOWN = 6


def first_page(user: User) -> dict[str, Any]:
    """Today's work of one person; for a coordinator, that of the house."""
    is_overview = user.has_role(Role.Code.COORDINATOR)
    return {
        **today_context(user),
        **_answers_awaited(user, is_overview=is_overview),
        **_talks_to_finish(user),
        **_sessions_going_on(user),
        "cases_label": _("Open cases of the house") if is_overview else _("My open cases"),
        "may_view_referrals": user.has_perm("referrals.view_referrals"),
    }


def _answers_awaited(user: User, *, is_overview: bool) -> dict[str, Any]:
    """Referrals that nobody answered: those whose time is over, and the others, by due time."""
    rows = Referral.objects.visible_to(user)
    if not is_overview:
        rows = rows.filter(case__owner=user)
    late = rows.overdue().with_person().by_due_time()
    waiting = rows.in_states(states.WAITING).exclude(pk__in=rows.overdue().values("pk"))
    soon = waiting.with_person().by_due_time()
    shown, next_ones = list(late[: SHOWN + 1]), list(soon[: SHOWN + 1])
    record_list(user, "view_today", Referral, [row.pk for row in [*shown, *next_ones]])
    return {
        "overdue": shown[:SHOWN],
        "more_overdue": len(shown) > SHOWN,
        "waiting": next_ones[:SHOWN],
        "more_waiting": len(next_ones) > SHOWN,
    }


def _talks_to_finish(user: User) -> dict[str, Any]:
    """Screenings of the own cases that were begun, or wait for a decision."""
    if not user.has_perm("screening.decide_screening"):
        return {}
    own = Screening.objects.visible_to(user).filter(case__owner=user)
    begun, undecided = own.open(), own.undecided()
    rows = [
        *begun.select_related("case__person").order_by("-started_at")[:SHOWN],
        *undecided.select_related("case__person").order_by("-started_at")[:SHOWN],
    ]
    again = list(own.to_ask_again().select_related("case__person").order_by("ask_again_on")[:SHOWN])
    record_list(user, "view_today", Screening, {row.pk for row in [*rows, *again]})
    return {"talks": rows[:SHOWN], "more_talks": len(rows) > SHOWN, "again": again}


def _sessions_going_on(user: User) -> dict[str, Any]:
    if not may_record_session(user):
        return {}
    rows = OutreachSession.objects.visible_to(user).standing().open().latest_first()
    return {"open_sessions": rows.with_people_met().select_related("area", "team")}
