"""The front door, the error pages, and whether we are well."""

import json
import logging

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError as BrokerError

from accounts.http import AuthedRequest
from accounts.samples import SampleForm, sample_context
from config.today import first_page
from vault.keys import KeyRingError, key_provider

log = logging.getLogger(__name__)

LONGEST_REPORT = 8_192


def home(request: AuthedRequest) -> HttpResponse:
    """Today's work of whoever works with people; everybody else goes to her own first page."""
    user = request.user
    if user.has_perm("casework.view_cases"):
        return render(request, "home.html", first_page(user))
    if user.has_perm("referrals.answer_referral"):
        return redirect("partner:inbox")
    if user.has_perm("reports.view_reports"):
        return redirect("reports:list")
    return render(request, "home_empty.html")


def components(request: AuthedRequest) -> HttpResponse:
    """The living component page; only where everything is invented anyway."""
    if not settings.LOCAL:
        raise Http404
    form = SampleForm(request.POST or None)
    return render(request, "design/components.html", sample_context(form))


@login_not_required
def no_signup(request: HttpRequest) -> HttpResponse:
    """Nobody makes an account for herself."""
    return redirect("account_login")


# Without a database too: these two say what is missing.
@login_not_required
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the names of what is missing: database, broker, worker, key ring."""
    missing = [name for name, check in CHECKS.items() if not check()]
    if "broker" not in missing and not _worker_answers():
        missing.append("worker")
    return JsonResponse({"missing": missing}, status=503 if missing else 200)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerError, OSError):
        return False
    return True


def _worker_answers() -> bool:
    """Only the broker can ask it; one answer is enough, and none is waited for longer."""
    return bool(current_app.control.ping(timeout=2, limit=1))


def _key_ring_opens() -> bool:
    try:
        key_provider()
    except KeyRingError:
        return False
    return True


SAID = {
    400: gettext_lazy("This request cannot be read."),
    403: gettext_lazy("You may not do this."),
    404: gettext_lazy("There is nothing here."),
    413: gettext_lazy("What you sent is larger than we take. Nothing was saved."),
}
CHECKS = {"database": _database_answers, "broker": _broker_answers, "key ring": _key_ring_opens}


# A browser sends these by itself, without a session's token; nothing is stored or changed.
@csrf_exempt
@login_not_required
@transaction.non_atomic_requests
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """Write down which rule of the content policy a page broke; not where, nor what was blocked."""
    if len(request.body) > LONGEST_REPORT:
        return HttpResponse(status=413)
    log.warning("policy", {"rule": _broken_rule(request.body)})
    return HttpResponse(status=204)


def _broken_rule(body: bytes) -> str:
    """The rule's name if it is one of ours: a report is a stranger's text."""
    try:
        report = json.loads(body)["csp-report"]
        rule = report.get("effective-directive") or report.get("violated-directive")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    known = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    words = str(rule).split()
    name = words[0].removesuffix("-elem").removesuffix("-attr") if words else ""
    return name if name in known else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: what failed may be the database that every other page asks."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {"why": _("This page was open too long, or the browser kept no cookie.")}
    return render(request, "403.html", context, status=403)


def _error(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {
            "type": "client_error",
            "code": str(status),
            "detail": SAID[status],
            "fields": {},
        }
        return JsonResponse(body, status=status)
    return render(request, f"{status}.html", status=status)
