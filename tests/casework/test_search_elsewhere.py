"""What is told of people whom the asker cannot see: a house, so many times an hour, and no name."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from accounts.audit import keyed
from accounts.levels import Level
from accounts.models import AuditEvent, Role
from accounts.scope import acting_as
from casework.actions import record_identity
from casework.actions.search import forget_names, index_names
from casework.models import Person, PersonIdentity, PersonSearch
from casework.models.access import CaseBlock
from casework.names import phonetic_keys
from casework.search import BY_NAME, BY_SOUND, ask_everywhere, find_people
from tests import factories

ASK = reverse("casework:ask_elsewhere")
FIND = reverse("casework:find")


def named(person, name="Zahra Rahimi", **more):
    identity = factories.PersonIdentityFactory(
        person=person, data_key=person.data_key, name=name, **more
    )
    index_names(identity)
    return identity


@pytest.fixture
def known(case):
    named(case.person)
    return case.person


def ask(user, typed):
    with acting_as(user), transaction.atomic():
        return ask_everywhere(user, typed)


def asked(browser, typed="Zohra Rahimy"):
    return browser.post(ASK, {"q": typed})


# The index


def test_recorded_name_is_indexed_by_keys_and_changed_with_it(caseworker, case):
    record_identity(case.person, name="Zahra Rahimi", actor=caseworker)

    entry = PersonSearch.objects.get()
    assert (entry.person, set(entry.keys)) == (case.person, phonetic_keys("Zahra Rahimi"))

    record_identity(case.person, name="Leila Haddad", other_names="Lila; لیلا", actor=caseworker)

    entry = PersonSearch.objects.get()
    told = phonetic_keys("Leila Haddad") | phonetic_keys("Lila") | phonetic_keys("لیلا")
    assert (set(entry.keys), entry.parts) == (told, 2)


def test_person_without_a_name_is_not_in_the_index(caseworker, case):
    record_identity(case.person, name="Zahra Rahimi", actor=caseworker)
    record_identity(case.person, name="", phone="+381 60 555 123", actor=caseworker)

    assert PersonSearch.objects.count() == 0


def test_forgotten_person_is_not_in_the_index(known):
    forget_names(known.pk)

    assert PersonSearch.objects.count() == 0


def test_index_is_rebuilt_from_the_names(known, capsys):
    entry = PersonSearch.objects.get()
    PersonSearch.objects.update(keys=[1, 2], parts=9)
    factories.PersonIdentityFactory(name="")
    stray = PersonSearch.objects.create(person=factories.PersonFactory(), keys=[3])

    call_command("rebuild_search", json=True)

    again = PersonSearch.objects.get()
    assert again.person_id != stray.person_id
    assert (again.keys, again.parts) == (entry.keys, 2)
    assert capsys.readouterr().out.strip() == '{"people": 1}'
    assert AuditEvent.objects.get(verb="rebuild_search").note == "1"


# One's own people


@pytest.mark.parametrize("typed", ["Zohra Rahimy", "زهرا رحیمی", "Zakhra Rakhimi", "Rahimy"])
def test_own_person_is_found_by_sound(caseworker, known, typed):
    found = find_people(caseworker, typed).found

    assert [(each.person, each.why) for each in found] == [(known, BY_SOUND)]


def test_own_person_is_found_by_any_letters_inside_a_name(caseworker, known):
    found = find_people(caseworker, "ahim").found

    assert [(each.person, each.why) for each in found] == [(known, BY_NAME)]


def test_nearest_sound_comes_first(caseworker, known, team):
    other = factories.AssignedCaseFactory(
        person=factories.PersonFactory(team=team), owner=caseworker
    )
    named(other.person, "Zahra Rahimi Noori")

    found = find_people(caseworker, "Zohra Rahimy").found

    assert [each.person for each in found] == [known, other.person]


# Everybody else


def test_colleague_is_told_that_a_match_may_exist_and_no_more(known, colleague, signed_in):
    response = asked(signed_in(colleague))

    assert response.status_code == 200
    page = response.content.decode()
    assert "A possible match exists" in page
    assert known.organization.name in page
    assert known.code not in page
    assert "Zahra" not in page
    event = AuditEvent.objects.get(verb="ask_everywhere")
    assert (event.actor, event.listed, event.note) == (colleague, [], "match")
    assert event.meta["term"] == keyed("term", "zohra rahimy")


def test_stranger_of_another_house_learns_the_house(known, stranger, signed_in):
    page = asked(signed_in(stranger), "زهرا رحیمی").content.decode()

    assert known.organization.name in page
    assert known.code not in page


def test_coordinator_of_the_house_learns_the_code(known, coordinator, signed_in):
    response = asked(signed_in(coordinator))

    assert known.code in response.content.decode()
    assert AuditEvent.objects.get(verb="ask_everywhere").listed == [known.pk]


def test_coordinator_of_another_house_learns_no_code(known, signed_in):
    other = factories.UserFactory(role=Role.Code.COORDINATOR)

    page = asked(signed_in(other)).content.decode()

    assert known.organization.name in page
    assert known.code not in page


def test_who_finds_her_by_name_is_not_told_twice(known, caseworker):
    assert ask(caseworker, "Zohra Rahimy").organizations == []


@pytest.mark.parametrize("typed", ["Zahra Karimi", "Zahra Ahmadi Rahmani", "Leila Haddad"])
def test_other_name_is_not_known(known, colleague, signed_in, typed):
    page = asked(signed_in(colleague), typed).content.decode()

    assert "No match is known" in page
    assert AuditEvent.objects.get(verb="ask_everywhere").note == "none"


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Mohammad Reza Ahmadi", "Mohammad Ahmadi"),
        ("Mohammad Ahmadi", "Mohammad Reza Ahmadi"),
        ("Ali Reza Moradi", "Alireza Moradi"),
        ("علیرضا مرادی", "Ali Reza Moradi"),
        ("Ahmadi Mohammad", "محمد احمدی"),
    ],
)
def test_longer_and_joined_names_are_known(case, colleague, stored, typed):
    named(case.person, stored)

    assert ask(colleague, typed).organizations == [case.organization]


def test_two_parts_of_a_longer_name_are_too_little(case, colleague):
    named(case.person, "Mohammad Reza Ahmadi")

    assert ask(colleague, "Mohammad Reza Karimi").organizations == []


@pytest.mark.parametrize("typed", ["Zahra", "", "1992", "Z\x00"])
def test_one_name_asks_nobody(known, colleague, signed_in, typed):
    response = asked(signed_in(colleague), typed)

    assert "Type two names" in response.content.decode()
    assert AuditEvent.objects.filter(verb="ask_everywhere").count() == 0


def test_sealed_person_is_never_told_of(known, case, colleague, coordinator):
    case.is_sealed = True
    case.save()

    assert ask(colleague, "Zahra Rahimi") == ([], [])
    assert ask(coordinator, "Zahra Rahimi") == ([], [])


def test_person_closed_to_the_asker_is_never_told_of(known, case, colleague, coordinator):
    CaseBlock.objects.create(case=case, user=colleague, reason="family", blocked_by=coordinator)

    assert ask(colleague, "Zahra Rahimi") == ([], [])
    assert ask(coordinator, "Zahra Rahimi").people == [known]


def test_person_who_waits_to_be_erased_is_never_told_of(known, case, colleague):
    Person.objects.filter(pk=known.pk).update(archived_on=case.opened_on)

    assert ask(colleague, "Zahra Rahimi").organizations == []


def test_no_name_is_opened_for_the_answer(known, colleague, monkeypatch, signed_in):
    def refuse(*args):
        raise AssertionError("a name was opened")

    browser = signed_in(colleague)
    monkeypatch.setattr("vault.fields.unseal", refuse)

    assert "A possible match exists" in asked(browser).content.decode()


def test_keys_of_people_known_by_code_only_are_not_shown(known, colleague, coordinator, caseworker):
    for user, count in [(colleague, 0), (coordinator, 0), (caseworker, 1)]:
        with acting_as(user), transaction.atomic():
            assert PersonSearch.objects.count() == count, user


def test_nobody_in_particular_is_told_nothing(known):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM gate_possible_match('{}', '[]')")
        assert cursor.fetchone() == (0,)


# The doors


@pytest.mark.parametrize("who", ["partner", "donor", "director", "admin", "interpreter", "dpo"])
def test_who_works_with_no_people_may_not_ask(who, request, signed_in):
    assert asked(signed_in(request.getfixturevalue(who))).status_code == 403
    assert AuditEvent.objects.filter(verb="ask_everywhere").count() == 0


def test_stranger_to_the_house_is_sent_to_the_door(client, db):
    assert asked(client).status_code == 302


def test_asking_is_a_post(signed_in, colleague):
    assert signed_in(colleague).get(ASK).status_code == 405


def test_twenty_first_question_of_an_hour_is_refused(known, colleague, signed_in, settings):
    settings.LIMITS = settings.LIMITS | {"search_everywhere": (2, 3600)}
    browser = signed_in(colleague)

    answers = [asked(browser).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert AuditEvent.objects.filter(verb="ask_everywhere").count() == 2


def test_search_by_name_is_counted_and_search_by_code_is_free(
    known, caseworker, signed_in, settings
):
    settings.LIMITS = settings.LIMITS | {"search": (1, 3600)}
    browser = signed_in(caseworker)

    by_name = [browser.post(FIND, {"q": "Zahra"}).status_code for _ in range(2)]
    by_code = browser.post(FIND, {"q": known.code})

    assert by_name == [200, 429]
    assert by_code.status_code == 302


def test_question_is_offered_when_two_names_were_typed(known, colleague, signed_in):
    browser = signed_in(colleague)

    assert ASK in browser.post(FIND, {"q": "Zahra Rahimi"}).content.decode()
    assert ASK not in browser.post(FIND, {"q": "Zahra"}).content.decode()


def test_operational_access_keeps_the_name_closed(known, case, colleague):
    factories.CaseAccessFactory(content_object=case, user=colleague, level=Level.OPERATIONAL)

    assert find_people(colleague, "Zohra Rahimy").found == []
    assert ask(colleague, "Zohra Rahimy").organizations == [case.organization]
    assert PersonIdentity.objects.count() == 1
