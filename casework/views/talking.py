"""The tab of talks: what somebody wishes, how to reach her, what she is not asked again."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.forms import ActionForm
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.access import may_write_person
from casework.actions.interpreters import may_edit_interpreters, may_view_interpreters
from casework.actions.talking import may_record_talk
from casework.forms.family import ButtonForm
from casework.forms.talking import (
    BlockInterpreterForm,
    ContactRuleForm,
    DoNotAskForm,
    OwnWordForm,
    TalkWishForm,
)
from casework.interpreting import interpreters_for
from casework.models import Channel, ContactRule, DoNotAsk, InterpreterBlock, Person
from casework.talking import talk_of, wish_of
from casework.views.person_file import open_person_file, person_context
from casework.views.person_verbs import Words, verb_page
from casework.views.shell import open_case_file

OFFERED = 8


@require_safe
def talking(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """All that is known before a talk or a call."""
    user = request.user
    person = open_person_file(pk, user)
    may_choose = may_view_interpreters(user)
    offers = interpreters_for(person, user) if may_choose else []
    context = person_context(person, user, "talking") | {
        "talk": talk_of(person, user),
        "may_see_words": _sees_words(person, user),
        "may_choose": may_choose,
        "offers": offers[:OFFERED],
        "more": max(len(offers) - OFFERED, 0),
        "blocks": _blocks(person, user),
        "may_record": may_record_talk(user) and may_write_person(person, user),
        "may_edit": may_edit_interpreters(user),
    }
    return render(request, "casework/person_talking.html", context)


@require_safe
def case_talking(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The way there from the frame of a case."""
    case = open_case_file(pk, request.user)
    return redirect("casework:talking", case.person_id)


def _sees_words(person: Person, user: User) -> bool:
    """What to say on the phone is for who sees her name."""
    return Person.objects.visible_to(user).named_for(user).filter(pk=person.pk).exists()


def _writes_words(person: Person, user: User) -> bool:
    """An emergency reads them and writes nothing."""
    named = Person.objects.visible_to(user).named_for(user, lasting=True)
    return named.filter(pk=person.pk).exists()


def _blocks(person: Person, user: User) -> list[InterpreterBlock]:
    rows = InterpreterBlock.objects.visible_to(user).in_force().filter(person=person)
    return list(rows.select_related("interpreter__data_key"))


def _writable(request: AuthedRequest, pk: UUID) -> Person:
    person = open_person_file(pk, request.user, writing=True)
    if not may_record_talk(request.user):
        raise PermissionDenied
    return person


def record_talk_wish(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """All wishes at once; what stood before is kept in the history of the file."""
    person = _writable(request, pk)
    words = Words(
        "talking",
        _("Wishes for talks"),
        _("Save wishes"),
        _("Wishes saved. Interpreters are offered by them."),
        _("Ask each of them. A wish is no promise, but it is never overlooked."),
    )
    form = TalkWishForm(
        request.POST or None,
        person=person,
        wish=wish_of(person, request.user),
        offers=interpreters_for(person, request.user),
    )
    return verb_page(request, person, form, actions.record_talk_wish, person, words)


def record_contact_rule(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One way of reaching somebody; which one stands in the address."""
    person = _writable(request, pk)
    channel = request.GET.get("way", "")
    way = Channel(channel) if channel in Channel.values else Channel.CALL
    words = Words(
        "talking",
        _("How to reach the person: %(way)s") % {"way": way.label},
        _("Save rule"),
        _("Saved. Every page that shows the number asks this rule."),
        _("Agree on it with the person alone. Never call back unless it was agreed."),
    )
    rows = ContactRule.objects.visible_to(request.user).standing().select_related("data_key")
    rule = rows.filter(person=person, channel=way).order_by("-recorded_at", "-pk").first()
    form = ContactRuleForm(
        request.POST or None,
        channel=way.value,
        rule=rule,
        may_see_words=_writes_words(person, request.user),
    )
    return verb_page(request, person, form, actions.record_contact_rule, person, words)


def mark_do_not_ask(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "talking",
        _("Already told: do not ask again"),
        _("Save mark"),
        _("Saved. The next worker reads it before asking."),
        _("What was told does not belong here: only the topic, and where it is read."),
    )
    form = DoNotAskForm(request.POST or None)
    return verb_page(request, person, form, actions.mark_do_not_ask, person, words)


def lift_do_not_ask(request: AuthedRequest, pk: UUID) -> HttpResponse:
    mark = get_object_or_404(DoNotAsk.objects.visible_to(request.user), pk=pk)
    person = _writable(request, mark.person_id)
    words = Words("talking", _("Take the mark off"), _("Take off"), _("The mark is off."))
    form = ButtonForm(request.POST or None)
    return verb_page(request, person, form, actions.lift_do_not_ask, mark, words)


def block_interpreter(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = _writable(request, pk)
    words = Words(
        "talking",
        _("Never ask an interpreter for this person"),
        _("Save block"),
        _("Saved. This interpreter is no longer offered for the person."),
        _("It stands at once. Nobody has to prove anything."),
    )
    offers = interpreters_for(person, request.user)
    form = BlockInterpreterForm(request.POST or None, offers=offers)
    return verb_page(request, person, form, actions.block_interpreter, person, words)


def lift_interpreter_block(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    block = get_object_or_404(InterpreterBlock.objects.visible_to(user), pk=pk)
    person = _writable(request, block.person_id)
    if not block.is_own_wish and not may_edit_interpreters(user):
        raise PermissionDenied
    words = Words(
        "talking",
        _("Offer the interpreter again"),
        _("Take off"),
        _("The interpreter is offered again."),
        _("The person asked for it.") if block.is_own_wish else "",
    )
    form: ActionForm = ButtonForm(request.POST or None)
    if block.is_own_wish:
        form = OwnWordForm(request.POST or None, house=person.organization_id, actor=user)
    return verb_page(request, person, form, actions.lift_interpreter_block, block, words)
