"""Structured logs: one JSON object a line, with only the fields that are listed here."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from http import HTTPStatus

# Anything not listed is dropped, so that a careless `extra` cannot carry a name or a number of a person.
ALLOWED = ("route", "method", "status", "milliseconds", "trace", "load", "door", "rows", "job", "worker", "database",
           "holder", "seconds", "count")  # fmt: skip


def _answered(record: logging.LogRecord) -> dict[str, object]:
    """
    Return what Django's own line about a request says: the route and the status.

    Its words are in the arguments, "%s: %s", and one of those is the address: neither is written.
    """
    status = getattr(record, "status_code", None)
    if not isinstance(status, int):
        return {}
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    phrase = next((known.phrase for known in HTTPStatus if known == status), "")
    return {
        "message": f"a request was answered {status} {phrase}".strip(),
        "route": (match.view_name or match.route) if match else "none",
        "status": status,
    }


class JsonFormatter(logging.Formatter):
    """Write a record as JSON without its arguments; of an exception only its type and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line.update(_answered(record))
        line.update({name: getattr(record, name) for name in ALLOWED if hasattr(record, name)})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            frames = []
            while trace is not None:
                frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('kinfold/', 1)[-1]}:{trace.tb_lineno}")
                trace = trace.tb_next
            line["where"] = frames[-6:]
        return json.dumps(line, ensure_ascii=False)
