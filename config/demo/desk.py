"""The front desk as it stands now: rules of services, cards people carry, who is in the hub."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from casework import actions
from casework.models import Card, CheckIn, Person, VisitRule
from directory.models import ServiceType

# service, hours until the next one, most on one day, kept apart from, who may set it aside
RULES = (
    ("hygiene", 24, None, (), VisitRule.Override.COORDINATOR),
    ("clothes", 168, None, (), VisitRule.Override.DESK),
    ("food", None, 3, (), VisitRule.Override.DESK),
)
Waits = CheckIn.Waits
WAITS = (Waits.NOBODY, Waits.CASEWORKER, Waits.NOBODY, Waits.INTERPRETER, Waits.NOBODY)
CARDS, HERE = 12, 7


def open_desk() -> None:
    """By the verbs of the desk itself; last because check-ins are of this very hour."""
    coordinator = User.objects.get(username="coordinator")
    worker = User.objects.get(username="caseworker")
    for code, hours, most, apart, override in RULES:
        actions.set_visit_rule(
            service_type=ServiceType.objects.get(pk=code),
            interval_hours=hours,
            most_per_day=most,
            apart_from=ServiceType.objects.filter(pk__in=apart),
            override=override,
            actor=coordinator,
        )
    people = Person.objects.visible_to(worker).order_by(
        F("last_visit_on").desc(nulls_last=True), "code"
    )
    for number, person in enumerate(people[:CARDS]):
        _give_card(person, worker, number)
        if number < HERE:
            _let_in(person, worker, number)


def _give_card(person: Person, worker: User, number: int) -> None:
    card = actions.issue_card(person, actor=worker)
    if number % 5 == 2:
        actions.replace_card(card, actor=worker)
    elif number % 5 == 4:
        actions.end_card(card, state=Card.State.LOST, actor=worker)


def _let_in(person: Person, worker: User, number: int) -> None:
    """Some minutes apart; every third has left again."""
    team = worker.teams.order_by("name")[0]
    how = CheckIn.How.CARD if number % 2 else CheckIn.How.CODE
    row = actions.check_in(
        person, team=team, how=how, waits_for=WAITS[number % len(WAITS)], actor=worker
    )
    came_at = timezone.now() - timedelta(minutes=11 * number + 4)
    CheckIn.objects.filter(pk=row.pk).update(came_at=came_at)
    if number % 3 == 2:
        actions.check_out(row, actor=worker)
