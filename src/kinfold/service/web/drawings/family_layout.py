"""
Where each member of a family stands, and which way each line runs.

Members stand in rows by generation, never overlapping: a generation too wide for the drawing takes several rows. Lines
run only between rows and along the margins, so no line passes behind a person. All of it follows from the input alone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

BOX_HEIGHT, GAP_ACROSS, CHANNEL, MARGIN = 58.0, 18.0, 8.0, 30.0


class TieKind(StrEnum):
    """What joins two members, as the drawing distinguishes it."""

    PARENT = "parent of"
    COUPLE = "partner of"
    SIBLING = "brother or sister of"
    CARER = "cares for"
    OTHER = "other tie"
    KEPT_APART = "must not have contact or know the address"


@dataclass(frozen=True, slots=True)
class Member:
    """One person in the drawing. `detail` is a short line, such as "born 4 May 2014"."""

    key: str
    label: str
    detail: str = ""
    focus: bool = False
    faint: bool = False  # unborn or no longer living: drawn with a broken outline, said in `detail`


@dataclass(frozen=True, slots=True)
class FamilyTie:
    """A tie from one member to another, read "`one` is `kind` `other`"."""

    one: str
    other: str
    kind: TieKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """What is drawn. Ties that name somebody who is not a member are left out of the picture."""

    title: str
    members: Sequence[Member]
    ties: Sequence[FamilyTie] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member's box stands."""

    row: int
    left: float
    width: float

    @property
    def middle(self) -> float:
        """Return the middle of the box."""
        return self.left + self.width / 2


@dataclass(slots=True)
class Layout:
    """The whole plan: places by member, the top of each row, the lines as corner points, the size."""

    places: dict[str, Place]
    tops: list[float] = field(default_factory=list)
    lines: list[tuple[FamilyTie, list[tuple[float, float]]]] = field(default_factory=list)
    height: float = 0.0


def drawable_ties(family: Family) -> list[FamilyTie]:
    """Return each tie between two different members once, in a fixed order."""
    known = {m.key for m in family.members}
    seen: dict[tuple[str, str, TieKind], FamilyTie] = {}
    for tie in sorted(family.ties, key=lambda t: (list(TieKind).index(t.kind), t.one, t.other, t.note)):
        if tie.one in known and tie.other in known and tie.one != tie.other:
            directed = tie.kind in (TieKind.PARENT, TieKind.CARER)
            one, other = (tie.one, tie.other) if directed else sorted((tie.one, tie.other))
            seen.setdefault((one, other, tie.kind), tie)
    return list(seen.values())


def generations(family: Family) -> dict[str, int]:
    """
    Return each member's generation, 0 at the top, counted outwards from the focus.

    Blood and partnership say it; caring and other ties only place those whom nothing else places. Where ties
    contradict one another (somebody their own grandparent) the nearest to the focus wins.
    """
    ties = drawable_ties(family)
    found: dict[str, int] = {}
    starts = [m.key for m in sorted(family.members, key=lambda m: not m.focus)]
    for key in starts[:1]:
        found[key] = 0
    for kinds in (_BLOOD, {**_BLOOD, TieKind.CARER: 1}, {**_BLOOD, TieKind.CARER: 1, TieKind.OTHER: 0}):
        _spread(found, [(tie.one, tie.other, kinds[tie.kind]) for tie in ties if tie.kind in kinds])
    every = [(tie.one, tie.other, _BLOOD.get(tie.kind, 0)) for tie in ties]
    for key in starts:
        if key not in found:
            found[key] = found[starts[0]]
            _spread(found, every)
    top = min(found.values(), default=0)
    return {key: level - top for key, level in found.items()}


_BLOOD = {TieKind.PARENT: 1, TieKind.COUPLE: 0, TieKind.SIBLING: 0}


def _spread(found: dict[str, int], steps: Sequence[tuple[str, str, int]]) -> None:
    """Give everybody who can be reached from those already placed their generation, nearest first."""
    onward: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for one, other, down in steps:
        onward[one].append((other, down))
        onward[other].append((one, -down))
    waiting = deque(found)
    while waiting:
        here = waiting.popleft()
        for there, down in onward[here]:
            if there not in found:
                found[there] = found[here] + down
                waiting.append(there)


def parents_of(ties: Sequence[FamilyTie]) -> dict[str, tuple[str, ...]]:
    """Return each child's parents, in a fixed order."""
    parents: defaultdict[str, list[str]] = defaultdict(list)
    for tie in ties:
        if tie.kind is TieKind.PARENT:
            parents[tie.other].append(tie.one)
    return {child: tuple(sorted(those)) for child, those in parents.items()}


def ordered(family: Family, levels: Mapping[str, int]) -> list[list[str]]:
    """Return the members of each generation from left to right: near those they are tied to, partners together."""
    count = max(levels.values(), default=-1) + 1
    rows: list[list[str]] = [[] for _ in range(count)]
    for member in family.members:
        rows[levels[member.key]].append(member.key)
    ties = drawable_ties(family)
    for downward in (True, False, True):
        for level in range(count) if downward else reversed(range(count)):
            place = {key: (i + 0.5) / len(row) for row in rows for i, key in enumerate(row)}
            rows[level] = _by_neighbours(rows[level], ties, levels, place)
    return [_partners_together(row, ties) for row in rows if row]


def _by_neighbours(
    row: list[str], ties: Sequence[FamilyTie], levels: Mapping[str, int], place: Mapping[str, float]
) -> list[str]:
    near: defaultdict[str, list[float]] = defaultdict(list)
    for tie in ties:
        if levels[tie.one] != levels[tie.other]:
            near[tie.one].append(place[tie.other])
            near[tie.other].append(place[tie.one])
    middle = {key: sum(near[key]) / len(near[key]) if near[key] else place[key] for key in row}
    return sorted(row, key=lambda key: (middle[key], place[key]))


def _partners_together(row: list[str], ties: Sequence[FamilyTie]) -> list[str]:
    """Return `row` with partners, and then those who have a child together, standing side by side."""
    beside: defaultdict[str, list[str]] = defaultdict(list)
    pairs = [(t.one, t.other) for t in ties if t.kind is TieKind.COUPLE]
    pairs += [those for those in parents_of(ties).values() if len(those) == 2]
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)
    result: list[str] = []
    # those with one neighbour start a chain, so that somebody with two stands between them
    for key in sorted(row, key=lambda k: (len(set(beside[k])) > 1, row.index(k))) if any(beside.values()) else row:
        chain = [key]
        while chain:
            here = chain.pop(0)
            if here not in result and here in row:
                result.append(here)
                chain = beside[here] + chain
    return result


def lay_out(family: Family, *, width: float) -> Layout:
    """Return where everybody stands and every line runs in a drawing `width` wide."""
    box = min(156.0, (width - 2 * MARGIN - GAP_ACROSS) / 2)
    most = max(int((width - 2 * MARGIN + GAP_ACROSS) // (box + GAP_ACROSS)), 1)
    places: dict[str, Place] = {}
    row = 0
    for generation in ordered(family, generations(family)):
        for start in range(0, len(generation), most):
            part = generation[start : start + most]
            used = len(part) * (box + GAP_ACROSS) - GAP_ACROSS
            for index, key in enumerate(part):
                places[key] = Place(row, (width - used) / 2 + index * (box + GAP_ACROSS), box)
            row += 1
    layout = Layout(places)
    _Router(family, layout, rows=row, width=width).route()
    return layout


@dataclass(slots=True)
class _Run:
    """A line before heights are known: corners as (x, gap number, lane in the gap) or (x, row, None) at a box's edge."""

    tie: FamilyTie
    corners: list[tuple[float, str, int, int]]


class _Router:
    """Gives every horizontal stretch a lane of its own in a gap between rows, then settles how tall each gap is."""

    def __init__(self, family: Family, layout: Layout, *, rows: int, width: float) -> None:
        self.family, self.layout, self.rows, self.width = family, layout, rows, width
        self.lanes: dict[int, dict[tuple[str, ...], int]] = defaultdict(dict)  # gap -> whose lane
        self.sides: tuple[dict[tuple[str, ...], int], ...] = ({}, {})
        self.parents = parents_of(drawable_ties(family))
        self.runs: list[_Run] = []

    def route(self) -> None:
        """Fill in the layout's lines, tops and height."""
        for tie in drawable_ties(self.family):
            self.runs.append(self._run(tie))
        y = 14.0 + len(self.lanes[0]) * CHANNEL
        for row in range(self.rows):
            self.layout.tops.append(y)
            y += BOX_HEIGHT + 24 + len(self.lanes[row + 1]) * CHANNEL
        self.layout.height = y
        self.layout.lines = [
            (run.tie, [(x, self._y(edge, number, lane)) for x, edge, number, lane in run.corners]) for run in self.runs
        ]

    def _y(self, edge: str, number: int, lane: int) -> float:
        if edge == "gap":
            return (self.layout.tops[number] if number < self.rows else self.layout.height) - 12 - lane * CHANNEL
        top = self.layout.tops[number]
        return {"top": top, "bottom": top + BOX_HEIGHT, "side": top + BOX_HEIGHT / 2}[edge]

    def _lane(self, gap: int, *owner: str) -> tuple[str, int, int]:
        """Return the lane in `gap` that belongs to `owner`; the children of the same parents share one."""
        return ("gap", gap, self.lanes[gap].setdefault(owner, len(self.lanes[gap])))

    def _run(self, tie: FamilyTie) -> _Run:
        one, other = self.layout.places[tie.one], self.layout.places[tie.other]
        if one.row == other.row:
            return self._same_row(tie, one, other)
        above, below = (one, other) if one.row < other.row else (other, one)
        owner = self._owner(tie, above=tie.one if one is above else tie.other)
        shift = (list(TieKind).index(tie.kind) - 2) * 7.0
        start, end = above.middle + shift, below.middle + shift
        corners: list[tuple[float, str, int, int]] = [(start, "bottom", above.row, 0)]
        first = self._lane(above.row + 1, *owner)
        if below.row == above.row + 1:
            corners += [(start, *first), (end, *first)]
        else:
            side, last = self._side(start, *owner), self._lane(below.row, *owner, "down")
            corners += [(start, *first), (side, *first), (side, *last), (end, *last)]
        return _Run(tie, [*corners, (end, "top", below.row, 0)])

    def _same_row(self, tie: FamilyTie, one: Place, other: Place) -> _Run:
        left, right = sorted((one, other), key=lambda place: place.left)
        if right.left - left.left - left.width <= GAP_ACROSS + 1 and tie.kind is TieKind.COUPLE:
            edges = (left.left + left.width, right.left)
            return _Run(tie, [(edges[0], "side", left.row, 0), (edges[1], "side", left.row, 0)])
        over = self._lane(left.row, tie.one, tie.other, tie.kind.value)
        shift = (list(TieKind).index(tie.kind) - 2) * 7.0
        start, end = left.middle + shift, right.middle + shift
        return _Run(tie, [(start, "top", left.row, 0), (start, *over), (end, *over), (end, "top", right.row, 0)])

    def _owner(self, tie: FamilyTie, *, above: str) -> tuple[str, ...]:
        """Return whose lane the tie runs in: children of the same parents share one, else the upper person's."""
        if tie.kind is TieKind.PARENT and tie.one == above:
            return (*self.parents[tie.other], tie.kind.value)
        return (above, tie.kind.value)

    def _side(self, x: float, *owner: str) -> float:
        """Return an upright lane in the nearer margin, one for each owner; past the fifth they share."""
        side = int(x > self.width / 2)
        lane = self.sides[side].setdefault(owner, len(self.sides[side])) % 5
        offset = 5.0 + lane * 4.5
        return self.width - offset if side else offset
