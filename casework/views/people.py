"""People at the door: find, look, change what is known, record what somebody is called."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import limits
from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.cases import may_open_case
from casework.actions.headcounts import may_record_headcount
from casework.actions.people import (
    IDENTITY_FIELDS,
    may_change_person,
    may_name_person,
    may_register_person,
    may_see_people,
)
from casework.actions.twins import may_settle_twins
from casework.actions.visits import may_record_visit
from casework.codes import read_code
from casework.daylog import SERVICES
from casework.forms.people import ChangePersonForm, IdentityForm, OpenCaseForm, with_theirs
from casework.models import Case, Person, PersonHistory, PersonIdentity, Visit
from casework.search import (
    BY_CARD,
    BY_CODE,
    Findings,
    ask_everywhere,
    find_people,
    may_ask_everywhere,
)
from casework.talking import talk_of
from casework.views.drafting import long_form, of_person, restore
from casework.views.people_places import people_places
from casework.views.person_file import lead_on, open_person_file, person_context

RECENT = 25
VISITS = 10
# What was typed names one person and no other.
WHOLE = (BY_CARD, BY_CODE)


@require_safe
def people(request: AuthedRequest) -> HttpResponse:
    """Who was here last, by code, and the search."""
    user = request.user
    if not may_see_people(user):
        raise PermissionDenied
    rows = Person.objects.visible_to(user).select_related("language")
    recent = list(
        rows.order_by(F("last_visit_on").desc(nulls_last=True), "-registered_at", "pk")[:RECENT]
    )
    record_list(user, "list_people", Person, [person.pk for person in recent])
    context = {"people": recent, "places": people_places(user, "casework:people")}
    return render(request, "casework/people.html", context)


def find(request: AuthedRequest) -> HttpResponse:
    """Search by POST, since names do not belong into an address; to the log of visits or not."""
    user = request.user
    if not may_see_people(user):
        raise PermissionDenied
    typed = request.POST.get("q", "").replace("\0", "")
    is_visit = request.POST.get("for") == "visit" and may_record_visit(user)
    context = {
        "typed": typed,
        "is_visit": is_visit,
        "may_register": may_register_person(user) and may_record_visit(user),
        "may_count": may_record_headcount(user),
    }
    if not _may_go_on(request, typed):
        return render(request, "casework/find_later.html", context, status=429)
    findings = find_people(user, typed)
    only = _only_one(findings)
    if only and not request.htmx:
        return redirect(_address(only, is_visit=is_visit))
    options = [(found, _address(found.person, is_visit=is_visit)) for found in findings.found]
    context |= {"findings": findings, "options": options}
    context["may_ask"] = may_ask_everywhere(typed)
    template = "casework/_options.html" if request.htmx else "casework/find.html"
    return render(request, template, context)


def _may_go_on(request: AuthedRequest, typed: str) -> bool:
    """Counts searches that open names: those by a code are free."""
    if not typed or read_code(typed):
        return True
    return limits.allowed("search_typing" if request.htmx else "search", str(request.user.pk))


@require_POST
def ask_elsewhere(request: AuthedRequest) -> HttpResponse:
    """Whether somebody with this name may be known where the asker sees nobody."""
    user = request.user
    if not may_see_people(user):
        raise PermissionDenied
    typed = request.POST.get("q", "").replace("\0", "")
    context = {
        "typed": typed,
        "may_ask": may_ask_everywhere(typed),
        "may_register": may_register_person(user) and may_record_visit(user),
    }
    if context["may_ask"]:
        if not limits.allowed("search_everywhere", str(user.pk)):
            return render(request, "casework/find_later.html", context, status=429)
        context["known"] = ask_everywhere(user, typed)
    return render(request, "casework/ask_elsewhere.html", context)


def _only_one(findings: Findings) -> Person | None:
    """The person whose whole code was typed, or whose card was scanned."""
    found = findings.found
    return found[0].person if len(found) == 1 and found[0].why in WHOLE else None


def _address(person: Person, *, is_visit: bool) -> str:
    return reverse("casework:record_visit" if is_visit else "casework:person", args=[person.pk])


@require_safe
def person(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What is operational of a person; her cases only where the reader has access to them."""
    user = request.user
    try:
        found = open_person_file(pk, user)
    except Http404:
        return redirect("casework:person", lead_on(pk, user))
    visits = Visit.objects.visible_to(user).filter(person=found).select_related("language", "team")
    cases = list(Case.objects.visible_to(user).filter(person=found).order_by("-opened_on"))
    has_open = any(case.is_open for case in cases)
    context = person_context(found, user, "overview") | {
        "talk": talk_of(found, user),
        "visits": visits.prefetch_related(SERVICES)[:VISITS],
        "cases": cases,
        "may_open_case": may_open_case(user) and not has_open,
        "open_form": OpenCaseForm(),
        "may_settle": may_settle_twins(user),
    }
    return render(request, "casework/person.html", context)


@long_form(gettext_lazy("Change what is known"), of_person)
def change_person(request: AuthedRequest, pk: UUID) -> HttpResponse:
    found = open_person_file(pk, request.user)
    if not may_change_person(request.user):
        raise PermissionDenied
    typed = with_theirs(request.POST, found) if request.POST else None
    form = ChangePersonForm(typed, initial=ChangePersonForm.facts_of(found))
    if form.perform(actions.change_person, found, actor=request.user):
        messages.success(request, _("Changes saved."))
        return redirect("casework:person", pk)
    restore(request, form)
    record(request.user, "view_person", found)
    context: dict[str, Any] = {"form": form, "person": found}
    if form.is_stale:
        form.show_typed(request.POST, found)
        before = _facts_before(request.POST, found, request.user)
        context["differences"] = form.differences(found, before)
    return render(request, "casework/change_person.html", context)


def _facts_before(typed: QueryDict, person: Person, user: User) -> dict[str, Any]:
    """What stood there when the form was opened, as far as it was written down."""
    version = typed.get("version", "")
    # The columns of a history are made when the house starts: types do not know them.
    rows: Any = PersonHistory.objects.visible_to(user)
    rows = rows.filter(pgh_obj=person, version=version if version.isdecimal() else 0)
    before = rows.select_related("data_key").order_by("-pgh_id").first()
    return ChangePersonForm.facts_before(before) if before else {}


@long_form(gettext_lazy("Name or contacts"), of_person)
def record_identity(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Write down a name or contacts; what is recorded already is not shown here."""
    user = request.user
    found = open_person_file(pk, user)
    if not may_name_person(user):
        raise PermissionDenied
    recorded, version = _recorded(found, user)
    form = IdentityForm(request.POST or None, recorded=recorded, version=version)
    if form.perform(actions.record_identity, found, actor=user):
        messages.success(request, _("Saved. It is in the case, and stays hidden in lists."))
        case = Case.objects.visible_to(user).open().filter(person=found).first()
        return redirect(case or "casework:people")
    form.settle_clashes()
    restore(request, form)
    record(user, "view_person", found, fields=form.recorded)
    return render(request, "casework/record_identity.html", {"form": form, "person": found})


def _recorded(person: Person, user: User) -> tuple[list[str], int]:
    """Which parts are recorded, for whoever may see them, and in which version."""
    identity = (
        PersonIdentity.objects.visible_to(user)
        .filter(person=person)
        .select_related("data_key")
        .first()
    )
    if identity is None:
        return [], 0
    return [name for name in IDENTITY_FIELDS if getattr(identity, name)], identity.version


@require_POST
def open_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    found = open_person_file(pk, request.user)
    form = OpenCaseForm(request.POST)
    if form.perform(actions.open_case, found, actor=request.user):
        messages.success(request, _("Case opened."))
        return redirect(form.result)
    return render(request, "casework/open_case.html", {"form": form, "person": found})
