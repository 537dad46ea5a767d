"""The frame of every page about one person; each noun of hers draws its tab inside it."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions.access import require_may_write_person
from casework.actions.cases import may_open_case
from casework.actions.people import may_change_person, may_name_person
from casework.actions.visits import may_record_visit
from casework.models import Person
from casework.models.gate import leads_to


class Tab(NamedTuple):
    """One part of what is known of a person: its word, and the address that takes her id."""

    name: str
    label: Any
    url_name: str
    is_for: Callable[[Person], bool] = lambda person: True


TABS = [
    Tab("overview", _("Overview"), "casework:person"),
    Tab("family", _("Family"), "casework:family"),
    Tab("tracing", _("Tracing"), "casework:tracing"),
    Tab("child", _("Child"), "casework:child", lambda person: person.may_be_child(localdate())),
    Tab("ages", _("Age"), "casework:ages"),
    Tab("card", _("Card"), "casework:cards"),
    Tab("consents", _("Consent"), "casework:person_consents"),
    Tab("talking", _("Talking"), "casework:talking"),
    Tab("log", _("Log"), "protection:person_log"),
]


def open_person_file(pk: UUID, user: User, *, writing: bool = False) -> Person:
    """The person with what her frame shows. Raises Http404 for a stranger, PermissionDenied.

    `writing` is for the pages of a form that changes something of hers: not for emergency access.
    """
    rows = (
        Person.objects.visible_to(user)
        .select_related("language", "data_key", "team", "registered_by")
        .prefetch_related("other_languages")
    )
    person = get_object_or_404(rows, pk=pk)
    if writing:
        require_may_write_person(person, user)
    return person


def lead_on(pk: UUID, user: User) -> UUID:
    """Where the old address of a record that was merged leads. Raises Http404 for a stranger."""
    kept = leads_to(pk)
    if kept is None or not Person.objects.visible_to(user).filter(pk=kept).exists():
        raise Http404
    return kept


def person_context(
    person: Person, user: User, current: str, *, verb: str = "view_person"
) -> dict[str, Any]:
    """What `casework/person_shell.html` needs; writes the audit row of having shown it."""
    record(user, verb, person, note=current)
    shown = [tab for tab in TABS if tab.is_for(person)]
    return {
        "person": person,
        "may_change": may_change_person(user),
        "may_name": may_name_person(user),
        # The first screening opens the case: whoever may not, has nothing to start.
        "may_screen": may_open_case(user),
        "may_record_visit": may_record_visit(user) and bool(user.team_ids),
        "tabs": [{"current": tab.name == current, **tab._asdict()} for tab in shown],
    }
