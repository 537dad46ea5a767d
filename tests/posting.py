"""What relay and worker do with messages that wait to leave, and a mail server to receive them."""

from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from accounts.models import OutboxJob
from accounts.outbox import _fan_out
from accounts.tasks import deliver


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
