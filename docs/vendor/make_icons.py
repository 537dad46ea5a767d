#!/usr/bin/env python3
"""Build the icon sprite from the names in icons.txt.

    python3 make_icons.py <folder with one svg per icon> <sprite to write>

Each icon becomes <symbol id="i-NAME">. Stroke and fill come from the class "icon"
(static/css/controls.css), so the sprite holds shapes only.
"""

import re
import sys
from pathlib import Path

PLATE = '<path stroke="none" d="M0 0h24v24H0z" fill="none"/>'  # empty, in every icon


def symbol(name: str, svg: str) -> str:
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    shapes = svg[svg.index(">", svg.index("<svg")) + 1 : svg.index("</svg>")]
    shapes = re.sub(r"\s*\n\s*", "", shapes).replace(PLATE, "")
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main(source: Path, target: Path) -> int:
    names = Path(__file__).with_name("icons.txt").read_text().split()
    missing = [name for name in names if not (source / f"{name}.svg").exists()]
    if missing:
        sys.stderr.write(f"Not in the icon package: {', '.join(missing)}\n")
        return 1
    symbols = [symbol(name, (source / f"{name}.svg").read_text()) for name in names]
    body = "\n".join(symbols)
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n')
    sys.stdout.write(f"{len(names)} icons, {target.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
