"""The sender's side at the door after the sending: what goes on, how it ends."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves
from referrals import actions, forms
from referrals.views import seen, shown


@require_POST
def follow(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Write down what goes on: a message, the client's word, a new day, that it ended."""
    referral = seen(request.user, pk)
    form = forms.FollowForm(request.POST)
    if form.perform(actions.follow_referral, referral, actor=request.user):
        messages.success(request, _("Written down."))
        return redirect(referral)
    return shown(request, seen(request.user, pk), form)


@require_POST
def review(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say what follows from a refusal."""
    referral = seen(request.user, pk)
    form = forms.ReviewForm(request.POST)
    if form.perform(actions.review_refusal, referral, actor=request.user):
        messages.success(request, _("Written down."))
        return redirect(referral)
    return shown(request, seen(request.user, pk), form)


@asks_and_saves
def override(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Let a draft leave without consent, for a reason that stands above it."""
    referral = seen(request.user, pk)
    request.user.require("referrals.override_consent")
    actions.require_story(referral.case, request.user)
    form = forms.OverrideForm(request.POST or None)
    if form.perform(actions.override_consent, referral, actor=request.user):
        messages.success(request, _("This referral may leave without consent."))
        return redirect(referral)
    if not referral.is_draft:
        return redirect(referral)
    record(request.user, "view_referral", referral, case_id=referral.case_id)
    return render(request, "referrals/override.html", {"referral": referral, "form": form})


@require_POST
def review_override(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say afterwards whether it was right."""
    referral = seen(request.user, pk)
    form = forms.OverrideReviewForm(request.POST)
    if form.perform(actions.review_override, referral, actor=request.user):
        messages.success(request, _("Written down."))
        return redirect(referral)
    return shown(request, seen(request.user, pk), form)


@require_POST
def recall(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Take a referral back."""
    referral = seen(request.user, pk)
    form = forms.RecallForm(request.POST)
    if form.perform(actions.recall_referral, referral, actor=request.user):
        messages.success(request, _("Referral taken back."))
        return redirect(referral)
    return shown(request, seen(request.user, pk), form)


@require_POST
def close(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """End a referral."""
    referral = seen(request.user, pk)
    form = forms.CloseForm(request.POST)
    if form.perform(actions.close_referral, referral, actor=request.user):
        messages.success(request, _("Referral closed."))
        return redirect(referral)
    return shown(request, seen(request.user, pk), form)
