"""The emergency lock: close everything, and help to open it again."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import actions, lock
from accounts.guard import not_available
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import EmergencyLock
from accounts.session_forms import EmergencyForm, LiftForm
from accounts.stepup import step_up_required

MAY_LOCK = "accounts.lock_everything"


@asks_and_saves
def emergency(request: AuthedRequest) -> HttpResponse:
    """Ask why, then close everything; while it is closed, ask who opens."""
    if not request.user.has_perm(MAY_LOCK):
        if lock.is_on():
            return not_available(request)
        raise PermissionDenied
    return _ask_to_lift(request) if lock.is_on() else _ask_to_lock(request)


@step_up_required
def _ask_to_lock(request: AuthedRequest) -> HttpResponse:
    form = EmergencyForm(request.POST or None)
    if form.is_bound and form.perform(actions.lock_everything, actor=request.user):
        request.session.flush()
        return render(request, "accounts/locked.html")
    return render(request, "accounts/emergency.html", {"form": form})


@step_up_required
def _ask_to_lift(request: AuthedRequest) -> HttpResponse:
    current = EmergencyLock.objects.in_force().select_related("locked_by", "first_lifted_by").get()
    context = {
        "lock": current,
        "form": LiftForm(),
        "agreed": actions.waits_for_second(current),
        "is_mine": current.first_lifted_by_id == request.user.pk,
    }
    return render(request, "accounts/lift.html", context)


@require_POST
def lift(request: AuthedRequest) -> HttpResponse:
    """Agree to open; the second of two people opens."""
    if not request.user.has_perm(MAY_LOCK):
        return not_available(request) if lock.is_on() else _refuse()
    return _lift(request)


def _refuse() -> HttpResponse:
    raise PermissionDenied


@step_up_required
def _lift(request: AuthedRequest) -> HttpResponse:
    form = LiftForm(request.POST)
    if form.perform(actions.lift_lock, actor=request.user):
        opened = form.result.lifted_at is not None
        return redirect("home" if opened else "accounts:emergency")
    return render(request, "accounts/lift.html", {"form": form}, status=400)
