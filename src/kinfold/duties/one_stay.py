"""
One stay in one place, however many rows a source wrote about it.

Where only the legal status changed, some sources begin a new row of the placement with the reason L ("change of legal
status only", SSDA903 guide, reason for new episode). The child did not move: nothing that a placement starts (the first
visit, the plan, the health assessment, the notices) starts again, and what is counted from its first day goes on. The
return's own door joins such rows as it reads them; the daily feed keeps each row under an identifier of its own, so
here they are joined as they are read. Whoever shows the record still sees every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinfold.duties.story import Fact

LEGAL_STATUS_ONLY = "L"
NEXT_EPISODE = "X1"  # the row ended and another follows: its last day may be told as the day before
# What says that it is the same place, where both rows say it. `urn` stands in the envelope as well.
_PLACE = ("placement_type", "placement_provider", "urn", "postcode")
# What only the end of a stay tells: it is the last row's.
_OF_THE_END = ("end_reason", "change_reason")


def one_stay_each(placements: Sequence[Fact]) -> list[Fact]:
    """
    Return the placements, in order of their first days, each with the rows that only a new legal status began.

    A stay has the identity, the first day and the content of its first row, the last day of its last, and where the
    first row leaves out the place, the next that names it. A row with reason L that does not follow, or that names another
    place, is left as it stands. Neither facts nor list are changed.
    """
    found: list[Fact] = []
    for fact in placements:
        if found and fact.payload.get("start_reason") == LEGAL_STATUS_ONLY and _goes_on(found[-1], fact):
            found[-1] = _joined(found[-1], fact)
        else:
            found.append(fact)
    return found


def _goes_on(before: Fact, fact: Fact) -> bool:
    """Return whether a row begins while the one before holds or on the day it ended, in the same place."""
    start, end = fact.valid_from, before.valid_to
    if start is None or before.valid_from is None or start == before.valid_from:
        return False
    if end is not None and before.payload.get("end_reason") == NEXT_EPISODE:
        end += timedelta(days=1)
    return (end is None or start <= end) and not any(_differs(name, before, fact) for name in _PLACE)


def _differs(name: str, before: Fact, fact: Fact) -> bool:
    first, second = before.payload.get(name), fact.payload.get(name)
    return bool(first) and bool(second) and first != second


def _joined(before: Fact, fact: Fact) -> Fact:
    said = dict(before.payload)
    for name in _PLACE:
        if said.get(name) is None and fact.payload.get(name) is not None:
            said[name] = fact.payload[name]
    for name in _OF_THE_END:
        said.pop(name, None)
        if fact.payload.get(name) is not None:
            said[name] = fact.payload[name]
    joined: Fact = _changed(before, valid_to=_later(before.valid_to, fact.valid_to), payload=said)
    return joined


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)


def _changed(fact: Any, *, valid_to: date | None, payload: Mapping[str, Any]) -> Any:
    """Return a version with another last day and content: a named tuple where it is read in bulk, else a dataclass."""
    if isinstance(fact, tuple):
        return fact._replace(valid_to=valid_to, payload=payload)  # type: ignore[attr-defined]
    return replace(fact, valid_to=valid_to, payload=payload)
