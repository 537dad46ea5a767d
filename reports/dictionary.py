"""What reports read and keep: views without names, and counts."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    BY,
    ROW,
    About,
    Entry,
    Field,
    Retention,
    seen,
    told,
)
from accounts.levels import Level

FACT = Field(Level.RESTRICTED, _("Counted by the role of reports only; nobody reads a row"))
FIGURES = seen(_("The counts of a report, small ones hidden before they leave"))

ENTRIES = [
    Entry(
        "reports.PersonFact",
        About.COUNT,
        Retention.NEVER,
        told(
            "id record kind organization_id grant_id day code person category topic status sex"
            " nationality age",
            FACT,
        ),
        because=_("A view of other tables: what they lose, it loses"),
    ),
    Entry(
        "reports.ProfessionalFact",
        About.COUNT,
        Retention.NEVER,
        told(
            "id record kind organization_id grant_id day code professional sex profession"
            " institution_type",
            FACT,
        ),
        because=_("A view of other tables: what they lose, it loses"),
    ),
    Entry(
        "reports.CountFact",
        About.COUNT,
        Retention.NEVER,
        told(
            "id record kind organization_id grant_id day code quantity sex language min_age"
            " max_age",
            FACT,
        ),
        because=_("A view of other tables: what they lose, it loses"),
    ),
    Entry(
        "reports.KeptFact",
        About.COUNT,
        Retention.NEVER,
        told(
            "id record kind organization_id grant_id day code person category topic status sex"
            " nationality age",
            FACT,
        ),
        because=_("What stays of an erased record: keys that lead to nobody, coarse days and ages"),
    ),
    Entry(
        "reports.KeptCount",
        About.COUNT,
        Retention.NEVER,
        told(
            "id record kind organization_id grant_id day code quantity sex language min_age"
            " max_age",
            FACT,
        ),
        because=_("What stays of leaflets taken at visits whose records were erased"),
    ),
    Entry(
        "reports.Uncounted",
        About.COUNT,
        Retention.NEVER,
        told("person since", FACT),
        because=_("A refusal to be counted outlives the case it stood in; a key, no record"),
    ),
    Entry(
        "reports.ReportTemplate",
        About.WORLD,
        Retention.NEVER,
        told(
            "id code version donor definition content_hash is_current",
            Field(Level.EXISTS, _("What a donor wants counted, and how")),
        ),
    ),
    Entry(
        "reports.Report",
        About.COUNT,
        Retention.NEVER,
        {
            "id": ROW,
            **told(
                "template organization grant starts_on ends_before version state counted counting"
                " figures released_figures sha256",
                FIGURES,
            ),
            **told("requested_by requested_at finished_at released_by released_at", BY),
        },
        api="reports",
        because=_("Released figures stay as they are when a person is erased"),
    ),
    Entry(
        "reports.Study",
        About.COUNT,
        Retention.NEVER,
        {
            "id": ROW,
            **told(
                "instrument organization starts_on ends_before state figures",
                seen(_("What talks add up to, small numbers hidden before it is kept")),
            ),
            **told("requested_by requested_at finished_at", BY),
        },
        because=_("Protected counts stay as they are when a person is erased"),
    ),
]
