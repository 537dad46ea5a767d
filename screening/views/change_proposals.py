"""What is proposed to be changed in an instrument: into a draft, or put aside."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthedRequest
from accounts.models import User
from screening import actions
from screening.instrument_forms import PlainForm
from screening.models import ChangeProposal


def _opened(user: User, pk: UUID) -> ChangeProposal:
    """Raises Http404."""
    return get_object_or_404(ChangeProposal.objects.visible_to(user), pk=pk)


@require_POST
def take_up(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Put a proposal into the draft of the next version."""
    form = PlainForm(request.POST)
    if form.perform(actions.take_up_proposal, _opened(request.user, pk), actor=request.user):
        return redirect(form.result.draft)
    return _refused(request, form)


@require_POST
def set_aside(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Nothing is to be changed for this reason."""
    form = PlainForm(request.POST)
    if form.perform(actions.set_aside_proposal, _opened(request.user, pk), actor=request.user):
        messages.success(request, _("Put aside."))
        return redirect("screening:instruments")
    return _refused(request, form)


def _refused(request: AuthedRequest, form: PlainForm) -> HttpResponse:
    messages.error(request, " ".join(str(said) for said in form.non_field_errors()))
    return redirect("screening:instruments")
