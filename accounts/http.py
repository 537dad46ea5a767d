"""What comes in at a door: a request of one of ours, by a method that the door answers."""

from uuid import UUID

from django.http import HttpRequest
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from accounts.engine import SessionStore
from accounts.models import User

# A form that is shown and sent at the same address.
asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


class AuthedRequest(HttpRequest):
    """A request whose user is known to be one of ours: LoginRequiredMiddleware saw to it."""

    user: User
    session: SessionStore
    htmx: HtmxDetails


def read_id(sent: str) -> UUID | None:
    """An id as it came with a request; None when it is none."""
    try:
        return UUID(sent)
    except ValueError:
        return None
