"""What is told before a talk or a call: wishes, what is safe, what was told already."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from casework.contact_hours import Answer, Why
from casework.models import Channel, ContactRule, DoNotAsk, Person, TalkWish
from casework.models.contact import strictest
from casework.models.talk import told_already

# What can be done with a number, and with an address of mail.
BY_PHONE = (Channel.CALL, Channel.SMS, Channel.APP)
BY_MAIL = (Channel.MAIL,)


class Reach(NamedTuple):
    """One way of reaching somebody at this moment, in words."""

    channel: str
    label: Any
    answer: Answer
    said: str
    # The rules behind it; two where two records became one.
    rules: list[ContactRule]


class Talk(NamedTuple):
    """What a worker knows before talking to or calling somebody."""

    wish: TalkWish | None
    reaches: list[Reach]
    marks: list[DoNotAsk]

    @property
    def call(self) -> Reach:
        """Whether a phone call is safe now: the question of every page."""
        return next(each for each in self.reaches if each.channel == Channel.CALL)

    @property
    def known(self) -> list[Reach]:
        """The ways of which somebody said something."""
        return known_of(self.reaches)


def talk_of(person: Person, user: User, at: datetime | None = None) -> Talk:
    """All of it for one person, as codes. Three queries."""
    return Talk(wish_of(person, user), reaches_of(person.pk, at), told_already(person.pk, user))


def wish_of(person: Person, user: User) -> TalkWish | None:
    """What she wishes now. Of two, after two records became one, the safer part of each holds."""
    rows = TalkWish.objects.visible_to(user).standing().filter(person=person)
    told = list(rows.select_related("language", "dialect__language", "interpreter__data_key"))
    if not told:
        return None
    newest, *older = told
    for row in older:
        newest.is_not_from_community |= row.is_not_from_community
        newest.by_phone_only |= row.by_phone_only
    return newest


def reaches_of(person_id: UUID, at: datetime | None = None) -> list[Reach]:
    """What holds for each way of reaching a person. One query."""
    rows = ContactRule.objects.filter(person=person_id).standing().select_related("data_key")
    return reaches(rows, at)


def reaches(rows: Iterable[ContactRule], at: datetime | None = None) -> list[Reach]:
    moment = at or timezone.now()
    by_channel: dict[str, list[ContactRule]] = {channel.value: [] for channel in Channel}
    for row in rows:
        by_channel[row.channel].append(row)
    lines = []
    for channel in Channel:
        rules = by_channel[channel.value]
        answer = strictest([rule.answer_at(moment) for rule in rules])
        lines.append(Reach(channel.value, channel.label, answer, said(channel, answer), rules))
    return lines


def said(channel: str, answer: Answer) -> str:
    """An answer as a sentence that somebody in a hurry understands."""
    if answer.allowed:
        return _("Safe now, and agreed.")
    no = {
        Channel.CALL: _("Do not call"),
        Channel.IN_PERSON: _("Do not go there"),
    }.get(Channel(channel), _("Do not use it"))
    if answer.why == Why.UNSAFE:
        return _("%(no)s: it is not safe.") % {"no": no}
    if answer.why == Why.RUN_OUT:
        return _("%(no)s: what was agreed has run out. Ask again.") % {"no": no}
    if answer.why == Why.UNKNOWN:
        return _("%(no)s: nobody agreed to it.") % {"no": no}
    if answer.from_when is None:
        return _("%(no)s now.") % {"no": no}
    local = timezone.localtime(answer.from_when)
    day = f"{date_format(local, 'D')} {date_format(local, 'DATETIME_FORMAT')}"
    return _("%(no)s now. From %(day)s it is safe.") % {"no": no, "day": day}


def known_of(lines: Iterable[Reach]) -> list[Reach]:
    """The ways of which somebody said something."""
    return [each for each in lines if each.rules]


def is_open(lines: Iterable[Reach], channels: Iterable[str]) -> bool:
    """Whether any of these ways is safe now."""
    wanted = set(channels)
    return any(each.answer.allowed for each in lines if each.channel in wanted)


def is_refused(lines: Iterable[Reach], channels: Iterable[str]) -> bool:
    """Whether somebody said of these ways that they are not safe now, and none of them is."""
    of_interest = [each for each in lines if each.channel in set(channels)]
    return not is_open(of_interest, channels) and any(each.rules for each in of_interest)


def number_with_safety(person_id: UUID, number: str) -> str:
    """A number as it leaves the house: never without what holds for calling it. One query."""
    return f"{number} ({safety_of_number(person_id)})" if number else ""


def safety_of_number(person_id: UUID) -> str:
    """What holds for her number, for whoever uses it later."""
    lines = [each for each in reaches_of(person_id) if each.channel in BY_PHONE]
    known = [each for each in lines if each.rules] or lines[:1]
    return " ".join(f"{each.label}: {_of_hours(each)}" for each in known)


def _of_hours(reach: Reach) -> str:
    """What holds in general, not only at this moment: the number is used later."""
    if not reach.rules:
        return _("do not use it unless that was agreed with you.")
    if not all(rule.is_agreed for rule in reach.rules):
        return _("do not use it.")
    return "; ".join(_window(rule) for rule in reach.rules) + "."


def _window(rule: ContactRule) -> str:
    words = []
    if rule.days:
        words.append(rule.days_said)
    if rule.since and rule.until:
        hours = {"since": f"{rule.since:%H:%M}", "until": f"{rule.until:%H:%M}"}
        words.append(_("from %(since)s to %(until)s") % hours)
    words = words or [_("at any time")]
    if not rule.may_leave_message:
        words.append(_("leave no message"))
    if rule.valid_until:
        words.append(_("until %(day)s") % {"day": date_format(rule.valid_until)})
    return ", ".join(words)
