"""Papers that tell nothing (SF-08) and empty forms to catch up from (SF-26)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework.models import Person, ServiceDelivered, Visit
from directory.models import ServiceType
from protection.papers import BLANKS, PAPERS, blank
from screening.models import InstrumentVersion
from tests import factories

TELLING = re.compile(
    r"traffick|victim|violence|asylum|refugee|trgovin|žrtv|nasil|azil|izbeg", re.IGNORECASE
)
PAPERS_URL = "/protection/papers/"


def typed(paper, language="en"):
    return {
        "paper": paper,
        "day": "2026-12-01",
        "time": "10:30",
        "place": "Main street 1, room 4",
        "phone": "011 000 0000",
        "language": language,
    }


def article(response):
    return response.text.partition("<article")[2].partition("</article>")[0]


@pytest.mark.parametrize("language", ["en", "sr-latn"])
@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_SF08_a_paper_tells_nothing(signed_in, caseworker, paper, language):
    response = signed_in(caseworker).post(PAPERS_URL, typed(paper, language))

    printed = article(response)
    assert "Main street 1, room 4" in printed
    assert not TELLING.search(printed)
    assert caseworker.organization.name not in printed
    assert caseworker.name not in printed
    title = re.search(r"<title>(.*?)</title>", response.text, re.DOTALL)[1]
    assert not TELLING.search(title)


def test_SF08_nothing_typed_is_kept(signed_in, caseworker):
    signed_in(caseworker).post(PAPERS_URL, typed("appointment"))

    event = AuditEvent.objects.get(verb="print_paper")
    assert event.note == "appointment"
    assert "Main street" not in str(vars(event))


@pytest.mark.parametrize("empty", ["day", "phone"])
def test_a_paper_without_what_it_is_about_is_not_shown(signed_in, caseworker, empty):
    response = signed_in(caseworker).post(PAPERS_URL, {**typed("letter"), empty: ""})

    assert "<article" not in response.text


def test_SF08_nothing_printed_says_who_printed_it(signed_in, caseworker):
    client = signed_in(caseworker)
    watermarked = client.get(PAPERS_URL).text
    assert 'class="printed"' in watermarked

    assert 'class="printed"' not in client.post(PAPERS_URL, typed("appointment")).text
    assert 'class="printed"' not in client.get(f"{PAPERS_URL}blank/visit/").text


@pytest.mark.parametrize("kind", sorted(BLANKS))
def test_SF26_empty_forms_are_printed_from_the_lists_of_the_screen(signed_in, caseworker, kind):
    response = signed_in(caseworker).get(f"{PAPERS_URL}blank/{kind}/")

    assert response.status_code == 200
    assert response.text.count("☐") > 10
    assert AuditEvent.objects.filter(verb="print_blank_form", note=kind).count() == 1


def test_SF26_the_form_of_a_visit_has_every_service_of_the_screen(house):
    told = {
        option for part in blank("visit", house.pk) for q in part.questions for option in q.options
    }

    assert {str(each) for each in ServiceType.objects.on_hub_form()} <= told


def test_SF26_the_questions_are_those_of_the_instrument_in_this_house(house):
    theirs = InstrumentVersion.objects.in_force().get(instrument__code="thb")
    theirs.pk, theirs.organization = uuid4(), factories.HouseFactory()
    theirs.definition["indicators"][0]["text"] = {"en": "Only theirs"}
    theirs.save(force_insert=True)

    asked = [q.label for part in blank("screening", house.pk) for q in part.questions]

    assert "Only theirs" not in asked

    assert len(asked) > 40
    assert len(set(asked)) > 40


def test_there_is_no_other_form(signed_in, caseworker):
    assert signed_in(caseworker).get(f"{PAPERS_URL}blank/other/").status_code == 404


@pytest.mark.parametrize("role", ["donor", "partner", "director", "dpo"])
def test_who_meets_nobody_prints_nothing(request, signed_in, role):
    client = signed_in(request.getfixturevalue(role))

    assert client.get(PAPERS_URL).status_code == 403
    assert client.get(f"{PAPERS_URL}blank/visit/").status_code == 403


def test_SF26_a_visit_is_caught_up_with_its_own_day_and_says_so(
    signed_in, caseworker, person, team
):
    """From the paper of last week: the day of the visit, and when it was written down."""
    day = timezone.now() - timedelta(days=7)

    visit = factories.VisitFactory(person=person, team=team, at=day, recorded_by=caseworker)

    assert visit.at == day
    assert timezone.localdate(visit.recorded_at) > timezone.localdate(visit.at)
    log = signed_in(caseworker).get(
        reverse("casework:visits"), {"day": timezone.localdate(day).isoformat()}
    )
    assert "recorded later" in log.text.lower()
    assert Visit.objects.count() == Person.objects.count() == 1
    assert not ServiceDelivered.objects.exists()
