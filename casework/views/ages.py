"""The tab of ages: what each source says, and which one counts."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from casework import actions
from casework.actions.access import may_write_person
from casework.actions.people import may_change_person
from casework.children import ages_of
from casework.forms.child import AgeForm
from casework.forms.family import ButtonForm
from casework.models import AgeEstimate, Person
from casework.views.person_file import open_person_file, person_context
from casework.views.person_verbs import Words, verb_page


@require_safe
def ages(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Every age that was told of somebody, and the one to count with."""
    user = request.user
    person = open_person_file(pk, user)
    context = person_context(person, user, "ages") | {
        "ages": ages_of(person, user),
        "may_record": may_change_person(user) and may_write_person(person, user),
    }
    return render(request, "casework/ages.html", context)


def _writable(request: AuthedRequest, pk: UUID) -> Person:
    person = open_person_file(pk, request.user, writing=True)
    if not may_change_person(request.user):
        raise PermissionDenied
    return person


def record_age(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "ages",
        _("Record an age"),
        _("Save age"),
        _("Age saved. The others stay beside it."),
        _("Papers of transit countries often say another age. Each source is kept with its day."),
    )
    form = AgeForm(request.POST or None)
    return verb_page(request, person, form, actions.record_age, person, words)


def choose_age(request: AuthedRequest, pk: UUID) -> HttpResponse:
    rows = AgeEstimate.objects.visible_to(request.user).select_related("person")
    age = get_object_or_404(rows, pk=pk)
    person = _writable(request, age.person_id)
    words = Words(
        "ages",
        _("Count with this age"),
        _("Count with it"),
        _("Saved. Everything counts with this age from now on."),
        _("Whether somebody is a child decides on rights. The other ages stay."),
    )
    form = ButtonForm(request.POST or None)
    return verb_page(request, person, form, actions.choose_age, age, words)
