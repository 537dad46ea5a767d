"""Where the design lives, read as text: style sheets, pages, the sprite."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
MODULES = sorted((ROOT / "static/js").glob("*.js"))
PAGES = sorted((ROOT / "templates").rglob("*.html"))
TOKENS = ROOT / "static/css/tokens.css"
SPRITE = ROOT / "static/vendor/icons/icons.svg"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rules(path: Path) -> str:
    """A sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def sprite_icons() -> set[str]:
    return set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', SPRITE.read_text()))


def themes() -> dict[str, dict[str, str]]:
    """{theme: {token: colour}}; what a theme does not say, it takes from light."""
    blocks = {
        "light": re.search(r":root \{(.*?)\n\}", rules(TOKENS), re.DOTALL),
        **{
            theme: re.search(rf'data-theme="{theme}"\] \{{(.*?)\n\}}', rules(TOKENS), re.DOTALL)
            for theme in ("dark", "dim")
        },
    }
    told = {
        theme: dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b", block[1]))
        for theme, block in blocks.items()
        if block
    }
    return {theme: told["light"] | colours for theme, colours in told.items()}
