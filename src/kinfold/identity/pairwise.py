"""
Millions of pairs compared at once, in arrays: the comparisons of `compare.py`, and the scores of `score.py`.

Every value is a number, so that most questions are one comparison of two arrays; what needs the letters of two texts
is worked out only for the pairs that no earlier question has settled. A pair costs a hundredth of what it costs in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from kinfold.identity.compare import COMPARISONS, Comparison
from kinfold.identity.index import Register
from kinfold.identity.many import Bools, Numbers
from kinfold.identity.normalise import FOREIGN, outward_of, postcode_text, sector_of
from kinfold.identity.score import Model
from kinfold.identity.seen import day_parts

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
AT_ONCE = 1_000_000
Told = Callable[[int, int], None]


@dataclass
class Field:
    """One field of every row: its value as a number. Where values are texts or sets of words, what each number is."""

    values: Numbers
    texts: Sequence[str] = ()
    members: Numbers = field(default_factory=lambda: np.empty((0, 0), dtype=np.int64))

    @cached_property
    def lengths(self) -> Rows:
        """How long each text is."""
        return np.array([len(text) for text in self.texts], dtype=np.int64)

    @cached_property
    def letters(self) -> npt.NDArray[np.uint32]:
        """The letters of each text, a row each; texts of one length."""
        width = int(self.lengths.max(initial=1))
        return (
            np.array([f"{text:{width}}" for text in self.texts], dtype=f"<U{width}").view(np.uint32).reshape(-1, width)
        )


class Numbered:
    """Gives every text a number, the same for the same text; "" is 0."""

    def __init__(self) -> None:
        self.texts = [""]
        self._numbers = {"": 0}

    def of(self, text: str) -> int:
        """Return the number of a text."""
        found = self._numbers.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found

    def all(self, texts: Iterable[str]) -> Rows:
        """Return the numbers of texts."""
        return np.array([self.of(text) for text in texts], dtype=np.int64)

    def sets(self, sets: Sequence[Iterable[str]]) -> Rows:
        """Return the numbers in each set, a row each, filled up with 0; at least one column."""
        rows = [sorted(self.of(text) for text in one) for one in sets]
        width = max((len(row) for row in rows), default=1) or 1
        return np.array([[*row, *(0,) * (width - len(row))] for row in rows], dtype=np.int64).reshape(-1, width)


def fields_of(register: Register) -> dict[str, Field]:
    """Return every field that the comparisons name, for a whole register."""
    table = register.columns.table
    fields = _name_fields(register) | _day_fields(table["born"]) | _home_fields(table["postcode"])
    for name in ("sex", "previous", "address"):
        fields[name] = Field(table[name].astype(np.int64))
    numbers, distinct = _distinct(table["nhs"])
    fields["namesakes"] = Field(register.namesakes.astype(np.int64))
    fields["nhs"] = Field(table["nhs"].astype(np.int64))
    fields["nhs_text"] = Field(numbers, [f"{number:010d}" if number else "" for number in distinct])
    return fields


def _name_fields(register: Register) -> dict[str, Field]:
    columns = register.columns
    table, names, words, sounds = columns.table, columns.names, Numbered(), Numbered()
    text = words.all(name.text for name in names)
    sound = sounds.all(name.sound for name in names)
    initial = np.array([ord(name.text[0]) if name.text else 0 for name in names], dtype=np.int64)
    longer = np.array([len(name.text) > 1 for name in names], dtype=np.int64)
    given, family, middle = (table[name].astype(np.int64) for name in ("given", "family", "middle"))
    pair, pairs = _distinct(table["middle"].astype(np.uint64) << np.uint64(32) | table["middle_2"].astype(np.uint64))
    middles = [[names[number].text for number in (code >> 32, code & 0xFFFFFFFF) if number] for code in pairs]
    return {
        "given": Field(text[given], words.texts),
        "given_rest": Field(longer[given]),
        "given_sound": Field(sound[given]),
        "given_roots": Field(given, members=words.sets([name.roots for name in names])),
        "given_band": Field(np.array(register.given_bands)[given]),
        "given_known": Field(np.array(register.given_known)[given]),
        "middle": Field(text[middle], words.texts),
        "middle_initial": Field(initial[middle]),
        "middle_rest": Field(longer[middle]),
        "middles": Field(pair, members=words.sets([set(one) for one in middles])),
        "family": Field(text[family], words.texts),
        "family_sound": Field(sound[family]),
        "family_parts": Field(family, members=words.sets([name.parts for name in names])),
        "family_band": Field(np.array(register.family_bands)[family]),
    }


def _day_fields(born: Numbers) -> dict[str, Field]:
    numbers, distinct = _distinct(born)
    days = Numbered()
    texts = [f"{day:08d}" if day else "" for day in distinct]
    parts = list(zip(*(day_parts(text) for text in texts), strict=True)) if texts else [()] * 6
    year, month_day, year_month, swapped, january, whole = parts
    place = days.all(texts)
    others = {name: Numbered().all(values) for name, values in
              (("born_year", year), ("born_month_day", month_day), ("born_year_month", year_month))}  # fmt: skip
    return {
        "born": Field(place[numbers], days.texts),
        "born_swapped": Field(days.all(swapped)[numbers]),
        "january": Field(np.array(january, dtype=np.int64)[numbers]),
        "whole_day": Field(np.array(whole, dtype=np.int64)[numbers]),
        **{name: Field(values[numbers]) for name, values in others.items()},
    }


def _home_fields(postcode: Numbers) -> dict[str, Field]:
    numbers, distinct = _distinct(postcode)

    def each(read: Callable[[int], int]) -> Field:
        return Field(np.array([read(code) for code in distinct], dtype=np.int64)[numbers])

    return {
        "postcode": Field(postcode.astype(np.int64)),
        "postcode_text": Field(numbers, [postcode_text(code) for code in distinct]),
        "sector": each(sector_of),
        "outward": each(outward_of),
        "foreign": each(lambda code: int(code >= FOREIGN)),
    }


def _distinct(values: Numbers) -> tuple[Rows, list[int]]:
    distinct, numbers = np.unique(values, return_inverse=True)
    return numbers.astype(np.int64), distinct.tolist()


@dataclass(slots=True)
class _Stretch:
    """A stretch of pairs: their rows, what has been measured of them so far, and the levels found so far."""

    fields: dict[str, Field]
    left: Rows
    right: Rows
    measured: dict[tuple[str, str], Floats] = field(default_factory=dict)
    found: list[Numbers] = field(default_factory=list)


@dataclass(slots=True)
class _Part:
    """Some pairs of a stretch, as the questions ask of them (`predicates.Pairs`)."""

    stretch: _Stretch
    places: Rows

    def only(self, places: Rows) -> _Part:
        """Return some of these pairs."""
        return _Part(self.stretch, self.places[places])

    def both(self, field: str) -> tuple[Numbers, Numbers]:
        """Return the field's values of both people."""
        values = self.stretch.fields[field].values
        return values[self.stretch.left[self.places]], values[self.stretch.right[self.places]]

    def members(self, field: str) -> tuple[Numbers, Numbers]:
        """Return the words of a set, a row for each person."""
        one, two = self.both(field)
        members = self.stretch.fields[field].members
        return members[one], members[two]

    def levels(self, position: int) -> Numbers:
        """Return the level found by the comparison at this place."""
        return self.stretch.found[position][self.places]

    def lengths(self, field: str) -> tuple[Numbers, Numbers]:
        """Return how long both texts are."""
        one, two = self.both(field)
        lengths = self.stretch.fields[field].lengths
        return lengths[one], lengths[two]

    def within_one_edit(self, field: str) -> Bools:
        """Return whether the texts are at most one edit apart."""
        one, two = self._texts(field, field)
        return np.asarray(cpdist(one, two, scorer=OSA.distance, score_cutoff=1) <= 1)

    def begin_alike(self, field: str) -> Bools:
        """Return whether one text begins the other."""
        (one, two), letters = self.both(field), self.stretch.fields[field].letters
        answers = letters[one, 0] == letters[two, 0]
        near = np.flatnonzero(answers)
        texts = zip(*self.only(near)._texts(field, field), strict=True)
        answers[near] = [one.startswith(two) or two.startswith(one) for one, two in texts]
        return np.asarray(answers)

    def digits_apart(self, field: str) -> Numbers:
        """Return in how many of eight places the texts differ."""
        one, two = self.both(field)
        digits = self.stretch.fields[field].letters
        return np.asarray((digits[one] != digits[two]).sum(axis=1))

    def alike(self, field: str, other: str) -> Floats:
        """Return the Jaro-Winkler likeness; each pair is measured once, however many questions ask of it."""
        stretch = self.stretch
        known = stretch.measured.setdefault((field, other), np.full(len(stretch.left), np.nan))
        new = np.isnan(known[self.places])
        if new.any():
            places = self.places[new]
            one, two = _Part(stretch, places)._texts(field, other)
            known[places] = cpdist(one, two, scorer=JaroWinkler.similarity, dtype=np.float64)
        return known[self.places]

    def _texts(self, field: str, other: str) -> tuple[list[str], list[str]]:
        fields, one, two = self.stretch.fields, self.both(field)[0], self.both(other)[1]
        texts, others = fields[field].texts, fields[other].texts
        return [texts[n] for n in one.tolist()], [others[n] for n in two.tolist()]


def levels_of_pairs(fields: dict[str, Field], left: Rows, right: Rows) -> list[Numbers]:
    """Return for each of `COMPARISONS` the level of every pair of rows."""
    stretch = _Stretch(fields, left, right)
    for comparison in COMPARISONS:
        stretch.found.append(_levels(comparison, stretch))
    return stretch.found


def _levels(comparison: Comparison, stretch: _Stretch) -> Numbers:
    levels = np.full(len(stretch.left), len(comparison.levels) - 1, dtype=np.int8)
    rest = np.arange(len(levels))
    for number, level in enumerate(comparison.levels):
        if level.when is None or not len(rest):
            break
        holds = level.when.arrays(_Part(stretch, rest))
        levels[rest[holds]] = number
        rest = rest[~holds]
    return levels


def scores_of(
    fields: dict[str, Field], pairs: tuple[Rows, Rows], model: Model, *, progress: Told | None = None
) -> Floats:
    """Return the calibrated logarithm of the odds of each pair of rows, in the order of `pairs`."""
    whole = len(pairs[0])
    found = np.empty(whole, dtype=np.float64)
    for start in range(0, whole, AT_ONCE):
        part = slice(start, min(start + AT_ONCE, whole))
        levels = levels_of_pairs(fields, pairs[0][part], pairs[1][part])
        raw = np.full(part.stop - start, model.start)
        for weights, level in zip(model.weights, levels, strict=True):
            raw += np.array(weights)[level]
        found[part] = calibrated_all(raw, model)
        if progress:
            progress(part.stop, whole)
    return found


def calibrated_all(raw: Floats, model: Model) -> Floats:
    """Return `Model.calibrated` of many sums of weights."""
    # few sums are distinct, for few combinations of levels are
    distinct, numbers = np.unique(np.round(raw, 9), return_inverse=True)
    return np.array([model.calibrated(float(one)) for one in distinct])[numbers]
