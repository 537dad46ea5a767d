"""How consent is asked: plain, in versions, reviewed by another before it is used."""

import json
import re
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
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
def test_own_language_first_then_english_and_a_draft_only_when_there_is_nothing_else():
    serbian, pashto = factories.language("sr"), factories.language("ps")
    draft = wordings_for(serbian)["record"]
    assert (draft.language_id, draft.is_reviewed) == ("en", False)

    english = factories.ReviewedConsentTextFactory()
    assert wordings_for(serbian)["record"] == wordings_for(pashto)["record"] == english

    own = factories.ReviewedConsentTextFactory(language_id="sr")
    assert (wordings_for(serbian)["record"], wordings_for(pashto)["record"]) == (own, english)


@pytest.mark.django_db
def test_newer_reviewed_wording_takes_over_and_one_that_ran_out_does_not_count():
    english = factories.language("en")
    factories.ReviewedConsentTextFactory()
    newer = factories.ReviewedConsentTextFactory()
    factories.ReviewedConsentTextFactory(valid_from="2020-01-01", valid_until="2020-12-31")

    assert wordings_for(english)["record"] == newer


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


def test_reviewed_wording_does_not_change(dpo):
    text = factories.ReviewedConsentTextFactory()

    with pytest.raises(ValidationError, match="reviewed already"):
        actions.review_consent_text(text, actor=dpo)


def test_sheet_is_printed_of_reviewed_words_only(signed_in, caseworker):
    client, draft = signed_in(caseworker), ConsentText.objects.filter(language="en").first()
    reviewed = factories.ReviewedConsentTextFactory(language_id="ar", text="نص")

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
