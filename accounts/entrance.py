"""What has to be done between signing in and the first page: second steps and agreements.

What is still missing stands in the session, so that no request asks the database again; it is
looked up when somebody signs in, whenever she changes something of it, and when there is a text
that was not there then.
"""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import factors
from accounts.hand_over import handed_over
from accounts.models import Agreement, AgreementAcceptance, User

FACTORS_KEY, AGREED_KEY, UNTIL_KEY = "factors_are_enough", "agreed", "confidential_until"
# How many texts there were when she was asked last: more of them, and she is asked anew.
TEXTS_KEY = "texts"

# Open to whoever is signed in, whatever is missing.
ALWAYS_OPEN = {
    "account_logout",
    "account_reauthenticate",
    "accounts:lock",
    "accounts:lock_state",
    "accounts:theme",
    "accounts:unlock",
    "agreement_over",
    "healthz",
    "policy_report",
    "readyz",
    "set_language",
}
ENROLMENT = {
    "accounts:security",
    "accounts:add_passkey",
    "accounts:add_app",
    "accounts:recovery_codes",
}
AGREEMENTS = {"accounts:agreements"}

View = Callable[..., HttpResponse]


class EntranceMiddleware:
    """Shows nothing to somebody without a second step, and nothing before she agreed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not isinstance(request.user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if _is_over(request):
            request.session.flush()
            return _refuse(request, "agreement_over")
        if name in ALWAYS_OPEN or handed_over(request):
            return None
        if _is_new_text(request):
            look_again(request, request.user)
        if not settings.DEMO and not request.session.get(FACTORS_KEY):
            return None if name in ENROLMENT else _refuse(request, "accounts:security")
        if not request.session.get(AGREED_KEY):
            allowed = AGREEMENTS | ENROLMENT
            return None if name in allowed else _refuse(request, "accounts:agreements")
        return None


def look_again(request: HttpRequest, user: User) -> None:
    """Write into the session what is done and what is missing."""
    records = get_authentication_records(request, user)
    proved = {record.get("type", "") for record in records if record["method"] == "mfa"}
    enough = "provider" in proved or not factors.missing(user, factors.types_of(user))
    request.session[FACTORS_KEY] = bool(proved) and enough
    request.session[TEXTS_KEY] = Agreement.objects.in_force().count()
    request.session[AGREED_KEY] = not open_agreements(user)
    until = confidential_until(user)
    request.session[UNTIL_KEY] = until.isoformat() if until else ""


def open_agreements(user: User) -> list[Agreement]:
    """What somebody has to accept: the newest version of each kind, unless she did."""
    accepted = set(
        AgreementAcceptance.objects.filter(user=user).values_list("agreement", flat=True)
    )
    return [each for each in Agreement.objects.current() if each.pk not in accepted]


def confidential_until(user: User) -> date | None:
    """The last day of her confidentiality agreement; None before the first, or without an end."""
    told = AgreementAcceptance.objects.filter(
        user=user, agreement__kind=Agreement.Kind.CONFIDENTIALITY
    )
    days = list(told.values_list("expires_on", flat=True))
    return max((day for day in days if day), default=None) if None not in days else None


def _is_new_text(request: HttpRequest) -> bool:
    """Read with the session's row, so that asking costs no query."""
    known, row = request.session.get(TEXTS_KEY), getattr(request.session, "row", None)
    return known is not None and row is not None and vars(row).get("texts", known) != known


def _is_over(request: HttpRequest) -> bool:
    until: str = request.session.get(UNTIL_KEY, "")
    return bool(until) and date.fromisoformat(until) < timezone.localdate()


def _refuse(request: HttpRequest, name: str) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return redirect(name)
    body = {
        "type": "permission",
        "code": "entrance",
        "detail": _("Finish signing in first."),
        "fields": {},
    }
    return JsonResponse(body, status=HTTPStatus.FORBIDDEN)
