"""A strongroom of the test's own, and a scanner that answers as it is told."""

import socket
import threading
from contextlib import contextmanager

import pytest

from tests.files.shelves import own_shelf

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    return own_shelf(settings, tmp_path)


class Clamd:
    """Speaks clamd's INSTREAM on a loopback port; `mood` is on, hanging or odd."""

    def __init__(self, server):
        self.server, self.mood, self.seen = server, "on", b""
        self.closing = threading.Event()

    def serve(self):
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection:
                self._answer(connection)

    def _answer(self, connection):
        if self.mood == "hanging":
            self.closing.wait(10)
            return
        reader = connection.makefile("rb")
        assert reader.read(10) == b"zINSTREAM\0"
        self.seen = b""
        while size := int.from_bytes(reader.read(4), "big"):
            self.seen += reader.read(size)
        said = b"stream: Eicar-Signature FOUND\0" if EICAR in self.seen else b"stream: OK\0"
        connection.sendall(b"UNKNOWN COMMAND\0" if self.mood == "odd" else said)


@contextmanager
def listening(server, settings, address):
    clamd = Clamd(server)
    thread = threading.Thread(target=clamd.serve, daemon=True)
    thread.start()
    settings.SCANNER = address
    try:
        yield clamd
    finally:
        clamd.closing.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


@pytest.fixture
def clamd(settings):
    server = socket.create_server(("127.0.0.1", 0))
    with listening(server, settings, f"127.0.0.1:{server.getsockname()[1]}") as clamd:
        yield clamd


@pytest.fixture
def clamd_by_socket(settings, tmp_path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "clamd"))
    server.listen()
    with listening(server, settings, f"unix:{tmp_path / 'clamd'}") as clamd:
        yield clamd
