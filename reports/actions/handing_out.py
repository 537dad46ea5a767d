"""Hand out a finished report as a file, and register it."""

from collections.abc import Callable, Sequence

from django.db import transaction

from accounts.audit import record
from accounts.models import Organization, User
from accounts.spreadsheets import Value
from exports.actions import register
from exports.footers import foot
from exports.models import Export
from reports.models import Report

Lines = Sequence[Sequence[Value]]


@transaction.atomic
def hand_out_report(
    report: Report,
    write: Callable[[Lines], bytes],
    *,
    format: str,
    columns: Sequence[str],
    rows: int,
    actor: User,
) -> bytes:
    """The protected figures as a file; who had it stands in the house's register and in the file.

    They name nobody and are released, so the same person may have them again: each time is a line.
    Raises PermissionDenied.
    """
    record(actor, "download_report", report, note=format)
    donor = report.template.donor
    return register(
        Export.Kind.REPORT,
        # The report's own label stands in it already.
        lambda line: write(foot(line)[1:]),
        purpose=Export.Purpose.DONOR,
        format=format,
        actor=actor,
        organization=report.organization,
        columns=columns,
        rows=rows,
        label=Export.Label(report.template.definition["label"]),
        object_id=report.pk,
        filters={
            "template": report.template.code,
            "from": str(report.starts_on),
            "until": str(report.ends_on),
            "version": str(report.version),
        },
        recipient=Organization.objects.filter(code=donor.pk).first() if donor else None,
    )
