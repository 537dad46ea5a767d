"""Recompute every seal of the trail; nightly, and after every restore."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.audit_seals import Outside, Verdict, verify

BROKEN = 1


class Command(BaseCommand):
    help = "Check the trail against its seals and against the anchors kept outside the database."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")
        parser.add_argument(
            "--anchors", default=settings.AUDIT_ANCHORS_FILE, help="the sealer's file, or a copy"
        )
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="one more anchor, as printed in a mail, a manifest or an export",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outside = Outside.read(Path(options["anchors"]))
        for anchor in options["anchor"]:
            number, _colon, told = anchor.partition(":")
            outside.anchors[int(number)] = told
        verdict = verify(outside)
        self.stdout.write(json.dumps(verdict.told()) if options["json"] else _said(verdict))
        if not verdict.is_good:
            raise SystemExit(BROKEN)


def _said(verdict: Verdict) -> str:
    if not verdict.is_good:
        return f"Broken at row {verdict.first_bad}: {verdict.problem}."
    return (
        f"Whole: {verdict.seals} seals over {verdict.rows} rows, {verdict.anchors} anchors outside,"
        f" {verdict.unsealed} rows not sealed yet, {verdict.dropped} dropped after their time."
    )
