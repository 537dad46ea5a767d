import os

from stack.__main__ import parse
from stack.control import manage
from stack.installation import Installation


def test_words_of_a_command_are_handed_on():
    told, rest = parse(["manage", "rotate_kek", "--new", "--json"])

    assert (told.word, rest) == ("manage", ["rotate_kek", "--new", "--json"])


def test_command_runs_with_what_the_installation_knows(tmp_path, capfd):
    kept = ("PATH", "DATABASE_URL", "REDIS_URL")
    told = {name: os.environ[name] for name in kept} | {"DATA_DIR": str(tmp_path / "data")}
    installation = Installation(told | {"APP_ENV": "test"})
    installation.make()

    code = manage(installation, ["key_ring", "check", "--json"])

    assert code == 0
    assert '{"current": 1, "versions": [1]}' in capfd.readouterr().out
