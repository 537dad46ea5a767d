"""Record how somebody may be reached, and decide what of her contacts is handed out."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions.days import check_day
from casework.actions.events import record_case_event
from casework.actions.talking import check_last_day, check_replaced, lock_for_talk
from casework.models import Case, CaseEvent, ContactRule, Person, PersonIdentity
from casework.talking import BY_MAIL, BY_PHONE, Reach, is_open, is_refused, reaches_of

# Parts of an identity, and the ways of reaching somebody that each of them opens.
OPENED_BY = {"phone": BY_PHONE, "email": BY_MAIL}
# What only those read and write who see her identity.
WORDS_TO_SAY = ("cover_name", "safe_word")


@transaction.atomic
def record_contact_rule(
    person: Person, *, channel: str, actor: User, replaces: UUID | None = None, **facts: Any
) -> ContactRule:
    """Say whether and when one way of reaching her is safe; it takes the place of what was said.

    `facts` are fields of ContactRule, `replaces` is the rule that the form showed. What to say is
    kept where nothing was told of it or the actor may not see it. Raises PermissionDenied,
    ValidationError.
    """
    person = lock_for_talk(person, actor)
    standing = ContactRule.objects.standing().filter(person=person, channel=channel)
    newest = standing.select_related("data_key").order_by("-recorded_at", "-pk").first()
    check_replaced(replaces, newest.pk if newest else None)
    kept = {name: getattr(newest, name) if newest else "" for name in WORDS_TO_SAY}
    named = Person.objects.named_for(actor, lasting=True).filter(pk=person.pk).exists()
    facts = {**kept, **facts} if named else {**facts, **kept}
    facts = {name: _tidy(value) for name, value in facts.items()}
    rule = ContactRule(
        person=person, data_key=person.data_key, channel=channel, recorded_by=actor, **facts
    )
    _check_rule(rule)
    rule.full_clean()
    standing.update(ended_at=timezone.now())
    rule.save()
    record(actor, "record_contact_rule", rule, note=f"{channel} {rule.is_safe}")
    _tell_case(person, actor)
    return rule


def _tidy(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _check_rule(rule: ContactRule) -> None:
    check_day("learned_on", rule.learned_on)
    check_last_day("valid_until", rule.valid_until)
    rule.days = sorted({int(day) for day in rule.days})
    if not rule.is_agreed and (rule.days or rule.since or rule.until):
        raise ValidationError(
            {"is_safe": _("Days and times are for what is safe. Take them out, or choose yes.")}
        )


def _tell_case(person: Person, actor: User) -> None:
    case = Case.objects.visible_to(actor).open().filter(person=person).first()
    if case is not None:
        record_case_event(
            case,
            CaseEvent.Code.CONTACT_RULE,
            actor=actor,
            url_name="casework:talking",
            object_id=person.pk,
        )


class Shown(NamedTuple):
    """An identity as it was handed out: its parts, those kept back, and what holds for reaching."""

    identity: PersonIdentity
    parts: dict[str, str]
    kept_back: list[str]
    reaches: list[Reach]


def hand_out(
    identity: PersonIdentity,
    names: Collection[str],
    *,
    case: Case,
    reason: str,
    override: str,
    actor: User,
) -> Shown:
    """The parts of an identity, without what would be used to reach her while that is not safe.

    To contact somebody each way has to be agreed; for another reason it is kept back only where
    somebody said that it is not safe. A coded `override` shows it all the same: the trail and the
    case remember it.
    """
    lines = reaches_of(identity.person_id)
    is_contact = reason == PersonIdentity.Reason.CONTACT
    recorded = [name for name in names if getattr(identity, name)]
    closed = [
        name
        for name, channels in OPENED_BY.items()
        if name in recorded
        and (not is_open(lines, channels) if is_contact else is_refused(lines, channels))
    ]
    if closed and override:
        if override not in ContactRule.Override.values:
            raise ValidationError({"override": _("Choose why the rule does not hold.")})
        record(actor, "override_contact", identity, case_id=case.pk, fields=closed, note=override)
        record_case_event(case, CaseEvent.Code.CONTACT_OVERRIDDEN, actor=actor)
        closed = []
    parts = {name: getattr(identity, name) if name not in closed else "" for name in names}
    return Shown(identity, parts, closed, lines)
