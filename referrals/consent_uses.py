"""Which referrals hang on a consent."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from casework.consent_uses import Use, uses_consent
from casework.models import Consent
from referrals.models import Referral


@uses_consent("referrals.Referral")
def referrals_of(consent: Consent) -> Iterable[Use]:
    """Referrals that rest on it, or on an answer that ends with it."""
    rows = Referral.objects.filter(consent=consent) | Referral.objects.filter(
        consent__ended_with=consent
    )
    for row in rows.select_related("organization").distinct().order_by("-number"):
        follows = (
            _("The receiver's page shuts at once, and they are told that it was taken back.")
            if row.is_open
            else _("It is over. The receiver sees no more of it than the number.")
        )
        yield Use(
            _("Referral"),
            f"{row}, {row.organization.name}, {row.get_state_display()}",
            follows,
            (row.sent_at or row.created_at).date(),
            is_open=row.is_open or row.is_draft,
            url_name="referrals:detail",
            object_id=row.pk,
        )
