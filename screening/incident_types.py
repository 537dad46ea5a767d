"""What an incident was: its one type by ordered questions, and the contexts that follow.

Arithmetic over coded answers; no record. Nobody is asked these questions: a worker sorts what she
was told. A question that was not answered with no stays open and is told; it never counts as no.
Sources: the order of types and the contexts after the humanitarian classification of gender-based
violence; family violence after the Serbian law, and online violence, are this project's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Answer(TextChoices):
    """What is known; what nobody spoke of is absent."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNCLEAR = "unclear", _("Not clear")
    DECLINED = "declined", _("Does not want to say")


class CoreType(TextChoices):
    """The types, in the order in which their questions stand."""

    RAPE = "rape", _("Rape")
    SEXUAL_ASSAULT = "sexual_assault", _("Sexual assault")
    PHYSICAL_ASSAULT = "physical_assault", _("Physical assault")
    FORCED_MARRIAGE = "forced_marriage", _("Forced marriage")
    DENIAL = "denial_resources", _("Denial of money, school, care or services")
    PSYCHOLOGICAL = "psychological_abuse", _("Psychological or emotional abuse")
    OTHER = "non_gbv", _("Not gender-based violence")


# The question of each type, and what belongs to it.
QUESTIONS: dict[str, tuple[Any, Any]] = {
    CoreType.RAPE: (
        _("Was there penetration without consent?"),
        _("Also by a husband, by several people, or with an object; not an attempt."),
    ),
    CoreType.SEXUAL_ASSAULT: (
        _("If not: was there unwanted sexual contact?"),
        _("Also an attempt, unwanted touching or kissing, cutting of genitals."),
    ),
    CoreType.PHYSICAL_ASSAULT: (
        _("If not: was there physical violence that was not sexual?"),
        _("Hitting, choking, cutting, burning, a weapon, acid."),
    ),
    CoreType.FORCED_MARRIAGE: (
        _("If not: was it a marriage against the person’s will?"),
        _("Also a marriage of a child."),
    ),
    CoreType.DENIAL: (
        _("If not: was the person kept from money, school, health care or services?"),
        _("Wages taken, kept from school or from contraception; not poverty as such."),
    ),
    CoreType.PSYCHOLOGICAL: (
        _("If not: was there another emotional harm?"),
        _("Threats, isolation, humiliation, harassment, messages that frighten."),
    ),
    CoreType.OTHER: (
        _("If not: was it something else, not gender-based?"),
        _("The person still gets every service."),
    ),
}
SEXUAL = (CoreType.RAPE, CoreType.SEXUAL_ASSAULT)


class Relation(TextChoices):
    """Who did it, seen from the person."""

    PARTNER = "intimate_partner", _("Partner or former partner")
    CAREGIVER = "caregiver", _("Who looks after her or him")
    FAMILY = "family", _("Another relative")
    EMPLOYER = "employer", _("Employer or superior")
    SCHOOLMATE = "schoolmate", _("Schoolmate")
    TEACHER = "teacher", _("Teacher or school staff")
    PROVIDER = "service_provider", _("Somebody who gives aid or services")
    HOUSEMATE = "housemate", _("Somebody of the same room or household")
    FAMILY_FRIEND = "family_friend", _("Family friend or neighbour")
    REFUGEE = "refugee", _("Another refugee or migrant")
    RESIDENT = "resident", _("Somebody who lives here")
    SMUGGLER = "smuggler", _("Smuggler or go-between")
    TRAFFICKER = "trafficker", _("Trafficker or exploiter")
    SECURITY = "security_force", _("Police, border guard or soldier")
    OTHER = "other", _("Somebody else")
    STRANGER = "none", _("No relation")
    UNKNOWN = "unknown", _("Not known")


class Age(TextChoices):
    CHILD = "child", _("Under 18")
    ADULT = "adult", _("18 or older")
    UNKNOWN = "unknown", _("Not known")


class Abduction(TextChoices):
    NO = "no", _("No")
    TAKEN = "taken", _("Taken away by force or deceit")
    HELD = "held", _("Held against her or his will")
    CONSCRIPTED = "conscripted", _("Forced to fight or to serve fighters")
    UNCLEAR = "unclear", _("Not clear")
    DECLINED = "declined", _("Does not want to say")


class Practice(TextChoices):
    NO = "no", _("No")
    CUTTING = "cutting", _("Cutting of genitals")
    HONOUR = "honour", _("In the name of honour")
    BRIDE_PRICE = "bride_price", _("Bride price, exchange or inheritance of wives")
    OTHER = "other", _("Another one")
    UNCLEAR = "unclear", _("Not clear")
    DECLINED = "declined", _("Does not want to say")


class Context(TextChoices):
    PARTNER_VIOLENCE = "ipv", _("Violence by a partner")
    CHILD_SEXUAL_ABUSE = "child_sexual_abuse", _("Sexual abuse of a child")
    EARLY_MARRIAGE = "early_marriage", _("Marriage of a child")
    SEXUAL_EXPLOITATION = "possible_sexual_exploitation", _("Possible sexual exploitation")
    SEXUAL_SLAVERY = "possible_sexual_slavery", _("Possible sexual slavery")
    HARMFUL_PRACTICE = "harmful_practice", _("Harmful practice")
    FAMILY_VIOLENCE = "family_violence_rs", _("Family violence in the sense of the Serbian law")
    ONLINE = "digital_violence", _("Violence online or by phone")


# By whom it counts as violence in the family: Serbian law on preventing family violence, art. 3.
OF_HOUSEHOLD = (Relation.PARTNER, Relation.CAREGIVER, Relation.FAMILY, Relation.HOUSEMATE)
# By whom it may be part of trafficking.
OF_ROUTE = (Relation.SMUGGLER, Relation.TRAFFICKER, Relation.EMPLOYER)


@dataclass(frozen=True, slots=True)
class Facts:
    """The coded facts of one incident. It has no place for a text."""

    asked: Mapping[str, str] = field(default_factory=dict)
    relation: str = Relation.UNKNOWN
    age: str = Age.UNKNOWN
    goods: str = ""
    abduction: str = ""
    practice: str = ""
    online: str = ""

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Facts":
        """Facts by code; what is empty was not spoken of. Raises ValueError for any other word."""
        facts = cls(**{name: told[name] for name in told if told[name]})
        known: Iterable[tuple[str, type[TextChoices]]] = [
            (facts.relation, Relation), (facts.age, Age), (facts.goods, Answer),
            (facts.abduction, Abduction), (facts.practice, Practice), (facts.online, Answer),
            *((answer, Answer) for answer in facts.asked.values()),
            *((name, CoreType) for name in facts.asked),
        ]  # fmt: skip
        for value, words in known:
            if value and value not in words.values:
                raise ValueError(f"Unknown code: {value}")
        return facts

    def told(self) -> dict[str, Any]:
        """As it is kept: what nobody spoke of is left out."""
        told = {
            "asked": {name: answer for name, answer in self.asked.items() if answer},
            **{name: getattr(self, name) for name in NAMES},
        }
        return {name: value for name, value in told.items() if value}

    @property
    def core_type(self) -> str:
        """The first question answered with yes decides; "" while none does.

        That it was not gender-based can be said only once every question before it was answered
        with no.
        """
        for name in CoreType.values:
            if self.asked.get(name) == Answer.YES:
                return "" if name == CoreType.OTHER and self._open_before(name) else name
        return ""

    @property
    def not_clear(self) -> list[str]:
        """Types that stay possible: asked before the one that decided, and not answered with no."""
        return self._open_before(self.core_type or CoreType.OTHER)

    def _open_before(self, name: str) -> list[str]:
        before = CoreType.values[: CoreType.values.index(name)]
        return [each for each in before if self.asked.get(each) != Answer.NO]

    @property
    def is_sexual(self) -> bool:
        return self.core_type in SEXUAL

    @property
    def is_conduct(self) -> bool:
        """Whether somebody who gives aid did it: that goes another way than the team's."""
        return self.relation == Relation.PROVIDER

    @property
    def contexts(self) -> dict[str, str]:
        """{context: yes or unclear}; what does not hold is left out."""
        if self.core_type == CoreType.OTHER:
            return {}
        sexual, marriage = self._was(*SEXUAL), self._was(CoreType.FORCED_MARRIAGE)
        child = {Age.CHILD: Answer.YES, Age.ADULT: Answer.NO}.get(Age(self.age), Answer.UNCLEAR)
        states = {
            Context.PARTNER_VIOLENCE: self._by(Relation.PARTNER),
            Context.CHILD_SEXUAL_ABUSE: _both(sexual, child),
            Context.EARLY_MARRIAGE: _both(marriage, child),
            Context.SEXUAL_EXPLOITATION: _both(sexual, _of(self.goods)),
            Context.SEXUAL_SLAVERY: _both(sexual, _of(self.abduction)),
            Context.HARMFUL_PRACTICE: _of(self.practice),
            Context.FAMILY_VIOLENCE: self._by(*OF_HOUSEHOLD),
            Context.ONLINE: _of(self.online),
        }
        return {str(name): str(state) for name, state in states.items() if state != Answer.NO}

    def _was(self, *types: str) -> str:
        if self.core_type in types:
            return Answer.YES
        return Answer.UNCLEAR if set(types) & set(self.not_clear) else Answer.NO

    def _by(self, *relations: str) -> str:
        if self.relation in relations:
            return Answer.YES
        return Answer.UNCLEAR if self.relation == Relation.UNKNOWN else Answer.NO

    @property
    def offers_other_screening(self) -> bool:
        """Whether the talk about exploitation is offered as well; it is never begun by itself."""
        exploited = {Context.SEXUAL_EXPLOITATION, Context.SEXUAL_SLAVERY}
        return (
            any(self.contexts.get(name) == Answer.YES for name in exploited)
            or self.core_type == CoreType.FORCED_MARRIAGE
            or self.relation in OF_ROUTE
        )


# The facts beside the ordered questions.
NAMES = ("relation", "age", "goods", "abduction", "practice", "online")


def _of(answer: str) -> str:
    """Yes, no or unclear of a fact that may name a kind: each kind is a yes."""
    if answer in {"", Answer.UNCLEAR, Answer.DECLINED}:
        return Answer.UNCLEAR
    return Answer.NO if answer == Answer.NO else Answer.YES


def _both(first: str, second: str) -> str:
    if Answer.NO in {first, second}:
        return Answer.NO
    return Answer.YES if first == second == Answer.YES else Answer.UNCLEAR
