"""Receive somebody new: a code, a visit and her answer in one go, or only a count."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from casework.actions.consents import record_consent
from casework.actions.headcounts import Counted, record_headcount
from casework.actions.people import record_identity, register_person
from casework.actions.twins import open_ticket
from casework.actions.visits import record_visit
from casework.alike import Alike
from casework.models import Consent, Headcount, Person, TwinTicket, Visit
from casework.models.consent_text import wordings_for
from casework.models.person import age_in
from casework.models.visit import Interpreting
from directory.models import AgeBand, Language


@transaction.atomic
def receive_visitor(
    *,
    team: Team,
    visit: dict[str, Any],
    person: dict[str, Any],
    actor: User,
    name: str = "",
    unlike: Iterable[Alike] = (),
    because: str = "",
    told: str = "",
) -> Visit | Headcount:
    """Register somebody new and record her visit in one go; a name opens her case.

    `person` and `visit` are the keywords of `register_person` and `record_visit`; `unlike` are
    people very like her whom the actor takes for others, and why: two people settle that later.
    `told` is her answer to keeping a record: after a no she is only counted.
    Raises PermissionDenied, ValidationError; then nothing is kept.
    """
    if told == Consent.Decision.REFUSED:
        return only_count(team, visit, person, actor)
    newcomer = register_person(team=team, actor=actor, **person)
    if name.strip():
        record_identity(newcomer, actor=actor, name=name)
    for other in unlike:
        open_ticket(
            newcomer,
            other.person,
            actor=actor,
            found_how=TwinTicket.FoundHow.TYPING,
            score=other.score,
            likeness=other.likeness,
            because=because,
        )
    if told:
        agree_to_record(newcomer, visit, actor)
    return record_visit(newcomer, team=team, actor=actor, **visit)


def agree_to_record(newcomer: Person, visit: dict[str, Any], actor: User) -> None:
    """Her yes at the desk: in her case when a name has opened one, else as hers alone."""
    language: Language = visit["language"]
    wanted = Consent.Purpose.RECORD
    record_consent(
        newcomer.cases.open().first() or newcomer,
        purpose=wanted,
        decision=Consent.Decision.GIVEN,
        channel=Consent.Channel.SPOKEN,
        language=language,
        interpreting=visit.get("interpreting", Interpreting.NOT_NEEDED),
        text=wordings_for(language, newcomer.organization_id).get(wanted),
        actor=actor,
    )


def only_count(team: Team, visit: dict[str, Any], person: dict[str, Any], actor: User) -> Headcount:
    """What was done for somebody of whom nothing is kept: all that the count has a place for."""
    moment = visit.get("at") or timezone.now()
    day = timezone.localdate(moment)
    age = age_in(day.year, person.get("birth_year_from"), person.get("birth_year_to"))
    bands = AgeBand.objects.filter(age_band_set="programme")
    line = Counted(
        1,
        person["sex"],
        next((band for band in bands if age is not None and band.holds(age)), None),
        person["nationality"],
        visit["language"],
    )
    return record_headcount(
        team=team,
        lines=[line],
        at=visit.get("at"),
        services=visit.get("services", ()),
        told=Headcount.Told.TOLD,
        grant=visit.get("grant"),
        actor=actor,
    )
