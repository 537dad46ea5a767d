import json
import re
import shutil
import subprocess

import pytest
import yaml

from stack.paths import ROOT
from stack.programs import COMMANDS
from stack.steps import STEPS

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
# What runs to its end instead of staying.
BY_HAND = ("prepare", "backup")


def test_compose_starts_all_processes_and_servers():
    assert {*SERVICES} == {*COMMANDS, *BY_HAND, "postgres", "redis", "proxy"}


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_unprivileged_and_cannot_write_its_own_files(name):
    service = SERVICES[name]

    assert service["user"].split(":")[0].isdecimal()
    assert service["user"].split(":")[0] != "0"
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in BY_HAND])
def test_service_that_stays_is_looked_after(name):
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"]


def test_only_the_proxy_is_reachable_from_outside():
    open_ports = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}

    assert open_ports == {"proxy": ["80:8080", "443:8443"]}
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_no_secret_stands_in_the_file():
    text = (ROOT / "docker-compose.yml").read_text()
    words = [
        (name, value)
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if re.search("PASSWORD|SECRET|KEY|URL", name)
    ]

    assert [pair for pair in words if not str(pair[1]).startswith("/run/secrets/")] == [
        ("KEY_RING_READABLE_BY_GROUP", "true")
    ] * len([each for each in SERVICES.values() if "environment" in each and "build" in each])
    assert re.findall(r"\$\{\w+:-", text) == []


def test_secrets_of_a_service_are_declared_and_each_role_gets_its_own():
    used = {name: set(each.get("secrets", [])) for name, each in SERVICES.items()}

    assert set.union(*used.values()) == set(COMPOSE["secrets"])
    holders = {
        role: sorted(name for name, found in used.items() if f"database_{role}_url" in found)
        for role in ("owner", "web", "worker", "relay", "seal")
    }
    assert holders == {
        "owner": ["backup", "prepare"],
        "web": ["web"],
        "worker": ["worker"],
        "relay": ["beat", "relay"],
        "seal": ["sealer"],
    }


def test_make_secrets_makes_what_compose_reads_and_replaces_nothing(place):
    command = [shutil.which("sh"), str(ROOT / "docker/make-secrets"), str(place / "secrets")]
    wanted = {each["file"].removeprefix("./secrets/") for each in COMPOSE["secrets"].values()}

    first = subprocess.run(command, capture_output=True, text=True, check=True)
    before = {path.name: path.read_text() for path in (place / "secrets").iterdir()}
    subprocess.run(command, capture_output=True, check=True)

    assert {*before} == wanted - {"tls_certificate", "tls_key"}
    assert first.stderr.count("Still missing") == 2
    assert {path.name: path.read_text() for path in (place / "secrets").iterdir()} == before
    assert {path.stat().st_mode & 0o777 for path in (place / "secrets").iterdir()} == {0o440}
    assert json.loads(before["key_ring"])["current"] == 1


def test_containers_run_the_commands_of_the_starter():
    assert {name: SERVICES[name]["command"][0] for name in COMMANDS} == {n: n for n in COMMANDS}
    assert SERVICES["prepare"]["entrypoint"] == ["python", "-m", "stack.prepare"]
    assert set(SERVICES["prepare"]["command"]) < set(STEPS)


def test_backup_waits_to_be_called_and_changes_nothing_of_the_house():
    backup = SERVICES["backup"]

    assert (backup["profiles"], backup["restart"]) == (["tools"], "no")
    assert [each for each in backup["volumes"] if not each.endswith(":ro")] == [
        "./backups:/var/backups"
    ]


def test_what_must_outlive_a_container_lies_in_a_volume():
    for name in ("web", "worker", "prepare"):
        assert "house:/var/casework" in SERVICES[name]["volumes"]
        for variable in ("FILES_DIR", "ERASURE_LEDGER_FILE"):
            assert SERVICES[name]["environment"][variable].startswith("/var/casework/")


def test_image_runs_unprivileged_and_builds_its_database_driver():
    text = (ROOT / "Dockerfile").read_text()

    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]
    assert "--require-hashes --no-binary psycopg2-binary" in text


def test_image_holds_every_package_of_the_house():
    told = (ROOT / ".dockerignore").read_text().split()

    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}

    assert {app for app in apps if f"!{app}" not in told} == set()
