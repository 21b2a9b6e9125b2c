"""
From pairs to people: which rows of a file are one person.

Links are followed from the surest down. A link is not followed where it would put two rows in one cluster that
are known to be apart (a twin, or a mark that a person has made): one false link must not pull two families together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[int, int]


class Clusters:
    """Rows 0 to `size` - 1, each at first a cluster of its own."""

    def __init__(self, size: int) -> None:
        self.above = list(range(size))
        self.members: dict[int, list[int]] = {}
        self.apart: dict[int, set[int]] = {}

    def of(self, row: int) -> int:
        """Return the number of the cluster that `row` is in."""
        while self.above[row] != row:
            self.above[row] = self.above[self.above[row]]
            row = self.above[row]
        return row

    def keep_apart(self, one: int, two: int) -> None:
        """See to it that two rows never come into one cluster by a later link."""
        first, second = self.of(one), self.of(two)
        if first != second:
            self.apart.setdefault(first, set()).add(two)
            self.apart.setdefault(second, set()).add(one)

    def join(self, one: int, two: int) -> bool:
        """Put two rows' clusters together and return True, or False where some of their rows are to be kept apart."""
        first, second = self.of(one), self.of(two)
        if first == second:
            return True
        if self._are_apart(first, second):
            return False
        if len(self.rows(first)) < len(self.rows(second)):
            first, second = second, first
        self.members[first] = self.rows(first) + self.rows(second)
        self.members.pop(second, None)
        moved = self.apart.pop(second, None)
        if moved:
            self.apart.setdefault(first, set()).update(moved)
        self.above[second] = first
        return True

    def rows(self, cluster: int) -> list[int]:
        """Return the rows of a cluster."""
        return self.members.get(cluster, [cluster])

    def _are_apart(self, first: int, second: int) -> bool:
        away = self.apart.get(first)
        if away and any(self.of(row) == second for row in away):
            return True
        back = self.apart.get(second)
        return bool(back) and any(self.of(row) == first for row in back or ())

    def labels(self) -> list[int]:
        """Return for each row the smallest row of its cluster."""
        smallest: dict[int, int] = {}
        return [smallest.setdefault(self.of(row), row) for row in range(len(self.above))]


def clustered(
    size: int,
    links: Sequence[tuple[float, int, int]],
    *,
    apart: Iterable[Pair] = (),
    same: Iterable[Pair] = (),
    do_not_link: Iterable[Pair] = (),
) -> list[int]:
    """
    Return for each of `size` rows the smallest row of its cluster.

    `links` are (score, row, row) of pairs that seem to be one person, `apart` pairs that seem not to be. What people
    have marked goes before both: first `do_not_link`, which nothing overrides, then `same`.
    """
    clusters = Clusters(size)
    for one, two in do_not_link:
        clusters.keep_apart(one, two)
    for one, two in same:
        clusters.join(one, two)
    for one, two in apart:
        clusters.keep_apart(one, two)
    for _, one, two in sorted(links, key=lambda link: (-link[0], link[1], link[2])):
        clusters.join(one, two)
    return clusters.labels()
