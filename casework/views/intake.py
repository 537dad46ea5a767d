"""People who leave within the hour: three facts now, the rest later, and whom to come back to."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from casework import actions
from casework.actions.people import may_change_person, may_register_person, may_see_people
from casework.actions.visits import may_record_visit
from casework.forms.intake import EndIntakeForm, IntakeForm, TransitForm
from casework.intake import words_of
from casework.models import Headcount, Person
from casework.views.drafting import long_form, of_person, restore
from casework.views.people_places import people_places
from casework.views.person_file import open_person_file
from casework.views.today import unfinished_forms
from casework.views.visits import COUNTED, at_a_desk

SHOWN = 100


@asks_and_saves
def receive_in_transit(request: AuthedRequest) -> HttpResponse:
    """A code by sex, age and language, and what was given at once."""
    user = request.user
    at_a_desk(user, allowed=may_record_visit(user) and may_register_person(user))
    form = TransitForm(request.POST or None, user=user)
    if form.perform(actions.receive_in_transit, actor=user):
        return _taken_in(request, form.result)
    return render(request, "casework/receive_in_transit.html", {"form": form})


def _taken_in(request: AuthedRequest, result: Person | Headcount) -> HttpResponse:
    if isinstance(result, Headcount):
        messages.success(request, str(COUNTED))
        return redirect("casework:receive_in_transit")
    messages.success(request, _("%(code)s is taken in.") % {"code": result.code})
    if request.POST.get("then") == "next":
        return redirect("casework:receive_in_transit")
    return redirect("casework:person", result.pk)


@require_safe
def unfinished(request: AuthedRequest) -> HttpResponse:
    """Whom something still has to be asked, who came first first."""
    user = request.user
    if not may_see_people(user):
        raise PermissionDenied
    rows = Person.objects.visible_to(user).filter(intake=Person.Intake.TRANSIT)
    people = list(
        rows.select_related("language", "team").order_by("registered_at", "pk")[: SHOWN + 1]
    )
    shown = people[:SHOWN]
    record_list(user, "list_people", Person, [person.pk for person in shown])
    context = {
        "rows": [(person, words_of(person)) for person in shown],
        "is_cut": len(people) > SHOWN,
        "may_ask": may_change_person(user),
        "unfinished": unfinished_forms(user),
        "places": people_places(user, "casework:unfinished"),
    }
    return render(request, "casework/unfinished.html", context)


@asks_and_saves
@long_form(gettext_lazy("Ask the rest"), of_person)
def continue_intake(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The rest, field by field; what is left open stays "not asked yet"."""
    user = request.user
    found = open_person_file(pk, user)
    if not may_change_person(user):
        raise PermissionDenied
    form = IntakeForm(request.POST or None, person=found)
    if form.perform(actions.continue_intake, found, actor=user):
        is_done = form.result.intake == Person.Intake.COMPLETE
        messages.success(request, _("All was asked.") if is_done else _("Saved."))
        return redirect("casework:person" if is_done else "casework:unfinished", *([pk] * is_done))
    form.rest_on(found)
    restore(request, form)
    record(user, "view_person", found)
    end = EndIntakeForm(initial={"version": found.version})
    context = {"form": form, "end_form": end, "person": found, "left": words_of(found)}
    return render(request, "casework/continue_intake.html", context)


@require_POST
def end_intake(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """She moved on."""
    found = open_person_file(pk, request.user)
    form = EndIntakeForm(request.POST)
    if form.perform(actions.end_intake, found, actor=request.user):
        messages.success(request, _("Kept as far as known. Nothing is lost."))
    else:
        for error in form.non_field_errors():
            messages.warning(request, str(error))
    return redirect("casework:unfinished")
