"""
The least distance at which so many children find so many places: a transport problem, solved exactly.

Successive shortest paths with potentials: each step sends as many as it can along the cheapest way still open, moving
others on where that is cheaper for all. Children of one area are alike here, and so are places of one kind in one area, so
that areas are solved and not single children.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def cheapest(children: Counts, places: Counts, distance: Numbers) -> Counts:
    """
    Return how many go from each area (row) to each area with places (column).

    As many as possible are placed, and of all ways to do that the one with the least total distance is found. A distance
    of infinity is a way that is not open.
    """
    whole = np.zeros(distance.shape, dtype=np.int64)
    rows, columns = np.flatnonzero(children), np.flatnonzero(places)  # areas without any are not looked at
    whole[np.ix_(rows, columns)] = _sent(children[rows], places[columns], distance[np.ix_(rows, columns)])
    return whole


def _sent(children: Counts, places: Counts, distance: Numbers) -> Counts:
    left, free = children.astype(np.int64).copy(), places.astype(np.int64).copy()
    sent = np.zeros(distance.shape, dtype=np.int64)
    from_area, to_area = np.zeros(len(left)), np.zeros(len(free))
    while left.any() and free.any():
        way = _shortest(left, free, sent, distance, from_area, to_area)
        if way is None:
            break
        _send(way, left, free, sent)
    return sent


def _shortest(
    left: Counts, free: Counts, sent: Counts, distance: Numbers, from_area: Numbers, to_area: Numbers
) -> list[tuple[int, int]] | None:
    """Return the cheapest way from an area with children left to one with places free, as (row, column) steps; None if there is none."""
    rows, columns = distance.shape
    near_rows = np.where(left > 0, 0.0, np.inf)
    near_columns = np.full(columns, np.inf)
    before_row, before_column = np.full(rows, -1), np.full(columns, -1)
    open_rows, open_columns = near_rows.copy(), near_columns.copy()
    done_rows, done_columns = np.zeros(rows, dtype=bool), np.zeros(columns, dtype=bool)
    while True:
        row, column = int(open_rows.argmin()), int(open_columns.argmin())
        if open_rows[row] == np.inf and open_columns[column] == np.inf:
            return None
        if open_rows[row] <= open_columns[column]:
            open_rows[row], done_rows[row] = np.inf, True
            reached = near_rows[row] + distance[row] + from_area[row] - to_area
            better = (reached < near_columns - 1e-12) & ~done_columns
            near_columns[better] = open_columns[better] = reached[better]
            before_column[better] = row
            continue
        open_columns[column], done_columns[column] = np.inf, True
        if free[column] > 0:
            break
        reached = near_columns[column] - distance[:, column] - from_area + to_area[column]
        better = (sent[:, column] > 0) & (reached < near_rows - 1e-12) & ~done_rows
        near_rows[better] = open_rows[better] = reached[better]
        before_row[better] = column
    end = near_columns[column]
    from_area += np.minimum(near_rows, end)
    to_area += np.minimum(near_columns, end)
    return _traced(column, before_row, before_column)


def _traced(
    column: int, before_row: npt.NDArray[np.int64], before_column: npt.NDArray[np.int64]
) -> list[tuple[int, int]]:
    steps = []
    while True:
        row = int(before_column[column])
        steps.append((row, column))
        if before_row[row] < 0:
            return steps[::-1]
        column = int(before_row[row])


def _send(way: list[tuple[int, int]], left: Counts, free: Counts, sent: Counts) -> None:
    """Send as many as the way allows: forward along its steps, taking back what lies between two of them."""
    back = [(way[step + 1][0], way[step][1]) for step in range(len(way) - 1)]
    many = min([int(left[way[0][0]]), int(free[way[-1][1]]), *(int(sent[one]) for one in back)])
    for one in way:
        sent[one] += many
    for one in back:
        sent[one] -= many
    left[way[0][0]] -= many
    free[way[-1][1]] -= many
