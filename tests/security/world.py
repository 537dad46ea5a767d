"""Two hubs, two organizations, everybody who can try a door, and one of everything behind it.

The personas and relations of the access matrix. Names of columns and rows of `access_matrix.csv`
come from here.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from accounts.actions.tokens import create_api_token
from accounts.models import Role
from casework.models import Case, CaseBlock, PersonIdentity
from config.api import known_scopes
from referrals.models import Referral
from tests import factories
from tests.conftest import browser_of
from tests.doors import furnish, furnish_whole

# {column: who}; A0 and TK have no account of their own.
PERSONAS = {
    "A0": "anonymous",
    "CW1": "assigned caseworker of hub 1",
    "CW2": "caseworker of hub 1, not assigned",
    "CW3": "caseworker of hub 2",
    "OUT": "caseworker of another organization in the house",
    "MO": "mobile worker of hub 1",
    "OP": "phone operator",
    "IN": "interpreter",
    "CO1": "coordinator",
    "CO2": "coordinator of the other organization",
    "LE": "leadership",
    "DPO": "data protection",
    "RE": "donor",
    "IT": "administrator",
    "PU": "partner that the referrals are for",
    "PU2": "another partner",
    "EX": "caseworker of hub 1 who has left",
    "TK": "token of the assigned caseworker, all scopes",
}
# {row: what stands behind the address}
OBJECTS = {
    "hub1": "assigned to CW1",
    "hub2": "of the other team, assigned to CW3",
    "house2": "of the other organization",
    "sealed": "of hub 1, assigned to CW1 and sealed",
    "blocked": "of hub 1, assigned to CW1, who has a conflict of interest",
    "archived": "of hub 1, assigned to CW1, waiting to be erased",
    "nobody": "an id that nothing has",
}
# The objects with which all else of their house is made, and who coordinates there.
COORDINATORS = {"hub1": "CO1", "house2": "CO2"}
NOBODY = UUID("00000000-0000-4000-8000-000000000001")
CANARY = "Kanarinka"


@dataclass
class World:
    """`rows[object][model]` are the rows behind the addresses; `people[column]` who tries, each
    with one browser that stays the same."""

    people: dict = field(default_factory=dict)
    browsers: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    shared: list = field(default_factory=list)
    token: str = ""


def build():
    """Make it all; needs a database in which everything is undone later."""
    world = World()
    house, other = factories.HouseFactory(), factories.HouseFactory()
    hub1, hub2 = (factories.TeamFactory(organization=house) for _ in range(2))
    elsewhere = factories.TeamFactory(organization=other)
    world.people = _people(house, other, hub1, hub2, elsewhere)
    world.browsers = {column: browser_of(user) for column, user in world.people.items()}
    owners = {"hub2": ("CW3", hub2), "house2": ("OUT", elsewhere)}
    for name in OBJECTS:
        if name != "nobody":
            owner, team = owners.get(name, ("CW1", hub1))
            world.rows[name] = _behind(world, name, owner, team)
    case = world.rows["sealed"][Case][0]
    case.is_sealed = True
    case.save()
    CaseBlock.objects.create(
        case=world.rows["blocked"][Case][0],
        user=world.people["CW1"],
        reason=CaseBlock.Reason.choices[0][0],
        blocked_by=world.people["CO1"],
    )
    today = timezone.localdate()
    case = world.rows["archived"][Case][0]
    case.archived_on = case.person.archived_on = today
    case.save()
    case.person.save()
    receiver = next(row for row in world.rows["hub1"][Referral] if row.sent_at).organization
    world.people["PU"].organization = receiver
    world.people["PU"].save()
    _token, world.token = create_api_token(
        world.people["CW1"],
        label="matrix",
        scopes=sorted(known_scopes()),
        days=1,
        known_scopes=known_scopes(),
    )
    return world


def _people(house, other, hub1, hub2, elsewhere):
    def somebody(role, organization=house, *teams, **fields):
        return factories.UserFactory(organization=organization, teams=teams, role=role, **fields)

    code = Role.Code
    return {
        "CW1": somebody(code.CASEWORKER, house, hub1),
        "CW2": somebody(code.CASEWORKER, house, hub1),
        "CW3": somebody(code.CASEWORKER, house, hub2),
        "OUT": somebody(code.CASEWORKER, other, elsewhere),
        "MO": somebody(code.MOBILE, house, hub1),
        "OP": somebody(code.PHONE_OPERATOR, house, hub1),
        "IN": somebody(code.INTERPRETER, house, hub1),
        "CO1": somebody(code.COORDINATOR, house, hub1),
        "CO2": somebody(code.COORDINATOR, other, elsewhere),
        "LE": somebody(code.LEADERSHIP),
        "DPO": somebody(code.DATA_PROTECTION),
        "RE": somebody(code.DONOR, factories.OrganizationFactory()),
        "IT": somebody(code.ADMINISTRATOR),
        "PU": somebody(code.PARTNER, factories.OrganizationFactory()),
        "PU2": somebody(code.PARTNER, factories.OrganizationFactory()),
        "EX": somebody(
            code.CASEWORKER, house, hub1, leaves_on=timezone.localdate() - timedelta(days=1)
        ),
    }


def _behind(world, name, owner, team):
    """A case of this owner with one of everything that hangs on it; once a house, on the house."""
    user = world.people[owner]
    person = factories.PersonFactory(team=team, registered_by=user)
    case = factories.AssignedCaseFactory(person=person, owner=user)
    coordinator = COORDINATORS.get(name)
    if coordinator:
        made = furnish_whole(case, world.people[coordinator])
    else:
        made = furnish(case, of_house=False)
    for identity in PersonIdentity.objects.filter(person=person):
        identity.name = CANARY
        identity.save()
    return made
