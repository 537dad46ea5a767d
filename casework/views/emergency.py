"""Emergency access at the door: ask for it, agree to it, look at it afterwards."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from accounts.scope import desk
from accounts.stepup import step_up_required
from casework import actions
from casework.actions.emergency import may_ask_emergency_access, may_review_emergency_access
from casework.forms.access import AnswerForm, EmergencyForm, ReviewForm, SealForm
from casework.models import Case, EmergencyAccess
from casework.models.emergency import EmergencyAccessQuerySet
from casework.views.shell import TABS

SHOWN = 50

# What a reviewer reads of the trail: acts in words, never content.
ACTS = {
    "view_case": gettext_lazy("Looked at the case"),
    "read_notes": gettext_lazy("Read the notes"),
    "show_identity": gettext_lazy("Saw name and contacts"),
    "list_files": gettext_lazy("Looked at the list of files"),
    "open_file": gettext_lazy("Opened a file"),
    "view_screening": gettext_lazy("Read a screening"),
    "view_referral": gettext_lazy("Read a referral"),
    "ask_emergency_access": gettext_lazy("Asked"),
    "open_emergency_access": gettext_lazy("The case opened"),
    "end_access": gettext_lazy("Gave it back"),
}
OTHER_ACT = gettext_lazy("Something else")
PARTS = {tab.name: tab.label for tab in TABS}


@asks_and_saves
@step_up_required
def emergencies(request: AuthedRequest) -> HttpResponse:
    """Ask; and what became of one's own requests. The answer is the same whatever there is."""
    user = request.user
    if not may_ask_emergency_access(user):
        raise PermissionDenied
    form = EmergencyForm(request.POST or None)
    if form.perform(actions.ask_emergency_access, actor=user):
        messages.success(request, _("Written down, and told to those who review it."))
        return redirect("casework:emergencies")
    own = _own(user)
    record_list(user, "list_emergencies", EmergencyAccess, [row.pk for row in own])
    context = {"form": form, "requests": own, "end_form": SealForm()}
    return render(request, "casework/emergencies.html", context)


def _own(user: User) -> list[EmergencyAccess]:
    """The user's last requests; what is not open tells nothing of what there is."""
    rows = EmergencyAccess.objects.visible_to(user).filter(asked_by=user)
    return list(rows.select_related("access")[:10])


@require_POST
def end_emergency(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Give it back before the hour is over."""
    own = EmergencyAccess.objects.visible_to(request.user).filter(asked_by=request.user)
    found = get_object_or_404(own, pk=pk)
    form = SealForm(request.POST)
    if form.perform(actions.end_emergency_access, found, actor=request.user):
        messages.success(request, _("Ended."))
    return redirect("casework:emergencies")


@require_safe
def emergency_reviews(request: AuthedRequest) -> HttpResponse:
    """What waits for an answer or a review, oldest first; then what is done."""
    user = request.user
    if not may_review_emergency_access(user):
        raise PermissionDenied
    rows = _of_others(user)
    waiting = list(rows.waiting().order_by("asked_at")[:SHOWN])
    to_review = list(rows.to_review().order_by(F("review_due_at").asc())[:SHOWN])
    open_ids = {row.pk for row in [*waiting, *to_review]}
    done = [row for row in rows[:SHOWN] if row.pk not in open_ids]
    shown = [*waiting, *to_review, *done]
    record_list(user, "list_emergencies", EmergencyAccess, [row.pk for row in shown])
    context = {"waiting": waiting, "to_review": to_review, "done": done}
    return render(request, "casework/emergency_reviews.html", context)


@require_safe
def emergency(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One request with its reason and, once it was opened, what was done with it."""
    return _page(request, _to_review(request, pk))


def _to_review(request: AuthedRequest, pk: UUID) -> EmergencyAccess:
    if not may_review_emergency_access(request.user):
        raise PermissionDenied
    return get_object_or_404(_of_others(request.user), pk=pk)


def _of_others(user: User) -> EmergencyAccessQuerySet:
    """What this user may look at; nobody reviews her own, nor reads what is said of it."""
    rows = EmergencyAccess.objects.visible_to(user).exclude(asked_by=user)
    return rows.select_related("asked_by", "access")


def _page(
    request: AuthedRequest, found: EmergencyAccess, form: ReviewForm | None = None
) -> HttpResponse:
    record(request.user, "view_emergency", found, case_id=found.case_id, fields=["reason"])
    visible = Case.objects.visible_to(request.user).filter(emergencies=found)
    # The key of a sealed case is shown to this desk only.
    with desk("protection"):
        reason = found.reason
    context = {
        "emergency": found,
        "reason": reason,
        "case": visible.select_related("person").first(),
        "votes": found.votes.select_related("voter"),
        "acts": _acts(found),
        "form": form or ReviewForm(),
        "answer_form": AnswerForm(),
    }
    return render(request, "casework/emergency.html", context)


def _acts(emergency: EmergencyAccess) -> list[dict[str, Any]]:
    """What the asker did with the case while it was open to her, in words and times."""
    return [
        {"said": ACTS.get(act.verb, OTHER_ACT), "part": PARTS.get(act.note, ""), "at": act.at}
        for act in emergency.acts()[:200]
    ]


@require_POST
@step_up_required
def answer_emergency(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Agree to opening a sealed case, or not."""
    found = _to_review(request, pk)
    form = AnswerForm(request.POST)
    if form.perform(actions.answer_emergency_access, found, actor=request.user):
        messages.success(request, _("Your answer is kept."))
    else:
        for error in form.non_field_errors():
            messages.error(request, str(error))
    return redirect("casework:emergency", pk)


@require_POST
@step_up_required
def review_emergency(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say afterwards whether it was right."""
    found = _to_review(request, pk)
    form = ReviewForm(request.POST)
    if form.perform(actions.review_emergency_access, found, actor=request.user):
        messages.success(request, _("Reviewed."))
        return redirect("casework:emergency_reviews")
    return _page(request, found, form)
