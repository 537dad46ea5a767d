import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from stack.bootstrap import INSTALLER, key
from stack.paths import ROOT

LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt", INSTALLER]
PIN = re.compile(r"^([\w.\[\]-]+)==(\S+)", re.MULTILINE)


def pins(path):
    """{package: version}, extras left out."""
    found = PIN.findall(path.read_text())
    return {re.sub(r"\[.*\]", "", name).lower(): version for name, version in found}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_hashes_and_no_index_is_named(lock):
    blocks = re.split(r"\n(?=\S)", lock.read_text().strip())

    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?:|file:|--index|--find-links", lock.read_text()) == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_lock_holds_every_direct_dependency_in_its_version(name):
    wanted = pins(ROOT / f"{name}.in")

    locked = pins(ROOT / f"{name}.txt")

    assert {package: locked.get(package) for package in wanted} == wanted


def test_tests_run_on_the_versions_that_the_product_runs_on():
    product, tests = (pins(ROOT / f"{name}.txt") for name in ("requirements", "requirements-dev"))

    both = product.keys() & tests.keys()

    assert both != set()
    assert {name: tests[name] for name in both} == {name: product[name] for name in both}


def test_product_imports_only_what_it_is_installed_with():
    apps = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    starter_for_tests = set(ROOT.glob("stack/test*.py")) | {ROOT / "stack/screenshots.py"}
    code = {path for app in apps for path in app.rglob("*.py")} - starter_for_tests
    ours = {app.name for app in apps} | set(sys.stdlib_module_names)

    imported = {name for path in code for name in imports(path)} - ours

    dists = packages_distributions()
    product = pins(ROOT / "requirements.txt")
    missing = {
        name
        for name in imported
        if not product.keys() & {d.lower().replace("_", "-") for d in dists[name]}
    }
    assert missing == set()


def imports(path):
    """The packages that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


def test_every_direct_dependency_has_its_reason():
    told = (ROOT / "docs/dependencies.md").read_text().lower()

    direct = [*pins(ROOT / "requirements.in"), *pins(ROOT / "requirements-dev.in")]

    assert [package for package in direct if f"| {package} |" not in told] == []


def test_environment_is_made_anew_when_a_lock_changes():
    assert key("run") != key("dev")


def test_oldest_python_is_the_one_that_is_promised():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["requires-python"] == ">=3.11"
