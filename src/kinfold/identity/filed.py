"""
A register that changes from day to day, and is looked up in the same way: one record filed, moved or taken out.

`Filed` keeps nothing itself: a `Shelf` does, which may be a dictionary, or two tables in SQLite or PostgreSQL
(`block(key, row)` and the people). A person may be filed under several shapes, such as a former name or home; an
answer names the person once, by the shape that fits best.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from kinfold.identity.index import Shared, sharing_keys, worth_comparing
from kinfold.identity.keys import filed_under
from kinfold.identity.normalise import Particulars
from kinfold.identity.rarity import Rarity
from kinfold.identity.seen import Seen, seen


class Shelf(Protocol):
    """Where keys and people are kept. Rows are whole numbers; keys are 63 bits and fit a signed column."""

    def put(self, row: int, shapes: Sequence[Particulars], keys: Iterable[int]) -> None:
        """Keep a person's shapes and keys, in place of what was kept for the row before."""

    def take_out(self, row: int) -> None:
        """Keep nothing more of a row."""

    def rows_with(self, keys: Sequence[int]) -> Iterable[int]:
        """Return the row of each entry under any of `keys`: a row as often as it shares one."""

    def shapes(self, rows: Sequence[int]) -> Mapping[int, Sequence[Particulars]]:
        """Return the shapes of each row."""


class Filed:
    """A register over a shelf. `rarity` says how common names are; it may be counted anew from time to time."""

    def __init__(self, shelf: Shelf, rarity: Rarity) -> None:
        self.shelf = shelf
        self.rarity = rarity

    def file(self, row: int, *shapes: Particulars) -> None:
        """File a person, or file them anew: as they are now first, then as they were before."""
        keys = {key for shape in shapes for key in filed_under(shape)}
        self.shelf.put(row, shapes, sorted(keys))

    def take_out(self, row: int) -> None:
        """Take a person out of the register."""
        self.shelf.take_out(row)

    def rows_like(self, person: Particulars) -> list[int]:
        """Return the rows that share keys with `person` and are worth comparing."""
        return worth_comparing(person, sharing_keys(person, self._add))

    def _add(self, keys: set[int], shared: Shared) -> None:
        """Add to `shared` how many of these keys each row is filed under."""
        for row in self.shelf.rows_with(sorted(keys)):
            shared[row] = shared.get(row, 0) + 1

    def shapes(self, rows: Sequence[int]) -> list[Sequence[Seen]]:
        """Return each row's shapes as comparisons see them."""
        kept = self.shelf.shapes(rows)
        return [[seen(shape, self.rarity) for shape in kept[row]] for row in rows]


class InMemory:
    """A shelf of dictionaries: for tests, and for as many people as one file holds."""

    def __init__(self) -> None:
        self.blocks: dict[int, set[int]] = defaultdict(set)
        self.people: dict[int, tuple[tuple[Particulars, ...], tuple[int, ...]]] = {}

    def put(self, row: int, shapes: Sequence[Particulars], keys: Iterable[int]) -> None:
        """Keep a person's shapes and keys, in place of what was kept before."""
        self.take_out(row)
        kept = tuple(keys)
        self.people[row] = (tuple(shapes), kept)
        for key in kept:
            self.blocks[key].add(row)

    def take_out(self, row: int) -> None:
        """Keep nothing more of a row."""
        for key in self.people.pop(row, ((), ()))[1]:
            self.blocks[key].discard(row)
            if not self.blocks[key]:
                del self.blocks[key]

    def rows_with(self, keys: Sequence[int]) -> Iterable[int]:
        """Return the row of each entry under any of `keys`."""
        return [row for key in keys for row in self.blocks.get(key, ())]

    def shapes(self, rows: Sequence[int]) -> Mapping[int, Sequence[Particulars]]:
        """Return the shapes of each row."""
        return {row: self.people[row][0] for row in rows}
