"""The sender's side at the door after the sending: what goes on, how it ends."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.forms import ActionForm
from accounts.http import AuthedRequest, asks_and_saves
from referrals import actions, forms
from referrals.models import Referral
from referrals.views import seen, shown


def _say(
    request: AuthedRequest, pk: UUID, form: ActionForm, action: Callable[..., Referral], said: str
) -> HttpResponse:
    """Say one verb of the page; refused, the page comes back with the form as it was typed."""
    referral = seen(request.user, pk)
    if form.perform(action, referral, actor=request.user):
        messages.success(request, said)
        return redirect(referral)
    return shown(request, seen(request.user, pk), form)


@require_POST
def follow(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Write down what goes on: a message, the client's word, a new day, that it ended."""
    form = forms.FollowForm(request.POST)
    return _say(request, pk, form, actions.follow_referral, _("Written down."))


@require_POST
def review(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say what follows from a refusal."""
    form = forms.ReviewForm(request.POST)
    return _say(request, pk, form, actions.review_refusal, _("Written down."))


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
    form = forms.OverrideReviewForm(request.POST)
    return _say(request, pk, form, actions.review_override, _("Written down."))


@require_POST
def recall(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Take a referral back."""
    form = forms.RecallForm(request.POST)
    return _say(request, pk, form, actions.recall_referral, _("Referral taken back."))


@require_POST
def close(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """End a referral."""
    form = forms.CloseForm(request.POST)
    return _say(request, pk, form, actions.close_referral, _("Referral closed."))
