from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from directory.models import LeafletEdition
from outreach.forms import AttendanceForm, CorrectionForm, SessionForm, StartSessionForm
from tests import factories
from tests.outreach.factories import (
    FinishedSessionFactory,
    ProfessionalFactory,
    SessionFactory,
)


def typed(**fields):
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.fixture
def session(mobile):
    return SessionFactory(team=mobile.teams.get(), recorded_by=mobile)


def cell(sex, youngest):
    return f"count_{sex}_{factories.age_band(youngest).pk}"


def test_cells_become_the_keywords_of_the_verb(session):
    edition = factories.edition()
    form = SessionForm(
        typed(
            version="1",
            method="counted",
            topics=["asylum"],
            **{cell("male", 15): "4", f"leaflet_{edition.pk}": "2"},
        ),
        session=session,
    )

    assert form.is_valid()
    data = form.cleaned_data
    assert {key: n for key, n in data["counts"].items() if n} == {
        ("male", factories.age_band(15)): 4
    }
    assert {key: n for key, n in data["leaflets"].items() if n} == {edition: 2}
    assert set(data) == {
        "operation", "version", "method", "children_alone", "languages", "topics", "needs",
        "counts", "leaflets",
    }  # fmt: skip


def test_end_is_a_keyword_only_of_whoever_finishes(session):
    data = typed(version="1", method="counted", ended_at="2026-11-02T20:00")

    finishing = SessionForm(data, session=session, finishing=True)

    assert finishing.is_valid()
    assert finishing.cleaned_data["ended_at"] == datetime(2026, 11, 2, 19, 0, tzinfo=UTC)


def test_rows_are_bands_with_women_first(session):
    rows = SessionForm(session=session).rows

    assert [band.min_age for band, _ in rows] == sorted(band.min_age for band, _ in rows)
    assert [cells[0].html_name for _, cells in rows] == [
        f"count_female_{band.pk}" for band, _ in rows
    ]


def test_counter_says_aloud_whom_it_counts(session):
    form = SessionForm(session=session)

    assert 'aria-label="Male, 15–17"' in str(form[cell("male", 15)])


def test_few_languages_are_offered_and_whichever_was_spoken(session):
    session.languages.add("mk")

    shown = [str(value) for value, _ in SessionForm(session=session).fields["languages"].choices]

    assert shown[:2] == ["en", "sr"]
    assert {"mk", "mis"} <= set(shown)
    assert len(shown) == SessionForm.LANGUAGES_SHOWN + 2


def test_leaflets_stand_by_language_and_are_named_in_full_where_they_stand_alone(session):
    form = SessionForm(session=session)

    groups = {str(group.language): group for group in form.leaflets_by_language}

    edition, field = groups["Farsi"].rows[0]
    assert (str(edition.leaflet), field.label) == ("The journey", "The journey (Farsi)")
    assert sum(len(group.rows) for group in groups.values()) == (
        LeafletEdition.objects.in_use().count()
    )
    assert not any(group.is_open for group in groups.values())


def test_correction_begins_with_what_stands(mobile):
    session = FinishedSessionFactory(team=mobile.teams.get(), recorded_by=mobile)
    session.tallies.create(sex="male", age_band=factories.age_band(15), quantity=4)

    form = CorrectionForm(session=session)

    begun = timezone.localtime(session.started_at).strftime("%Y-%m-%dT%H:%M")
    assert f'value="{begun}"' in str(form["started_at"])
    assert (form["area"].value(), form[cell("male", 15)].value()) == ("bg-hub", 4)
    assert form.fields["ended_at"].required


def test_team_is_asked_of_whoever_has_two(mobile):
    assert StartSessionForm(actor=mobile)["team"].is_hidden
    mobile.teams.add(factories.TeamFactory(organization=mobile.organization))
    del mobile.team_ids

    assert not StartSessionForm(actor=mobile)["team"].is_hidden


def test_team_offers_its_active_members_once(mobile):
    team = mobile.teams.get()
    second = factories.UserFactory(organization=team.organization, teams=[team], name="Abe")
    factories.UserFactory(organization=team.organization, teams=[team], is_active=False)
    factories.UserFactory(organization=team.organization)

    offered = StartSessionForm(actor=mobile).fields["members"].queryset

    assert set(offered) == {mobile, second}
    assert offered.count() == 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["profession", "institution_type", "sex"]),
        ({"name": "Petra Example"}, ["profession", "institution_type", "sex"]),
        ({"profession": "police", "institution_type": "LawEnforcement"}, ["sex"]),
        ({"professional": "7KM"}, ["professional"]),
    ],
)
def test_seat_asks_for_what_is_missing(coordinator, fields, wrong):
    assert list(AttendanceForm(typed(**fields), actor=coordinator).errors) == wrong


def test_code_is_enough_for_somebody_known(coordinator):
    known = ProfessionalFactory(registered_by_organization=coordinator.organization)

    form = AttendanceForm(typed(professional=known.code.lower()), actor=coordinator)

    assert form.is_valid()
    assert form.cleaned_data["professional"] == known
