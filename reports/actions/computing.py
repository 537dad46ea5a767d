"""Count a report, indicator by indicator, and freeze what came out."""

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from directory.models import AgeBand
from reports.counting import EVERYBODY, Counted, Scope, count, count_everybody
from reports.models import Report
from reports.models.report import ReportQuerySet
from reports.release import protected
from reports.scope import report_role
from vault.keys import key_provider


def compute_report(report: Report, settle: Callable[[], bool]) -> None:
    """Count all indicators and freeze them, once.

    Progress is saved after each indicator; whoever dies on the way is followed by another run
    that starts afresh. `settle` says, inside the last transaction, whether this run is the first
    to come to its end.
    """
    if not _begin(report):
        settle()
        return
    scope = scope_of(report)
    counted: dict[str, Counted] = {}
    try:
        for number, indicator in enumerate(report.template.indicators):
            _progress(report, number, indicator["code"])
            with report_role():
                counted[indicator["code"]] = count(indicator, scope)
    except Exception:
        _running(report).update(state=Report.State.FAILED)
        raise
    figures = {code: one.figures for code, one in counted.items()}
    _freeze(report, {**figures, EVERYBODY: count_everybody(counted.values())}, settle)


@transaction.atomic
def _begin(report: Report) -> bool:
    row = Report.objects.select_for_update().get(pk=report.pk)
    if row.is_done:
        return False
    row.state, row.counted = Report.State.RUNNING, 0
    row.save(update_fields=["state", "counted"])
    return True


def _running(report: Report) -> ReportQuerySet:
    """The report as long as nobody else has finished it."""
    return Report.objects.filter(pk=report.pk, state=Report.State.RUNNING)


def _progress(report: Report, counted: int, code: str) -> None:
    _running(report).update(counted=counted, counting=code)


def scope_of(report: Report) -> Scope:
    """What is counted for a report; the bands are those of the grant, else of the template."""
    grant = report.grant
    bands = grant.age_band_set_id if grant else report.template.definition["age_bands"]
    return Scope(
        organization=report.organization_id,
        starts_on=report.starts_on,
        ends_before=report.ends_before,
        bands=list(AgeBand.objects.filter(age_band_set=bands).order_by("min_age")),
        grant=report.grant_id,
        grant_days=(grant.starts_on, grant.ends_on) if grant else None,
    )


@transaction.atomic
def _freeze(report: Report, figures: dict[str, Any], settle: Callable[[], bool]) -> None:
    row = Report.objects.select_for_update().get(pk=report.pk)
    if row.is_done or not settle():
        return
    row.figures = figures
    row.released_figures = protected(report.template.definition, figures)
    row.sha256 = seal_of(row)
    row.state, row.counting = Report.State.DONE, ""
    row.counted = len(report.template.indicators)
    row.finished_at = timezone.now()
    row.full_clean()
    row.save()


def seal_of(report: Report) -> str:
    """A keyed hash over period, definition and figures: what stands under every file.

    Keyed, because whoever knows all but a few small numbers could try them out against a plain
    one.
    """
    sealed = {
        "template": report.template.content_hash,
        "organization": str(report.organization_id),
        "grant": str(report.grant_id),
        "period": [str(report.starts_on), str(report.ends_before)],
        "version": report.version,
        "figures": report.figures,
        "released": report.released_figures,
    }
    return key_provider().blind("report", json.dumps(sealed, sort_keys=True)).hex()
