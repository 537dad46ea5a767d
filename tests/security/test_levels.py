"""A07: no page, resource, history or hit shows a field above the level of whoever asks.

Every sealed field of a client holds a word that says from which level it may be read. Everybody
opens everything there is, and no answer may hold a word of a level that she does not have.
"""

import re

import pytest

from accounts.data_dictionary import Erasure, entry_of, level_of
from accounts.levels import Level
from accounts.models import Role
from casework.models import (
    Case,
    CaseNote,
    Consent,
    EmergencyAccess,
    Person,
    PersonIdentity,
    TraffickingStatus,
    Visit,
)
from screening.models import Incident, Screening
from tests import factories
from tests.doors import ROUTES, TYPES_OF_IDS, address, furnish, key_in, opened_by
from vault.fields import SealedTextField

# Each walks through all doors; those who resemble others do so at night.
NIGHT = ["mobile", "interpreter", "director", "dpo"]
WORD = re.compile(r"Kanarinka([A-Z]+)")
# Ids of what stands behind the first part of an address; a wing's own rows where it is not told.
BEHIND = {
    "cases": {"Case"},
    "people": {"Person"},
    "visits": {"Visit"},
    "consents": {"Consent"},
    "activities": {"IncomeActivity"},
    "case-files": {"CaseFile"},
    "screening": {"Screening", "Case", "Person"},
    "referrals": {"Referral", "Case"},
    "partner": {"Referral"},
}


def word(model, name):
    # Why an emergency was asked for is read by those who review it, whatever the level.
    if model is EmergencyAccess:
        return "KanarinkaREVIEW"
    return f"Kanarinka{level_of(model, name).name}"


@pytest.fixture
def rows(caseworker, team):
    """One of everything about one client, with a word in each sealed field."""
    person = factories.PersonFactory(team=team, registered_by=caseworker)
    made = furnish(factories.AssignedCaseFactory(person=person, owner=caseworker))
    for model, found in made.items():
        # What an incident was is told by codes alone: there is no place for a word.
        if model is Incident or not entry_of(model).is_of_client:
            continue
        sealed = [n for n, t in entry_of(model).fields.items() if t.erasure == Erasure.SEALED]
        for row in found:
            for name in sealed:
                is_list = isinstance(getattr(row, name), dict)
                text = word(model, name)
                setattr(row, name, {"journey": {"acts": [text]}} if is_list else text)
            row.save(update_fields=sealed) if sealed else None
    Visit.objects.update(concern=Visit.Concern.YES)
    return made


def addresses(made):
    """Each door that reads, with the ids of what stands behind it."""
    for route in ROUTES:
        # The doors of signing in and out hold nothing of a client.
        if "GET" not in route.methods or route.name.startswith(("account_", "mfa_")):
            continue
        ids = {name for name, kind in route.arguments.items() if kind in TYPES_OF_IDS}
        if not ids:
            yield address(route)
            continue
        first, wing = route.path.strip("/").split("/")[0], route.name.partition(":")[0]
        _none, api, resource = route.path.rpartition("/api/v1/")
        resource = resource.split("/")[0] if api else "-"
        if behind := opened_by(route, made):
            yield address(route, **dict.fromkeys(ids, str(key_in(route, behind[0]))))
            continue
        for model, found in made.items():
            told = BEHIND.get(first, set())
            is_behind = model.__name__ in told or (not told and model._meta.app_label == wing)
            if is_behind or resource == entry_of(model).api:
                yield address(route, **dict.fromkeys(ids, str(found[0].pk)))


def words_shown(client, made):
    """{word: where} in all that this browser can open."""
    shown = {}
    for place in sorted(set(addresses(made))):
        answer = client.get(place)
        body = b"".join(answer) if answer.streaming else answer.content
        for found in WORD.findall(body.decode(errors="replace")):
            shown.setdefault(found, place)
    return shown


def test_A07_who_has_the_story_reads_it(signed_in, caseworker, rows):
    """The other tests would find what leaks: here it is."""
    client = signed_in(caseworker)
    case = rows[Case][0]

    body = client.get(f"/cases/{case.pk}/notes/").text + client.get(f"/cases/{case.pk}/").text
    body += str(client.get(f"/api/v1/notes/?case={case.pk}").json())

    assert {"NARRATIVE", "OPERATIONAL"} <= set(WORD.findall(body))
    shown = client.post(f"/cases/{case.pk}/identity/", {"reason": "contact"}).text
    assert "IDENTITY" in WORD.findall(shown)


def test_A07_coordinator_opens_everything_and_sees_what_is_operational(
    signed_in, coordinator, rows
):
    assert words_shown(signed_in(coordinator), rows).keys() == {"OPERATIONAL", "REVIEW"}


def test_A07_colleague_of_the_team_sees_what_is_operational(signed_in, team, house, rows):
    field = factories.UserFactory(organization=house, teams=[team], role=Role.Code.MOBILE)

    assert words_shown(signed_in(field), rows).keys() == {"OPERATIONAL"}


OUTSIDE = ["donor", "admin", *(pytest.param(who, marks=pytest.mark.slow) for who in NIGHT)]


@pytest.mark.parametrize("who", OUTSIDE)
def test_A07_whoever_has_no_access_sees_nothing(request, signed_in, rows, who):
    few = {model: found for model, found in rows.items() if model in {Case, Person, Visit}}

    assert words_shown(signed_in(request.getfixturevalue(who)), few) == {}


def test_A07_identity_does_not_open_the_story(signed_in, colleague, rows):
    factories.CaseAccessFactory(content_object=rows[Case][0], user=colleague, level=Level.IDENTITY)

    assert not {"NARRATIVE", "RESTRICTED"} & words_shown(signed_in(colleague), rows).keys()


@pytest.mark.parametrize("typed", ["KanarinkaIDENTITY", "Kanarinka"])
@pytest.mark.parametrize("who", ["coordinator", "mobile", "colleague"])
def test_A07_search_finds_no_name_for_who_may_not_see_it(request, signed_in, rows, who, typed):
    client = signed_in(request.getfixturevalue(who))

    body = client.post("/people/find/", {"q": typed}).text

    assert str(rows[Person][0].pk) not in body


def test_A07_gates_stand_at_the_level_of_what_they_guard():
    """A row is opened at the level of its sealed fields, and an API resource promises no more."""
    for model, name in [(CaseNote, "text"), (Screening, "answers"), (PersonIdentity, "name")]:
        assert level_of(model, name) >= Level.IDENTITY
    assert Screening.objects.all().level == level_of(Screening, "answers")
    statuses = entry_of(TraffickingStatus).fields
    assert TraffickingStatus.objects.all().level == max(told.level for told in statuses.values())
    # What stands above the gate of consents is sealed, and asked for by its level.
    fields = entry_of(Consent).fields.items()
    above = {name for name, told in fields if told.level > Level.OPERATIONAL}
    sealed = {field.name for field in Consent._meta.fields if isinstance(field, SealedTextField)}
    assert above - {"data_key"} == sealed
