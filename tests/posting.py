"""What relay and worker do with messages that wait to leave, and servers to receive them."""

import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from accounts.models import OutboxJob
from accounts.outbox import _fan_out
from accounts.tasks import deliver
from stack.certificates import make_certificates


def leave():
    """Let everything leave that is due."""
    promised = OutboxJob.objects.filter(event="delivery_due")
    for job in promised.due().filter(task="", state=OutboxJob.State.NEW):
        _fan_out(job)
    for job in promised.due().exclude(task=""):
        deliver(str(job.pk))


class Letters:
    """What the mail server took; `answers` are given in turn instead of taking it."""

    def __init__(self):
        self.taken, self.answers = [], []

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope)
        return "250 OK"


class Listener(Controller):
    """Like the controller it is, on whatever port is free."""

    def factory(self):
        return SMTP(self.handler, hostname="mail.example")

    def _trigger_server(self):
        """Learn the port instead of knocking at port nought."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(settings):
    """A real mail server on loopback, and settings that send mail there."""
    letters = Letters()
    listener = Listener(letters, hostname="127.0.0.1", port=0)
    listener.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listener.port
    settings.EMAIL_USE_SSL, settings.OUTGOING_HOSTS = False, ["127.0.0.1"]
    settings.DEFAULT_FROM_EMAIL = "Some Name <noreply@post.example>"
    try:
        yield letters
    finally:
        listener.stop()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answers.pop(0))
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()

    def log_message(self, *args):
        """Silent."""


@contextmanager
def web_server(settings, folder):
    """A real server on loopback with a certificate of its own; it answers with `answers` in turn
    and keeps what it was asked in `asked`."""
    authority, certificate, key = make_certificates(folder)
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.asked, server.answers = [], []
    server.host = f"127.0.0.1:{server.server_port}"
    settings.OUTGOING_CA_FILE = str(authority)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
