"""Records that may be of one person: the list, the ticket, the merge and its undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.forms import ActionForm
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.twins import may_settle_twins
from casework.forms.twins import ConfirmForm, MergeForm, OpenTicketForm, SettleForm, said
from casework.merging import FACTS
from casework.models import Case, Person, PersonMerge, TwinTicket
from casework.views.people_places import people_places
from casework.views.person_file import open_person_file

MOST_SHOWN = 100
LATELY = 20


@require_safe
def twin_list(request: AuthedRequest) -> HttpResponse:
    """Pairs that wait for somebody, and what was merged lately."""
    user = request.user
    _may(user)
    rows = TwinTicket.objects.visible_to(user).open().with_people()
    tickets = list(rows.order_by("-score", "-opened_at")[:MOST_SHOWN])
    record_list(user, "list_twins", TwinTicket, [ticket.pk for ticket in tickets])
    merges = PersonMerge.objects.visible_to(user).select_related("survivor", "merged_by")
    context = {"tickets": tickets, "merges": merges[:LATELY]}
    context["places"] = people_places(user, "casework:twin_list")
    return render(request, "casework/twin_list.html", context)


def twins(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One pair side by side; say what it is, or confirm what somebody else said."""
    user = request.user
    ticket = _ticket(user, pk)
    is_second = bool(ticket.verdict) and ticket.settled_by_id != user.pk
    kind, verb = (
        (ConfirmForm, actions.confirm_twin) if is_second else (SettleForm, actions.settle_twin)
    )
    form = kind(request.POST or None, initial={"version": ticket.version})
    if form.perform(verb, ticket, actor=user):
        messages.success(request, _("Saved."))
        return redirect("casework:twin_list")
    record(user, "view_twins", ticket)
    context = {
        "ticket": ticket,
        "form": form,
        "rows": _side_by_side(ticket),
        "is_second": is_second,
        "is_same": ticket.verdict == TwinTicket.Verdict.SAME,
    }
    return render(request, "casework/twins.html", context)


@require_POST
def merge_people(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Both records with their names, side by side; the second post chooses and merges."""
    user = request.user
    ticket = _ticket(user, pk)
    try:
        told = actions.compare_records(ticket, actor=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(ticket)
    seen = Case.objects.visible_to(user).open().filter(person__in=ticket.people)
    cases = list(seen.select_related("person", "owner").order_by("opened_on"))
    typed = request.POST if "keep" in request.POST else None
    form = MergeForm(typed, ticket=ticket, told=told, cases=cases)
    if form.perform(actions.merge_people, ticket, actor=user):
        return redirect(form.result)
    context = {"ticket": ticket, "form": form, "moving": _moving(user, ticket)}
    context["asked"] = [form[name] for name in form.parts]
    return render(request, "casework/merge_people.html", context)


@require_safe
def merge(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What was merged, how far it is, and until when it can be undone."""
    found = _merge(request.user, pk)
    record(request.user, "view_merge", found)
    context = {"merge": found, "form": ActionForm()}
    return render(request, "casework/merge.html", context)


@require_POST
def undo_merge(request: AuthedRequest, pk: UUID) -> HttpResponse:
    found = _merge(request.user, pk)
    form = ActionForm(request.POST)
    if form.perform(actions.undo_merge, found, actor=request.user):
        return redirect(found)
    return render(request, "casework/merge.html", {"merge": found, "form": form})


def open_ticket(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say that somebody has a second record."""
    user = request.user
    _may(user)
    person = open_person_file(pk, user, writing=True)
    form = OpenTicketForm(request.POST or None, people=Person.objects.visible_to(user))
    if form.perform(actions.open_ticket, person, actor=user):
        return redirect(form.result)
    record(user, "view_person", person)
    return render(request, "casework/open_ticket.html", {"form": form, "person": person})


def _may(user: User) -> None:
    if not may_settle_twins(user):
        raise PermissionDenied


def _ticket(user: User, pk: UUID) -> TwinTicket:
    ticket = get_object_or_404(TwinTicket.objects.visible_to(user).with_people(), pk=pk)
    _may(user)
    return ticket


def _merge(user: User, pk: UUID) -> PersonMerge:
    rows = PersonMerge.objects.visible_to(user)
    found = get_object_or_404(rows.select_related("survivor", "merged_by", "undone_by"), pk=pk)
    _may(user)
    return found


def _side_by_side(ticket: TwinTicket) -> list[tuple[Any, str, str, bool]]:
    """(label, of the first, of the second, whether they are the same) of what is operational."""
    shown = [part for part in FACTS if part.name != "handling_note"]
    told = [(part.label, *(said(part, each) for each in ticket.people)) for part in shown]
    return [(label, one, other, one == other) for label, one, other in told]


def _moving(user: User, ticket: TwinTicket) -> list[tuple[Any, int, int]]:
    """(what, of the first, of the second) of the kinds of rows that hang on each."""
    counted = []
    kinds = {_("Visits"): "visits", _("Services"): "services", _("Cases"): "cases"}
    for label, name in kinds.items():
        counts = [getattr(each, name).visible_to(user).count() for each in ticket.people]
        counted.append((label, counts[0], counts[1]))
    return counted
