"""Django's PostgreSQL backend, which says who acts at the start of each transaction."""

from django.db.backends.postgresql import base

from accounts import scope


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self) -> None:
        super().init_connection_state()
        if scope.current().side == scope.WORKER:
            scope.tell(self, is_lasting=True)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # not in the stubs
        if not autocommit and scope.current() != scope.NOBODY:
            scope.tell(self)

    def _savepoint_rollback(self, sid: str) -> None:
        # A scope that was entered or left after the savepoint is undone with it: say it again.
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # not in the stubs
        scope.tell(self)
