import re
import subprocess
import sys

import pytest

from stack.__main__ import PROFILES
from stack.demo import LOGINS
from stack.paths import ROOT

INTERFACES = (ROOT / "docs/interfaces.md").read_text()


def test_every_promised_word_of_make_exists():
    promised = set(re.findall(r"^\| `make ([\w-]+)`.*\| now \|$", INTERFACES, re.MULTILINE))
    makefile = re.search(r"^WORDS = (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert promised - set(makefile[1].split()) == set()
    assert set(makefile[1].split()) - {*PROFILES} == set()


def test_every_promised_login_is_named_at_the_start():
    promised = re.findall(r"^\| `(\w+)` \|", INTERFACES, re.MULTILINE)

    assert [login for login in LOGINS if login not in promised] == []
    assert {*LOGINS} == {login for login in promised if login in LOGINS} != set()


@pytest.mark.parametrize("module", ["stack", "stack.run", "stack.control"])
def test_starter_needs_nothing_installed(module):
    """It runs before there is an environment, so it may import the standard library only."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}"
    if module == "stack":
        code += ".__main__"

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_ci_runs_what_a_developer_runs():
    lines = (ROOT / ".ci/run").read_text().splitlines()

    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
