"""Count a report now and write it to a file: `run_report irc --from 2026-01-01 --to …`."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from reports import actions
from reports.exports import WRITERS, measured
from reports.models import Report, ReportTemplate

PDF = "pdf"


class Command(BaseCommand):
    help = "Count a report in the name of a coordinator and write its protected figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        day = date.fromisoformat
        parser.add_argument("template", help="code of the template, such as irc")
        parser.add_argument("--from", dest="first", type=day, required=True, help="first day")
        parser.add_argument("--to", dest="last", type=day, required=True, help="last day, included")
        parser.add_argument("--format", choices=[*WRITERS, PDF], default="xlsx")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--actor", default="coordinator", help="login it is counted for")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if options["format"] == PDF:
            raise CommandError("Reports are not made as PDF yet: choose xlsx, csv or json.")
        if out.is_dir() or not out.parent.is_dir():
            raise CommandError(f"No file can be written to {out}.")
        report = self._counted(options)
        form = options["format"]
        columns, rows = measured(report, form)
        content = actions.hand_out_report(
            report,
            partial(WRITERS[form], report),
            format=form,
            columns=columns,
            rows=rows,
            actor=report.requested_by,
        )
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out} could not be written: {error.strerror}.") from error
        line = {"report": str(report.pk), "sha256": report.sha256, "out": str(out)}
        self.stdout.write(json.dumps(line) if options["json"] else f"Written: {out}")

    def _counted(self, options: dict[str, Any]) -> Report:
        """A new report, counted here and now instead of by a worker."""
        template = ReportTemplate.objects.filter(code=options["template"], is_current=True).first()
        actor = User.objects.filter(username=options["actor"]).first()
        if options["last"] == date.max:
            raise CommandError("--to is too far away.")
        if template is None:
            raise CommandError(f"There is no template {options['template']}.")
        if actor is None:
            raise CommandError(f"Nobody signs in as {options['actor']}.")
        try:
            report = actions.request_report(
                template=template,
                starts_on=options["first"],
                ends_before=options["last"] + timedelta(days=1),
                actor=actor,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(f"{options['actor']} may not have reports counted.") from error
        actions.compute_report(report, settle=lambda: True)
        return Report.objects.select_related(
            "template__donor", "organization", "grant", "requested_by"
        ).get(pk=report.pk)
