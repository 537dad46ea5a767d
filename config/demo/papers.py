"""A few files in the caseworker's cases, and an export that waits for the coordinator."""

import io

from PIL import Image, ImageDraw

from accounts.levels import Level
from accounts.models import User
from casework.actions import request_list
from casework.models import Case, CaseFile
from exports.models import Export
from files.actions import put_away
from files.kinds import Media
from files.models import StoredFile

Kind = CaseFile.Kind
PAPERS = [
    (Kind.MEDICAL, "Paper of the clinic"),
    (Kind.CONSENT, "Signed at the hub"),
    (Kind.DOCUMENT, "Letter of the centre for social work"),
    (Kind.PHOTO, "Room after the move"),
]
SHEET = (620, 877)


def add_papers() -> None:
    """Six files, invented like everything else; one list that a second person may agree to."""
    worker = User.objects.get(username="caseworker")
    cases = Case.objects.visible_to(worker, Level.NARRATIVE).open().select_related("data_key")
    for number, case in enumerate(cases.order_by("pk")[:6]):
        kind, label = PAPERS[number % len(PAPERS)]
        add_paper(case, kind, label, worker, number)
    request_list(
        purpose=Export.Purpose.SUPERVISION,
        filters={"view": "open", "risk": [Case.Risk.HIGH.value]},
        actor=worker,
    )


def add_paper(case: Case, kind: CaseFile.Kind, label: str, worker: User, number: int) -> None:
    key = case.data_key
    if key is None:
        return
    stored = put_away(_sheet(label, number), data_key=key, media=Media.PNG, actor=worker)
    stored.kind, stored.name = StoredFile.Kind.CASE, f"scan-{number + 1}.png"
    stored.save()
    row = CaseFile(
        case=case, data_key=key, stored_file=stored, kind=kind, label=label, added_by=worker
    )
    row.full_clean()
    row.save()


def _sheet(label: str, number: int) -> bytes:
    """A page with lines that say nothing."""
    page = Image.new("L", SHEET, 250)
    draw = ImageDraw.Draw(page)
    draw.text((60, 60), f"Demo {number + 1}: {label}", fill=20)
    for line in range(24):
        draw.line((60, 130 + line * 28, 560 - line % 5 * 40, 130 + line * 28), fill=150, width=3)
    target = io.BytesIO()
    page.save(target, "PNG")
    return target.getvalue()
