"""What would change between two versions of the agreements: who would be told more, and who less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kinfold.sharing.agreements import Mode, OrganisationSort, Purpose, RecordType
from kinfold.sharing.policy import CELLS, Opened, Policy, Steps


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be told, or no longer: `asker` is an organisation, or a sort of them."""

    holder: str
    asker: str
    mode: Mode
    record_type: RecordType
    purpose: Purpose
    allowed: bool


def changes(before: Policy, after: Policy, *, on: date) -> Iterator[Change]:
    """Yield every difference between two policies on one day, in order of holder and asker."""
    for holder in sorted({*before.holders, *after.holders}):
        old, new = before.holders.get(holder), after.holders.get(holder)
        for asker in _askers(old, new):
            was, is_ = _bits(old, before, asker, on), _bits(new, after, asker, on)
            for cell, bit in CELLS.items():
                if (was ^ is_) >> bit & 1:
                    yield Change(holder, str(asker), *cell, allowed=bool(is_ >> bit & 1))


def _askers(old: Opened | None, new: Opened | None) -> list[str | OrganisationSort]:
    named = {name for opened in (old, new) if opened for name in opened.named}
    return [*OrganisationSort, *sorted(named)]


def _bits(opened: Opened | None, policy: Policy, asker: str | OrganisationSort, on: date) -> int:
    if opened is None:
        return 0
    if isinstance(asker, OrganisationSort):
        return _on(opened.sorts[asker.place], on)
    if asker in opened.named:
        return _on(opened.named[asker], on)
    sort = policy.directory.get(asker)
    return _on(opened.sorts[sort.place], on) if sort else 0


def _on(steps: Steps, day: date) -> int:
    return steps.bits[sum(day >= one for one in steps.days)]
