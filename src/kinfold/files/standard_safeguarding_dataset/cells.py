"""Reading the dataset's cells: dates in several spellings, lists and addresses held as JSON, database blanks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_BLANKS = frozenset({"null", "(null)", "nan", "nat"})  # what extracts write where the database has nothing
_FLAG = re.compile(r"^(?:OUTCOME_)?(.+?)(?:_FLAG)?$")
_BETWEEN_CODES = re.compile(r"[\s,;|]+")
_LINES = (
    ("ROOM", "FLAT", "FLOOR"), ("BUILDING",), ("HOUSE", "STREET"), ("LOCALITY",), ("TOWN",), ("COUNTY",),
)  # fmt: skip


def without_blank(text: str) -> str:
    """Return the cell's text, "" where the extract wrote a database's blank."""
    return "" if text.lower() in _BLANKS else text


def codes_in(text: str) -> list[str]:
    """Return the codes of a list: a JSON list, a JSON object's keys that hold, or codes with commas between."""
    value = _json(text)
    if isinstance(value, list):
        return [str(item).strip() for item in value if item not in (None, "")]
    if isinstance(value, dict):
        return [
            name
            for name, said in value.items()
            if str(said).strip().lower() not in ("", "n", "no", "0", "false", "none")
        ]
    return [code for code in _BETWEEN_CODES.split(text.strip("[]{} ").replace('"', "").replace("'", "")) if code]


def outcomes_in(text: str) -> list[str]:
    """
    Return what a cell of outcomes says in words: of a JSON object of flags those that hold, else the text itself.

    `{"OUTCOME_STRATEGY_DISCUSSION_FLAG": "Y", "OUTCOME_NFA_FLAG": "N"}` says "strategy discussion".
    """
    if not isinstance(_json(text), dict):
        return [text]
    return [_FLAG.sub(r"\1", name.strip().upper()).replace("_", " ").lower() for name in codes_in(text)]


class Address(NamedTuple):
    """An address as it is kept: its lines one under another, and its property number."""

    lines: str
    uprn: str | None


def address_in(text: str) -> Address:
    """Return an address from its JSON object; text that is none is taken as the lines themselves."""
    value = _json(text)
    if not isinstance(value, Mapping):
        return Address(text, None)
    parts = {str(name).upper(): " ".join(str(part).split()) for name, part in value.items() if part not in (None, "")}
    lines = [" ".join(parts[name] for name in names if name in parts) for names in _LINES]
    uprn = parts.get("UPRN", "")
    known = uprn if uprn.isascii() and uprn.isdigit() and len(uprn) <= 12 else None
    return Address("\n".join(line for line in lines if line), known)


def _json(text: str) -> Any:
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
