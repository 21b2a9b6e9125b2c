"""
A register to look people up in: which of a million records could be this child?

Every key of every record stands in one sorted array of 64-bit numbers: the key's leading bits, then the row. Keys are
spread evenly, so a directory of their first bits leads to within a few places of any of them. A key that too many
records share is not followed: it says nothing, and the record has other keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from kinfold.identity import keys as of
from kinfold.identity.columns import Columns, Ints
from kinfold.identity.keys import KEY, PRIME_1, PRIME_2, PRIME_5, TURN, letters_code, looked_for
from kinfold.identity.names import MOST_SOUNDS, NOBODY, Name
from kinfold.identity.normalise import Particulars
from kinfold.identity.rarity import NAMESAKES, Rarity
from kinfold.identity.seen import Seen

# A key with more rows than this is not followed. Nearly all keys of a million children have fewer than 20 rows;
# those with hundreds are exact common names, and who is found by such a name alone is one of hundreds.
LARGEST_BLOCK = 400
# No more candidates than this are compared; those that share the most keys, and agree the most, come first. So many are
# found only where somebody has a common name and hardly anything else is known of them.
MOST_CANDIDATES = 60
# Of somebody whose day of birth is not known there is more to look through, and who is asked about is further down.
MOST_WITHOUT_DAY = 150
# A row is worth comparing that shares this part of what the nearest row shares: half of the few surest keys, or a quarter.
SHARE_OF_SUREST, SHARE_OF_MOST = 2, 4
# What a particular that is the same counts beside the keys that two people share.
_SURELY, _EASILY = 2.0, 0.5
_BASE_2, _BASE_3 = 37**2, 37**3
_FOREIGN = 37**8
# A directory of so many bits takes a quarter of a gigabyte, and leaves the keys of fifteen million six to a place.
_LONGEST_BEGINNING = 26


# How many keys each row shares with a person.
Shared = dict[int, int]


def sharing_keys(person: Particulars, add: Callable[[set[int], Shared], None]) -> Shared:
    """
    Return how many keys the rows share with a person, those left out that share too few. `add` counts some keys' rows.

    Beside a row that shares a dozen keys, one that shares a single key is not the child, and is not so near that it
    could make the first one doubtful. Without it a look-up among a million compares a fifth as many.
    """
    shared: Shared = {}
    most, part = 0, SHARE_OF_SUREST
    for keys, enough in looked_for(person):
        add(keys, shared)
        most = max(shared.values(), default=0)
        if most >= enough:
            break
        part = SHARE_OF_MOST
    least = most // part if len(shared) > 2 else 0
    return {row: count for row, count in shared.items() if count >= least} if least > 1 else shared


def worth_comparing(
    person: Particulars, shared: Shared, agreeing: Callable[[list[int]], Sequence[float]] | None = None
) -> list[int]:
    """
    Return the rows worth comparing with a person, given how many keys each shares with them.

    Of more than `MOST_CANDIDATES` (`MOST_WITHOUT_DAY`) those remain that share most; `agreeing` says at a glance how
    well rows agree beside that.
    """
    most = MOST_CANDIDATES if person.born else MOST_WITHOUT_DAY
    if len(shared) <= most:
        return list(shared)
    rows = list(shared)
    agreed = agreeing(rows) if agreeing else [0.0] * len(rows)
    likeness = {row: shared[row] + more for row, more in zip(rows, agreed, strict=True)}
    return sorted(rows, key=lambda row: -likeness[row])[:most]


@dataclass(frozen=True, slots=True)
class Searched:
    """
    What a register is searched by: every key with its row, sorted, and where each beginning of a key starts among them
    (`dropped` bits of a key are not part of its beginning); by row the band of namesakes; by the number of a name how
    common it is and whether it is established; and the number of a name by its text, -1 for none.
    """

    filed: Ints
    starts: npt.NDArray[np.uint32]
    dropped: int
    namesakes: npt.NDArray[np.uint8]
    given_bands: Sequence[int]
    given_known: Sequence[int]
    family_bands: Sequence[int]
    number_of: Callable[[str], int]


def bits_for(rows: int) -> int:
    """Return how many bits the number of a row takes beside its key."""
    return max(16, rows.bit_length())


class Register:
    """
    A register ready for look-ups. Rows are numbered from 0 in the order of the columns; the caller keeps their ids.

    `searched` is worked out from the columns, or was before and is kept on disk (`snapshot.py`).
    """

    def __init__(self, columns: Columns, searched: Searched | None = None) -> None:
        made = _searched(columns) if searched is None else searched
        self.columns = columns
        self.row_bits = bits_for(len(columns))
        self.filed = made.filed
        self.names = columns.names
        self.given_bands, self.given_known, self.family_bands = made.given_bands, made.given_known, made.family_bands
        self.namesakes = made.namesakes
        self._table = columns.table
        self._number_of = made.number_of
        self._mask = (1 << self.row_bits) - 1
        self._shift = made.dropped
        # read one by one, a memory view gives Python's own numbers at a third of the cost of an array
        self._filed, self._starts, self._namesakes = made.filed.data, made.starts.data, made.namesakes.data

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def rarity(self) -> Rarity:
        """Return how common names are in this register."""
        return self.columns.rarity

    def shapes(self, rows: Sequence[int]) -> list[Sequence[Seen]]:
        """Return the people in `rows` as comparisons see them; here each has one shape."""
        return [(person,) for person in self.seen(rows)]

    @property
    def bytes(self) -> int:
        """Return the bytes of the arrays (not of the names, which grow with spellings and not with people)."""
        return int(self.filed.nbytes + self._starts.nbytes + self._table.nbytes + self.namesakes.nbytes)

    def rows_like(self, person: Particulars) -> list[int]:
        """Return the rows that share a key with `person`, as many as are worth comparing."""
        return worth_comparing(person, sharing_keys(person, self._add), partial(self._agreeing, person))

    def _add(self, keys: set[int], shared: Shared) -> None:
        """Add to `shared` how many of these keys each row is filed under."""
        bits, mask, shift, filed, starts = self.row_bits, self._mask, self._shift, self._filed, self._starts
        for key in keys:
            wanted = key >> (bits - 1)
            bucket = wanted >> shift
            start, end = starts[bucket], starts[bucket + 1]
            if start == end:
                continue
            if end - start > LARGEST_BLOCK:
                start, end = self._block(wanted, start, end)
            for entry in filed[start:end]:
                if entry >> bits == wanted:
                    row = entry & mask
                    shared[row] = shared.get(row, 0) + 1

    def _agreeing(self, person: Particulars, rows: list[int]) -> Sequence[float]:
        """Return how well rows agree with a person at a glance: how many particulars are the same, by rough weight."""
        table, number = self._table[rows], self._number_of
        agreed = _EASILY * (table["sex"] == person.sex)
        middle = person.middles[0] if person.middles else NOBODY
        for place, name in (("given", person.given), ("family", person.family), ("middle", middle)):
            agreed = agreed + _SURELY * (table[place] == number(name.text))
        if person.born:
            born = int(person.born)
            agreed = agreed + _EASILY * (table["born"] // 10_000 == born // 10_000)
            agreed = agreed + _SURELY * (table["born"] % 10_000 == born % 10_000)
        if person.postcode:
            agreed = agreed + _SURELY * (table["postcode"] == person.postcode)
        found: list[float] = agreed.tolist()
        return found

    def _block(self, wanted: int, start: int, end: int) -> tuple[int, int]:
        """Return where a key's rows stand within a crowded bucket; nowhere if there are too many to say anything."""
        bounds = np.array([wanted, wanted + 1], dtype=np.uint64) << np.uint64(self.row_bits)
        low, high = np.searchsorted(self.filed[start:end], bounds).tolist()
        return (start + low, start + high) if high - low <= LARGEST_BLOCK else (0, 0)

    def seen(self, rows: Sequence[int]) -> list[Seen]:
        """Return the people in `rows` as comparisons see them."""
        if len(rows) == 1:  # as most look-ups end: one row is read in a quarter of the time of a list of one
            return [self._seen(self._table[rows[0]].item(), self._namesakes[rows[0]])]
        places = list(rows)
        everything = zip(self._table[places].tolist(), self.namesakes[places].tolist(), strict=True)
        return [self._seen(values, namesakes) for values, namesakes in everything]

    def _seen(self, values: tuple[int, ...], namesakes: int) -> Seen:
        given, middle, middle_2, family, born, sex, postcode, previous, nhs, address = values
        names = self.names
        middles: tuple[Name, ...] = ()
        if middle:
            middles = (names[middle], names[middle_2]) if middle_2 else (names[middle],)
        return Seen(
            names[given],
            self.given_bands[given],
            self.given_known[given],
            middles,
            names[family],
            self.family_bands[family],
            str(born) if born else "",
            sex,
            postcode,
            previous,
            nhs,
            address,
            namesakes,
        )


class _Numbers(dict[str, int]):
    def __missing__(self, text: str) -> int:
        return -1


def _searched(columns: Columns) -> Searched:
    names, rarity = columns.names, columns.rarity
    row_bits = bits_for(len(columns))
    filed = _filed(columns, row_bits)
    dropped, starts = _directory(filed, 64 - row_bits)
    return Searched(
        filed,
        starts,
        dropped,
        namesakes_of(columns.table),
        [rarity.given_band(name.text) for name in names],
        [int(rarity.is_established(name.text)) for name in names],
        [rarity.family_band(name.text) for name in names],
        _Numbers({name.text: number for number, name in enumerate(names) if name}).__getitem__,
    )


def namesakes_of(table: npt.NDArray[np.void]) -> npt.NDArray[np.uint8]:
    """Return for each row the band of how many have both its names (`rarity.namesakes_band`); 0 where one is missing."""
    both = table["given"].astype(np.uint64) << np.uint64(32) | table["family"].astype(np.uint64)
    _, place, counts = np.unique(both, return_inverse=True, return_counts=True)
    bands = 1 + np.searchsorted(NAMESAKES, counts - 1, side="right")
    return np.where((table["given"] > 0) & (table["family"] > 0), bands[place], 0).astype(np.uint8)


def mix(sort: int, *parts: npt.NDArray[Any]) -> Ints:
    """Return the keys of this sort over arrays of parts: the same numbers as `keys.mixed`."""
    value = np.full(len(parts[0]), PRIME_5, dtype=np.uint64)
    turn, back = np.uint64(TURN), np.uint64(64 - TURN)
    for part in (np.full(1, sort, dtype=np.uint64), *parts):
        value += part.astype(np.uint64) * np.uint64(PRIME_2)
        value = (value << turn | value >> back) * np.uint64(PRIME_1)
    return (value + np.uint64((len(parts) + 1) ^ PRIME_5 ^ 3527539)) & np.uint64(KEY)


def beginning_bits(entries: int, key_bits: int) -> int:
    """Return how many bits of a key are its beginning, so that few entries share one and the directory stays small."""
    return min(max(entries.bit_length() - 1, 4), key_bits, _LONGEST_BEGINNING)


def _directory(filed: Ints, key_bits: int) -> tuple[int, npt.NDArray[np.uint32]]:
    """Return how many bits of a key to drop, and where in `filed` each of the remaining prefixes starts."""
    prefix_bits = beginning_bits(len(filed), key_bits)
    prefixes = np.arange((1 << prefix_bits) + 1, dtype=np.uint64)
    # the last edge is past every key; shifted, it would wrap round to nought
    edges = np.searchsorted(filed, prefixes[:-1] << np.uint64(64 - prefix_bits))
    return key_bits - prefix_bits, np.append(edges, len(filed)).astype(np.uint32)


def _filed(columns: Columns, row_bits: int) -> Ints:
    """Return every key of every record with its row in the low bits, sorted."""
    pieces = []
    bits = np.uint64(row_bits)
    for rows, keys in all_keys(columns.table, NameArrays(columns.names)):
        pieces.append((keys >> np.uint64(row_bits - 1) << bits) | rows.astype(np.uint64))
    filed = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.uint64)
    pieces.clear()
    filed.sort()
    # a record filed twice under one key (Anna Hannah, both by sound) needs it once
    return filed if len(filed) < 2 else filed[np.concatenate(([True], filed[1:] != filed[:-1]))]


Keyed = tuple[npt.NDArray[Any], Ints]


def all_keys(table: npt.NDArray[np.void], kinds: NameArrays) -> Iterator[Keyed]:
    """Yield (rows, keys) for each sort of key and each combination of sounds that some record of a table has."""
    rows = np.arange(len(table))
    day = table["born"].astype(np.uint64)
    given, family = table["given"], table["family"]
    families = [kinds.part_sounds[family, n] for n in range(kinds.part_sounds.shape[1])]
    givens = [kinds.root_codes[given, n] for n in range(MOST_SOUNDS)]
    givens += [kinds.middle_codes[table[column]] for column in ("middle", "middle_2")]
    yield from _keys_by_day(rows, day, families, givens, kinds.letters[given], kinds.letters[family])
    yield from _keys_by_name(rows, day, families, givens, _outward(table["postcode"]))
    initials, letters = kinds.letters[given] >> np.uint64(21), kinds.letters[family]
    for sound in families:
        yield _where(rows, of.FAMILY_MONTH_INITIAL, day // 100 * (day % 10_000 > 0), sound, initials)
        yield _where(rows, of.FAMILY_MONTH_DAY_INITIAL, day % 10_000, sound, initials)
        yield _where(rows, of.FAMILY_MONTH, day // 100 * (day % 10_000 >= 100), sound)
        yield _where(rows, of.FAMILY_YEAR_INITIAL, day // 10_000, sound, initials)
    yield _where(rows, of.GIVEN_MONTH_INITIAL, day // 100 * (day % 10_000 > 0), givens[0], letters)
    yield _where(rows, of.GIVEN_YEAR_INITIAL, day // 10_000, givens[0], letters >> np.uint64(21))
    yield _where(rows, of.GIVEN_MIDDLE, givens[0], kinds.middle_codes[table["middle"]])
    yield _where(rows, of.EXACT_NAMES, kinds.codes[given], kinds.codes[family])
    for home in (table["postcode"], np.where(table["previous"] == table["postcode"], 0, table["previous"])):
        yield from _keys_by_home(rows, day, home.astype(np.uint64), families, givens)
    yield _where(rows, of.NUMBER, table["nhs"])


def _keys_by_day(
    rows: npt.NDArray[Any],
    day: Ints,
    families: list[Ints],
    givens: list[Ints],
    given_letters: Ints,
    family_letters: Ints,
) -> Iterator[Keyed]:
    for sound in families:
        yield _where(rows, of.DAY_FAMILY, day, sound)
    for sound in givens:
        yield _where(rows, of.DAY_GIVEN, day, sound)
    yield _where(rows, of.DAY_BEGINS, day, given_letters)
    yield _where(rows, of.DAY_FAMILY_BEGINS, day, family_letters)


def _keys_by_name(
    rows: npt.NDArray[Any], day: Ints, families: list[Ints], givens: list[Ints], outward: Ints
) -> Iterator[Keyed]:
    for family in families:
        for place, given in enumerate(givens):
            some = np.flatnonzero((family > 0) & (given > 0))
            if not len(some):
                continue
            first, second = given[some], family[some]
            yield _where(rows[some], of.NAMES_YEAR, day[some] // 10_000, first, second)
            if place < MOST_SOUNDS:  # a middle name is filed under with the year alone
                yield _where(rows[some], of.NAMES_MONTH_DAY, day[some] % 10_000, first, second)
                yield _where(rows[some], of.NAMES_OUTWARD, outward[some], first, second)
                yield _where(rows[some], of.NAMES, first, second)


def _keys_by_home(
    rows: npt.NDArray[Any], day: Ints, home: Ints, families: list[Ints], givens: list[Ints]
) -> Iterator[Keyed]:
    for sound in families:
        yield _where(rows, of.HOME_FAMILY, home, sound)
    for sound in givens:
        yield _where(rows, of.HOME_GIVEN, home, sound)
    yield _where(rows, of.HOME, home)
    yield _where(rows, of.HOME_MONTH, home, day // 100)
    yield _where(rows, of.DAY_SECTOR, day, np.where(home < _FOREIGN, home // _BASE_2, 0).astype(np.uint64))


def _outward(postcode: npt.NDArray[Any]) -> Ints:
    return np.where(postcode < _FOREIGN, postcode // _BASE_3, 0).astype(np.uint64)


def _where(rows: npt.NDArray[Any], sort: int, *parts: npt.NDArray[Any]) -> Keyed:
    """Return the keys of the rows in which no part is missing."""
    known = np.flatnonzero(np.logical_and.reduce([part > 0 for part in parts]))
    return rows[known], mix(sort, *(part[known] for part in parts))


class NameArrays:
    """What the keys need of every distinct name, as arrays by the name's number; 0 where there is none."""

    def __init__(self, names: Sequence[Name]) -> None:
        most_parts = max((len(name.part_sounds) for name in names), default=1) or 1
        self.codes = np.array([name.code for name in names], dtype=np.uint64)
        self.letters = np.array([letters_code(name.text) for name in names], dtype=np.uint64)
        self.part_sounds = _padded([name.part_sounds for name in names], most_parts)
        self.root_codes = _padded([name.root_codes for name in names], MOST_SOUNDS)
        # an initial in the middle says too little to file anybody under
        self.middle_codes = np.where([len(name.text) > 1 for name in names], self.root_codes[:, 0], np.uint64(0))


def _padded(values: list[tuple[int, ...]], width: int) -> Ints:
    return np.array([(*value, *(0,) * (width - len(value)))[:width] for value in values], dtype=np.uint64)
