"""Which data is kept of whom: for each field its purpose, who may see it and how it ends."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.data_dictionary import About, Entry, Field, entries
from accounts.http import AuthedRequest
from accounts.levels import Level
from accounts.models import Role

LEVELS = {
    Level.EXISTS: _("Exists"),
    Level.OPERATIONAL: _("Operational"),
    Level.IDENTITY: _("Identity"),
    Level.NARRATIVE: _("Story"),
    Level.RESTRICTED: _("Restricted"),
}
# The colour of a level, the same everywhere: what hurts most stands out.
KINDS = {Level.IDENTITY: "private", Level.NARRATIVE: "warn", Level.RESTRICTED: "danger"}
CLIENTS = About.CLIENT


@require_safe
def dictionary(request: AuthedRequest) -> HttpResponse:
    """The tables about one kind of subject, each with its fields."""
    request.user.require("accounts.view_dictionary")
    wanted = request.GET.get("about", CLIENTS)
    about = About(wanted) if wanted in About.values else CLIENTS
    shown = [entry for entry in entries().values() if entry.about == about]
    record(request.user, "view_dictionary", Role(), note=about)
    context = {
        "about": about,
        "abouts": About.choices,
        "tables": [_table(entry) for entry in shown],
        "levels": [(said, KINDS.get(level, "")) for level, said in LEVELS.items()],
    }
    return render(request, "protection/dictionary.html", context)


def _table(entry: Entry) -> dict[str, Any]:
    return {
        "anchor": entry.model.lower().replace(".", "-"),
        "name": capfirst(str(entry.meta.verbose_name_plural)),
        "entry": entry,
        "retention": entry.retention.label,
        "fields": [_field(entry, name, told) for name, told in entry.fields.items()],
    }


def _field(entry: Entry, name: str, told: Field) -> dict[str, Any]:
    field = entry.meta.get_field(name)
    return {
        "name": name,
        "label": capfirst(str(getattr(field, "verbose_name", name))),
        "told": told,
        "level": LEVELS[told.level],
        "kind": KINDS.get(told.level, ""),
        "end": told.erasure.label,
    }
