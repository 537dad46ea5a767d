"""How consent is asked: plain, in versions, reviewed by another before it is used."""

import json
import re
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEvent
from casework import actions
from casework.actions.consent_texts import SHIPPED, load_consent_texts
from casework.models import Consent, ConsentText
from casework.models.consent_text import wordings_for
from tests import factories

TOLD = json.loads(SHIPPED.read_text())["texts"]
SENTENCES = [
    (purpose, language, sentence)
    for purpose, texts in TOLD.items()
    for language, lines in texts.items()
    for line in lines
    for sentence in re.split(r"(?<=[.;:]) ", line)
]


def test_each_question_has_words_in_both_languages():
    assert {purpose: set(texts) for purpose, texts in TOLD.items()} == {
        purpose: {"en", "sr"} for purpose in Consent.Purpose.values
    }


def test_no_sentence_is_longer_than_twelve_words():
    assert [each for each in SENTENCES if len(each[2].split()) > 12] == []


@pytest.mark.django_db
def test_what_came_with_the_product_is_a_draft_and_comes_once():
    assert load_consent_texts() == 0
    shipped = ConsentText.objects.filter(version="2026-11")
    assert (shipped.count(), shipped.filter(reviewed_at=None).count()) == (14, 14)


@pytest.mark.django_db
def test_own_language_first_then_english_and_a_draft_only_when_there_is_nothing_else(house):
    serbian, pashto = factories.language("sr"), factories.language("ps")

    def said(language):
        return wordings_for(language, house.pk)["record"]

    draft = said(serbian)
    assert (draft.language_id, draft.is_reviewed) == ("en", False)

    english = factories.ReviewedConsentTextFactory(organization=house)
    assert (
        wordings_for(serbian, house.pk)["record"]
        == wordings_for(pashto, house.pk)["record"]
        == english
    )

    own = factories.ReviewedConsentTextFactory(organization=house, language_id="sr")
    assert (
        wordings_for(serbian, house.pk)["record"],
        wordings_for(pashto, house.pk)["record"],
    ) == (own, english)


@pytest.mark.django_db
def test_newer_reviewed_wording_takes_over_and_one_that_ran_out_does_not_count(house):
    english = factories.language("en")
    factories.ReviewedConsentTextFactory(organization=house)
    newer = factories.ReviewedConsentTextFactory(organization=house)
    factories.ReviewedConsentTextFactory(
        organization=house, valid_from="2020-01-01", valid_until="2020-12-31"
    )

    assert wordings_for(english, house.pk)["record"] == newer


def test_written_by_one_and_reviewed_by_another(signed_in, coordinator, dpo):
    typed = {"purpose": "photo", "language": "ps", "version": "1", "text": "We ask."}
    page = signed_in(coordinator).post(
        reverse("casework:write_consent_text"), {**typed, "operation": str(uuid4())}
    )
    text = ConsentText.objects.get(language="ps")
    assert page.headers["Location"] == reverse("casework:consent_text", args=[text.pk])
    own = signed_in(coordinator).post(page.headers["Location"], {"operation": str(uuid4())})
    assert "Somebody else has to review what you wrote." in own.text

    signed_in(dpo).post(page.headers["Location"], {"operation": str(uuid4())})

    text.refresh_from_db()
    assert (text.written_by, text.reviewed_by, text.is_reviewed) == (coordinator, dpo, True)
    verbs = AuditEvent.objects.filter(object_id=text.pk).values_list("verb", flat=True)
    assert {"write_consent_text", "review_consent_text"} <= set(verbs)


def test_reviewed_wording_does_not_change(dpo, house):
    text = factories.ReviewedConsentTextFactory(organization=house)

    with pytest.raises(ValidationError, match="reviewed already"):
        actions.review_consent_text(text, actor=dpo)


def test_sheet_is_printed_of_reviewed_words_only(signed_in, caseworker, house):
    client, draft = signed_in(caseworker), ConsentText.objects.filter(language="en").first()
    reviewed = factories.ReviewedConsentTextFactory(organization=house, language_id="ar", text="نص")

    assert client.get(reverse("casework:print_consent_text", args=[draft.pk])).status_code == 404
    sheet = client.get(reverse("casework:print_consent_text", args=[reviewed.pk]))

    assert 'dir="rtl"' in sheet.text
    assert "<title> Sheet – Casework</title>" in " ".join(sheet.text.split())
    assert caseworker.name not in sheet.text.split("<article")[1]


def test_wordings_are_read_by_who_asks_and_written_by_who_answers_for_them(
    signed_in, caseworker, donor
):
    listed = reverse("casework:consent_texts")

    assert "Draft – not reviewed" in signed_in(caseworker).get(listed).text
    assert signed_in(donor).get(listed).status_code == 403
    refused = signed_in(caseworker).post(reverse("casework:write_consent_text"), {})
    assert refused.status_code == 403
    text = ConsentText.objects.filter(language="en").first()
    page = reverse("casework:consent_text", args=[text.pk])
    assert signed_in(caseworker).post(page, {}).status_code == 403


# Each house its own


def test_house_that_reviews_what_came_with_the_product_gets_its_own(signed_in, dpo, house):
    shipped = ConsentText.objects.get(purpose="photo", language="en")
    door = reverse("casework:consent_text", args=[shipped.pk])

    answer = signed_in(dpo).post(door, {"operation": str(uuid4())})

    own = ConsentText.objects.get(organization=house)
    assert answer.headers["Location"] == reverse("casework:consent_text", args=[own.pk])
    assert (own.text, own.version, own.reviewed_by) == (shipped.text, shipped.version, dpo)
    shipped.refresh_from_db()
    assert (shipped.is_reviewed, shipped.organization) == (False, None)
    listed = signed_in(dpo).get(reverse("casework:consent_texts")).context["texts"]
    assert (own in listed, shipped in listed) == (True, False)
    again = signed_in(dpo).post(door, {"operation": str(uuid4())})
    assert "reviewed already" in again.text
    assert ConsentText.objects.filter(organization=house).count() == 1


def test_wording_of_a_house_is_nobody_elses(signed_in, stranger, dpo, house, caseworker):
    theirs = factories.ReviewedConsentTextFactory(organization=stranger.organization)
    draft = factories.ConsentTextFactory(organization=stranger.organization)

    for name in ("consent_text", "print_consent_text"):
        door = reverse(f"casework:{name}", args=[theirs.pk])
        assert signed_in(stranger).get(door).status_code == 200
        assert signed_in(caseworker).get(door).status_code == 404
    listed = signed_in(caseworker).get(reverse("casework:consent_texts")).context["texts"]
    assert {theirs, draft} & set(listed) == set()
    reviewed = signed_in(dpo).post(reverse("casework:consent_text", args=[draft.pk]), {})
    assert reviewed.status_code == 404
    english = factories.language("en")
    assert wordings_for(english, stranger.organization_id)["record"] == theirs
    assert wordings_for(english, house.pk)["record"].organization is None


def test_nobody_is_asked_with_the_words_of_another_house(signed_in, caseworker, stranger, person):
    theirs = factories.ReviewedConsentTextFactory(organization=stranger.organization)
    told = {"purpose": "record", "decision": "given", "channel": "spoken", "language": "fa"}

    with pytest.raises(ValidationError, match="wording of this house"):
        actions.record_consent(
            person, **{**told, "language": person.language}, text=theirs, actor=caseworker
        )
    answer = signed_in(caseworker).post(
        "/api/v1/consents/",
        {**told, "person": str(person.pk), "text": str(theirs.pk)},
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["text"])
    assert not Consent.objects.exists()


def test_wordings_from_before_go_to_who_reviewed_them_and_others_keep_a_copy(dpo, stranger):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE casework_consenttext DROP CONSTRAINT wording_in_use_is_of_a_house"
        )
    shared = ConsentText.objects.get(purpose="record", language="en")
    ConsentText.objects.filter(pk=shared.pk).update(
        reviewed_by=dpo, reviewed_at="2026-11-01T08:00Z"
    )
    theirs = factories.PersonFactory(organization=stranger.organization)
    said = factories.PersonConsentFactory(person=theirs, text=shared)

    migration = import_module("casework.migrations.0029_wordings_find_their_house")
    migration.find_house(apps, None)

    shared.refresh_from_db()
    said.refresh_from_db()
    assert shared.organization == dpo.organization
    assert (said.text.organization, said.text.text) == (stranger.organization, shared.text)
    assert said.text.reviewed_by == dpo
    assert ConsentText.objects.filter(organization=None).count() == 13
