"""
The least distance at which so many children find so many places: a transport problem, solved exactly.

Children of one area are alike here, and so are places of one kind in one area, so that areas are solved and not single
children. Every child who finds no place goes to one more column, at a price above any way, and every place that stays free
is filled from one more row: so everybody is sent, and prices of areas (Ford and Fulkerson's) tell the cheapest ways at once.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
_PER_MILE = 1_000_000  # distances are compared as whole numbers, so that sums of them never drift
_CLOSED = 1 << 58


def cheapest(children: Counts, places: Counts, distance: Numbers) -> Counts:
    """
    Return how many go from each area (row) to each area with places (column).

    As many as possible are placed, and of all ways to do that the one with the least total distance is found. A distance
    of infinity is a way that is not open.
    """
    whole = np.zeros(distance.shape, dtype=np.int64)
    rows, columns = np.flatnonzero(children), np.flatnonzero(places)  # areas without any are not looked at
    if len(rows) and len(columns):
        miles = distance[np.ix_(rows, columns)]
        whole[np.ix_(rows, columns)] = _sent(children[rows], places[columns], miles)
    return whole


def _sent(children: Counts, places: Counts, miles: Numbers) -> Counts:
    """Return how many go where, with the row and the column of those who are left over taken off again."""
    price = _prices(miles)
    left = np.append(children, places.sum()).astype(np.int64)
    free = np.append(places, children.sum()).astype(np.int64)
    sent = np.zeros(price.shape, dtype=np.int64)
    to_area = price.min(axis=0)
    from_area = -(price - to_area).min(axis=1)
    for row, column in zip(*np.nonzero(price + from_area[:, None] - to_area == 0), strict=True):
        _send([(int(row), int(column))], left, free, sent)
    while left.any():
        near_columns, before_column, before_row = _nearest(left, sent, price, from_area, to_area)
        for column in np.flatnonzero(free)[np.argsort(near_columns[free > 0], kind="stable")]:
            if near_columns[column] < _CLOSED:
                _send(_traced(int(column), before_row, before_column), left, free, sent)
    return sent[:-1, :-1]


def _prices(miles: Numbers) -> Counts:
    """Return the price of each way, with a row that fills free places and a column, dearer than any way, for who has none."""
    shape = (miles.shape[0] + 1, miles.shape[1] + 1)
    open_ = np.isfinite(miles)
    price = np.zeros(shape, dtype=np.int64)
    price[:-1, :-1] = np.where(open_, np.rint(np.where(open_, miles, 0.0) * _PER_MILE), _CLOSED).astype(np.int64)
    price[:-1, -1] = (int(price[:-1, :-1][open_].max(initial=0)) + 1) * sum(shape)
    return price


def _nearest(
    left: Counts, sent: Counts, price: Counts, from_area: Counts, to_area: Counts
) -> tuple[Counts, Counts, Counts]:
    """
    Return how near each column is to some row with children left, and before each column and each row the one on its way.

    Goes forward from every row at once and back over what was sent, until nothing comes nearer; then `from_area` and
    `to_area` are moved, so that every nearest way costs nothing.
    """
    near_rows = np.where(left > 0, 0, _CLOSED)
    near_columns = np.full(price.shape[1], _CLOSED, dtype=np.int64)
    before_row, before_column = np.full(len(near_rows), -1), np.full(len(near_columns), -1)
    back = sent > 0
    rows = np.flatnonzero(near_rows == 0)
    while len(rows):  # only from rows that came nearer can a column come nearer, and back
        through = price[rows] + (near_rows[rows] + from_area[rows])[:, None] - to_area
        best = through.argmin(axis=0)
        reached = through[best, _up_to(len(near_columns))]
        columns = np.flatnonzero(reached < near_columns)
        near_columns[columns], before_column[columns] = reached[columns], rows[best[columns]]
        home = np.where(back[:, columns], near_columns[columns], _CLOSED)
        best = home.argmin(axis=1) if len(columns) else np.zeros(len(near_rows), dtype=np.int64)
        reached = home[_up_to(len(near_rows)), best] if len(columns) else near_rows
        rows = np.flatnonzero(reached < near_rows)
        near_rows[rows], before_row[rows] = reached[rows], columns[best[rows]]
    furthest = max(near_rows[near_rows < _CLOSED].max(), near_columns[near_columns < _CLOSED].max())
    from_area += np.minimum(near_rows, furthest)
    to_area += np.minimum(near_columns, furthest)
    return near_columns, before_column, before_row


@cache
def _up_to(count: int) -> Counts:
    return np.arange(count)


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
    if many <= 0:
        return
    for one in way:
        sent[one] += many
    for one in back:
        sent[one] -= many
    left[way[0][0]] -= many
    free[way[-1][1]] -= many
