"""Rules of services: what they say, wherever a service is recorded, and who sets them."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import AuditEvent
from casework import actions
from casework.models import ServiceDelivered, Visit, VisitRule, VisitRuleHistory
from tests import factories
from tests.factories import service_type

RULES = reverse("casework:visit_rules")
NEW = reverse("casework:new_visit_rule")


@pytest.fixture
def rule(house):
    return factories.VisitRuleFactory(organization=house)


@pytest.fixture
def give(person, team, caseworker):
    """`give("hygiene")`: a visit with this, by the caseworker, now or at another moment."""

    def record(*codes, actor=caseworker, at=None, **more):
        return actions.record_visit(
            person,
            team=team,
            language=person.language,
            services=[service_type(code) for code in codes],
            actor=actor,
            at=at,
            **more,
        )

    return record


def refused(act):
    with pytest.raises(ValidationError) as caught:
        act()
    return caught.value.messages


def told(moment):
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def hours_ago(hours):
    return timezone.now() - timedelta(hours=hours)


def test_interval_says_when_it_is_possible_again(rule, give):
    first = give("hygiene", at=hours_ago(20))

    said = refused(lambda: give("hygiene"))

    assert said == [f"Hygiene: next one from {told(first.at + timedelta(hours=24))}."]
    assert Visit.objects.count() == 1
    give("food")


def test_interval_that_is_over_refuses_nothing(rule, give):
    give("hygiene", at=hours_ago(25))

    give("hygiene")

    assert ServiceDelivered.objects.count() == 2


def test_visit_written_down_later_meets_the_one_after_it(rule, give):
    give("hygiene", at=hours_ago(2))

    said = refused(lambda: give("hygiene", at=hours_ago(20)))

    assert said[0].startswith("Hygiene: given again on")


def test_rule_of_another_house_or_out_of_force_says_nothing(give, house):
    factories.VisitRuleFactory()
    factories.VisitRuleFactory(organization=house, is_active=False)
    give("hygiene")

    give("hygiene")

    assert ServiceDelivered.objects.count() == 2


def test_most_on_one_day_counts_how_much(rule, give, case, caseworker):
    VisitRule.objects.update(interval_hours=None, most_per_day=3)
    give("hygiene")

    def deliver(quantity):
        return actions.deliver_service(
            case, service_type=service_type("hygiene"), quantity=quantity, actor=caseworker
        )

    assert refused(lambda: deliver(3)) == ["Hygiene: at most 3 on one day."]
    deliver(2)
    midnight = timezone.make_aware(
        datetime.combine(timezone.localdate() + timedelta(days=1), datetime.min.time())
    )
    assert refused(lambda: deliver(1)) == [f"Hygiene: next one from {told(midnight)}."]


@pytest.mark.parametrize("order", [("hygiene", "clothes"), ("clothes", "hygiene")])
def test_services_are_kept_apart_in_both_orders(rule, give, order):
    VisitRule.objects.update(interval_hours=None, apart_from=["clothes"])
    first, second = order
    give(first)

    said = refused(lambda: give(second))

    assert said[0].startswith("Hygiene and Clothes are not given on one day. Again from")


def test_services_are_kept_apart_at_one_visit(rule, give):
    VisitRule.objects.update(interval_hours=None, apart_from=["clothes"])

    assert len(refused(lambda: give("hygiene", "clothes", "food"))) == 1
    assert Visit.objects.count() == 0


def test_who_may_gives_it_for_a_reason_that_is_kept(rule, give, coordinator):
    give("hygiene")

    give("hygiene", "food", actor=coordinator, override="lost")

    given = ServiceDelivered.objects.filter(visit__recorded_by=coordinator)
    assert {row.service_type_id: row.override for row in given} == {"hygiene": "lost", "food": ""}


def test_who_may_not_gives_nothing_for_any_reason(rule, give):
    give("hygiene")

    assert len(refused(lambda: give("hygiene", override="lost"))) == 1
    VisitRule.objects.update(override="nobody")
    assert len(refused(lambda: give("hygiene", override="lost"))) == 1
    VisitRule.objects.update(override="desk")
    give("hygiene", override="lost")


def test_reason_without_a_refusal_is_not_kept(rule, give):
    give("hygiene", override="lost")

    assert ServiceDelivered.objects.get().override == ""


def test_what_a_case_got_counts_for_who_does_not_see_the_case(rule, give, case, colleague, team):
    case.is_sealed = False
    actions.deliver_service(case, service_type=service_type("hygiene"), actor=case.owner)

    assert len(refused(lambda: give("hygiene", actor=colleague))) == 1


def test_web_asks_with_its_own_rights(rule, signed_in, colleague, case, team):
    """What was given inside a case that the colleague cannot see is told as a moment."""
    actions.deliver_service(case, service_type=service_type("hygiene"), actor=case.owner)
    url = reverse("casework:record_visit", args=[case.person_id])

    response = signed_in(colleague).post(url, typed(team, "hygiene"))

    assert "Hygiene: next one from" in response.text


def typed(team, *codes, **more):
    return {
        "operation": str(uuid4()),
        "team": team.pk,
        "services": list(codes),
        "language": "fa",
        "interpreting": "not_needed",
        "concern": "no",
        **more,
    }


def test_form_asks_why_only_whom_the_rule_lets(rule, give, signed_in, caseworker, person, team):
    give("hygiene")
    client, url = signed_in(caseworker), reverse("casework:record_visit", args=[person.pk])

    assert "Give it all the same?" not in client.post(url, typed(team, "hygiene")).text
    VisitRule.objects.update(override="desk")
    assert "Give it all the same?" in client.post(url, typed(team, "hygiene")).text
    client.post(url, typed(team, "hygiene", override="child"))
    assert ServiceDelivered.objects.filter(override="child").count() == 1


def test_visit_that_moves_to_another_day_is_asked_again(rule, give, caseworker):
    give("hygiene", at=hours_ago(100))
    later = give("hygiene", at=hours_ago(2))

    moved = refused(
        lambda: actions.change_visit(later, version=1, at=hours_ago(90), actor=caseworker)
    )
    actions.change_visit(later, version=1, at=hours_ago(70), actor=caseworker)

    assert moved[0].startswith("Hygiene: next one from")


def test_correction_that_adds_a_service_is_asked(rule, give, caseworker):
    give("hygiene", at=hours_ago(3))
    visit = give("food")
    both = [service_type("food"), service_type("hygiene")]

    said = refused(lambda: actions.change_visit(visit, version=1, services=both, actor=caseworker))

    assert said[0].startswith("Hygiene: next one from")
    actions.change_visit(visit, version=1, services=[service_type("food")], actor=caseworker)


def test_service_of_a_case_that_changes_is_asked(rule, give, case, caseworker):
    give("hygiene", at=hours_ago(3))
    service = actions.deliver_service(case, service_type=service_type("food"), actor=caseworker)

    def change(**facts):
        return actions.change_service(service, version=1, actor=caseworker, **facts)

    assert len(refused(lambda: change(service_type=service_type("hygiene")))) == 1
    change(quantity=2)


def test_api_is_held_to_the_rules(rule, give, signed_in, caseworker, person, team):
    VisitRule.objects.update(override="desk")
    give("hygiene")
    sent = {
        "person": str(person.pk),
        "team": team.pk,
        "language": "fa",
        "services": ["hygiene"],
    }

    def post(**more):
        return signed_in(caseworker).post(
            "/api/v1/visits/",
            {**sent, **more},
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid4())},
        )

    answer = post()
    assert answer.status_code == 400
    assert "Hygiene: next one from" in answer.json()["fields"]["services"][0]
    assert post(override="weather").status_code == 201


# The page of the rules


@pytest.fixture
def said():
    return {
        "operation": str(uuid4()),
        "version": "0",
        "service_type": "hygiene",
        "interval_hours": "24",
        "most_per_day": "",
        "apart_from": ["clothes"],
        "override": "coordinator",
        "is_active": "on",
    }


@pytest.fixture
def client(signed_in, coordinator):
    return signed_in(coordinator)


def change(rule):
    return reverse("casework:change_visit_rule", args=[rule.pk])


def test_rule_is_made_and_listed(client, said, coordinator, house):
    response = client.post(NEW, said)

    assert response.headers["Location"] == RULES
    rule = VisitRule.objects.get()
    assert (rule.organization, rule.interval_hours, rule.apart_from) == (house, 24, ["clothes"])
    assert AuditEvent.objects.filter(verb="set_visit_rule").count() == 1
    assert "Clothes" in client.get(RULES).text


def test_rule_changes_and_keeps_what_it_said(client, rule, said):
    client.post(change(rule), {**said, "version": "1", "interval_hours": "48"})

    rule.refresh_from_db()
    assert (rule.interval_hours, rule.version) == (48, 2)
    labels = VisitRuleHistory.objects.order_by("pgh_id").values_list("pgh_label", "interval_hours")
    assert list(labels) == [("added", 24), ("changed", 24)]
    assert "24 hours" in client.get(change(rule)).text


def test_second_change_is_told(client, rule, said):
    client.post(change(rule), {**said, "version": "1"})
    response = client.post(change(rule), {**said, "version": "1", "operation": str(uuid4())})

    assert response.status_code == 200
    assert response.context["form"].errors


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"interval_hours": "", "apart_from": []}, "Say an interval"),
        ({"interval_hours": "0"}, "greater than or equal to 1"),
        ({"interval_hours": "9999999"}, "less than or equal to 8784"),
        ({"most_per_day": "-1"}, "greater than or equal to 1"),
        ({"apart_from": ["hygiene"]}, "A service is not kept apart from itself."),
        ({"service_type": "nothing"}, "Select a valid choice"),
        ({"override": "anybody"}, "Select a valid choice"),
    ],
)
def test_rule_that_makes_no_sense_is_refused(client, said, wrong, words):
    response = client.post(NEW, {**said, **wrong})

    assert words in response.text
    assert VisitRule.objects.count() == 0


def test_exceptions_are_counted(client, rule, give, coordinator):
    give("hygiene")
    give("hygiene", actor=coordinator, override="lost")

    assert [line["exceptions"] for line in client.get(RULES).context["rules"]] == [1]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_any_number(client, house, rows, django_assert_num_queries):
    for code in ["hygiene", "clothes", "food"][:rows]:
        factories.VisitRuleFactory(organization=house, service_type_id=code)

    with django_assert_num_queries(10):
        response = client.get(RULES)

    assert len(response.context["rules"]) == rows


def test_rules_are_the_houses_own(client, said):
    other = factories.VisitRuleFactory()

    assert client.get(change(other)).status_code == 404
    assert client.post(change(other), said).status_code == 404
    assert client.get(RULES).context["rules"] == []


@pytest.mark.parametrize("who", ["caseworker", "mobile", "admin", "dpo", "partner"])
def test_rules_are_set_by_coordinators(request, signed_in, who, said, rule):
    client = signed_in(request.getfixturevalue(who))

    answers = [client.get(RULES), client.post(NEW, said), client.post(change(rule), said)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
