"""The receiver's side at the door: only what was sent to her own institution, and only by verbs.

Opening a page never changes a referral: what was received, is said.
"""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.forms import ActionForm
from accounts.http import AuthedRequest
from accounts.models import User
from referrals import actions, forms, states
from referrals.disclosure import disclosed_sheet, headline, programme_bands, stage_of
from referrals.models import Referral, ReferralStep
from referrals.receiving import hand_over, hand_over_with_note, taken_back
from referrals.states import Side

PAGE = 25
TAKEN_BACK_SHOWN_FOR = timedelta(days=30)
LISTS = {
    "answer": states.WAITING,
    "progress": states.IN_PROGRESS,
    "finished": states.FINISHED,
}


@require_safe
def inbox(request: AuthedRequest) -> HttpResponse:
    """List what was sent to the user's institution, those first whose answer is due first."""
    user = request.user
    user.require("referrals.answer_referral")
    shown = request.GET.get("show", "")
    shown = shown if shown in LISTS else "answer"
    ours = Referral.objects.visible_to(user, Side.RECEIVER)
    rows = ours.in_states(LISTS[shown]).as_received().by_due_time()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    hand_over(list(page))
    record_list(user, "list_referrals", Referral, [row.pk for row in page])
    bands = programme_bands()
    context = {
        "page": page,
        "lines": [(row, headline(row, bands)) for row in page],
        "shown": shown,
        "counts": ours.count_by(LISTS),
        "taken_back": _taken_back(user),
        "deleted_form": forms.DeletedForm(),
    }
    return render(request, "partner/inbox.html", context)


def _taken_back(user: User) -> list[Referral]:
    """Numbers of what the senders took back lately, and nothing else of it."""
    since = timezone.now() - TAKEN_BACK_SHOWN_FOR
    rows = Referral.objects.recalled_from(user).filter(ended_at__gte=since)
    return list(rows.only("number", "ended_at", "deleted_at").order_by("-ended_at"))


@require_safe
def referral(request: AuthedRequest, pk: UUID) -> HttpResponse:
    return _page(request, _ours(request.user, pk))


def _ours(user: User, pk: UUID) -> Referral:
    rows = Referral.objects.visible_to(user, Side.RECEIVER).as_received()
    referral = get_object_or_404(rows, pk=pk)
    hand_over_with_note(referral)
    return referral


def _page(
    request: AuthedRequest, referral: Referral, refused: ActionForm | None = None
) -> HttpResponse:
    """What this institution may see of the referral now; what was shown is recorded."""
    user = request.user
    sheet = disclosed_sheet(referral, stage_of(referral))
    record(user, "view_referral", referral, case_id=referral.case_id, fields=sheet.shown)
    progress = refused if isinstance(refused, forms.ProgressForm) else forms.ProgressForm()
    answer = refused if isinstance(refused, forms.AnswerForm) else forms.AnswerForm()
    steps = ReferralStep.objects.visible_to(user, Side.RECEIVER).filter(referral=referral)
    context = {
        "referral": referral,
        "sheet": sheet,
        "steps": steps.select_related("actor__organization", "data_key"),
        "verbs": states.verbs(referral.state, Side.RECEIVER),
        "form": refused,
        "receive_form": forms.ReceiveForm(),
        "answer_form": answer.offer(referral),
        "progress_form": progress.offer(referral),
    }
    return render(request, "partner/referral.html", context)


@require_POST
def receive(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say that the referral has arrived."""
    referral = _ours(request.user, pk)
    form = forms.ReceiveForm(request.POST)
    if form.perform(actions.receive_referral, referral, actor=request.user):
        messages.success(request, _("The sender sees that you have received it."))
        return redirect("partner:referral", referral.pk)
    return _page(request, _ours(request.user, pk), form)


@require_POST
def answer(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Accept or decline."""
    referral = _ours(request.user, pk)
    form = forms.AnswerForm(request.POST)
    if form.perform(actions.answer_referral, referral, actor=request.user):
        messages.success(request, _("Answer sent."))
        return redirect("partner:referral", referral.pk)
    return _page(request, _ours(request.user, pk), form)


@require_POST
def report_progress(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say that the service has started, is delivered, or has ended."""
    referral = _ours(request.user, pk)
    form = forms.ProgressForm(request.POST)
    if form.perform(actions.report_progress, referral, actor=request.user):
        messages.success(request, _("Update sent."))
        return redirect("partner:referral", referral.pk)
    return _page(request, _ours(request.user, pk), form)


@require_POST
def deleted(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say that what was noted down of a referral that was taken back is deleted."""
    request.user.require("referrals.answer_referral")
    referral = taken_back(request.user, pk)
    form = forms.DeletedForm(request.POST)
    if form.perform(actions.confirm_deletion, referral, actor=request.user):
        messages.success(request, _("Thank you. The sender sees that it is deleted."))
    else:
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
    return redirect("partner:inbox")
