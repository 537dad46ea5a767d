"""Two people at once, each in a transaction of her own: one effect, and the other one is told."""

import pytest

from directory import actions
from directory.actions.checks import Said
from directory.models import Change, EntryCheck, Place
from tests.directory.factories import ChangeFactory, ContactFactory, PlaceFactory, ServiceFactory
from tests.referrals.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_agreements_at_once_are_one(admin, coordinator, partner):
    place = PlaceFactory(organization=partner.organization)
    actions.propose_change(place, actor=partner, address="Main street 1")
    change = Change.objects.get()

    outcomes = at_once(
        lambda: actions.agree_to_change(change, actor=admin),
        lambda: actions.agree_to_change(change, actor=coordinator),
    )

    assert sorted(outcomes.values()) == ["answered", "done"]
    assert Place.objects.get().version == 2


def test_confirmed_and_refused_at_once_is_one_word(admin, coordinator):
    change = ChangeFactory()

    outcomes = at_once(
        lambda: actions.confirm_change(change, actor=admin),
        lambda: actions.refuse_change(change, actor=coordinator),
    )

    change = Change.objects.select_related("contact").get()
    assert sorted(outcomes.values()) == ["answered", "done"]
    assert (change.contact.phone == "011 111 111") == (change.state == Change.State.MADE)


def test_link_answered_twice_at_once_is_one_answer():
    service = ServiceFactory()
    ContactFactory(organization=service.organization)
    actions.ask_due_checks()
    token = actions.begin_check(EntryCheck.objects.get())

    outcomes = at_once(
        *[
            lambda free=free: actions.answer_check(
                token, said={service.pk: Said(True, "yes", free)}
            )
            for free in (1, 2)
        ]
    )

    assert sorted(outcomes.values()) == ["done", "over"]
