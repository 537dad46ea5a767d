"""What is unusual, at the door of those who watch."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from protection import actions
from protection.filters import FindingForm
from protection.models import Anomaly

SHOWN = 100


@require_safe
def anomalies(request: AuthedRequest) -> HttpResponse:
    """What nobody looked at yet, then what was looked at."""
    user = request.user
    user.require("protection.review_anomaly")
    rows = Anomaly.objects.visible_to(user).select_related("looked_by")
    shown = list(rows.order_by("looked_at", "-found_at")[:SHOWN])
    shown.sort(key=lambda row: row.state != Anomaly.State.NEW)
    record_list(user, "list_anomalies", Anomaly, [row.pk for row in shown])
    ids = {each for row in shown for each in row.people}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    lines = [{"row": row, "people": [names[pk] for pk in row.people]} for row in shown]
    new = sum(row.state == Anomaly.State.NEW for row in shown)
    return render(request, "protection/anomalies.html", {"lines": lines, "new": new})


@asks_and_saves
def anomaly(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One sign: look at it and say what it was."""
    user = request.user
    user.require("protection.review_anomaly")
    row = get_object_or_404(Anomaly.objects.visible_to(user).select_related("looked_by"), pk=pk)
    form = FindingForm(request.POST or None)
    if form.perform(actions.review_anomaly, row, actor=user):
        messages.success(request, _("Written down."))
        return redirect("protection:anomalies")
    record(user, "view_anomaly", row)
    people = User.objects.filter(pk__in=row.people).order_by("name")
    context = {"row": row, "people": people, "form": form}
    context |= {"may_search": user.has_perm("accounts.search_trail")}
    return render(request, "protection/anomaly.html", context)
