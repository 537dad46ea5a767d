"""Families and children as they stand now: households, relations, guardians, clocks, ages."""

from datetime import timedelta
from itertools import cycle

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organization, User
from casework import actions
from casework.actions.terms import due_at
from casework.models import (
    AgeEstimate,
    BestInterestsStep,
    Care,
    Guardian,
    HouseholdMember,
    KeepApart,
    Person,
    Relation,
)
from casework.models.person import ADULT, YesNo

FAMILIES, APART, ALONE, AGES = 4, 2, 6, 3
Step, Kind = BestInterestsStep.Step, Relation.Kind
# Hours since each of the next steps began: some are late, some are due, some have time.
SINCE = (2, 30, 80, 12, 50, 100)
NEXT = cycle((Step.ASSESSMENT, Step.PLAN, Step.REVIEW))
PAPER_FROM = "BG"
FOUND = "Wants to stay with the other boys. Asked after an aunt in the north."


def add_families() -> None:
    """By the verbs themselves, for the people of one caseworker."""
    worker = User.objects.get(username="caseworker")
    seen = Person.objects.visible_to(worker).order_by("-last_visit_on", "code")
    oldest_child = timezone.localdate().year - ADULT + 1
    women = seen.filter(sex=Person.Sex.FEMALE, birth_year_to__lt=oldest_child - 2)
    children = seen.filter(birth_year_from__gt=oldest_child)
    with_family = children.exclude(unaccompanied_or_separated=YesNo.YES)
    for mother in women[:FAMILIES]:
        _family(mother, with_family, worker)
    for woman in women[FAMILIES : FAMILIES + APART]:
        _apart(woman, seen, worker)
    alone = list(children.filter(unaccompanied_or_separated=YesNo.YES)[:ALONE])
    for number, child in enumerate(alone):
        _alone(child, number, worker)
    for child in alone[:AGES]:
        _ages(child, worker)


def _free(people: QuerySet[Person], of: Person) -> QuerySet[Person]:
    """Those from the same country who are in no household yet."""
    taken = HouseholdMember.objects.current().values("person")
    return people.filter(nationality=of.nationality).exclude(pk=of.pk).exclude(pk__in=taken)


def _family(mother: Person, children: QuerySet[Person], worker: User) -> None:
    head = HouseholdMember.Role.HEAD
    actions.join_household(mother, role=head, actor=worker)
    for child in _free(children, mother)[:2]:
        actions.join_household(child, beside=mother, actor=worker)
        actions.relate(
            child,
            other=mother,
            kind=Kind.MOTHER,
            is_caregiver=True,
            is_known_to_both=True,
            actor=worker,
        )
        actions.record_care(
            child,
            situation=Care.Situation.ACCOMPANIED,
            arrangement=Care.Arrangement.PARENT,
            actor=worker,
        )


def _apart(woman: Person, people: QuerySet[Person], worker: User) -> None:
    """Somebody who came with a man she is afraid of: his file says nothing of it."""
    men = _free(people.filter(sex=Person.Sex.MALE), woman)
    man = men.filter(birth_year_to__lt=timezone.localdate().year - ADULT - 2).first()
    if man is None:
        return
    basis = Relation.Basis.BELIEVED
    actions.relate(woman, other=man, kind=Kind.SAYS_RELATIVE, basis=basis, actor=worker)
    actions.keep_apart(woman, other=man, reason=KeepApart.Reason.AFRAID, actor=worker)


def _alone(child: Person, number: int, worker: User) -> None:
    separated = number % 3 == 2
    situation = Care.Situation.SEPARATED if separated else Care.Situation.UNACCOMPANIED
    arrangement = Care.Arrangement.KINSHIP if separated else Care.Arrangement.RESIDENTIAL
    actions.record_care(child, situation=situation, arrangement=arrangement, actor=worker)
    first = BestInterestsStep.objects.waiting().get(person=child)
    actions.finish_step(first, outcome=first.Outcome.NEXT, note=FOUND, actor=worker)
    step = actions.begin_step(child, step=next(NEXT), actor=worker)
    began_at = timezone.now() - timedelta(hours=SINCE[number])
    BestInterestsStep.objects.filter(pk=step.pk).update(
        began_at=began_at, due_at=due_at(began_at, step.risk)
    )
    centre = Organization.objects.get(code="CSR")
    guardian = actions.record_guardian(
        child, organization=centre, kind=Guardian.Kind.TEMPORARY, actor=worker
    )
    if number == 1:
        actions.doubt_guardian(
            guardian,
            is_suspected=True,
            doubt="Asked twice where the boy sleeps, and came without being called.",
            version=guardian.version,
            actor=worker,
        )


def _ages(child: Person, worker: User) -> None:
    """What the child says, in the calendar of home, and what a paper of the way here says."""
    born = child.birth_year_from or timezone.localdate().year - ADULT
    actions.record_age(
        child,
        source=Person.BirthYearSource.STATED,
        birth_year_from=born,
        birth_year_to=born + 1,
        is_about=True,
        written=f"{born}-03-21/{born + 1}-03-20",
        is_chosen=True,
        actor=worker,
    )
    actions.record_age(
        child,
        source=Person.BirthYearSource.DOCUMENT,
        country=PAPER_FROM,
        certainty=AgeEstimate.Certainty.GUESS,
        birth_year_from=born - 4,
        birth_year_to=born - 4,
        is_about=True,
        written=f"{born - 4}-01-01~",
        actor=worker,
    )
