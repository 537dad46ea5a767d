"""The tab of relatives who are sought, and what may have been found: by code alone."""

from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import limits
from accounts.audit import record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from casework import actions
from casework.actions.access import may_write_person
from casework.actions.matching import agreed_to_tracing
from casework.actions.tracing import may_record_sought, may_trace
from casework.forms.tracing import ChangeSoughtForm, CloseSoughtForm, MatchForm, SoughtForm
from casework.models import Person, PossibleMatch, SoughtRelative
from casework.views.people_places import people_places
from casework.views.person_file import open_person_file, person_context
from casework.views.person_verbs import Words, verb_page

SHOWN = 100


class Line(NamedTuple):
    """One match; `person` is None for who may not see the other side."""

    match: PossibleMatch
    person: Person | None
    may_settle: bool


@require_safe
def tracing(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Whom she seeks, for who may see names; what was found, for who may see both."""
    user = request.user
    person = open_person_file(pk, user)
    is_named = Person.objects.visible_to(user).named_for(user).filter(pk=person.pk).exists()
    rows = SoughtRelative.objects.visible_to(user).filter(person=person)
    sought = list(rows.select_related("data_key"))
    record_list(user, "read_sought", SoughtRelative, [row.pk for row in sought])
    may = may_record_sought(user, person) and may_write_person(person, user)
    found = PossibleMatch.objects.visible_to(user).filter(seeker=person)
    context = person_context(person, user, "tracing") | {
        "sought": sought,
        "is_named": is_named,
        "may_record": may,
        "has_agreed": agreed_to_tracing(person) if is_named else None,
        "lines": _lines(user, found.exclude(state=PossibleMatch.State.NOT_HER)),
    }
    return render(request, "casework/tracing.html", context)


def _lines(user: User, rows: Any) -> list[Line]:
    """Matches as this user may know them: the code of the other side only for whom it is."""
    found = list(rows.select_related("seeker").order_by("-found_at", "pk")[:SHOWN])
    whole = PossibleMatch.objects.visible_to(user).seen_whole_by(user)
    whole = whole.filter(pk__in=[row.pk for row in found])
    whole = whole.select_related("person__language", "person__team")
    people = {row.pk: row.person for row in whole}
    record_list(user, "list_matches", PossibleMatch, [row.pk for row in found])
    may = may_trace(user)
    return [
        Line(
            row,
            people.get(row.pk),
            may and row.is_open and row.pk in people and row.first_said_by_id != user.pk,
        )
        for row in found
    ]


@require_safe
def matches(request: AuthedRequest) -> HttpResponse:
    """Matches to be checked, of people whom the reader sees on both sides."""
    user = request.user
    if not may_trace(user):
        raise PermissionDenied
    lines = _lines(user, PossibleMatch.objects.visible_to(user).seen_whole_by(user).open())
    context = {"lines": lines, "places": people_places(user, "casework:matches")}
    return render(request, "casework/matches.html", context)


def _writable(request: AuthedRequest, pk: UUID) -> Person:
    person = open_person_file(pk, request.user, writing=True)
    if not may_record_sought(request.user, person):
        raise PermissionDenied
    return person


@asks_and_saves
def record_sought(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "tracing",
        _("Whom does the person seek?"),
        _("Save"),
        _("Saved. It is compared with who is known, without opening any name."),
        _("Ask the person alone. Nobody who is found is told before agreeing as well."),
    )
    form = _counted(request, SoughtForm(request.POST or None))
    return verb_page(request, person, form, actions.record_sought, person, words)


def _counted(request: AuthedRequest, form: SoughtForm) -> SoughtForm:
    """A name that is written down is a question to the whole house, within the same limit."""
    if form.is_valid() and not limits.allowed("search_everywhere", str(request.user.pk)):
        form.add_error(None, _("You asked the whole house very often. Try again in an hour."))
    return form


def _sought(request: AuthedRequest, pk: UUID) -> SoughtRelative:
    rows = SoughtRelative.objects.visible_to(request.user).select_related("data_key", "person")
    return get_object_or_404(rows, pk=pk)


@asks_and_saves
def change_sought(request: AuthedRequest, pk: UUID) -> HttpResponse:
    sought = _sought(request, pk)
    person = _writable(request, sought.person_id)
    words = Words("tracing", _("Correct what is known"), _("Save"), _("Saved. Compared anew."))
    told = ChangeSoughtForm.told_of(sought)
    form = _counted(request, ChangeSoughtForm(request.POST or None, initial=told))
    return verb_page(request, person, form, actions.change_sought, sought, words)


@asks_and_saves
def close_sought(request: AuthedRequest, pk: UUID) -> HttpResponse:
    sought = _sought(request, pk)
    person = _writable(request, sought.person_id)
    words = Words("tracing", _("End the search"), _("End the search"), _("Saved."))
    form = CloseSoughtForm(request.POST or None, initial={"version": sought.version})
    return verb_page(request, person, form, actions.close_sought, sought, words)


@asks_and_saves
def settle_match(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say whether the two belong together; who looks sees both by code."""
    user = request.user
    rows = (
        PossibleMatch.objects.visible_to(user)
        .seen_whole_by(user)
        .select_related("person__language")
    )
    match = get_object_or_404(rows, pk=pk)
    person = open_person_file(match.seeker_id, user, writing=True)
    if not may_trace(user):
        raise PermissionDenied
    words = Words(
        "tracing",
        _("Do the two belong together?"),
        _("Save"),
        _("Saved. Two people confirm a match."),
        beside="casework/_match_care.html",
    )
    form = MatchForm(request.POST or None)
    return verb_page(request, person, form, actions.settle_match, match, words, match=match)
