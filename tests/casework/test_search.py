from datetime import date, timedelta

import pytest

from accounts.levels import Level
from accounts.models import AuditEvent
from casework import cards
from casework.codes import code_from
from casework.models import PersonIdentity
from casework.search import (
    BY_BEGINNING,
    BY_CARD,
    BY_CODE,
    BY_NAME,
    BY_NAME_AND_YEAR,
    BY_PHONE,
    find_people,
    fold_name,
)
from tests.factories import CardFactory, CaseAccessFactory, PersonFactory, PersonIdentityFactory


def found(user, typed):
    return [(each.person, each.why) for each in find_people(user, typed).found]


def name(person, **parts):
    return PersonIdentityFactory(person=person, **parts)


@pytest.fixture
def named(case):
    name(
        case.person, name="Đorđina Mirković", other_names="Zarmina; زرمینه", phone="+381 60 555-123"
    )
    return case.person


def test_person_of_the_team_is_found_by_code(caseworker, person):
    typed = person.code.lower().replace("-", " ")

    assert found(caseworker, typed) == [(person, BY_CODE)]
    event = AuditEvent.objects.get(verb="find_people")
    assert (event.actor, event.listed) == (caseworker, [person.pk])


def test_person_is_found_by_the_beginning_of_her_code(caseworker, person):
    assert found(caseworker, person.code[:5]) == [(person, BY_BEGINNING)]


def test_person_of_another_house_does_not_exist(stranger, person, named):
    assert found(stranger, person.code) == []
    assert found(stranger, "mirkovic") == []


@pytest.mark.parametrize(
    "typed",
    [
        "Đorđina",
        "djordjina",
        "DJORDJINA",
        "Ђорђина",
        "mirkovic djor",
        "Mirković",
        "zarmina",
        "زرمينه",
    ],
)
def test_name_is_found_across_scripts_marks_and_case(caseworker, named, typed):
    assert found(caseworker, typed) == [(named, BY_NAME)]


@pytest.mark.parametrize("typed", ["ko", "mirkovicc", "djordjina petrovic", "a"])
def test_other_name_is_not_found(caseworker, named, typed):
    assert found(caseworker, typed) == []


def test_year_narrows_a_name(caseworker, named):
    named.birth_year_from, named.birth_year_to = 1992, 2000
    named.save()

    assert found(caseworker, "zarmina 1995") == [(named, BY_NAME_AND_YEAR)]
    assert found(caseworker, "zarmina 1980") == []


def test_phone_is_found_however_it_is_written(caseworker, named):
    assert found(caseworker, "060 555 123") == [(named, BY_PHONE)]


def test_zeros_are_nobodys_phone(caseworker, named):
    assert found(caseworker, "000 000 000") == []


def test_colleague_without_access_finds_the_code_but_no_name(colleague, named):
    assert found(colleague, named.code) == [(named, BY_CODE)]
    assert found(colleague, "zarmina") == []


def test_operational_access_finds_no_name(colleague, case, named):
    CaseAccessFactory(content_object=case, user=colleague, level=Level.OPERATIONAL)

    assert found(colleague, "zarmina") == []

    CaseAccessFactory(content_object=case, user=colleague, level=Level.IDENTITY)
    assert found(colleague, "zarmina") == [(named, BY_NAME)]


def test_misread_code_is_said(caseworker, person):
    code = code_from(1_234_567)
    misread = code[:-1] + ("2" if code[-1] != "2" else "3")

    findings = find_people(caseworker, misread)

    assert findings.is_misread_code
    assert findings.found == []


def test_code_of_letters_alone_can_be_misread_too(caseworker, person):
    assert find_people(caseworker, "VWU-ECM").is_misread_code
    assert not find_people(caseworker, "VWUECM").is_misread_code


def test_one_sign_finds_nobody_and_writes_nothing(caseworker, person):
    assert found(caseworker, " x ") == []
    assert AuditEvent.objects.count() == 0


def test_only_so_many_names_are_opened_the_last_seen_first(caseworker, case):
    name(case.person, name="Old Visitor")
    recent = PersonFactory(team=case.team, last_visit_on=case.opened_on + timedelta(days=1))
    access = CaseAccessFactory(content_object__person=recent, user=caseworker)
    name(recent, name="New Visitor")

    findings = find_people(caseworker, "visitor", most=1)

    assert access.content_object.person == recent
    assert findings.is_cut
    assert [each.person for each in findings.found] == [recent]


def test_erased_identity_is_passed_over(caseworker, case, named):
    PersonIdentity.objects.update(data_key=None)

    assert found(caseworker, "zarmina") == []


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Ђорђе", "djordje"),
        ("ŽUŽA", "zuza"),
        ("محمّد", "محمد"),
        ("Ŕené", "rene"),
        ("Łukasz", "łukasz"),
    ],
)
def test_fold_name(typed, folded):
    assert fold_name(typed) == folded


def test_card_finds_its_person_and_an_old_one_nobody(caseworker, person):
    card = CardFactory(person=person)
    number = cards.in_groups(cards.number_of(card.pk))
    by_card = found(caseworker, number)

    card.state, card.ended_on = "lost", date(2026, 1, 1)
    card.save()

    assert by_card == [(person, BY_CARD)]
    assert found(caseworker, number) == []
