"""Small components: one tag each, one template each in templates/ui/."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

SPRITE = "vendor/icons/icons.svg"
RISKS = {
    "high": _("High risk"),
    "medium": _("Medium risk"),
    "low": _("Low risk"),
    "unknown": _("Risk not known"),
}
RISK_BARS = {"high": 3, "medium": 2, "low": 1, "unknown": 0}
ELEMENTS = {"act": _("Act"), "means": _("Means"), "purpose": _("Purpose")}
QUESTIONS = {
    "act": _("What was done"),
    "means": _("How it was done"),
    "purpose": _("What for"),
}
ELEMENT_STATES = {
    "met": (_("Indicated"), "danger"),
    "some": (_("Possible"), "warn"),
    "none": (_("Not clear yet"), "line"),
    "na": (_("Not needed, child"), "private"),
}
BANNER_ICONS = {
    "": "info-circle",
    "danger": "alert-triangle",
    "warn": "alert-circle",
    "ok": "circle-check",
    "private": "shield-lock",
}


@register.simple_tag
def icon(name: str, size: str = "", *, label: str = "", directional: bool = False) -> SafeString:
    """Draw an icon of the sprite; without a word beside it, it needs a label."""
    classes = "icon" + (f" icon-{size}" if size else "") + (" icon-dir" if directional else "")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#i-{}"/></svg>',
            classes, label, static(SPRITE), name,
        )  # fmt: skip
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        classes, static(SPRITE), name,
    )  # fmt: skip


@register.inclusion_tag("ui/tag.html")
def tag(label: object, kind: str = "", icon: str = "") -> dict[str, object]:
    """Name a state in one to three words; kind: danger, warn, ok, info, private, brand, line."""
    return {"label": label, "kind": kind, "icon": icon}


@register.inclusion_tag("ui/risk.html")
def risk(level: str, *, pill: bool = False) -> dict[str, object]:
    return {"level": level, "label": RISKS[level], "bars": RISK_BARS[level], "pill": pill}


@register.inclusion_tag("ui/code.html")
def code(value: object, url: str = "") -> dict[str, object]:
    return {"value": value, "url": url}


@register.inclusion_tag("ui/withheld.html")
def withheld(label: object = _("hidden"), icon: str = "") -> dict[str, object]:
    """Mark what is kept back on purpose; what is missing is "Not known" instead."""
    return {"label": label, "icon": icon}


@register.inclusion_tag("ui/avatar.html")
def avatar(name: str, *, small: bool = True) -> dict[str, object]:
    letters = "".join(word[0] for word in name.split()[:2]).upper()
    return {"letters": letters, "name": name, "small": small}


@register.inclusion_tag("ui/empty.html")
def empty_state(
    title: object, text: object = "", icon: str = "", url: str = "", action: object = ""
) -> dict[str, object]:
    """Say why a place is empty, and offer the one next step."""
    return {"title": title, "text": text, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("ui/summary.html")
def summary(facts: Sequence[tuple[object, object]]) -> dict[str, object]:
    """List the facts of one record; a fact nobody knows reads "Not known"."""
    return {"facts": facts}


@register.inclusion_tag("ui/progress.html")
def progress(value: int, largest: int, label: object) -> dict[str, object]:
    return {"value": value, "largest": largest, "label": label}


@register.inclusion_tag("ui/pages.html")
def pages(previous: str = "", following: str = "", note: object = "") -> dict[str, object]:
    return {"previous": previous, "following": following, "note": note}


@register.inclusion_tag("ui/trail.html")
def trail(labels: Sequence[object], current: int) -> dict[str, object]:
    """Show three to five steps in a line; `current` counts from 1."""
    return {"labels": labels, "current": current}


@register.inclusion_tag("ui/steps.html")
def steps(parts: Sequence[Mapping[str, object]], label: object) -> dict[str, object]:
    """Show many parts at the side.

    A part: {"label", "url", "state": "done"|"started"|"open", "current": bool}; without "url" it
    cannot be opened yet.
    """
    return {"parts": parts, "label": label}


@register.inclusion_tag("ui/amp_mini.html")
def amp_mini(act: str, means: str, purpose: str) -> dict[str, object]:
    states = {"act": act, "means": means, "purpose": purpose}
    elements = [
        {"label": ELEMENTS[name], "state": state, "says": ELEMENT_STATES[state][0]}
        for name, state in states.items()
    ]
    return {"elements": elements}


@register.inclusion_tag("ui/amp.html")
def amp(parts: Sequence[Mapping[str, Any]], *, wide: bool = False) -> dict[str, object]:
    """Show act, means and purpose with what was found for each.

    A part: {"name": "act"|"means"|"purpose", "state": "met"|"some"|"none"|"na", "findings":
    [{"text", "state": "on"|"maybe"|"", "source"}], "note", "says" (another word for the state)}.
    """
    elements = []
    for part in parts:
        says, kind = ELEMENT_STATES[part["state"]]
        about = {"label": ELEMENTS[part["name"]], "question": QUESTIONS[part["name"]]}
        elements.append({"says": says, "kind": kind, **about, **part})
    return {"elements": elements, "wide": wide}


@register.inclusion_tag("ui/why.html")
def why(
    reasons: Sequence[object], *, opened: bool = False, title: object = ""
) -> dict[str, object]:
    return {"reasons": reasons, "opened": opened, "title": title}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, object]:
    """List what needs another look, each with a link to its control; takes the focus."""
    general = [message for form in forms for message in form.non_field_errors()]
    fields = [
        {"id": _first_control(form[name]), "label": form[name].label, "message": message}
        for form in forms
        for name in form.fields
        for message in form[name].errors
    ]
    return {"general": general, "fields": fields}


def _first_control(field: BoundField) -> str:
    """The id to jump to: of the control, or of the first one of a group."""
    if field.id_for_label or not field.subwidgets:
        return field.id_for_label
    return str(field.subwidgets[0].id_for_label)


@register.simple_block_tag
def banner(content: str, kind: str = "", icon: str = "", title: object = "") -> str:
    """Say something true about this page now; kind: danger, warn, ok, private."""
    context = {"kind": kind, "icon": icon or BANNER_ICONS[kind], "title": title, "content": content}
    return render_to_string("ui/banner.html", context)


@register.simple_block_tag
def entry(content: str, what: object, icon: str, kind: str = "") -> str:
    """One line of a timeline; the content says who and when."""
    context = {"what": what, "icon": icon, "kind": kind, "content": content}
    return render_to_string("ui/entry.html", context)


@register.simple_tag
def when(moment: date | datetime | None, *, time: bool = False) -> SafeString:
    """Write a date as people do here; its weekday and hour are one hover away."""
    if moment is None:
        return format_html('<span class="subtle">{}</span>', _("Not known"))
    exact = isinstance(moment, datetime)
    local = localtime(moment) if isinstance(moment, datetime) else moment
    shown = date_format(local, "DATETIME_FORMAT" if exact and time else "DATE_FORMAT")
    full = date_format(local, "DATETIME_FORMAT" if exact else "DATE_FORMAT")
    weekday = date_format(local, "l")
    return format_html(
        '<time datetime="{}" title="{}, {}">{}</time>', local.isoformat(), weekday, full, shown
    )


@register.simple_tag
def due(moment: date | datetime | None, *, now: datetime | None = None) -> SafeString:
    """Say how far a promised day is: late, today, tomorrow, or its date."""
    if moment is None:
        return format_html('<span class="subtle">{}</span>', _("No date set"))
    current = now or timezone.now()
    local = localtime(moment) if isinstance(moment, datetime) else moment
    day = local.date() if isinstance(local, datetime) else local
    days = (day - localtime(current).date()).days
    passed = moment < current if isinstance(moment, datetime) else days < 0
    words, kind = _due_words(days, local, passed=passed)
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        kind, local.isoformat(), date_format(local, "DATE_FORMAT"), words,
    )  # fmt: skip


def _due_words(days: int, local: date | datetime, *, passed: bool) -> tuple[str, str]:
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}, "late"
    hour = date_format(local, "TIME_FORMAT") if isinstance(local, datetime) else ""
    if days == 0 and passed:
        return gettext("Late since %(hour)s") % {"hour": hour}, "late"
    if days == 0:
        return f"{gettext('Today')} {hour}".strip(), "soon"
    if days == 1:
        return f"{gettext('Tomorrow')} {hour}".strip(), "soon"
    return date_format(local, "DATE_FORMAT"), ""
