"""Ask for a file about clients: one person, the list, the original of a file."""

from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import AuthedRequest, asks_and_saves
from accounts.stepup import step_up_required
from casework import actions
from casework.actions.exporting import filters_of, listed, may_export
from casework.forms.cases import CaseFilterForm
from casework.forms.exports import ListExportForm, OriginalForm, TransferForm, agreed_receivers
from casework.views.files import file_of
from casework.views.shell import open_case_file, shell_context
from exports.models import Export


@asks_and_saves
@step_up_required
def export_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One person's file for an organization she agreed to."""
    user = request.user
    file = open_case_file(pk, user, writing=True)
    context = shell_context(file, user, "consents")
    if not may_export(user) or not context["may_see_story"]:
        raise PermissionDenied
    form = TransferForm(request.POST or None, case=file)
    if form.perform(actions.request_transfer, file, actor=user):
        return redirect(form.result)
    context |= {"form": form, "receivers": agreed_receivers(file)}
    return render(request, "casework/export_case.html", context)


@asks_and_saves
@step_up_required
def export_cases(request: AuthedRequest) -> HttpResponse:
    """The list of cases as it is filtered, by code; a second person agrees."""
    user = request.user
    if not may_export(user):
        raise PermissionDenied
    filters = filters_of(CaseFilterForm(request.GET).narrowed(), request.GET.get("view", "mine"))
    form = ListExportForm(request.POST or None)
    if form.perform(_named(filters), actor=user):
        return redirect(form.result)
    context = {"form": form, "filters": filters, "number": listed(user, filters).count()}
    return render(request, "casework/export_cases.html", context)


def _named(filters: dict[str, str | list[str]]) -> partial[Export]:
    """The action with its filter, under its own name."""
    action = partial(actions.request_list, filters=filters)
    action.__name__ = actions.request_list.__name__  # type: ignore[attr-defined]  # read by forms
    return action


@asks_and_saves
@step_up_required
def export_original(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A file as it came, with all it tells; a second person agrees."""
    user = request.user
    row = file_of(user, pk)
    if not user.has_perm("casework.ask_for_original"):
        raise PermissionDenied
    form = OriginalForm(request.POST or None)
    if form.perform(actions.request_original, row, actor=user):
        return redirect(form.result)
    context = shell_context(open_case_file(row.case_id, user), user, "files")
    return render(request, "casework/export_original.html", {**context, "file": row, "form": form})
