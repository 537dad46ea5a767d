"""Forms that met a closed door: sealed away, and shown again to their owner."""

import json
from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest

from accounts.actions.sessions import keep_draft
from accounts.models import Draft, Session

# Fields that are typed anew: what they hold is worth more than the typing.
NEVER_KEPT = ("password", "code", "credential", "secret", "csrfmiddlewaretoken")


class Kept(NamedTuple):
    """What was typed: where it was going, its fields, and whether files came with it."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def keep(row: Session, request: HttpRequest) -> Draft:
    """Seal the form of this request for the session's owner."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in NEVER_KEPT)
        for value in values
    ]
    kept = Kept(request.get_full_path(), fields, bool(request.FILES))
    return keep_draft(row, plain=json.dumps(kept).encode())


def find(row: Session, pk: UUID | str) -> Draft:
    """A draft of this session. Raises Http404 for any other."""
    draft = Draft.objects.of(row).filter(pk=pk).first()
    if draft is None:
        raise Http404
    return draft


def opened(draft: Draft) -> Kept:
    path, fields, had_files = json.loads(draft.open())
    return Kept(path, [(name, value) for name, value in fields], had_files)
