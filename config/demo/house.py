"""The invented organizations, teams, people who sign in, and grants of the demo."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import cycle
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from accounts.models import (
    Agreement,
    AgreementAcceptance,
    NoticePreference,
    Organization,
    Role,
    RoleAssignment,
    Team,
    User,
)
from config.demo.days import Calendar
from config.demo.providers import describe
from directory.models import AgeBandSet, Donor, Grant, Service

# login, name, organization, team, role
ACCOUNTS = (
    ("caseworker", "Jelena M.", "HUB-A", "hub1", Role.Code.CASEWORKER),
    ("caseworker2", "Marko P.", "HUB-A", "hub1", Role.Code.CASEWORKER),
    ("caseworker3", "Ivana T.", "HUB-A", "hub2", Role.Code.CASEWORKER),
    ("outsider", "Nikola S.", "HUB-B", "hub3", Role.Code.CASEWORKER),
    ("mobile", "Stefan R.", "HUB-A", "mobile1", Role.Code.MOBILE),
    ("operator", "Dragana K.", "HUB-A", "line1", Role.Code.PHONE_OPERATOR),
    ("interpreter", "Parisa N.", "HUB-A", "", Role.Code.INTERPRETER),
    ("coordinator", "Ana Đ.", "HUB-A", "hub1", Role.Code.COORDINATOR),
    ("director", "Milena V.", "HUB-A", "", Role.Code.LEADERSHIP),
    ("partner", "Sanja L.", "CZZTLJ", "", Role.Code.PARTNER),
    ("partner2", "Tijana B.", "ATINA", "", Role.Code.PARTNER),
    ("donor", "Alex W.", "IRC", "", Role.Code.DONOR),
    ("dpo", "Vesna G.", "HUB-A", "", Role.Code.DATA_PROTECTION),
    ("admin", "Lazar J.", "HUB-A", "", Role.Code.ADMINISTRATOR),
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
FIRST_NAMES = ("Marija", "Petar", "Sonja", "Vuk", "Tamara", "Uroš", "Nina", "Filip", "Maja", "Igor")
INITIALS = "BVGDZKLNPRSTJM"


class Desk(NamedTuple):
    """Who records something: an organization, a team of it, somebody of that team."""

    organization: UUID
    team: int
    worker: UUID


@dataclass
class House:
    """One organization's desks as the generator uses them: ids only."""

    organization: UUID
    desks: list[Desk] = field(default_factory=list)
    field_desk: Desk | None = None
    field_members: list[UUID] = field(default_factory=list)
    grants: list[tuple[UUID, date, date]] = field(default_factory=list)

    def grants_on(self, day: date) -> list[UUID]:
        """The grants that pay for work on a day."""
        return [pk for pk, first, last in self.grants if first <= day <= last]


def build(rng: Random, *, cases: int, days: Calendar, password: str) -> dict[str, House]:
    """Make organizations, teams, accounts and grants; returns the two houses by code."""
    hashed = make_password(password)
    organizations = {
        code: Organization.objects.create(
            id=new_id(rng),
            code=code,
            name_en=en,
            name_sr=sr,
            type=Organization.Type.NGO,
            is_house=True,
        )
        for code, en, sr in HOUSES
    }
    teams = {
        key: Team(name=name, organization=organizations[house], kind=kind)
        for key, name, house, kind in TEAMS
    }
    for team in teams.values():
        team.save()
    people = {row[0]: _account(rng, row, teams, hashed) for row in ACCOUNTS}
    houses = {code: House(organization.pk) for code, organization in organizations.items()}
    for login, _name, code, _team, role in ACCOUNTS:
        if role == Role.Code.CASEWORKER:
            houses[code].desks.append(_desk_of(people[login]))
    _add_colleagues(rng, houses["HUB-A"], teams, cases)
    _man_the_field(rng, houses["HUB-A"], people["mobile"], teams["mobile1"])
    _add_receivers(rng)
    describe(people)
    _add_grants(rng, houses["HUB-A"], organizations["HUB-A"], days)
    _be_told(people)
    agree()
    return houses


def _be_told(people: dict[str, User]) -> None:
    """Two who are told by mail as well; in the demo it ends in a folder."""
    for login, quiet in (("coordinator", (time(20), time(7))), ("partner", (None, None))):
        user = people[login]
        user.email = f"{login}@example.org"
        user.save(update_fields=["email"])
        NoticePreference.objects.create(
            user=user, by_mail=True, quiet_from=quiet[0], quiet_until=quiet[1]
        )


def agree() -> None:
    """Let everybody who has not yet agree to what those who work here agree to."""
    ends = timezone.localdate() + timedelta(days=300)
    AgreementAcceptance.objects.bulk_create(
        AgreementAcceptance(
            id=uuid5(user.pk, str(agreement.pk)),
            user=user,
            agreement=agreement,
            recorded_by=user,
            expires_on=ends if agreement.months else None,
        )
        for agreement in Agreement.objects.current()
        for user in User.objects.exclude(acceptances__agreement=agreement).order_by("username")
    )


def keep_password(password: str) -> bool:
    """Give every login of the demo this password; whether it was another one."""
    known = User.objects.filter(username__in=[row[0] for row in ACCOUNTS])
    old = known.values_list("password", flat=True).first()
    if old is None or check_password(password, old):
        return False
    known.update(password=make_password(password))
    return True


def _account(rng: Random, row: tuple[Any, ...], teams: dict[str, Team], hashed: str) -> User:
    login, name, organization, team, role = row
    user = User(
        id=new_id(rng),
        username=login,
        name=name,
        organization=Organization.objects.get(code=organization),
        password=hashed,
    )
    return _join(user, teams[team] if team else None, role)


def _join(user: User, team: Team | None, role: str) -> User:
    user.save()
    if team:
        user.teams.add(team)
    RoleAssignment.objects.create(user=user, role=Role.objects.get(code=role))
    return user


def _colleague(rng: Random, login: str, name: str, organization: UUID) -> User:
    """Somebody who works here and cannot sign in."""
    user = User(id=new_id(rng), username=login, name=name, organization_id=organization)
    user.set_unusable_password()
    return user


def _desk_of(user: User) -> Desk:
    return Desk(user.organization_id, user.teams.get().pk, user.pk)


def _add_colleagues(rng: Random, house: House, teams: dict[str, Team], cases: int) -> None:
    """Enough caseworkers that nobody carries more cases than a person can."""
    places = cycle((teams["hub1"], teams["hub2"]))
    for number in range(cases // CASES_PER_WORKER):
        turn, place = divmod(number, len(FIRST_NAMES))
        name = f"{FIRST_NAMES[place]} {INITIALS[(number + turn) % len(INITIALS)]}."
        user = _colleague(rng, f"worker{number + 1}", name, house.organization)
        _join(user, next(places), Role.Code.CASEWORKER)
        house.desks.append(_desk_of(user))


def _man_the_field(rng: Random, house: House, mobile: User, team: Team) -> None:
    second = _colleague(rng, "mobile2", "Nevena C.", house.organization)
    _join(second, team, Role.Code.MOBILE)
    house.field_desk = _desk_of(mobile)
    house.field_members = [mobile.pk, second.pk]


def _add_receivers(rng: Random) -> None:
    """Somebody answers referrals at each institution that takes them."""
    taking = Service.objects.filter(is_referable=True).values("organization")
    silent = Organization.objects.filter(pk__in=taking).exclude(
        users__role_assignments__role=Role.Code.PARTNER
    )
    for institution in silent.order_by("code"):
        login = f"intake-{institution.code.lower()}"
        user = _colleague(rng, login, f"{institution.code} intake", institution.pk)
        _join(user, None, Role.Code.PARTNER)


def _add_grants(rng: Random, house: House, organization: Organization, days: Calendar) -> None:
    for code, donor, en, sr, bands, before, after in GRANTS:
        first = days.day(before)
        last = date.fromordinal(days.until.toordinal() + after)
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


def new_id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
