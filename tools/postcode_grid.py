"""
A grid of England's authorities drawn from postcodes: each cell belongs to the authority with most postcodes in it.

Empty cells between postcodes (moors, parks, estuaries) go to the nearest authority; the sea stays empty.
Wales and Scotland are filled too, so that England ends where they begin, and left out at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinfold.terms.authorities import authorities
from kinfold.terms.postcodes import PostcodeFile

EMPTY = -1
WIDTH_KM, HEIGHT_KM = 680, 680  # from the grid's false origin, south-west of Scilly, to beyond Berwick-upon-Tweed
_STEPS = tuple((row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if row or column)

Labels = NDArray[np.int16]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """`labels[row, column]` is a place in `la_codes`, or EMPTY; row 0 is the south. `cell` is its width in metres."""

    labels: Labels
    la_codes: tuple[str, ...]
    cell: int


def build_grid(postcodes: PostcodeFile, *, cell: int, reach: int) -> Grid:
    """Return the grid with cells `cell` metres wide; gaps of up to twice `reach` metres between postcodes are closed."""
    la_codes = (*(found.la_code for found in authorities()), "WAL", "SCO")
    labels = _majority(postcodes, la_codes, cell)
    labels = _closed(labels, reach // cell)
    labels = _without_holes(labels)
    labels[labels >= len(la_codes) - 2] = EMPTY
    return Grid(labels, la_codes[:-2], cell)


def _majority(postcodes: PostcodeFile, la_codes: tuple[str, ...], cell: int) -> Labels:
    """Return for each cell the authority with most postcodes; the smallest authorities win a cell that they share."""
    shape = (HEIGHT_KM * 1000 // cell, WIDTH_KM * 1000 // cell)
    elsewhere = {"W": "WAL", "S": "SCO"}
    names = [la or elsewhere.get(d[:1], "") for la, d in zip(postcodes.la_codes, postcodes.districts, strict=True)]
    place_of = {code: place for place, code in enumerate(la_codes)}
    label_of_area = np.array([place_of.get(name, EMPTY) for name in names], dtype=np.int64)
    label = label_of_area[postcodes.areas]
    row, column = postcodes.northings // cell, postcodes.eastings // cell
    used = (label != EMPTY) & (postcodes.eastings >= 0) & (row < shape[0]) & (column < shape[1])
    keys = (row[used].astype(np.int64) * shape[1] + column[used]) * len(la_codes) + label[used]
    unique, counts = np.unique(keys, return_counts=True)
    cells_of_label = np.bincount(unique % len(la_codes), minlength=len(la_codes))
    # an authority of a few cells (the City of London) would lose its only ones to its neighbours
    weight = counts * np.where(cells_of_label[unique % len(la_codes)] * cell * cell < 2e7, 1000, 1)
    labels = np.full(shape, EMPTY, dtype=np.int16)
    for place in np.argsort(weight, kind="stable"):  # the heaviest is written last
        labels.flat[unique[place] // len(la_codes)] = unique[place] % len(la_codes)
    return labels


def shifted(labels: Labels, *, rows: int, columns: int) -> Labels:
    """Return the grid moved by some rows and columns, with empty cells where it came from."""
    moved = np.full_like(labels, EMPTY)
    height, width = labels.shape
    target = (slice(max(rows, 0), height + min(rows, 0)), slice(max(columns, 0), width + min(columns, 0)))
    origin = (slice(max(-rows, 0), height + min(-rows, 0)), slice(max(-columns, 0), width + min(-columns, 0)))
    moved[target] = labels[origin]
    return moved


def _grown(labels: Labels, within: Mask | None = None) -> Labels:
    """Return the grid with each empty cell beside a full one (and `within`) given to it; sides before corners."""
    grown = labels.copy()
    for rows, columns in sorted(_STEPS, key=lambda step: abs(step[0]) + abs(step[1])):
        moved = shifted(labels, rows=rows, columns=columns)
        takes = (grown == EMPTY) & (moved != EMPTY)
        if within is not None:
            takes &= within
        grown[takes] = moved[takes]
    return grown


def _closed(labels: Labels, steps: int) -> Labels:
    """Grow by `steps` cells, then take back as many from the edge, but never a cell that had a postcode."""
    had_postcode = labels != EMPTY
    grown = labels
    for _ in range(steps):
        grown = _grown(grown)
    for _ in range(steps):
        at_edge = np.zeros(labels.shape, dtype=bool)
        for rows, columns in _STEPS:
            at_edge |= shifted(grown, rows=rows, columns=columns) == EMPTY
        grown = grown.copy()
        grown[at_edge & ~had_postcode] = EMPTY
    return grown


def _without_holes(labels: Labels) -> Labels:
    """Give the empty cells that land surrounds to the nearest authority."""
    sea = _reached_from_the_edge(labels == EMPTY)
    holes = (labels == EMPTY) & ~sea
    while (holes & (labels == EMPTY)).any():
        labels = _grown(labels, holes)
    return labels


def _reached_from_the_edge(empty: Mask) -> Mask:
    """Return the empty cells that can be reached, side by side, from the edge of the grid."""
    reached = np.zeros_like(empty)
    reached[0], reached[-1], reached[:, 0], reached[:, -1] = empty[0], empty[-1], empty[:, 0], empty[:, -1]
    before = -1
    while before != (before := int(reached.sum())):
        for axis in (0, 1):
            _sweep(reached, empty, axis)
    return reached


def _sweep(reached: Mask, empty: Mask, axis: int) -> None:
    """Spread `reached` through `empty` along one axis, both ways, line by line."""
    lines = range(1, reached.shape[axis])
    for order, step in ((lines, -1), (reversed([line - 1 for line in lines]), 1)):
        for line in order:
            here = (line, slice(None)) if axis == 0 else (slice(None), line)
            beside = (line + step, slice(None)) if axis == 0 else (slice(None), line + step)
            reached[here] |= reached[beside] & empty[here]


def neighbours(grid: Grid) -> Iterator[tuple[str, str, int]]:
    """Yield each pair of authorities that share sides of cells, with the number of sides shared."""
    pairs = []
    for one, other in ((grid.labels[1:], grid.labels[:-1]), (grid.labels[:, 1:], grid.labels[:, :-1])):
        differ = (one != other) & (one != EMPTY) & (other != EMPTY)
        pairs.append(np.stack([one[differ], other[differ]], axis=1))
    both = np.sort(np.concatenate(pairs), axis=1)
    unique, counts = np.unique(both, axis=0, return_counts=True)
    for (first, second), count in zip(unique.tolist(), counts.tolist(), strict=True):
        yield grid.la_codes[first], grid.la_codes[second], count
