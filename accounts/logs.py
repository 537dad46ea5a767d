"""One line of JSON per log record: time, level, logger, message, request id; no client data."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

# Set per request by the middleware; empty in jobs and commands.
request_id: ContextVar[str] = ContextVar("request_id", default="")

OURS = {
    "accounts",
    "casework",
    "config",
    "directory",
    "outreach",
    "referrals",
    "reports",
    "screening",
    "vault",
}


class JsonFormatter(logging.Formatter):
    """Encodes each record on one line, so that no text can forge a second one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
            "request": request_id.get(),
        }
        if isinstance(record.args, dict) and self._is_ours(record):
            line.update(record.args)
        if record.exc_info:
            line["error"] = self._where(record)
        return json.dumps(line)

    def _message(self, record: logging.LogRecord) -> str:
        """Our own words whole; of others only the pattern: what fills it could be a path."""
        return record.getMessage() if self._is_ours(record) else str(record.msg)

    def _is_ours(self, record: logging.LogRecord) -> bool:
        return record.name.split(".")[0] in OURS

    def _where(self, record: logging.LogRecord) -> str:
        """Type and place of an error without its text, which could hold a client's data."""
        kind, _, trace = record.exc_info or (None, None, None)
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return f"{kind.__name__ if kind else 'error'} at {' < '.join(reversed(places))}"
