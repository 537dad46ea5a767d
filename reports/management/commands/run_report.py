"""Count a report now and write it to a file: `run_report irc --from 2026-01-01 --to …`."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from reports import actions
from reports.exports import as_csv, as_xlsx
from reports.models import Report, ReportTemplate


def as_json(report: Report) -> bytes:
    """The protected figures as JSON; null is a number kept back."""
    body = {"sha256": report.sha256, "figures": report.released_figures}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


FORMATS = {"xlsx": as_xlsx, "csv": as_csv, "json": as_json}


class Command(BaseCommand):
    help = "Count a report in the name of a coordinator and write its protected figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("template", help="code of the template, such as irc")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
        parser.add_argument("--format", choices=FORMATS, default="xlsx")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--actor", default="coordinator", help="login it is counted for")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        template = ReportTemplate.objects.filter(code=options["template"], is_current=True).first()
        actor = User.objects.filter(username=options["actor"]).first()
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
        report.refresh_from_db()
        with transaction.atomic():
            record(actor, "download_report", report, note=options["format"])
        options["out"].write_bytes(FORMATS[options["format"]](report))
        line = {"report": str(report.pk), "sha256": report.sha256, "out": str(options["out"])}
        self.stdout.write(json.dumps(line) if options["json"] else f"Written: {options['out']}")
