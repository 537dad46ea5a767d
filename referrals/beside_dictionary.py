"""What is kept beside referrals: who went along, and which needs could not be referred."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    HOLDER,
    OF_CASE,
    ROW,
    About,
    Entry,
    Erasure,
    Retention,
    seen,
    told,
)

COMPANY = seen(_("Who went along, where to and what came of it, to prepare the next way"))
COUNTED = seen(_("Which need could not be referred and why, to be counted without a name"))
DAY = seen(_("On which day, for the count and the order of things"), Erasure.YEAR)

BESIDE = [
    Entry(
        "referrals.Accompaniment",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "case": OF_CASE,
            **told("referral organization place why minutes outcome interpreter service", COMPANY),
            "started_at": DAY,
            **told("worker recorded_by", BY),
            "recorded_at": AT,
        },
        of_person="case__person",
        of_case="case",
        history=True,
        subject_access=True,
        api="accompaniments",
    ),
    Entry(
        "referrals.UnmetNeed",
        About.CLIENT,
        Retention.CASE,
        {
            "id": ROW,
            "organization": HOLDER,
            "case": OF_CASE,
            **told("need reason barrier refused_by quantity sex", COUNTED),
            "day": DAY,
            "recorded_by": BY,
            "recorded_at": AT,
        },
        of_person="case__person",
        of_case="case",
        history=True,
        subject_access=True,
        api="unmet-needs",
    ),
]
