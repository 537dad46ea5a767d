"""Cases on paper: codes only, marked with who printed and when, written down."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit import record_list
from accounts.http import AuthedRequest
from casework.actions.exporting import filters_of, listed
from casework.forms.cases import CaseFilterForm
from casework.models import Case
from casework.views.shell import open_case_file, shell_context

LONGEST = 200


@require_safe
def print_case(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One case on a page: what is operational, without name, notes and answers."""
    user = request.user
    file = open_case_file(pk, user)
    context = shell_context(file, user, "overview", verb="print_case")
    context["services"] = file.services.select_related("service_type", "organization")[:20]
    return render(request, "casework/print_case.html", context)


@require_safe
def print_cases(request: AuthedRequest) -> HttpResponse:
    """The list as it is filtered, by code."""
    user = request.user
    if not user.has_perm("casework.view_cases"):
        raise PermissionDenied
    filters = filters_of(CaseFilterForm(request.GET).narrowed(), request.GET.get("view", "mine"))
    rows = listed(user, filters).with_person().order_by("-last_contact_on", "pk")
    cases = list(rows[: LONGEST + 1])
    record_list(user, "print_cases", Case, [case.pk for case in cases[:LONGEST]])
    context = {"cases": cases[:LONGEST], "is_cut": len(cases) > LONGEST, "longest": LONGEST}
    return render(request, "casework/print_cases.html", context)
