"""
One subject's facts, as known at a moment, laid out so that patterns find theirs quickly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from kinfold.duties.arithmetic import LONDON, When, birthday, day_of
from kinfold.duties.one_stay import one_stay_each
from kinfold.duties.pattern import Pattern
from kinfold.duties.predicates import COMPUTED_DATES, PREDICATES
from kinfold.record.in_time import Dated

# The door by which facts come that were typed in here (`record/doors.py`).
TYPED_IN = "kinfold"


class Fact(Dated, Protocol):
    """What the clock reads of one version of a fact; `kinfold.record.in_time.FactVersion` has it."""

    @property
    def fact(self) -> Any: ...
    @property
    def subject(self) -> Any: ...
    @property
    def party(self) -> Any: ...
    @property
    def ref(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    @property
    def known_from(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def known_to(self) -> int | None: ...


# A draft, one returned by the person who approves, and a void version do nothing and meet nothing.
_COUNTS = frozenset({"final", "submitted"})


def known_at(facts: Iterable[Fact], commit_number: int | None) -> list[Fact]:
    """Return the versions held true once commit `commit_number` was made; None means now."""
    if commit_number is None:
        return [fact for fact in facts if fact.known_to is None and fact.status in _COUNTS]
    return [
        fact
        for fact in facts
        if fact.known_from <= commit_number
        and (fact.known_to is None or fact.known_to > commit_number)
        and fact.status in _COUNTS
    ]


class Occurrence(NamedTuple):
    """A fact at one of its dates. `order` sorts days and moments together."""

    order: float
    when: When
    fact: Fact

    @property
    def day(self) -> date:
        """Return the day in England on which it fell."""
        return day_of(self.when) if isinstance(self.when, datetime) else self.when


def order_of(when: When) -> float:
    """Return a number that sorts days and moments: the ordinal of the day and the fraction that has passed."""
    if isinstance(when, datetime):
        local = when.astimezone(LONDON) if when.tzinfo else when
        return local.toordinal() + (local.hour * 3600 + local.minute * 60 + local.second) / 86400
    return float(when.toordinal())


def is_before(one: When, other: When) -> bool:
    """Return whether `one` is before `other`: by the moment when both have a time of day, else by the day."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return order_of(one) < order_of(other)
    return day_of(one) < day_of(other)


def _nowhere(la_code: str) -> frozenset[str]:
    return frozenset()


def _unknown(postcode: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Council:
    """
    Which council's record this is (its three-digit code), and where places lie.

    `adjoining` and `authority_of` are those of `kinfold.terms.places`.
    """

    la_code: str = ""
    adjoining: Callable[[str], frozenset[str]] = _nowhere
    authority_of: Callable[[str], str | None] = _unknown


def _by_start(fact: Fact) -> int:
    return fact.valid_from.toordinal() if fact.valid_from else 0


@dataclass(slots=True)
class Story:
    """The facts of one subject known at one moment."""

    subject: Any
    by_kind: dict[str, list[Fact]]
    council: Council = field(default_factory=Council)
    birth_date: date | None = field(init=False)  # None when it is not recorded or the child is not yet born
    death_date: date | None = field(init=False)
    _found: dict[int, list[Occurrence]] = field(default_factory=dict, repr=False)
    _starts: dict[str, list[Occurrence]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.birth_date = self._personal("birth_date")
        self.death_date = self._personal("death_date")

    def _personal(self, name: str) -> date | None:
        for fact in reversed(self.by_kind.get("person_details", ())):
            value = fact.payload.get(name)
            if value:
                return date.fromisoformat(value)
        return None

    def occurrences(self, pattern: Pattern) -> list[Occurrence]:
        """Return the facts that `pattern` names, at their dates, in order of time."""
        if pattern.kind not in self.by_kind:
            return []
        key = id(pattern)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(pattern)
        return found

    def all_occurrences(self, patterns: Iterable[Pattern]) -> list[Occurrence]:
        """Return the facts that any of `patterns` names, in order of time."""
        several = [self.occurrences(pattern) for pattern in patterns]
        several = [found for found in several if found]
        if len(several) < 2:
            return several[0] if several else []
        return sorted((one for found in several for one in found), key=lambda one: one.order)

    def _look_up(self, pattern: Pattern) -> list[Occurrence]:
        facts = self.by_kind.get(pattern.kind)
        if not facts:
            return []
        found: list[Occurrence] = []
        if pattern.at == ("start",) and not pattern.test and pattern.age is None:
            found = self._at_start(pattern.kind)
            if pattern.where:
                found = [one for one in found if matches(one.fact, pattern)]
            return self._numbered(found, pattern) if pattern.nth or pattern.nth_from else found
        for fact in facts:
            if pattern.where and not matches(fact, pattern):
                continue
            if pattern.test and not PREDICATES[pattern.test].holds(self, fact):
                continue
            found.extend(self._dates(fact, pattern))
        found.sort(key=lambda one: one.order)
        return self._numbered(found, pattern) if pattern.nth or pattern.nth_from else found

    def _at_start(self, kind: str) -> list[Occurrence]:
        """Return every fact of a kind at its first day: most patterns ask for these, and each only which of them."""
        found = self._starts.get(kind)
        if found is None:
            found = self._starts[kind] = [
                Occurrence(float(fact.valid_from.toordinal()), fact.valid_from, fact)
                for fact in self.by_kind[kind]
                if fact.valid_from is not None
            ]
        return found

    def _dates(self, fact: Fact, pattern: Pattern) -> list[Occurrence]:
        if pattern.age is not None:
            born = fact.payload.get("birth_date")
            if not born:
                return []
            ages = range(pattern.age[0], pattern.age[1] + 1)
            days = [birthday(date.fromisoformat(born), age) for age in ages]
            return [Occurrence(float(day.toordinal()), day, fact) for day in days]
        for at in pattern.at:
            computed = COMPUTED_DATES.get(at)
            if computed is not None:
                made = computed(self, fact)
                several = made if isinstance(made, list) else [made]
                return [Occurrence(float(day.toordinal()), day, fact) for day in several if day is not None]
            when = date_of(fact, at)
            if when is not None:
                return [Occurrence(order_of(when), when, fact)]
        return []

    def _numbered(self, found: list[Occurrence], pattern: Pattern) -> list[Occurrence]:
        """Keep the nth (or from the nth on) of the occurrences inside each spell of the kind `of`."""
        counts: dict[Any, int] = {}
        kept = []
        for one in found:
            around = self.spell_around(pattern.of, day_of(one.when)) if pattern.of else None
            group = around.fact if around else None
            counts[group] = number = counts.get(group, 0) + 1
            if number == pattern.nth or (pattern.nth_from is not None and number >= pattern.nth_from):
                kept.append(one)
        return kept

    def spell_around(self, kind: str, day: date) -> Fact | None:
        """Return the latest spell of `kind` that had started by `day` and had not ended before it, or None."""
        spells = self.by_kind.get(kind, ())
        for fact in reversed(spells[: bisect_right(spells, day.toordinal(), key=_by_start)]):
            if fact.valid_to is None or fact.valid_to >= day:
                return fact
        return None

    def is_open(self, pattern: Pattern, day: date) -> bool:
        """Return whether a spell that `pattern` names held on `day`: started by then and not ended."""
        for fact in self.by_kind.get(pattern.kind, ()):
            if fact.valid_from is not None and fact.valid_from > day:
                continue
            # A spell that begins and ends on the one day held on that day for what follows from its start.
            if fact.valid_to is not None and fact.valid_to <= day and not fact.valid_from == fact.valid_to == day:
                continue
            if matches(fact, pattern) and (not pattern.test or PREDICATES[pattern.test].holds(self, fact)):
                return True
        return False


def matches(fact: Fact, pattern: Pattern) -> bool:
    """Return whether the fact passes every condition of `pattern` on its fields."""
    for test in pattern.where:
        actual = fact.payload.get(test.field)
        if actual is None and test.field in ("ref", "party"):
            actual = getattr(fact, test.field)
        if not test.holds(actual):
            return False
    return True


def date_of(fact: Fact, at: str) -> When | None:
    """Return one of a fact's dates: "start", "end", or the value of a date or moment field; None when unknown."""
    if at == "start":
        return fact.valid_from
    if at == "end":
        return fact.valid_to
    value = fact.payload.get(at)
    if not value:
        return None
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)


def stories(facts: Iterable[Fact], *, commit_number: int | None, council: Council | None = None) -> list[Story]:
    """Return one story for each subject of `facts`, of the versions known at the commit, in order of first mention."""
    grouped: dict[Any, dict[str, list[Fact]]] = {}
    for fact in known_at(facts, commit_number):
        grouped.setdefault(fact.subject, {}).setdefault(fact.kind, []).append(fact)
    for kinds in grouped.values():
        _sort(kinds)
    return [Story(subject, kinds, council or Council()) for subject, kinds in grouped.items()]


def one_story(
    facts: Iterable[Fact], *, subject: Any, commit_number: int | None, council: Council | None = None
) -> Story:
    """Return one story of all `facts`, whoever they are about: a council with its departments and its posts."""
    kinds: dict[str, list[Fact]] = {}
    for fact in known_at(facts, commit_number):
        kinds.setdefault(fact.kind, []).append(fact)
    _sort(kinds)
    return Story(subject, kinds, council or Council())


def _sort(kinds: dict[str, list[Fact]]) -> None:
    for found in kinds.values():
        if len(found) > 1:
            # The fact's own identity settles ties, so that the order of arrival changes nothing.
            found.sort(key=lambda fact: (_by_start(fact), str(fact.fact)))
    if len(kinds.get("placement", ())) > 1:
        kinds["placement"] = one_stay_each(kinds["placement"])
