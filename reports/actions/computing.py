"""Count a report, indicator by indicator, and freeze what came out."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from directory.models import AgeBand
from reports.counting import Scope, count
from reports.models import Report
from reports.release import protected
from reports.scope import report_role


def compute_report(report: Report, settle: Callable[[], bool]) -> None:
    """Count all indicators and freeze them, once.

    Progress is saved after each indicator; whoever dies on the way is followed by another run
    that starts afresh. `settle` says, inside the last transaction, whether this run is the first
    to come to its end.
    """
    if not _begin(report):
        return
    scope = _scope(report)
    figures: dict[str, Any] = {}
    try:
        for number, indicator in enumerate(report.template.indicators):
            _progress(report, number, indicator["code"])
            with report_role():
                figures[indicator["code"]] = count(indicator, scope)
    except Exception:
        Report.objects.filter(pk=report.pk).update(state=Report.State.FAILED)
        raise
    _freeze(report, figures, settle)


@transaction.atomic
def _begin(report: Report) -> bool:
    row = Report.objects.select_for_update().get(pk=report.pk)
    if row.is_done:
        return False
    row.state, row.counted = Report.State.RUNNING, 0
    row.save(update_fields=["state", "counted"])
    return True


def _progress(report: Report, counted: int, code: str) -> None:
    Report.objects.filter(pk=report.pk).update(counted=counted, counting=code)


def _scope(report: Report) -> Scope:
    bands = (
        report.grant.age_band_set_id if report.grant else report.template.definition["age_bands"]
    )
    return Scope(
        organization=report.organization_id,
        starts_on=report.starts_on,
        ends_before=report.ends_before,
        grant=report.grant_id,
        bands=list(AgeBand.objects.filter(age_band_set=bands).order_by("min_age")),
    )


@transaction.atomic
def _freeze(report: Report, figures: dict[str, Any], settle: Callable[[], bool]) -> None:
    row = Report.objects.select_for_update().get(pk=report.pk)
    if row.is_done or not settle():
        return
    row.figures = figures
    row.released_figures = {code: protected(one) for code, one in figures.items()}
    row.sha256 = seal_of(row)
    row.state, row.counted, row.counting = Report.State.DONE, len(figures), ""
    row.finished_at = timezone.now()
    row.full_clean()
    row.save()


def seal_of(report: Report) -> str:
    """A hash over period, definition and figures: what stands under every file of the report."""
    sealed = {
        "template": report.template.content_hash,
        "organization": str(report.organization_id),
        "period": [str(report.starts_on), str(report.ends_before)],
        "version": report.version,
        "figures": report.figures,
    }
    return hashlib.sha256(json.dumps(sealed, sort_keys=True).encode()).hexdigest()
