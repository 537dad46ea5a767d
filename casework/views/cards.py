"""Cards: a person's own, a new one, the sheet to print, the end of one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_list
from accounts.factors import square
from accounts.forms import ActionForm
from accounts.http import AuthedRequest, read_id
from accounts.models import User
from casework import actions
from casework.actions.cards import may_issue_card
from casework.cards import in_groups, number_of
from casework.forms.desk import EndCardForm
from casework.models import Card
from casework.views.person_file import open_person_file, person_context

# As many as fit on three sheets.
MOST = 30


@require_safe
def cards(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The cards of one person: whether one is in use, and what became of the others."""
    user = request.user
    person = open_person_file(pk, user)
    rows = Card.objects.visible_to(user).filter(person=person).select_related("issued_by")
    in_use = next((card for card in rows if card.is_in_use), None)
    context = person_context(person, user, "card") | {
        "cards": rows,
        "in_use": in_use,
        "may_issue_card": may_issue_card(user),
        "form": ActionForm(),
        "end_form": EndCardForm(),
    }
    return render(request, "casework/cards.html", context)


@require_POST
def issue_card(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """A first card; on to the sheet."""
    person = open_person_file(pk, request.user, writing=True)
    form = ActionForm(request.POST)
    if form.perform(actions.issue_card, person, actor=request.user):
        return _to_print(form.result)
    return _told(request, form, pk)


@require_POST
def replace_card(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Another card instead of this one, whose number is of no use from now on."""
    card = _card(request.user, pk)
    form = ActionForm(request.POST)
    if form.perform(actions.replace_card, card, actor=request.user):
        return _to_print(form.result)
    return _told(request, form, card.person_id)


@require_POST
def end_card(request: AuthedRequest, pk: UUID) -> HttpResponse:
    card = _card(request.user, pk)
    form = EndCardForm(request.POST)
    if form.perform(actions.end_card, card, actor=request.user):
        messages.success(request, _("The card is not in use any more."))
        return redirect("casework:cards", card.person_id)
    return _told(request, form, card.person_id)


def _card(user: User, pk: UUID) -> Card:
    return get_object_or_404(Card.objects.visible_to(user).select_related("person"), pk=pk)


def _to_print(card: Card) -> HttpResponse:
    return redirect(f"{reverse('casework:print_cards')}?card={card.pk}")


def _told(request: AuthedRequest, form: ActionForm, person: UUID) -> HttpResponse:
    """Why not, on the page of the person's cards."""
    for errors in form.errors.values():
        for error in errors:
            messages.warning(request, str(error))
    return redirect("casework:cards", person)


@require_safe
def print_cards(request: AuthedRequest) -> HttpResponse:
    """A sheet of cards: those asked for, or all that this user issued today."""
    user = request.user
    if not may_issue_card(user):
        raise PermissionDenied
    rows = list(_to_be_printed(request).order_by("-issued_at")[:MOST])
    record_list(user, "print_cards", Card, [card.pk for card in rows])
    context = {
        "cards": [_face(card) for card in rows],
        "back": reverse("casework:cards", args=[rows[0].person_id]) if rows else "",
        "is_all": "card" not in request.GET,
    }
    return render(request, "casework/print_cards.html", context)


def _to_be_printed(request: AuthedRequest) -> QuerySet[Card]:
    rows = Card.objects.visible_to(request.user).in_use()
    asked = [pk for text in request.GET.getlist("card")[:MOST] if (pk := read_id(text))]
    if "card" in request.GET:
        return rows.filter(pk__in=asked)
    return rows.filter(issued_by=request.user, issued_at__date=timezone.localdate())


def _face(card: Card) -> dict[str, object]:
    """What stands on the paper: digits, and the same digits as a square."""
    number = number_of(card.pk)
    return {"number": in_groups(number), "square": square(number)}
