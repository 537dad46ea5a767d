"""Somebody new at the desk: compared with who is known, while it is typed and when it is saved."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import limits
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.people import may_register_person
from casework.actions.visits import may_record_visit
from casework.alike import alike_people
from casework.forms.newcomers import ComparedForm, SoughtForm
from casework.search import Known, ask_everywhere, may_ask_everywhere
from casework.views.drafting import long_form, restore
from casework.views.visits import at_a_desk, desk_context, saved_visit


@long_form(gettext_lazy("New client"))
def receive_visitor(request: AuthedRequest) -> HttpResponse:
    """Somebody new: a code, what is needed to help, and the visit."""
    user = request.user
    at_a_desk(user, allowed=may_record_visit(user) and may_register_person(user))
    form = ComparedForm(request.POST or None, user=user)
    known = None
    if form.is_bound and form.is_valid() and not form.was_asked:
        known = _ask(user, form.cleaned_data["name"])
        if known and known.organizations:
            form.add_error(None, _("A possible match exists. Ask first, or save again."))
    if form.perform(actions.receive_visitor, actor=user):
        return saved_visit(request, form)
    restore(request, form)
    context = {"form": form, "alike": form.alike, "known": known, **desk_context(user)}
    context["asked"] = request.POST.get("name", "")
    return render(request, "casework/receive_visitor.html", context)


@require_POST
def alike(request: AuthedRequest) -> HttpResponse:
    """Who is like somebody who is being typed: a part of the page, asked for at each change."""
    user = request.user
    at_a_desk(user, allowed=may_record_visit(user) and may_register_person(user))
    sought = SoughtForm(_readable(request.POST), user=user).sought()
    if sought.name and not limits.allowed("search_typing", str(user.pk)):
        return render(request, "casework/_alike.html", {"alike": []}, status=429)
    return render(request, "casework/_alike.html", {"alike": alike_people(user, sought)})


@require_POST
def alike_elsewhere(request: AuthedRequest) -> HttpResponse:
    """Whether the house may know the name that was typed: once for each name, and counted."""
    user = request.user
    at_a_desk(user, allowed=may_record_visit(user) and may_register_person(user))
    name = SoughtForm(_readable(request.POST), user=user).sought().name
    known = _ask(user, name) if name != request.POST.get("asked") else None
    return render(request, "casework/_asked.html", {"known": known, "asked": name})


def _readable(typed: QueryDict) -> QueryDict:
    """Without what no field takes and no database keeps."""
    data = typed.copy()
    data["name"] = data.get("name", "").replace("\0", "")
    return data


def _ask(user: User, name: str) -> Known | None:
    """Ask the whole house, as the search does and within the same limit; None where it may not."""
    if not may_ask_everywhere(name) or not limits.allowed("search_everywhere", str(user.pk)):
        return None
    return ask_everywhere(user, name)
