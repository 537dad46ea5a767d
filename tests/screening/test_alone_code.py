"""Who hands a screen over, and the code that leads back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts_actions
from accounts.actions.hand_over import TRIES, Outcome
from accounts.models import AuditEvent, Session
from screening import actions
from screening.models import Screening
from tests.factories import CaseAccessFactory, UserFactory
from tests.screening.alone import CODE, END, FIRST, hand_over, row_of, take_back
from tests.screening.factories import ScreeningFactory

# Refusals


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "sr"},
        {"language": "fr"},
        {"again": "314159"},
        {"code": "123", "again": "123"},
        {"code": "abcdef", "again": "abcdef"},
        {"code": "123456789", "again": "123456789"},
    ],
)
def test_a_screen_is_not_handed_over_in_a_draft_language_or_with_a_weak_code(tablet, talk, changes):
    answer = hand_over(tablet, talk, **changes)

    assert answer.status_code == 200
    assert row_of(tablet).handed_over is None


def test_only_in_a_talk_that_goes_on_and_is_safe(tablet, talk):
    unsaid = {"limits_said_by": None, "limits_said_at": None, "limits_text": ""}
    Screening.objects.filter(pk=talk.pk).update(**unsaid, limits_unsaid="unwell")
    too_early = hand_over(tablet, talk)
    actions.stop_screening(talk, actor=talk.started_by)

    assert too_early.status_code == 200
    assert hand_over(tablet, talk).headers["Location"] == talk.get_absolute_url()
    assert row_of(tablet).handed_over is None


def test_an_instrument_without_such_parts_says_so(tablet, case):
    page = tablet.get(reverse("screening:hand_over", args=[ScreeningFactory(case=case).pk]))

    assert (page.status_code, 'name="code"' in page.content.decode()) == (200, False)


def test_strangers_and_readers_hand_nothing_over(signed_in, stranger, talk, team, house):
    reader = UserFactory(organization=house, teams=[team], role="coordinator")
    CaseAccessFactory(content_object=talk.case, user=reader)

    assert hand_over(signed_in(stranger), talk).status_code == 404
    assert hand_over(signed_in(reader), talk).status_code == 403


# The code


def test_a_wrong_code_opens_nothing_and_the_fifth_ends_the_session(held, talk):
    told = [take_back(held, "000000") for _each in range(TRIES)]

    assert [answer.status_code for answer in told] == [200] * (TRIES - 1) + [302]
    assert told[-1].headers["Location"] == reverse("account_login")
    assert held.get("/").headers["Location"].startswith(reverse("account_login"))
    denied = AuditEvent.objects.filter(verb="take_back_session", result="denied")
    assert denied.count() == TRIES


@pytest.mark.usefixtures("full_hashing")  # slow enough to meet
def test_no_more_wrong_codes_at_once_than_in_turn(transactional_db, caseworker):
    row = Session.objects.create(
        digest="1" * 64, data="", user=caseworker, ends_at=timezone.now() + timedelta(hours=1)
    )
    accounts_actions.hand_over_session(
        row, code=CODE, home=FIRST, routes=[], told={}, actor=caseworker
    )

    def one(_each):
        try:
            return accounts_actions.take_back_session(row, code="0000", actor=caseworker)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(one, range(TRIES + 2)))

    assert outcomes.count(Outcome.WRONG) == TRIES - 1
    assert outcomes.count(Outcome.ENDED) == 3
    assert not Session.objects.filter(pk=row.pk).exists()


def test_only_the_hash_of_the_code_is_kept(held):
    row = row_of(held)

    assert CODE not in f"{row.data} {row.handed_over} {row.handed_code}"
    assert row.handed_code.startswith("argon2")


def test_a_screen_left_alone_is_signed_out_and_names_nobody(held, talk):
    row = row_of(held)
    Session.objects.filter(pk=row.pk).update(last_used_at=timezone.now() - timedelta(days=1))

    answer = held.get(FIRST)

    assert answer.headers["Location"] == reverse("account_login")
    assert not Session.objects.filter(pk=row.pk).exists()
    assert held.get(reverse("account_login")).status_code == 200


def test_the_code_leads_out_even_when_the_talk_is_out_of_reach(held, talk):
    talk.case.access.all().delete()

    lost = held.get(FIRST)

    assert lost.headers["Location"] == END
    assert take_back(held).headers["Location"] == reverse("home")
