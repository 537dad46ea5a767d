import pytest

from accounts.models import AuditEvent
from casework.models import Case, ServiceDelivered, TraffickingStatus
from screening.models import Screening
from tests.factories import AssignedCaseFactory, CaseAccessFactory, PersonFactory
from tests.screening.factories import CompletedScreeningFactory
from tests.screening.vectors import NAMES, THB, VECTORS

INSTRUMENTS = "/api/v1/instruments/"
SCREENINGS = "/api/v1/screenings/"


@pytest.fixture
def api(signed_in, caseworker):
    return signed_in(caseworker)


def post(client, address, body, **headers):
    return client.post(address, body, content_type="application/json", headers=headers)


def talk(person, **changes):
    told = {
        "person": str(person.pk),
        "instrument": "thb",
        "safety": "safe",
        "agreed": True,
        "limits_explained": True,
        "language": "fa",
        "acts": ["transportation"],
        "answers": ["ILO-CD-01", "ILO-CD-04"],
        "unclear": ["ILO-DR-01"],
        "comparison": {"debt": "both"},
    }
    return {**told, **changes}


# instruments


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_vector_comes_out_of_assess_and_nothing_is_stored(api, vector):
    asked = {k: v for k, v in vector.items() if k not in {"name", "band", "positive_dimensions"}}

    response = post(api, f"{INSTRUMENTS}thb/assess/", asked)

    told = response.json()
    assert response.status_code == 200
    assert (told["band"], told["positive_dimensions"]) == (
        vector["band"],
        vector["positive_dimensions"],
    )
    assert (told["instrument"], told["version"]) == ("thb", "1.1")
    assert Screening.objects.count() == 0


def test_assess_gives_reasons_and_actions(api):
    asked = {"profile": "adult", "act_recorded": True, "answers": ["ILO-CD-04", "ILO-CD-01"]}

    told = post(api, f"{INSTRUMENTS}thb/assess/", asked).json()

    assert told["reasons"] == [
        {
            "dimension": "coercion_at_destination",
            "rule": "strong>=2",
            "because": ["ILO-CD-01", "ILO-CD-04"],
        }
    ]
    assert told["actions"] == ["structured_interview", "offer_referral", "review_72h"]
    assert told["elements"] == {"act": "indicated", "means": "indicated", "purpose": "not_clear"}
    assert len(told["action_texts"]) == 3


def test_assess_names_the_answer_it_does_not_know(api):
    asked = {"profile": "adult", "answers": ["ILO-CD-01", "ILO-XX-01"]}

    response = post(api, f"{INSTRUMENTS}thb/assess/", asked)

    assert response.status_code == 400
    assert response.json()["fields"] == {"answers": ["Unknown answer: ILO-XX-01"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answers": []}, "profile"),
        ({"profile": "teenager", "answers": []}, "profile"),
        ({"profile": "adult"}, "answers"),
        ({"profile": "adult", "answers": "ILO-CD-01"}, "answers"),
        ({"profile": "adult", "answers": [{"a": 1}]}, "answers"),
        ({"profile": "adult", "answers": [], "act_recorded": "perhaps"}, "act_recorded"),
    ],
)
def test_assess_refuses_a_wrong_field_by_name(api, body, field):
    response = post(api, f"{INSTRUMENTS}thb/assess/", body)

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]


def test_instruments_are_listed_with_their_version_in_force(api):
    told = api.get(INSTRUMENTS).json()["results"]

    assert [row["code"] for row in told] == ["arrival", "danger", "short", "thb"]
    assert told[3:] == [
        {
            "code": "thb",
            "version": "1.1",
            "title": "Screening for trafficking",
            "valid_from": "2026-01-01",
            "valid_until": None,
        }
    ]


def test_instrument_is_read_with_its_definition(api):
    assert api.get(f"{INSTRUMENTS}thb/").json()["definition"] == THB


def test_instrument_that_does_not_exist_is_not_there(api):
    answers = [api.get(f"{INSTRUMENTS}gbv/"), post(api, f"{INSTRUMENTS}gbv/assess/", {})]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_instruments_are_not_there_for_a_partner(signed_in, partner):
    client = signed_in(partner)
    asked = {"profile": "adult", "answers": []}

    assert client.get(INSTRUMENTS).json()["results"] == []
    assert post(client, f"{INSTRUMENTS}thb/assess/", asked).status_code == 404


def test_nobody_is_told_anything_without_signing_in(client, db):
    asked = {"profile": "adult", "answers": []}
    answers = [
        client.get(INSTRUMENTS),
        client.get(SCREENINGS),
        post(client, f"{INSTRUMENTS}thb/assess/", asked),
    ]

    assert {answer.status_code for answer in answers} <= {401, 403}


# screenings


def test_create_records_a_whole_talk(api, person):
    person.birth_year_from = person.birth_year_to = 1990
    person.save()

    response = post(api, SCREENINGS, talk(person, information_given=True))

    told, kept = response.json(), Screening.objects.get()
    assert response.status_code == 201
    assert (told["id"], told["band"], told["state"]) == (str(kept.pk), "B", "completed")
    assert told["result"]["positive_dimensions"] == ["coercion_at_destination"]
    assert (told["answers"], told["unclear"]) == (["ILO-CD-01", "ILO-CD-04"], ["ILO-DR-01"])
    assert (kept.sheet.acts, kept.sheet.comparison) == (["transportation"], {"debt": "both"})
    assert ServiceDelivered.objects.get().service_type_id == "info_thb_risks"
    assert TraffickingStatus.objects.count() == 0
    assert kept.decision == ""


def test_create_without_an_end_leaves_a_draft(api, person):
    told = post(api, SCREENINGS, talk(person, complete=False)).json()

    assert (told["state"], told["band"]) == ("draft", "")


def test_create_keeps_a_no_without_answers(api, person):
    body = talk(person, agreed=False, acts=[], answers=[], unclear=[], comparison={})

    told = post(api, SCREENINGS, body).json()

    assert told["state"] == "declined"
    assert "result" not in told


def test_create_takes_no_answers_of_somebody_who_said_no(api, person):
    response = post(api, SCREENINGS, talk(person, agreed=False))

    assert response.status_code == 400
    assert Case.objects.count() == 0


def test_create_twice_with_one_key_is_one_talk(api, person):
    answers = [post(api, SCREENINGS, talk(person), **{"Idempotency-Key": "a"}) for _ in range(2)]

    assert [a.status_code for a in answers] == [201, 201]
    assert {a.json()["id"] for a in answers} == {str(Screening.objects.get().pk)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"instrument": "gbv"}, "instrument"),
        ({"answers": ["ILO-XX-01"]}, "answers"),
        ({"unclear": ["nothing"]}, "unclear"),
        ({"acts": ["walking"]}, ""),
        ({"comparison": {"debt": "perhaps"}}, ""),
        ({"safety": "perhaps"}, "safety"),
        ({"language": "xx"}, "language"),
        ({"limits_explained": False}, "limits_explained"),
    ],
)
def test_create_refuses_a_wrong_field_and_keeps_nothing(api, person, changes, field):
    response = post(api, SCREENINGS, talk(person, **changes))

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]
    assert (Case.objects.count(), Screening.objects.count()) == (0, 0)


def test_create_for_a_strangers_person_is_refused_as_unknown(signed_in, stranger, person):
    response = post(signed_in(stranger), SCREENINGS, talk(person))

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["person"]


def test_create_is_refused_without_the_permission(signed_in, coordinator, person):
    assert post(signed_in(coordinator), SCREENINGS, talk(person)).status_code == 403


def test_read_is_written_down(api, completed):
    told = api.get(f"{SCREENINGS}{completed.pk}/").json()

    assert told["result"]["band"] == told["band"] == "B"
    assert AuditEvent.objects.get(verb="view_screening").case_id == completed.case_id


def test_read_is_not_there_for_strangers(signed_in, stranger, colleague, completed):
    codes = [
        signed_in(user).get(f"{SCREENINGS}{completed.pk}/").status_code
        for user in (stranger, colleague)
    ]

    assert codes == [404, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_number_of_questions(
    api, caseworker, team, django_assert_num_queries, rows
):
    for _ in range(rows):
        person = PersonFactory(team=team)
        CompletedScreeningFactory(case=AssignedCaseFactory(person=person, owner=caseworker))

    with django_assert_num_queries(9):
        told = api.get(SCREENINGS).json()["results"]

    assert [row["band"] for row in told] == ["B"] * rows
    assert "answers" not in told[0]


def test_decide_is_kept(api, completed):
    body = {"decision": "A", "decision_reason": "observed", "version": 1}

    told = post(api, f"{SCREENINGS}{completed.pk}/decide/", body).json()

    assert (told["band"], told["decision"], told["decision_reason"]) == ("B", "A", "observed")
    assert TraffickingStatus.objects.count() == 0


def test_decide_may_record_a_status(api, completed):
    body = {"decision": "B", "decision_reason": "answers", "version": 1}

    post(api, f"{SCREENINGS}{completed.pk}/decide/", {**body, "trafficking_status": "presumed"})

    assert TraffickingStatus.objects.get().status == "presumed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 7}, 409),
        ({"decision": "Z"}, 400),
        ({"decision_reason": ""}, 400),
        ({"trafficking_status": "identified"}, 400),
    ],
)
def test_decide_refuses_and_changes_nothing(api, completed, changes, code):
    body = {"decision": "A", "decision_reason": "observed", "version": 1, **changes}

    assert post(api, f"{SCREENINGS}{completed.pk}/decide/", body).status_code == code
    assert Screening.objects.get().decision == ""


def test_decide_a_second_time_is_a_conflict(api, decided):
    body = {"decision": "B", "decision_reason": "answers", "version": 1}

    response = post(api, f"{SCREENINGS}{decided.pk}/decide/", body)

    assert (response.status_code, response.json()["type"]) == (409, "conflict")


def test_decide_is_refused_without_the_permission(signed_in, mobile, completed):
    CaseAccessFactory(content_object=completed.case, user=mobile)
    body = {"decision": "A", "decision_reason": "observed", "version": 1}

    response = post(signed_in(mobile), f"{SCREENINGS}{completed.pk}/decide/", body)

    assert response.status_code == 403
