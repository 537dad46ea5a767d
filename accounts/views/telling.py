"""How somebody wants to be told of her notices; each on her own page, nobody on another's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, devices, post, push, webpush
from accounts.forms import NoticePreferenceForm, PushForm
from accounts.http import AuthedRequest
from accounts.models import Delivery, NoticePreference, PushSubscription
from accounts.user_forms import ConfirmForm


def telling(request: AuthedRequest) -> HttpResponse:
    """By mail or not, and the quiet hours."""
    if request.method != "POST":
        return _page(request, _filled(request))
    form = NoticePreferenceForm(request.POST)
    if not form.perform(actions.set_notice_preference, request.user, actor=request.user):
        return _page(request, form, status=400)
    messages.success(request, _("Saved. From now on you are told like this."))
    return redirect("accounts:telling")


@require_POST
def add_push(request: AuthedRequest) -> HttpResponse:
    """Tell this browser, while its owner is signed in here."""
    form = PushForm(request.POST)
    if form.perform(actions.add_push, request.session.row, actor=request.user):
        messages.success(request, _("This browser is told from now on."))
        return redirect("accounts:telling")
    return _page(request, _filled(request), push_form=form, status=400)


@require_POST
def remove_push(request: AuthedRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(PushSubscription.objects.visible_to(request.user), pk=pk)
    ConfirmForm(request.POST).perform(actions.remove_push, row, actor=request.user)
    messages.success(request, _("That browser is told nothing any more."))
    return redirect("accounts:telling")


def _filled(request: AuthedRequest) -> NoticePreferenceForm:
    held = NoticePreference.of(request.user)
    names = ("by_mail", "quiet_from", "quiet_until")
    return NoticePreferenceForm(initial={name: getattr(held, name) for name in names})


def _page(
    request: AuthedRequest,
    form: NoticePreferenceForm,
    *,
    push_form: PushForm | None = None,
    status: int = 200,
) -> HttpResponse:
    here = request.session.row.pk
    rows = PushSubscription.objects.visible_to(request.user).order_by("-seen_at")
    browsers = [
        {"row": row, "name": devices.spoken(row.name), "is_here": row.session_id == here}
        for row in rows
    ]
    context = {
        "form": form,
        "push_form": push_form or PushForm(),
        "browsers": browsers,
        "is_told_here": any(browser["is_here"] for browser in browsers),
        "has_mail": post.is_on(Delivery.Channel.MAIL),
        "push_key": webpush.own_public() if push.is_on() else "",
    }
    return render(request, "accounts/telling.html", context, status=status)
