"""Proposals to change an instrument: counts and codes, taken up in one draft, or put aside."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import AuditEvent
from screening import actions
from screening.models import ChangeProposal, InstrumentDraft
from tests.screening.factories import ChangeProposalFactory, HouseVersionFactory

pytestmark = pytest.mark.django_db
INSTRUMENTS = reverse("screening:instruments")


@pytest.fixture
def proposal(house):
    return ChangeProposalFactory(organization=house)


@pytest.fixture
def version(proposal):
    return proposal.instrument.versions.get()


def press(client, verb, proposal):
    address = reverse(f"screening:{verb}_proposal", args=[proposal.pk])
    return client.post(address, {"operation": uuid4()})


def page(version):
    return reverse("screening:instrument_version", args=[version.pk])


def test_editor_sees_what_is_proposed_and_what_the_talks_showed(
    signed_in, coordinator, proposal, version
):
    client = signed_in(coordinator)

    text = " ".join(client.get(page(version)).text.split())

    assert "Nobody of 40 people who could be asked said yes." in text
    assert "1 proposed change" in " ".join(client.get(INSTRUMENTS).text.split())


def test_worker_sees_no_proposal(signed_in, caseworker, proposal, version):
    client = signed_in(caseworker)

    assert "Proposed changes" not in client.get(page(version)).text
    assert press(client, "take_up", proposal).status_code == 404


def test_taken_up_it_stands_in_the_draft_and_beside_what_differs(
    signed_in, coordinator, proposal, version
):
    client = signed_in(coordinator)

    answer = press(client, "take_up", proposal)

    draft = InstrumentDraft.objects.get()
    assert answer.headers["Location"] == draft.get_absolute_url()
    assert (draft.based_on, draft.begun_by) == (version, coordinator)
    for address in (draft.get_absolute_url(), reverse("screening:compare_draft", args=[draft.pk])):
        assert "Nobody of 40 people" in client.get(address).text
    assert AuditEvent.objects.filter(verb="take_up_proposal", object_id=proposal.pk).exists()


def test_a_second_proposal_joins_the_draft_that_is_being_written(coordinator, proposal, version):
    other = ChangeProposalFactory(organization=proposal.organization, version=version)
    first = actions.take_up_proposal(proposal, actor=coordinator)

    second = actions.take_up_proposal(other, actor=coordinator)

    assert second.draft == first.draft
    assert InstrumentDraft.objects.count() == 1


def test_put_aside_it_is_asked_for_no_more(signed_in, coordinator, proposal, version):
    client = signed_in(coordinator)

    assert press(client, "set_aside", proposal).status_code == 302

    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == ("set_aside", coordinator)
    assert "Proposed changes" not in client.get(page(version)).text


def test_a_proposal_is_settled_once(signed_in, coordinator, proposal):
    actions.set_aside_proposal(proposal, actor=coordinator)

    answer = press(signed_in(coordinator), "take_up", proposal)

    assert answer.status_code == 302
    assert not InstrumentDraft.objects.exists()


@pytest.mark.parametrize("verb", ["take_up", "set_aside"])
def test_proposal_of_another_house_is_not_there(signed_in, coordinator, verb):
    assert press(signed_in(coordinator), verb, ChangeProposalFactory()).status_code == 404


@pytest.mark.parametrize("verb", ["take_up", "set_aside"])
def test_who_only_publishes_settles_none(signed_in, director, proposal, verb):
    assert press(signed_in(director), verb, proposal).status_code == 403

    proposal.refresh_from_db()
    assert proposal.state == ChangeProposal.State.OPEN


def test_a_worker_proposes_nothing(caseworker, proposal):
    with pytest.raises(PermissionDenied):
        actions.propose_change(
            proposal.instrument,
            reason="never",
            indicator="OTHER-01",
            asked=40,
            starts_on=proposal.starts_on,
            ends_before=proposal.ends_before,
            actor=caseworker,
        )


def test_the_same_finding_is_proposed_once(coordinator, proposal):
    with pytest.raises(ValidationError, match="proposed already"):
        actions.propose_change(
            proposal.instrument,
            reason=proposal.reason,
            indicator=proposal.indicator,
            asked=40,
            starts_on=proposal.starts_on,
            ends_before=proposal.ends_before,
            actor=coordinator,
        )


def test_a_published_version_says_why_it_was_written(signed_in, coordinator, proposal, version):
    taken = actions.take_up_proposal(proposal, actor=coordinator)
    after = HouseVersionFactory(
        instrument=version.instrument, organization=version.organization, version="1.1"
    )
    InstrumentDraft.objects.filter(pk=taken.draft_id).update(published=after)

    address = reverse("screening:compare_versions", args=[version.pk, after.pk])

    assert "Nobody of 40 people" in signed_in(coordinator).get(address).text
