"""The register of interpreters, who is offered for whom, and who never."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions
from casework.interpreting import interpreters_for
from casework.models import Interpreter, InterpreterBlock, Visit
from tests import factories
from vault.models import DataKey

REGISTER = reverse("casework:interpreters")
NEW = reverse("casework:new_interpreter")


def page(row, name="change_interpreter"):
    return reverse(f"casework:{name}", args=[row.pk])


def typed(**more):
    told = {"operation": str(uuid4()), "version": 0, "name": "Lamisela B.", "phone": "060 555 123"}
    told |= {"languages": ["fa"], "dialects": ["tehrani"], "gender": "female", "country": "IR"}
    told |= {"works_by_phone": "on", "vetting": "passed", "pledged_on": "2026-01-05"}
    return {**told, "is_available": "on", **more}


@pytest.fixture
def lead(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def make(house):
    def interpreter(**fields):
        return factories.InterpreterFactory(organization=house, **fields)

    return interpreter


def offered(person, user):
    return [(offer.interpreter, offer.misfits) for offer in interpreters_for(person, user)]


# The register


def test_interpreter_is_added_sealed_with_her_own_key_and_audited(lead, coordinator, house):
    response = lead.post(NEW, typed())

    assert response.url == REGISTER
    row = Interpreter.objects.select_related("data_key").get()
    assert (row.organization, row.name, row.version) == (house, "Lamisela B.", 1)
    assert row.data_key_id == row.pk
    event = AuditEvent.objects.get(verb="edit_interpreter")
    assert (event.actor, event.object_id) == (coordinator, str(row.pk))
    shown = lead.get(REGISTER).text
    assert [word in shown for word in ("Lamisela B.", "060 555 123", "Tehrani")] == [True] * 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"languages": []}, "Choose at least one language"),
        ({"dialects": ["levantine"]}, "Tick the language of Levantine too"),
        ({"works_by_phone": ""}, "in person, by phone, or both"),
        ({"pledge_until": "2025-12-31"}, "A pledge ends after it was signed"),
        ({"name": ""}, "There is no answer here yet"),
    ],
    ids=str,
)
def test_interpreter_who_cannot_be_is_said_and_not_kept(lead, wrong, said):
    response = lead.post(NEW, typed(**wrong))

    assert said in response.text
    assert (Interpreter.objects.count(), "Lamisela" in response.text) == (0, "name" not in wrong)


def test_second_of_two_coordinators_is_told(lead, make):
    row = make(name="Before")

    lead.post(page(row), typed(version=1))
    response = lead.post(page(row), typed(version=1, name="Other"))

    assert "Somebody changed this" in response.text
    assert Interpreter.objects.select_related("data_key").get().name == "Lamisela B."


def test_register_is_read_by_caseworkers_and_kept_by_coordinators(signed_in, caseworker, make):
    row = make(name="Lamisela B.")
    desk = signed_in(caseworker)

    assert "Lamisela B." in desk.get(REGISTER).text
    assert (desk.get(NEW).status_code, desk.get(page(row)).status_code) == (403, 403)
    with pytest.raises(PermissionDenied):
        actions.edit_interpreter(row, languages=[], actor=caseworker)


def test_stranger_sees_only_the_register_of_her_own_house(signed_in, stranger, make):
    row = make(name="Lamisela B.")
    elsewhere = signed_in(stranger)

    assert "Lamisela" not in elsewhere.get(REGISTER).text
    assert elsewhere.get(page(row)).status_code == 404


@pytest.mark.parametrize("who", ["interpreter", "partner", "donor", "director", "dpo", "admin"])
def test_register_is_for_nobody_else(request, signed_in, make, who):
    make()

    assert signed_in(request.getfixturevalue(who)).get(REGISTER).status_code == 403


def test_interpreter_who_signs_in_finds_no_client(signed_in, interpreter, make, person):
    own = make(user=interpreter)
    other = make()
    factories.VisitFactory(person=person, interpreting="in_person", interpreter=own)
    factories.InterpreterBlockFactory(person=person, interpreter=own)

    assert list(Interpreter.objects.visible_to(interpreter)) == [own]
    assert other not in Interpreter.objects.visible_to(interpreter)
    rows = (Visit.objects, InterpreterBlock.objects)
    assert [queryset.visible_to(interpreter).count() for queryset in rows] == [0, 0]
    assert signed_in(interpreter).get(page(person, "talking")).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_register_takes_the_same_questions_however_many(
    lead, make, rows, django_assert_num_queries
):
    for _ in range(rows):
        make()
    lead.get(REGISTER)

    with django_assert_num_queries(10):
        lead.get(REGISTER)


def test_name_is_forgotten_two_years_after_leaving_and_the_visit_stays(make, person):
    gone = make(name="Lamisela B.", left_on=date(2024, 2, 29))
    stays = make(name="Zalmina K.", left_on=date(2024, 3, 2))
    factories.VisitFactory(person=person, interpreting="in_person", interpreter=gone)

    early = actions.forget_interpreters(date(2026, 2, 28))
    number = actions.forget_interpreters(date(2026, 3, 1))

    assert (early, number) == (0, 1)
    event = AuditEvent.objects.get(verb="forget_interpreter")
    assert (event.actor, event.object_id) == (None, str(gone.pk))
    gone = Interpreter.objects.select_related("data_key").get(pk=gone.pk)
    assert (gone.called, gone.data_key, gone.is_available) == (gone.code, None, False)
    assert not DataKey.objects.filter(pk=gone.pk).exists()
    assert Interpreter.objects.select_related("data_key").get(pk=stays.pk).name == "Zalmina K."
    assert Visit.objects.get().interpreter == gone


# Who is offered


def test_who_fits_all_wishes_comes_first_and_others_say_why_not(caseworker, person, make):
    assert str(person.nationality) == "AF"
    man = make(name="B", gender="male", country="PK", dialects=["kabuli"])
    same = make(name="C", gender="female", country="AF")
    fits = make(name="D", gender="female", country="IR", dialects=["tehrani"])
    silent = make(name="E", languages=["ar"], gender="unknown")
    factories.TalkWishFactory(
        person=person,
        language=factories.language("fa"),
        dialect=factories.dialect("tehrani"),
        interpreter_gender="female",
        is_not_from_community=True,
    )

    assert offered(person, caseworker) == [
        (fits, []),
        (man, ["is not a woman", "does not speak Tehrani"]),
        (same, ["does not speak Tehrani", "from the same country"]),
        (
            silent,
            [
                "does not speak Farsi",
                "woman or man not known",
                "not known where from",
            ],
        ),
    ]


def test_asked_for_comes_first_and_by_phone_only_is_kept(caseworker, person, make):
    make(name="A")
    wanted = make(name="B")
    absent = make(name="C", works_by_phone=False)
    factories.TalkWishFactory(
        person=person,
        language=factories.language("fa"),
        interpreter=wanted,
        by_phone_only=True,
    )

    rows = interpreters_for(person, caseworker)

    assert (rows[0].interpreter, rows[0].is_asked_for) == (wanted, True)
    assert (rows[-1].interpreter, rows[-1].misfits) == (absent, ["not by phone"])


def test_never_offered_who_is_blocked_unbound_unvetted_or_gone(caseworker, person, make):
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    fine = make(pledge_until=today, vetted_until=today)
    make(pledged_on=None)
    make(pledge_until=yesterday)
    make(pledged_on=today + timedelta(days=1))
    make(vetting="waiting")
    make(vetted_until=yesterday)
    make(is_available=False)
    make(left_on=yesterday)
    factories.InterpreterBlockFactory(person=person, interpreter=make())
    factories.InterpreterFactory()

    assert [row for row, _ in offered(person, caseworker)] == [fine]


def test_lifted_block_offers_again(caseworker, person, make):
    row = make()
    block = factories.InterpreterBlockFactory(person=person, interpreter=row)
    assert offered(person, caseworker) == []

    own_word = {"is_own_word": True, "said_on": timezone.localdate(), "asked_by": caseworker}
    actions.lift_interpreter_block(block, actor=caseworker, **own_word)

    assert [each for each, _ in offered(person, caseworker)] == [row]
    with pytest.raises(ValidationError, match="taken off already"):
        actions.lift_interpreter_block(block, actor=caseworker, **own_word)


def test_own_wish_ends_with_her_own_word_and_the_trail_says_so(signed_in, colleague, person, make):
    block = factories.InterpreterBlockFactory(person=person, interpreter=make())
    door = reverse("casework:lift_interpreter_block", args=[block.pk])
    today = timezone.localdate()

    typed = {"is_own_word": "on", "said_on": today.isoformat(), "asked_by": str(colleague.pk)}
    signed_in(colleague).post(door, {**typed, "operation": str(uuid4())})

    block.refresh_from_db()
    assert (block.lift_said_by, block.lift_said_on, block.lift_asked_by) == (
        "client",
        today,
        colleague,
    )
    event = AuditEvent.objects.get(verb="lift_interpreter_block")
    assert (event.actor, event.note) == (colleague, "client client")


def test_nobody_ends_what_the_person_asked_for(
    signed_in, caseworker, coordinator, stranger, person, make
):
    interpreter = make(user=factories.UserFactory(organization=person.organization))
    block = factories.InterpreterBlockFactory(person=person, interpreter=interpreter)
    door = reverse("casework:lift_interpreter_block", args=[block.pk])
    today = timezone.localdate()
    said = {"said_on": today.isoformat(), "asked_by": str(caseworker.pk)}

    def post(user, **typed):
        return signed_in(user).post(door, {**said, **typed, "operation": str(uuid4())})

    assert "only the person ends it" in post(caseworker).text
    assert "only the person ends it" in post(coordinator).text
    early = (today - timedelta(days=1)).isoformat()
    assert "younger than this day" in post(caseworker, is_own_word="on", said_on=early).text
    late = (today + timedelta(days=1)).isoformat()
    assert "in the future" in post(caseworker, is_own_word="on", said_on=late).text
    heard = post(caseworker, is_own_word="on", asked_by=str(interpreter.user_id))
    assert "somebody else has to ask" in heard.text
    assert post(stranger, is_own_word="on").status_code == 404
    with pytest.raises(ValidationError, match="colleague of this house"):
        actions.lift_interpreter_block(
            block, actor=caseworker, is_own_word=True, said_on=today, asked_by=stranger
        )
    assert InterpreterBlock.objects.in_force().count() == 1


def test_what_an_interpreter_said_only_a_coordinator_takes_back(caseworker, coordinator, person):
    block = factories.InterpreterBlockFactory(person=person, said_by="interpreter")

    with pytest.raises(PermissionDenied):
        actions.lift_interpreter_block(block, actor=caseworker)
    actions.lift_interpreter_block(block, actor=coordinator)

    assert InterpreterBlock.objects.in_force().count() == 0


def test_same_interpreter_for_people_who_are_linked_is_told(caseworker, person, team, make):
    row, other = make(), factories.PersonFactory(team=team, registered_by=caseworker)
    factories.VisitFactory(person=other, interpreting="in_person", interpreter=row)
    assert not interpreters_for(person, caseworker)[0].is_known_to_others

    factories.KeepApartFactory(person=person, other=other)

    offer = interpreters_for(person, caseworker)[0]
    assert "has interpreted for somebody linked" in offer.label
    # In the file of the other one the mark does not stand, and is not given away.
    factories.VisitFactory(person=person, interpreting="in_person", interpreter=row)
    assert not interpreters_for(other, caseworker)[0].is_known_to_others


def test_household_is_a_link_too(caseworker, person, team, make):
    row, other = make(), factories.PersonFactory(team=team, registered_by=caseworker)
    household = factories.HouseholdFactory(organization=person.organization)
    for member in (person, other):
        factories.HouseholdMemberFactory(household=household, person=member)
    factories.VisitFactory(person=other, interpreting="by_phone", interpreter=row)

    assert interpreters_for(person, caseworker)[0].is_known_to_others


# At a visit


def visit_form(team, **more):
    told = {"operation": str(uuid4()), "team": str(team.pk), "services": ["food"]}
    return {**told, "language": "fa", "interpreting": "in_person", "concern": "no", **more}


def test_interpreter_is_chosen_at_a_visit(signed_in, caseworker, person, team, make):
    row = make(name="Lamisela B.")
    desk, address = signed_in(caseworker), page(person, "record_visit")

    assert "Never leave the person alone with the interpreter" in desk.get(address).text
    desk.post(address, visit_form(team, interpreter=str(row.pk)))

    visit = Visit.objects.get()
    assert visit.interpreter == row
    assert row.code in desk.get(page(visit, "visit")).text


def test_interpreter_without_one_being_there_is_dropped(signed_in, caseworker, person, team, make):
    form = visit_form(team, interpreting="not_needed", interpreter=str(make().pk))

    signed_in(caseworker).post(page(person, "record_visit"), form)

    assert Visit.objects.get().interpreter is None


def test_blocked_interpreter_is_refused_whatever_was_sent(
    signed_in, caseworker, person, team, make
):
    row = make()
    factories.InterpreterBlockFactory(person=person, interpreter=row)

    response = signed_in(caseworker).post(
        page(person, "record_visit"), visit_form(team, interpreter=str(row.pk))
    )

    assert "Select a valid choice" in response.text
    with pytest.raises(ValidationError, match="blocked"):
        actions.record_visit(
            person,
            team=team,
            language=factories.language("fa"),
            services=[],
            interpreting="in_person",
            interpreter=row,
            actor=caseworker,
        )
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "interpreting", "said"),
    [
        ({"pledged_on": None}, "in_person", "does not hold on that day"),
        ({"vetting": "refused"}, "by_phone", "does not hold on that day"),
        ({}, "none_free", "here or on the phone"),
    ],
    ids=str,
)
def test_rules_of_interpreting_hold_in_the_verb(
    caseworker, person, team, make, fields, interpreting, said
):
    with pytest.raises(ValidationError, match=said):
        actions.record_visit(
            person,
            team=team,
            language=factories.language("fa"),
            services=[],
            interpreting=interpreting,
            interpreter=make(**fields),
            actor=caseworker,
        )


def test_correction_keeps_an_interpreter_who_has_left_since(
    signed_in, caseworker, person, team, make
):
    row = make(name="Lamisela B.")
    visit = factories.VisitFactory(
        person=person, team=team, interpreting="in_person", interpreter=row
    )
    Interpreter.objects.update(left_on=timezone.localdate(), is_available=False)
    form = visit_form(team, version=1, services=["food", "hygiene"], interpreter=str(row.pk))

    response = signed_in(caseworker).post(page(visit, "change_visit"), form)

    assert response.status_code == 302
    visit.refresh_from_db()
    assert (visit.version, visit.interpreter) == (2, row)
