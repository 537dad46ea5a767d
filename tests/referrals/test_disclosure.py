import random
from datetime import timedelta

import pytest
from django.utils import timezone

from casework.models import Consent
from referrals import states
from referrals.disclosure import (
    BEFORE_ANSWER,
    Stage,
    age_band,
    disclosed_sheet,
    headline,
    programme_bands,
    stage_of,
)
from referrals.models import Referral
from tests import factories
from tests.referrals.conftest import OF_STATE

Item = Consent.Item
VALUES = {
    Item.CODE: lambda case: case.person.code,
    Item.AGE_BAND: lambda case: "18–24",
    Item.SEX: lambda case: "Female",
    Item.NATIONALITY: lambda case: "Afghanistan",
    Item.LANGUAGE: lambda case: "Farsi",
    Item.HANDLING: lambda case: "Speak to her alone.",
    Item.CHILD_ALONE: lambda case: "No",
    Item.MESSAGE: lambda case: "A bed for tonight.",
    Item.NAME: lambda case: "Zarmina Testowa",
    Item.PHONE: lambda case: (
        "+381 11 000 (Phone call: do not use it unless that was agreed with you.)"
    ),
    Item.DOCUMENT: lambda case: "Card 77",
    Item.ADDRESS: lambda case: "Room 4",
    Item.SCREENING: lambda case: "Presumed victim, 20 Nov 2026",
}


@pytest.fixture
def known(case):
    """A client of whom everything is known that could be shared."""
    this_year = timezone.localdate().year
    person = case.person
    person.birth_year_from, person.birth_year_to = this_year - 22, this_year - 21
    person.handling_note, person.unaccompanied_or_separated = "Speak to her alone.", "no"
    person.save()
    factories.PersonIdentityFactory(
        person=person, phone="+381 11 000", document="Card 77", address="Room 4"
    )
    factories.TraffickingStatusFactory(case=case, decided_on="2026-11-20")
    return case


def read(referral):
    return Referral.objects.with_sheet().get(pk=referral.pk)


def values(sheet):
    return {line.item: str(line.value) for line in sheet.lines if line.is_shown}


def agreed(case, items):
    return {item: str(VALUES[item](case)) for item in items}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("state", states.State)
def test_shown_is_what_was_agreed_at_every_step(state, seed, known, service):
    chance = random.Random(f"{state} {seed}")
    covered = {item for item in Item if chance.random() < 0.6}
    ticked = {item for item in Item if chance.random() < 0.6}
    consent = factories.ReferralConsentFactory(
        case=known, organization=service.organization, items=sorted(covered)
    )
    referral = OF_STATE[state](
        case=known, service=service, consent=consent, items=sorted(ticked),
        message="A bed for tonight.",
    )  # fmt: skip

    sheet = disclosed_sheet(read(referral), stage_of(read(referral)))

    both = ticked & covered
    if state in states.WAITING:
        expected, later = both & BEFORE_ANSWER, both - BEFORE_ANSWER
    elif state in states.IN_PROGRESS:
        expected, later = both, set()
    else:
        expected, later = set(), set()
    assert values(sheet) == agreed(known, expected)
    assert {line.item for line in sheet.lines if line.is_later} == later
    assert all(line.value is None for line in sheet.lines if not line.is_shown)


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": timezone.now()},
        {"given_on": "2026-01-01", "valid_until": "2026-01-02"},
        {"decision": "refused"},
    ],
    ids=["taken back", "run out", "refused"],
)
@pytest.mark.parametrize("state", sorted(states.OPEN))
def test_nothing_is_shown_without_a_consent_in_force(state, change, make, consent):
    referral = make(OF_STATE[state])
    assert stage_of(read(referral)) > Stage.NOTHING

    Consent.objects.update(**change)

    sheet = disclosed_sheet(read(referral), stage_of(read(referral)))
    assert (sheet.stage, sheet.shown, sheet.facts, sheet.is_open) == (Stage.NOTHING, [], [], False)


def test_preview_of_a_draft_is_what_the_receiver_sees_later(draft, make):
    before = disclosed_sheet(read(draft), Stage.BEFORE_ANSWER)
    after = disclosed_sheet(read(draft), Stage.AFTER_ACCEPTANCE)

    sent = read(make(factories.SentReferralFactory))
    accepted = read(make(factories.AcceptedReferralFactory))

    assert disclosed_sheet(sent, stage_of(sent)).lines == before.lines
    assert disclosed_sheet(accepted, stage_of(accepted)).lines == after.lines


def test_names_are_not_even_read_before_acceptance(sent, django_assert_num_queries):
    referral = read(sent)

    # The bands of the age band, in two queries; no identity.
    with django_assert_num_queries(2):
        disclosed_sheet(referral, stage_of(referral))


def test_what_is_not_known_is_said_to_be_not_known(make, consent):
    consent.items = [*consent.items, Item.PHONE, Item.ADDRESS, Item.SCREENING]
    consent.save()

    referral = read(make(factories.AcceptedReferralFactory, items=consent.items))
    lines = {line.item: line for line in disclosed_sheet(referral, stage_of(referral)).lines}

    assert [lines[item].value for item in (Item.PHONE, Item.ADDRESS, Item.SCREENING)] == [None] * 3
    assert lines[Item.PHONE].is_shown


def test_a_client_without_identity_has_no_name_to_show(make, named):
    named.delete()

    referral = read(make(factories.AcceptedReferralFactory))

    assert values(disclosed_sheet(referral, stage_of(referral)))[Item.NAME] == "None"


def test_safety_note_stands_apart_from_the_facts(known, service, consent):
    consent.items = [Item.CODE, Item.HANDLING]
    consent.save()
    referral = read(factories.SentReferralFactory(case=known, service=service, consent=consent))

    sheet = disclosed_sheet(referral, stage_of(referral))

    assert sheet.handling == "Speak to her alone."
    assert [line.item for line in sheet.facts] == [Item.CODE]
    assert [line.item for line in sheet.shown_lines] == [Item.CODE, Item.HANDLING]
    assert sheet.later == []
    assert len(sheet.not_shared) == len(Item) - 2


def test_headline_tells_sex_and_age_band_where_agreed(known, service, consent):
    bands = programme_bands()
    told = {}
    for items in ([Item.CODE], [Item.SEX], [Item.AGE_BAND], [Item.AGE_BAND, Item.SEX, Item.NAME]):
        consent.items = items
        consent.save()
        referral = read(
            factories.AcceptedReferralFactory(case=known, service=service, consent=consent)
        )
        told[tuple(items)] = headline(referral, bands)

    assert list(told.values()) == ["", "Female", "18–24", "Female, 18–24"]


def test_headline_of_what_is_over_is_empty(make):
    assert headline(read(make(factories.ClosedReferralFactory)), programme_bands()) == ""


def test_age_band_shares_no_year_of_birth(case):
    person = case.person
    this_year = timezone.localdate().year

    bands = programme_bands()
    person.birth_year_from = person.birth_year_to = None
    unknown = age_band(person, bands)
    person.birth_year_from = person.birth_year_to = this_year - 16
    child = age_band(person, bands)
    without_list = age_band(person, [])

    assert (unknown, child, without_list) == ("Age not known", "15–17", "Age not known")


def test_consent_that_begins_later_shows_nothing_yet(sent):
    Consent.objects.update(given_on=timezone.localdate() + timedelta(days=1))

    assert stage_of(read(sent)) == Stage.NOTHING
