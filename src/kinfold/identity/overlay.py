"""
What has changed since a register was laid down, laid over it: look-ups answer as if the register were written anew.

Whoever changed is filed beside the register, and their row in it is passed over; whoever is gone is passed over alone. How
common names are stays as it was when the register was laid down: a day's changes make no difference to that.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kinfold.identity.filed import Filed, InMemory
from kinfold.identity.index import Register
from kinfold.identity.normalise import Particulars, particulars
from kinfold.identity.rarity import Rarity
from kinfold.identity.seen import Seen
from kinfold.identity.snapshot import Ids, Snapshot


class Overlay:
    """
    A register with changes over it. Rows are those of the register; who is new has a row of their own after its last.
    """

    def __init__(self, register: Register) -> None:
        self.register = register
        self.changed = Filed(InMemory(), register.rarity)
        self._passed_over: set[int] = set()
        self._next = len(register)

    @property
    def rarity(self) -> Rarity:
        """Return how common names are in the register."""
        return self.register.rarity

    def __len__(self) -> int:
        return self._next

    def file(self, row: int | None, *shapes: Particulars) -> int:
        """File a person as they are now, in place of a row or, where that is None, as somebody new; return their row."""
        if row is None:
            row, self._next = self._next, self._next + 1
        elif row < len(self.register):
            self._passed_over.add(row)
        self.changed.file(row, *shapes)
        return row

    def take_out(self, row: int) -> None:
        """Take a person out: nobody finds them any more."""
        self._passed_over.add(row)
        self.changed.take_out(row)

    def rows_like(self, person: Particulars) -> list[int]:
        """Return the rows of the people who could be `person`."""
        unchanged = [row for row in self.register.rows_like(person) if row not in self._passed_over]
        return unchanged + self.changed.rows_like(person)

    def shapes(self, rows: Sequence[int]) -> list[Sequence[Seen]]:
        """Return each row's person as comparisons see them, in the order of `rows`."""
        unchanged = [row for row in rows if row < len(self.register) and row not in self._passed_over]
        kept = dict(zip(unchanged, self.register.shapes(unchanged), strict=True))
        others = [row for row in rows if row not in kept]
        kept |= zip(others, self.changed.shapes(others), strict=True)
        return [kept[row] for row in rows]


def laid_over(snapshot: Snapshot, changes: pl.DataFrame) -> tuple[Overlay, Ids]:
    """
    Return a snapshot with changes over it, and the number of each row.

    `changes` has the columns of `kinfold match`. Who has the `unique_id` of somebody in the snapshot takes their place; a
    row that says nothing of anybody takes them out; the last row of one `unique_id` counts.
    """
    overlay, ids = Overlay(snapshot.register), Ids(snapshot.ids.known)
    changed = changes.unique("unique_id", keep="last", maintain_order=True)
    rows = snapshot.ids.known.is_in(changed["unique_id"].implode()).arg_true().to_list()
    row_of = {snapshot.ids[row]: row for row in rows}
    for values in changed.iter_rows(named=True):
        person, row = particulars(values), row_of.get(values["unique_id"])
        if not person.says_nothing:
            overlay.file(row, person)
            ids.new += [values["unique_id"]] if row is None else []
        elif row is not None:
            overlay.take_out(row)
    return overlay, ids
