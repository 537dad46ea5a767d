"""Who acts: said to the database in each transaction, which shows and takes no other rows.

A request acts as its user, a job or a command as the house itself. Outside of a scope nobody acts
and the database shows no client at all. What a request says ends with its transaction, so nothing
of it can reach the next one on the same connection; what a job says ends with the job.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from accounts.logs import request_id

if TYPE_CHECKING:
    # The backend reads this module before there are models.
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Actor = AbstractBaseUser | AnonymousUser | None


@dataclass(frozen=True)
class Scope:
    """What the database is told: a user's id, or why the house itself acts; never both.

    `desk` names a task that reaches beyond the cases somebody has access to; the database asks
    for the role that goes with it. `side` is where the outermost scope came in.
    """

    user_id: str = ""
    system: str = ""
    desk: str = ""
    side: str = ""
    # The highest level that the user may see here, where it is not her own.
    level: str = ""


NOBODY = Scope()
WEB, WORKER = "web", "worker"
_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current() -> Scope:
    return _scope.get()


@contextmanager
def acting_as(user: "Actor") -> Iterator[None]:
    """Inside, the database shows what this user may see; nobody signed in sees no client."""
    with _entered(Scope(user_id=_id_of(user), side=current().side or WEB)):
        yield


@contextmanager
def system(reason: str) -> Iterator[None]:
    """Inside, the house itself acts, for a reason: jobs and commands. Of no use to the web."""
    with _entered(Scope(system=reason, side=current().side or WORKER)):
        yield


@contextmanager
def nobody() -> Iterator[None]:
    """Inside, nobody acts: for a connection whose own role sees everything, as the backup's."""
    with _entered(NOBODY):
        yield


@contextmanager
def desk(name: str) -> Iterator[None]:
    """Inside, the same user does what this desk does, if the database finds her at that desk."""
    with _entered(replace(current(), desk=name)):
        yield


def identify(user: "Actor") -> None:
    """Say who acts in the scope that is open, when that comes out only now: by a token.

    A token may open less than its owner sees.
    """
    level = getattr(user, "highest_level", "")
    _scope.set(replace(current(), user_id=_id_of(user), level=str(int(level)) if level else ""))
    _tell_all(current().side)


@contextmanager
def taking(role: str) -> Iterator[None]:
    """Inside, in the transaction that is open, the database shows what a lesser role may see."""
    before = _take(role)
    yield
    _take(before)


def _take(role: str) -> str:
    with connections["default"].connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', %s, true)", [role])
        return str(cursor.fetchone()[0])


def tell(connection: BaseDatabaseWrapper, *, is_lasting: bool = False) -> None:
    """Say who acts to the transaction that is open on a connection, or to all that follow.

    By a cursor of the driver: the question is none of the page's own. A failed transaction takes
    nothing any more, and what is rolled back next restores what was said before.
    """
    wire, scope = connection.connection, current()
    if wire is None or wire.closed or wire.info.transaction_status == TRANSACTION_STATUS_INERROR:
        return
    said = {
        "app.uid": scope.user_id,
        "app.system": scope.system,
        "app.desk": scope.desk,
        "app.level": scope.level,
        "app.request": request_id.get(),
    }
    # Tests log in as the owner, whom no policy stops: they act as the process would.
    if roles := connection.settings_dict.get("SCOPE_ROLES"):
        said["role"] = roles.get(scope.side, "none")
    clauses = ", ".join(["set_config(%s, %s, %s)"] * len(said))
    values = [part for name, value in said.items() for part in (name, value, not is_lasting)]
    with connection.wrap_database_errors, wire.cursor() as cursor:
        cursor.execute(f"SELECT {clauses}", values)


def _id_of(user: "Actor") -> str:
    return str(user.pk or "") if user else ""


@contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    token = _scope.set(scope)
    _tell_all(scope.side)
    try:
        yield
    finally:
        _scope.reset(token)
        _tell_all(scope.side)


def _tell_all(side: str) -> None:
    """To the transactions that are open. A job reads between its transactions as well."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            tell(connection)
        elif side == WORKER:
            tell(connection, is_lasting=True)
