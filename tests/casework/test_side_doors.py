"""What somebody with half a right could reach by a side door, and does not."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.actions import create_api_token
from casework import actions
from casework.actions.tracing import compare_sought
from casework.models import (
    BestInterestsStep,
    Case,
    Consent,
    ContactRule,
    Guardian,
    HouseholdMember,
    PossibleMatch,
    SoughtRelative,
    TwinTicket,
)
from protection.package import sheets_of, texts_of
from tests import factories
from tests.conftest import Browser

REASON = "She stands at the door and is afraid."


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


@pytest.fixture
def other(team, caseworker):
    return factories.PersonFactory(team=team, registered_by=caseworker)


@pytest.fixture
def hidden(house, caseworker):
    """Somebody of the same house whom this team does not see."""
    team = factories.TeamFactory(organization=house)
    return factories.PersonFactory(team=team, registered_by=caseworker)


# Emergency access reads; that she is of the reader's own team as well changes nothing


@pytest.fixture
def reader(signed_in, colleague, coordinator, dpo, case):
    """A colleague of the same team who sees the name by emergency access alone."""
    factories.PersonIdentityFactory(person=case.person)
    actions.ask_emergency_access(
        code=case.person.code, category="danger", reason=REASON, actor=colleague
    )
    return signed_in(colleague)


def test_an_emergency_writes_no_name_of_a_relative(reader, caseworker, case):
    factories.ConsentFactory(
        person=case.person, case=case, purpose=Consent.Purpose.TRACING, organization=None
    )
    sought = actions.record_sought(
        case.person, kin="sibling", name="Soheila Kazemvand", actor=caseworker
    )
    told = {"kin": "sibling", "name": "Rahele Sadrvand", "sex": "female", "may_be_told": "no"}

    added = reader.post(page("record_sought", case.person), told)
    changed = reader.post(page("change_sought", sought), {**told, "version": 1})
    ended = reader.post(page("close_sought", sought), {"version": 1, "is_found": "no"})

    assert [answer.status_code for answer in (added, changed, ended)] == [403, 403, 403]
    row = SoughtRelative.objects.select_related("data_key").get()
    assert (row.name, row.version) == ("Soheila Kazemvand", 1)


def test_an_emergency_writes_no_name_of_a_guardian(reader, colleague, case):
    type(case.person).objects.filter(pk=case.person_id).update(
        birth_year_from=2015, birth_year_to=2015
    )
    with pytest.raises(ValidationError) as error:
        actions.record_guardian(
            case.person, organization=case.organization, name="Test Staratelj", actor=colleague
        )

    assert list(error.value.message_dict) == ["name"]
    assert not Guardian.objects.exists()


def test_an_emergency_changes_no_words_to_say(reader, caseworker, case):
    actions.record_contact_rule(
        case.person, channel="call", is_safe="yes", safe_word="sunflower", actor=caseworker
    )
    rule = ContactRule.objects.get()

    reader.post(
        f"{page('record_contact_rule', case.person)}?way=call",
        {
            "channel": "call",
            "replaces": str(rule.pk),
            "is_safe": "yes",
            "answered_by": "herself",
            "safe_word": "tulip",
            "learned_on": "2026-03-01",
            "learned_from": "herself",
        },
    )

    newest = ContactRule.objects.standing().select_related("data_key").get()
    assert (newest.pk != rule.pk, newest.safe_word) == (True, "sunflower")


# Clocks of a child follow the risk of her case, whoever sees the case


@pytest.fixture
def urgent(case, caseworker):
    """A step of a child whose case, which colleagues do not see, is of high risk."""
    year = timezone.localdate().year - 12
    type(case.person).objects.filter(pk=case.person_id).update(
        birth_year_from=year, birth_year_to=year
    )
    case.person.refresh_from_db()
    Case.objects.filter(pk=case.pk).update(risk=Case.Risk.HIGH)
    return actions.begin_step(case.person, step="assessment", actor=caseworker)


def test_who_does_not_see_the_case_moves_none_of_its_clocks(signed_in, colleague, case, urgent):
    client = signed_in(colleague)

    said = client.post(page("change_child_risk", case.person), {"risk": "low"})
    client.post(page("begin_step", case.person), {"step": "identification", "risk": "low"})

    step = BestInterestsStep.objects.get(pk=urgent.pk)
    assert "The risk is changed in the case." in said.text
    assert (step.risk, step.due_at) == (Case.Risk.HIGH, urgent.due_at)


# Machines see what is operational


def test_a_machine_reads_no_note_of_a_step(caseworker, person):
    step = factories.BestInterestsStepFactory(
        person=person,
        done_at=timezone.now(),
        done_by=caseworker,
        outcome=BestInterestsStep.Outcome.values[0],
        note="The uncle came to the gate.",
    )
    scopes = ["steps:read"]
    _token, text = create_api_token(
        caseworker, label="Machine", scopes=scopes, days=9, known_scopes={*scopes}
    )

    answer = Browser(headers={"authorization": f"Token {text}"}).get(f"/api/v1/steps/{step.pk}/")

    assert answer.json()["id"] == str(step.pk)
    assert "uncle" not in answer.text


# Wordings that nobody reviewed


def test_a_draft_is_no_wording_of_an_answer(signed_in, caseworker, case):
    factories.ReviewedConsentTextFactory(organization=case.organization)
    draft = factories.ConsentTextFactory(
        organization=case.organization, language=case.person.language
    )
    told = {
        "purpose": "record",
        "decision": "given",
        "channel": "spoken",
        "language": case.person.language_id,
        "shown": str(draft.pk),
    }

    answer = signed_in(caseworker).post(page("record_consent", case), told)

    assert "Nobody has reviewed this wording yet." in answer.text
    assert not Consent.objects.exists()


# Whom one does not see


def test_who_speaks_for_a_household_unseen_goes_on_to(signed_in, caseworker, person, hidden):
    home = factories.HouseholdMemberFactory(person=hidden, role="head").household
    factories.HouseholdMemberFactory(person=person, household=home)

    answer = signed_in(caseworker).post(page("lead_household", person), {"then": ""})

    assert "Somebody speaks for this household already." in answer.text
    heads = HouseholdMember.objects.filter(role=HouseholdMember.Role.HEAD)
    assert [row.person for row in heads] == [hidden]


def test_a_pair_alike_by_a_name_one_may_not_know_is_said_to_be_known(
    signed_in, colleague, case, other
):
    factories.PersonIdentityFactory(person=case.person)
    factories.TwinTicketFactory(person=case.person, other=other, likeness=["name"])

    answer = signed_in(colleague).post(page("open_ticket", other), {"other": case.person.code})

    assert (answer.status_code, "This pair is known already." in answer.text) == (200, True)
    assert TwinTicket.objects.count() == 1


def test_whom_a_name_fits_is_told_to_who_sees_both_names(
    signed_in, caseworker, colleague, coordinator, case, other
):
    """Whoever writes down a name of her choice would learn by it what others are called."""
    factories.AssignedCaseFactory(person=other, owner=colleague)
    sought = factories.SoughtRelativeFactory(person=case.person)
    match = factories.PossibleMatchFactory(sought=sought, person=other)

    pages = {
        user: signed_in(user).get(page("tracing", case.person)).text
        for user in (caseworker, colleague, coordinator)
    }
    said = signed_in(caseworker).post(page("settle_match", match), {"is_one": "yes"})

    assert [other.code in text for text in pages.values()] == [False, False, True]
    assert said.status_code == 404


def test_a_merge_is_undone_by_who_sees_the_name_or_coordinates(
    signed_in, caseworker, colleague, coordinator, case
):
    factories.PersonIdentityFactory(person=case.person)
    merge = factories.PersonMergeFactory(person=case.person, state="done")
    merge.begin_time_to_undo()
    merge.save()

    answer = signed_in(colleague).post(page("undo_merge", merge), {"then": ""})

    merge.refresh_from_db()
    assert ("This cannot be undone from here." in answer.text, merge.state) == (True, "done")
    signed_in(coordinator).post(page("undo_merge", merge), {"then": ""})
    merge.refresh_from_db()
    assert merge.state == "undoing"


def test_names_of_relatives_count_as_questions_to_the_house(settings, signed_in, caseworker, case):
    settings.LIMITS = settings.LIMITS | {"search_everywhere": (1, 3600)}
    factories.ConsentFactory(
        person=case.person, case=case, purpose=Consent.Purpose.TRACING, organization=None
    )
    client = signed_in(caseworker)
    told = {"kin": "sibling", "sex": "female", "may_be_told": "no"}

    for name in ("Rahele Sadrvand", "Mina Sadrvand"):
        answer = client.post(page("record_sought", case.person), {**told, "name": name})

    assert "You asked the whole house very often." in answer.text
    assert "Mina Sadrvand" in answer.text
    assert SoughtRelative.objects.count() == 1


# Whom somebody is afraid of


@pytest.mark.parametrize("state", ["open", "confirmed"])
def test_who_must_not_meet_are_led_to_each_other_no_more(
    signed_in, caseworker, colleague, coordinator, case, other, state
):
    sought = factories.SoughtRelativeFactory(person=case.person)
    match = factories.PossibleMatchFactory(sought=sought, person=other)
    if state == "confirmed":
        PossibleMatch.objects.filter(pk=match.pk).update(
            state=state, first_said_by=caseworker, settled_by=colleague
        )

    actions.keep_apart(other, other=case.person, reason="afraid", actor=caseworker)

    match.refresh_from_db()
    assert match.state == PossibleMatch.State.NOT_HER
    assert other.code not in signed_in(coordinator).get(page("tracing", case.person)).text
    assert compare_sought(sought.pk) == 0


# What a guardian reads who asks for the file of a child


def test_the_file_of_a_child_says_nothing_of_a_suspected_guardian(case):
    factories.ConsentFactory(
        person=case.person,
        case=case,
        purpose=Consent.Purpose.RECORD,
        decision=Consent.Decision.REFUSED,
        organization=None,
        items=[],
        guardian_suspected="yes",
        reason="He beats her.",
    )

    told = [
        str(value) for sheet in sheets_of(case.person, []) for line in sheet.lines for value in line
    ]

    assert "He beats her." not in told
    assert [value for value in told if "uspected" in value] == []
    assert [text.said for text in texts_of(case.person)] == ["He beats her."]
