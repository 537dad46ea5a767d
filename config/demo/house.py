"""The invented organizations, teams, people who sign in, and grants of the demo."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from accounts.models import Organization, Role, RoleAssignment, Team, User
from directory.models import AgeBandSet, Donor, Grant

# login, name, organization, team, roles
ACCOUNTS = (
    ("caseworker", "Jelena M.", "HUB-A", "hub1", ("caseworker",)),
    ("caseworker2", "Marko P.", "HUB-A", "hub1", ("caseworker",)),
    ("caseworker3", "Ivana T.", "HUB-A", "hub2", ("caseworker",)),
    ("outsider", "Nikola S.", "HUB-B", "hub3", ("caseworker",)),
    ("mobile", "Stefan R.", "HUB-A", "mobile1", ("mobile",)),
    ("operator", "Dragana K.", "HUB-A", "line1", ("phone_operator",)),
    ("interpreter", "Parisa N.", "HUB-A", "", ("interpreter",)),
    ("coordinator", "Ana Đ.", "HUB-A", "hub1", ("coordinator",)),
    ("director", "Milena V.", "HUB-A", "", ("leadership",)),
    ("partner", "Sanja L.", "CZZTLJ", "", ("partner",)),
    ("partner2", "Tijana B.", "ATINA", "", ("partner",)),
    ("donor", "Alex W.", "IRC", "", ("donor",)),
    ("dpo", "Vesna G.", "HUB-A", "", ("data_protection",)),
    ("admin", "Lazar J.", "HUB-A", "", ("administrator",)),
)
HOUSES = (
    ("HUB-A", "Hub A (invented)", "Hab A (izmišljen)"),
    ("HUB-B", "Hub B (invented)", "Hab B (izmišljen)"),
)
TEAMS = (
    ("hub1", "Hub team 1", "HUB-A", Team.Kind.HUB),
    ("hub2", "Hub team 2", "HUB-A", Team.Kind.HUB),
    ("mobile1", "Mobile team", "HUB-A", Team.Kind.MOBILE),
    ("line1", "Phone line", "HUB-A", Team.Kind.LINE),
    ("hub3", "Hub team of Hub B", "HUB-B", Team.Kind.HUB),
)
# code, donor, names, age bands, days before the last day, days after it
GRANTS = (
    ("AT-2", "IRC", "Against trafficking", "Protiv trgovine ljudima", "programme", 500, 230),
    ("CP-7", "UNICEF", "Women and children", "Žene i deca", "unicef", 730, 120),
    ("RF-1", "UNHCR", "Reception and referral", "Prihvat i upućivanje", "unhcr", 300, 60),
)
CASES_PER_WORKER = 60


@dataclass
class House:
    """One organization's desk as the generator uses it: ids only."""

    organization: UUID
    teams: list[int]
    workers: dict[int, list[UUID]]
    mobile_team: int | None = None
    mobile_worker: UUID | None = None
    grants: list[tuple[UUID, date, date]] = field(default_factory=list)


def build(rng: Random, *, cases: int, until: date, password: str) -> dict[str, House]:
    """Make organizations, teams, accounts and grants; returns the two houses by code."""
    hashed = make_password(password)
    organizations = {
        code: Organization.objects.create(
            id=new_id(rng), code=code, name_en=en, name_sr=sr, type="NGO", is_house=True
        )
        for code, en, sr in HOUSES
    }
    teams = {
        key: Team.objects.create(name=name, organization=organizations[house], kind=kind)
        for key, name, house, kind in TEAMS
    }
    people = {row[0]: _account(rng, row, teams, hashed) for row in ACCOUNTS}
    houses = {
        "HUB-A": House(
            organization=organizations["HUB-A"].pk,
            teams=[teams["hub1"].pk, teams["hub2"].pk],
            workers={
                teams["hub1"].pk: [people["caseworker"].pk, people["caseworker2"].pk],
                teams["hub2"].pk: [people["caseworker3"].pk],
            },
            mobile_team=teams["mobile1"].pk,
            mobile_worker=people["mobile"].pk,
        ),
        "HUB-B": House(
            organization=organizations["HUB-B"].pk,
            teams=[teams["hub3"].pk],
            workers={teams["hub3"].pk: [people["outsider"].pk]},
        ),
    }
    _add_colleagues(rng, houses["HUB-A"], teams, cases)
    _add_grants(rng, houses["HUB-A"], organizations["HUB-A"], until)
    return houses


def _account(rng: Random, row: tuple[Any, ...], teams: dict[str, Team], hashed: str) -> User:
    login, name, organization, team, roles = row
    user = User(
        id=new_id(rng),
        username=login,
        name=name,
        organization=Organization.objects.get(code=organization),
        password=hashed,
    )
    user.save()
    if team:
        user.teams.add(teams[team])
    for code in roles:
        RoleAssignment.objects.create(user=user, role=Role.objects.get(code=code))
    return user


def _add_colleagues(rng: Random, house: House, teams: dict[str, Team], cases: int) -> None:
    """Enough caseworkers that nobody carries more cases than a person can; they cannot sign in."""
    for number in range(cases // CASES_PER_WORKER):
        user = User(
            id=new_id(rng),
            username=f"worker{number + 1}",
            name=f"Worker {number + 1}",
            organization_id=house.organization,
        )
        user.set_unusable_password()
        user.save()
        team = house.teams[number % len(house.teams)]
        user.teams.add(team)
        house.workers[team].append(user.pk)


def _add_grants(rng: Random, house: House, organization: Organization, until: date) -> None:
    for code, donor, en, sr, bands, before, after in GRANTS:
        first, last = _days(until, -before), _days(until, after)
        grant = Grant.objects.create(
            id=new_id(rng),
            organization=organization,
            donor=Donor.objects.get(code=donor),
            code=code,
            name_en=en,
            name_sr=sr,
            starts_on=first,
            ends_on=last,
            age_band_set=AgeBandSet.objects.get(code=bands),
        )
        house.grants.append((grant.pk, first, last))


def _days(day: date, by: int) -> date:
    return date.fromordinal(day.toordinal() + by)


def new_id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
