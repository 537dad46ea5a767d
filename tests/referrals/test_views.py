"""The sender's pages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.levels import Level
from accounts.models import AuditEvent
from casework.models import Consent
from referrals.models import Referral
from referrals.states import LOST, State
from tests import factories
from tests.referrals.conftest import ITEMS

ALL_PAGES = ["", "service/", "change/", "send/"]
POSTS = ["consent/", "recall/", "close/"]


@pytest.fixture
def worker(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def other(signed_in, stranger):
    return signed_in(stranger)


@pytest.fixture
def watcher(signed_in, coordinator):
    """Sees the case's operational facts, and may neither prepare nor send."""
    return signed_in(coordinator)


def page(referral, part=""):
    return f"/referrals/{referral.pk}/{part}"


def plain(response):
    """The page in one line, whatever its template's line breaks."""
    return " ".join(response.text.split())


def audit(verb):
    return AuditEvent.objects.get(verb=verb)


# List


def test_list_shows_what_waits_and_is_recorded(worker, sent, caseworker):
    factories.SentReferralFactory()

    response = worker.get("/referrals/")

    assert list(response.context["page"]) == [sent]
    assert (audit("list_referrals").actor, audit("list_referrals").listed) == (
        caseworker,
        [sent.pk],
    )


@pytest.mark.parametrize(
    ("shown", "states"),
    [
        ("waiting", [State.SENT, State.RECEIVED, State.NEED_INFORMATION]),
        ("progress", [State.ACCEPTED, State.STARTED, State.NO_SHOW, State.DELIVERED]),
        ("drafts", [State.DRAFT, State.CONSENT]),
        (
            "finished",
            [State.DECLINED, State.REDIRECTED, State.RECALLED, State.CLOSED, *LOST],
        ),
        ("nonsense", [State.SENT, State.RECEIVED, State.NEED_INFORMATION]),
    ],
)
def test_list_has_four_parts(shown, states, worker, one_of_each):
    response = worker.get("/referrals/", {"show": shown})

    assert {row.state for row in response.context["page"]} == set(states)
    assert response.context["counts"] == {
        "waiting": 3, "progress": 4, "drafts": 2, "finished": 8
    }  # fmt: skip


def test_list_begins_with_what_is_due_first(worker, make):
    later = make(factories.SentReferralFactory)
    first = make(factories.OverdueReferralFactory)

    response = worker.get("/referrals/")

    assert list(response.context["page"]) == [first, later]
    assert 'class="late"' in response.text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("shown", ["waiting", "finished"])
def test_list_asks_the_same_number_of_questions_for_any_length(rows, shown, worker, make):
    factory = {
        "waiting": factories.SentReferralFactory, "finished": factories.DeclinedReferralFactory
    }[shown]  # fmt: skip
    for _ in range(rows):
        make(factory)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        worker.get("/referrals/", {"show": shown})

    assert len(asked) == 11


def test_list_comes_in_pages(worker, make):
    for _ in range(26):
        make(factories.SentReferralFactory)

    first, second = worker.get("/referrals/"), worker.get("/referrals/?show=waiting&page=2")

    assert (len(first.context["page"]), len(second.context["page"])) == (25, 1)
    assert "page=2" in first.text


@pytest.mark.parametrize("who", ["partner", "donor", "mobile", "dpo"])
def test_list_is_refused_without_the_permission(who, signed_in, request, sent):
    assert signed_in(request.getfixturevalue(who)).get("/referrals/").status_code == 403


def test_no_name_stands_in_lists(worker, sent, case):
    both = worker.get("/referrals/").text + worker.get(f"/referrals/cases/{case.pk}/").text

    assert "Zarmina" not in both


# Of one case


def test_tab_shows_the_referrals_of_the_case(worker, one_of_each, case):
    factories.SentReferralFactory()

    response = worker.get(f"/referrals/cases/{case.pk}/")

    assert len(response.context["referrals"]) == len(State)
    assert f"/referrals/new/{case.pk}/" in response.text
    assert audit("view_case").case_id == case.pk


@pytest.mark.parametrize("rows", [1, 3])
def test_tab_asks_the_same_number_of_questions_for_any_length(rows, worker, make, case):
    for _ in range(rows):
        make(factories.SentReferralFactory)

    with CaptureQueriesContext(connection) as asked:
        worker.get(f"/referrals/cases/{case.pk}/")

    assert len(asked) == 16


def test_tab_of_a_closed_case_offers_no_new_referral(worker, case):
    case.status, case.closed_on = "Closed", timezone.localdate()
    case.closure_reason = "done"
    case.save()

    assert "/referrals/new/" not in worker.get(f"/referrals/cases/{case.pk}/").text


def test_tab_is_not_there_for_a_stranger(other, case):
    assert other.get(f"/referrals/cases/{case.pk}/").status_code == 404


# New


def test_new_shows_services_that_fit_first_and_why_others_do_not(worker, case, service):
    closed = factories.ServiceFactory(name_en="Men only", sexes=["male"])

    response = worker.get(f"/referrals/new/{case.pk}/")

    offers = response.context["offers"]
    assert offers[-1].service == closed
    assert "Only for: Male." in response.text
    assert "Not open to this person" in response.text
    assert AuditEvent.objects.filter(verb="choose_service", case_id=case.pk).count() == 1


def test_new_filters_by_kind_of_help_and_by_fit(worker, case, service):
    service.service_types.set(["shelter"])
    men = factories.ServiceFactory(name_en="Men only", sexes=["male"])
    men.service_types.set(["shelter"])
    url = f"/referrals/new/{case.pk}/?category=accommodation"

    everything = {offer.service for offer in worker.get(url).context["offers"]}
    fitting = {offer.service for offer in worker.get(f"{url}&fitting=on").context["offers"]}

    assert {service, men} <= everything
    assert everything - fitting == {men}


def test_new_with_a_wrong_filter_shows_everything(worker, case, service):
    response = worker.get(f"/referrals/new/{case.pk}/?category=nonsense")

    assert service in {offer.service for offer in response.context["offers"]}


@pytest.mark.parametrize("services", [1, 3])
def test_new_asks_the_same_number_of_questions_for_any_number_of_services(services, worker, case):
    for _ in range(services):
        factories.ServiceFactory()

    with CaptureQueriesContext(connection) as asked:
        worker.get(f"/referrals/new/{case.pk}/")

    assert len(asked) == 19


def test_new_begins_a_draft(worker, case, service, caseworker):
    response = worker.post(f"/referrals/new/{case.pk}/", {"service": service.pk})

    draft = Referral.objects.get()
    assert response.headers["Location"] == page(draft, "change/")
    assert (draft.state, draft.service, draft.created_by) == (State.DRAFT, service, caseworker)


def test_new_twice_by_one_click_too_many_is_one_draft(worker, case, service):
    form = {"service": service.pk, "operation": uuid4()}

    first, second = (worker.post(f"/referrals/new/{case.pk}/", form) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("chosen", ["", "nonsense", "00000000-0000-0000-0000-000000000001"])
def test_new_without_a_service_says_so(chosen, worker, case):
    response = worker.post(f"/referrals/new/{case.pk}/", {"service": chosen})

    assert response.context["form"].errors["service"]
    assert not Referral.objects.exists()


def test_new_refuses_a_service_that_does_not_fit(worker, case, service):
    service.sexes = ["male"]
    service.save()

    response = worker.post(f"/referrals/new/{case.pk}/", {"service": service.pk})

    assert response.context["form"].errors == {"service": ["Only for: Male."]}


def test_new_is_not_there_for_a_stranger(other, case):
    assert other.get(f"/referrals/new/{case.pk}/").status_code == 404


def test_new_is_refused_without_the_permission(watcher, case, service):
    url = f"/referrals/new/{case.pk}/"

    assert watcher.get(url).status_code == 403
    assert watcher.post(url, {"service": service.pk}).status_code == 403


# Another service


def test_choose_service_points_the_draft_elsewhere(worker, draft):
    chosen = factories.ServiceFactory()

    response = worker.post(page(draft, "service/"), {"service": chosen.pk})

    draft.refresh_from_db()
    assert response.headers["Location"] == page(draft, "change/")
    assert (draft.service, draft.consent) == (chosen, None)


def test_choose_service_begins_with_the_present_one(worker, draft):
    response = worker.get(page(draft, "service/"))

    assert response.context["picked"] == str(draft.service_id)


def test_choose_service_is_refused_once_it_was_sent(worker, sent):
    response = worker.post(page(sent, "service/"), {"service": factories.ServiceFactory().pk})

    assert "taken back, not changed" in response.text
    assert Referral.objects.get().service == sent.service


# Consent


def consent_form(**fields):
    return {
        "decision": "given", "items": ["code", "sex"], "channel": "spoken", "language": "fa",
        "valid_until": "", **fields,
    }  # fmt: skip


@pytest.fixture
def unasked(case, service):
    """A draft for which the client was not asked yet."""
    return factories.ReferralFactory(case=case, service=service)


def test_without_consent_only_the_question_is_shown(worker, unasked):
    response = worker.get(page(unasked, "change/"))

    assert "Ask the client first" in response.text
    assert 'id="share"' not in response.text


def test_consent_is_recorded_for_this_receiver(worker, unasked, caseworker):
    response = worker.post(page(unasked, "consent/"), consent_form())

    consent = Consent.objects.get()
    assert response.headers["Location"] == page(unasked, "change/")
    assert (consent.organization, consent.items) == (unasked.organization, ["code", "sex"])
    assert (consent.purpose, consent.recorded_by) == ("referral", caseworker)
    assert audit("record_consent").note == "given"


def test_consent_refused_shares_nothing_and_stops_here(worker, unasked):
    worker.post(page(unasked, "consent/"), consent_form(decision="refused"))

    response = worker.get(page(unasked, "change/"))

    assert (Consent.objects.get().decision, Consent.objects.get().items) == ("refused", [])
    assert "Ask the client first" in response.text
    assert "Refused" in response.text
    assert "The client said no: nothing is shared" in response.text
    assert page(unasked, "service/") in response.text


def test_consent_that_misses_an_answer_is_an_error_in_the_title(worker, unasked):
    response = worker.post(page(unasked, "consent/"), consent_form(decision=""))

    assert f"<title>Error: {unasked} " in response.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"items": []}, "items"),
        ({"decision": ""}, "decision"),
        ({"items": ["shoe size"]}, "items"),
        ({"valid_until": "yesterday"}, "valid_until"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"language": "xx-none"}, "language"),
    ],
)
def test_consent_with_something_wrong_says_what(fields, field, worker, unasked):
    response = worker.post(page(unasked, "consent/"), consent_form(**fields))

    assert list(response.context["consent_form"].errors) == [field]
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("change", "word"),
    [({"withdrawn_at": timezone.now()}, "Taken back"), ({"valid_until": "2026-01-02"}, "Run out")],
)
def test_a_consent_that_ended_is_named(change, word, worker, draft):
    Consent.objects.update(given_on="2026-01-01", **change)

    assert word in worker.get(page(draft, "change/")).text


# Change


def change_form(referral, **fields):
    return {
        "version": referral.version, "urgency": "urgent", "message": "A bed.",
        "items": ["code", "message"], **fields,
    }  # fmt: skip


def test_change_saves_and_shows_it(worker, draft):
    response = worker.post(page(draft, "change/"), change_form(draft))

    draft.refresh_from_db()
    assert response.headers["Location"] == page(draft, "change/")
    assert (draft.urgency, draft.message, draft.items) == ("urgent", "A bed.", ["code", "message"])


def test_change_goes_on_to_the_check(worker, draft):
    response = worker.post(page(draft, "change/"), change_form(draft, then="check"))

    assert response.headers["Location"] == page(draft, "send/")


def test_change_ticks_what_is_needed_and_agreed_and_no_more(worker, case, service, consent):
    fresh = factories.ReferralFactory(case=case, service=service)

    rows = worker.get(page(fresh, "change/")).context["form"].rows

    ticked = {row["item"] for row in rows if row["ticked"]}
    open_to_tick = {row["item"] for row in rows if row["agreed"]}
    assert ticked == {"code", "age_band", "sex", "message"}
    assert open_to_tick == set(ITEMS)


def test_change_shows_what_the_receiver_will_see_and_records_it(worker, draft, named):
    response = worker.get(page(draft, "change/"))

    assert "Zarmina Testowa" in response.text
    assert response.context["before"].shown == ["code", "age_band", "sex", "message"]
    assert response.context["after"].shown == ["code", "age_band", "sex", "message", "name"]
    assert audit("preview_referral").fields == ["age_band", "code", "message", "name", "sex"]


def test_change_refuses_what_the_client_did_not_agree_to(worker, draft):
    response = worker.post(page(draft, "change/"), change_form(draft, items=["code", "phone"]))

    assert "did not agree to share: Phone" in response.text
    assert Referral.objects.get().items == ITEMS


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"urgency": "now"}, "urgency"),
        ({"items": ["shoe size"]}, "items"),
        ({"message": "x" * 2001}, "message"),
        ({"version": "one"}, "version"),
    ],
)
def test_change_with_something_wrong_says_what(fields, field, worker, draft):
    response = worker.post(page(draft, "change/"), change_form(draft, **fields))

    assert list(response.context["form"].errors) == [field]
    assert Referral.objects.get().version == 1


def test_change_of_an_older_version_is_refused_and_shows_the_new_one(worker, draft):
    form = change_form(draft)
    Referral.objects.update(version=2)

    response = worker.post(page(draft, "change/"), form)

    assert "Somebody changed this" in response.text
    assert 'name="version" value="2"' in plain(response)


def test_change_after_sending_leads_to_the_referral(worker, sent):
    response = worker.post(page(sent, "change/"), change_form(sent))

    assert "taken back, not changed" in response.text


# Send


def test_send_shows_the_check_and_sends_nothing(worker, draft):
    response = worker.get(page(draft, "send/"))

    assert "Send to Receiving institution" in response.text
    assert "Zarmina Testowa" in response.text
    assert Referral.objects.get().state == State.DRAFT


def test_send_names_the_last_referral_to_the_same_service(worker, draft, make):
    make(factories.DeclinedReferralFactory)
    last = make(factories.SentReferralFactory)
    factories.SentReferralFactory(service=draft.service)

    response = worker.get(page(draft, "send/"))

    assert response.context["earlier"] == last
    assert str(last) in response.text


def test_send_without_an_earlier_one_names_none(worker, draft):
    factories.SentReferralFactory(case=draft.case)

    assert worker.get(page(draft, "send/")).context["earlier"] is None


def test_send_sends_what_was_checked(worker, draft, caseworker):
    response = worker.post(page(draft, "send/"), {"version": 1})

    draft.refresh_from_db()
    assert response.headers["Location"] == page(draft)
    assert (draft.state, draft.sent_by) == (State.SENT, caseworker)
    assert audit("send_referral").case_id == draft.case_id


def test_send_twice_by_one_click_too_many_is_one_referral(worker, draft):
    form = {"version": 1, "operation": uuid4()}

    answers = [worker.post(page(draft, "send/"), form).headers["Location"] for _ in range(2)]

    assert answers == [page(draft), page(draft)]
    assert draft.steps.count() == 1


def test_send_of_another_version_than_was_checked_is_refused(worker, draft):
    Referral.objects.update(version=2)

    response = worker.post(page(draft, "send/"), {"version": 1})

    assert "Somebody changed this" in response.text
    assert 'name="version" value="2"' in plain(response)
    assert Referral.objects.get().state == State.DRAFT


def test_send_without_consent_says_what_to_do(worker, draft):
    Consent.objects.update(withdrawn_at=timezone.now())

    shown = worker.get(page(draft, "send/"))
    refused = worker.post(page(draft, "send/"), {"version": 1})

    assert "None in force" in shown.text
    assert "Send to Receiving institution" not in shown.text
    assert "no consent in force to share" in refused.text
    assert Referral.objects.get().state == State.DRAFT


def test_send_of_what_was_sent_leads_to_the_referral(worker, sent):
    assert "now stands at: Sent" in worker.post(page(sent, "send/"), {"version": 1}).text
    assert worker.get(page(sent, "send/")).templates[0].name == "referrals/detail.html"


# Detail


@pytest.mark.parametrize("state", State)
def test_detail_shows_where_it_stands_and_is_recorded(state, worker, one_of_each):
    referral = one_of_each[state]

    response = worker.get(page(referral))

    assert referral.get_state_display() in response.text
    assert audit("view_referral").fields == sorted(response.context["sheet"].shown)


def test_detail_shows_what_the_receiver_sees_now(worker, make, named):
    before, after = make(factories.SentReferralFactory), make(factories.AcceptedReferralFactory)

    assert "Zarmina Testowa" not in worker.get(page(before)).text
    assert "Zarmina Testowa" in worker.get(page(after)).text


def test_detail_tells_the_answer(worker, make, partner):
    referral = make(factories.DeclinedReferralFactory, other_service="Day centre")
    factories.ReferralStepFactory(
        referral=referral, verb="decline", from_state="sent", to_state="declined",
        actor=partner, reason="no_place", comment="Full until March.",
    )  # fmt: skip

    text = worker.get(page(referral)).text

    assert "No place or staff now" in text
    assert "Full until March." in text
    assert "Day centre" in text
    assert "Paul Artner" in text
    assert f"/referrals/new/{referral.case_id}/" in text


def test_detail_says_that_the_answer_is_overdue(worker, make):
    assert "The answer is overdue" in worker.get(page(make(factories.OverdueReferralFactory))).text


def test_detail_says_when_the_consent_ended(worker, sent):
    Consent.objects.update(withdrawn_at=timezone.now())

    assert "The consent is no longer in force" in worker.get(page(sent)).text


def test_detail_keeps_message_and_names_from_who_may_not_read_the_story(watcher, make, named):
    accepted = make(factories.AcceptedReferralFactory, contact="Ana of the centre")
    factories.ReferralStepFactory(referral=accepted, verb="accept", comment="She may come at six.")

    response = watcher.get(page(accepted))

    assert response.status_code == 200
    assert "A bed for tonight." not in response.text
    assert "Zarmina" not in response.text
    assert "Ana of the centre" not in response.text
    assert "She may come at six." not in response.text
    assert response.context["may"] == set()


def test_detail_of_a_recalled_one_says_why_to_the_sender(worker, make):
    referral = make(factories.RecalledReferralFactory)
    factories.ReferralStepFactory(
        referral=referral, verb="recall", to_state="recalled", actor=None, reason="consent"
    )

    assert "The client took the consent back" in worker.get(page(referral)).text


def test_detail_is_refused_to_who_sees_the_case_but_works_with_no_referral(
    sent, operator, signed_in
):
    factories.CaseAccessFactory(content_object=sent.case, user=operator, level=Level.OPERATIONAL)

    assert signed_in(operator).get(page(sent)).status_code == 403


# Recall and close


def test_recall_takes_it_back_and_keeps_the_reason(worker, sent):
    response = worker.post(page(sent, "recall/"), {"reason": "safety"})

    sent.refresh_from_db()
    assert (response.headers["Location"], sent.state) == (page(sent), State.RECALLED)
    assert audit("recall_referral").note == "safety"


@pytest.mark.parametrize("reason", ["", "nonsense"])
def test_recall_without_a_reason_says_so(reason, worker, sent):
    response = worker.post(page(sent, "recall/"), {"reason": reason})

    assert response.context["form"].errors["reason"]
    assert Referral.objects.get().state == State.SENT


def test_recall_of_what_is_over_says_where_it_stands(worker, make):
    closed = make(factories.ClosedReferralFactory)

    assert (
        "now stands at: Closed" in worker.post(page(closed, "recall/"), {"reason": "safety"}).text
    )


def test_a_draft_is_discarded_without_being_asked_why(worker, draft):
    assert 'name="reason" value="not_needed"' in plain(worker.get(page(draft)))

    worker.post(page(draft, "recall/"), {"reason": "not_needed"})

    assert Referral.objects.get().state == State.RECALLED


def test_close_ends_it(worker, make):
    delivered = make(factories.DeliveredReferralFactory)

    response = worker.post(page(delivered, "close/"))

    delivered.refresh_from_db()
    assert (response.headers["Location"], delivered.state) == (page(delivered), State.CLOSED)


def test_close_of_what_still_waits_says_where_it_stands(worker, sent):
    assert "now stands at: Sent" in worker.post(page(sent, "close/")).text


# Who comes in at all


@pytest.mark.parametrize("part", ALL_PAGES)
def test_pages_are_not_there_for_others(part, other, draft, signed_in, colleague, partner):
    clients = [other, signed_in(colleague), signed_in(partner)]

    assert [client.get(page(draft, part)).status_code for client in clients] == [404, 404, 404]


@pytest.mark.parametrize("part", [*ALL_PAGES[1:], *POSTS])
def test_forms_are_not_there_for_others(part, other, draft, signed_in, colleague, partner):
    clients = [other, signed_in(colleague), signed_in(partner)]

    assert [client.post(page(draft, part)).status_code for client in clients] == [404, 404, 404]
    assert Referral.objects.get().version == 1


@pytest.mark.parametrize("part", ["service/", "change/", "send/"])
def test_preparing_is_refused_to_who_may_not(part, watcher, draft):
    assert watcher.get(page(draft, part)).status_code == 403
    assert watcher.post(page(draft, part)).status_code == 403


@pytest.mark.parametrize(("part", "form"), [("recall/", {"reason": "safety"}), ("close/", {})])
def test_ending_is_refused_to_who_may_not(part, form, watcher, make):
    started = make(factories.StartedReferralFactory)

    assert watcher.post(page(started, part), form).status_code == 403
    assert Referral.objects.get().state == State.STARTED


@pytest.mark.parametrize("part", POSTS)
def test_verbs_are_not_said_by_looking(part, worker, sent):
    assert worker.get(page(sent, part)).status_code == 405


@pytest.mark.parametrize("part", ALL_PAGES)
def test_looking_changes_nothing(part, worker, draft):
    before = Referral.objects.values().get()

    worker.get(page(draft, part))

    assert Referral.objects.values().get() == before


def test_titles_hold_numbers_only(worker, draft, sent, named):
    titles = [
        plain(worker.get(url)).partition("<title>")[2].partition("</title>")[0].strip()
        for url in [page(draft, part) for part in ALL_PAGES] + [page(sent)]
    ]

    assert titles == [
        f"{draft} – Casework",
        "New referral – Casework",
        f"{draft} – Casework",
        f"{draft} – Casework",
        f"{sent} – Casework",
    ]


def test_due_times_follow_the_page_over_a_week(worker, make):
    make(factories.SentReferralFactory, due_at=timezone.now() + timedelta(days=30))

    assert "Answer by" in worker.get("/referrals/").text
