import socket

import pytest

from files import scanner
from tests.files.conftest import EICAR


def test_D04_scanner_says_what_is_harmful(clamd):
    assert scanner.is_harmless(b"a" * 200_000)
    assert clamd.seen == b"a" * 200_000
    assert not scanner.is_harmless(b"before" + EICAR)


def test_D04_scanner_behind_a_socket_file_is_asked_as_well(clamd_by_socket):
    assert scanner.is_installed()
    assert scanner.is_harmless(b"a")
    assert not scanner.is_harmless(EICAR)


def test_D04_scanner_that_hangs_is_away(clamd, monkeypatch):
    monkeypatch.setattr(scanner, "PATIENCE_SECONDS", 0.2)
    clamd.mood = "hanging"

    with pytest.raises(scanner.ScannerAwayError):
        scanner.is_harmless(b"a")


def test_D04_scanner_that_says_something_else_is_away(clamd):
    clamd.mood = "odd"

    with pytest.raises(scanner.ScannerAwayError):
        scanner.is_harmless(b"a")


def test_D04_scanner_that_hangs_up_is_away(clamd, monkeypatch):
    monkeypatch.setattr(type(clamd), "_answer", lambda self, connection: connection.recv(10))

    with pytest.raises(scanner.ScannerAwayError):
        scanner.is_harmless(b"a")


def test_D04_scanner_that_does_not_listen_is_away(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.SCANNER = f"127.0.0.1:{server.getsockname()[1]}"

    with pytest.raises(scanner.ScannerAwayError):
        scanner.is_harmless(b"a")


def test_an_installation_says_that_it_has_no_scanner(settings):
    settings.SCANNER = "none"

    assert not scanner.is_installed()
