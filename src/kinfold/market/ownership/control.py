"""
Who controls whom: the tests of the Companies Act 2006, s.1162, over everything a person's subsidiaries hold too.

A parent undertaking (a) holds a majority of the votes, or (b) is a member that may appoint or remove a majority of
the board, or (c) has dominant influence by the articles or a contract, or (d) is a member that controls a majority of
the votes by agreement. Rights held by a subsidiary are the parent's. What a majority is, and the words of the tests, stand in the
policy pack. A person with 25 per cent is registered as having significant control and is no parent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kinfold.market.ownership.graph import KINDS, Graph, Numbers, Places
from kinfold.market.policy import JURISDICTION, Pack, pack


@dataclass(frozen=True, slots=True)
class Controlled:
    """An entity that somebody controls: by which tests of s.1162, and whether for certain or possibly (bands)."""

    uid: str
    tests: tuple[str, ...]
    certain: bool


def tests_of_control(policy: Pack) -> dict[str, str]:
    """Return the tests of s.1162 in words, by their letters."""
    return {letter: str(one.on(policy.day)) for letter, one in policy.beginning_with("control_test_").items()}


def _majority(graph: Graph) -> float:
    """Return the share of the votes above which somebody controls a company on the graph's day."""
    return float(pack(JURISDICTION, graph.day)["control_majority"])


def _votes(graph: Graph) -> npt.NDArray[np.bool_]:
    """Return which interests count as votes: votes where any are published of a company, else its shares."""
    votes, shares = graph.of_kind("votes"), graph.of_kind("shares")
    has_votes = np.zeros(graph.size, dtype=bool)
    has_votes[graph.subject[votes]] = True
    return votes | (shares & ~has_votes[graph.subject])


def control_set(graph: Graph, root: str, *, possibly: bool = False) -> list[Controlled]:
    """
    Return what `root` controls, itself left out, in the order in which it is reached.

    With `possibly`, bands are taken at their highest: what it may control. Asking again from the whole set adds nothing.
    """
    if root not in graph.place:
        return []
    return _closure(graph, {graph.place[root]}, possibly=possibly)


def _closure(graph: Graph, start: Collection[int], *, possibly: bool) -> list[Controlled]:
    share = graph.high if possibly else graph.low
    votes = _votes(graph)
    inside = np.zeros(graph.size, dtype=bool)
    inside[list(start)] = True
    found: list[Controlled] = []
    while True:
        ours = inside[graph.owner] & ~inside[graph.subject]
        reached = _tests_met(graph, ours, votes, share)
        if not reached:
            return found
        for place in sorted(reached):
            inside[place] = True
            found.append(Controlled(graph.entities[place].uid, tuple(sorted(reached[place])), not possibly))


def _tests_met(
    graph: Graph, ours: npt.NDArray[np.bool_], votes: npt.NDArray[np.bool_], share: Numbers
) -> dict[int, set[str]]:
    met: dict[int, set[str]] = {}
    held = ours & votes
    sums = np.bincount(graph.subject[held], share[held], minlength=graph.size)
    for place in np.flatnonzero(sums > _majority(graph)).tolist():
        met.setdefault(place, set()).add("a")
    members = set(graph.subject[ours & graph.of_kind("shares", "votes")].tolist())
    for kind, test in (("board", "b"), ("influence", "c"), ("agreement", "d")):
        for place in set(graph.subject[ours & graph.of_kind(kind)].tolist()):
            # (b) and (d) are rights of a member; dominant influence (c) needs no membership
            if test == "c" or place in members:
                met.setdefault(place, set()).add(test)
    return met


@dataclass(slots=True)
class Controllers:
    """The ultimate controller of each entity by place (its own place where nobody controls it), and circles of control."""

    graph: Graph
    ultimate: Places
    circular: npt.NDArray[np.bool_]

    def of(self, uid: str) -> str:
        """Return who ultimately controls an entity: itself, where nobody does for certain."""
        return self.graph.entities[int(self.ultimate[self.graph.place[uid]])].uid


def controllers(graph: Graph) -> Controllers:
    """
    Return who ultimately controls each entity for certain.

    Owners are put together by their own controller until nothing changes, so that two subsidiaries with 30 per cent each
    give their parent a company. In a circle in which each controls the next, the first by name stands for all.
    """
    ultimate = np.arange(graph.size)
    circular = np.zeros(graph.size, dtype=bool)
    votes = _votes(graph)
    members = graph.of_kind("shares", "votes")
    for _ in range(graph.size + 1):
        direct = _direct_controllers(graph, ultimate, votes, members)
        after, circles = _followed(graph, direct)
        circular |= circles
        if np.array_equal(after, ultimate):
            break
        ultimate = after
    return Controllers(graph, ultimate, circular)


def _direct_controllers(
    graph: Graph, ultimate: Places, votes: npt.NDArray[np.bool_], members: npt.NDArray[np.bool_]
) -> Places:
    """Return for each entity the controller whose group passes a test on it, by their ultimate controllers so far."""
    direct = np.arange(graph.size)
    above = ultimate[graph.owner]
    others = above != graph.subject
    keys = above * graph.size + graph.subject
    for kind in ("agreement", "influence", "board"):
        chosen = others & (graph.kind == KINDS.index(kind))
        if not chosen.any():
            continue
        if kind != "influence":
            chosen &= np.isin(keys, keys[members])
        direct[graph.subject[chosen]] = above[chosen]
    held = votes & others
    pairs_found, position = np.unique(keys[held], return_inverse=True)
    sums = np.bincount(position, graph.low[held], minlength=len(pairs_found))
    # a majority of votes is surer than a right: it is written last
    major = pairs_found[sums > _majority(graph)]
    direct[major % max(graph.size, 1)] = major // max(graph.size, 1)
    return direct


def _followed(graph: Graph, direct: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Return the end of each chain of controllers; in a circle, the member with the first name."""
    ultimate = direct.copy()
    for _ in range(max(graph.size, 1).bit_length() + 1):
        ultimate = ultimate[ultimate]
    # after so many doublings every walk is at its end, or going round in a circle
    circles = ultimate != direct[ultimate]
    ends = direct.copy()
    for start in np.unique(ultimate[circles]).tolist():
        ring = [start]
        while (following := int(direct[ring[-1]])) != start and following not in ring:
            ring.append(following)
        ends[ring] = min(ring, key=lambda place: graph.entities[place].uid)
    stands_for = np.where(circles, ends[ultimate], ultimate)
    return stands_for, circles & np.isin(np.arange(graph.size), ultimate)
