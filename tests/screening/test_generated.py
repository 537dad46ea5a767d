"""Generated answers to every instrument of the folder: promises that hold whatever is answered."""

import json
import random

import pytest
from django.http import QueryDict
from rest_framework.test import APIRequestFactory, force_authenticate

from screening import actions
from screening.answers import (
    AnswerSheet,
    assess_given,
    indicators_in,
    part_of,
    parts_from,
    sections_asked,
)
from screening.api import InstrumentViewSet
from screening.forms import PartForm
from screening.instrument_files import instrument_paths, read_instrument
from screening.models import InstrumentVersion, Screening
from tests.screening.factories import ScreeningFactory

BANDS = "EDCBA"
DEFINITIONS = {path.stem: read_instrument(path) for path in instrument_paths()}
CODES = sorted(DEFINITIONS)
OTHERS = ("no", "unclear", "declined")


def generated(code, number=200):
    """The same answers each time: who is asked, what is recorded, what is said."""
    definition, dice = DEFINITIONS[code], random.Random(code)
    ids = [indicator["id"] for indicator in definition["indicators"]]
    for _round in range(number):
        said = dice.sample(ids, dice.randint(0, min(10, len(ids))))
        ticked = said[: dice.randint(0, len(said))]
        yield {
            "profile": dice.choice(["adult", "child"]),
            "act_recorded": "acts" in definition and dice.random() < 0.5,
            "purpose_recorded": "purposes" in definition and dice.random() < 0.3,
            "unaccompanied_or_separated": dice.random() < 0.3,
            "answers": ticked,
            "other_answers": {name: dice.choice(OTHERS) for name in said[len(ticked) :]},
        }


def height(definition, vector):
    return BANDS.index(assess_given(definition, **vector).band)


@pytest.mark.parametrize("code", CODES)
def test_another_yes_never_lowers_the_result(code):
    definition, dice = DEFINITIONS[code], random.Random(code)
    ids = [indicator["id"] for indicator in definition["indicators"]]
    lowered = []

    for vector in generated(code):
        left = [name for name in ids if name not in vector["other_answers"]]
        if not left:
            continue
        new = dice.choice(left)
        more = {**vector, "answers": [*vector["answers"], new]}
        if height(definition, more) < height(definition, vector):
            lowered.append((vector, new))

    assert lowered == []


@pytest.mark.parametrize("code", CODES)
def test_flags_make_nothing_positive_and_lift_to_a_limit_only(code):
    definition, dice = DEFINITIONS[code], random.Random(code)
    scored = {d["code"] for d in definition["dimensions"] if d["scored"]}
    flags = [i["id"] for i in definition["indicators"] if i["dimension"] not in scored]
    limits = {"adult": BANDS.index("D"), "child": BANDS.index("B")}
    wrong = []

    for vector in generated(code) if flags else ():
        free = [name for name in flags if name not in vector["other_answers"]]
        more = {**vector, "answers": vector["answers"] + dice.sample(free, min(4, len(free)))}
        before, after = assess_given(definition, **vector), assess_given(definition, **more)
        most = max(limits[vector["profile"]], BANDS.index(before.band))
        if not opens_a_part(definition, vector, more) and (
            after.positive_dimensions != before.positive_dimensions
            or BANDS.index(after.band) > most
        ):
            wrong.append((vector, more))

    assert wrong == []


def opens_a_part(definition, vector, more):
    """Whether the new answers let others count that were skipped."""
    return asked(definition, vector) != asked(definition, more)


def asked(definition, vector):
    said = {**vector["other_answers"], **dict.fromkeys(vector["answers"], "yes")}
    sheet = AnswerSheet(parts_from(definition, indicators=said))
    parts = sections_asked(
        definition,
        sheet,
        profile=vector["profile"],
        unaccompanied_or_separated=vector["unaccompanied_or_separated"],
    )
    return [(p["code"], [g["code"] for g in p["groups"]]) for p in parts]


@pytest.mark.parametrize("code", CODES)
def test_order_never_matters_and_a_child_needs_no_means(code):
    definition = DEFINITIONS[code]
    means = {d["code"] for d in definition["dimensions"] if d["element"] == "means"}
    no_means = {i["id"] for i in definition["indicators"] if i["dimension"] not in means}

    for vector in generated(code):
        result = assess_given(definition, **vector)
        assert assess_given(definition, **{**vector, "answers": vector["answers"][::-1]}) == result
        if vector["act_recorded"] and vector["purpose_recorded"] and vector["profile"] == "child":
            few = [name for name in vector["answers"] if name in no_means]
            assert assess_given(definition, **{**vector, "answers": few}).band == "A"


def fill(screening, vector):
    """Answer through the forms of the pages, part by part; the sheet as the verb keeps it."""
    definition = screening.instrument_version.definition
    said = {**vector["other_answers"], **dict.fromkeys(vector["answers"], "yes")}
    for section in definition["sections"]:
        if section["code"] not in {s["code"] for s in sections_of(screening)}:
            continue
        number = definition["sections"].index(section) + 1
        data = typed(definition, section, said, vector)
        if not data:
            continue
        query = QueryDict(mutable=True)
        query["version"] = "1"
        for name, values in data.items():
            query.setlist(name, values)
        form = PartForm(query, screening=screening, number=number)
        assert form.is_valid(), form.errors
        part = part_of(definition, section, **form.cleaned_data["part"])
        screening.answers = dict(screening.sheet.with_part(section["code"], part).parts)


def sections_of(screening):
    return sections_asked(
        screening.instrument_version.definition,
        screening.sheet,
        profile=screening.profile,
        unaccompanied_or_separated=screening.unaccompanied_or_separated,
    )


def typed(definition, section, said, vector):
    """What a browser sends of a part."""
    data = {}
    recorded = {"acts": vector["act_recorded"], "purposes": vector["purpose_recorded"]}
    for group in section["groups"]:
        here = [i["id"] for i in indicators_in(definition, group, vector["profile"])]
        if group["kind"] == "answers":
            data |= {name: [said[name]] for name in here if name in said}
        elif group["kind"] == "ticks":
            seen = [name for name in here if said.get(name) == "yes"]
            data |= {f"seen_{group['code']}": seen} if seen else {}
        elif recorded.get(group["kind"]):
            data[group["kind"]] = [definition[group["kind"]][0]["code"]]
    return data


def as_asked(definition, vector):
    """The vector without what the form does not ask this person; seen things are seen or not."""
    profile = vector["profile"]
    kinds = {
        indicator["id"]: group["kind"]
        for section in definition["sections"]
        if profile in section["profiles"]
        for group in section["groups"]
        if profile in group.get("profiles", [profile])
        for indicator in indicators_in(definition, group, profile)
    }
    others = vector["other_answers"].items()
    return {
        **vector,
        "answers": [name for name in vector["answers"] if name in kinds],
        "other_answers": {name: a for name, a in others if kinds.get(name) == "answers"},
    }


def told_by_api(user, code, vector):
    body = {name: value for name, value in vector.items() if name != "other_answers"}
    for field, answer in [("answered_no", "no"), ("unclear", "unclear"), ("declined", "declined")]:
        body[field] = [name for name, said in vector["other_answers"].items() if said == answer]
    request = APIRequestFactory().post("/", json.dumps(body), content_type="application/json")
    force_authenticate(request, user=user)
    answer = InstrumentViewSet.as_view({"post": "assess"})(request, code=code)
    return answer.data["band"], answer.data["positive_dimensions"]


@pytest.mark.parametrize(
    ("code", "number"), [(code, 200 if code == "thb" else 60) for code in CODES]
)
def test_pages_and_api_come_to_the_result_of_the_arithmetic(caseworker, code, number):
    version = InstrumentVersion.objects.in_force().get(instrument__code=code)

    for vector in generated(code, number):
        given = as_asked(version.definition, vector)
        screening = Screening(
            instrument_version=version,
            profile=given["profile"],
            unaccompanied_or_separated=given["unaccompanied_or_separated"],
            answers={},
        )
        fill(screening, given)

        result = assess_given(version.definition, **given)
        by_page = screening.assessment

        expected = result.band, list(result.positive_dimensions)
        assert (by_page.band, list(by_page.positive_dimensions)) == expected
        assert told_by_api(caseworker, code, given) == expected


@pytest.mark.parametrize("code", CODES)
def test_the_verbs_keep_the_same_result(case, caseworker, code):
    version = InstrumentVersion.objects.in_force().get(instrument__code=code)

    for vector in generated(code, 4):
        given = as_asked(version.definition, vector)
        is_alone = case.person.unaccompanied_or_separated == "yes"
        given["unaccompanied_or_separated"] = is_alone
        screening = ScreeningFactory(
            case=case, instrument_version=version, profile=given["profile"]
        )
        fill(screening, given)
        for section, part in list(screening.answers.items()):
            screening = actions.save_section(
                screening, section=section, part=part, version=screening.version, actor=caseworker
            )
        finished = actions.complete_screening(
            screening, information_given=False, version=screening.version, actor=caseworker
        )

        assert finished.band == assess_given(version.definition, **given).band
