"""Hours, costs and papers of one service: add a line, take it away."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import ActionForm
from accounts.http import AuthedRequest
from accounts.models import User
from directory import actions, forms
from directory.models import Cost, RequiredDocument, Schedule, Service
from directory.views.providers import get_profile

D = TypeVar("D", Schedule, Cost, RequiredDocument)


@require_safe
def details(request: AuthedRequest, pk: UUID) -> HttpResponse:
    return _page(request, _service(request.user, pk))


def _service(user: User, pk: UUID) -> Service:
    """Raises PermissionDenied, Http404."""
    user.require("directory.view_services")
    service = get_object_or_404(Service.objects.select_related("organization"), pk=pk)
    user.require("directory.edit_service")
    return service


def _page(
    request: AuthedRequest, service: Service, refused: ActionForm | None = None
) -> HttpResponse:
    user = request.user
    hours = Schedule.objects.shown_to(user).filter(service=service).select_related("place")
    context = {
        "service": service,
        "profile": get_profile(user, service.organization_id),
        "form": refused,
        "hours": hours,
        "hours_form": _or_new(refused, forms.AddHoursForm, service=service, reader=user),
        "cost_form": _or_new(refused, forms.AddCostForm),
        "document_form": _or_new(refused, forms.AddDocumentForm),
        "remove_form": forms.RemoveDetailForm(auto_id=False),
    }
    return render(request, "directory/details.html", context)


def _or_new(refused: ActionForm | None, kind: type[ActionForm], **options: Any) -> ActionForm:
    """The form that was refused, if it is of this kind, else an empty one."""
    return refused if isinstance(refused, kind) else kind(**options)


@require_POST
def add_hours(request: AuthedRequest, pk: UUID) -> HttpResponse:
    service = _service(request.user, pk)
    form = forms.AddHoursForm(request.POST, service=service, reader=request.user)
    if form.perform(actions.add_hours, service, actor=request.user):
        return redirect("directory:details", service.pk)
    return _page(request, service, form)


@require_POST
def add_cost(request: AuthedRequest, pk: UUID) -> HttpResponse:
    service = _service(request.user, pk)
    form = forms.AddCostForm(request.POST)
    if form.perform(actions.add_cost, service, actor=request.user):
        return redirect("directory:details", service.pk)
    return _page(request, service, form)


@require_POST
def add_document(request: AuthedRequest, pk: UUID) -> HttpResponse:
    service = _service(request.user, pk)
    form = forms.AddDocumentForm(request.POST)
    if form.perform(actions.add_document, service, actor=request.user):
        return redirect("directory:details", service.pk)
    return _page(request, service, form)


@require_POST
def remove_hours(request: AuthedRequest, pk: UUID) -> HttpResponse:
    return _remove(request, Schedule.objects.shown_to(request.user), pk)


@require_POST
def remove_cost(request: AuthedRequest, pk: UUID) -> HttpResponse:
    return _remove(request, Cost.objects.all(), pk)


@require_POST
def remove_document(request: AuthedRequest, pk: UUID) -> HttpResponse:
    return _remove(request, RequiredDocument.objects.all(), pk)


def _remove(request: AuthedRequest, rows: models.QuerySet[D], pk: UUID) -> HttpResponse:
    request.user.require("directory.view_services")
    detail = get_object_or_404(rows.select_related("service"), pk=pk)
    service = _service(request.user, detail.service_id)
    form = forms.RemoveDetailForm(request.POST)
    if form.perform(actions.remove_detail, detail, actor=request.user):
        return redirect("directory:details", service.pk)
    return _page(request, service, form)
