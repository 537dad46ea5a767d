import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from accounts.levels import Level
from accounts.models import AuditEvent
from casework.models import Case, CaseEvent, ServiceDelivered, TraffickingStatus
from screening.models import InstrumentVersion, Screening
from tests.factories import AssignedCaseFactory, CaseAccessFactory, PersonFactory, UserFactory
from tests.screening.factories import (
    CONTROLLED,
    CompletedScreeningFactory,
    ScreeningFactory,
    StoppedScreeningFactory,
)
from tests.screening.vectors import NAMES, THB, VECTORS

SECTIONS = {section["code"]: n for n, section in enumerate(THB["sections"], start=1)}
CONTROL = SECTIONS["control"]
ILO = {"ILO-CD-01": "yes", "ILO-CD-04": "yes"}


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


@pytest.fixture
def reader(case, team, house):
    """Somebody who may read this case's answers and do nothing with them."""
    user = UserFactory(name="Rita Eader", organization=house, teams=[team], role="coordinator")
    CaseAccessFactory(content_object=case, user=user)
    return user


def url(name, *args):
    return reverse(f"screening:{name}", args=args)


def first_questions(**changes):
    given = {
        "instrument_version": str(changes.pop("instrument_version").pk),
        "safety": "safe",
        "agreed": "yes",
        "limits_explained": "on",
        "language": "fa",
        "interpreting": "in_person",
    }
    return {**given, **changes}


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def main_of(page):
    """What the page itself says, without its frame."""
    return re.search(r'<main[^>]* id="main".*?</main>', page)[0]


# start


def test_start_begins_the_talk_and_leads_to_its_first_part(desk, person, instrument_version):
    response = desk.post(
        url("start", person.pk), first_questions(instrument_version=instrument_version)
    )

    screening = Screening.objects.get()
    assert response.headers["Location"] == url("screening", screening.pk)
    assert desk.get(response.headers["Location"]).headers["Location"] == url(
        "part", screening.pk, 1
    )
    assert AuditEvent.objects.filter(verb="start_screening").count() == 1


def test_start_writes_down_whom_it_showed(desk, person, instrument_version):
    desk.get(f"/screening/start/{person.pk}/")

    assert AuditEvent.objects.get(verb="view_person").object_id == str(person.pk)


def test_start_asks_before_it_counts_as_declined(desk, person, instrument_version):
    given = first_questions(instrument_version=instrument_version, agreed="")

    response = desk.post(url("start", person.pk), given)

    assert "Ask the person first." in text(response)
    assert Screening.objects.count() == 0


def test_start_shows_the_rule_and_changes_nothing(desk, person, instrument_version):
    given = first_questions(instrument_version=instrument_version)
    del given["limits_explained"]

    response = desk.post(url("start", person.pk), given)

    assert "Say first what we may have to pass on, and to whom." in text(response)
    assert Case.objects.count() == 0


@pytest.mark.parametrize(("safety", "page"), [("not_alone", "paused"), ("danger", "help")])
def test_start_leaves_the_topic_when_it_is_not_safe(desk, person, instrument_version, safety, page):
    given = first_questions(instrument_version=instrument_version, safety=safety)

    response = desk.post(url("start", person.pk), given)

    assert response.headers["Location"] == url(page)
    assert Screening.objects.get().stop_reason == safety


def test_start_keeps_a_no(desk, person, instrument_version):
    given = first_questions(instrument_version=instrument_version, agreed="no")

    response = desk.post(url("start", person.pk), given, follow=True)

    assert "did not want to talk about this" in text(response)
    assert Screening.objects.get().state == "declined"


def test_start_is_not_there_for_a_stranger(signed_in, stranger, person):
    assert signed_in(stranger).get(url("start", person.pk)).status_code == 404


def test_start_is_refused_without_the_permission(signed_in, coordinator, person):
    assert signed_in(coordinator).get(url("start", person.pk)).status_code == 403


def test_start_twice_with_one_form_is_one_talk(desk, person, instrument_version):
    given = first_questions(instrument_version=instrument_version, operation=str(uuid4()))

    answers = [desk.post(url("start", person.pk), given) for _ in range(2)]

    assert [a.headers["Location"] for a in answers] == [
        url("screening", Screening.objects.get().pk)
    ] * 2


# resume


def test_resume_asks_again_and_goes_on(desk, stopped):
    given = {
        "safety": "safe",
        "agreed": "yes",
        "limits_explained": "on",
        "interpreting": "not_needed",
        "present": ["own_child"],
    }

    response = desk.post(url("resume", stopped.pk), given)

    assert response.headers["Location"] == url("screening", stopped.pk)
    kept = Screening.objects.get()
    assert (kept.state, kept.present) == ("draft", ["own_child"])


def test_stopped_talk_leads_to_the_first_questions(desk, stopped):
    response = desk.get(url("screening", stopped.pk), follow=True)

    assert response.redirect_chain == [(url("resume", stopped.pk), 302)]
    assert "The person was distressed" in text(response)


def test_resume_is_refused_without_the_permission(signed_in, reader, stopped):
    assert signed_in(reader).get(url("resume", stopped.pk)).status_code == 403


def test_resume_is_not_there_for_a_colleague(signed_in, colleague, stopped):
    assert signed_in(colleague).get(url("resume", stopped.pk)).status_code == 404


# part


def test_part_is_saved_and_leads_to_the_next(desk, screening):
    response = desk.post(url("part", screening.pk, CONTROL), {**ILO, "version": 1})

    assert response.headers["Location"] == url("part", screening.pk, CONTROL + 1)
    assert Screening.objects.get().answers == {"control": {"indicators": ILO}}
    assert AuditEvent.objects.get(verb="save_section").note == "control"


def test_part_pauses_without_an_end(desk, screening):
    response = desk.post(url("part", screening.pk, CONTROL), {**ILO, "version": 1, "then": "leave"})

    assert response.headers["Location"] == url("of_case", screening.case_id)
    assert Screening.objects.get().state == "draft"


def test_part_shows_what_was_saved(desk, case):
    screening = ScreeningFactory(case=case, answers=CONTROLLED)

    page = text(desk.get(url("part", screening.pk, CONTROL)))

    assert re.search(r'name="ILO-CD-01" value="yes"[^>]*checked', page)
    assert re.search(r'name="ILO-CD-02" value=""[^>]*checked', page)


def test_part_with_ticks_keeps_them(desk, screening):
    desk.post(
        url("part", screening.pk, SECTIONS["route"]),
        {"seen_smugglers": ["RTE-01", "RTE-03"], "version": 1},
    )

    assert Screening.objects.get().answers == {
        "route": {"indicators": {"RTE-01": "yes", "RTE-03": "yes"}}
    }


def test_part_keeps_acts_purposes_and_the_comparison(desk, screening):
    journey = {"acts": ["transfer"], "ILO-DR-01": "unclear", "version": 1}
    desk.post(url("part", screening.pk, SECTIONS["journey"]), journey)
    work = {"purposes": ["forced_labour"], "version": 2}
    desk.post(url("part", screening.pk, SECTIONS["work"]), work)

    desk.post(
        url("part", screening.pk, SECTIONS["comparison"]), {"compare_debt": "both", "version": 3}
    )

    assert Screening.objects.get().answers == {
        "journey": {"acts": ["transfer"], "indicators": {"ILO-DR-01": "unclear"}},
        "work": {"purposes": ["forced_labour"]},
        "comparison": {"comparison": {"debt": "both"}},
    }


def test_part_takes_no_answer_that_is_not_offered(desk, screening):
    response = desk.post(url("part", screening.pk, CONTROL), {"ILO-CD-01": "perhaps", "version": 1})

    assert "Select a valid choice" in text(response)
    assert Screening.objects.get().answers == {}


def test_part_has_no_place_for_a_text(desk, screening):
    pages = [desk.get(url("part", screening.pk, n)).content for n in SECTIONS.values() if n != 10]

    assert [b"<textarea" in page or b'type="text"' in page for page in pages] == [False] * 10


def test_part_filled_in_on_an_older_state_is_refused(desk, screening):
    desk.post(url("part", screening.pk, CONTROL), {**ILO, "version": 1})

    response = desk.post(url("part", screening.pk, CONTROL), {"ILO-CD-01": "no", "version": 1})

    assert "Somebody changed this while you had it open" in text(response)
    assert Screening.objects.get().answers == {"control": {"indicators": ILO}}


def test_part_of_a_finished_talk_shows_the_result(desk, completed):
    response = desk.get(url("part", completed.pk, CONTROL))

    assert response.headers["Location"] == url("screening", completed.pk)


@pytest.mark.parametrize("number", [0, 12, 10])
def test_part_that_is_not_asked_is_not_there(desk, screening, number):
    assert desk.get(url("part", screening.pk, number)).status_code == 404


def test_part_for_children_is_asked_of_a_child(desk, case):
    child = ScreeningFactory(case=case, profile="child")

    page = text(desk.get(url("part", child.pk, SECTIONS["child"])))

    assert "The child and the adults around" in page


def test_short_questions_about_the_journey_are_asked_of_adults_only(desk, case):
    screening = ScreeningFactory(case=case, profile="child")

    page = text(desk.get(url("part", screening.pk, SECTIONS["short"])))

    assert "TVIT-01" in page
    assert "DTM-01" not in page


@pytest.mark.parametrize("name", ["part", "panel"])
def test_part_is_not_there_for_a_stranger(signed_in, stranger, colleague, screening, name):
    address = url(name, screening.pk, CONTROL)

    assert [signed_in(u).post(address, ILO).status_code for u in (stranger, colleague)] == [
        404,
        404,
    ]


@pytest.mark.parametrize("name", ["part", "panel"])
def test_part_is_refused_without_the_permission(signed_in, reader, screening, name):
    response = signed_in(reader).post(url(name, screening.pk, CONTROL), {**ILO, "version": 1})

    assert response.status_code == 403
    assert Screening.objects.get().answers == {}


@pytest.mark.django_db(transaction=True)
def test_part_saved_by_two_at_once_keeps_the_first(signed_in, caseworker, screening):
    browsers = [signed_in(caseworker) for _ in range(2)]
    answers = [{"ILO-CD-01": "yes", "version": 1}, {"ILO-CD-02": "yes", "version": 1}]

    def send(desk, answer):
        return desk.post(url("part", screening.pk, CONTROL), answer).status_code

    with ThreadPoolExecutor(max_workers=2) as pool:
        codes = sorted(pool.map(send, browsers, answers))

    kept = Screening.objects.get()
    assert codes == [200, 302]
    assert kept.version == 2
    assert len(kept.answers["control"]["indicators"]) == 1


# panel


def test_panel_shows_what_the_open_page_adds_and_keeps_nothing(desk, screening):
    page = text(desk.post(url("panel", screening.pk, CONTROL), {**ILO, "version": 1}))

    assert "Papers are kept by someone else" in page
    assert "count as means" in page
    assert "two strong signs or more" in page
    assert Screening.objects.get().answers == {}


def test_panel_of_a_child_needs_no_means(desk, case):
    child = ScreeningFactory(case=case, profile="child")

    page = text(desk.post(url("panel", child.pk, CONTROL), {**ILO, "version": 1}))

    assert "Not needed, child" in page
    assert "Under 18, means do not have to be shown." in page


def test_panel_takes_no_get(desk, screening):
    assert desk.get(url("panel", screening.pk, CONTROL)).status_code == 405


# before: the profile


def test_profile_is_set_with_a_reason(desk, screening):
    given = {"profile": "child", "profile_basis": "papers", "version": 1, "limits_explained": "on"}

    desk.post(url("before", screening.pk), given)

    kept = Screening.objects.get()
    assert (kept.profile, kept.profile_basis) == ("child", "papers")
    assert AuditEvent.objects.filter(verb="set_profile").count() == 1


def test_profile_without_a_reason_is_refused(desk, screening):
    response = desk.post(url("before", screening.pk), {"profile": "child", "version": 1})

    assert "There is no answer here yet." in text(response)
    assert Screening.objects.get().profile == "adult"


def test_page_says_why_somebody_is_asked_as_a_child(desk, case):
    screening = ScreeningFactory(case=case, profile="child", profile_basis="age_unknown")

    page = text(desk.get(url("before", screening.pk)))

    assert "The age is not known; it counts as a child’s until shown otherwise." in page


# stop and decline


def test_stop_keeps_the_open_page_and_shows_something_neutral(desk, screening):
    response = desk.post(
        url("stop_part", screening.pk, CONTROL), {**ILO, "version": 1}, follow=True
    )

    assert response.redirect_chain == [(url("paused"), 302)]
    kept = Screening.objects.get()
    assert (kept.state, kept.answers) == ("stopped", {"control": {"indicators": ILO}})
    page = text(response)
    assert screening.case.person.code not in page
    main = main_of(page)
    assert "creening" not in main
    assert "Clothes" in main


def test_stop_works_on_a_page_that_is_no_part(desk, screening):
    desk.post(url("stop", screening.pk))

    assert Screening.objects.get().state == "stopped"


def test_stop_works_with_answers_that_are_none(desk, screening):
    desk.post(url("stop_part", screening.pk, CONTROL), {"ILO-CD-01": "perhaps", "version": 1})

    kept = Screening.objects.get()
    assert (kept.state, kept.answers) == ("stopped", {})


def test_stop_works_on_a_part_that_is_no_longer_asked(desk, screening):
    response = desk.post(url("stop_part", screening.pk, 99))

    assert response.headers["Location"] == url("paused")
    assert Screening.objects.get().state == "stopped"


def test_stop_takes_no_get(desk, screening):
    assert desk.get(url("stop", screening.pk)).status_code == 405


def test_stop_is_not_there_for_a_colleague(signed_in, colleague, screening):
    assert signed_in(colleague).post(url("stop", screening.pk)).status_code == 404


def test_stop_is_refused_without_the_permission(signed_in, reader, screening):
    assert signed_in(reader).post(url("stop", screening.pk)).status_code == 403


def test_decline_is_kept_without_the_answers(desk, stopped):
    response = desk.post(url("decline", stopped.pk), {"operation": str(uuid4())}, follow=True)

    assert "That is a complete answer" in text(response)
    kept = Screening.objects.get()
    assert (kept.state, kept.answers) == ("declined", {})


def test_decline_after_the_end_is_refused_and_says_so(desk, completed):
    response = desk.post(url("decline", completed.pk), {"operation": str(uuid4())})

    assert "This screening is over." in text(response)
    assert Screening.objects.get().state == "completed"


def test_decline_is_refused_without_the_permission(signed_in, reader, screening):
    assert signed_in(reader).post(url("decline", screening.pk)).status_code == 403


def test_decline_is_not_there_for_a_colleague(signed_in, colleague, screening):
    assert signed_in(colleague).post(url("decline", screening.pk)).status_code == 404


# finish


def test_finish_sets_the_result_and_records_the_information(desk, case):
    screening = ScreeningFactory(case=case, answers=CONTROLLED)

    response = desk.post(
        url("finish", screening.pk), {"information_given": "on", "version": 1}, follow=True
    )

    assert "Signs of trafficking" in text(response)
    assert Screening.objects.get().band == "B"
    assert ServiceDelivered.objects.get().service_type_id == "info_thb_risks"
    assert TraffickingStatus.objects.count() == 0


def test_finish_on_an_older_state_is_refused(desk, screening):
    desk.post(url("part", screening.pk, CONTROL), {**ILO, "version": 1})

    response = desk.post(url("finish", screening.pk), {"version": 1})

    assert "Somebody changed this while you had it open" in text(response)
    assert Screening.objects.get().state == "draft"


def test_finish_twice_says_that_it_is_over(desk, completed):
    response = desk.post(url("finish", completed.pk), {"version": 1})

    assert "This screening was stopped or finished." in text(response)


def test_finish_of_a_finished_talk_leads_to_its_result(desk, completed):
    response = desk.get(url("finish", completed.pk))

    assert response.headers["Location"] == url("screening", completed.pk)


def test_finish_is_not_there_for_a_colleague(signed_in, colleague, screening):
    assert signed_in(colleague).get(url("finish", screening.pk)).status_code == 404


def test_finish_is_refused_without_the_permission(signed_in, reader, screening):
    response = signed_in(reader).post(url("finish", screening.pk), {"version": 1})

    assert response.status_code == 403
    assert Screening.objects.get().state == "draft"


def test_all_parts_saved_lead_to_the_end(desk, case):
    parts = {section["code"]: {} for section in THB["sections"]}
    screening = ScreeningFactory(case=case, answers=parts)

    response = desk.get(url("screening", screening.pk))

    assert response.headers["Location"] == url("finish", screening.pk)


# the result


def test_result_says_why_and_what_next(desk, completed):
    page = text(desk.get(url("screening", completed.pk)))

    assert "Signs of trafficking" in page
    assert "“Papers are kept by someone else”" in page
    assert "two strong signs or more" in page
    assert "A longer talk with a trained worker" in page
    assert AuditEvent.objects.get(verb="view_screening").case_id == completed.case_id


def test_result_without_signs_speaks_of_this_date_only(desk, case):
    screening = CompletedScreeningFactory(case=case, band="E", answers={})

    page = text(desk.get(url("screening", screening.pk)))

    assert "No indications on this date" in page
    assert "not a victim" not in page.lower()


def test_result_sets_smuggling_beside_trafficking(desk, case):
    answers = {**CONTROLLED, "comparison": {"comparison": {"border": "smuggling"}}}
    screening = CompletedScreeningFactory(case=case, answers=answers)

    page = text(desk.get(url("screening", screening.pk)))

    assert (page.count('class="pick"'), page.count('class="pick-s"')) == (2, 1)


def test_result_of_a_child_says_that_means_are_not_needed(desk, case):
    screening = CompletedScreeningFactory(case=case, profile="child", band="A", answers=CONTROLLED)

    page = text(desk.get(url("screening", screening.pk)))

    assert "Strong signs of trafficking of a child" in page
    assert "means do not have to be shown" in page


def test_result_is_not_there_for_strangers(signed_in, stranger, colleague, coordinator, completed):
    codes = [
        signed_in(user).get(url("screening", completed.pk)).status_code
        for user in (stranger, colleague, coordinator)
    ]

    assert codes == [404, 404, 404]


def test_operational_access_does_not_show_answers(signed_in, colleague, completed):
    CaseAccessFactory(content_object=completed.case, user=colleague, level=Level.OPERATIONAL)

    assert signed_in(colleague).get(url("screening", completed.pk)).status_code == 404


@pytest.mark.parametrize("name", ["screening", "finish", "before", "resume", "decline"])
def test_titles_name_neither_topic_nor_result(desk, case, name):
    made = {"screening": CompletedScreeningFactory, "resume": StoppedScreeningFactory}
    row = made.get(name, ScreeningFactory)(case=case)

    page = text(desk.get(url(name, row.pk)))

    assert re.search(r"<title>(.*?)</title>", page)[1].strip() == "Screening – Casework"


# decide


def test_decide_is_kept_beside_the_result(desk, completed):
    given = {"decision": "A", "decision_reason": "observed", "version": 1}

    response = desk.post(url("decide", completed.pk), given, follow=True)

    page = text(response)
    assert "Strong signs of trafficking" in page
    assert "Seen differently" in page
    assert AuditEvent.objects.get(verb="decide_screening").note == "observed"
    assert TraffickingStatus.objects.count() == 0


def test_decide_may_record_a_status(desk, completed):
    given = {"decision": "B", "decision_reason": "answers", "version": 1}

    desk.post(url("decide", completed.pk), {**given, "trafficking_status": "presumed"})

    assert TraffickingStatus.objects.get().status == "presumed"
    assert set(CaseEvent.objects.values_list("code", flat=True)) == {
        "screening_decided",
        "status_recorded",
    }


def test_decide_needs_a_reason(desk, completed):
    response = desk.post(url("decide", completed.pk), {"decision": "A", "version": 1})

    assert "There is no answer here yet." in text(response)
    assert Screening.objects.get().decision == ""


def test_decide_a_second_time_is_refused(desk, decided):
    given = {"decision": "B", "decision_reason": "answers", "version": 1}

    response = desk.post(url("decide", decided.pk), given)

    assert "This screening has been decided already." in text(response)
    assert Screening.objects.get().decision == "A"


def test_decide_is_not_there_for_a_colleague(signed_in, colleague, completed):
    assert signed_in(colleague).post(url("decide", completed.pk), {}).status_code == 404


def test_decide_is_refused_without_the_permission(signed_in, mobile, completed):
    CaseAccessFactory(content_object=completed.case, user=mobile)
    given = {"decision": "A", "decision_reason": "observed", "version": 1}

    assert signed_in(mobile).post(url("decide", completed.pk), given).status_code == 403
    assert Screening.objects.get().decision == ""


@pytest.mark.django_db(transaction=True)
def test_decide_by_two_at_once_keeps_one(signed_in, caseworker, completed):
    browsers = [signed_in(caseworker) for _ in range(2)]

    def send(desk, decision):
        given = {"decision": decision, "decision_reason": "observed", "version": 1}
        return desk.post(url("decide", completed.pk), given).status_code

    with ThreadPoolExecutor(max_workers=2) as pool:
        codes = sorted(pool.map(send, browsers, ["A", "D"]))

    assert codes == [200, 302]
    assert CaseEvent.objects.filter(code="screening_decided").count() == 1


# lists


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_number_of_questions(
    desk, caseworker, team, django_assert_num_queries, rows
):
    for _ in range(rows):
        case = AssignedCaseFactory(person=PersonFactory(team=team), owner=caseworker)
        ScreeningFactory(case=case)

    with django_assert_num_queries(13):
        page = text(desk.get(url("list")))

    assert page.count("Go on") == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_a_case_asks_the_same_number_of_questions(
    desk, case, django_assert_num_queries, rows
):
    for _ in range(rows):
        CompletedScreeningFactory(case=case)

    with django_assert_num_queries(18):
        desk.get(url("of_case", case.pk))


def test_list_has_codes_and_no_strangers(desk, case, stranger):
    ScreeningFactory(case=case)
    other = ScreeningFactory(case=AssignedCaseFactory(owner=stranger))

    page = text(desk.get(url("list")))

    assert case.person.code in page
    assert other.case.person.code not in page


@pytest.mark.parametrize("address", ["/screening/", "/api/v1/screenings/", "/api/v1/incidents/"])
def test_whoever_sees_no_cases_has_no_list(
    signed_in, caseworker, admin, director, donor, partner, interpreter, address
):
    others = (admin, director, donor, partner, interpreter)

    assert [signed_in(user).get(address).status_code for user in others] == [403] * 5
    assert signed_in(caseworker).get(address).status_code == 200


def test_list_shows_what_waits_for_a_decision(desk, case, caseworker, team):
    CompletedScreeningFactory(case=case)
    person = PersonFactory(team=team)
    ScreeningFactory(case=AssignedCaseFactory(person=person, owner=caseworker))

    page = text(desk.get(url("list"), {"view": "undecided"}))

    assert case.person.code in page
    assert person.code not in page


def test_list_goes_on_page_by_page(desk, case):
    for _ in range(26):
        CompletedScreeningFactory(case=case)

    first = text(desk.get(url("list"), {"view": "all"}))
    second = text(desk.get(url("list"), {"view": "all", "page": "2"}))

    assert [page.count("To decide</span>") for page in (first, second)] == [25, 1]


def test_case_without_the_right_to_its_answers_hides_them(signed_in, coordinator, completed):
    page = text(signed_in(coordinator).get(url("of_case", completed.case_id)))

    assert "Answers are kept for those who work on this case" in page
    assert url("screening", completed.pk) not in page


def test_case_of_a_stranger_is_not_there(signed_in, stranger, completed):
    assert signed_in(stranger).get(url("of_case", completed.case_id)).status_code == 404


def test_help_gives_the_two_numbers_known_to_us(desk):
    page = text(desk.get(url("help")))

    said = re.sub(r"<[^>]+>", " ", main_of(page))
    assert re.findall(r"\b\d{3,}\b", said) == ["192", "194"]


# every vector, as the page sees it


def posted(vector, number):
    """What a browser sends for one part of the talk, as the vector has it."""
    section = THB["sections"][number - 1]
    given = {}
    for group in section["groups"]:
        ticked = [i for i in group.get("indicators", []) if i in vector["answers"]]
        if group["kind"] == "ticks" and ticked:
            given[f"seen_{group['code']}"] = ticked
        elif group["kind"] == "answers":
            given |= dict.fromkeys(ticked, "yes")
        elif group["kind"] == "acts" and vector["act_recorded"]:
            given["acts"] = ["transportation"]
        elif group["kind"] == "purposes" and vector["purpose_recorded"]:
            given["purposes"] = ["forced_labour"]
    return given


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_vector_comes_out_of_the_pages(desk, case, vector):
    alone = "yes" if vector["unaccompanied_or_separated"] else "no"
    type(case.person).objects.update(unaccompanied_or_separated=alone)
    screening = ScreeningFactory(case=case, profile=vector["profile"])
    sent = {number: given for number in SECTIONS.values() if (given := posted(vector, number))}

    for version, (number, given) in enumerate(sent.items(), start=1):
        response = desk.post(url("part", screening.pk, number), {**given, "version": version})
        assert response.status_code == 302
    desk.post(url("finish", screening.pk), {"version": len(sent) + 1})

    kept = Screening.objects.get()
    assert (kept.band, list(kept.assessment.positive_dimensions)) == (
        vector["band"],
        vector["positive_dimensions"],
    )


def test_pages_stay_light(desk, case):
    screening = ScreeningFactory(case=case, profile="child")

    sizes = {n: len(desk.get(url("part", screening.pk, n)).content) for n in SECTIONS.values()}

    assert {n: size for n, size in sizes.items() if size > 50_000} == {}


def test_a_part_with_its_styles_and_scripts_stays_under_a_hundred_kilobytes(desk, case):
    screening = ScreeningFactory(case=case)
    page = desk.get(url("part", screening.pk, SECTIONS["short"])).content
    linked = re.findall(r'"/static/([^"?]+?)(?:\.[0-9a-f]{12})?\.(css|js)"', page.decode())

    # Styles and scripts travel packed; a page with answers of a client does not.
    files = [Path(finders.find(f"{name}.{ending}")) for name, ending in linked]
    packed = [len(gzip.compress(file.read_bytes())) for file in files]

    assert {file.suffix for file in files} == {".css", ".js"}
    # The head of each answer takes most of a kilobyte as well.
    assert len(page) + sum(packed) + 850 * (1 + len(files)) < 100_000
    assert b"\n " not in page


def test_questions_on_safety_do_not_speak_of_elements(desk, case):
    version = InstrumentVersion.objects.in_force().get(instrument__code="short")
    screening = ScreeningFactory(case=case, instrument_version=version)

    page = text(desk.get(url("finish", screening.pk)))

    assert "Age known from" in page
    assert "act, means and purpose" not in page


def test_client_is_needed(screening):
    response = Client().get(url("screening", screening.pk))

    assert response.headers["Location"].startswith("/login/")
