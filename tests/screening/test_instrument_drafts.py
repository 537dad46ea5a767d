import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, OutboxJob
from accounts.scope import system
from screening import actions, drafting
from screening.instrument_files import faults
from screening.instrument_words import told_counts
from screening.language import parse
from screening.models import InstrumentDraft, InstrumentTrial, InstrumentVersion
from tests.factories import UserFactory
from tests.screening.factories import CompletedScreeningFactory, InstrumentDraftFactory


@pytest.fixture
def second(house, team):
    """Another coordinator of the house."""
    return UserFactory(organization=house, teams=[team], role="coordinator")


@pytest.fixture
def draft(coordinator, instrument_version):
    return actions.begin_draft(instrument_version, actor=coordinator)


def change(client, draft, block, key, **fields):
    return client.post(reverse("screening:change_draft", args=[draft.pk, block, key]), fields)


def shown(client, draft, block, key):
    """What a form of the draft holds, as a browser would send it back."""
    page = client.get(reverse("screening:change_draft", args=[draft.pk, block, key]))
    form = page.context["form"]
    held = {name: form[name].value() for name in form.fields}
    return {
        name: value for name, value in held.items() if value is not None and name != "operation"
    }


def test_a_draft_begins_with_the_next_version_from_today(draft, coordinator, instrument_version):
    assert draft.definition["version"] == "1.2"
    assert draft.definition["valid_from"] == timezone.localdate().isoformat()
    assert draft.definition["indicators"] == instrument_version.definition["indicators"]
    assert AuditEvent.objects.get(verb="begin_draft").actor == coordinator


def test_every_block_of_a_draft_saves_what_it_shows(signed_in, draft, coordinator):
    client = signed_in(coordinator)
    before = draft.definition
    blocks = [
        ("frame", "frame"), ("section", "journey"), ("group", "promises"),
        ("indicator", "ILO-DR-01"), ("dimension", "exploitation"), ("band", "adult-B"),
        ("band", "child-E"), ("action", "rescreen"), ("source", "ilo_ec"), ("words", "0"),
    ]  # fmt: skip

    for block, key in blocks:
        assert (
            change(client, draft, block, key, **shown(client, draft, block, key)).status_code == 302
        )

    draft.refresh_from_db()
    assert draft.definition == before
    assert draft.version == 1 + len(blocks)


def test_words_strength_and_place_of_a_sign_change(signed_in, draft, coordinator):
    client = signed_in(coordinator)
    fields = shown(client, draft, "indicator", "ILO-DR-02")

    change(
        client, draft, "indicator", "ILO-DR-02",
        **{**fields, "text_en": "Other words", "adult": "weak", "group": "pressure"},
    )  # fmt: skip

    draft.refresh_from_db()
    changed = drafting.entry(draft.definition, "indicator", "ILO-DR-02")
    assert (changed["text"]["en"], changed["strength"]) == (
        "Other words",
        {"adult": "weak", "child": "medium"},
    )
    assert drafting.group_of(draft.definition, "ILO-DR-02") == "pressure"
    assert list(draft.editors.all()) == [coordinator]


def test_signs_are_added_moved_and_taken_out(signed_in, draft, coordinator):
    client = signed_in(coordinator)
    fields = shown(client, draft, "new-indicator", "promises")
    fields |= {"code": "OWN-01", "text_en": "Own sign", "dimension": "general_signs"}
    fields |= {"adult": "flag", "child": "flag", "source": "route"}

    change(client, draft, "new-indicator", "promises", **fields)
    change(client, draft, "move", "OWN-01", version=2, up="up")
    change(client, draft, "remove", "ILO-DR-01", version=3)

    draft.refresh_from_db()
    asked = drafting.entry(draft.definition, "group", "promises")["indicators"]
    assert asked[-2:] == ["OWN-01", "ILO-DR-10"]
    assert "ILO-DR-01" not in {i["id"] for i in draft.definition["indicators"]}


@pytest.mark.parametrize(("key", "parts"), [("journey", 11), ("new-part", 12)])
def test_a_group_begins_with_a_sign_in_a_part_or_in_a_new_one(
    signed_in, draft, coordinator, key, parts
):
    client = signed_in(coordinator)
    fields = shown(client, draft, "new-group", key)
    fields |= {"code": "OWN-01", "text_en": "Own sign", "dimension": "general_signs"}
    fields |= {"adult": "flag", "child": "flag", "source": "route", "kind": "ticks"}

    change(client, draft, "new-group", key, **{**fields, "prompt_en": "What was seen"})

    draft.refresh_from_db()
    sections = draft.definition["sections"]
    group = next(s for s in sections if s["title"]["en"] == "What was seen" or s["code"] == key)
    assert (len(sections), group["groups"][-1]["indicators"]) == (parts, ["OWN-01"])
    assert list(faults(draft.definition)) == []


def test_rules_beside_the_results_are_written_in_the_language(
    signed_in, draft, coordinator, instrument_version
):
    client = signed_in(coordinator)
    draft.definition["alerts"] = [{"alert": "health", "when": {"recorded": "act"}}]
    draft.save()

    change(client, draft, "alert", "0", version=1, when="recorded(purpose)")
    change(client, draft, "element", "adult-act", version=2, when="recorded(act) or signs(9)")

    draft.refresh_from_db()
    assert draft.definition["alerts"] == [{"alert": "health", "when": {"recorded": "purpose"}}]
    element = draft.definition["rules"]["elements"]["adult"]["act"]
    assert element == parse("recorded(act) or signs(9)")
    assert "A health clock runs" in client.get(draft.get_absolute_url()).text


def test_a_rule_is_written_in_the_language(signed_in, draft, coordinator):
    client = signed_in(coordinator)
    fields = shown(client, draft, "band", "adult-C")

    change(
        client,
        draft,
        "band",
        "adult-C",
        **{**fields, "when": "recorded(purpose) and recorded(act)"},
    )

    draft.refresh_from_db()
    _profile, _words, rule = drafting.band_of(draft.definition, "adult-C")
    assert rule["when"] == {"all": [{"recorded": "purpose"}, {"recorded": "act"}]}


@pytest.mark.parametrize(("typed", "kept"), [("14", 14), ("", None)])
def test_a_result_says_after_how_many_days_to_ask_again(signed_in, draft, coordinator, typed, kept):
    client = signed_in(coordinator)
    fields = shown(client, draft, "band", "adult-C")

    change(client, draft, "band", "adult-C", **{**fields, "ask_again_days": typed})

    draft.refresh_from_db()
    _profile, words, _rule = drafting.band_of(draft.definition, "adult-C")
    assert words.get("ask_again_days") == kept
    assert list(faults(draft.definition)) == []


def test_routes_are_chosen_from_the_list_of_the_directory(signed_in, draft, coordinator):
    client = signed_in(coordinator)
    fields = shown(client, draft, "frame", "frame")

    change(client, draft, "frame", "frame", **{**fields, "routes": ["kosovo", "air"]})

    draft.refresh_from_db()
    assert draft.definition["scope"]["routes"] == ["air", "kosovo"]
    assert "By air to Serbia, Through Kosovo" in client.get(draft.get_absolute_url()).text


def test_a_rule_that_cannot_be_read_is_refused_with_its_place(signed_in, draft, coordinator):
    client = signed_in(coordinator)
    fields = shown(client, draft, "band", "adult-C")

    page = change(client, draft, "band", "adult-C", **{**fields, "when": "recorded(nothing)"})

    assert "Character 10: “nothing” stands here. Expected: “act”, “purpose”" in page.text
    draft.refresh_from_db()
    assert draft.version == 1


def test_two_editors_at_once_do_not_undo_each_other(signed_in, draft, coordinator, second):
    fields = shown(signed_in(coordinator), draft, "source", "route")
    change(signed_in(second), draft, "source", "route", **{**fields, "name": "First"})

    page = change(signed_in(coordinator), draft, "source", "route", **{**fields, "name": "Late"})

    assert "Somebody changed this while you had it open" in page.text
    draft.refresh_from_db()
    assert drafting.entry(draft.definition, "source", "route")["title"] == "First"


def test_contradictions_are_shown_and_stop_publishing(signed_in, draft, coordinator, second):
    client = signed_in(coordinator)
    fields = shown(client, draft, "band", "adult-C")
    change(client, draft, "band", "adult-C", **{**fields, "when": "not signs(1)"})

    page = signed_in(second).get(draft.get_absolute_url())

    assert "another yes could lower the result" in page.text
    draft.refresh_from_db()
    with pytest.raises(ValidationError, match="another yes could lower the result"):
        actions.publish_draft(draft, version=draft.version, actor=second)


def test_who_wrote_a_draft_cannot_publish_it(signed_in, draft, coordinator):
    client = signed_in(coordinator)

    page = client.post(reverse("screening:publish_draft", args=[draft.pk]), {"version": 1})

    assert "Somebody who did not write it has to do this." in page.text
    assert InstrumentVersion.objects.filter(version="1.2").count() == 0


def test_a_second_person_publishes_and_new_talks_use_it(
    signed_in, draft, second, house, caseworker
):
    client = signed_in(second)

    answer = client.post(reverse("screening:publish_draft", args=[draft.pk]), {"version": 1})

    published = InstrumentVersion.objects.get(version="1.2")
    assert answer.url == published.get_absolute_url()
    assert (published.organization, published.published_by) == (house, second)
    used = InstrumentVersion.objects.visible_to(caseworker).in_force()
    assert used.get(instrument__code="thb") == published
    assert AuditEvent.objects.get(verb="publish_draft").actor == second
    again = client.post(reverse("screening:publish_draft", args=[draft.pk]), {"version": 2})
    assert "This draft was published." in again.text


def test_a_published_version_is_of_its_house_alone(draft, second, stranger):
    actions.publish_draft(draft, version=1, actor=second)

    used = InstrumentVersion.objects.visible_to(stranger).in_force()

    assert used.get(instrument__code="thb").version == "1.1"


def test_a_translation_is_confirmed_by_name_and_falls_back_when_words_change(
    signed_in, draft, coordinator, second
):
    signed_in(second).post(
        reverse("screening:review_translation", args=[draft.pk]), {"version": 1, "language": "sr"}
    )
    draft.refresh_from_db()
    assert draft.definition["translations"]["sr"] == "reviewed"
    today = timezone.localdate().isoformat()
    assert draft.definition["reviews"] == {"sr": {"by": second.name, "on": today}}

    client = signed_in(coordinator)
    fields = shown(client, draft, "action", "rescreen")
    change(client, draft, "action", "rescreen", **{**fields, "text_sr": "Druge reči"})

    draft.refresh_from_db()
    assert (draft.definition["translations"]["sr"], draft.definition["reviews"]) == ("draft", {})


def test_who_wrote_a_draft_cannot_confirm_its_translation(draft, coordinator):
    with pytest.raises(ValidationError, match="Somebody who did not write it"):
        actions.review_translation(draft, language="sr", version=1, actor=coordinator)


def test_a_version_of_the_house_ends_and_the_products_comes_back(draft, second, caseworker):
    version = actions.publish_draft(draft, version=1, actor=second)
    today = timezone.localdate()

    actions.retire_version(version, last_day=today, actor=second)

    used = InstrumentVersion.objects.visible_to(caseworker)
    assert used.in_force(today).get(instrument__code="thb") == version
    assert used.in_force(today + timedelta(days=1)).get(instrument__code="thb").version == "1.1"


def test_a_version_of_the_product_cannot_be_ended_by_a_house(instrument_version, coordinator):
    with pytest.raises(ValidationError, match="came with the product"):
        actions.retire_version(instrument_version, last_day=date(2030, 1, 1), actor=coordinator)


def test_an_instrument_is_switched_off_for_one_house(
    signed_in, coordinator, stranger, instrument_version, house
):
    client = signed_in(coordinator)
    url = reverse("screening:switch_instrument", args=[instrument_version.pk])

    client.post(url, {"is_on": "off"})

    versions = InstrumentVersion.objects.filter(pk=instrument_version.pk)
    assert versions.switched_on(house).exists() is False
    assert versions.switched_on(stranger.organization).exists() is True
    assert "Switched off" in client.get(reverse("screening:instruments")).text
    client.post(url, {"is_on": "on"})
    assert versions.switched_on(house).exists() is True


def test_an_empty_instrument_begins_and_can_be_published(signed_in, coordinator, second):
    client = signed_in(coordinator)

    client.post(reverse("screening:begin_instrument"), {"code": "own", "title": "Own questions"})

    draft = InstrumentDraft.objects.get()
    assert actions.publish_draft(draft, version=1, actor=second).title == "Own questions"


def test_pages_show_versions_and_what_differs(signed_in, draft, coordinator, instrument_version):
    client = signed_in(coordinator)
    fields = shown(client, draft, "indicator", "ILO-DR-02")
    change(client, draft, "indicator", "ILO-DR-02", **{**fields, "adult": "strong"})

    listed = client.get(reverse("screening:instruments"))
    version = client.get(instrument_version.get_absolute_url())
    compared = client.get(reverse("screening:compare_draft", args=[draft.pk]))

    assert "Being written" in listed.text
    assert "Was misled about how much they would earn" in version.text
    rows = [row for area in compared.context["areas"] for row in area["rows"]]
    assert [(r["before"], r["after"]) for r in rows if r["field"].startswith("Strength")] == [
        ("medium", "strong")
    ]
    title = re.search("<title>(.*?)</title>", version.text, re.DOTALL)[1]
    assert " ".join(title.split()) == "Instrument 1.1 – Casework"


def test_a_trial_counts_what_would_come_out(signed_in, draft, coordinator, case):
    CompletedScreeningFactory(case=case)
    client = signed_in(coordinator)
    fields = shown(client, draft, "band", "adult-A")
    change(client, draft, "band", "adult-A", **{**fields, "when": "signs(1; strong)"})

    client.post(reverse("screening:try_draft", args=[draft.pk]))

    trial = InstrumentTrial.objects.get()
    assert OutboxJob.objects.get(event="instrument_trial_asked").args == {"trial_id": str(trial.pk)}
    with system("test"), transaction.atomic():
        actions.finish_trial(trial.pk)
        assert actions.finish_trial(trial.pk) is None
    trial.refresh_from_db()
    assert (trial.tried, trial.counts) == (1, {"adult": {"B": {"A": 1}}})
    page = client.get(trial.get_absolute_url())
    assert "fewer than 5" in page.text
    assert "The draft has changed since." not in page.text


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ({"B": 7}, ["0", "7", "0", "0", "0"]),
        ({"A": 2, "B": 5, "C": 9}, ["fewer than 8", "fewer than 8", "9", "0", "0"]),
        ({"A": 1}, ["fewer than 5"] * 5),
    ],
)
def test_a_small_number_of_a_trial_is_not_its_row_without_the_rest(draft, after, told):
    (table,) = told_counts(InstrumentTrial(counts={"adult": {"B": after}}), draft.definition)

    assert table["rows"][0]["cells"] == told


def test_what_contradicts_itself_is_not_tried(signed_in, draft, coordinator, case):
    CompletedScreeningFactory(case=case)
    trial = actions.try_draft(draft, actor=coordinator)
    client = signed_in(coordinator)
    fields = shown(client, draft, "band", "adult-A")
    change(client, draft, "band", "adult-A", **{**fields, "when": "signs(1 of nosuch)"})

    answer = client.post(reverse("screening:try_draft", args=[draft.pk]), follow=True)
    with system("test"), transaction.atomic():
        actions.finish_trial(trial.pk)

    assert "there is no dimension nosuch" in " ".join(map(str, answer.context["messages"]))
    trial = InstrumentTrial.objects.get()
    assert trial.finished_at is not None
    assert (trial.tried, trial.counts) == (0, {})


def test_a_draft_does_not_exist_for_another_house_or_for_who_only_asks(
    signed_in, draft, caseworker
):
    stranger = UserFactory(role="coordinator")
    urls = [draft.get_absolute_url(), reverse("screening:compare_draft", args=[draft.pk])]

    for user in (stranger, caseworker):
        assert [signed_in(user).get(url).status_code for url in urls] == [404, 404]
    answer = change(signed_in(stranger), draft, "source", "route", version=1)
    assert answer.status_code == 404


def test_who_only_publishes_cannot_write(signed_in, draft, director):
    client = signed_in(director)

    assert client.get(draft.get_absolute_url()).status_code == 200
    assert change(client, draft, "source", "route", version=1).status_code == 403
    assert (
        client.post(reverse("screening:begin_draft", args=[draft.based_on_id])).status_code == 403
    )


def test_blocks_that_do_not_exist_are_not_found(signed_in, coordinator, draft):
    client = signed_in(coordinator)

    for block, key in [
        ("nothing", "a"),
        ("indicator", "ILO-XX-99"),
        ("band", "adult-Z"),
        ("words", "x"),
    ]:
        url = reverse("screening:change_draft", args=[draft.pk, block, key])
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_as_often_for_one_as_for_three(
    signed_in, coordinator, house, number, django_assert_num_queries
):
    InstrumentDraftFactory.create_batch(number, organization=house)
    client = signed_in(coordinator)
    client.get(reverse("screening:instruments"))

    with django_assert_num_queries(12):
        client.get(reverse("screening:instruments"))


def test_sealed_cases_are_left_out_of_a_trial(draft, coordinator, team):
    CompletedScreeningFactory(case__person__team=team)
    CompletedScreeningFactory(case__person__team=team, case__is_sealed=True)

    trial = actions.try_draft(draft, actor=coordinator)
    with system("test"), transaction.atomic():
        actions.finish_trial(trial.pk)

    trial.refresh_from_db()
    assert trial.tried == 1


def test_house_tries_so_often_a_day(draft, coordinator, second, settings):
    settings.LIMITS = {**settings.LIMITS, "trial": (2, 24 * 3600)}
    actions.try_draft(draft, actor=coordinator)
    actions.try_draft(draft, actor=second)

    with pytest.raises(ValidationError, match="often enough"):
        actions.try_draft(draft, actor=coordinator)

    assert InstrumentTrial.objects.count() == 2
