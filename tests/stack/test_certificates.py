"""HTTPS on this machine: cookies with the strictest names need it."""

import http.client
import os
import ssl
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from stack import processes, programs
from stack.certificates import make_certificates
from stack.healthy import answers
from stack.installation import Installation
from stack.paths import ROOT, tail
from stack.run import shown_certificate
from stack.testbrowser import free_port


def test_files_are_ours_alone_and_made_once(tmp_path):
    first = make_certificates(tmp_path / "tls")
    before = [path.read_bytes() for path in first]

    assert make_certificates(tmp_path / "tls") == first
    assert [path.read_bytes() for path in first] == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in first} == {0o600}


def test_certificate_that_is_nearly_over_is_made_anew(tmp_path):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=340)):
        old = make_certificates(tmp_path).certificate.read_bytes()

    assert make_certificates(tmp_path).certificate.read_bytes() != old


def test_plain_start_shows_none(tmp_path):
    assert shown_certificate(Installation({"DATA_DIR": str(tmp_path)})) == []


@pytest.fixture
def served(tmp_path, database_url):
    """The web process over HTTPS, in the form the starter gives it; (address, authority)."""
    port = free_port()
    told = {"DATA_DIR": str(tmp_path / "data"), "HTTPS": "1", "PORT": str(port)}
    installation = Installation(os.environ | told)
    installation.make()
    env = (
        os.environ | told | {"COOKIES_SECURE": "true", "DATABASE_URL": database_url("casework_web")}
    )
    words = ["--bind", f"127.0.0.1:{port}", *shown_certificate(installation)]
    log = tmp_path / "web.log"
    child = processes.start(programs.command("web", words), log=log, env=env, cwd=ROOT)
    authority = installation.certificates / "ca.pem"
    while not answers(f"{installation.address}healthz", authority=authority):
        assert child.poll() is None, tail(log)
    yield port, authority
    processes.stop(child)


@pytest.mark.django_db(transaction=True)
def test_J03_cookies_are_bound_to_the_host(served):
    port, authority = served
    context = ssl.create_default_context(cafile=authority)
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context)

    connection.request("GET", "/first/")
    response = connection.getresponse()
    response.read()
    connection.close()

    cookies = response.headers.get_all("Set-Cookie") or []
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-csrf"]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookies[0].split("; "))


def test_module_says_nothing_and_makes_the_files(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "stack.certificates", tmp_path], cwd=ROOT, capture_output=True
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ca.pem",
        "server-key.pem",
        "server.pem",
    ]
