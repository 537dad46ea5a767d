"""Dangerous things ask anew who is there: a second factor that is not older than some minutes.

Whoever has no second factor (the demo only: elsewhere nobody gets past enrolment) gives the
password instead. No setting switches the question off.
"""

import time
from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.drafts import keep
from accounts.http import AuthedRequest
from accounts.models import Session
from accounts.sessions import scaled

SECOND_FACTOR, PASSWORD, BY_ANOTHER = "mfa", "password", "socialaccount"
BY_PROVIDER = "provider"

P = ParamSpec("P")
View = Callable[Concatenate[AuthedRequest, P], HttpResponse]


def is_fresh(request: HttpRequest) -> bool:
    """Whether its user confirmed who she is within the last minutes, in this session."""
    records = get_authentication_records(request, request.user)
    since = time.time() - scaled(settings.STEP_UP_SECONDS)
    recent = {record["method"] for record in records if record["at"] > since}
    if SECOND_FACTOR in recent:
        return True
    return PASSWORD in recent and is_password_enough(request)


def is_password_enough(request: HttpRequest) -> bool:
    """Only for who has nothing better; never in a session that another login opened."""
    records = get_authentication_records(request, request.user)
    is_by_another = any(record["method"] == BY_ANOTHER for record in records)
    return not is_by_another and not is_mfa_enabled(request.user)


def mark_fresh(request: HttpRequest, method: str = SECOND_FACTOR) -> None:
    """Write into the session that its user confirmed just now who she is."""
    record_authentication(request, request.user, method, reauthenticated=True)


def step_up_required(view: View[P]) -> View[P]:
    """Asks before a dangerous page is shown; a form that came too late is kept and shown again."""

    def guarded(request: AuthedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if is_fresh(request) else ask(request)

    update_wrapper(guarded, view)
    return guarded


def ask(request: AuthedRequest) -> HttpResponse:
    """Lead to the page that asks who is there, and from there back to this one."""
    row: Session = request.session.row
    asked = {"next": request.get_full_path()}
    if request.method == "POST" and not request.htmx:
        asked = {"draft": str(keep(row, request).pk)}
    target = f"{reverse('account_reauthenticate')}?{urlencode(asked)}"
    if request.htmx:
        return _told(target)
    return redirect(target)


def _told(target: str) -> HttpResponse:
    """What a script hears: the page to go to."""
    body = {
        "type": "permission",
        "code": "step_up",
        "detail": _("Confirm that it is you."),
        "fields": {},
    }
    return JsonResponse(body, status=HTTPStatus.FORBIDDEN, headers={"HX-Redirect": target})
