"""
The journal of a case: its lines in order, each sealed together with all before it, so that none is changed unseen.

Evidence is a line like any other, so the log of evidence is as whole as the journal. What a case has come to is worked out
from its lines and kept nowhere else. The last seal is also kept in the audit chain: a journal cut short is found by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kinfold.access.things import day_of
from kinfold.terms.errors import InputError

OPENED, MOVE, PROPOSAL, AGREED, DECLINED, EVIDENCE = "opened", "move", "proposal", "agreed", "declined", "evidence"


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of a journal: what was done (`sort`, with what was `said`), by whom, when and why.

    `content_sha256` is the hash of a file that came with it, empty without one. `seal` holds the line and `before`, the
    seal of the line before it.
    """

    number: int
    sort: str
    said: Mapping[str, Any]
    by: str
    name: str
    at: datetime
    reasons: str = ""
    content_sha256: str = ""
    before: str = ""
    seal: str = ""

    @property
    def day(self) -> date:
        """Return the day in England on which the line was written."""
        return day_of(self.at)


def appended(
    journal: Sequence[Line], *, sort: str, said: Mapping[str, Any], by: str, name: str, at: datetime,
    reasons: str = "", content: bytes | None = None,
) -> Line:  # fmt: skip
    """Return the next line of a journal, sealed. Raises InputError for one without a person or without a time zone."""
    if not by.strip() or not name.strip():
        raise InputError("A line of a case needs who wrote it.")
    if at.tzinfo is None:
        raise InputError("The time of a line needs a time zone.")
    digest = hashlib.sha256(content).hexdigest() if content is not None else ""
    before = journal[-1].seal if journal else ""
    line = Line(len(journal) + 1, sort, dict(said), by, name, at, reasons.strip(), digest, before)
    return replace(line, seal=seal_of(line))


def seal_of(line: Line) -> str:
    """Return the hash over everything a line says and the seal of the line before it."""
    told = [line.number, line.sort, dict(line.said), line.by, line.name, line.at.timestamp(), line.reasons,
            line.content_sha256, line.before]  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def broken_at(journal: Sequence[Line]) -> int | None:
    """Return the number of the first line that does not fit its journal, None for a whole one."""
    before = ""
    for place, line in enumerate(journal, start=1):
        if line.number != place or line.before != before or seal_of(line) != line.seal:
            return place
        before = line.seal
    return None


def disclosure(journal: Iterable[Line]) -> Mapping[str, list[Mapping[str, Any]]]:
    """Return the schedule of used and unused material: each item of evidence by the number of its line."""
    rows: dict[str, list[Mapping[str, Any]]] = {"used": [], "unused": []}
    for line in journal:
        if line.sort == EVIDENCE:
            rows["used" if line.said.get("used", True) else "unused"].append(
                {
                    "exhibit": line.number, "what": line.said["what"], "power": line.said["power"],
                    "obtained_on": line.said["obtained_on"], "obtained_by": line.name,
                    "file": line.said.get("file_name", ""), "sha256": line.content_sha256, "seal": line.seal,
                }
            )  # fmt: skip
    return rows


def day_said(line: Line, name: str = "on") -> date:
    """Return a day that a line says, the day on which it was written where it says none."""
    said = line.said.get(name)
    return date.fromisoformat(said) if said else line.day


def needed(line: Line, *names: str) -> None:
    """Raise InputError, naming the first, where a line lacks something that its sort must say."""
    for name in names:
        if line.said.get(name) in (None, "", [], ()):
            raise InputError(f"Say {name.replace('_', ' ')}.")


def check_evidence(line: Line) -> None:
    """Raise InputError for an item of evidence that does not say what it is, under which power and when it was obtained."""
    needed(line, "what", "power", "obtained_on")
    if date.fromisoformat(line.said["obtained_on"]) > line.day:
        raise InputError("The day the evidence was obtained must be today or in the past.")


def check_cited(journal: Sequence[Line], numbers: Iterable[int]) -> None:
    """Raise InputError where a line cites an exhibit that is no item of evidence of its case."""
    exhibits = {one.number for one in journal if one.sort == EVIDENCE}
    unknown = sorted(set(numbers) - exhibits)
    if unknown:
        raise InputError(f"There is no exhibit {unknown[0]} in this case. Add the evidence first, then cite it.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for a second officer: the line that made it."""

    line: Line

    @property
    def to(self) -> str:
        """Return the state that is proposed."""
        return str(self.line.said["to"])


def answered(waiting: Waiting | None, line: Line) -> Line:
    """
    Return the proposal that a second officer's line answers.

    Raises InputError where nothing waits, it answers another proposal, or the same officer would agree to their own.
    """
    if waiting is None or line.said.get("of") != waiting.line.number:
        raise InputError("There is no proposal here that waits for a second officer.")
    if line.by == waiting.line.by:
        raise InputError("A second officer must answer this: nobody agrees to their own proposal.")
    if line.sort == DECLINED and not line.reasons:
        raise InputError("Write why you do not agree.")
    return waiting.line
