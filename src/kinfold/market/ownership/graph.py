"""
Who holds what in whom: entities, people and the interests between them, each with its dates and source.

Three questions are asked of it separately, and never one "owner": who controls (`control.py`), who has what economic
interest (`economic.py`), who is registered as a person with significant control (`companies_house.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

# What an interest gives: a share of the value, votes, the board, influence by contract or articles, votes by agreement.
KINDS = ("shares", "votes", "board", "influence", "agreement", "other")


@dataclass(frozen=True, slots=True)
class Entity:
    """
    A company, trust, fund, charity, state body or person.

    `sort` is entity, person, arrangement (a trust or fund), state, anonymous or unknown. `numbers` are (scheme, number)
    as in ("GB-COH", "01234567"). `country` is a two-letter code, None where it is not known. `tax_residence` is what has
    been declared.
    """

    uid: str
    name: str | None = None
    sort: str = "entity"
    country: str | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    form: str | None = None
    status: str | None = None
    tax_residence: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """
    One interest of `owner` in `subject`, from `start` up to, not on, `end`.

    `low` and `high` are the share as fractions of 1: equal where it is exact, apart where only a band is published, and
    0 and 1 where nothing is.
    """

    owner: str
    subject: str
    kind: str
    low: float = 0.0
    high: float = 1.0
    start: date | None = None
    end: date | None = None
    source: str = ""
    statement: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether the interest is held on `day`; one without dates is taken to hold."""
        return held_on(self.start, self.end, day)


def held_on(start: date | None, end: date | None, day: date) -> bool:
    """Return whether what is said from `start` up to, not on, `end` holds on `day`; without dates it is taken to."""
    return (start is None or start <= day) and (end is None or day < end)


@dataclass(slots=True)
class Graph:
    """Entities and the interests that hold on one day, as arrays: `owner[k]` holds `low[k]` to `high[k]` of `subject[k]`."""

    entities: Sequence[Entity]
    place: Mapping[str, int]
    owner: Places
    subject: Places
    kind: Places
    low: Numbers
    high: Numbers
    interests: Sequence[Interest]
    day: date
    problems: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return how many entities there are."""
        return len(self.entities)

    def of_kind(self, *kinds: str) -> npt.NDArray[np.bool_]:
        """Return which interests are of these kinds."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])


def graph_on(entities: Iterable[Entity], interests: Iterable[Interest], day: date) -> Graph:
    """
    Return the graph of what is held on `day`.

    An owner or subject that nobody has described becomes an unknown entity; shares outside 0 to 1 are cut to it, and
    claims on one company that come to more than the whole are said. Nothing is thrown away silently: see `problems`.
    """
    known = {one.uid: one for one in entities}
    held = [one for one in interests if one.holds_on(day)]
    problems = []
    for one in held:
        for uid in (one.owner, one.subject):
            if uid not in known:
                known[uid] = Entity(uid, sort="unknown", source=one.source)
                problems.append(f"{uid} is named by an interest and described nowhere")
    everyone = list(known.values())
    place = {one.uid: number for number, one in enumerate(everyone)}
    low = np.clip(np.array([one.low for one in held], dtype=np.float64), 0, 1)
    graph = Graph(
        everyone,
        place,
        np.array([place[one.owner] for one in held], dtype=np.int64),
        np.array([place[one.subject] for one in held], dtype=np.int64),
        np.array([KINDS.index(one.kind) for one in held], dtype=np.int64),
        low,
        np.maximum(low, np.clip(np.array([one.high for one in held], dtype=np.float64), 0, 1)),
        held,
        day,
        problems,
    )
    _say_overclaimed(graph)
    return graph


def _say_overclaimed(graph: Graph) -> None:
    for kind in ("shares", "votes"):
        chosen = graph.of_kind(kind)
        sums = np.bincount(graph.subject[chosen], graph.low[chosen], minlength=graph.size)
        for number in np.flatnonzero(sums > 1 + 1e-9):
            one = graph.entities[int(number)]
            graph.problems.append(f"{one.name or one.uid}: owners claim at least {sums[number]:.0%} of its {kind}")


def pairs_of_shares(graph: Graph) -> tuple[Places, Places, Numbers, Numbers]:
    """
    Return (owner, subject, low, high) of economic shares, one row per pair, tightened by what is left for others.

    No owner can hold more than 1 less what the others hold at least; a company's holding in itself has no value
    of its own and is left out.
    """
    chosen = graph.of_kind("shares") & (graph.owner != graph.subject)
    key = graph.owner[chosen] * graph.size + graph.subject[chosen]
    pairs, position = np.unique(key, return_inverse=True)
    low = np.minimum(np.bincount(position, graph.low[chosen], minlength=len(pairs)), 1)
    high = np.minimum(np.bincount(position, graph.high[chosen], minlength=len(pairs)), 1)
    owner, subject = pairs // max(graph.size, 1), pairs % max(graph.size, 1)
    sums = np.bincount(subject, low, minlength=graph.size)
    # claims of more than the whole are scaled down together: the excess is said in `problems`
    low = low / np.maximum(sums[subject], 1)
    sums = np.bincount(subject, low, minlength=graph.size)
    high = np.maximum(low, np.minimum(high, 1 - (sums[subject] - low)))
    return owner, subject, low, high


def knots(size: int, owner: Places, subject: Places) -> tuple[Places, list[list[int]]]:
    """
    Return (component of each entity, the components in an order where owners come before what they own).

    Entities that own one another in a circle share a component. Tarjan's algorithm, without recursion.
    """
    order = np.argsort(owner, kind="stable")
    targets, starts = subject[order].tolist(), np.searchsorted(owner[order], np.arange(size + 1)).tolist()
    index, low, on_stack, component = [-1] * size, [0] * size, [False] * size, [-1] * size
    stack: list[int] = []
    groups: list[list[int]] = []
    count = 0
    for root in range(size):
        if index[root] >= 0:
            continue
        work = [(root, starts[root])]
        index[root] = low[root] = count
        count += 1
        stack.append(root)
        on_stack[root] = True
        while work:
            node, edge = work[-1]
            if edge < starts[node + 1]:
                work[-1] = (node, edge + 1)
                other = targets[edge]
                if index[other] < 0:
                    index[other] = low[other] = count
                    count += 1
                    stack.append(other)
                    on_stack[other] = True
                    work.append((other, starts[other]))
                elif on_stack[other]:
                    low[node] = min(low[node], index[other])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                group = []
                while True:
                    member = stack.pop()
                    on_stack[member] = False
                    component[member] = len(groups)
                    group.append(member)
                    if member == node:
                        break
                groups.append(group)
    groups.reverse()
    numbers = np.array(component, dtype=np.int64)
    return (len(groups) - 1 - numbers if size else numbers), groups
