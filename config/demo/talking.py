"""Talking safely: six invented interpreters, wishes, ways of contact, what was told already."""

from datetime import time, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from casework import actions
from casework.models import (
    Channel,
    ContactRule,
    DoNotAsk,
    Interpreter,
    InterpreterBlock,
    Person,
    TalkWish,
    Visit,
)
from casework.models.person import YesNo
from casework.models.visit import Interpreting
from directory.models import Dialect, Language

Gender, Topic, KeptIn = Interpreter.Gender, DoNotAsk.Topic, DoNotAsk.KeptIn
WISHES, MARKS, RULES = 8, 5, 6
INTERPRETED = 30


class Voice(NamedTuple):
    """An interpreter as the register begins with her."""

    name: str
    gender: str
    country: str
    languages: tuple[str, ...]
    dialects: tuple[str, ...] = ()
    login: str = ""
    comes: bool = True
    is_bound: bool = True


VOICES = (
    Voice("Parisa N.", Gender.FEMALE, "IR", ("fa", "prs"), ("tehrani", "kabuli"), "interpreter"),
    Voice("Zalmina K.", Gender.FEMALE, "AF", ("ps", "prs", "ur"), ("kandahari", "hazaragi")),
    Voice("Tavorin H.", Gender.MALE, "SY", ("ar", "kmr"), ("levantine", "badini")),
    Voice("Lamisela B.", Gender.FEMALE, "MA", ("ar", "fr"), ("maghrebi", "maghreb_french")),
    Voice("Amurzay D.", Gender.MALE, "PK", ("ps", "ur"), ("peshawari",), comes=False),
    # Has not signed yet: stands in the register and is offered to nobody.
    Voice("Osobela W.", Gender.FEMALE, "", ("so", "en"), ("northern_somali",), is_bound=False),
)


def add_talking() -> None:
    """By the verbs themselves; rules and wishes for the people of one caseworker."""
    worker, lead = (User.objects.get(username=name) for name in ("caseworker", "coordinator"))
    voices = [_voice(voice, lead) for voice in VOICES]
    people = list(
        Person.objects.visible_to(worker)
        .filter(cases__owner=worker)
        .order_by("-last_visit_on", "code")
        .distinct()
    )
    for number, person in enumerate(people[:WISHES]):
        _wish(person, number, worker)
    for number, person in enumerate(people[:RULES]):
        _rule(person, number, worker)
    for person, topic in zip(people[:MARKS], Topic.values, strict=False):
        today = timezone.localdate()
        actions.mark_do_not_ask(
            person, topic=topic, kept_in=KeptIn.NOTES, told_on=today, actor=worker
        )
    if people:
        reason, said_by = InterpreterBlock.Reason.KNOWS, InterpreterBlock.SaidBy.INTERPRETER
        actions.block_interpreter(
            people[0], interpreter=voices[1], reason=reason, said_by=said_by, actor=worker
        )
    _interpreted(voices)


def _voice(voice: Voice, lead: User) -> Interpreter:
    today = timezone.localdate()
    login = User.objects.filter(username=voice.login).first() if voice.login else None
    return actions.edit_interpreter(
        name=voice.name,
        gender=voice.gender,
        country=voice.country,
        user=login,
        languages=Language.objects.filter(pk__in=voice.languages),
        dialects=Dialect.objects.filter(pk__in=voice.dialects),
        comes_in_person=voice.comes,
        pledged_on=today - timedelta(days=100) if voice.is_bound else None,
        pledge_until=today + timedelta(days=265) if voice.is_bound else None,
        vetting=Interpreter.Vetting.PASSED,
        vetted_until=today + timedelta(days=400),
        actor=lead,
    )


def _wish(person: Person, number: int, worker: User) -> None:
    is_woman = person.sex == Person.Sex.FEMALE
    genders = TalkWish.Gender
    actions.record_talk_wish(
        person,
        interpreter_gender=genders.FEMALE if is_woman else genders.NO_MATTER,
        is_not_from_community=number % 3 == 0,
        by_phone_only=number % 4 == 3,
        dialect=Dialect.objects.filter(language=person.language_id).first(),
        read_aloud=YesNo.YES if number % 2 else YesNo.UNKNOWN,
        channel=Channel.APP if number % 2 else "",
        actor=worker,
    )


def _rule(person: Person, number: int, worker: User) -> None:
    """The first must not be called at all; of the others each holds otherwise."""
    said = (
        {"is_safe": YesNo.NO, "safe_word": "Is the blue coat ready?"},
        {"is_safe": YesNo.YES, "days": [0, 1, 2, 3, 4], "since": time(10), "until": time(14)},
        {"is_safe": YesNo.YES, "since": time(21), "until": time(1), "cover_name": "The dentist"},
        {"is_safe": YesNo.UNKNOWN},
        {"is_safe": YesNo.YES, "valid_until": timezone.localdate() + timedelta(days=20)},
        {"is_safe": YesNo.YES, "may_leave_message": True},
    )
    actions.record_contact_rule(
        person, channel=Channel.CALL, learned_on=timezone.localdate(), actor=worker, **said[number]
    )
    if number == 0:
        actions.record_contact_rule(
            person,
            channel=Channel.APP,
            is_safe=YesNo.YES,
            answered_by=ContactRule.AnsweredBy.HERSELF,
            learned_on=timezone.localdate(),
            actor=worker,
        )


def _interpreted(voices: list[Interpreter]) -> None:
    """Who interpreted at the last visits, by language."""
    ways = (Interpreting.IN_PERSON, Interpreting.BY_PHONE)
    for voice in voices:
        rows = Visit.objects.filter(
            team__organization=voice.organization_id,
            language__in=voice.languages.all(),
            interpreting__in=ways,
            interpreter=None,
        )
        newest = rows.order_by("-at", "pk").values_list("pk", flat=True)[:INTERPRETED]
        Visit.objects.filter(pk__in=list(newest)).update(interpreter=voice)
