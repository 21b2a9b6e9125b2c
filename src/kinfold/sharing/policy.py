"""
All agreements compiled to one policy that answers in a microsecond.

A question has 70 forms (mode, sort of record, purpose), so that what one organisation may know of another is one
number of 70 bits. Of each holder there is one such number for each sort of organisation, and one for each organisation
that a rule names; and a list of them where rules begin and end on certain days. Nothing in a policy changes once it is
made, and its digest says which agreements it was made from.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

from kinfold.sharing.agreements import (
    Agreement,
    Agreements,
    Directory,
    Mode,
    OrganisationSort,
    Purpose,
    RecordType,
    Request,
    Rule,
)

CELLS: dict[tuple[Mode, RecordType, Purpose], int] = {
    cell: bit for bit, cell in enumerate(product(Mode, RecordType, Purpose))
}
# The same numbers as sums of three places, as a decision works them out.
_A_TYPE = len(Purpose)
_A_MODE = len(RecordType) * _A_TYPE


@dataclass(frozen=True, slots=True)
class Steps:
    """Bits over time: `bits[n]` hold from `days[n - 1]` until the day before `days[n]`."""

    days: tuple[date, ...]
    bits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """What one holder lets others know: by organisation where one is named, by the place of their sort for all others."""

    named: Mapping[str, Steps]
    sorts: tuple[Steps, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The agreements, compiled. `digest` is of the agreements and the directory it was made from."""

    holders: Mapping[str, Opened]
    directory: Directory
    digest: str

    def allows(self, request: Request) -> bool:
        """Return whether a request is allowed; whatever is not known is not."""
        opened = self.holders.get(request.holder)
        if opened is None:
            return False
        steps = opened.named.get(request.asker)
        if steps is None:
            sort = self.directory.get(request.asker)
            if sort is None:
                return False
            steps = opened.sorts[sort.place]
        days = steps.days
        bits = steps.bits[bisect_right(days, request.on) if days else 0]
        cell = request.mode.place * _A_MODE + request.record_type.place * _A_TYPE + request.purpose.place
        return bits >> cell & 1 == 1


def compiled(agreements: Agreements, directory: Directory) -> Policy:
    """Return the policy of these agreements among these organisations."""
    holders = {
        holder: _opened(agreement, directory) for holder, agreement in agreements.items() if not agreement.revoked
    }
    return Policy(holders, dict(directory), digest_of(agreements, directory))


def digest_of(agreements: Agreements, directory: Directory) -> str:
    """Return a digest that is the same for the same agreements and directory, in whatever order they come."""
    said = "\n".join(
        [*(f"{name} {sort}" for name, sort in sorted(directory.items())), *map(_plain, sorted(agreements.items()))]
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(item: tuple[str, Agreement]) -> str:
    holder, agreement = item
    lines = [f"{holder} {agreement.version} {agreement.revoked}"]
    for part, rules in (("default", agreement.defaults), ("exception", agreement.exceptions)):
        for rule in rules:
            sets = (rule.modes, rule.record_types, rule.purposes, rule.sorts, rule.organisations)
            lines.append(
                f"{part} {rule.allows} {[sorted(one) for one in sets]} {rule.since} {rule.until} {rule.reason!r}"
            )
    return "\n".join(lines)


Laid = list[tuple[Rule, int]]


def _opened(agreement: Agreement, directory: Directory) -> Opened:
    named = {name for rule in (*agreement.defaults, *agreement.exceptions) for name in rule.organisations}
    return _opened_among(agreement, tuple((name, directory[name]) for name in sorted(named) if name in directory))


# One change among thousands of agreements compiles one of them again: the others are as they were.
@lru_cache(maxsize=8_192)
def _opened_among(agreement: Agreement, named: tuple[tuple[str, OrganisationSort], ...]) -> Opened:
    laid = [(rule, _cells(rule)) for rule in _from_weakest(agreement)]
    return Opened(
        {name: _steps(laid, name, sort) for name, sort in named},
        tuple(_steps(laid, "", sort) for sort in OrganisationSort),
    )


def _steps(laid: Laid, asker: str, sort: OrganisationSort) -> Steps:
    theirs = [(rule, cells) for rule, cells in laid if _speaks_of(rule, asker, sort)]
    days = sorted({day for rule, _ in theirs for day in (rule.since, rule.until) if day is not None})
    return Steps(tuple(days), tuple(_bits(theirs, day) for day in (date.min, *days)))


def _speaks_of(rule: Rule, asker: str, sort: OrganisationSort) -> bool:
    return asker in rule.organisations if rule.organisations else sort in rule.sorts


def _bits(theirs: Laid, day: date) -> int:
    """Return the bits of one asker on one day: weaker rules laid down first, stronger ones over them."""
    bits = 0
    for rule, cells in theirs:
        if rule.holds_on(day):
            bits = bits | cells if rule.allows else bits & ~cells
    return bits


def _from_weakest(agreement: Agreement) -> Iterator[Rule]:
    """Yield rules so that each beats those before it: the first default beats the later ones, exceptions all of them."""
    yield from reversed(agreement.defaults)
    yield from sorted(agreement.exceptions, key=lambda rule: (bool(rule.organisations), not rule.allows))


def _cells(rule: Rule) -> int:
    return sum(1 << CELLS[cell] for cell in product(rule.modes, rule.record_types, rule.purposes))
