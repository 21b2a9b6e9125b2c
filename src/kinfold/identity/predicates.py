"""
The few questions that can be asked of two people's particulars, each said in two ways.

`one()` gives a function of two `Seen` for a look-up in process; `sql()` gives the same question over the columns
`name_l` and `name_r`, for Splink. The comparisons are written once, out of these, so that the two cannot drift.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from rapidfuzz.distance import OSA, Hamming, JaroWinkler

from kinfold.identity.seen import Seen

Question = Callable[[Seen, Seen, list[int]], bool]


class Predicate(ABC):
    """A yes-or-no question about two people."""

    @abstractmethod
    def one(self) -> Question:
        """Return the question as a function of both people and the levels already found."""

    @abstractmethod
    def sql(self) -> str:
        """Return the question as DuckDB's SQL (`batch.py` says it in Spark's where that differs)."""

    def __and__(self, other: Predicate) -> Predicate:
        return Both(self, other)

    def __or__(self, other: Predicate) -> Predicate:
        return Either(self, other)


@dataclass(frozen=True)
class Both(Predicate):
    """Both questions are answered yes."""

    first: Predicate
    second: Predicate

    def one(self) -> Question:
        """Return both questions, the second asked only if it matters."""
        first, second = self.first.one(), self.second.one()
        return lambda a, b, levels: first(a, b, levels) and second(a, b, levels)

    def sql(self) -> str:
        """Return `(… AND …)`."""
        return f"({self.first.sql()} AND {self.second.sql()})"


@dataclass(frozen=True)
class Either(Predicate):
    """At least one question is answered yes."""

    first: Predicate
    second: Predicate

    def one(self) -> Question:
        """Return both questions, the second asked only if it matters."""
        first, second = self.first.one(), self.second.one()
        return lambda a, b, levels: first(a, b, levels) or second(a, b, levels)

    def sql(self) -> str:
        """Return `(… OR …)`."""
        return f"({self.first.sql()} OR {self.second.sql()})"


@dataclass(frozen=True)
class Missing(Predicate):
    """The field is empty for either person. `empty` is how SQL writes that."""

    field: str
    empty: str = "''"

    def one(self) -> Question:
        """Return the question."""
        get = attrgetter(self.field)
        return lambda a, b, _: not get(a) or not get(b)

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"({self.field}_l = {self.empty} OR {self.field}_r = {self.empty})"


@dataclass(frozen=True)
class Same(Predicate):
    """The field has the same value for both, and is not empty."""

    field: str
    empty: str = "''"

    def one(self) -> Question:
        """Return the question."""
        get = attrgetter(self.field)

        def same(a: Seen, b: Seen, _: list[int]) -> bool:
            value = get(a)
            return bool(value) and value == get(b)

        return same

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"({self.field}_l = {self.field}_r AND {self.field}_l <> {self.empty})"


@dataclass(frozen=True)
class Crossed(Predicate):
    """One person's `field` is the other's `other`, in either direction, or in both where `both`."""

    field: str
    other: str
    empty: str = "''"
    both: bool = False

    def one(self) -> Question:
        """Return the question."""
        get, cross, both = attrgetter(self.field), attrgetter(self.other), self.both

        def crossed(a: Seen, b: Seen, _: list[int]) -> bool:
            one, two = get(a), get(b)
            there, back = bool(one) and one == cross(b), bool(two) and two == cross(a)
            return (there and back) if both else (there or back)

        return crossed

    def sql(self) -> str:
        """Return the question in SQL."""
        there = f"({self.field}_l = {self.other}_r AND {self.field}_l <> {self.empty})"
        back = f"({self.field}_r = {self.other}_l AND {self.field}_r <> {self.empty})"
        return f"({there} {'AND' if self.both else 'OR'} {back})"


@dataclass(frozen=True)
class Within(Predicate):
    """One person's `field` is among the other's `several` (a set of words), in either direction."""

    field: str
    several: str

    def one(self) -> Question:
        """Return the question."""
        get, among = attrgetter(self.field), attrgetter(self.several)

        def within(a: Seen, b: Seen, _: list[int]) -> bool:
            one, two = get(a), get(b)
            return (bool(one) and one in among(b)) or (bool(two) and two in among(a))

        return within

    def sql(self) -> str:
        """Return the question in SQL."""
        there = f"list_contains({self.several}_r, {self.field}_l)"
        back = f"list_contains({self.several}_l, {self.field}_r)"
        return f"(({self.field}_l <> '' AND {there}) OR ({self.field}_r <> '' AND {back}))"


@dataclass(frozen=True)
class Share(Predicate):
    """Both people's sets of words have a word in common."""

    field: str

    def one(self) -> Question:
        """Return the question."""
        get = attrgetter(self.field)
        return lambda a, b, _: not get(a).isdisjoint(get(b))

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"list_has_any({self.field}_l, {self.field}_r)"


@dataclass(frozen=True)
class Begins(Predicate):
    """One person's field begins the other's."""

    field: str

    def one(self) -> Question:
        """Return the question."""
        get = attrgetter(self.field)

        def begins(a: Seen, b: Seen, _: list[int]) -> bool:
            one, two = get(a), get(b)
            return bool(one) and bool(two) and (one.startswith(two) or two.startswith(one))

        return begins

    def sql(self) -> str:
        """Return the question in SQL."""
        left, right = f"{self.field}_l", f"{self.field}_r"
        starts = f"({left} LIKE concat({right}, '%') OR {right} LIKE concat({left}, '%'))"
        return f"({left} <> '' AND {right} <> '' AND {starts})"


@dataclass(frozen=True)
class Edits(Predicate):
    """At most so many letters added, dropped, changed or exchanged with their neighbour."""

    field: str
    at_most: int
    shortest: int = 1

    def one(self) -> Question:
        """Return the question."""
        get, most, shortest = attrgetter(self.field), self.at_most, self.shortest
        distance = OSA.distance

        def edits(a: Seen, b: Seen, _: list[int]) -> bool:
            one, two = get(a), get(b)
            if min(len(one), len(two)) < shortest or abs(len(one) - len(two)) > most:
                return False
            return distance(one, two, score_cutoff=most) <= most

        return edits

    def sql(self) -> str:
        """Return the question in SQL. With one edit allowed, Levenshtein and its kin differ only by exchanges."""
        left, right = f"{self.field}_l", f"{self.field}_r"
        long_enough = f"least(length({left}), length({right})) >= {self.shortest}"
        return (
            f"({long_enough} AND abs(length({left}) - length({right})) <= {self.at_most} "
            f"AND damerau_levenshtein({left}, {right}) <= {self.at_most})"
        )


@dataclass(frozen=True)
class DigitsApart(Predicate):
    """Texts of one length that differ in at most so many places."""

    field: str
    at_most: int

    def one(self) -> Question:
        """Return the question."""
        get, most, distance = attrgetter(self.field), self.at_most, Hamming.distance
        return lambda a, b, _: distance(get(a), get(b)) <= most

    def sql(self) -> str:
        """Return the question in SQL."""
        left, right = f"{self.field}_l", f"{self.field}_r"
        apart = " + ".join(f"CAST(substr({left}, {n}, 1) <> substr({right}, {n}, 1) AS INT)" for n in range(1, 9))
        return f"(({apart}) <= {self.at_most})"


@dataclass(frozen=True)
class Alike(Predicate):
    """The Jaro-Winkler likeness of both texts is at least so much."""

    field: str
    at_least: float

    def one(self) -> Question:
        """Return the question."""
        get, least, alike = attrgetter(self.field), self.at_least, JaroWinkler.similarity
        return lambda a, b, _: alike(get(a), get(b), score_cutoff=least) > 0

    def sql(self) -> str:
        """Return the question in SQL."""
        return f"(jaro_winkler_similarity({self.field}_l, {self.field}_r) >= {self.at_least})"


@dataclass(frozen=True)
class AtLeast(Predicate):
    """A number is at least so much for both people, or for either where `either`."""

    field: str
    least: int
    either: bool = False

    def one(self) -> Question:
        """Return the question."""
        get, least = attrgetter(self.field), self.least
        if self.either:
            return lambda a, b, _: get(a) >= least or get(b) >= least
        return lambda a, b, _: get(a) >= least and get(b) >= least

    def sql(self) -> str:
        """Return the question in SQL."""
        joined = "OR" if self.either else "AND"
        return f"({self.field}_l >= {self.least} {joined} {self.field}_r >= {self.least})"


@dataclass(frozen=True)
class Found(Predicate):
    """The level of an earlier comparison is one of `levels`. `position` is where that comparison stands."""

    comparison: str
    position: int
    levels: tuple[int, ...]
    case: str

    def one(self) -> Question:
        """Return the question."""
        position, levels = self.position, frozenset(self.levels)
        return lambda _, __, found: found[position] in levels

    def sql(self) -> str:
        """Return the question in SQL, with the earlier comparison written out."""
        return f"({self.case} IN ({', '.join(str(level) for level in self.levels)}))"
