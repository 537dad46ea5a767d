"""Records that leave by command: counts without people, one person with two names under it."""

from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Organization, User
from accounts.spreadsheets import Sheet, Value, csv_file, xlsx
from casework.actions.exporting import request_transfer, transfer_content
from casework.models import Case
from exports.actions import approve_export, hand_out, make, register
from exports.footers import foot, last_sheet
from exports.models import Export
from reports.models import CountFact
from reports.scope import report_role

COLUMNS = ["kind", "day", "code", "quantity", "sex", "language", "min_age", "max_age"]
Write = Callable[[Sequence[Sequence[Value]], Export], bytes]
WRITERS: dict[str, Write] = {
    "csv": lambda lines, line: csv_file([*lines, *foot(line)]),
    "xlsx": lambda lines, line: xlsx([Sheet("counts", lines), last_sheet(line)]),
}


@transaction.atomic
def hand_out_counts(*, format: str, actor: User) -> bytes:
    """People met, heads counted, leaflets, events of the actor's organization, row by row.

    Nobody stands behind a number. Read in the role of reports. Raises PermissionDenied.
    """
    actor.require("reports.view_exact_figures")
    with report_role():
        rows = CountFact.objects.filter(organization_id=actor.organization_id)
        lines: list[list[Value]] = [list(row) for row in rows.order_by("day").values_list(*COLUMNS)]
    return register(
        Export.Kind.FACTS,
        lambda line: WRITERS[format]([COLUMNS, *lines], line),
        purpose=Export.Purpose.ACCOUNTABILITY,
        format=format,
        actor=actor,
        columns=COLUMNS,
        rows=len(lines),
    )


@transaction.atomic
def hand_out_transfer(
    case: Case, *, recipient: Organization, recipient_key: str, first: User, second: User
) -> bytes:
    """One person's file for an organization she agreed to, encrypted to its key.

    `first` asks and has the case, `second` agrees. Raises PermissionDenied, ValidationError.
    """
    export = request_transfer(
        case,
        recipient=recipient,
        format=Export.Format.AGE,
        recipient_key=recipient_key,
        actor=first,
        wants_agreement=True,
    )
    approve_export(export, actor=second)
    make(export.pk, transfer_content, settle=lambda: True)
    made = Export.objects.get(pk=export.pk)
    if not made.is_ready:
        raise PermissionDenied
    content, _line = hand_out(made, actor=first)
    return content
