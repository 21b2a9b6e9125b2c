"""
The few questions that can be asked of two people's particulars, each said in three languages.

`python()` gives the question about two `Seen`, `a` and `b`, for a look-up in process; `sql()` gives the same
question over the columns `name_l` and `name_r`, for Splink; `arrays()` answers it for millions of pairs at once. The
comparisons are written once, out of these, so that the three cannot drift apart.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from kinfold.identity.many import Bools, Pairs


class Predicate(ABC):
    """A yes-or-no question about two people."""

    @abstractmethod
    def python(self) -> str:
        """Return the question as a Python expression over `a` and `b`."""

    @abstractmethod
    def sql(self) -> str:
        """Return the question as DuckDB's SQL (`batch.py` says it in Spark's where that differs)."""

    @abstractmethod
    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answer for each of many pairs."""

    def __and__(self, other: Predicate) -> Predicate:
        return Both(self, other)

    def __or__(self, other: Predicate) -> Predicate:
        return Either(self, other)


@dataclass(frozen=True)
class Both(Predicate):
    """Both questions are answered yes."""

    first: Predicate
    second: Predicate

    def python(self) -> str:
        """Return `(… and …)`."""
        return f"({self.first.python()} and {self.second.python()})"

    def sql(self) -> str:
        """Return `(… AND …)`."""
        return f"({self.first.sql()} AND {self.second.sql()})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers; the second question is asked only where the first is answered yes."""
        answers = self.first.arrays(pairs)
        yes = np.flatnonzero(answers)
        answers[yes] = self.second.arrays(pairs.only(yes))
        return answers


@dataclass(frozen=True)
class Either(Predicate):
    """At least one question is answered yes."""

    first: Predicate
    second: Predicate

    def python(self) -> str:
        """Return `(… or …)`."""
        return f"({self.first.python()} or {self.second.python()})"

    def sql(self) -> str:
        """Return `(… OR …)`."""
        return f"({self.first.sql()} OR {self.second.sql()})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers; the second question is asked only where the first is answered no."""
        answers = self.first.arrays(pairs)
        no = np.flatnonzero(~answers)
        answers[no] = self.second.arrays(pairs.only(no))
        return answers


@dataclass(frozen=True)
class Missing(Predicate):
    """The field is empty for at least one of them. `empty` is how that is written: '' for texts, 0 for numbers."""

    field: str
    empty: str = "''"

    def python(self) -> str:
        """Return the question in Python."""
        return f"(not a.{self.field} or not b.{self.field})"

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"({self.field}_l = {self.empty} OR {self.field}_r = {self.empty})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        one, two = pairs.both(self.field)
        return np.asarray((one == 0) | (two == 0))


@dataclass(frozen=True)
class Neither(Predicate):
    """The field, a text, is empty for both of them."""

    field: str

    def python(self) -> str:
        """Return the question in Python."""
        return f"(not a.{self.field} and not b.{self.field})"

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"({self.field}_l = '' AND {self.field}_r = '')"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        one, two = pairs.both(self.field)
        return np.asarray((one == 0) & (two == 0))


@dataclass(frozen=True)
class Same(Predicate):
    """The field has the same value for both, and is not empty."""

    field: str
    empty: str = "''"

    def python(self) -> str:
        """Return the question in Python."""
        return f"(a.{self.field} == b.{self.field} != {self.empty})"

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"({self.field}_l = {self.field}_r AND {self.field}_l <> {self.empty})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        one, two = pairs.both(self.field)
        return np.asarray((one == two) & (one != 0))


@dataclass(frozen=True)
class Crossed(Predicate):
    """One person's `field` is the other's `other`, in either direction, or in both where `both`."""

    field: str
    other: str
    empty: str = "''"
    both: bool = False

    def python(self) -> str:
        """Return the question in Python."""
        there = f"a.{self.field} == b.{self.other} != {self.empty}"
        back = f"b.{self.field} == a.{self.other} != {self.empty}"
        return f"({there} {'and' if self.both else 'or'} {back})"

    def sql(self) -> str:
        """Return the question in SQL."""
        there = f"({self.field}_l = {self.other}_r AND {self.field}_l <> {self.empty})"
        back = f"({self.field}_r = {self.other}_l AND {self.field}_r <> {self.empty})"
        return f"({there} {'AND' if self.both else 'OR'} {back})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        (one, two), (other_one, other_two) = pairs.both(self.field), pairs.both(self.other)
        there, back = (one == other_two) & (one != 0), (two == other_one) & (two != 0)
        return np.asarray(there & back if self.both else there | back)


@dataclass(frozen=True)
class Within(Predicate):
    """One person's `field` is among the other's `several` (a set of words), in either direction, or in both where `both`."""

    field: str
    several: str
    both: bool = False

    def python(self) -> str:
        """Return the question in Python."""
        joined = "and" if self.both else "or"
        return f"(a.{self.field} in b.{self.several} {joined} b.{self.field} in a.{self.several})"

    def sql(self) -> str:
        """Return the question in SQL."""
        there = f"list_contains({self.several}_r, {self.field}_l)"
        back = f"list_contains({self.several}_l, {self.field}_r)"
        return f"({there} {'AND' if self.both else 'OR'} {back})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        (one, two), (several_one, several_two) = pairs.both(self.field), pairs.members(self.several)
        there = ((several_two == one[:, None]).any(axis=1)) & (one != 0)
        back = ((several_one == two[:, None]).any(axis=1)) & (two != 0)
        return np.asarray(there & back if self.both else there | back)


@dataclass(frozen=True)
class Share(Predicate):
    """Both people's sets of words have a word in common."""

    field: str

    def python(self) -> str:
        """Return the question in Python."""
        return f"(not a.{self.field}.isdisjoint(b.{self.field}))"

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"list_has_any({self.field}_l, {self.field}_r)"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        one, two = pairs.members(self.field)
        answers = (one[:, 0] == two[:, 0]) & (one[:, 0] != 0)
        if one.shape[1] > 1:  # few have more than one word
            several = np.flatnonzero(~answers & ((one[:, 1] != 0) | (two[:, 1] != 0)))
            one, two = one[several], two[several]
            answers[several] = ((one[:, :, None] == two[:, None, :]) & (one[:, :, None] != 0)).any(axis=(1, 2))
        return np.asarray(answers)


@dataclass(frozen=True)
class Begins(Predicate):
    """One person's field begins the other's. Asked of fields that are not empty."""

    field: str

    def python(self) -> str:
        """Return the question in Python."""
        return f"(a.{self.field}.startswith(b.{self.field}) or b.{self.field}.startswith(a.{self.field}))"

    def sql(self) -> str:
        """Return the question in SQL."""
        left, right = f"{self.field}_l", f"{self.field}_r"
        return f"(substr({left}, 1, length({right})) = {right} OR substr({right}, 1, length({left})) = {left})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        return pairs.begin_alike(self.field)


@dataclass(frozen=True)
class OneEdit(Predicate):
    """One letter added, dropped, changed or exchanged with its neighbour, in texts of at least `shortest`."""

    field: str
    shortest: int = 1

    def python(self) -> str:
        """Return the question in Python. With one edit, all kinds of edit distance that exchange agree."""
        one, two = f"a.{self.field}", f"b.{self.field}"
        long_enough = f"len({one}) >= {self.shortest} <= len({two})"
        return f"({long_enough} and edits({one}, {two}, score_cutoff=1) <= 1)"

    def sql(self) -> str:
        """Return the question in SQL."""
        left, right = f"{self.field}_l", f"{self.field}_r"
        long_enough = f"length({left}) >= {self.shortest} AND length({right}) >= {self.shortest}"
        near = f"abs(length({left}) - length({right})) <= 1"
        return f"({long_enough} AND {near} AND damerau_levenshtein({left}, {right}) <= 1)"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        one, two = pairs.lengths(self.field)
        answers = (one >= self.shortest) & (two >= self.shortest) & (np.abs(one - two) <= 1)
        near = np.flatnonzero(answers)
        answers[near] = pairs.only(near).within_one_edit(self.field)
        return np.asarray(answers)


@dataclass(frozen=True)
class DigitsApart(Predicate):
    """Two days of eight digits that differ in at most so many places."""

    field: str
    at_most: int

    def python(self) -> str:
        """Return the question in Python."""
        return f"(digits(a.{self.field}, b.{self.field}) <= {self.at_most})"

    def sql(self) -> str:
        """Return the question in SQL."""
        left, right = f"{self.field}_l", f"{self.field}_r"
        apart = " + ".join(f"CAST(substr({left}, {n}, 1) <> substr({right}, {n}, 1) AS INT)" for n in range(1, 9))
        return f"(({apart}) <= {self.at_most})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        return np.asarray(pairs.digits_apart(self.field) <= self.at_most)


@dataclass(frozen=True)
class Alike(Predicate):
    """The Jaro-Winkler likeness of both texts is at least so much."""

    field: str
    at_least: float

    def python(self) -> str:
        """Return the question in Python."""
        return f"(alike(a.{self.field}, b.{self.field}) >= {self.at_least})"

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"(jaro_winkler_similarity({self.field}_l, {self.field}_r) >= {self.at_least})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        return np.asarray(pairs.alike(self.field, self.field) >= self.at_least)


@dataclass(frozen=True)
class CrossedAlike(Predicate):
    """Each person's field looks like the other's `other`: the Jaro-Winkler likeness is at least so much, both ways."""

    field: str
    other: str
    at_least: float

    def python(self) -> str:
        """Return the question in Python."""
        one, two = f"alike(a.{self.field}, b.{self.other})", f"alike(b.{self.field}, a.{self.other})"
        return f"({one} >= {self.at_least} and {two} >= {self.at_least})"

    def sql(self) -> str:
        """Return the question in SQL."""
        one = f"jaro_winkler_similarity({self.field}_l, {self.other}_r)"
        two = f"jaro_winkler_similarity({self.field}_r, {self.other}_l)"
        return f"({one} >= {self.at_least} AND {two} >= {self.at_least})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        there, back = pairs.alike(self.field, self.other), pairs.alike(self.other, self.field)
        return np.asarray((there >= self.at_least) & (back >= self.at_least))


@dataclass(frozen=True)
class AtLeast(Predicate):
    """A number is at least so much for both people, or for one of them where `either`."""

    field: str
    least: int
    either: bool = False

    def python(self) -> str:
        """Return the question in Python."""
        joined = "or" if self.either else "and"
        return f"(a.{self.field} >= {self.least} {joined} b.{self.field} >= {self.least})"

    def sql(self) -> str:
        """Return the question in SQL."""
        joined = "OR" if self.either else "AND"
        return f"({self.field}_l >= {self.least} {joined} {self.field}_r >= {self.least})"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        one, two = (values >= self.least for values in pairs.both(self.field))
        return np.asarray(one | two if self.either else one & two)


@dataclass(frozen=True)
class Found(Predicate):
    """
    The level of an earlier comparison is one of `levels`.

    `comparison` is its name, `position` its place in the list, and `last` the number of its last level: Splink
    counts levels down to 0 where we count up from 0.
    """

    comparison: str
    position: int
    levels: tuple[int, ...]
    last: int

    def python(self) -> str:
        """Return the question in Python, about the sequence `found` of earlier levels."""
        return f"(found[{self.position}] in {set(self.levels)!r})"

    def sql(self) -> str:
        """Return the question in SQL, about the column that Splink has just worked out in the same selection."""
        counted = sorted(self.last - level for level in self.levels)
        return f"(gamma_{self.comparison} IN ({', '.join(str(level) for level in counted)}))"

    def arrays(self, pairs: Pairs) -> Bools:
        """Return the answers."""
        wanted = np.zeros(self.last + 1, dtype=np.bool_)
        wanted[list(self.levels)] = True
        return np.asarray(wanted[pairs.levels(self.position)])
