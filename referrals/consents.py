"""The client's answer to sharing with one receiver; the newest one counts."""

from accounts.models import Organization
from casework.models import Case, Consent


def last_answer(case: Case, organization: Organization) -> Consent | None:
    """What the client last said about sharing with this receiver, a refusal included."""
    answers = case.consents.filter(purpose=Consent.Purpose.REFERRAL, organization=organization)
    return answers.select_related("language").order_by("-given_on", "-recorded_at").first()


def consent_to_share(case: Case, organization: Organization) -> Consent | None:
    """The consent in force to share with this receiver: a later refusal ends an earlier yes."""
    answer = last_answer(case, organization)
    return answer if answer is not None and answer.is_in_force else None
