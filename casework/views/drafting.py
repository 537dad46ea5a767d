"""Long forms keep what is typed: `long_form` for the view, `restore` for its form.

The page's script posts the form to its own address with the header X-Draft; the view does not run
then. A form that led on was saved, and its draft goes. Without the script nothing changes.
"""

from collections.abc import Callable, Collection
from functools import wraps
from http import HTTPStatus
from typing import Any, NamedTuple, ParamSpec
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.dateformat import format as told
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import devices
from accounts.http import AuthedRequest, read_id
from accounts.models import User
from accounts.origin import origin
from casework import actions
from casework.actions.drafting import Place, find_form_draft
from casework.models import Case, FormDraft, Person
from casework.models.form_draft import HERS

HEADER = "X-Draft"
# Typed anew each time, or the form's own.
NEVER_KEPT = {"csrfmiddlewaretoken", "operation", "draft_version", "draft_anyway", "then"}
SAVED = (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)

Ways = ParamSpec("Ways")
PersonOf = Callable[[User, UUID], Person]


class Unfinished(NamedTuple):
    """What a page tells of its draft: hers here, and those begun on other devices."""

    draft: FormDraft | None
    elsewhere: list[FormDraft]
    seconds: int


def of_person(user: User, pk: UUID) -> Person:
    rows = Person.objects.visible_to(user).select_related("data_key")
    return get_object_or_404(rows, pk=pk)


def of_case(user: User, pk: UUID) -> Person:
    rows = Case.objects.visible_to(user).select_related("person__data_key")
    return get_object_or_404(rows, pk=pk).person


def long_form(
    label: Any, person_of: PersonOf | None = None
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view whose form keeps what is typed; `person_of` finds whom its address is about."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def drafted(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if HEADER in request.headers and request.method == "POST":
                return _keep(request, _place(request, person_of, kwargs))
            response = view(request, *args, **kwargs)
            if request.method == "POST" and response.status_code in SAVED:
                _forget(request, person_of, kwargs)
            return response

        drafted.long_form = (label, person_of)  # type: ignore[attr-defined]  # read by `label_of`
        return drafted

    return wrap


def _place(request: AuthedRequest, person_of: PersonOf | None, named: dict[str, Any]) -> Place:
    """The form at this address. Raises Http404 for who may not see whom it is about."""
    person = person_of(request.user, next(iter(named.values()))) if person_of else None
    path = request.path.replace(str(person.pk), HERS) if person else request.path
    words = devices.words(request.headers.get("User-Agent", ""))
    return Place(path, person, origin.get().device, words)


def _keep(request: AuthedRequest, place: Place) -> HttpResponse:
    """Keep the form as it is typed; tell when, or why not."""
    typed = _worth_keeping(request.POST)
    if len(str(typed)) > settings.FORM_DRAFT_SIGNS:
        return _told("too_long", _("Too long to be kept as a draft."))
    if not typed:
        return _told("empty", "", HTTPStatus.OK)
    found = find_form_draft(place, request.user)
    current = found.version if found else 0
    version = current if "draft_anyway" in request.POST else _number(request, "draft_version")
    try:
        draft = actions.keep_form_draft(
            place,
            typed=typed,
            version=version,
            operation=read_id(request.POST.get("operation", "")),
            actor=request.user,
        )
    except ValidationError as error:
        return _told(str(error.code), error.messages[0])
    said = _("Saved as a draft %(time)s") % {"time": clock(draft)}
    return JsonResponse({"version": draft.version, "said": said})


def _worth_keeping(sent: QueryDict) -> dict[str, list[Any]]:
    return {
        name: values
        for name, values in sent.lists()
        if name not in NEVER_KEPT and "password" not in name and any(values)
    }


def _told(code: str, said: str, status: int = HTTPStatus.CONFLICT) -> JsonResponse:
    return JsonResponse({"code": code, "said": said}, status=status)


def _number(request: AuthedRequest, name: str) -> int:
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < len("1000000000") else 0


def clock(draft: FormDraft) -> str:
    return told(timezone.localtime(draft.saved_at), "H:i")


def _forget(request: AuthedRequest, person_of: PersonOf | None, named: dict[str, Any]) -> None:
    """The form was saved: whoever lost access by saving it has no draft to look for."""
    place = _place(request, person_of, named)
    if draft := find_form_draft(place, request.user):
        actions.drop_form_draft(draft, actor=request.user)


def restore(
    request: AuthedRequest, form: forms.Form, *, apart: Collection[str] = ()
) -> Unfinished | None:
    """Fill a fresh form with its draft, and tell the page of it as `request.unfinished`.

    Fields named in `apart` keep what the page has now. The version a draft rests on comes back
    with it: what somebody else saved meanwhile is not overwritten.
    """
    match = request.resolver_match
    if match is None:
        return None
    _label, person_of = match.func.long_form  # type: ignore[attr-defined]  # set by `long_form`
    place = _place(request, person_of, match.kwargs)
    draft = find_form_draft(place, request.user)
    if draft and not form.is_bound:
        for name, values in draft.typed.items():
            field = form.fields.get(name)
            if field is not None and name not in apart:
                form.initial[name] = values if _takes_several(field) else values[-1]
    about = place.person.pk if place.person else None
    drafts = FormDraft.objects.visible_to(request.user).of_place(request.user, place.path, about)
    others = drafts.exclude(device=place.device)
    shown = Unfinished(draft, list(others), settings.FORM_DRAFT_SECONDS)
    request.unfinished = shown  # type: ignore[attr-defined]  # read by casework/_draft.html
    return shown


def _takes_several(field: forms.Field) -> bool:
    return isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


def label_of(draft: FormDraft) -> str:
    """What the form is called; "" when its address leads nowhere any more."""
    try:
        found = resolve(draft.address)
    except Resolver404:
        return ""
    return str(getattr(found.func, "long_form", ("",))[0])


@require_POST
def drop_form_draft(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away and begin with an empty form."""
    draft = get_object_or_404(FormDraft.objects.visible_to(request.user), pk=pk)
    address = draft.address
    actions.drop_form_draft(draft, actor=request.user)
    return redirect("home" if request.POST.get("then") == "home" else address)
