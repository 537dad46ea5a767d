import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, Notice
from casework import actions
from casework.actions.finding_twins import stored
from casework.actions.tracing import compare_person, compare_sought, follow_matches
from casework.models import CaseAccess, Consent, PossibleMatch, SoughtRelative
from tests import factories

NAME = "Soheila Kazemvand"


def tab(person):
    return reverse("casework:tracing", args=[person.pk])


def agrees(case, **fields):
    return factories.ConsentFactory(
        person=case.person, case=case, purpose=Consent.Purpose.TRACING, organization=None, **fields
    )


@pytest.fixture
def agreed(case):
    return agrees(case)


@pytest.fixture
def sought(case, caseworker, agreed):
    return actions.record_sought(
        case.person, kin="sibling", name=NAME, sex="female", actor=caseworker
    )


@pytest.fixture
def sister(team, caseworker):
    """Somebody of the house whose name sounds like the one that is sought."""
    person = factories.PersonFactory(team=team, registered_by=caseworker)
    actions.record_identity(person, name="Suheyla Kazimvand", actor=caseworker)
    return person


@pytest.fixture
def match(sought, sister):
    compare_sought(sought.pk)
    return PossibleMatch.objects.get()


# Writing down


def test_who_is_sought_is_sealed_and_told_in_the_trail(case, sought):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM casework_soughtrelative")
        assert b"Soheila" not in bytes(cursor.fetchone()[0])
    assert sought.parts == 2
    assert AuditEvent.objects.filter(verb="record_sought", object_id=sought.pk).count() == 1


def test_nobody_is_sought_without_her_own_yes(case, caseworker):
    with pytest.raises(ValidationError) as told:
        actions.record_sought(case.person, kin="sibling", name=NAME, actor=caseworker)

    assert "Ask first" in told.value.messages[0]
    assert not SoughtRelative.objects.exists()


def test_who_may_not_see_her_name_may_not_write_names_of_her_family(case, colleague, agreed):
    with pytest.raises(PermissionDenied):
        actions.record_sought(case.person, kin="sibling", name=NAME, actor=colleague)


def test_by_the_page(signed_in, caseworker, case, agreed):
    page = signed_in(caseworker)
    path = reverse("casework:record_sought", args=[case.person_id])
    sent = {"operation": str(uuid4()), "kin": "child", "name": "محمد احمدی", "sex": "male"}
    sent |= {"may_be_told": "no", "birth_year_from": "2011", "last_seen": "Edirne, in spring"}

    first, second = page.post(path, sent), page.post(path, sent)

    row = SoughtRelative.objects.get()
    assert first.url == second.url == tab(case.person)
    assert (row.birth_year_from, row.birth_year_to, row.may_be_told) == (2011, 2011, "no")
    assert "محمد احمدی" in page.get(tab(case.person)).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"kin": ""}, {"birth_year_from": "1700"}, {"name": "x" * 301}]
)
def test_what_is_wrong_keeps_nothing(signed_in, caseworker, case, agreed, wrong):
    path = reverse("casework:record_sought", args=[case.person_id])
    sent = {"kin": "child", "name": NAME, "sex": "male", "may_be_told": "no", **wrong}

    assert signed_in(caseworker).post(path, sent).status_code == 200
    assert not SoughtRelative.objects.exists()


def test_correction_rests_on_what_was_read(case, caseworker, sought):
    actions.change_sought(sought, version=1, actor=caseworker, name="Soheila Kazemi")
    with pytest.raises(ValidationError):
        actions.change_sought(sought, version=1, actor=caseworker, name=NAME)

    sought.refresh_from_db()
    assert (sought.name, sought.version) == ("Soheila Kazemi", 2)


def test_her_row_is_held_before_it_is_asked_whether_she_agrees(case, caseworker, sought):
    acts = (
        lambda: actions.record_sought(case.person, kin="child", name=NAME, actor=caseworker),
        lambda: actions.change_sought(sought, version=1, actor=caseworker, name=NAME),
        lambda: compare_sought(sought.pk),
    )
    for act in acts:
        with CaptureQueriesContext(connection) as asked:
            act()
        asked = [each["sql"] for each in asked]
        held = [n for n, sql in enumerate(asked) if re.search(r'FOR .*UPDATE OF "casework_pe', sql)]
        read = [n for n, sql in enumerate(asked) if 'FROM "casework_consent"' in sql]
        assert held[0] < read[0]


def test_end_of_a_search(signed_in, caseworker, sought):
    path = reverse("casework:close_sought", args=[sought.pk])

    signed_in(caseworker).post(path, {"version": "1", "is_found": "no"})

    sought.refresh_from_db()
    assert sought.state == "closed"
    with pytest.raises(ValidationError):
        actions.close_sought(sought, version=2, is_found=True, actor=caseworker)


# Finding


def test_name_that_sounds_the_same_is_found_and_told_to_who_wrote_it(match, sought, sister):
    assert (match.person, match.why) == (sister, ["name", "sex"])
    sought.refresh_from_db()
    assert sought.state == "possible"
    assert Notice.objects.filter(user=sought.recorded_by, code="match_found").count() == 1


def test_name_written_down_later_is_found_too(sought, sister):
    assert compare_person(sister.pk) == 1
    assert compare_person(sister.pk) == 0
    assert PossibleMatch.objects.get().person == sister


def test_what_somebody_else_kept_at_that_moment_is_not_told_of(match, sought):
    twice = PossibleMatch(sought=sought, seeker=sought.person, person=match.person, why=["name"])

    assert stored([twice]) == []
    assert PossibleMatch.objects.get() == match


def test_two_who_seek_the_same_one_are_found(sought, team, caseworker):
    other = factories.PersonFactory(team=team, registered_by=caseworker)
    also = factories.SoughtRelativeFactory(
        person=other, keys=sought.keys, parts=sought.parts, name="Suheyla Kazimvand"
    )

    compare_sought(sought.pk)

    found = PossibleMatch.objects.get()
    assert (found.person, found.other, found.why) == (other, also, ["sought_too"])


@pytest.mark.parametrize("sex", ["male"])
def test_other_sex_is_nobody_she_seeks(sought, sister, sex):
    sister.sex = sex
    sister.save()

    assert compare_sought(sought.pk) == 0


def test_nobody_is_looked_for_after_the_yes_was_taken_back(sought, sister, agreed, caseworker):
    actions.withdraw_consent(agreed, actor=caseworker)

    assert compare_sought(sought.pk) == compare_person(sister.pk) == 0


def test_who_is_to_be_kept_apart_is_never_found(sought, sister, case, caseworker):
    factories.KeepApartFactory(person=sister, other=case.person, recorded_by=caseworker)

    assert compare_sought(sought.pk) == 0
    assert not PossibleMatch.objects.exists()


def test_who_is_sealed_is_never_found(sought, sister):
    sister.cases.update(is_sealed=True)

    assert compare_sought(sought.pk) == compare_person(sister.pk) == 0


# Settling


def test_two_confirm_and_she_is_found(match, sought, caseworker, coordinator):
    actions.settle_match(match, is_one=True, actor=caseworker)
    match.refresh_from_db()
    assert match.state == "half"
    with pytest.raises(ValidationError):
        actions.settle_match(match, is_one=True, actor=caseworker)

    actions.settle_match(match, is_one=True, actor=coordinator)
    follow_matches(sought.pk)

    match.refresh_from_db()
    sought.refresh_from_db()
    assert (match.state, match.first_said_by, match.settled_by) == (
        "confirmed",
        caseworker,
        coordinator,
    )
    assert sought.state == "found"


def test_somebody_else_says_one_and_the_search_goes_on(signed_in, coordinator, match, sought):
    path = reverse("casework:settle_match", args=[match.pk])

    signed_in(coordinator).post(path, {"is_one": "no"})
    follow_matches(sought.pk)

    match.refresh_from_db()
    sought.refresh_from_db()
    assert (match.state, sought.state) == ("not_her", "open")


def test_page_says_that_who_seeks_may_be_whom_she_fled_from(signed_in, coordinator, match):
    page = signed_in(coordinator).get(reverse("casework:settle_match", args=[match.pk]))

    assert "Who seeks may be whom somebody fled from" in page.content.decode()


def test_codes_are_for_who_sees_both(signed_in, caseworker, coordinator, case, match, sister):
    other_team = factories.TeamFactory(organization=case.organization)
    sister.team = other_team
    sister.save()
    CaseAccess.objects.filter(content_object__person=sister).delete()

    hers = signed_in(caseworker).get(tab(case.person)).content.decode()
    whole = signed_in(coordinator).get(tab(case.person)).content.decode()

    assert sister.code not in hers
    assert "Ask a coordinator" in hers
    assert sister.code in whole
    assert NAME not in whole
    assert (
        signed_in(caseworker).get(reverse("casework:settle_match", args=[match.pk])).status_code
        == 404
    )


def test_colleague_of_the_found_one_learns_nothing(signed_in, caseworker, match, sister):
    page = signed_in(caseworker).get(tab(sister))

    assert page.context["lines"] == []


def test_stranger_finds_nothing(signed_in, stranger, case, sought, match):
    page = signed_in(stranger)

    assert page.get(tab(case.person)).status_code == 404
    for name, pk in (("change_sought", sought.pk), ("settle_match", match.pk)):
        assert page.get(reverse(f"casework:{name}", args=[pk])).status_code == 404
    assert page.get(reverse("casework:matches")).context["lines"] == []


def test_colleague_without_access_to_names_sees_no_name(signed_in, colleague, case, sought):
    page = signed_in(colleague).get(tab(case.person)).content.decode()

    assert NAME not in page
    assert "Kept back" in page
    path = reverse("casework:record_sought", args=[case.person_id])
    assert signed_in(colleague).get(path).status_code == 403


def test_list_asks_the_same_number_of_questions(signed_in, coordinator, match, sought, team):
    page = signed_in(coordinator)
    path = reverse("casework:matches")
    page.get(path)
    with CaptureQueriesContext(connection) as one:
        assert len(page.get(path).context["lines"]) == 1
    for _each in range(2):
        factories.PossibleMatchFactory(sought=sought, person=factories.PersonFactory(team=team))
    with CaptureQueriesContext(connection) as three:
        assert len(page.get(path).context["lines"]) == 3

    assert len(three) == len(one)
