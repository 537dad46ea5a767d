"""One person at the desk of data protection, by her code: held, erased, given her own data."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.audit import record
from accounts.http import AuthedRequest
from accounts.stepup import step_up_required
from casework.models import Person
from protection import actions, forms
from protection.actions.holds import may_place_hold
from protection.actions.packages import may_give_access_package, reads_all_of
from protection.actions.requests import may_begin_erasure
from protection.models import LegalHold, PersonRequest
from protection.package import texts_of
from protection.pages import Line, Row, Step, Table, form_page, known, on, plain


def find(request: AuthedRequest) -> HttpResponse:
    """By code only, sent and not written into an address."""
    user = request.user
    if not (may_begin_erasure(user) or may_give_access_package(user)):
        raise PermissionDenied
    form = forms.FindForm(request.POST or None)
    if request.method == "POST" and (found := form.person(user)):
        return redirect("protection:person", found.pk)
    return form_page(
        request,
        form,
        title=_("Find by code"),
        lede=_("To hold a record, to erase it, or to give somebody her own data."),
        label=_("Find"),
        back=reverse("protection:desk"),
    )


def _person_of(request: AuthedRequest, pk: UUID) -> Person:
    rows = Person.objects.visible_to(request.user).select_related("data_key", "organization")
    return get_object_or_404(rows, pk=pk)


def person(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What can be done about one person here; sent, everything of her is held."""
    user, found = request.user, _person_of(request, pk)
    if not (may_begin_erasure(user) or may_give_access_package(user)):
        raise PermissionDenied
    form = forms.HoldForm(request.POST or None)
    if form.perform(actions.place_hold, found, actor=user):
        messages.success(request, _("Held. Nothing of it can be erased."))
        return redirect("protection:person", pk)
    record(user, "view_person_rights", found)
    holds = LegalHold.objects.visible_to(user).in_force().of(found)
    url = reverse("protection:person", args=[pk])
    step = Step(_("Hold everything"), url, _("Place hold"), form)
    line = Line(
        title=found.code,
        facts=known((_("Team"), found.team), (_("Last visit"), found.last_visit_on)),
        links=_ways(request, found),
        steps=[step] if may_place_hold(user) else [],
        tables=[_holds(list(holds))] if holds else [],
    )
    return render(request, "protection/line.html", {"line": line, "form": form})


def _ways(request: AuthedRequest, found: Person) -> list[tuple[str, str]]:
    ways = []
    if may_give_access_package(request.user):
        asked = PersonRequest.objects.visible_to(request.user).open().filter(code=found.code)
        ways += [
            (_("Prepare her file for %(request)s") % {"request": row}, _package_url(row, found))
            for row in asked
            if row.wants_file
        ]
    if may_begin_erasure(request.user):
        ways.append((_("Begin an erasure"), reverse("protection:begin_erasure", args=[found.pk])))
    return ways


def _package_url(row: PersonRequest, found: Person) -> str:
    return reverse("protection:give_access_package", args=[row.pk, found.pk])


def _holds(rows: list[LegalHold]) -> Table:
    return Table(
        [_("Held for"), _("Since"), _("Until")],
        [
            Row(
                reverse("protection:hold", args=[row.pk]),
                [*plain(row.get_reason_display()), on(row.starts_on), on(row.until)],
            )
            for row in rows
        ],
        title=_("Holds"),
    )


@step_up_required
def begin_erasure(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user, found = request.user, _person_of(request, pk)
    if not may_begin_erasure(user):
        raise PermissionDenied
    form = forms.BeginErasureForm(request.POST or None, person=found, user=user)
    if form.perform(actions.begin_erasure, found, actor=user):
        messages.success(request, _("Begun. Somebody else has to confirm it."))
        return redirect(form.result)
    record(user, "view_person_rights", found)
    return form_page(
        request,
        form,
        title=found.code,
        lede=_("A second person confirms; then it is hidden for 30 days; then it is gone."),
        label=_("Begin erasure"),
        back=reverse("protection:person", args=[pk]),
    )


@sensitive_post_parameters()
@step_up_required
def give_access_package(request: AuthedRequest, pk: UUID, person_pk: UUID) -> HttpResponse:
    """Read each text, tick what speaks of her alone, have the file made."""
    user, found = request.user, _person_of(request, person_pk)
    asked = get_object_or_404(PersonRequest.objects.visible_to(user).open(), pk=pk)
    if not (may_give_access_package(user) and reads_all_of(user, found)):
        raise PermissionDenied
    written = texts_of(found)
    form = forms.PackageForm(request.POST or None, written=written)
    if form.perform(actions.give_access_package, asked, found, actor=user):
        messages.success(request, _("The file is being made. You fetch it once."))
        return redirect(form.result)
    record(user, "read_for_package", found, fields={text.name for text in written})
    return form_page(
        request,
        form,
        title=found.code,
        lede=_("Names of those who work here are left out by themselves; texts need your eyes."),
        label=_("Make the file"),
        back=reverse("protection:person", args=[person_pk]),
    )
