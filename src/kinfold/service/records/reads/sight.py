"""
What a reader may see of many children at once.

The rule of access is asked once for all who are reached alike, and one by one for those with a label, a grant of
their own or a tie to the reader: the answer is the same as if it had been asked for each (a test holds that).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from kinfold.access.fields import masked
from kinfold.access.slices import CASEWORK
from kinfold.access.things import Decision, Thing, day_of
from kinfold.access.things import Reach as ReachRow
from kinfold.access.words import Label, Mask, ReachSort, Sort, Verb
from kinfold.record.declare import KINDS, Kind
from kinfold.service.records.models import PersonIndex, Reach
from kinfold.service.records.reads.reader import Reader

# A value that shows whether a field is passed, cut to the sector of a postcode, or left out.
_PROBE = "AA1 1AA"


class Row(NamedTuple):
    """What a list shows of a person, from the index, with the public id."""

    person_id: int
    uid: str
    held_by_id: int
    sort: str
    name: str
    la_child_id: str
    birth_date: date | None
    expected_birth_date: date | None
    label: str

    @property
    def indexed(self) -> PersonIndex:
        """Return the row as the reader takes it."""
        return PersonIndex(person_id=self.person_id, held_by_id=self.held_by_id, sort=self.sort, label=self.label)


_COLUMNS = (
    "person_id", "person__uid", "held_by_id", "sort", "name", "la_child_id", "birth_date", "expected_birth_date", "label",
)  # fmt: skip


def rows_of(found: QuerySet[PersonIndex]) -> list[Row]:
    """Return index rows as a list shows them, at the cost of a list of thousands."""
    return [Row(row[0], str(row[1]), *row[2:]) for row in found.values_list(*_COLUMNS)]


def index_rows(persons: Sequence[int]) -> list[Row]:
    """Return the index rows of persons with their public ids."""
    return rows_of(among(PersonIndex.objects.all(), persons))


def among(found: QuerySet[PersonIndex], persons: Iterable[int]) -> QuerySet[PersonIndex]:
    """Return the index rows of `persons` among those found: whole numbers written out, which no limit of parameters meets."""
    ids = ", ".join(str(int(person)) for person in persons) or "null"
    return found.extra(where=[f"person_index.person in ({ids})"])  # noqa: S610


class Sight:
    """A reader's decisions about many persons. Give every index row that will be asked about."""

    def __init__(self, reader: Reader, rows: Iterable[Row]) -> None:
        self.reader = reader
        self._rows = {row.person_id: row for row in rows}
        actor = reader.actor
        self._granted = frozenset().union(*(grant.persons or frozenset() for grant in actor.grants))
        self._apart = actor.family | {actor.person or 0}
        self._day = day_of(reader.now)
        self._alike: dict[tuple[Any, ...], Decision] = {}
        self._near = self._near_of(reader)
        self._whole = {held_by: self._in_force(actor.reach_rows(held_by, None)) for held_by in actor.holders}
        self._key_of: dict[int, tuple[Any, ...]] = {}

    def row(self, person: int) -> Row:
        """Return the index row of a person."""
        return self._rows[person]

    def thing(self, person: int) -> Thing:
        """Return a person as the rule takes it, under today's labels."""
        return self.reader.thing(self._rows[person].indexed)

    def label(self, person: int) -> str:
        """Return the strongest of today's labels on a person's whole record."""
        return self._rows[person].label

    def alike(self, person: int) -> tuple[Any, ...]:
        """Return what decides about a person: who they are, or how all who are reached alike are reached."""
        found = self._key_of.get(person)
        if found is None:
            row = self._rows[person]
            alone = row.label != Label.OPEN or person in self._granted or person in self._apart or row.sort != "child"
            found = self._key_of[person] = (person,) if alone else (row.held_by_id, self._sorts(row))
        return found

    def _near_of(self, reader: Reader) -> dict[tuple[int, int], frozenset[ReachSort]]:
        """Return by what sorts each person near the reader is reached: by holder and person."""
        rows = Reach.objects.filter(actor_id=reader.account.person_id, person__isnull=False, from_date__lte=self._day)
        found: dict[tuple[int, int], set[ReachSort]] = defaultdict(set)
        for held_by, person, sort, until in rows.values_list("held_by_id", "person_id", "sort", "until_date"):
            if person is not None and (until is None or until > self._day):
                found[held_by, person].add(ReachSort(sort))
        return {key: frozenset(sorts) for key, sorts in found.items()}

    def _in_force(self, rows: Iterable[ReachRow]) -> frozenset[ReachSort]:
        return frozenset(row.sort for row in rows if row.holds_on(self._day))

    def _sorts(self, row: Row) -> frozenset[ReachSort]:
        whole = self._whole.get(row.held_by_id, frozenset())
        near = self._near.get((row.held_by_id, row.person_id))
        return whole | near if near else whole

    def _asked(
        self, person: int, what: tuple[Any, ...], ask: Callable[[Thing], Decision], **rest: Any
    ) -> Decision:  # fmt: skip
        row = self._rows[person]
        key = (*self.alike(person), what)
        if key not in self._alike:
            whole = self.reader.thing(row.indexed)
            labels = whole.labels | rest.pop("labels", frozenset())
            self._alike[key] = ask(
                Thing(held_by=whole.held_by, person=whole.person, labels=labels, named=whole.named, ask=whole.ask,
                      marks=whole.marks, **rest)
            )  # fmt: skip
        return self._alike[key]

    def reads(self, person: int, *, slice: str = CASEWORK, label: str = "open", sort: Sort = Sort.FACT) -> Decision:
        """Return the widest reading of one part of a person's record, under the fact's own label too."""
        labels = frozenset() if label == Label.OPEN else frozenset({Label(label)})
        return self._asked(person, (slice, label, sort), self.reader.reads, slice=slice, labels=labels, sort=sort)

    def exports(self, person: int, names: Sequence[str], *, labels: frozenset[Label] = frozenset()) -> Decision:
        """Return whether a person may stand in an export under one of its names, by the first role that may."""
        answers = [
            self._asked(
                person, ("export", name, labels), lambda thing: self.reader.decide(Verb.EXPORT, thing),
                sort=Sort.CHILD, name=name, labels=labels,
            )
            for name in names
        ]  # fmt: skip
        return next((answer for answer in answers if answer), answers[0])

    def may(self, verb: Verb, person: int) -> Decision:
        """Return whether the reader may do `verb` to a person's record as a whole."""
        row = self._rows[person]
        sort = Sort.CHILD if row.sort == "child" else Sort.ADULT
        return self._asked(person, (verb,), lambda thing: self.reader.decide(verb, thing), sort=sort)

    def shows_name(self, person: int) -> bool:
        """Return whether the reader may see who the person is, and not only that there is somebody."""
        return Mask.IDENTIFIER not in self.reads(person).masks


@lru_cache(maxsize=512)
def _shape(kind_name: str, masks: frozenset[Mask]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the fields that masks let through whole, and those that they cut to the sector of a postcode."""
    kind = KINDS[kind_name]
    decision = Decision(True, "", "shape", masks)
    seen = masked(dict.fromkeys(kind.fields, _PROBE), kind, decision)
    whole = frozenset(name for name, value in seen.items() if value == _PROBE)
    return whole, frozenset(seen) - whole


def values_seen(
    values: dict[str, Any], kind: Kind, decision: Decision, *, labels: frozenset[Label] = frozenset()
) -> dict[str, Any]:  # fmt: skip
    """Return what `masked` returns of a fact's values, at the cost of a list of thousands."""
    if not decision.allowed:
        return {}
    whole, cut = _shape(kind.name, decision.masks)
    if labels or cut or values.get("concealed_from"):
        return masked(values, kind, decision, labels=labels)
    return {name: value for name, value in values.items() if name in whole}


def fields_seen(kind_name: str, decision: Decision) -> frozenset[str]:
    """Return the fields of a kind that a decision shows as they are."""
    return _shape(kind_name, decision.masks)[0] if decision.allowed else frozenset()


def uids_in(texts: Iterable[str]) -> list[UUID]:
    """Return the public ids among texts that came from outside, each once; what is no id is left out."""
    found: dict[UUID, None] = {}
    for text in texts:
        try:
            found[UUID(text)] = None
        except (ValueError, AttributeError, TypeError):
            continue
    return list(found)
