"""What of the figures hangs on a consent."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from casework.consent_uses import Use, uses_consent
from casework.models import Consent


@uses_consent("reports.PersonFact")
def facts_of(consent: Consent) -> Iterable[Use]:
    """All of her facts or none: nobody is counted by halves."""
    if consent.purpose == Consent.Purpose.STATISTICS:
        yield Use(
            _("Figures"),
            _("Visits, services and whatever else is counted"),
            _("Left out of every report from now on. Figures that were frozen before stay."),
            consent.given_on,
            is_open=consent.is_in_force,
            url_name="",
        )
