"""Going along at the door: what was done in a case, and one more time."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record_list
from accounts.http import AuthedRequest, asks_and_saves
from casework.views.shell import open_case_file, shell_context
from referrals import actions
from referrals.accompaniment_forms import AccompanimentForm
from referrals.models import Accompaniment

TAB = "referrals"
SHOWN = 100


@require_safe
def accompaniments(request: AuthedRequest, case: UUID) -> HttpResponse:
    """Each time that somebody went along in this case, the latest first."""
    user = request.user
    file = open_case_file(case, user)
    context = shell_context(file, user, TAB)
    rows = Accompaniment.objects.visible_to(user).filter(case=file)
    read = rows.select_related("worker", "organization", "interpreter", "referral")
    shown = list(read[:SHOWN])
    record_list(user, "list_accompaniments", Accompaniment, [row.pk for row in shown])
    may = actions.may_record_accompaniment(user) and file.is_open and not context["is_read_only"]
    context |= {"accompaniments": shown, "may_record": may, "beside": "accompaniments"}
    return render(request, "referrals/accompaniments/of_case.html", context)


@asks_and_saves
def record_accompaniment(request: AuthedRequest, case: UUID) -> HttpResponse:
    """Write down one more."""
    user = request.user
    file = open_case_file(case, user, writing=True)
    if not actions.may_record_accompaniment(user):
        raise PermissionDenied
    form = AccompanimentForm(request.POST or None, case=file, user=user)
    if form.perform(actions.record_accompaniment, file, actor=user):
        messages.success(request, _("Saved, and counted as a service."))
        return redirect("referrals:accompaniments", file.pk)
    context = {**shell_context(file, user, TAB), "form": form}
    return render(request, "referrals/accompaniments/new.html", context)
