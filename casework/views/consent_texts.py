"""How a house asks for consent: its wordings, drafts among them, and a sheet for paper."""

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
from casework.actions.consent_texts import may_review_consent_text, may_write_consent_text
from casework.actions.consents import may_record_consent
from casework.forms.consents import ReviewTextForm, WriteTextForm
from casework.models import ConsentText


def _require_reading(user: User) -> None:
    """Raises PermissionDenied for who neither asks for consent nor answers for how it is asked."""
    if not (may_record_consent(user) or may_write_consent_text(user)):
        raise PermissionDenied


@require_safe
def consent_texts(request: AuthedRequest) -> HttpResponse:
    """Every wording by question and language, the newest first."""
    user = request.user
    _require_reading(user)
    rows = ConsentText.objects.visible_to(user).in_place(user.organization_id)
    rows = rows.select_related("language").order_by("purpose", "language__order", "-written_at")
    texts = list(rows)
    record_list(user, "list_consent_texts", ConsentText, [text.pk for text in texts])
    context = {"texts": texts, "may_write": may_write_consent_text(user)}
    return render(request, "casework/consent_texts.html", context)


def write_consent_text(request: AuthedRequest) -> HttpResponse:
    if not may_write_consent_text(request.user):
        raise PermissionDenied
    form = WriteTextForm(request.POST or None)
    if form.perform(actions.write_consent_text, actor=request.user):
        messages.success(request, _("Draft saved. Somebody else has to review it."))
        return redirect("casework:consent_text", form.result.pk)
    return render(request, "casework/write_consent_text.html", {"form": form})


def consent_text(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One wording; who may, reviews it here."""
    user = request.user
    _require_reading(user)
    rows = ConsentText.objects.visible_to(user).select_related("language", "reviewed_by")
    text = get_object_or_404(rows, pk=pk)
    is_open = rows.in_place(user.organization_id).filter(pk=pk, reviewed_at=None)
    may_review = may_review_consent_text(user) and is_open.exists()
    form = ReviewTextForm(request.POST or None)
    if request.method == "POST" and not may_review_consent_text(user):
        raise PermissionDenied
    if form.perform(actions.review_consent_text, text, actor=user):
        messages.success(request, _("Reviewed. It is used from now on."))
        return redirect("casework:consent_text", form.result.pk)
    record(user, "view_consent_text", text)
    context = {"text": text, "form": form, "may_review": may_review}
    return render(request, "casework/consent_text.html", context)


@require_safe
def print_consent_text(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A sheet to read out, sign and take along: reviewed words only, and nobody's name."""
    _require_reading(request.user)
    rows = ConsentText.objects.visible_to(request.user).in_force().select_related("language")
    text = get_object_or_404(rows, pk=pk)
    record(request.user, "print_consent_text", text)
    return render(request, "casework/print_consent_text.html", {"text": text})
