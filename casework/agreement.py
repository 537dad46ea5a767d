"""What the answers to one question amount to, by the rules: may it be shared, kept, counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from casework.consent_rules import Age, Giver, Verdict, verdict
from casework.models import Case, Consent, Person
from casework.models.child import is_guardian_suspected
from casework.models.consent import ConsentQuerySet
from casework.models.person import YesNo
from directory.models import Service

SAID: dict[Verdict, Any] = {
    Verdict.ENOUGH: _("Agreed"),
    Verdict.NOT_ASKED: _("Not asked yet"),
    Verdict.REFUSED: _("Refused"),
    Verdict.NEEDS_OWN: _("The child has to be asked as well."),
    Verdict.NEEDS_GUARDIAN: _(
        "For somebody who may be a child a parent or guardian has to agree as well. "
        "If the age is not known, write it down as you see it."
    ),
    Verdict.NEEDS_AUTHORITY: _(
        "The guardian is suspected. Do not ask the guardian: the centre for social work decides."
    ),
}


def own_age(purpose: str) -> int:
    """From which age the own answer is enough for this purpose."""
    ages: dict[str, int] = settings.CONSENT_OWN_AGES
    return ages[purpose]


@dataclass(frozen=True)
class Agreement:
    """The last answer of each giver to one question, and what they amount to."""

    person: Person
    purpose: str
    answers: Sequence[Consent]
    is_guardian_suspected: bool = False

    @cached_property
    def verdict(self) -> Verdict:
        ages = self.person.ages_on(timezone.localdate())
        return verdict(
            {answer.given_by: bool(answer.is_given) for answer in self.standing},
            purpose=self.purpose,
            age=Age(*ages) if ages else Age(),
            own_age=own_age(self.purpose),
            assent_age=settings.CONSENT_ASSENT_AGE,
            is_guardian_suspected=self.is_guardian_suspected,
        )

    @property
    def standing(self) -> list[Consent]:
        """Answers that still say something: a yes in force, or a no."""
        return [answer for answer in self.answers if answer.is_in_force or not answer.is_given]

    @property
    def is_enough(self) -> bool:
        return self.verdict == Verdict.ENOUGH

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to be asked whose answer is missing."""
        asked = {Verdict.NEEDS_OWN, Verdict.NEEDS_GUARDIAN, Verdict.NEEDS_AUTHORITY}
        return bool(self.standing) and self.verdict in asked

    @property
    def words(self) -> str:
        return str(SAID[self.verdict])

    @property
    def consent(self) -> Consent | None:
        """The answer that stands for all of them: the person's own, where there is one."""
        if not self.is_enough:
            return None
        given = [answer for answer in self.standing if answer.is_given]
        own = (answer for answer in given if answer.given_by == Giver.OWN)
        return next(own, given[0])

    @property
    def items(self) -> set[str]:
        """What every answer that was needed covers."""
        covered = [set(answer.items) for answer in self.standing if answer.is_given]
        return set.intersection(*covered) if covered and self.is_enough else set()


def answers_about(subject: Case | Person) -> ConsentQuerySet:
    """Every answer that concerns a case or a person, for who has passed the gate of that one."""
    return Consent.objects.about(subject)


def person_of(subject: Case | Person) -> Person:
    return subject.person if isinstance(subject, Case) else subject


def agreement_on(
    subject: Case | Person,
    purpose: str,
    organization: Organization | None = None,
    service: Service | None = None,
) -> Agreement:
    """What holds now for a question; a service is covered by an answer about its institution."""
    rows = Consent.objects.about(subject).filter(
        Q(service=None) | Q(service=service), purpose=purpose, organization=organization
    )
    return Agreement(
        person_of(subject), purpose, _latest(rows), is_guardian_suspected=is_suspected(subject)
    )


def agreements(subject: Case | Person, answers: Iterable[Consent]) -> list[Agreement]:
    """One for each question among these answers, in the order they come in."""
    answers = list(answers)
    suspected = bool(answers) and is_suspected(subject)
    found: dict[tuple[Any, ...], list[Consent]] = {}
    for answer in answers:
        question = (answer.purpose, answer.organization_id, answer.service_id)
        found.setdefault(question, []).append(answer)
    return [
        Agreement(person_of(subject), key[0], _latest(rows), is_guardian_suspected=suspected)
        for key, rows in found.items()
    ]


def is_suspected(subject: Case | Person) -> bool:
    """Whether a guardian in office may not be safe, or it was said when the question was asked.

    Of what was said with an answer the last word counts.
    """
    person = person_of(subject)
    if is_guardian_suspected(person):
        return True
    rows = Consent.objects.filter(person=person).exclude(guardian_suspected=YesNo.UNKNOWN)
    last = rows.order_by("-recorded_at").values_list("guardian_suspected", flat=True).first()
    return last == YesNo.YES


def _latest(rows: Iterable[Consent]) -> list[Consent]:
    """The last answer of each giver, the newest first."""
    ordered = sorted(rows, key=lambda row: (row.given_on, row.recorded_at), reverse=True)
    last: dict[str, Consent] = {}
    for row in ordered:
        last.setdefault(row.given_by, row)
    return list(last.values())
