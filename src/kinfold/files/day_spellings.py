"""Dates as extracts and spreadsheets spell them, brought to one spelling before they are read strictly."""

from __future__ import annotations

import re

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_BRITISH = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: \d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?", re.ASCII)


def as_iso(text: str) -> str:
    """Return a date as 2026-03-31 where it is one in any spelling of the extracts (with a time, or dd/mm/yyyy)."""
    match = _ISO.fullmatch(text)
    if match:
        return match[1]
    match = _BRITISH.fullmatch(text)
    return f"{match[3]}-{match[2]}-{match[1]}" if match else text
