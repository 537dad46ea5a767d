"""What stands in the registers of the demo: requests, a hold, an incident that is over, papers."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Organization, User
from casework.actions import review_consent_text
from casework.models import Case, ConsentText, Person
from protection import actions
from protection.models import (
    AuthorityRequest,
    Breach,
    ErasureRequest,
    LegalHold,
    PersonRequest,
    SharingAgreement,
)

Kind, Asker, Channel = PersonRequest.Kind, PersonRequest.Asker, PersonRequest.Channel

# kind, who asks, how, received so many days ago, we know and it is safe
REQUESTS = (
    (Kind.ACCESS, Asker.HERSELF, Channel.IN_PERSON, 4, True),
    (Kind.CORRECTION, Asker.LAWYER, Channel.LETTER, 33, True),
    (Kind.ERASURE, Asker.FAMILY, Channel.PHONE, 11, False),
)
# with whom, for what, how much, how often, basis, country, safeguard, number of the paper
Agreement = SharingAgreement
AGREEMENTS = (
    ("CZZTLJ", "partner", "named", "each", "consent", "RS", "inside", "ISP-2026-01"),
    ("ATINA", "partner", "named", "each", "consent", "RS", "inside", "ISP-2026-02"),
    ("IRC", "donor", "figures", "quarterly", "interest", "US", "none_needed", "ISP-2026-03"),
)


def fill_registers(until: date) -> None:
    """Lines of every register, written by the verbs that the pages use."""
    dpo, coordinator, worker = (
        User.objects.get(username=name) for name in ("dpo", "coordinator", "caseworker")
    )
    people = list(Person.objects.filter(cases__owner=worker).order_by("code").distinct()[:4])
    codes = [person.code for person in people] or [""]
    for number, (asked, asker, channel, days, is_clear) in enumerate(REQUESTS):
        actions.record_person_request(
            kind=asked,
            asker=asker,
            channel=channel,
            received_on=until - timedelta(days=days),
            code=codes[number % len(codes)],
            identity_checked=is_clear,
            is_safe=is_clear,
            details="",
            actor=worker if number == 0 else dpo,
        )
    _authorities(dpo, until)
    _incident(dpo, until)
    for partner, kind, detail, frequency, basis, country, safeguard, reference in AGREEMENTS:
        actions.record_agreement(
            partner=Organization.objects.get(code=partner),
            kind=kind,
            detail=detail,
            frequency=frequency,
            basis=basis,
            country=country,
            safeguard=safeguard,
            reference=reference,
            approved_on=until - timedelta(days=120),
            starts_on=until - timedelta(days=120),
            actor=dpo,
        )
    _erasures(coordinator, people)


def _authorities(dpo: User, until: date) -> None:
    asked = actions.record_authority_request(
        authority=AuthorityRequest.Authority.POLICE,
        reference="KU-0000/26",
        received_on=until - timedelta(days=40),
        basis=AuthorityRequest.Basis.NONE,
        scope=AuthorityRequest.Scope.BULK,
        asked="A list of everybody who was here in October.",
        actor=dpo,
    )
    actions.decide_authority_request(
        asked,
        decision=AuthorityRequest.Decision.REFUSED,
        version=asked.version,
        reasons="No basis was named, and lists are not given.",
        actor=dpo,
    )
    actions.record_authority_request(
        authority=AuthorityRequest.Authority.COURT,
        reference="K-000/26",
        received_on=until - timedelta(days=3),
        answer_by=until + timedelta(days=12),
        basis=AuthorityRequest.Basis.COURT_ORDER,
        scope=AuthorityRequest.Scope.ONE,
        asked="Whether one person was received, and on which day.",
        actor=dpo,
    )


def _incident(dpo: User, until: date) -> None:
    known = timezone.now() - timedelta(days=max((timezone.localdate() - until).days, 0) + 60)
    row = actions.report_breach(
        kind=Breach.Kind.LOST_DEVICE,
        severity=Breach.Severity.LOW,
        known_at=known,
        people_affected=0,
        was_unreadable=True,
        account="A work phone was left in a bus.",
        actor=dpo,
    )
    row = actions.change_breach(
        row,
        version=row.version,
        authority_told_at=known + timedelta(hours=20),
        measures="Sessions were ended, the phone was locked. It held no data.",
        actor=dpo,
    )
    actions.close_breach(row, version=row.version, actor=dpo)


def _erasures(coordinator: User, people: list[Person]) -> None:
    """A hold on one person, an erasure of another's case that waits for a second person."""
    if len(people) < 2:
        return
    actions.place_hold(people[0], reason=LegalHold.Reason.CRIMINAL, actor=coordinator)
    free = Case.objects.closed().filter(team__in=coordinator.team_ids, archived_on=None)
    case = free.exclude(person__in=people).select_related("person").order_by("closed_on").first()
    if case is not None:
        actions.begin_erasure(
            case.person, case=case, origin=ErasureRequest.Origin.MISTAKE, actor=coordinator
        )


def review_wordings() -> None:
    """The house of the trial has read how consent is asked; others have drafts."""
    dpo = User.objects.get(username="dpo")
    for text in ConsentText.objects.in_place(dpo.organization_id).filter(reviewed_at=None):
        review_consent_text(text, actor=dpo)
