"""The tab of a family: household, relations, whom to keep apart."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from casework import actions
from casework.actions.access import may_write_person
from casework.actions.household import may_record_family
from casework.families import household_of, marks_of, relations_of
from casework.forms.family import ButtonForm, JoinForm, KeepApartForm, LeaveForm, RelateForm
from casework.models import KeepApart, Person, Relation
from casework.views.person_file import open_person_file, person_context
from casework.views.person_verbs import Words, verb_page
from casework.views.shell import open_case_file


@require_safe
def family(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Who belongs to her, as far as the reader may know."""
    user = request.user
    person = open_person_file(pk, user)
    may_write = may_record_family(user) and may_write_person(person, user)
    context = person_context(person, user, "family") | {
        "household": household_of(person, user),
        "relations": relations_of(person, user),
        "marks": marks_of(person, user),
        "may_record": may_write,
    }
    return render(request, "casework/person_family.html", context)


@require_safe
def case_family(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The way there from the frame of a case."""
    case = open_case_file(pk, request.user)
    return redirect("casework:family", case.person_id)


def _writable(request: AuthedRequest, pk: UUID) -> Person:
    person = open_person_file(pk, request.user, writing=True)
    if not may_record_family(request.user):
        raise PermissionDenied
    return person


def join_household(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "family",
        _("Add to a household"),
        _("Save household"),
        _("Saved. The household shows it."),
        _("Who lives and moves together. A household opens nobody to anybody."),
    )
    form = JoinForm(request.POST or None, user=request.user)
    return verb_page(request, person, form, actions.join_household, person, words)


def leave_household(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "family",
        _("Take out of the household"),
        _("Take out"),
        _("Saved. The person is in no household now."),
    )
    form = LeaveForm(request.POST or None)
    return verb_page(request, person, form, actions.leave_household, person, words)


def lead_household(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "family",
        _("Let this person speak for the household"),
        _("Save"),
        _("Saved. This person speaks for the household."),
        _("Whoever did so before is a member like the others."),
    )
    form = ButtonForm(request.POST or None)
    return verb_page(request, person, form, actions.lead_household, person, words)


def relate(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "family",
        _("Record a relation"),
        _("Save relation"),
        _("Relation saved."),
        _("It stands in this file. The file of the other person stays silent unless both know."),
    )
    form = RelateForm(request.POST or None, user=request.user)
    return verb_page(request, person, form, actions.relate, person, words)


def end_relation(request: AuthedRequest, pk: UUID) -> HttpResponse:
    relation = get_object_or_404(Relation.objects.visible_to(request.user), pk=pk)
    person = _writable(request, relation.person_id)
    words = Words("family", _("Take a relation back"), _("Take back"), _("Relation taken back."))
    form = ButtonForm(request.POST or None)
    return verb_page(request, person, form, actions.end_relation, relation, words)


def keep_apart(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "family",
        _("Keep apart from somebody"),
        _("Save mark"),
        _("Saved. From now on the desk asks a coordinator for both."),
        _(
            "It stands in this file alone. When one of them comes, the desk is told to ask a"
            " coordinator, and not why."
        ),
    )
    form = KeepApartForm(request.POST or None, user=request.user)
    return verb_page(request, person, form, actions.keep_apart, person, words)


def lift_keep_apart(request: AuthedRequest, pk: UUID) -> HttpResponse:
    mark = get_object_or_404(KeepApart.objects.visible_to(request.user), pk=pk)
    person = _writable(request, mark.person_id)
    words = Words("family", _("Take the mark off"), _("Take off"), _("The mark is off."))
    form = ButtonForm(request.POST or None)
    return verb_page(request, person, form, actions.lift_keep_apart, mark, words)
