"""The directory as a file: written for readers of one circle, looked at and taken in."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves
from directory import forms
from directory.exports import hsds_document
from directory.forms.exchange import counted
from directory.forms.exchange import import_directory as take_in
from directory.models import CIRCLES, Place


@asks_and_saves
def exchange(request: AuthedRequest) -> HttpResponse:
    """Write a file, or look at one: what it would do is shown, nothing is done."""
    user = request.user
    user.require("directory.edit_organization")
    form = forms.DocumentForm(request.POST or None, request.FILES or None)
    counts = form.preview(user) if form.is_valid() else None
    context = {"form": form, "circles": [Place.Visibility(circle) for circle in CIRCLES]}
    if counts is not None:
        context["counts"] = counted(counts)
        context["left_out"] = form.document.left_out
        text = form.cleaned_data["file"]
        context["import_form"] = forms.ImportForm(initial={"document": text})
    return render(request, "directory/exchange.html", context)


@require_POST
def import_directory(request: AuthedRequest) -> HttpResponse:
    """Take in the file that was looked at: all of it, or nothing."""
    request.user.require("directory.edit_organization")
    form = forms.ImportForm(request.POST)
    if form.perform(take_in, actor=request.user):
        messages.success(request, _("The file was taken in."))
        return redirect("directory:organizations")
    circles = [Place.Visibility(circle) for circle in CIRCLES]
    context = {"form": form, "refused": True, "circles": circles}
    return render(request, "directory/exchange.html", context)


@require_safe
def export_directory(request: AuthedRequest, circle: str) -> HttpResponse:
    """The directory for readers of one circle, as a file."""
    request.user.require("directory.edit_organization")
    if circle not in CIRCLES:
        raise Http404
    record(request.user, "export_directory", request.user.organization, note=circle)
    answer = JsonResponse(hsds_document(circle), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="directory-{circle}.json"'
    return answer
