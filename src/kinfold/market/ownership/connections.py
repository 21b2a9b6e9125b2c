"""
How two operators hang together: the shortest way from one to the other over who holds what in whom, said link by link.

A way is a reason to look, no finding: that one person holds a part of two companies does not show who ran what. Somebody who
holds parts of very many (a nominee, a fund of the market) connects everything with everything, so that no way leads through them;
nor does one lead through somebody whom nobody has named.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kinfold.market.ownership.control import controllers
from kinfold.market.ownership.graph import Graph

_NOBODY = ("anonymous", "unknown", "state")
_WORDS = {"shares": "shares", "votes": "votes", "board": "the right to appoint the board", "influence": "influence by articles or contract",
          "agreement": "votes by agreement", "other": "another interest"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a way: an owner, what it holds in a subject (every interest of the two), and whether the way goes up to the owner."""

    owner: str
    subject: str
    interests: tuple[int, ...]
    up: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way between two entities; `controller` is who controls both for certain, None where nobody does or it is not known."""

    start: str
    end: str
    links: tuple[Link, ...]
    controller: str | None


def ways(graph: Graph, start: str, ends: Collection[str], *, most_links: int, most_held: int) -> dict[str, Way]:
    """
    Return the shortest way from an entity to each of `ends` that can be reached, by the entity at its end.

    `most_links` is how long a way may be; nobody with links to more than `most_held` others is passed through. Of two
    ways that are equally short the first by name is given, so that the same graph always says the same.
    """
    if start not in graph.place:
        return {}
    near = _neighbours(graph)
    came = _walked(graph, near, graph.place[start], most_links=most_links, most_held=most_held)
    found = {}
    ultimate = controllers(graph)
    for end in sorted(set(ends) - {start}):
        if end in graph.place and graph.place[end] in came:
            one, other = ultimate.of(start), ultimate.of(end)
            found[end] = Way(start, end, _links(graph, near, came, graph.place[end]), one if one == other else None)
    return found


def _neighbours(graph: Graph) -> dict[int, dict[int, list[int]]]:
    """Return for each entity those it is linked to, with the interests between them."""
    near: dict[int, dict[int, list[int]]] = {}
    for number, (owner, subject) in enumerate(zip(graph.owner.tolist(), graph.subject.tolist(), strict=True)):
        if owner != subject:
            near.setdefault(owner, {}).setdefault(subject, []).append(number)
            near.setdefault(subject, {}).setdefault(owner, []).append(number)
    return near


def _walked(
    graph: Graph, near: Mapping[int, Mapping[int, list[int]]], start: int, *, most_links: int, most_held: int
) -> dict[int, int]:
    """Return for each entity that is reached the one it was reached from; the start is its own."""
    came, far, waiting = {start: start}, {start: 0}, deque([start])
    while waiting:
        here = waiting.popleft()
        around = near.get(here, {})
        closed = here != start and (graph.entities[here].sort in _NOBODY or len(around) > most_held)
        if closed or far[here] == most_links:
            continue
        for other in sorted(around, key=lambda place: graph.entities[place].uid):
            if other not in came:
                came[other], far[other] = here, far[here] + 1
                waiting.append(other)
    return came


def _links(
    graph: Graph, near: Mapping[int, Mapping[int, list[int]]], came: Mapping[int, int], end: int
) -> tuple[Link, ...]:
    links = []
    while came[end] != end:
        before = came[end]
        between = tuple(near[before][end])
        up = graph.owner[between[0]] == end
        owner, subject = (end, before) if up else (before, end)
        links.append(Link(graph.entities[owner].uid, graph.entities[subject].uid, between, bool(up)))
        end = before
    return tuple(reversed(links))


def way_in_words(graph: Graph, way: Way) -> str:
    """Return a way as one sentence for each link, from its start to its end, and who controls both where somebody does."""
    said = [_link_in_words(graph, one) for one in way.links]
    if way.controller is not None:
        said.append(f"{_name(graph, way.controller)} controls both.")
    return " ".join(said)


def _link_in_words(graph: Graph, link: Link) -> str:
    # two companies that own part of one another are two interests of one link: each is said from its own side
    held: dict[tuple[str, str], list[str]] = {}
    for number in link.interests:
        one = graph.interests[number]
        held.setdefault((one.owner, one.subject), []).append(_interest(one.kind, one.low, one.high))
    parts = []
    for (owner, subject), many in sorted(held.items(), key=lambda item: item[0][0] != link.owner):
        what = " and ".join(sorted(set(many)))
        if link.up:
            parts.append(f"{_name(graph, subject)} belongs to {_name(graph, owner)} ({what})")
        else:
            parts.append(f"{_name(graph, owner)} holds {_name(graph, subject)} ({what})")
    return "; ".join(parts) + "."


def _interest(kind: str, low: float, high: float) -> str:
    words = _WORDS.get(kind, kind)
    if kind not in ("shares", "votes") or (low == 0 and high == 1):
        return words
    share = f"{low:.1%}".replace(".0%", "%") if abs(high - low) < 5e-4 else f"{low:.0%} to {high:.0%}"
    return f"{share} of the {words}"


def _name(graph: Graph, uid: str) -> str:
    return graph.entities[graph.place[uid]].name or uid
