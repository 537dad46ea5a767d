"""Needs that could not be referred: of a case, and of people who have no record."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.audit import record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from casework.pages import page_by
from casework.views.shell import open_case_file, shell_context
from referrals import actions
from referrals.models import UnmetNeed
from referrals.unmet_need_forms import CountNeedForm, UnmetNeedForm, asked_first

TAB = "referrals"
SHOWN = 100


@asks_and_saves
def needs_of_case(request: AuthedRequest, case: UUID) -> HttpResponse:
    """The needs of one case, with the form on top: it is filled in a few taps."""
    user = request.user
    file = open_case_file(case, user, writing=request.method == "POST")
    may = actions.may_record_unmet_need(user) and file.is_open
    if request.method == "POST" and not actions.may_record_unmet_need(user):
        raise PermissionDenied
    form = UnmetNeedForm(request.POST or None, initial=asked_first(request.GET.get("asked")))
    if form.perform(actions.record_unmet_need, file, actor=user):
        messages.success(request, _("Need saved."))
        return redirect("referrals:needs_of_case", file.pk)
    context = shell_context(file, user, TAB)
    rows = UnmetNeed.objects.visible_to(user).filter(case=file)
    shown = list(rows.told_in_full()[:SHOWN])
    record_list(user, "list_unmet_needs", UnmetNeed, [row.pk for row in shown])
    may = may and not context["is_read_only"]
    context |= {"needs": shown, "form": form, "may_record": may, "beside": "needs"}
    return render(request, "referrals/needs/of_case.html", context)


@asks_and_saves
def needs(request: AuthedRequest) -> HttpResponse:
    """Every need that this reader may see, and one more of people who have no record."""
    user = request.user
    _require(user)
    form = CountNeedForm(request.POST or None)
    if form.perform(actions.count_unmet_need, actor=user):
        messages.success(request, _("Need saved."))
        return redirect("referrals:needs")
    rows = UnmetNeed.objects.visible_to(user).told_in_full()
    page = page_by(rows, "day", request.GET.get("cursor", ""))
    record_list(user, "list_unmet_needs", UnmetNeed, [row.pk for row in page.rows])
    context = {"needs": page.rows, "following": page.following, "form": form}
    return render(request, "referrals/needs/list.html", context)


def _require(user: User) -> None:
    """Raises PermissionDenied."""
    if not actions.may_record_unmet_need(user):
        raise PermissionDenied
