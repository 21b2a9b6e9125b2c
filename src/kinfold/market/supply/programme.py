"""
Where the projects of the capital programme stand: places delivered, on track, late and to come, by kind; slippage; what failed and why.

A place stands in exactly one of five ways, so that they add up to all places that were ever agreed:

- delivered: its home has opened;
- late: its opening is expected later than planned at the grant by more than the policy pack allows, or a milestone is overdue by more;
- on track: contracts for its home were exchanged, and it is not late;
- to come: a home is still looked for, and it is not late;
- will not come: its project has ended, or it opened with fewer places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from kinfold.market.cases.journal import day_said
from kinfold.market.cases.project import BARRIERS, KINDS, MILESTONES, Working
from kinfold.market.policy import Pack

DELIVERED, ON_TRACK, LATE, TO_COME, LOST = "delivered", "on track", "late", "to come", "will not come"
STANDINGS = (DELIVERED, ON_TRACK, LATE, TO_COME, LOST)


@dataclass(frozen=True, slots=True)
class Slip:
    """
    One milestone: planned, reached or expected, and how many days later than planned (negative: earlier).

    `days` is None where nothing was planned. `overdue` says that its day has passed and it was not reached.
    """

    milestone: str
    planned: date | None
    done: date | None
    expected: date | None
    days: int | None
    overdue: bool


def slips(working: Working, *, today: date) -> list[Slip]:
    """Return every milestone, in order; one that is overdue is taken to come today at the earliest."""
    planned, found, carried = working.planned, [], 0
    for name in MILESTONES:
        plan, done = planned.get(name), working.done.get(name)
        told = working.expected.get(name) or (plan + timedelta(days=carried) if plan else None)
        overdue = done is None and working.end is None and (working.expected.get(name) or plan or today) < today
        expected = done or (max(told, today) if told else None)
        days = (expected - plan).days if expected and plan else None
        carried = max(days or 0, 0) if days is not None else carried
        found.append(Slip(name, plan, done, expected, days, overdue))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one project stands: its places by how they stand and kind, when it opens, how late, and how long its worst milestone is overdue."""

    standing: str
    places: Mapping[str, Mapping[str, int]]
    opens: date | None
    slip: int | None
    overdue: str


def standing(working: Working, *, today: date, pack: Pack) -> Standing:
    """Return where a project stands on a day, by the policy pack's allowance for slippage."""
    allowed = int(pack["capital_slip"])
    found = slips(working, today=today)
    opening = found[-1]
    late = [one for one in found if one.overdue and one.days is not None and one.days > allowed]
    if working.end is not None:
        name = LOST
    elif "opening" in working.done:
        name = DELIVERED
    elif late or (opening.days or 0) > allowed:
        name = LATE
    else:
        name = ON_TRACK if "exchange" in working.done else TO_COME
    overdue = next((MILESTONES[one.milestone] for one in found if one.overdue), "")
    return Standing(name, _places(working, name), None if name == LOST else opening.expected, opening.days, overdue)


def _places(working: Working, name: str) -> dict[str, dict[str, int]]:
    if name != DELIVERED:
        return {name: dict(working.places)}
    short = {kind: count - working.opened_places.get(kind, 0) for kind, count in working.places.items()}
    lost = {kind: count for kind, count in short.items() if count > 0}
    return {DELIVERED: dict(working.opened_places), **({LOST: lost} if lost else {})}


def tally(found: Iterable[Standing]) -> dict[str, dict[str, int]]:
    """Return the places of all projects by kind and by how they stand; every kind and way stands there, with 0 where there is none."""
    counts = {kind: dict.fromkeys(STANDINGS, 0) for kind in KINDS}
    for one in found:
        for name, places in one.places.items():
            for kind, count in places.items():
                counts[kind][name] += count
    return counts


@dataclass(frozen=True, slots=True)
class Met:
    """One barrier over all projects: how many met it, where it still stands, was overcome (after how many days in the middle) or ended them."""

    barrier: str
    projects: int
    open: int
    overcome: int
    ended: int
    days: float | None
    places_ended: int


def barriers_met(projects: Sequence[Working]) -> list[Met]:
    """Return the barriers that projects met, the one that ended most places first, then the one met most often."""
    found = []
    for name in BARRIERS:
        met = [
            one
            for one in projects
            if any(line.said["barrier"] == name for line in one.barriers) or _ended_by(one) == name
        ]
        lines = [(one, line) for one in met for line in one.barriers if line.said["barrier"] == name]
        over = [
            (day_said(one.overcome[line.number]) - day_said(line)).days
            for one, line in lines
            if line.number in one.overcome
        ]
        ended = [one for one in met if _ended_by(one) == name]
        still = sum(line.number not in one.overcome and one.end is None for one, line in lines)
        if met:
            found.append(
                Met(
                    name,
                    len(met),
                    still,
                    len(over),
                    len(ended),
                    median(over) if over else None,
                    sum(sum(one.places.values()) for one in ended),
                )
            )
    return sorted(found, key=lambda one: (-one.places_ended, -one.projects, one.barrier))


def _ended_by(working: Working) -> str:
    return str(working.end.said["because"]) if working.end is not None else ""


@dataclass(frozen=True, slots=True)
class Place:
    """One area (or stage): its projects and places, how many met a barrier, how many ended and what ended or holds most of them."""

    name: str
    projects: int
    places: int
    with_barrier: int
    ended: int
    places_ended: int
    why: Sequence[str]


def by_area(projects: Iterable[tuple[str, Working]]) -> list[Place]:
    """Return the areas (projects come with theirs), the one where most places ended first."""
    parts: dict[str, list[Working]] = defaultdict(list)
    for area, working in projects:
        parts[area].append(working)
    found = [_place(area, some) for area, some in parts.items()]
    return sorted(found, key=lambda one: (-one.places_ended, -one.with_barrier, one.name))


def by_stage(projects: Iterable[Working]) -> list[Place]:
    """Return the projects that ended by the last milestone they had reached."""
    labels = {
        "": "Before planning permission",
        **{name: f"After: {label.casefold()}" for name, label in MILESTONES.items()},
    }
    parts: dict[str, list[Working]] = {name: [] for name in labels}
    for one in projects:
        if one.end is not None:
            parts[one.reached].append(one)
    return [_place(labels[name], some) for name, some in parts.items() if some]


def _place(name: str, some: Sequence[Working]) -> Place:
    ended = [one for one in some if one.end is not None]
    why = Counter(
        reason
        for one in some
        for reason in ({_ended_by(one)} if one.end else {line.said["barrier"] for line in one.open_barriers()})
    )
    met = sum(bool(one.barriers) or one.end is not None for one in some)
    return Place(name, len(some), sum(sum(one.places.values()) for one in some), met, len(ended),
                 sum(sum(one.places.values()) for one in ended), [reason for reason, _ in why.most_common(2)])  # fmt: skip


def money_by_source(projects: Iterable[Working]) -> dict[str, dict[str, tuple[int, int]]]:
    """Return start-up and social finance by source and by what came of it: how many times, and pence. Each project's last word of a source counts."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for one in projects:
        for source, line in {line.said["source"]: line for line in one.money}.items():
            times, pence = found[source].get(line.said["status"], (0, 0))
            found[source][line.said["status"]] = (times + 1, pence + int(line.said["amount"]))
    return dict(found)
