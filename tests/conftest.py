"""The people of the tests, few and named; each has the permissions of a real role.

`caseworker` and `colleague` share a team; `stranger` is a caseworker of another organization that
keeps its data here too. `signed_in(user)` is a browser in which one of them is signed in.
"""

import gc
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from xdist.scheduler import LoadFileScheduling

from accounts.entrance import AGREED_KEY, FACTORS_KEY
from accounts.hashers import Argon2idHasher
from accounts.models import Role
from tests import factories

# Few tests that take long: they begin first, so that no process waits at the end for another.
LONG = (
    "browser/",
    "security/test_canaries.py",
    "security/",
    "accounts/test_csrf.py",
    "test_routes.py",
)
WHOLE_PRODUCT = ("tests/browser/", "tests/security/test_canaries.py")
HERE = Path(__file__).resolve().parent

# More may gather than usual before somebody looks for garbage.
gc.set_threshold(20_000, 20, 20)

LEAST_HASHING = {"time_cost": 1, "memory_cost": 8}
FULL_HASHING = {name: getattr(Argon2idHasher, name) for name in LEAST_HASHING}

# What the test itself holds locked in its transaction is left to it.
FORGET_COUNTED = """
DELETE FROM accounts_limitcount
WHERE id IN (SELECT id FROM accounts_limitcount FOR UPDATE SKIP LOCKED)
"""


class ByFile(LoadFileScheduling):
    """Side by side, each process takes whole files; those of the whole product stay together,
    because it is started once in each process that needs it.
    """

    def _split_scope(self, nodeid):
        path = super()._split_scope(nodeid)
        return "the whole product" if path.startswith(WHOLE_PRODUCT) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFile(config, log) if config.option.dist == "loadfile" else None


def pytest_collection_modifyitems(items):
    def place(item):
        path = item.path.relative_to(HERE).as_posix()
        found = (n for n, start in enumerate(LONG) if path.startswith(start))
        return next(found, len(LONG))

    items.sort(key=place)


def pytest_collection_finish():
    """What is loaded by now stays to the end: it is not searched for garbage over and over."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_hashing():
    """Passwords are hashed as ever, with the least that Argon2 does; what the product spends on
    one is tested where `full_hashing` is asked for.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, least in LEAST_HASHING.items():
            patch.setattr(Argon2idHasher, name, least)
        yield


@pytest.fixture
def full_hashing(monkeypatch):
    for name, cost in FULL_HASHING.items():
        monkeypatch.setattr(Argon2idHasher, name, cost)


@pytest.fixture(autouse=True)
def uncounted(request):
    """What one test counted towards a limit is no matter of the next; it is kept outside of the
    test's transaction, like the product does.
    """
    uses_database = {"db", "transactional_db"}.intersection(request.fixturenames)
    if not uses_database and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("db")
    yield
    if connection.in_atomic_block and anything_counted():
        with closing(connection.copy()) as own, own.cursor() as cursor:
            cursor.execute(FORGET_COUNTED)


def anything_counted():
    raw = connection.connection
    if raw is None or raw.closed or raw.info.transaction_status == TRANSACTION_STATUS_INERROR:
        return True
    with raw.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute("SELECT EXISTS (SELECT FROM accounts_limitcount)")
        return cursor.fetchone()[0]


@pytest.fixture(scope="module")
def file_long(django_db_setup, django_db_blocker):
    """A transaction around all tests of a file, for a world that takes long to make."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def team(db):
    """The hub team of the house."""
    return factories.TeamFactory(name="Hub")


@pytest.fixture
def house(team):
    return team.organization


@pytest.fixture
def caseworker(team, house):
    return factories.UserFactory(
        name="Clara Worker", organization=house, teams=[team], role=Role.Code.CASEWORKER
    )


@pytest.fixture
def colleague(team, house):
    """A caseworker of the same team, without access to the caseworker's cases."""
    return factories.UserFactory(
        name="Cole League", organization=house, teams=[team], role=Role.Code.CASEWORKER
    )


@pytest.fixture
def stranger(db):
    """A caseworker of another organization in the same installation."""
    other = factories.TeamFactory(name="Elsewhere")
    return factories.UserFactory(
        name="Stan Ranger",
        organization=other.organization,
        teams=[other],
        role=Role.Code.CASEWORKER,
    )


@pytest.fixture
def coordinator(team, house):
    return factories.UserFactory(
        name="Cora Dinator", organization=house, teams=[team], role=Role.Code.COORDINATOR
    )


@pytest.fixture
def mobile(house):
    """A worker of the house's mobile team."""
    field = factories.TeamFactory(name="Mobile", organization=house, kind="mobile")
    return factories.UserFactory(
        name="Mo Bile", organization=house, teams=[field], role=Role.Code.MOBILE
    )


@pytest.fixture
def operator(house):
    line = factories.TeamFactory(name="Line", organization=house, kind="line")
    return factories.UserFactory(
        name="Opal Rator", organization=house, teams=[line], role=Role.Code.PHONE_OPERATOR
    )


@pytest.fixture
def interpreter(house):
    return factories.UserFactory(name="Inge Preter", organization=house, role=Role.Code.INTERPRETER)


@pytest.fixture
def director(house):
    return factories.UserFactory(name="Dee Rector", organization=house, role=Role.Code.LEADERSHIP)


@pytest.fixture
def partner(db):
    """Somebody of an institution that receives referrals and keeps no data here."""
    institution = factories.OrganizationFactory(name_en="Receiving institution")
    return factories.UserFactory(
        name="Paul Artner", organization=institution, role=Role.Code.PARTNER
    )


@pytest.fixture
def donor(db):
    funder = factories.OrganizationFactory(name_en="Funder")
    return factories.UserFactory(name="Dona Tor", organization=funder, role=Role.Code.DONOR)


@pytest.fixture
def admin(house):
    return factories.UserFactory(name="Ada Min", organization=house, role=Role.Code.ADMINISTRATOR)


@pytest.fixture
def dpo(house):
    return factories.UserFactory(
        name="Dora Protect", organization=house, role=Role.Code.DATA_PROTECTION
    )


@pytest.fixture
def person(caseworker, team):
    """A coded woman of the hub team, without a case."""
    return factories.PersonFactory(team=team, registered_by=caseworker)


@pytest.fixture
def case(caseworker, person):
    """The caseworker's own open case."""
    return factories.AssignedCaseFactory(person=person, owner=caseworker)


class Browser(Client):
    """A browser of somebody who did what there is to do between signing in and the first page."""

    def force_login(self, user, backend="accounts.backends.RoleBackend", *, fresh=True):
        super().force_login(user, backend)
        at = time.time() - (0 if fresh else 3600)
        session = self.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [{"method": "mfa", "at": at}]
        session[FACTORS_KEY] = session[AGREED_KEY] = True
        session.save()


@pytest.fixture
def client():
    return Browser()


def browser_of(user, fresh=True):
    """A browser in which this user is signed in; with `fresh=False` she confirmed it long ago."""
    browser = Browser()
    browser.force_login(user, fresh=fresh)
    return browser


@pytest.fixture
def signed_in():
    """`signed_in(user)`: a browser in which this user is signed in and just confirmed who she is.

    `signed_in(user, fresh=False)`: she did so long ago, so dangerous pages ask her first.
    """
    return browser_of
