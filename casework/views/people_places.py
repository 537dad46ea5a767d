"""The four lists of people: who was here, what is unfinished, who may be one, who may belong."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.actions.tracing import may_trace
from casework.actions.twins import may_settle_twins


def people_places(user: User, current: str) -> list[dict[str, Any]]:
    """The lists this user may open, for `casework/_people_places.html`."""
    places = [
        ("casework:people", _("Last here"), True),
        ("casework:unfinished", _("Half-finished"), True),
        ("casework:twin_list", _("Possible doubles"), may_settle_twins(user)),
        ("casework:matches", _("Tracing"), may_trace(user)),
    ]
    return [
        {"url_name": url_name, "label": label, "current": url_name == current}
        for url_name, label, may_open in places
        if may_open
    ]
