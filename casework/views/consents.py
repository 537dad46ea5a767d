"""Consent and status at the door: what was agreed, what was decided."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from casework import actions
from casework.actions.consents import may_record_consent, may_withdraw_consent
from casework.actions.exporting import may_export
from casework.actions.statuses import may_record_trafficking_status
from casework.forms.cases import ConsentForm, StatusForm, WithdrawForm
from casework.models import Consent, TraffickingStatus
from casework.views.shell import open_case_file, shell_context


@require_safe
def consents(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Every answer ever given, the latest first."""
    user = request.user
    file = open_case_file(pk, user)
    rows = Consent.objects.visible_to(user).filter(case=file)
    context = shell_context(file, user, "consents")
    may_write = not context["is_read_only"]
    context |= {
        "answers": rows.select_related("organization", "language", "recorded_by"),
        "may_record": may_write and may_record_consent(user),
        "may_withdraw": may_write and may_withdraw_consent(user),
        "may_export": may_export(user) and context["may_write_story"],
    }
    return render(request, "casework/consents.html", context)


def record_consent(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_record_consent(user):
        raise PermissionDenied
    form = ConsentForm(request.POST or None, initial={"language": file.person.language_id})
    if form.perform(actions.record_consent, file, actor=user):
        messages.success(request, _("Answer saved."))
        return redirect("casework:consents", pk)
    context = {**shell_context(file, user, "consents"), "form": form}
    return render(request, "casework/record_consent.html", context)


def withdraw_consent(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Take a consent back: one page that says what follows, one button."""
    user = request.user
    rows = Consent.objects.visible_to(user).select_related("organization", "language")
    consent = get_object_or_404(rows, pk=pk)
    file = open_case_file(consent.case_id, user, writing=True)
    if not may_withdraw_consent(user):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if form.perform(actions.withdraw_consent, consent, actor=user):
        messages.success(request, _("Taken back. It holds at once."))
        return redirect("casework:consents", file.pk)
    context = {**shell_context(file, user, "consents"), "form": form, "consent": consent}
    return render(request, "casework/withdraw_consent.html", context)


@require_safe
def statuses(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The dated decisions of all bodies."""
    user = request.user
    file = open_case_file(pk, user)
    rows = TraffickingStatus.objects.visible_to(user).filter(case=file)
    context = shell_context(file, user, "statuses")
    may_write = not context["is_read_only"]
    context |= {
        "statuses": rows.select_related("organization", "recorded_by"),
        "may_record": may_write and may_record_trafficking_status(user),
    }
    return render(request, "casework/statuses.html", context)


def record_trafficking_status(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_record_trafficking_status(user):
        raise PermissionDenied
    form = StatusForm(request.POST or None, initial={"organization": file.organization_id})
    if form.perform(actions.record_trafficking_status, file, actor=user):
        messages.success(request, _("Decision saved."))
        return redirect("casework:statuses", pk)
    context = {**shell_context(file, user, "statuses"), "form": form}
    return render(request, "casework/record_status.html", context)
