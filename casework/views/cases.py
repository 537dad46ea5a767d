"""Cases at the door: the list, the file, the name on request, notes, change, end and return."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.cases import may_change_case, may_close_case, may_write_note
from casework.actions.contact import Shown
from casework.actions.exporting import may_export
from casework.actions.people import may_show_identity
from casework.calendars import said_birth
from casework.forms.cases import CaseFilterForm, ChangeCaseForm, CloseForm, NoteForm, ReopenForm
from casework.forms.people import IdentityForm, RevealForm
from casework.models import BestInterestsStep, Case, CaseNote
from casework.models.case import CaseView
from casework.pages import page_by
from casework.talking import known_of, reaches_of, talk_of
from casework.views.drafting import long_form, of_case, restore
from casework.views.shell import open_case_file, shell_context
from casework.views.timeline import events_of, lines

REVEAL_SECONDS = 300


@require_safe
def cases(request: AuthedRequest) -> HttpResponse:
    """The cases this reader may see, by code, latest contact first."""
    user = request.user
    if not user.has_perm("casework.view_cases"):
        raise PermissionDenied
    view = request.GET.get("view", "")
    view = view if view in CaseView else CaseView.MINE
    form = CaseFilterForm(request.GET)
    rows = Case.objects.visible_to(user).in_view(view, user)
    rows = rows.filter(**form.narrowed()).with_person()
    page = page_by(rows, "last_contact_on", request.GET.get("cursor", ""))
    record_list(user, "list_cases", Case, [case.pk for case in page.rows])
    context = {
        "view": view,
        "views": CaseView.choices,
        "filter": form,
        "is_filtered": bool(form.narrowed()),
        "cases": page.rows,
        "following": page.following,
        "may_export": may_export(user),
    }
    return render(request, "casework/cases.html", context)


@require_safe
def case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The overview of one case."""
    user = request.user
    file = open_case_file(pk, user)
    context = shell_context(file, user, "overview")
    context |= {
        "talk": talk_of(file.person, user),
        "services": file.services.select_related("service_type", "organization")[:5],
        "statuses": file.trafficking_statuses.select_related("organization")[:3],
        "events": lines(events_of(file, context["level"])[:8]),
        "steps": BestInterestsStep.objects.visible_to(user).waiting_for(file.person_id),
        "may_change": may_change_case(user) and context["may_write_story"],
        "may_close": may_close_case(user) and not context["is_read_only"],
        "may_write_note": _may_write_note(user, context),
    }
    return render(request, "casework/case.html", context)


@long_form(gettext_lazy("Note"), of_case)
def notes(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Read the notes and add one; for others they are withheld."""
    user = request.user
    file = open_case_file(pk, user)
    form = NoteForm(request.POST or None)
    if form.perform(actions.write_note, file, actor=user):
        messages.success(request, _("Note saved."))
        return redirect("casework:notes", pk)
    restore(request, form)
    context = shell_context(file, user, "notes")
    rows = CaseNote.objects.visible_to(user).filter(case=file)
    found = list(rows.select_related("data_key", "written_by"))
    if context["may_see_story"]:
        ids = [note.pk for note in found]
        record_list(user, "read_notes", CaseNote, ids, case_id=file.pk)
    context |= {"notes": found, "form": form, "may_write_note": _may_write_note(user, context)}
    return render(request, "casework/notes.html", context)


def _may_write_note(user: User, context: dict[str, Any]) -> bool:
    may_write: bool = context["may_write_story"] and context["case"].is_open
    return may_write and may_write_note(user)


def show_identity(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The name and contacts, for a reason and five minutes; a fragment for the script."""
    user = request.user
    file = open_case_file(pk, user)
    if not may_show_identity(user, file):
        raise PermissionDenied
    reaches = reaches_of(file.person_id)
    form = RevealForm(request.POST or None, reaches=reaches)
    if form.perform(actions.show_identity, file, actor=user):
        return _identity_page(request, file, form.result)
    record(user, "view_case", file, case_id=file.pk, note="identity")
    context = {"case": file, "person": file.person, "form": form, "reaches": reaches}
    template = "casework/_reveal.html" if request.htmx else "casework/show_identity.html"
    return render(request, template, context)


def _identity_page(request: AuthedRequest, case: Case, shown: Shown) -> HttpResponse:
    context = {
        "case": case,
        "person": case.person,
        "facts": _facts(shown),
        "kept_back": shown.kept_back,
        "reaches": known_of(shown.reaches),
        "seconds": REVEAL_SECONDS,
    }
    if request.htmx:
        return render(request, "casework/_identity_shown.html", context)
    response = render(request, "casework/identity.html", context)
    # Without a script the browser itself leaves the page in time.
    response.headers["Refresh"] = f"{REVEAL_SECONDS}; url={case.get_absolute_url()}"
    return response


def _facts(shown: Shown) -> list[tuple[Any, str]]:
    """The parts in the words of the form that recorded them."""
    labels = IdentityForm.base_fields
    told = dict(shown.parts)
    told["birth_date"] = said_birth(told["birth_date"])
    hatch = {"label": _("Kept back: not safe to use now"), "icon": "eye-off"}
    told |= dict.fromkeys(shown.kept_back, render_to_string("ui/withheld.html", hatch))
    return [(labels[name].label, said) for name, said in told.items()]


def change_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_change_case(user):
        raise PermissionDenied
    initial = {"version": file.version, "risk": file.risk, "status": file.status}
    form = ChangeCaseForm(request.POST or None, initial=initial)
    if form.perform(actions.change_case, file, actor=user):
        messages.success(request, _("Case changed."))
        return redirect(file)
    context = {**shell_context(file, user, "overview"), "form": form}
    return render(request, "casework/change_case.html", context)


def close_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_close_case(user):
        raise PermissionDenied
    form = CloseForm(request.POST or None, initial={"version": file.version})
    if form.perform(actions.close_case, file, actor=user):
        messages.success(request, _("Case closed."))
        return redirect(file)
    context = {**shell_context(file, user, "overview"), "form": form}
    return render(request, "casework/close_case.html", context)


def reopen_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_close_case(user):
        raise PermissionDenied
    form = ReopenForm(request.POST or None, initial={"version": file.version})
    if form.perform(actions.reopen_case, file, actor=user):
        messages.success(request, _("Case opened again."))
        return redirect(file)
    context = {**shell_context(file, user, "overview"), "form": form}
    return render(request, "casework/reopen_case.html", context)
