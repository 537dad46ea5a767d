"""How often each service is given: the rules of the house, and who changed them when."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.visit_rules import may_set_visit_rules
from casework.forms.visit_rules import VisitRuleForm
from casework.models import ServiceDelivered, VisitRule, VisitRuleHistory
from directory.models import ServiceType

# Over so many days exceptions are counted.
COUNTED_DAYS = 30
VERSIONS = 20


@require_safe
def visit_rules(request: AuthedRequest) -> HttpResponse:
    """All rules of the house, and how often each was set aside."""
    user = request.user
    _may(user)
    rules = list(VisitRule.objects.visible_to(user).select_related("service_type", "changed_by"))
    names = {service.pk: str(service) for service in ServiceType.objects.all()}
    exceptions = _exceptions(user)
    context = {
        "rules": [
            {
                "rule": rule,
                "apart": [names.get(code, code) for code in rule.apart_from],
                "exceptions": exceptions[rule.service_type_id],
            }
            for rule in rules
        ],
        "days": COUNTED_DAYS,
    }
    return render(request, "casework/visit_rules.html", context)


def _may(user: User) -> None:
    if not may_set_visit_rules(user):
        raise PermissionDenied


def _exceptions(user: User) -> Counter[str]:
    """{service: how often it was given against its rule} in the last weeks."""
    since = timezone.localdate() - timedelta(days=COUNTED_DAYS)
    rows = ServiceDelivered.objects.visible_to(user).filter(
        organization=user.organization_id, delivered_on__gte=since
    )
    counted = rows.exclude(override="").order_by().values_list("service_type").annotate(Count("pk"))
    return Counter(dict(counted))


def new_visit_rule(request: AuthedRequest) -> HttpResponse:
    """A rule for a service that has none yet."""
    user = request.user
    _may(user)
    form = VisitRuleForm(request.POST or None, user=user)
    if form.perform(actions.set_visit_rule, actor=user):
        messages.success(request, _("Rule saved."))
        return redirect("casework:visit_rules")
    return render(request, "casework/visit_rule.html", {"form": form})


def change_visit_rule(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Change a rule; what it said before stands below."""
    user = request.user
    _may(user)
    rule = get_object_or_404(
        VisitRule.objects.visible_to(user).select_related("service_type"), pk=pk
    )
    form = VisitRuleForm(request.POST or None, user=user, rule=rule)
    if form.perform(actions.set_visit_rule, rule, actor=user):
        messages.success(request, _("Rule saved."))
        return redirect("casework:visit_rules")
    context = {"form": form, "rule": rule, "versions": _versions(user, rule)}
    return render(request, "casework/visit_rule.html", context)


def _versions(user: User, rule: VisitRule) -> list[Any]:
    """Earlier states, newest first."""
    rows: Any = VisitRuleHistory.objects.visible_to(user)
    earlier = list(
        rows.filter(pgh_obj=rule).select_related("changed_by").order_by("-pgh_id")[:VERSIONS]
    )
    # The first version is written down when it is made, and again when it is changed.
    return [row for row in earlier if row.pgh_label != "added"]
