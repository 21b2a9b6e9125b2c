"""
A calendar of what is due, as a file that calendar programs subscribe to (RFC 5545).

Whole days only, nobody's name, and the same identifier for the same clock, so that a clock that was re-dated moves in
the calendar and one that was met leaves it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_OCTETS = 75  # of one line, without its end (RFC 5545, 3.1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in the calendar: what is due, on which day, where to read more."""

    key: str
    day: date
    summary: str
    description: str
    url: str


def calendar_text(entries: Iterable[Entry], *, name: str, made_at: datetime) -> str:
    """Return the calendar as the text of an .ics file: lines of at most 75 octets that end in CR LF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kinfold//What is due//EN", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]  # fmt: skip
    for entry in entries:
        lines += _event(entry, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(entry: Entry, made_at: datetime) -> list[str]:
    # the key holds ids of facts: what leaves is a digest of it
    uid = hashlib.blake2b(entry.key.encode(), digest_size=16).hexdigest()
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@kinfold",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(entry.summary)}",
        f"DESCRIPTION:{_escaped(entry.description)}",
        f"URL:{entry.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """Return text with what has a meaning in the format escaped (RFC 5545, 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, no character cut in two, each after the first begun by a space."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
