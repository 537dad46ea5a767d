"""The front desk: who comes in, who is in, who leaves."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as told
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import limits
from accounts.audit import record, record_list
from accounts.http import AuthedRequest, read_id
from accounts.middleware import PrivateResponseMiddleware
from accounts.models import User
from casework import actions
from casework.actions.cards import may_issue_card
from casework.actions.check_ins import may_check_in
from casework.actions.headcounts import may_record_headcount
from casework.actions.people import may_register_person
from casework.actions.visits import may_record_visit
from casework.codes import read_code
from casework.desk import Answer, open_things, who_is
from casework.forms.desk import EverybodyOutForm, FamilyForm, ScanForm, WaitingForm
from casework.models import CheckIn, HouseholdMember, Person
from casework.models.relation import is_asked_about
from casework.search import find_people
from casework.talking import talk_of

# The camera reads cards on this page and on no other.
CAMERA = PrivateResponseMiddleware.headers["Permissions-Policy"].replace(
    "camera=()", "camera=(self)"
)
# One letter checks somebody out of the list; these are the page's own already.
LETTERS = list("abcefghijklmopqrstuvwxyz")
LAST = 5


def desk(request: AuthedRequest) -> HttpResponse:
    """One field for a card, a code or a name; Enter goes on to the next person."""
    user = request.user
    _at_a_desk(user)
    typed = request.POST.get("q", "").replace("\0", "")
    answer = _answer(request, typed)
    form = ScanForm(request.POST or None, user=user, how=answer.how)
    if answer.person and form.perform(actions.check_in, answer.person, actor=user):
        again = "" if form.result.is_new else "&again=1"
        return redirect(f"{reverse('casework:desk')}?shown={form.result.pk}{again}")
    # A scanner types on: what was read before must not stand in its way.
    is_asked = bool(answer.person or not typed.strip())
    fresh = form if is_asked and form.errors else ScanForm(user=user)
    context = {"form": fresh, "said": answer.said, "typed": typed, **_desk(user)}
    if request.method == "POST" and not (is_asked or answer.said):
        context |= _found(request, typed)
    else:
        context |= _shown(request)
    response = render(request, "casework/desk.html", context, status=context.get("status", 200))
    response.headers["Permissions-Policy"] = CAMERA
    return response


def _at_a_desk(user: User) -> None:
    """Raises PermissionDenied for whoever checks nobody in, or has no desk to do it at."""
    if not may_check_in(user) or not user.team_ids:
        raise PermissionDenied


def _answer(request: AuthedRequest, typed: str) -> Answer:
    """Whom the scan means, or who was chosen among those found."""
    if chosen := read_id(request.POST.get("person", "")):
        people = Person.objects.visible_to(request.user)
        return Answer(get_object_or_404(people, pk=chosen), CheckIn.How.SEARCH)
    return who_is(request.user, typed) if typed.strip() else Answer()


def _desk(user: User) -> dict[str, Any]:
    return {
        "now": timezone.localtime(),
        "here": _here(user).count(),
        "may_register": may_register_person(user) and may_record_visit(user),
        "may_count": may_record_headcount(user),
    }


def _found(request: AuthedRequest, typed: str) -> dict[str, Any]:
    """People who match what was typed. By code is free, names are counted."""
    by_code = read_code(typed) is not None
    if typed and not by_code and not limits.allowed("search", str(request.user.pk)):
        return {"is_too_often": True, "status": 429}
    findings = find_people(request.user, typed)
    return {"findings": findings, "options": [(found, uuid4()) for found in findings.found]}


def _shown(request: AuthedRequest) -> dict[str, Any]:
    """Who was just let in, what to know before talking to her, and what comes next."""
    user = request.user
    asked = read_id(request.GET.get("shown", ""))
    row = _rows(user).filter(pk=asked).first() if asked else None
    if row is None:
        return _present(user)
    record(user, "view_person", row.person, note="desk")
    return {
        "row": row,
        "person": row.person,
        "talk": talk_of(row.person, user),
        "is_asked_about": is_asked_about(row.person_id),
        "is_again": "again" in request.GET and row.is_open,
        "open_things": open_things(user, row.person),
        "waiting_form": WaitingForm(initial={"waits_for": row.waits_for}),
        "family": HouseholdMember.objects.visible_to(user).beside(row.person_id).count(),
        "has_card": row.person.cards.in_use().exists(),
        "may_issue_card": may_issue_card(user),
        "may_record_visit": may_record_visit(user),
    }


def _present(user: User) -> dict[str, Any]:
    """Who came in last and is still here, while nobody is being let in."""
    rows = list(_here(user).select_related("person__language").order_by("-came_at", "pk")[:LAST])
    record_list(user, "list_check_ins", CheckIn, [row.pk for row in rows])
    return {"is_waiting": True, "present": rows}


def _rows(user: User) -> QuerySet[CheckIn]:
    return CheckIn.objects.visible_to(user).select_related(
        "person__language", "person__data_key", "person__team", "team", "checked_in_by"
    )


def _here(user: User) -> QuerySet[CheckIn]:
    """Who is in the hub of this user's teams now."""
    return CheckIn.objects.visible_to(user).here().filter(team__in=user.team_ids)


@require_safe
def here(request: AuthedRequest) -> HttpResponse:
    """Who is in the hub now, by code."""
    user = request.user
    _at_a_desk(user)
    rows = list(_here(user).select_related("person__language", "team").order_by("came_at", "pk"))
    record_list(user, "list_check_ins", CheckIn, [row.pk for row in rows])
    today = timezone.localdate()
    context = {
        "rows": [
            (row, LETTERS[place] if place < len(LETTERS) else "") for place, row in enumerate(rows)
        ],
        "children": sum(row.person.may_be_child(today) for row in rows),
        "waiting": sum(bool(row.waits_for) for row in rows),
        "several": len(user.team_ids) > 1,
        "now": timezone.localtime(),
    }
    return render(request, "casework/here.html", context)


def _row(request: AuthedRequest, pk: UUID) -> CheckIn:
    _at_a_desk(request.user)
    return get_object_or_404(_rows(request.user).filter(team__in=request.user.team_ids), pk=pk)


@require_POST
def check_out(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = actions.check_out(_row(request, pk), actor=request.user)
    said = {"code": row.person.code, "time": _clock(row.left_at)}
    messages.success(request, _("%(code)s left at %(time)s.") % said)
    return redirect("casework:desk" if request.POST.get("then") == "desk" else "casework:here")


def check_out_everybody(request: AuthedRequest) -> HttpResponse:
    """At closing time: how many are still in, and all of them out by one press."""
    user = request.user
    _at_a_desk(user)
    now = timezone.localtime()
    form = EverybodyOutForm(request.POST or None, initial={"seen_at": now.isoformat()})
    if form.perform(actions.check_out_everybody, actor=user):
        messages.success(request, _("Everybody who was in the list has left."))
        return redirect("casework:here")
    context = {"form": form, "number": _here(user).count(), "now": now}
    return render(request, "casework/check_out_everybody.html", context)


def _clock(moment: datetime | None) -> str:
    return told(timezone.localtime(moment), "H:i")


@require_POST
def set_waiting(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Whom or what somebody waits for."""
    row = _row(request, pk)
    form = WaitingForm(request.POST)
    if form.perform(actions.set_waiting, row, actor=request.user):
        messages.success(request, _("Saved."))
    else:
        for error in form.errors.get_json_data().get("__all__", []):
            messages.warning(request, error["message"])
    return redirect(f"{reverse('casework:desk')}?shown={row.pk}")


def family(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The whole family by one scan: tick who came, and what was done for all."""
    user = request.user
    _at_a_desk(user)
    people = Person.objects.visible_to(user).select_related("language", "data_key")
    person = get_object_or_404(people, pk=pk)
    form = FamilyForm(request.POST or None, user=user, person=person)
    if form.perform(actions.check_in_family, person, actor=user):
        messages.success(request, _("Family checked in."))
        return redirect("casework:desk")
    record(user, "view_person", person, note="family")
    return render(request, "casework/check_in_family.html", {"form": form, "person": person})
