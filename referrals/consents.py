"""The client's answer to sharing with one receiver; the newest one of each giver counts."""

from casework.agreement import Agreement, agreement_on
from casework.models import Case, Consent
from directory.models import Service


def agreement_to_share(case: Case, service: Service) -> Agreement:
    """What was said about sharing with this service, or with its institution."""
    return agreement_on(case, Consent.Purpose.REFERRAL, service.organization, service)


def last_answer(case: Case, service: Service) -> Consent | None:
    """What was last said about sharing with this receiver, a refusal included."""
    return next(iter(agreement_to_share(case, service).answers), None)


def consent_to_share(case: Case, service: Service) -> Consent | None:
    """The consent in force that is enough to share with this receiver."""
    return agreement_to_share(case, service).consent
