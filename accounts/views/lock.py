"""A session that waits for its owner: closed, opened again, and the form that met it."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, drafts
from accounts.http import AuthedRequest, asks_and_saves
from accounts.returning import asked_uuid, where_back
from accounts.session_forms import UnlockForm

NO_CONTENT = HTTPStatus.NO_CONTENT


@asks_and_saves
def lock(request: AuthedRequest) -> HttpResponse:
    """Close this session; then ask for its owner."""
    row = request.session.row
    if request.method == "POST":
        actions.lock_session(row, actor=request.user)
        return HttpResponse(status=NO_CONTENT) if request.htmx else _to_lock()
    if not row.is_locked(timezone.now()):
        return HttpResponseRedirect(where_back(request))
    return _page(request, UnlockForm())


@require_GET
def lock_state(request: AuthedRequest) -> JsonResponse:
    """Whether this session waits. Asked after a gesture, it keeps the session going."""
    return JsonResponse({"locked": request.session.row.is_locked(timezone.now())})


@require_POST
def unlock(request: AuthedRequest) -> HttpResponse:
    """Open this session again with its owner's password, under a new key."""
    row, form = request.session.row, UnlockForm(request.POST)
    if not form.open(row, request.user):
        if request.htmx:
            said = " ".join(str(each) for each in form.errors.get("password", []))
            return JsonResponse({"detail": said}, status=HTTPStatus.BAD_REQUEST)
        return _page(request, form, status=HTTPStatus.BAD_REQUEST)
    request.session.cycle_key()
    if request.htmx:
        return HttpResponse(status=NO_CONTENT)
    return HttpResponseRedirect(where_back(request))


@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A form that met a closed door, ready to be sent again; POST forgets it."""
    draft = drafts.find(request.session.row, pk)
    if request.method == "POST":
        actions.drop_draft(draft, actor=request.user)
        return HttpResponseRedirect(reverse("home"))
    return render(request, "accounts/kept.html", {"draft": draft, "kept": drafts.opened(draft)})


def _page(request: AuthedRequest, form: UnlockForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "form": form,
        "row": request.session.row,
        "draft": asked_uuid(request, "draft"),
        "next": where_back(request),
    }
    return render(request, "accounts/lock.html", context, status=status)


def _to_lock() -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:lock"))
