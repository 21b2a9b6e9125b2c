"""
Who is worth ranking for a search: found by number, address, name or date of birth, and never more than can be ranked.

A common name has tens of thousands of bearers in a country. What is fetched is bounded: those who bear every part of
the name as typed; then those who share a sound or a beginning with its rarer parts. Every step walks an index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection

from kinfold.identity.name_keys import part_keys
from kinfold.service.records.models import PersonIndex
from kinfold.service.records.reads.spells import SQL, as_day, day_value
from kinfold.service.records.reads.versions import payload_of, uid_text
from kinfold.service.records.tables import fetch, placeholders

# So many are ranked at most.
MOST_RANKED = 250
# So many bearers of the whole name are enough: others are no likelier.
ENOUGH = 40
# So many entries of the index are read for sounds and beginnings, the rarest part of the name first.
POOL = 6_000
# What a key says by its first letter: the word itself says more than its sound, and its sound more than how it begins.
WEIGHTS: Mapping[str, int] = {"w": 4, "s": 3, "p": 1}
NUMBERS = ("la_child_id", "upn", "former_upn", "nhs_number", "uln", "home_office", "court", "person")


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, taken apart."""

    text: str
    parts: tuple[str, ...] = ()
    born: date | None = None
    numbers: tuple[str, ...] = ()
    postcode: str | None = None

    @property
    def empty(self) -> bool:
        """Say whether nothing searchable was typed."""
        return not (self.parts or self.born or self.numbers or self.postcode)


class Candidate(NamedTuple):
    """What the index has of a person who may be the one meant."""

    person: int
    uid: str
    held_by: int
    sort: str
    name: str
    known_as: str
    la_child_id: str
    birth_date: date | None
    expected_birth_date: date | None
    postcode: str
    label: str

    @property
    def indexed(self) -> PersonIndex:
        """Return the person as the reader takes it."""
        return PersonIndex(person_id=self.person, held_by_id=self.held_by, sort=self.sort, label=self.label)


def candidates(holders: Iterable[int], question: Question, *, adults: bool) -> list[Candidate]:
    """Return the people of `holders` worth ranking; adults among them only where they are asked for."""
    held = _ids(holders)
    found: dict[int, None] = {}
    if question.numbers:
        found |= dict.fromkeys(_by_number(held, question.numbers))
    if question.postcode:
        found |= dict.fromkeys(_by_postcode(held, question.postcode))
    if question.born:
        found |= dict.fromkeys(_by_birth(held, _near(question.born) if not question.parts else {question.born}))
    if question.parts:
        found |= dict.fromkeys(by_name(held, question.parts))
    return _rows(found, ("child", "adult") if adults else ("child",))


def names_of(persons: Sequence[int]) -> dict[int, list[str]]:
    """Return every name each person has or had, as text."""
    names: dict[int, list[str]] = defaultdict(list)
    if not persons:
        return names
    rows = fetch(
        f"select subject, payload from person_fact where subject in ({_ids(persons)}) and kind = 'name' "
        "and known_to is null and status = 'final'",
        [],
    )
    for person, payload in rows:
        said = payload_of(payload)
        names[person].append(" ".join(said[key] for key in ("forename", "middle_names", "surname") if said.get(key)))
    return names


def _ids(numbers: Iterable[int]) -> str:
    """Return whole numbers written out for an `in` list."""
    return ", ".join(str(int(number)) for number in numbers) or "null"


def _first(sql: str, bound: Sequence[Any]) -> list[int]:
    return [row[0] for row in fetch(f"{sql} limit {MOST_RANKED}", bound)]


def _by_number(held: str, numbers: Sequence[str]) -> list[int]:
    return _first(
        f"select thing from identifier_key where held_by in ({held}) and sort in ({placeholders(len(NUMBERS))}) "
        f"and value in ({placeholders(len(numbers))})",
        [*NUMBERS, *numbers],
    )


def _by_postcode(held: str, postcode: str) -> list[int]:
    return _first(f"select person from person_index where held_by in ({held}) and postcode = %s", [postcode])


def _near(born: date) -> set[date]:
    """Return the days for which `born` may be a slip of the pen."""
    near = {born + timedelta(days=days) for days in (-10, -1, 0, 1, 10)}
    for year in (-1, 1):
        if (born.month, born.day) != (2, 29):
            near.add(born.replace(year=born.year + year))
    if born.day <= 12:
        near.add(date(born.year, born.day, born.month))
    return near


def _by_birth(held: str, days: set[date]) -> list[int]:
    values = [day_value(day) for day in sorted(days)]
    marks = placeholders(len(values))
    born = f"select person from person_index where held_by in ({held}) and birth_date in ({marks})"
    unborn = (
        f"select person from person_index where held_by in ({held}) and birth_date is null "
        f"and expected_birth_date in ({marks})"
    )
    return [*_first(born, values), *_first(unborn, values)]


def by_name(held: str, parts: Sequence[str]) -> list[int]:
    """Return those whose names answer the parts best, at most MOST_RANKED. `held` are holders' ids, written out."""
    whole = _bearers(held, parts)
    if len(whole) >= ENOUGH:
        return whole
    weights: Counter[int] = Counter(dict.fromkeys(whole, len(parts) * WEIGHTS["w"]))
    for found in _sharers(held, parts):
        for person, weight in found.items():
            weights[person] += weight
    return [person for person, _ in weights.most_common(MOST_RANKED)]


def _bearers(held: str, parts: Sequence[str]) -> list[int]:
    """Return those who bear every part of the name exactly as typed: those of its rarest part, then held to the rest."""
    words = [_word(part) for part in parts]
    counts = _counts(held, words)
    rarest, *rest = sorted(words, key=lambda word: counts[word])
    if counts[rarest] > POOL or not rest:
        one = f"select person from name_key where held_by in ({held}) and key = %s"
        return _first(" intersect ".join([one] * len(words)), words)
    found = list(_weights(held, [rarest], None))
    for word in rest:
        found = list(_weights(held, [word], found)) if found else []
    return found[:MOST_RANKED]


def _word(part: str) -> str:
    return next(key for key in part_keys(part) if key.startswith("w"))


def _sharers(held: str, parts: Sequence[str]) -> list[dict[int, int]]:
    """Return, for each part that can be afforded, who shares what of it: the rarest part first, within POOL entries."""
    keys = {part: sorted(part_keys(part)) for part in parts}
    counts = _counts(held, {key for those in keys.values() for key in those})
    totals = {part: sum(counts[key] for key in those) for part, those in keys.items()}
    found: list[dict[int, int]] = []
    read = 0
    for part in sorted((part for part in parts if totals[part]), key=lambda part: totals[part]):
        pool: dict[int, None] | None = None
        if read + totals[part] > POOL and found:
            pool = dict.fromkeys(person for one in found for person in one)
        found.append(_weights(held, _affordable(keys[part], counts, bounded=pool is not None), pool))
        read += totals[part] if pool is None else 0
    return found


def _affordable(keys: Sequence[str], counts: Mapping[str, int], *, bounded: bool) -> list[str]:
    """Return the keys that are read: all where the people are known already, else the surest that keep within POOL."""
    if bounded:
        return list(keys)
    chosen: list[str] = []
    read = 0
    for key in sorted(keys, key=lambda key: -WEIGHTS[key[0]]):
        if chosen and read + counts[key] > POOL:
            break
        chosen.append(key)
        read += counts[key]
    return chosen


def _counts(held: str, keys: Iterable[str]) -> Counter[str]:
    """Return how many entries each key has, counted no further than what could be read."""
    wanted = sorted(keys)
    one = f"select %s, count(*) from (select 1 from name_key where held_by in ({held}) and key = %s limit {POOL + 1}) n"
    if connection.vendor == "postgresql":
        one = one.replace("select %s,", "select %s::text,", 1)
    rows = fetch(" union all ".join([one] * len(wanted)), [key for key in wanted for _ in range(2)])
    return Counter(dict(rows))


def _weights(held: str, keys: Sequence[str], pool: Iterable[int] | None) -> dict[int, int]:
    """Return by person what the weightiest of `keys` they have is worth; only for those of `pool`, where it is given."""
    sql: SQL = (
        f"select person, key from name_key where held_by in ({held}) and key in ({placeholders(len(keys))})", list(keys)
    )  # fmt: skip
    if pool is not None:
        marks = placeholders(len(keys))
        sql = f"select person, key from name_key where person in ({_ids(pool)}) and key in ({marks})", list(keys)
    weights: dict[int, int] = {}
    for person, key in fetch(f"{sql[0]} limit {POOL}", sql[1]):
        weight = WEIGHTS[key[0]]
        if weights.get(person, 0) < weight:
            weights[person] = weight
    return weights


def _rows(persons: Iterable[int], sorts: Sequence[str]) -> list[Candidate]:
    rows = fetch(
        "select i.person, t.uid, i.held_by, i.sort, i.name, i.known_as, i.la_child_id, i.birth_date, i.expected_birth_date, "
        "i.postcode, i.label from person_index i join thing t on t.id = i.person "
        f"where i.person in ({_ids(persons)}) and i.sort in ({placeholders(len(sorts))})",
        list(sorts),
    )
    return [
        Candidate(
            person,
            uid_text(uid),
            held_by,
            sort,
            name,
            known_as,
            number,
            as_day(born),
            as_day(expected),
            postcode,
            label,
        )
        for person, uid, held_by, sort, name, known_as, number, born, expected, postcode, label in rows
    ]
