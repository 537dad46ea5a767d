"""Visitors who are only counted: a grid to tap on, and the last count taken back."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.headcounts import may_record_headcount
from casework.forms.headcounts import HeadcountForm
from casework.models import Headcount
from casework.views.visits import at_a_desk, desk_context

# What is kept for the next count.
KEPT = ("nationality", "language", "told")


def record_headcount(request: AuthedRequest) -> HttpResponse:
    """Tap once for each visitor; nobody gets a code."""
    user = request.user
    at_a_desk(user, allowed=may_record_headcount(user))
    kept = {name: request.GET[name] for name in KEPT if name in request.GET}
    form = HeadcountForm(request.POST or None, user=user, initial=kept)
    if form.perform(actions.record_headcount, actor=user):
        return _saved(request, form)
    context = {"form": form, "last": _last(user), **desk_context(user)}
    return render(request, "casework/record_headcount.html", context)


def _saved(request: AuthedRequest, form: HeadcountForm) -> HttpResponse:
    number = _in_all(form.result, request.user)
    said = ngettext("%(number)d visitor counted.", "%(number)d visitors counted.", number)
    messages.success(request, said % {"number": number})
    if request.POST.get("then") != "next":
        return redirect("casework:visits")
    kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    return redirect(f"{reverse('casework:record_headcount')}?{urlencode(kept)}")


def _in_all(count: Headcount, user: User) -> int:
    rows = Headcount.objects.visible_to(user).filter(batch=count.batch)
    return int(rows.aggregate(all=Sum("quantity"))["all"])


def _last(user: User) -> dict[str, Any] | None:
    """What this user counted last, while it can be taken back."""
    since = timezone.now() - timedelta(seconds=settings.HEADCOUNT_UNDO_SECONDS)
    rows = Headcount.objects.visible_to(user).filter(
        recorded_by=user, recorded_at__gte=since, batch__isnull=False
    )
    count = rows.order_by("-recorded_at").first()
    return {"count": count, "number": _in_all(count, user)} if count else None


@require_POST
def undo_headcount(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    at_a_desk(user, allowed=may_record_headcount(user))
    count = get_object_or_404(Headcount.objects.visible_to(user), pk=pk)
    try:
        actions.undo_headcount(count, actor=user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, _("The count was taken back."))
    return redirect("casework:record_headcount")
