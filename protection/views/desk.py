"""The desk of data protection: what waits, and the way to each register."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from protection.models import AuthorityRequest, Breach, DueRow, ErasureRequest, PersonRequest
from protection.processing import activities, hosting
from protection.risks import RISKS
from protection.staff import staff_of


@require_safe
def desk(request: AuthedRequest) -> HttpResponse:
    """Figures of what waits; each only for who may open what is behind it."""
    user = request.user
    user.require("protection.report_breach")
    asked = PersonRequest.objects.visible_to(user)
    reads = user.has_perm("protection.view_registers")
    erases = user.has_perm("protection.view_erasures")
    context = {
        "late": asked.overdue().count(),
        "asked": asked.open().count(),
        "asks": user.has_perm("protection.record_person_request") or reads,
        "reads": reads,
        "erases": erases,
        "finds": user.has_perm("protection.give_access_package")
        or user.has_perm("protection.begin_erasure"),
        "prints": user.has_perm("protection.print_papers"),
        "breaches": Breach.objects.visible_to(user).open().count(),
        "authorities": AuthorityRequest.objects.visible_to(user).open().count(),
        "due": DueRow.objects.visible_to(user).open().count(),
        "erasures": ErasureRequest.objects.visible_to(user).open().count(),
    }
    return render(request, "protection/desk.html", context)


@require_safe
def processing(request: AuthedRequest) -> HttpResponse:
    """The record of processing activities, made from the data dictionary and the agreements."""
    request.user.require("protection.view_registers")
    context = {"activities": activities(request.user), "hosting": hosting()}
    return render(request, "protection/processing.html", context)


@require_safe
def impact(request: AuthedRequest) -> HttpResponse:
    """The impact assessment, filled in for this product; docs/impact-assessment.md goes with it."""
    request.user.require("protection.view_registers")
    context = {"risks": RISKS, "hosting": hosting(), "back": reverse("protection:desk")}
    return render(request, "protection/impact.html", context)


@require_safe
def staff(request: AuthedRequest) -> HttpResponse:
    """Who works here under which promise: agreement, training, and until when."""
    request.user.require("protection.view_registers")
    context = {"people": staff_of(request.user), "title": _("People who work here")}
    return render(request, "protection/staff.html", context)
