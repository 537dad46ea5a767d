"""Trainings at the door: list, record, who attended."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.http import AuthedRequest
from outreach import actions
from outreach.forms import AttendanceForm, TrainingForm
from outreach.models import Training, TrainingAttendance

PAGE = 25


def trainings(request: AuthedRequest) -> HttpResponse:
    request.user.require("outreach.record_training")
    rows = (
        Training.objects.visible_to(request.user)
        .latest_first()
        .select_related("topic", "area")
        .annotate(seats=Count("attendances"))
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "outreach/trainings.html", {"page": page})


def new_training(request: AuthedRequest) -> HttpResponse:
    request.user.require("outreach.record_training")
    form = TrainingForm(request.POST or None, actor=request.user)
    if form.perform(actions.record_training, actor=request.user):
        return redirect(form.result)
    return render(request, "outreach/new_training.html", {"form": form})


def training(request: AuthedRequest, pk: UUID) -> HttpResponse:
    request.user.require("outreach.record_training")
    row = get_object_or_404(
        Training.objects.visible_to(request.user).select_related("topic", "area", "grant"), pk=pk
    )
    form = AttendanceForm(request.POST or None, actor=request.user)
    if form.perform(actions.add_attendance, row, actor=request.user):
        messages.success(request, _("Added to the list."))
        return redirect(row)
    seats = row.attendances.select_related("professional__institution", "professional__data_key")
    record(request.user, "view_training", row, fields=["name"])
    context = {"training": row, "seats": seats, "form": form}
    return render(request, "outreach/training.html", context)


@require_POST
def remove_attendance(request: AuthedRequest, pk: UUID, professional: UUID) -> HttpResponse:
    rows = TrainingAttendance.objects.visible_to(request.user).select_related("training")
    attendance = get_object_or_404(rows, training=pk, professional=professional)
    training = actions.remove_attendance(attendance, actor=request.user)
    messages.success(request, _("Taken off the list."))
    return redirect(training)
