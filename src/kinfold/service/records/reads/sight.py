"""
What a reader may see of many children at once.

The rule of access is asked once for all who are reached alike, and one by one for those with a label, a grant of
their own or a tie to the reader: the answer is the same as if it had been asked for each (a test holds that).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from kinfold.access.fields import masked
from kinfold.access.slices import CASEWORK
from kinfold.access.things import Decision, Thing, day_of
from kinfold.access.words import Label, Mask, Sort, Verb
from kinfold.record.declare import KINDS, Kind
from kinfold.service.records.models import PersonIndex
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.tables import in_chunks

# A value that shows whether a field is passed, cut to the sector of a postcode, or left out.
_PROBE = "AA1 1AA"


class Sight:
    """A reader's decisions about many persons. Give every index row that will be asked about."""

    def __init__(self, reader: Reader, rows: Iterable[PersonIndex]) -> None:
        self.reader = reader
        self._rows = {row.person_id: row for row in rows}
        for chunk in in_chunks(sorted(self._rows), 5000):
            reader.prepare(chunk)
        actor = reader.actor
        self._granted = frozenset().union(*(grant.persons or frozenset() for grant in actor.grants))
        self._apart = actor.family | {actor.person or 0}
        self._day = day_of(reader.now)
        self._alike: dict[tuple[Any, ...], Decision] = {}
        self._key_of: dict[int, tuple[Any, ...]] = {}

    def row(self, person: int) -> PersonIndex:
        """Return the index row of a person."""
        return self._rows[person]

    def label(self, person: int) -> str:
        """Return the strongest of today's labels on a person's whole record."""
        return self._rows[person].label

    def _key(self, row: PersonIndex) -> tuple[Any, ...]:
        """Return what decides about a person: alone, or together with all who are reached alike."""
        found = self._key_of.get(row.person_id)
        if found is None:
            alone = row.label != Label.OPEN or row.person_id in self._granted or row.person_id in self._apart
            near = self.reader.actor.reach_rows(row.held_by_id, row.person_id)
            sorts = frozenset(reach.sort for reach in near if reach.holds_on(self._day))
            found = (row.person_id,) if alone or row.sort != "child" else (row.held_by_id, sorts)
            self._key_of[row.person_id] = found
        return found

    def _asked(
        self, person: int, what: tuple[Any, ...], ask: Callable[[Thing], Decision], **rest: Any
    ) -> Decision:  # fmt: skip
        row = self._rows[person]
        key = (*self._key(row), what)
        if key not in self._alike:
            whole = self.reader.thing(row)
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
