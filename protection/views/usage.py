"""How much the system is used, at the door of those who answer for it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.http import AuthedRequest
from accounts.models import AuditEvent
from protection.usage import usage as counted


@require_safe
def usage(request: AuthedRequest) -> HttpResponse:
    """Sign-ins and opened cases by month."""
    request.user.require("accounts.view_usage")
    record(request.user, "view_usage", AuditEvent())
    return render(request, "protection/usage.html", counted(request.user, timezone.now()))
