"""
How far authorities are from one another, in miles, from the middles of their outlines.

Ofsted publishes no address or postcode of a children's home, so a home is as far away as its authority is. Within an
authority the distance is the mean one between two points of a disc of its size (0.905 of its radius).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import pi, sqrt

import numpy as np
import numpy.typing as npt

from kinfold.terms.authorities import authority_outlines, is_authority, successors_of
from kinfold.terms.demonstration import demo_authority, is_demo_code

_MILES_PER_UNIT = 0.5 / 1.6093  # the outlines' unit is half a kilometre
_WITHIN = 0.905
_TOKEN = re.compile(r"[a-zA-Z]|-?\d+(?:\.\d+)?")


@cache
def middle_of(la_code: str) -> tuple[float, float, float] | None:
    """Return (x, y, area) of an authority in the outlines' units; None for one that has no outline."""
    code = demo_authority(la_code).stands_on if is_demo_code(la_code) else la_code
    if not is_authority(code):
        return None
    codes = (code,) if code in authority_outlines() else successors_of(code)
    shapes = [shape for one in codes if one in authority_outlines() for shape in _rings(authority_outlines()[one])]
    whole = sum(abs(area) for _, _, area in shapes)
    if not whole:
        return None
    return (
        sum(x * abs(area) for x, _, area in shapes) / whole,
        sum(y * abs(area) for _, y, area in shapes) / whole,
        whole,
    )


def _rings(path: str) -> list[tuple[float, float, float]]:
    """Return the middle and area of each ring of an SVG path of M, L, l and z."""
    found: list[tuple[float, float, float]] = []
    points: list[tuple[float, float]] = []
    command, numbers, x, y = "M", [], 0.0, 0.0
    for part in _TOKEN.findall(path):
        if part.isalpha():
            command = part
            if part in "zZ" and points:
                found.append(_middle(points))
                x, y = points[0]
                points = []
            continue
        numbers.append(float(part))
        if len(numbers) < 2:
            continue
        dx, dy = numbers
        numbers = []
        x, y = (x + dx, y + dy) if command.islower() else (dx, dy)
        points.append((x, y))
        command = {"M": "L", "m": "l"}.get(command, command)
    return [*found, *([_middle(points)] if points else [])]


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    ring = np.array([*points, points[0]])
    cross = ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]
    area = float(cross.sum() / 2)
    if abs(area) < 1e-9:
        return float(ring[:, 0].mean()), float(ring[:, 1].mean()), 1e-6
    return (
        float(((ring[:-1, 0] + ring[1:, 0]) * cross).sum() / (6 * area)),
        float(((ring[:-1, 1] + ring[1:, 1]) * cross).sum() / (6 * area)),
        area,
    )


def miles_between_authorities(one: Sequence[str], other: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the miles from each authority of `one` to each of `other`; infinite where one has no outline."""
    first, second = ([middle_of(code) for code in codes] for codes in (one, other))
    miles = np.full((len(one), len(other)), np.inf)
    for row, here in enumerate(first):
        for column, there in enumerate(second):
            if here is None or there is None:
                continue
            if one[row] == other[column]:
                miles[row, column] = _WITHIN * sqrt(here[2] / pi) * _MILES_PER_UNIT
            else:
                miles[row, column] = sqrt((here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2) * _MILES_PER_UNIT
    return miles
