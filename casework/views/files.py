"""Files of a case at the door: the list, one more, open one, remove one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from casework import actions
from casework.actions.files import may_add_file
from casework.forms.files import AddFileForm, RemoveFileForm
from casework.models import Case, CaseFile
from casework.views.shell import open_case_file, shell_context
from files.actions import NotReadyError
from files.answers import attachment


@asks_and_saves
def files(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What the case holds, and the form for one more."""
    user = request.user
    file = open_case_file(pk, user)
    form = AddFileForm(
        request.POST or None, request.FILES or None, case=file, own=file.level_for(user)
    )
    if form.perform(actions.add_file, file, actor=user):
        messages.success(request, _("File received. It can be opened once it was checked."))
        return redirect("casework:files", pk)
    return render(request, "casework/files.html", _context(file, user) | {"form": form})


def _context(case: Case, user: User) -> dict[str, Any]:
    context = shell_context(case, user, "files")
    rows = list(CaseFile.objects.visible_to(user).filter(case=case).with_content())
    record_list(user, "list_files", CaseFile, [row.pk for row in rows])
    may_add = may_add_file(user) and context["may_write_story"]
    return context | {
        "files": rows,
        "may_add": may_add and case.is_open,
        "may_remove": may_add,
        "may_ask": may_add and user.has_perm("casework.ask_for_original"),
        "is_any_waiting": any(row.stored_file.is_waiting for row in rows),
    }


@require_safe
def open_file(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The clean file as an attachment, under a neutral name."""
    row = file_of(request.user, pk)
    try:
        content = actions.open_file(row, actor=request.user)
    except NotReadyError as error:
        raise Http404 from error
    return attachment(request, row.stored_file, content)


@asks_and_saves
def remove_file(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Ask once more, then destroy it."""
    user = request.user
    row = file_of(user, pk)
    if not may_add_file(user):
        raise PermissionDenied
    form = RemoveFileForm(request.POST if request.method == "POST" else None)
    if form.perform(actions.remove_file, row, actor=user):
        messages.success(request, _("File removed."))
        return redirect("casework:files", row.case_id)
    context = shell_context(open_case_file(row.case_id, user), user, "files")
    return render(request, "casework/remove_file.html", {**context, "file": row, "form": form})


def file_of(user: User, pk: UUID) -> CaseFile:
    """A file this user may see. Raises Http404 for a stranger, PermissionDenied."""
    row = get_object_or_404(CaseFile.objects.visible_to(user).with_content(), pk=pk)
    user.require("casework.view_cases")
    return row
