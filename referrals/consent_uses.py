"""Which referrals hang on a consent."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.consent_uses import Use, uses_consent
from casework.models import Consent
from referrals import states
from referrals.models import Referral, SuspicionReport


@uses_consent("referrals.Referral")
def referrals_of(consent: Consent) -> Iterable[Use]:
    """Referrals that rest on it, or on an answer that ends with it or that it replaced."""
    resting = Q(consent=consent) | Q(consent__ended_with=consent)
    if consent.is_in_force:
        resting |= _earlier(consent)
    rows = Referral.objects.filter(resting)
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


@uses_consent("referrals.SuspicionReport")
def reports_of(consent: Consent) -> Iterable[Use]:
    """Reports of suspicion that she agreed to; what was said cannot be unsaid."""
    rows = SuspicionReport.objects.filter(consent=consent).select_related("identification")
    for row in rows.order_by("reported_at"):
        yield Use(
            _("Report of suspicion"),
            str(row.identification),
            _("It was made and stays written down. Tell the body that nothing more is agreed to."),
            timezone.localdate(row.reported_at),
            url_name="referrals:procedure",
            object_id=row.identification_id,
        )


def _earlier(consent: Consent) -> Q:
    """Open ones that rest on an earlier answer of the same giver: this one says what is shown."""
    open_to = Q(
        state__in=states.OPEN,
        case__person=consent.person_id,
        organization=consent.organization_id,
        consent__given_by=consent.given_by,
        consent__recorded_at__lt=consent.recorded_at,
    )
    if consent.case_id is not None:
        open_to &= Q(case=consent.case_id)
    if consent.service_id is not None:
        open_to &= Q(service=consent.service_id)
    return open_to
