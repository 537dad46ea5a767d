"""Papers at the door: neutral ones, and empty forms to fill in by hand."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.http import AuthedRequest
from accounts.models import User
from protection import forms
from protection.papers import BLANKS, PAPERS, blank


def may_print_papers(user: User) -> bool:
    return user.has_perm("protection.print_papers")


@sensitive_post_parameters()
def papers(request: AuthedRequest) -> HttpResponse:
    """What is typed here is printed and not kept anywhere."""
    user = request.user
    if not may_print_papers(user):
        raise PermissionDenied
    form = forms.PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        record(user, "print_paper", user, note=told["paper"])
        with translation.override(told["language"]):
            context = {"paper": PAPERS[told["paper"]], "told": told}
            return render(request, "protection/paper.html", context)
    context = {"form": form, "blanks": BLANKS.items()}
    return render(request, "protection/papers.html", context)


@require_safe
def blank_form(request: AuthedRequest, kind: str) -> HttpResponse:
    """An empty form, and how it is caught up afterwards with its own day."""
    if not may_print_papers(request.user):
        raise PermissionDenied
    if kind not in BLANKS:
        raise Http404
    record(request.user, "print_blank_form", request.user, note=kind)
    parts = blank(kind, request.user.organization_id)
    context = {"label": BLANKS[kind], "parts": parts}
    return render(request, "protection/blank.html", context)
