"""Registers at the desk: each page shown, written and recorded; refused to who has no right."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notice
from protection import actions
from protection.models import AuthorityRequest, Breach, PersonRequest, SharingAgreement
from tests import factories

SECRET = "Canary of the register"


@pytest.fixture
def asked(house, dpo):
    return factories.PersonRequestFactory(organization=house, recorded_by=dpo, details=SECRET)


@pytest.fixture
def wanted(house, dpo):
    return factories.AuthorityRequestFactory(organization=house, recorded_by=dpo, asked=SECRET)


@pytest.fixture
def breach(house, dpo):
    return factories.BreachFactory(organization=house, recorded_by=dpo, account=SECRET)


@pytest.fixture
def agreement(house, dpo):
    return factories.SharingAgreementFactory(organization=house, recorded_by=dpo)


def url(name, *args):
    return reverse(f"protection:{name}", args=args)


READ = ["authority_requests", "breaches", "agreements", "processing", "impact", "staff"]
HEADS = {
    "desk": "<h1>Data protection</h1>",
    "person_requests": "<h1>Requests of people</h1>",
    "authority_requests": "<h1>Requests of authorities</h1>",
    "breaches": "<h1>Incidents</h1>",
    "agreements": "<h1>Sharing agreements</h1>",
    "processing": "<h1>Processing activities</h1>",
    "impact": "<h1>Impact assessment</h1>",
    "staff": "<h1>People who work here</h1>",
}
LINES = ["asked", "wanted", "breach", "agreement"]


@pytest.mark.parametrize("page", ["desk", "person_requests", *READ])
def test_the_desk_and_the_registers_open_for_data_protection(signed_in, dpo, page):
    response = signed_in(dpo).get(url(page))

    assert HEADS[page] in response.text


@pytest.mark.parametrize("page", READ)
def test_leadership_reads_the_registers(signed_in, director, page):
    assert HEADS[page] in signed_in(director).get(url(page)).text


@pytest.mark.parametrize("page", READ)
@pytest.mark.parametrize("role", ["caseworker", "coordinator", "donor", "partner", "interpreter"])
def test_others_do_not(request, signed_in, role, page):
    assert signed_in(request.getfixturevalue(role)).get(url(page)).status_code == 403


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_shown_with_its_texts_and_recorded(request, signed_in, dpo, line):
    row = request.getfixturevalue(line)

    response = signed_in(dpo).get(row.get_absolute_url())

    assert response.status_code == 200
    assert (SECRET in response.text) == (line != "agreement")
    assert AuditEvent.objects.filter(actor=dpo, object_id=str(row.pk)).exists()


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_another_house_does_not_exist(request, signed_in, line):
    row = request.getfixturevalue(line)
    elsewhere = factories.UserFactory(role="data_protection")

    assert signed_in(elsewhere).get(row.get_absolute_url()).status_code == 404


def test_the_house_s_texts_are_sealed(asked, wanted, breach):
    for model, name in (
        (PersonRequest, "details"),
        (AuthorityRequest, "asked"),
        (Breach, "account"),
    ):
        (raw,) = model.objects.values_list(name, flat=True)
        assert SECRET.encode() not in bytes(raw)


# DP-18: requests of people


def told(**more):
    return {
        "kind": "access",
        "asker": "herself",
        "channel": "in_person",
        "received_on": timezone.localdate().isoformat(),
        "code": "",
        "details": SECRET,
        **more,
    }


def test_a_request_starts_a_clock_of_thirty_days(signed_in, caseworker):
    response = signed_in(caseworker).post(url("new_person_request"), told(), follow=True)

    row = PersonRequest.objects.get()
    assert row.due_on == timezone.localdate() + timedelta(days=30)
    assert "30 days left" in response.text
    assert AuditEvent.objects.filter(verb="record_person_request").count() == 1


def test_a_request_of_tomorrow_and_a_misread_code_are_refused(signed_in, caseworker):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    client = signed_in(caseworker)

    late = client.post(url("new_person_request"), told(received_on=tomorrow))
    misread = client.post(url("new_person_request"), told(code="AAA-AAA"))

    assert "lies ahead" in late.text
    assert "no code" in misread.text
    assert not PersonRequest.objects.exists()


def test_who_wrote_it_down_sees_it_and_a_colleague_does_not(signed_in, caseworker, colleague):
    signed_in(caseworker).post(url("new_person_request"), told())
    row = PersonRequest.objects.get()

    assert signed_in(caseworker).get(row.get_absolute_url()).status_code == 200
    assert signed_in(colleague).get(row.get_absolute_url()).status_code == 404


def test_an_overdue_request_is_shown_late(signed_in, dpo, house):
    long_ago = timezone.localdate() - timedelta(days=32)
    factories.PersonRequestFactory(organization=house, received_on=long_ago)

    assert "2 days late" in signed_in(dpo).get(url("person_requests")).text
    assert PersonRequest.objects.overdue().count() == 1
    assert "1 is late" in signed_in(dpo).get(url("desk")).text


def answer(row, **more):
    return {"version": row.version, "state": "answered", "refusal_reason": "", **more}


def test_nothing_is_given_before_it_is_known_who_asks(signed_in, dpo, asked):
    client = signed_in(dpo)

    refused = client.post(asked.get_absolute_url(), answer(asked))
    assert "Nothing is given" in refused.text
    client.post(asked.get_absolute_url(), answer(asked, identity_checked="on", is_safe="on"))

    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (PersonRequest.State.ANSWERED, dpo)
    again = client.post(asked.get_absolute_url(), answer(asked, version=asked.version))
    assert "answered already" in again.text


def test_a_refusal_has_a_reason(signed_in, dpo, asked):
    client = signed_in(dpo)

    silent = client.post(asked.get_absolute_url(), answer(asked, state="refused"))
    assert "Say why it is refused" in silent.text
    client.post(asked.get_absolute_url(), answer(asked, state="refused", refusal_reason="not_her"))

    asked.refresh_from_db()
    assert asked.state == PersonRequest.State.REFUSED


def test_an_answer_on_an_older_version_is_refused(signed_in, dpo, asked):
    PersonRequest.objects.update(version=5)

    response = signed_in(dpo).post(asked.get_absolute_url(), answer(asked, state="withdrawn"))

    assert "Somebody changed this" in response.text


def test_the_time_can_be_made_longer_once(signed_in, dpo, caseworker, asked):
    until = asked.due_on
    where = url("extend_person_request", asked.pk)

    signed_in(dpo).post(where, {"version": 1})
    asked.refresh_from_db()
    again = signed_in(dpo).post(where, {"version": 2})

    assert asked.due_on == until + timedelta(days=60)
    assert "longer once already" in again.text
    with pytest.raises(PermissionDenied):
        actions.extend_person_request(asked, version=2, actor=caseworker)


# DP-39, SF-28: requests of authorities


def test_an_authority_s_request_is_decided_with_reasons(signed_in, dpo):
    client = signed_in(dpo)
    client.post(
        url("new_authority_request"),
        {
            "authority": "police",
            "received_on": timezone.localdate().isoformat(),
            "basis": "court_order",
            "scope": "one",
            "asked": SECRET,
        },
    )
    row = AuthorityRequest.objects.get()
    empty = client.post(
        row.get_absolute_url(), {"version": 1, "decision": "given", "reasons": "order"}
    )
    assert "Say what was given" in empty.text

    client.post(
        row.get_absolute_url(),
        {"version": 1, "decision": "partly", "reasons": "order", "given": "one date, on paper"},
    )

    row = AuthorityRequest.objects.select_related("data_key").get()
    assert (row.decision, row.decided_by, row.given) == ("partly", dpo, "one date, on paper")
    again = client.post(
        row.get_absolute_url(), {"version": 2, "decision": "refused", "reasons": "x"}
    )
    assert "decided already" in again.text


def test_lists_are_never_given(dpo, house):
    row = factories.AuthorityRequestFactory(
        organization=house, scope=AuthorityRequest.Scope.BULK, recorded_by=dpo
    )

    with pytest.raises(ValidationError, match="Lists are not given"):
        actions.decide_authority_request(
            row, decision="given", version=1, reasons="x", given="all", actor=dpo
        )


def test_without_a_basis_nothing_is_given(dpo, house):
    row = factories.AuthorityRequestFactory(
        organization=house, basis=AuthorityRequest.Basis.NONE, recorded_by=dpo
    )

    with pytest.raises(ValidationError, match="Without a legal basis"):
        actions.decide_authority_request(
            row, decision="partly", version=1, reasons="x", given="y", actor=dpo
        )


# DP-36: incidents


def test_anybody_reports_an_incident_and_data_protection_hears(
    signed_in, caseworker, dpo, director
):
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")

    response = signed_in(caseworker).post(
        url("report_breach"),
        {"kind": "lost_device", "severity": "high", "known_at": now, "account": SECRET},
    )

    assert response.url == url("desk")
    row = Breach.objects.get()
    assert row.clock_runs
    assert 70 <= row.hours_left <= 72
    told = {(notice.user, notice.code) for notice in Notice.objects.all()}
    assert told == {(dpo, "incident_reported"), (director, "incident_reported")}


def test_an_incident_of_tomorrow_is_refused(dpo):
    ahead = timezone.now() + timedelta(hours=2)

    with pytest.raises(ValidationError, match="lies ahead"):
        actions.report_breach(kind="seen", severity="low", known_at=ahead, actor=dpo)


def test_the_clock_runs_out_and_stops_when_told(signed_in, dpo, breach):
    Breach.objects.update(known_at=timezone.now() - timedelta(hours=80))
    breach.refresh_from_db()
    client = signed_in(dpo)
    assert "72 hours are over" in client.get(breach.get_absolute_url()).text

    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    client.post(
        breach.get_absolute_url(),
        {"version": 1, "severity": "high", "measures": "x", "authority_told_at": moment},
    )

    breach.refresh_from_db()
    assert not breach.clock_runs
    assert "Commissioner told" in client.get(breach.get_absolute_url()).text


def test_nobody_is_told_before_it_was_known(dpo, breach):
    before = breach.known_at - timedelta(hours=1)

    with pytest.raises(ValidationError, match="before it was known"):
        actions.change_breach(breach, version=1, people_told_at=before, actor=dpo)


def test_an_incident_is_closed_when_everybody_was_told(signed_in, dpo, breach):
    client, where = signed_in(dpo), url("close_breach", breach.pk)
    assert "who was told when" in client.post(where, {"version": 1}).text
    moment = breach.known_at + timedelta(seconds=1)
    actions.change_breach(
        breach, version=1, authority_told_at=moment, people_told_at=moment, actor=dpo
    )
    assert "what was done" in client.post(where, {"version": 2}).text
    row = Breach.objects.get()
    actions.change_breach(row, version=2, measures="locked from afar", actor=dpo)

    client.post(where, {"version": 3})

    row = Breach.objects.get()
    assert (row.is_open, row.closed_by) == (False, dpo)
    with pytest.raises(ValidationError, match="is closed"):
        actions.change_breach(row, version=4, measures="later", actor=dpo)


@pytest.mark.parametrize(
    ("severity", "locked", "must"),
    [
        ("high", False, True),
        ("critical", False, True),
        ("high", True, False),
        ("low", False, False),
    ],
)
def test_people_are_told_when_they_could_be_harmed(breach, severity, locked, must):
    breach.severity, breach.was_unreadable = severity, locked

    assert breach.people_must_know == must


@pytest.mark.parametrize("to", ["commissioner", "person"])
@pytest.mark.parametrize(("language", "lang"), [("en", "en"), ("sr", "sr-latn")])
def test_letters_are_drafted_in_both_languages(signed_in, dpo, breach, to, language, lang):
    response = signed_in(dpo).get(url("breach_letter", breach.pk, to, language))

    assert response.status_code == 200
    assert (SECRET in response.text) == (to == "commissioner")
    assert f'lang="{lang}"' in response.text.lower()


@pytest.mark.parametrize("which", [("mayor", "en"), ("person", "de")])
def test_there_are_no_other_letters(signed_in, dpo, breach, which):
    assert signed_in(dpo).get(url("breach_letter", breach.pk, *which)).status_code == 404


# DP-40, DP-44, DP-45: agreements


def agreed(partner, **more):
    return {
        "partner": partner.pk,
        "kind": "donor",
        "detail": "figures",
        "frequency": "quarterly",
        "basis": "interest",
        "country": "US",
        "safeguard": "none_needed",
        "reference": "ISP-1",
        "approved_on": "2026-01-01",
        "starts_on": "2026-01-01",
        **more,
    }


def test_an_agreement_is_written_down_and_stands_in_the_record_of_processing(signed_in, dpo):
    partner = factories.OrganizationFactory(name_en="A donor", name_sr="Donator")
    client = signed_in(dpo)

    client.post(url("new_agreement"), agreed(partner))

    assert SharingAgreement.objects.get().is_in_force
    page = client.get(url("processing")).text
    assert "A donor, United States" in page
    assert "Serbia" in page


def test_a_donor_gets_figures_only(signed_in, dpo):
    partner = factories.OrganizationFactory()

    response = signed_in(dpo).post(url("new_agreement"), agreed(partner, detail="named"))

    assert "never records" in response.text
    assert not SharingAgreement.objects.exists()


def test_an_agreement_is_ended(signed_in, dpo, agreement):
    yesterday = timezone.localdate() - timedelta(days=1)

    signed_in(dpo).post(
        agreement.get_absolute_url(), {"version": 1, "ends_on": yesterday.isoformat()}
    )

    assert not SharingAgreement.objects.in_force().exists()


def test_others_may_write_nothing(caseworker, asked, wanted, breach, agreement):
    for refused in (
        lambda: actions.record_authority_request(actor=caseworker),
        lambda: actions.decide_authority_request(
            wanted, decision="refused", version=1, actor=caseworker
        ),
        lambda: actions.change_breach(breach, version=1, actor=caseworker),
        lambda: actions.close_breach(breach, version=1, actor=caseworker),
        lambda: actions.record_agreement(actor=caseworker),
        lambda: actions.end_agreement(
            agreement, ends_on=timezone.localdate(), version=1, actor=caseworker
        ),
    ):
        with pytest.raises(PermissionDenied):
            refused()


@pytest.mark.parametrize("role", ["donor", "partner", "interpreter"])
def test_who_does_not_work_here_has_no_desk(request, signed_in, role):
    client = signed_in(request.getfixturevalue(role))

    for page in ("desk", "person_requests", "new_person_request", "report_breach", "papers"):
        assert client.get(url(page)).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.record_person_request(actor=request.getfixturevalue(role))
    with pytest.raises(PermissionDenied):
        actions.report_breach(actor=request.getfixturevalue(role))


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_for_one_and_for_three(
    signed_in, dpo, house, number, django_assert_num_queries
):
    for _ in range(number):
        factories.PersonRequestFactory(organization=house, recorded_by=dpo)
    client = signed_in(dpo)
    client.get(url("person_requests"))

    with django_assert_num_queries(QUERIES):
        client.get(url("person_requests"))


# Session, user, roles, permissions, team and lock; the two lists; the trail's row.
QUERIES = 9
