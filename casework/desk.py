"""Who stands at the desk: by the card that was scanned, by the code that was typed."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit import record_list
from accounts.models import User
from casework.cards import hash_of, looks_like_number, read_number
from casework.codes import read_code
from casework.models import BestInterestsStep, Card, Case, CheckIn, Person
from casework.models.gate import leads_to
from casework.models.person import YesNo

NOT_KNOWN = _("This card is not known here.")
MISREAD = _("This is no card number: a digit is missing or was misread. A phone begins with +.")
ENDED = {
    Card.State.LOST: _("This card was reported lost on %(day)s. It checks nobody in."),
    Card.State.RETURNED: _("This card was given back on %(day)s. It checks nobody in."),
    Card.State.REPLACED: _("This card was replaced by another on %(day)s. It checks nobody in."),
}


class Answer(NamedTuple):
    """Whom a scan or a code means, how she was found, and what to say when it is nobody.

    With all of it empty what was typed is to be searched for.
    """

    person: Person | None = None
    how: str = ""
    said: str | Promise = ""


def who_is(user: User, typed: str) -> Answer:
    """Reads cards and codes; whoever the user may not see is not known, like a card never made."""
    if looks_like_number(typed):
        return _by_card(user, typed)
    if code := read_code(typed):
        same = Q(code=code) | Q(pk=leads_to(code=code))
        person = Person.objects.visible_to(user).filter(same).first()
        return Answer(person, CheckIn.How.CODE) if person else Answer()
    return Answer()


def _by_card(user: User, typed: str) -> Answer:
    number = read_number(typed)
    if number is None:
        return Answer(said=MISREAD)
    cards = Card.objects.visible_to(user).select_related("person")
    card = cards.filter(number_hash=hash_of(number)).first()
    record_list(user, "scan_card", Card, [card.pk] if card else [])
    if card is None:
        return Answer(said=NOT_KNOWN)
    if card.is_in_use:
        return Answer(card.person, CheckIn.How.CARD)
    day = date_format(card.ended_on, "SHORT_DATE_FORMAT") if card.ended_on else ""
    return Answer(said=str(ENDED[Card.State(card.state)]) % {"day": day})


def open_things(user: User, person: Person) -> list[str]:
    """What waits to be done with somebody, in words that everybody in the room may read."""
    return list(_open_things(user, person))


def _open_things(user: User, person: Person) -> Iterator[str]:
    mine = Case.objects.visible_to(user).open().filter(person=person)
    if mine.contact_due().exists():
        yield gettext("Contact due")
    if BestInterestsStep.objects.visible_to(user).waiting_for(person.pk).exists():
        yield gettext("A step waits")
    if person.unaccompanied_or_separated == YesNo.YES and person.may_be_child(timezone.localdate()):
        yield gettext("A child alone")
