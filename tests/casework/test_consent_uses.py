"""What hangs on a consent is found, whichever part of the house keeps it."""

import pytest
from django.apps import apps
from django.utils import timezone

from casework.consent_uses import finders, uses_of
from casework.models import Consent, ConsentHistory
from exports.models import Export
from tests import factories
from tests.files.factories import CaseFileFactory


def pointing_at_consent():
    return {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if field.related_model is Consent and model not in {Consent, ConsentHistory}
        if not hasattr(model, "pgh_tracked_model")
    }


def test_each_model_that_points_at_a_consent_is_registered():
    assert pointing_at_consent() - finders().keys() == set()


def test_model_that_nobody_registered_is_noticed(monkeypatch):
    monkeypatch.delitem(finders(), "referrals.Referral")

    assert pointing_at_consent() - finders().keys() == {"referrals.Referral"}


@pytest.fixture
def shared(case):
    """Consent to share, with a referral sent and a file made under it."""
    consent = factories.ReferralConsentFactory(case=case)
    service = factories.ServiceFactory(organization=consent.organization)
    factories.SentReferralFactory(case=case, service=service, consent=consent)
    Export.objects.create(
        kind=Export.Kind.TRANSFER,
        purpose=Export.Purpose.REFERRAL,
        format=Export.Format.LOCKED_XLSX,
        case_id=case.pk,
        object_id=case.pk,
        recipient=consent.organization,
        requested_by=case.owner,
        organization=case.organization,
    )
    return consent


def test_referral_and_file_are_found_before_and_after(shared, case):
    before = {str(use.kind): use.is_open for use in uses_of(shared)}

    Consent.objects.filter(pk=shared.pk).update(withdrawn_at=timezone.now())
    shared.refresh_from_db()

    assert before == {"Referral": True, "File for another organization": True}
    assert {str(use.kind) for use in uses_of(shared)} == set(before)


def test_figures_and_pictures_hang_on_their_own_consents(case):
    counted = factories.ConsentFactory(case=case, purpose=Consent.Purpose.STATISTICS)
    pictured = factories.ConsentFactory(case=case, purpose=Consent.Purpose.PHOTO)
    CaseFileFactory(case=case, kind="photo")

    assert [str(use.kind) for use in uses_of(counted)] == ["Figures"]
    assert [str(use.kind) for use in uses_of(pictured)] == ["Picture"]
    assert uses_of(factories.ConsentFactory(case=case)) == []
