"""
A map of authorities by amount, with points for places.

Outlines come from `kinfold.terms.places` as SVG path data on the national grid. Every area is one of five steps that the
key names with their bounds; an amount that is not known is hatched.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kinfold.service.web.drawings.figure import Figure, Rows, figure_of
from kinfold.service.web.drawings.svg import (
    AMOUNTS,
    DARK_PINK,
    INK,
    PALE,
    PAPER,
    QUIET,
    Drawing,
    Tone,
    drawing,
    element,
    label,
    number,
    tip,
)
from kinfold.service.web.drawings.words import amount_words, count_words
from kinfold.terms.errors import StructureBroken

WIDTH, TALLEST, EDGE, KEY_ROW = 560.0, 720.0, 10.0, 20.0
_STEP = re.compile(r"([MmLlHhVvZz])|(-?(?:[0-9]+\.?[0-9]*|\.[0-9]+))|([ ,\n]+)|(.)")


@dataclass(frozen=True, slots=True)
class Point:
    """A place to mark: eastings and northings in metres; `count` says how many children or homes stand there."""

    easting: float
    northing: float
    label: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class AreaMap:
    """
    What is drawn. `outlines`, `names` and `amounts` go by three-digit council code.

    `outlines` is SVG path data (M, L, H, V and Z only) whose unit is `metres` long and whose point 0, 0 has the easting
    `west` and the northing `north`; the defaults are those of `kinfold.terms.places.authority_outlines()`. An area in `outlines` without an amount is hatched as not known; an amount without an
    outline is in the table only. `notes` says why an amount is missing, such as "too few to show"; `source` is shown.
    """

    title: str
    outlines: Mapping[str, str]
    amounts: Mapping[str, float | None]
    names: Mapping[str, str]
    unit: str = ""
    decimals: int = 0
    points: Sequence[Point] = ()
    notes: Mapping[str, str] | None = None
    focus: frozenset[str] = frozenset()
    metres: float = 500.0
    west: float = 0.0
    north: float = 680_000.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class _View:
    """The part of the map that is shown, in the outlines' own units, and how many of the drawing's one of them takes."""

    left: float
    top: float
    scale: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        return EDGE + (x - self.left) * self.scale, EDGE + (y - self.top) * self.scale


@lru_cache(maxsize=1024)
def extent_of(path_data: str) -> tuple[float, float, float, float]:
    """
    Return the least and greatest x and y of SVG path data, as (left, top, right, bottom).

    Raises StructureBroken for anything but straight lines: this also keeps foreign text out of the page.
    """
    spots = list(_corners(path_data))
    if not spots:
        raise StructureBroken("An outline has no points")
    across, down = [x for x, _ in spots], [y for _, y in spots]
    return min(across), min(down), max(across), max(down)


def _corners(path_data: str) -> Iterator[tuple[float, float]]:
    command, pending = "", []
    x = y = start_x = start_y = 0.0
    for letter, amount, _, other in _STEP.findall(path_data):
        if other:
            raise StructureBroken(f"An outline may hold straight lines only, not {other!r}")
        if letter in ("Z", "z"):
            x, y = start_x, start_y
        command = letter or command
        if not amount:
            continue
        pending.append(float(amount))
        if len(pending) < (1 if command in "HhVv" else 2):
            continue
        x, y = _moved(command, pending, x, y)
        if command in "Mm":
            start_x, start_y, command = x, y, "L" if command == "M" else "l"
        pending = []
        yield x, y


def _moved(command: str, by: Sequence[float], x: float, y: float) -> tuple[float, float]:
    match command:
        case "M" | "L":
            return by[0], by[1]
        case "m" | "l":
            return x + by[0], y + by[1]
        case "H" | "h":
            return by[0] + (x if command == "h" else 0.0), y
        case "V" | "v":
            return x, by[0] + (y if command == "v" else 0.0)
    raise StructureBroken("An outline must begin with M")


def _spot(area: AreaMap, point: Point) -> tuple[float, float]:
    return (point.easting - area.west) / area.metres, (area.north - point.northing) / area.metres


def _view(area: AreaMap) -> tuple[_View, float]:
    """Return the view that holds every outline and point, and the height it takes."""
    boxes = [extent_of(outline) for outline in area.outlines.values()]
    boxes += [(x, y, x, y) for x, y in (_spot(area, p) for p in area.points)]
    if not boxes:
        return _View(0.0, 0.0, 1.0), 2 * EDGE
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    across, down = max(max(b[2] for b in boxes) - left, 1.0), max(max(b[3] for b in boxes) - top, 1.0)
    scale = min((WIDTH - 2 * EDGE) / across, (TALLEST - 2 * EDGE) / down)
    return _View(left, top, scale), down * scale + 2 * EDGE


def bounds(amounts: Sequence[float], steps: int = 5) -> list[float]:
    """
    Return the upper bounds of up to `steps` steps that hold about as many areas each; the last is the highest amount.

    Equal amounts are never split, so there may be fewer steps.
    """
    ranked = sorted(amounts)
    found: list[float] = []
    for step in range(1, steps + 1):
        bound = ranked[math.ceil(step * len(ranked) / steps) - 1] if ranked else 0.0
        if ranked and (not found or bound > found[-1]):
            found.append(bound)
    return found


def _tones(steps: int) -> Sequence[Tone]:
    return AMOUNTS[len(AMOUNTS) - steps :]


def _tone(value: float, uppers: Sequence[float]) -> Tone:
    step = next((i for i, upper in enumerate(uppers) if value <= upper), len(uppers) - 1)
    return _tones(len(uppers))[step]


def _said(area: AreaMap, code: str) -> str:
    value = area.amounts.get(code)
    why = (area.notes or {}).get(code, "not known")
    return amount_words(value, decimals=area.decimals, unit=area.unit, unknown=why)


def _hatching(key: str, scale: float) -> Drawing:
    """Return a pattern of slanted lines; inside a scaled group `scale` undoes its scaling."""
    line = element("path", d="M0 6L6 0", stroke="#858686", stroke_width=1)
    ground = element("rect", width=6, height=6, fill=PALE)
    turned = f"scale({scale:.5f})" if scale != 1 else None
    pattern = element(
        "pattern", ground, line, id=key, width=6, height=6, patternUnits="userSpaceOnUse", patternTransform=turned
    )
    return element("defs", pattern)


def _shape(area: AreaMap, code: str, view: _View, uppers: Sequence[float], hatch: str) -> Drawing:
    value = area.amounts.get(code)
    chosen = code in area.focus
    return element(
        "path",
        tip(f"{area.names.get(code, code)}: {_said(area, code)}"),
        d=area.outlines[code],
        fill=f"url(#{hatch})" if value is None else _tone(value, uppers).fill,
        fill_rule="evenodd",
        stroke=DARK_PINK.fill if chosen else QUIET,
        stroke_width=(3 if chosen else 0.6) / view.scale,
        stroke_linejoin="round",
    )


def _areas(area: AreaMap, view: _View, uppers: Sequence[float], hatch: str) -> Drawing:
    """Return every outline as it was given, moved and scaled as one: the data is not written twice."""
    x, y = view.at(0.0, 0.0)
    move = f"translate({number(x)} {number(y)}) scale({view.scale:.5f})"
    order = sorted(area.outlines, key=lambda code: (code in area.focus, code))
    return element("g", *(_shape(area, code, view, uppers, hatch) for code in order), transform=move)


def _spots(area: AreaMap, view: _View) -> Iterator[Drawing]:
    for point in sorted(area.points, key=lambda p: (-p.count, p.label)):
        x, y = view.at(*_spot(area, point))
        radius = min(3.5 + 1.5 * math.sqrt(max(point.count, 1)), EDGE)
        said = f"{point.label}: {point.count:,}" if point.count != 1 else point.label
        yield element("circle", tip(said), cx=x, cy=y, r=radius, fill=DARK_PINK.fill, stroke=PAPER, stroke_width=1.5)


def _key(area: AreaMap, uppers: Sequence[float], hatch: str, *, top: float) -> Iterator[Drawing]:
    rows: list[tuple[str, str]] = []
    lower = min((v for v in area.amounts.values() if v is not None), default=0.0)
    for upper, tone in zip(uppers, _tones(len(uppers)), strict=True):
        inside = [v for v in area.amounts.values() if v is not None and lower <= v <= upper]
        first = min(inside, default=lower)
        beside = area.unit if area.unit in ("£", "%") else ""  # a longer unit is said once, after the higher bound
        spelled = [amount_words(v, decimals=area.decimals, unit=u) for v, u in ((first, beside), (upper, area.unit))]
        rows.append((tone.fill, spelled[1] if first == upper else f"{spelled[0]} to {spelled[1]}"))
        lower = math.nextafter(upper, math.inf)
    rows.append((f"url(#{hatch})", "not known or not shown"))
    for index, (fill, text) in enumerate(rows):
        y = top + index * KEY_ROW
        yield element("rect", x=EDGE, y=y, width=26, height=14, fill=fill, stroke=QUIET, stroke_width=0.5)
        yield label(text, EDGE + 36, y + 12, size=13, fill=INK)


def draw_map(area: AreaMap) -> Drawing:
    """Return the map with its key below, 560 wide and as tall as its land."""
    view, height = _view(area)
    uppers = bounds([v for v in area.amounts.values() if v is not None])
    hatch = f"hatch-{zlib.crc32(area.title.encode(errors='replace')):08x}"
    scale = 1 / view.scale
    parts = [_hatching(hatch, scale), _areas(area, view, uppers, hatch), *_spots(area, view)]
    parts += _key(area, uppers, f"{hatch}-key", top=height + 4)
    parts.insert(0, _hatching(f"{hatch}-key", 1.0))
    whole = height + (len(uppers) + 1) * KEY_ROW + 10
    return drawing(area.title, map_sentence(area), parts, width=WIDTH, height=whole)


def map_sentence(area: AreaMap) -> str:
    """Return the map in words: the highest and lowest areas, how many are not known, how many points."""
    known = sorted((v, area.names.get(c, c), c) for c, v in area.amounts.items() if v is not None)
    said = []
    if known:
        said.append(f"Highest: {known[-1][1]}, {_said(area, known[-1][2])}.")
        if len(known) > 1:
            said.append(f"Lowest: {known[0][1]}, {_said(area, known[0][2])}.")
    missing = len(set(area.outlines) | set(area.amounts)) - len(known)
    if missing and known:
        said.append(f"Not known or not shown for {count_words(missing, 'area')}.")
    if area.points:
        total = sum(p.count for p in area.points)
        said.append(f"{count_words(len(area.points), 'place')} marked, {total:,} in all.")
    if not said:
        return "There is nothing to show yet."
    return " ".join([*said, area.source] if area.source else said)


def map_rows(area: AreaMap) -> Rows:
    """Return the table: one row per area with an amount or a note, by name; then one per point."""
    codes = sorted(set(area.amounts) | set(area.notes or {}), key=lambda c: (area.names.get(c, c), c))
    rows = [(area.names.get(code, code), _said(area, code)) for code in codes]
    rows += [(p.label, f"{p.count:,}") for p in sorted(area.points, key=lambda p: (-p.count, p.label))]
    return Rows(("Place", "Amount"), rows, frozenset({1}))


@figure_of.register
def _(area: AreaMap) -> Figure:
    return Figure(area.title, "map", draw_map(area), None, map_sentence(area), map_rows(area))
