from pathlib import Path

import pytest

from stack import processes
from stack.postgres import DATABASE, OWNER, Postgres


@pytest.fixture
def server(place):
    server = Postgres(place / "data", place / "s", place / "log", throwaway=True)
    server.start()
    yield server
    server.stop()


def test_start_makes_an_owner_that_is_no_superuser_and_runs_unprivileged(server):
    columns = "rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
    rights = server.sql(f"SELECT {columns} FROM pg_roles").splitlines()  # noqa: S608 - constants

    assert [each for each in rights if each.startswith(OWNER)] == [f"{OWNER}|f|f|t|t"]
    assert server.sql("SELECT current_user", DATABASE, role=OWNER) == OWNER
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    assert f"Uid:\t{processes.database_account().uid}\t" in status


def test_server_listens_on_a_private_socket_only(server):
    assert server.sql("SHOW listen_addresses") == ""
    assert server.sockets.stat().st_mode & 0o777 == 0o700


def test_trigrams_keep_every_script(server):
    server.sql("CREATE EXTENSION pg_trgm", DATABASE, role=OWNER)

    for name in ("ليلى", "Јелена", "Đorđe"):
        assert server.sql(f"SELECT similarity('{name}', '{name}')", DATABASE) == "1"


def test_failing_statement_leaves_no_value_in_the_log(server):
    with pytest.raises(RuntimeError, match="division by zero"):
        server.sql("SELECT 1 / 0 FROM (SELECT 'Amina') AS x")

    assert "Amina" not in server.log.read_text()


def test_start_after_a_kill_finds_what_was_committed(server):
    server.sql("CREATE TABLE kept AS SELECT 7 AS number", DATABASE)
    server.sql("CHECKPOINT")

    processes.kill_group(server.process)
    server.start()

    assert server.is_new is False
    assert server.sql("SELECT number FROM kept", DATABASE) == "7"


def test_directory_of_somebody_else_is_refused(place):
    (place / "s").mkdir()
    elsewhere = place / "link"
    elsewhere.symlink_to(place / "s")

    with pytest.raises(SystemExit, match="belongs to somebody else"):
        Postgres(place / "data", elsewhere, place / "log", throwaway=True).start()
