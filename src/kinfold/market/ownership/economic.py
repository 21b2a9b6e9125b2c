"""
Who has what economic interest in whom, through any chain, any circle, and bands instead of figures.

With A[i, j] the share of j that i holds, an owner outside every circle has A (I - A)^-1 of everything below it. One
entity is asked about at a time: its share is followed upwards, circle by circle, each circle solved by itself. Bands
are carried as two figures: as every entry of (I - A)^-1 grows with every entry of A, the lowest shares give
the lowest interest and the highest the highest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinfold.market.ownership.graph import Graph, Numbers, Places, knots, pairs_of_shares

_CLOSED = 1 - 1e-9
# A circle larger than this is solved by going round it until nothing changes, not as one dense table.
_DENSE = 600
_ROUNDS = 20_000


@dataclass(frozen=True, slots=True)
class Share:
    """An ultimate owner's interest: from `low` to `high`, as fractions of 1."""

    owner: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Interests:
    """
    Who ultimately has an entity. `owners` are those whom nobody owns, the largest first.

    `unknown` is how much nobody known here has: (at least, at most). `circular` where a circle lies above it; `closed`
    where a circle lies above it that nobody outside has any part of: a chain that ends in itself.
    """

    owners: tuple[Share, ...]
    unknown: tuple[float, float]
    circular: bool
    closed: bool


@dataclass(slots=True)
class Economic:
    """Shares made ready to be asked about: pairs in order of what is owned, and which entities lie in a circle together."""

    graph: Graph
    starts: list[int]
    owner: Places
    low: Numbers
    high: Numbers
    component: list[int]
    groups: list[list[int]]
    # the same as plain lists: most entities have a handful of owners, for which arrays are slower
    owners: list[int]
    lows: list[float]
    highs: list[float]

    def of(self, uid: str) -> Interests:
        """Return the ultimate owners of an entity."""
        target = self.graph.place[uid]
        above = self._above(target)
        low, high = {target: 1.0}, {target: 1.0}
        circular = closed = False
        # a component's number is greater than those of its owners: each is done when all that it owns is done
        for number in sorted({self.component[node] for node in above}, reverse=True):
            group = self.groups[number]
            if len(group) > 1:
                circular = True
                closed |= self._solve_circle(group, low, high)
            else:
                self._pass_on(group[0], low, high)
        ends = [node for node in above if self.starts[node] == self.starts[node + 1] and node != target]
        shares = [Share(self.graph.entities[node].uid, min(low[node], 1.0), min(high[node], 1.0)) for node in ends]
        shares.sort(key=lambda one: (-one.high, -one.low, one.owner))
        least = max(0.0, 1 - sum(one.high for one in shares))
        most = max(0.0, 1 - sum(one.low for one in shares))
        return Interests(tuple(shares), (least, most), circular, closed)

    def _above(self, target: int) -> set[int]:
        found, waiting = {target}, [target]
        owners, starts = self.owners, self.starts
        while waiting:
            node = waiting.pop()
            for one in owners[starts[node] : starts[node + 1]]:
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def _pass_on(self, node: int, low: dict[int, float], high: dict[int, float]) -> None:
        least, most = low[node], high[node]
        for row in range(self.starts[node], self.starts[node + 1]):
            one = self.owners[row]
            low[one] = low.get(one, 0.0) + least * self.lows[row]
            high[one] = high.get(one, 0.0) + most * self.highs[row]

    def _solve_circle(self, group: list[int], low: dict[int, float], high: dict[int, float]) -> bool:
        """Pass a circle's share on to its owners outside; return whether it has none."""
        position = {node: number for number, node in enumerate(group)}
        owned = np.concatenate([np.full(self.starts[node + 1] - self.starts[node], position[node]) for node in group])
        rows = np.concatenate([np.arange(self.starts[node], self.starts[node + 1]) for node in group])
        holder = np.array([position.get(one, -1) for one in self.owner[rows].tolist()])
        inner = holder >= 0
        for held, share in ((low, self.low[rows]), (high, self.high[rows])):
            start = np.array([held.get(node, 0.0) for node in group])
            through = _round_the_circle(holder[inner], owned[inner], share[inner], start)
            held.update(zip(group, through.tolist(), strict=True))
            outwards = np.minimum(through[owned[~inner]], 1e6) * share[~inner]
            for one, part in zip(self.owner[rows[~inner]].tolist(), outwards.tolist(), strict=True):
                held[one] = min(held.get(one, 0.0) + part, 1.0)
        return not bool((~inner).any())


def economic_interests(graph: Graph) -> Economic:
    """Return the graph's economic shares, ready to be asked about one entity after another."""
    owner, subject, low, high = pairs_of_shares(graph)
    component, groups = knots(graph.size, owner, subject)
    order = np.argsort(subject, kind="stable")
    starts = np.searchsorted(subject[order], np.arange(graph.size + 1)).tolist()
    owner, low, high = owner[order], low[order], high[order]
    lists = (owner.tolist(), low.tolist(), high.tolist())
    return Economic(graph, starts, owner, low, high, component.tolist(), groups, *lists)


def _round_the_circle(holder: Places, owned: Places, share: Numbers, start: Numbers) -> Numbers:
    """
    Return the share that passes through each member of a circle: x = start + B x.

    Where a circle may own all of itself the sum has no end; it is cut where every outside owner is at the most anyway.
    """
    size = len(start)
    if size <= _DENSE:
        inside = np.zeros((size, size))
        np.add.at(inside, (holder, owned), share)
        if max(abs(np.linalg.eigvals(inside))) < _CLOSED:
            return np.asarray(np.linalg.solve(np.eye(size) - inside, start), dtype=np.float64)
    through = start.copy()
    for _ in range(_ROUNDS):
        following = start + np.bincount(holder, share * through[owned], minlength=size)
        if np.abs(following - through).max() < 1e-13 or following.max() > 1e9:
            return np.asarray(following)
        through = following
    return through
