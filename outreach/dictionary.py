"""What is kept of outreach and training: counts of contacts, and professionals by code."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    BY,
    GRANT,
    HOLDER,
    KEY,
    ROW,
    VERSION,
    About,
    Entry,
    Erasure,
    Field,
    Retention,
    seen,
    told,
)
from accounts.levels import Level

WHERE = seen(_("Where and when the team was out, in a named area"))
COUNTED = seen(_("How many were met, counted without a name"))
COURSE = seen(_("Which training took place, for the donor's count"))
CALLING = seen(_("Which professions and institutions were trained"))

ENTRIES = [
    Entry(
        "outreach.OutreachSession",
        About.COUNT,
        Retention.NEVER,
        {
            "id": ROW,
            **told("organization team", HOLDER),
            **told("area mode started_at ended_at", WHERE),
            "members": seen(_("Who was on the way, for their safety and the count of hours")),
            **told("age_band_set method children_alone languages topics needs", COUNTED),
            "supersedes": seen(_("Which count this one corrects")),
            "grant": GRANT,
            "recorded_by": BY,
            "recorded_at": AT,
            "version": VERSION,
        },
        api="outreach-sessions",
    ),
    Entry(
        "outreach.OutreachTally",
        About.COUNT,
        Retention.NEVER,
        {"id": ROW, **told("session sex age_band quantity", COUNTED)},
    ),
    Entry(
        "outreach.OutreachLeaflets",
        About.COUNT,
        Retention.NEVER,
        {
            "id": ROW,
            **told("session edition quantity", seen(_("How many leaflets were given out"))),
        },
    ),
    Entry(
        "outreach.Training",
        About.COUNT,
        Retention.NEVER,
        {
            "id": ROW,
            "organization": HOLDER,
            **told("topic programme accredited_by hours starts_on ends_on area", COURSE),
            "grant": GRANT,
            "recorded_by": BY,
            "recorded_at": AT,
        },
        api="trainings",
    ),
    Entry(
        "outreach.Professional",
        About.STAFF,
        Retention.PERSON,
        {
            "id": ROW,
            "code": seen(_("Tells people who were trained apart without a name")),
            "registered_by_organization": HOLDER,
            "data_key": KEY,
            "name": Field(
                Level.IDENTITY, _("Finds somebody again who comes to a course"), Erasure.SEALED
            ),
            **told("profession institution_type institution sex", CALLING),
        },
        because=_("A professional of another institution, who is no client"),
    ),
    Entry(
        "outreach.TrainingAttendance",
        About.STAFF,
        Retention.PERSON,
        {
            "id": ROW,
            **told("training professional", seen(_("Who took part, counted once a year"))),
            "recorded_by": BY,
            "recorded_at": AT,
        },
    ),
]
