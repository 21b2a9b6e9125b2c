"""
Which rows of one file are worth comparing: those that share keys.

Two records of one child share a dozen keys; pairs that share one alone are ten times as many, and one in thousands of
them is a child. Pairs come in stretches, so that memory does not grow with the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from kinfold.identity.columns import Ints
from kinfold.identity.index import Register, mix

Rows = npt.NDArray[np.int64]
# In a file compared with itself a key with more rows than this is not followed: it would make pairs by its square.
LARGEST_BLOCK = 60
# So many pairs, counted once for each key they share, are held at a time.
AT_ONCE = 16_000_000
_ROW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@dataclass(slots=True)
class _Blocks:
    """The rows of a register in the order of their keys, and where the blocks of each size begin."""

    rows: Ints
    starts: dict[int, npt.NDArray[Any]]

    @property
    def pairs(self) -> int:
        """Return how many pairs there are, counted once for each key they share."""
        return sum(len(first) * size * (size - 1) // 2 for size, first in self.starts.items())


def pairs_within(register: Register, *, least_shared: int = 2) -> tuple[Rows, Rows]:
    """Return the pairs of rows of one file that share at least so many keys: (left, right), left the smaller row."""
    parts = list(stretches_within(register, least_shared=least_shared))
    empty = np.empty(0, dtype=np.int64)
    left, right = ([empty, *(part[side] for part in parts)] for side in (0, 1))
    return np.concatenate(left), np.concatenate(right)


def stretches_within(register: Register, *, least_shared: int = 2) -> Iterator[tuple[Rows, Rows]]:
    """Yield the same pairs a stretch at a time, in order; the rows on the left of one are all before those of the next."""
    blocks = _blocks(register)
    for low, high in pairwise(_edges(len(register), blocks.pairs)):
        codes = [_pairs_from(blocks.rows, first, size, low, high) for size, first in blocks.starts.items()]
        if not codes:
            continue
        every = np.concatenate(codes)
        codes.clear()
        every.sort()
        kept = _repeated(every, least_shared)
        yield (kept >> _HALF).astype(np.int64), (kept & _ROW).astype(np.int64)


def exchanged(register: Register) -> tuple[Rows, Rows]:
    """
    Return the pairs of rows of one day of birth in which one has the other's given name as its family name, and the other
    way round. They may share no key: keys say which name is which.
    """
    table = register.columns.table
    day, given, family = (table[column].astype(np.uint64) for column in ("born", "given", "family"))
    written, turned = mix(0, day, given, family), mix(0, day, family, given)
    some = np.flatnonzero((day > 0) & (given > 0) & (family > 0) & (given != family) & np.isin(written, turned))
    rows_of = defaultdict[int, list[int]](list)
    for row, key in zip(some.tolist(), written[some].tolist(), strict=True):
        rows_of[key].append(row)
    pairs = sorted(
        (row, other)
        for row, key in zip(some.tolist(), turned[some].tolist(), strict=True)
        if len(rows_of[key]) <= LARGEST_BLOCK
        for other in rows_of[key]
        if row < other
    )
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _blocks(register: Register) -> _Blocks:
    bits = np.uint64(register.row_bits)
    keys = register.filed >> bits
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    sizes = np.diff(np.append(starts, len(keys)))
    del keys
    rows = register.filed & np.uint64((1 << register.row_bits) - 1)
    by_size = {size: starts[sizes == size] for size in range(2, LARGEST_BLOCK + 1)}
    return _Blocks(rows, {size: first for size, first in by_size.items() if len(first)})


def _edges(rows: int, pairs: int) -> list[int]:
    """
    Return rows between which about as many pairs begin.

    Where partners are spread evenly, the share of pairs that begin before a share x of the rows is 1 - (1 - x) squared.
    """
    stretches = max(1, -(-pairs // AT_ONCE))
    inner = [int(rows * (1 - (1 - n / stretches) ** 0.5)) for n in range(1, stretches)]
    return [0, *inner, rows]


def _pairs_from(rows: Ints, first: npt.NDArray[Any], size: int, low: int, high: int) -> Ints:
    """Return every pair in the blocks of one size whose smaller row is within bounds, both rows in one number."""
    codes = []
    for place in range(size - 1):
        left = rows[first + place]
        inside = np.flatnonzero((left >= low) & (left < high))
        # the rows of a block are in order, so whoever stands later has the larger number
        others = rows[first[inside][:, None] + np.arange(place + 1, size)]
        codes.append((left[inside][:, None] << _HALF | others).ravel())
    return np.concatenate(codes)


def _repeated(ordered: Ints, least: int) -> Ints:
    """Return, once each, the numbers that occur at least so often in an ordered array."""
    if not len(ordered):
        return ordered
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.append(starts, len(ordered)))
    return ordered[starts[counts >= least]]
