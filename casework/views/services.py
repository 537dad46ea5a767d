"""Services delivered inside a case, and its income-generating activities."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.livelihood import may_record_income_activity
from casework.actions.services import may_deliver_service
from casework.forms.cases import (
    AttendForm,
    EndIncomeActivityForm,
    ServiceForm,
    StartIncomeActivityForm,
)
from casework.models import IncomeActivity, IncomeActivitySession, ServiceDelivered
from casework.pages import page_by
from casework.views.shell import open_case_file, shell_context

SHOWN = 100


@require_safe
def services(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What was done for this person, and under whose money."""
    user = request.user
    file = open_case_file(pk, user)
    context = shell_context(file, user, "services")
    may_write = file.is_open and not context["is_read_only"]
    delivered = ServiceDelivered.objects.visible_to(user).filter(person=file.person)
    activities = IncomeActivity.objects.visible_to(user).filter(case=file)
    context |= {
        "services": delivered.select_related("service_type", "organization", "grant", "language")[
            :SHOWN
        ],
        "activities": activities.select_related("grant").prefetch_related("sessions"),
        "may_deliver": may_write and may_deliver_service(user),
        "may_record_activity": may_write and may_record_income_activity(user),
    }
    return render(request, "casework/services.html", context)


def deliver_service(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_deliver_service(user):
        raise PermissionDenied
    form = ServiceForm(request.POST or None, case=file)
    if form.perform(actions.deliver_service, file, actor=user):
        messages.success(request, _("Service saved."))
        return redirect("casework:services", pk)
    context = {**shell_context(file, user, "services"), "form": form}
    return render(request, "casework/deliver_service.html", context)


def start_income_activity(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_record_income_activity(user):
        raise PermissionDenied
    form = StartIncomeActivityForm(request.POST or None, case=file)
    if form.perform(actions.start_income_activity, file, actor=user):
        messages.success(request, _("Activity saved."))
        return redirect("casework:income_activity", form.result.pk)
    context = {**shell_context(file, user, "services"), "form": form}
    return render(request, "casework/start_income_activity.html", context)


@require_safe
def activities(request: AuthedRequest) -> HttpResponse:
    """Income-generating activities of the cases this reader may see, latest first."""
    user = request.user
    if not user.has_perm("casework.view_cases"):
        raise PermissionDenied
    rows = IncomeActivity.objects.visible_to(user).select_related("case__person", "grant")
    page = page_by(rows.prefetch_related("sessions"), "started_on", request.GET.get("cursor", ""))
    record_list(user, "list_activities", IncomeActivity, [row.pk for row in page.rows])
    context = {"activities": page.rows, "following": page.following}
    return render(request, "casework/activities.html", context)


def _activity(user: User, pk: UUID) -> IncomeActivity:
    rows = IncomeActivity.objects.visible_to(user).select_related("case__person", "grant")
    return get_object_or_404(rows, pk=pk)


def _activity_page(
    request: AuthedRequest, activity: IncomeActivity, attend: AttendForm, end: EndIncomeActivityForm
) -> HttpResponse:
    user = request.user
    file = open_case_file(activity.case_id, user)
    sessions = IncomeActivitySession.objects.visible_to(user).filter(activity=activity)
    context = shell_context(file, user, "services")
    may_record = may_record_income_activity(user) and not context["is_read_only"]
    context |= {
        "activity": activity,
        "sessions": sessions,
        "form": attend if attend.is_bound else end,
        "attend": attend,
        "end": end,
        "may_record": may_record,
        "may_attend": may_record and file.is_open,
    }
    return render(request, "casework/income_activity.html", context)


@require_safe
def income_activity(request: AuthedRequest, pk: UUID) -> HttpResponse:
    activity = _activity(request.user, pk)
    record(request.user, "view_income_activity", activity, case_id=activity.case_id)
    return _activity_page(
        request, activity, AttendForm(prefix="attend"), EndIncomeActivityForm(prefix="end")
    )


def attend_income_activity(request: AuthedRequest, pk: UUID) -> HttpResponse:
    activity = _activity(request.user, pk)
    if not may_record_income_activity(request.user):
        raise PermissionDenied
    form = AttendForm(request.POST or None, prefix="attend")
    if form.perform(actions.attend_income_activity, activity, actor=request.user):
        messages.success(request, _("Day saved."))
        return redirect("casework:income_activity", pk)
    return _activity_page(request, activity, form, EndIncomeActivityForm(prefix="end"))


def end_income_activity(request: AuthedRequest, pk: UUID) -> HttpResponse:
    activity = _activity(request.user, pk)
    if not may_record_income_activity(request.user):
        raise PermissionDenied
    form = EndIncomeActivityForm(request.POST or None, prefix="end")
    if form.perform(actions.end_income_activity, activity, actor=request.user):
        messages.success(request, _("Activity ended."))
        return redirect("casework:income_activity", pk)
    return _activity_page(request, activity, AttendForm(prefix="attend"), form)
