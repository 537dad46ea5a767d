"""The published rule and the bands as examples: what was ticked, and what must come out."""

import json
from pathlib import Path

from screening.instrument_files import FOLDER, read_instrument

THB = read_instrument(FOLDER / "thb.json")
VECTORS = json.loads((Path(__file__).parent / "vectors_thb.json").read_text(encoding="utf-8"))
NAMES = [vector["name"] for vector in VECTORS]
