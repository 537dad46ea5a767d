"""What the tests of data protection share: a ledger of their own, a life, and who asks."""

import pytest

from accounts.models import Notice, OutboxJob
from casework.models import PersonSearch
from tests import factories
from tests.screening.factories import ScreeningFactory

HERS = "Canary Farahani"


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    """The ledger's file of this test."""
    settings.ERASURE_LEDGER_FILE = str(tmp_path / "ledger" / "erasures.jsonl")
    return tmp_path / "ledger" / "erasures.jsonl"


def live(person, caseworker, name=HERS):
    """A person with one of everything, in which her name stands wherever a text can."""
    case = factories.AssignedCaseFactory(person=person, owner=caseworker)
    factories.PersonIdentityFactory(person=person, name=name, address=f"{name}, street")
    PersonSearch.objects.update_or_create(person=person, defaults={"keys": [7, 8], "parts": 2})
    visit = factories.VisitFactory(person=person, team=person.team, concern_note=name)
    factories.LeafletGivenFactory(visit=visit)
    factories.ServiceDeliveredFactory(case=case, person=person, organization=person.organization)
    factories.CaseNoteFactory(case=case, text=f"{name} said")
    factories.TraffickingStatusFactory(case=case)
    factories.IncomeActivitySessionFactory(activity__case=case)
    factories.CaseEventFactory(case=case)
    ScreeningFactory(case=case)
    factories.ClosedReferralFactory(case=case, message=f"{name} needs a bed")
    Notice.objects.create(
        user=caseworker, code="x", url_name="casework:case", object_id=str(case.pk)
    )
    OutboxJob.objects.create(event="x", dedupe_key=str(case.pk), args={"case": str(case.pk)})
    return case


@pytest.fixture
def life(person, caseworker):
    return live(person, caseworker)


@pytest.fixture
def other_life(team, caseworker):
    """Another person, who must not lose anything."""
    return live(
        factories.PersonFactory(team=team, registered_by=caseworker), caseworker, "Other Canary"
    )
