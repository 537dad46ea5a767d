"""Set how often a service is given, and hold to it whoever records one."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import User
from casework.models import Person, VisitRule
from casework.rules import Refusal, Span, given_to, oldest_of_interest, refusals, rules_of
from directory.models import ServiceType

# Tell a form what to ask: whether the rule can be set aside by who asks, or by others.
MAY_OVERRIDE, REFUSED = "may_override", "visit_rule"


def may_set_visit_rules(user: User) -> bool:
    return user.has_perm("casework.set_visit_rules")


@transaction.atomic
def set_visit_rule(
    rule: VisitRule | None = None,
    *,
    actor: User,
    version: int = 0,
    apart_from: Iterable[ServiceType] = (),
    **facts: Any,
) -> VisitRule:
    """Make a rule of the own organization, or change one; `facts` are fields of VisitRule.

    Raises PermissionDenied, ValidationError (code `stale` when somebody else was first).
    """
    if not may_set_visit_rules(actor):
        raise PermissionDenied
    if rule is None:
        rule = VisitRule(organization=actor.organization, version=0)
    else:
        rule = VisitRule.objects.visible_to(actor).select_for_update().get(pk=rule.pk)
        stale(version, rule.version)
    for name, value in facts.items():
        setattr(rule, name, value)
    rule.apart_from = sorted({service.pk for service in apart_from})
    _check_says_something(rule)
    rule.changed_by, rule.changed_at = actor, timezone.now()
    rule.version += 1
    rule.full_clean()
    _save(rule)
    record(actor, "set_visit_rule", rule, fields=[*facts, "apart_from"])
    return rule


def _save(rule: VisitRule) -> None:
    """Raises ValidationError where somebody makes a rule of the same service at this moment."""
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        # Theirs is there now, and the model says which rule it breaks.
        rule.validate_constraints()
        raise


def _check_says_something(rule: VisitRule) -> None:
    if not (rule.interval_hours or rule.most_per_day or rule.apart_from):
        raise ValidationError(_("Say an interval, a number for one day, or what is kept apart."))
    if rule.service_type_id in rule.apart_from:
        raise ValidationError({"apart_from": _("A service is not kept apart from itself.")})


def check_visit_rules(
    person: Person,
    wanted: Mapping[ServiceType, int],
    when: Span,
    *,
    actor: User,
    field: str,
    override: str = "",
    leave_out: Iterable[UUID] = (),
) -> set[str]:
    """Services (by code) given against a rule for the reason in `override`; empty for none.

    Whoever calls holds the lock of the person's row, so that two desks ask one after the other.
    `leave_out` are rows that are about to be changed. Raises ValidationError on `field`.
    """
    refused = refused_services(person, wanted, when, leave_out=leave_out)
    if not refused:
        return set()
    may_override = all(each.rule.may_override(actor) for each in refused)
    if override and may_override:
        return {each.service for each in refused}
    code = MAY_OVERRIDE if may_override else REFUSED
    raise ValidationError({field: [ValidationError(each.said, code=code) for each in refused]})


def refused_services(
    person: Person, wanted: Mapping[ServiceType, int], when: Span, *, leave_out: Iterable[UUID] = ()
) -> list[Refusal]:
    """What the rules of her organization say of these services."""
    house = person.organization_id
    rules = rules_of(house, wanted)
    if not rules:
        return []
    skipped = set(leave_out)
    given = [
        row
        for row in given_to(person.pk, house, oldest_of_interest(rules, when))
        if row.row not in skipped
    ]
    return list(refusals(rules, given, wanted, when))
