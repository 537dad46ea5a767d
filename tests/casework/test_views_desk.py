from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework import actions, cards
from casework.codes import read_code
from casework.models import CheckIn, Household, HouseholdMember, ServiceDelivered, Visit
from protection.actions.erasure import erase
from tests import factories

DESK = reverse("casework:desk")
HERE = reverse("casework:here")
NOT_KNOWN = "This card is not known here."


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def card(person):
    return factories.CardFactory(person=person)


@pytest.fixture
def scan(desk, team):
    """`scan(text)`: what the desk answers to it, the page after it included."""

    def send(text, client=desk, **more):
        typed = {"operation": str(uuid4()), "team": team.pk, "q": text, **more}
        return client.post(DESK, typed, follow=True)

    return send


def number(card):
    return cards.number_of(card.pk)


def out(row):
    return reverse("casework:check_out", args=[row.pk])


def family_of(person):
    return reverse("casework:check_in_family", args=[person.pk])


# Who came


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_typed_is_asked_for_again_and_searched_for_by_nobody(scan, person, text):
    response = scan(text)

    assert response.context["form"].errors == {"q": ["Scan a card, or type a code or a name."]}
    assert "Nobody found" not in response.content.decode()
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("spell", [str, cards.in_groups, lambda digits: f" {digits}\n"])
def test_card_checks_in(scan, card, team, caseworker, spell):
    response = scan(spell(number(card)))

    row = CheckIn.objects.get()
    assert (row.person, row.team, row.how) == (card.person, team, "card")
    assert (row.checked_in_by, row.left_at) == (caseworker, None)
    assert "Checked in" in response.text
    assert card.person.code in response.text
    assert set(AuditEvent.objects.filter(verb="check_in").values_list("object_id", flat=True)) == {
        str(row.pk)
    }


def test_code_checks_in(scan, person):
    response = scan(person.code.lower().replace("-", ""))

    assert CheckIn.objects.get().how == "code"
    assert person.who in response.text


def test_name_finds_and_a_press_checks_in(scan, case):
    factories.PersonIdentityFactory(person=case.person, name="Zarmina Testowa")

    found = scan("zarmina")

    assert CheckIn.objects.count() == 0
    assert "Name matches" in found.text
    assert "Testowa" not in found.text
    scan("", person=case.person.pk)
    assert CheckIn.objects.get().how == "search"


def test_handling_instruction_is_shown_at_once(scan, team, caseworker):
    person = factories.PersonFactory(
        team=team, registered_by=caseworker, handling_note="Do not call. Speak to her alone."
    )

    assert "Do not call. Speak to her alone." in scan(person.code).text
    assert AuditEvent.objects.filter(verb="view_person", note="desk").count() == 1


def test_open_things_are_told_by_words_for_every_ear(scan, case):
    case.risk, case.last_contact_on = "high", date(2026, 1, 1)
    case.save()
    factories.BestInterestsStepFactory(person=case.person)
    case.person.unaccompanied_or_separated = "yes"
    case.person.birth_year_from = case.person.birth_year_to = timezone.localdate().year - 12
    case.person.save()

    response = scan(case.person.code)

    assert response.context["open_things"] == ["Contact due", "A step waits", "A child alone"]
    assert "High risk" not in response.text


def test_second_desk_is_told_since_when(scan, signed_in, colleague, person):
    scan(person.code)
    CheckIn.objects.update(came_at=timezone.now() - timedelta(hours=1))

    response = scan(person.code, client=signed_in(colleague))

    since = timezone.localtime(CheckIn.objects.get().came_at)
    assert f"Already here since {since:%H:%M}" in " ".join(response.text.split())
    assert "Clara Worker" in response.text


def test_same_scan_sent_again_has_one_effect(desk, team, person):
    typed = {"operation": str(uuid4()), "team": team.pk, "q": person.code}
    desk.post(DESK, typed)
    desk.post(out(CheckIn.objects.get()))

    desk.post(DESK, typed)

    assert CheckIn.objects.count() == 1
    assert CheckIn.objects.get().left_at


# Cards that check nobody in


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("lost", "This card was reported lost on 3 Nov."),
        ("returned", "This card was given back on 3 Nov."),
        ("replaced", "This card was replaced by another on 3 Nov."),
    ],
)
def test_old_card_says_so_and_names_nobody(scan, person, state, said):
    card = factories.CardFactory(person=person, state=state, ended_on=date(2026, 11, 3))

    response = scan(number(card))

    assert said in response.text
    assert person.code not in response.text
    assert CheckIn.objects.count() == 0


def test_card_of_elsewhere_of_nobody_and_of_the_archived_are_not_known(scan, card, stranger):
    other = stranger.teams.get()
    elsewhere = factories.CardFactory(
        person=factories.PersonFactory(team=other, registered_by=stranger)
    )
    card.person.archived_on = timezone.localdate()
    card.person.save()

    texts = [
        scan(each).text for each in (number(elsewhere), cards.number_of(uuid4()), number(card))
    ]

    assert [NOT_KNOWN in text for text in texts] == [True, True, True]
    assert CheckIn.objects.count() == 0


def test_card_of_a_sealed_case_is_not_known_to_others(scan, signed_in, colleague, case):
    card = factories.CardFactory(person=case.person)
    case.is_sealed = True
    case.save()

    assert NOT_KNOWN in scan(number(card), client=signed_in(colleague)).text
    assert "Checked in" in scan(number(card)).text


@pytest.mark.django_db(transaction=True)
def test_card_of_somebody_erased_is_not_known(scan, card, settings, tmp_path):
    # The ledger of erasures is a file: what one test writes must not stop the start of another.
    settings.ERASURE_LEDGER_FILE = str(tmp_path / "erasures.jsonl")
    factories.CheckInFactory(person=card.person)
    told = number(card)

    erase("person", card.person_id)

    assert NOT_KNOWN in scan(told).text
    assert CheckIn.objects.count() == 0


def test_misread_card_is_said_to_be_one(scan, card):
    digits = number(card)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)

    assert "a digit is missing or was misread" in scan(wrong).text


@pytest.mark.parametrize(
    "typed",
    [
        "\x00",
        "1" * 5000,
        "١٢٣٤٥٦٧٨٩٠١٢",
        "1234-5678-9012'; DROP TABLE casework_card; --",
        "<script>alert(1)</script>",
        "-1",
        "%00%27",
        "\u202e210987654321",
    ],
)
def test_hostile_scan_is_nobody(scan, person, typed):
    response = scan(typed)

    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize("shown", ["x", "", str(UUID(int=1))])
def test_nothing_is_shown_for_nonsense(desk, shown):
    assert "row" not in desk.get(DESK, {"shown": shown}).context


def test_code_of_elsewhere_is_nobody(scan, stranger):
    other = factories.PersonFactory(team=stranger.teams.get(), registered_by=stranger)
    assert read_code(other.code)

    assert "Nobody found for" in scan(other.code).text
    assert scan("", person=other.pk).status_code == 404


@override_settings(LIMITS={"search": (1, 3600), "search_typing": (1, 3600)})
def test_desk_goes_on_with_cards_when_names_were_asked_too_often(scan, card):
    assert [scan("zarmina").status_code for _ in range(2)] == [200, 429]
    assert "Checked in" in scan(number(card)).text


@pytest.mark.parametrize("who", ["mobile", "operator", "partner", "donor", "admin", "dpo"])
def test_desk_and_list_are_for_desks(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))

    answers = [client.get(DESK), client.post(DESK, {"q": "x"}), client.get(HERE)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_camera_is_allowed_on_this_page_only(desk):
    assert "camera=(self)" in desk.get(DESK).headers["Permissions-Policy"]
    assert "camera=()" in desk.get(HERE).headers["Permissions-Policy"]


# Who is here


@pytest.mark.parametrize("rows", [1, 3])
def test_presence_list_asks_the_same_for_any_number(
    desk, team, caseworker, rows, django_assert_num_queries
):
    for _ in range(rows):
        person = factories.PersonFactory(team=team, registered_by=caseworker)
        factories.CheckInFactory(person=person, waits_for="interpreter")

    with django_assert_num_queries(9):
        response = desk.get(HERE)

    assert len(response.context["rows"]) == response.context["waiting"] == rows
    assert "An interpreter" in response.text


def test_presence_is_of_ones_own_hub_by_code(desk, person, house, stranger, caseworker):
    here = factories.CheckInFactory(person=person)
    gone = factories.CheckInFactory(
        person=factories.PersonFactory(team=person.team, registered_by=caseworker),
        left_at=timezone.now() + timedelta(seconds=1),
    )
    hub = factories.TeamFactory(organization=house)
    other = factories.CheckInFactory(
        person=factories.PersonFactory(team=hub, registered_by=caseworker)
    )
    elsewhere = factories.CheckInFactory(
        person=factories.PersonFactory(team=stranger.teams.get(), registered_by=stranger)
    )

    response = desk.get(HERE)

    assert [row for row, _letter in response.context["rows"]] == [here]
    text = response.text
    assert [row.person.code in text for row in (here, gone, other, elsewhere)] == [True] + [
        False
    ] * 3
    assert AuditEvent.objects.get(verb="list_check_ins").listed == [here.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_that_waits_shows_who_came_in_last(
    desk, team, caseworker, rows, django_assert_num_queries
):
    for _ in range(rows):
        person = factories.PersonFactory(team=team, registered_by=caseworker)
        row = factories.CheckInFactory(person=person)

    with django_assert_num_queries(12):
        response = desk.get(DESK)

    assert response.context["present"][0] == row
    assert len(AuditEvent.objects.get(verb="list_check_ins").listed) == rows
    desk.post(out(row), {"then": "desk"})
    assert row not in desk.get(DESK).context["present"]


def test_empty_desk_says_what_to_do_and_a_search_in_vain_leads_on(desk, scan):
    assert "Scan the first card" in desk.get(DESK).text
    assert (
        reverse("casework:receive_visitor") + "?from=desk"
        in scan("Nobody Atall").text.partition('id="found"')[2]
    )


def test_check_out_and_in_again(desk, scan, person):
    scan(person.code)
    row = CheckIn.objects.get()

    desk.post(out(row))
    desk.post(out(row))
    scan(person.code)

    row.refresh_from_db()
    assert row.left_at
    assert not row.is_ended_by_clock
    assert CheckIn.objects.count() == 2
    assert AuditEvent.objects.filter(verb="check_out").count() == 1


def test_somebody_waits_by_code(desk, person):
    row = factories.CheckInFactory(person=person)
    url = reverse("casework:set_waiting", args=[row.pk])

    desk.post(url, {"operation": str(uuid4()), "waits_for": "interpreter"})
    desk.post(url, {"operation": str(uuid4()), "waits_for": "the doctor, she is pregnant"})

    row.refresh_from_db()
    assert row.waits_for == "interpreter"


def test_stranger_checks_nobody_out_and_who_may_not_is_refused(signed_in, stranger, operator, case):
    row = factories.CheckInFactory(person=case.person)
    urls = [out(row), reverse("casework:set_waiting", args=[row.pk]), family_of(case.person)]

    assert [signed_in(stranger).post(url).status_code for url in urls] == [404, 404, 404]
    assert [signed_in(operator).post(url).status_code for url in urls] == [403, 403, 403]
    row.refresh_from_db()
    assert row.is_open


# The visit of the stay


def visit_typed(team, **more):
    return {
        "operation": str(uuid4()),
        "team": team.pk,
        "services": ["information"],
        "language": "fa",
        "interpreting": "not_needed",
        "concern": "no",
        **more,
    }


@pytest.mark.parametrize("leaves", [False, True])
def test_visit_knows_the_stay(desk, person, team, leaves):
    row = factories.CheckInFactory(person=person, waits_for="caseworker")
    url = reverse("casework:record_visit", args=[person.pk])
    assert "Here since" in desk.get(url).text

    more = {"leaves": "on"} if leaves else {}
    response = desk.post(f"{url}?from=desk", visit_typed(team, **more))

    assert response.headers["Location"] == DESK
    row.refresh_from_db()
    assert (row.visit, row.waits_for, row.is_open) == (Visit.objects.get(), "", not leaves)


def test_visit_of_another_day_belongs_to_no_stay(desk, person, team):
    row = factories.CheckInFactory(person=person)
    yesterday = timezone.localtime() - timedelta(days=1)
    url = reverse("casework:record_visit", args=[person.pk])

    desk.post(url, visit_typed(team, at=yesterday.strftime("%Y-%m-%dT%H:%M")))

    row.refresh_from_db()
    assert row.visit is None


# The family


@pytest.fixture
def household(person, caseworker, team):
    """`person` and two others, of whom one left."""
    home = Household.objects.create(organization=team.organization, made_by=caseworker)
    people = [
        person,
        *(factories.PersonFactory(team=team, registered_by=caseworker) for _ in range(3)),
    ]
    for each in people:
        HouseholdMember.objects.create(household=home, person=each, recorded_by=caseworker)
    HouseholdMember.objects.filter(person=people[3]).update(until=timezone.localdate())
    return people


def came(team, *people, **more):
    ids = [each.pk for each in people]
    return {
        "operation": str(uuid4()),
        "team": team.pk,
        "members": ids,
        "interpreting": "not_needed",
        **more,
    }


def test_family_is_checked_in_by_one_scan(desk, scan, household, team):
    first, second, third, gone = household
    assert "Family" in scan(first.code).text

    page = desk.get(family_of(first))
    response = desk.post(family_of(first), came(team, second, third, services=["food"]))

    assert second.code in page.text
    assert gone.code not in page.text
    assert response.headers["Location"] == DESK
    rows = {row.person: row.how for row in CheckIn.objects.all()}
    assert rows == {first: "code", second: "family", third: "family"}
    assert {visit.person for visit in Visit.objects.all()} == {first, second, third}
    assert ServiceDelivered.objects.count() == 3


def test_family_gets_all_or_nothing_with_a_line_a_person(desk, household, team):
    first, second, third, _gone = household
    factories.VisitRuleFactory(organization=team.organization, override="coordinator")
    for each in (second, third):
        actions.record_visit(
            each,
            team=team,
            language=each.language,
            services=[factories.service_type("hygiene")],
            actor=each.registered_by,
        )

    response = desk.post(family_of(first), came(team, second, third, services=["hygiene"]))

    text = response.text
    assert f"{second.code}: Hygiene: next one from" in text
    assert f"{third.code}: Hygiene: next one from" in text
    assert f"{first.code}: Hygiene" not in text
    assert (CheckIn.objects.count(), Visit.objects.count()) == (0, 2)


def test_family_of_somebody_else_comes_with_nobody(desk, household, team):
    other = factories.PersonFactory(team=team, registered_by=household[0].registered_by)

    response = desk.post(family_of(household[0]), came(team, other))

    assert "Select a valid choice" in response.text
    assert CheckIn.objects.count() == 0


# The clock


def local(hour, minute=0, days=0):
    now = timezone.localtime() + timedelta(days=days)
    return now.replace(hour=hour, minute=minute, second=0, microsecond=0)


@pytest.mark.parametrize(
    ("came_at", "now", "ended"),
    [
        (local(10, days=-1), local(20, 1, days=-1), local(20, days=-1)),
        (local(10, days=-1), local(19, 59, days=-1), None),
        (local(21, days=-2), local(12, days=-1), local(11, days=-1)),
        (local(4, days=-1), local(18, 30, days=-1), local(18, days=-1)),
    ],
    ids=["closed", "open", "after hours", "too long"],
)
def test_clock_ends_what_was_forgotten(person, came_at, now, ended):
    row = factories.CheckInFactory(person=person, came_at=came_at, waits_for="service")

    count = actions.end_forgotten(now)

    row.refresh_from_db()
    assert (count, row.left_at, row.is_ended_by_clock) == (int(bool(ended)), ended, bool(ended))


def test_hours_are_forgotten_and_the_day_is_kept(person):
    old = factories.CheckInFactory(
        person=person, came_at=local(10, days=-40), left_at=local(12, days=-40)
    )
    fresh = factories.CheckInFactory(
        person=person, came_at=local(10, days=-2), left_at=local(12, days=-2)
    )

    assert (actions.forget_hours(), actions.forget_hours()) == (1, 0)
    assert AuditEvent.objects.get(verb="forget_hours").note == "1"

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.came_at, old.left_at) == (local(0, days=-40), local(0, days=-40))
    assert fresh.came_at == local(10, days=-2)
