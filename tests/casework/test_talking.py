"""Wishes, ways of contact, and what is not asked again: verbs and pages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Role
from casework import actions
from casework.contact_hours import Why
from casework.models import CaseEvent, ContactRule, DoNotAsk, InterpreterBlock, TalkWish
from casework.models.contact import contact_allowed
from casework.talking import number_with_safety, wish_of
from tests import factories

PAGES = ("record_talk_wish", "record_contact_rule", "mark_do_not_ask", "block_interpreter")
WISH = {"interpreter_gender": "female", "read_aloud": "unknown"}


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


def submitted(**typed):
    return {"operation": str(uuid4()), **typed}


def rule(**typed):
    day = timezone.localdate().isoformat()
    told = {"channel": "call", "is_safe": "yes", "answered_by": "herself", "learned_on": day}
    return submitted(**{**told, "learned_from": "herself", **typed})


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def told(case):
    """The caseworker's case, with a name and a number."""
    factories.PersonIdentityFactory(
        person=case.person,
        data_key=case.person.data_key,
        name="Zarmina Testowa",
        phone="060 555 123",
    )
    return case


# Wishes


def test_wishes_are_saved_and_audited(desk, person, caseworker):
    factories.InterpreterFactory(organization=person.organization)

    response = desk.post(page("record_talk_wish", person), submitted(**WISH, by_phone_only="on"))

    assert response.url == page("talking", person)
    wish = TalkWish.objects.get()
    assert (wish.interpreter_gender, wish.by_phone_only) == ("female", True)
    event = AuditEvent.objects.get(verb="record_talk_wish")
    assert (event.actor, event.object_id) == (caseworker, str(wish.pk))
    assert "A woman interprets" in desk.get(page("person", person)).text


def test_wishes_replace_those_that_were_shown(desk, person):
    first = factories.TalkWishFactory(person=person)

    desk.post(page("record_talk_wish", person), submitted(**WISH, replaces=str(first.pk)))

    first.refresh_from_db()
    assert first.ended_at is not None
    assert TalkWish.objects.standing().get().interpreter_gender == "female"


def test_wishes_filled_in_on_older_ones_are_refused_and_nothing_is_lost(desk, person):
    factories.TalkWishFactory(person=person)

    response = desk.post(page("record_talk_wish", person), submitted(**WISH, by_phone_only="on"))

    assert "Somebody changed this" in response.text
    assert "checked" in response.text
    assert TalkWish.objects.count() == 1


def test_dialect_of_another_language_is_refused(caseworker, person):
    arabic = factories.dialect("levantine")

    with pytest.raises(ValidationError, match="another language"):
        actions.record_talk_wish(person, dialect=arabic, actor=caseworker)


def test_two_wishes_after_a_merge_keep_what_is_safer(caseworker, person):
    factories.TalkWishFactory(
        person=person, is_not_from_community=True, recorded_at=timezone.now() - timedelta(days=2)
    )
    factories.TalkWishFactory(person=person, interpreter_gender="male")

    wish = wish_of(person, caseworker)

    assert (wish.interpreter_gender, wish.is_not_from_community) == ("male", True)


# Ways of contact


def test_rule_is_saved_told_to_the_case_and_audited(desk, told):
    person = told.person

    response = desk.post(page("record_contact_rule", person), rule(safe_word="Blue coat"))

    assert response.url == page("talking", person)
    row = ContactRule.objects.select_related("data_key").get()
    assert (row.channel, row.is_safe, row.safe_word) == ("call", "yes", "Blue coat")
    assert AuditEvent.objects.filter(verb="record_contact_rule", note="call yes").exists()
    assert CaseEvent.objects.filter(case=told, code="contact_rule").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": "10:00"}, "Say from when and to when"),
        ({"since": "10:00", "until": "10:00"}, "Say from when and to when"),
        ({"is_safe": "no", "days": ["0"]}, "for what is safe"),
        ({"valid_until": "2020-01-01"}, "This day is over"),
        ({"learned_on": "2099-01-01"}, "lies in the future"),
        ({"since": "25:00", "until": "26:00"}, "Write the time"),
    ],
    ids=str,
)
def test_rule_that_cannot_be_is_said_and_nothing_changed(desk, person, typed, said):
    response = desk.post(page("record_contact_rule", person), rule(**typed))

    assert said in response.text
    assert ContactRule.objects.count() == 0


def test_words_to_say_are_kept_by_who_may_not_see_them(signed_in, colleague, told):
    person = told.person
    first = factories.ContactRuleFactory(person=person, safe_word="Blue coat", cover_name="Shop")
    other = signed_in(colleague)

    shown = other.get(page("talking", person)).text
    form = other.get(page("record_contact_rule", person)).text
    other.post(page("record_contact_rule", person), rule(is_safe="no", replaces=str(first.pk)))

    assert [word in shown + form for word in ("Blue coat", "Shop")] == [False, False]
    row = ContactRule.objects.standing().select_related("data_key").get()
    assert (row.is_safe, row.safe_word, row.cover_name) == ("no", "Blue coat", "Shop")


def test_no_rule_is_no_and_the_strictest_of_two_counts(person):
    assert contact_allowed(person.pk, "call").why == Why.UNKNOWN

    factories.ContactRuleFactory(person=person)
    assert contact_allowed(person.pk, "call").allowed
    assert not contact_allowed(person.pk, "sms").allowed

    factories.ContactRuleFactory(person=person, is_safe="no")
    assert contact_allowed(person.pk, "call").why == Why.UNSAFE


@pytest.mark.parametrize("is_safe", ["no", "unknown", None])
def test_number_is_kept_back_while_calling_is_not_safe(desk, told, is_safe):
    if is_safe:
        factories.ContactRuleFactory(person=told.person, is_safe=is_safe)

    response = desk.post(page("show_identity", told), {"reason": "contact"})

    assert "Zarmina Testowa" in response.text
    assert "060 555 123" not in response.text
    assert '<bdi><span class="withheld">' in response.text
    assert "Do not call" in response.text or is_safe is None
    assert AuditEvent.objects.get(verb="show_identity").fields == ["name"]


def test_number_is_shown_where_it_is_agreed(desk, told):
    factories.ContactRuleFactory(person=told.person, cover_name="The dentist")

    asked = desk.get(page("show_identity", told)).text
    response = desk.post(page("show_identity", told), {"reason": "contact"})

    assert "Safe now, and agreed" in asked
    assert [word in response.text for word in ("060 555 123", "The dentist")] == [True, True]


def test_another_reason_does_not_open_a_number_that_is_not_safe(desk, told):
    shown = desk.post(page("show_identity", told), {"reason": "check"})
    factories.ContactRuleFactory(person=told.person, is_safe="no")
    hidden = desk.post(page("show_identity", told), {"reason": "check"})

    assert "060 555 123" in shown.text
    assert "060 555 123" not in hidden.text


def test_override_needs_a_coded_reason_and_is_remembered(desk, told, caseworker):
    factories.ContactRuleFactory(person=told.person, is_safe="no")

    wrong = desk.post(page("show_identity", told), {"reason": "contact", "override": "curious"})
    assert "060 555 123" not in wrong.text
    response = desk.post(page("show_identity", told), {"reason": "contact", "override": "danger"})

    assert "060 555 123" in response.text
    event = AuditEvent.objects.get(verb="override_contact")
    assert (event.actor, event.note, event.fields) == (caseworker, "danger", ["phone"])
    assert CaseEvent.objects.filter(case=told, code="contact_overridden").count() == 1


def test_number_never_leaves_without_what_holds_for_it(person):
    assert "do not use it unless" in number_with_safety(person.pk, "060 555 123")

    factories.ContactRuleFactory(person=person, days=[0], since="10:00", until="14:00")
    said = number_with_safety(person.pk, "060 555 123")
    assert said == ("060 555 123 (Phone call: Monday, from 10:00 to 14:00, leave no message.)")

    factories.ContactRuleFactory(person=person, is_safe="no")
    assert number_with_safety(person.pk, "060 555 123").endswith("(Phone call: do not use it.)")


def test_partner_reads_the_rule_with_the_number(signed_in, case):
    person = case.person
    factories.PersonIdentityFactory(
        person=person, data_key=person.data_key, name="Z", phone="060 555 123"
    )
    factories.ContactRuleFactory(person=person, is_safe="no", safe_word="Blue coat")
    referral = factories.AcceptedReferralFactory(case=case)
    referral.items = [*referral.items, "phone"]
    referral.save(update_fields=["items"])
    referral.consent.items = [*referral.consent.items, "phone"]
    referral.consent.save(update_fields=["items"])
    receiver = factories.UserFactory(organization=referral.organization, role="partner")

    shown = signed_in(receiver).get(reverse("partner:referral", args=[referral.pk])).text

    assert "060 555 123 (Phone call: do not use it.)" in shown
    assert "Blue coat" not in shown


# Not asked again


def test_mark_is_saved_shown_and_taken_off(desk, person, caseworker):
    typed = submitted(topic="route", kept_in="notes", told_on=timezone.localdate().isoformat())

    desk.post(page("mark_do_not_ask", person), typed)

    mark = DoNotAsk.objects.get()
    assert (mark.topic, mark.told_to) == ("route", caseworker)
    assert "Already told, do not ask again: The way here" in desk.get(page("person", person)).text
    desk.post(page("lift_do_not_ask", mark), submitted())
    assert DoNotAsk.objects.in_force().count() == 0
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {"mark_do_not_ask", "lift_do_not_ask"}


def test_mark_stands_once_and_makes_way_when_it_ran_out(caseworker, person):
    today = timezone.localdate()
    facts = {"topic": "route", "kept_in": "notes", "told_on": today, "actor": caseworker}
    old = factories.DoNotAskFactory(person=person, until=today - timedelta(days=1))

    actions.mark_do_not_ask(person, **facts)
    with pytest.raises(ValidationError, match="marked already"):
        actions.mark_do_not_ask(person, **facts)

    old.refresh_from_db()
    assert (old.lifted_at is not None, DoNotAsk.objects.in_force().count()) == (True, 1)


def test_mark_that_was_taken_off_is_not_taken_off_twice(caseworker, person):
    mark = factories.DoNotAskFactory(person=person)
    actions.lift_do_not_ask(mark, actor=caseworker)

    with pytest.raises(ValidationError, match="asked again already"):
        actions.lift_do_not_ask(mark, actor=caseworker)


# Who may


@pytest.mark.parametrize("name", ["talking", *PAGES])
def test_stranger_cannot_tell_that_the_person_exists(signed_in, stranger, person, name):
    assert signed_in(stranger).get(page(name, person)).status_code == 404


@pytest.mark.parametrize("name", ["talking", *PAGES])
@pytest.mark.parametrize("who", ["partner", "donor", "interpreter", "director"])
def test_whoever_works_with_no_client_finds_nobody(request, signed_in, person, name, who):
    user = request.getfixturevalue(who)

    assert signed_in(user).get(page(name, person)).status_code == 404


def test_worker_without_the_function_reads_and_writes_nothing(signed_in, colleague, person):
    Role.objects.get(pk="caseworker").permissions.remove(
        Permission.objects.get(codename="record_talk")
    )
    browser = signed_in(colleague)

    assert browser.get(page("talking", person)).status_code == 200
    assert {browser.get(page(name, person)).status_code for name in PAGES} == {403}
    with pytest.raises(PermissionDenied):
        actions.record_talk_wish(person, actor=colleague)


def test_case_leads_to_the_tab_of_the_person(desk, case):
    assert desk.get(page("case_talking", case)).url == page("talking", case.person)


@pytest.mark.parametrize("rows", [1, 3])
def test_tab_takes_the_same_questions_however_much_there_is(
    desk, person, rows, django_assert_num_queries
):
    topics = ["route", "family", "money"]
    for number in range(rows):
        made = factories.InterpreterFactory(organization=person.organization)
        factories.InterpreterBlockFactory(
            person=person,
            interpreter=factories.InterpreterFactory(organization=person.organization),
        )
        factories.DoNotAskFactory(person=person, topic=topics[number])
        factories.ContactRuleFactory(person=person, channel=["call", "sms", "mail"][number])
        factories.TalkWishFactory(person=person, interpreter=made)
    desk.get(page("talking", person))

    with django_assert_num_queries(23):
        response = desk.get(page("talking", person))

    assert len(response.context["offers"]) == rows
    assert InterpreterBlock.objects.count() == rows
