"""
What every door does with a row: read its cells, say what is wrong with it, and add what it states to its subject.

A `Row` reads cells one by one and keeps every trouble, so that one Problem says all that is wrong with it.
A `Gathering` collects what a delivery says of one subject: each row is counted once, and is either
stated in claims or quarantined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from kinfold.files.cells import DayForm, parse_code, parse_day, parse_whole_number, parse_yes_no
from kinfold.files.problems import Trouble, end_before_start, joined, missing, shown, too_long
from kinfold.record.claim import Claim, Key, Place, SubjectRecord
from kinfold.terms.codes import code_set

T = TypeVar("T")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100  # a year outside is a slip of the keyboard, not a date in anybody's life


@lru_cache(maxsize=50_000)
def read_code(name: str, text: str) -> str | Trouble | None:
    """
    Return the code of the set `name` that `text` stands for at any date; None for a blank.

    Whether the code held on the day is a finding of the returns, not a reason to lose the row.
    """
    codes = code_set(name)
    return parse_code(codes, text, meaning=codes.title[:1].lower() + codes.title[1:])


@lru_cache(maxsize=100_000)
def read_day(text: str, form: DayForm) -> date | Trouble | None:
    """Return the day, refused as well when its year is out of all reason; None for a blank."""
    day = parse_day(text, form)
    if isinstance(day, date) and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return Trouble("impossible_date", f"the year of {shown(text)} cannot be right", "Correct the date.")
    return day


class Row:
    """One row as it is read. `values` holds its cells by the source's own names; blank cells may be absent."""

    __slots__ = ("form", "original", "place", "troubles", "values")

    def __init__(
        self,
        place: Place,
        values: Mapping[str, str],
        form: DayForm = "yyyy-mm-dd",
        *,
        original: Mapping[str, str] | None = None,
    ) -> None:
        self.place = place
        self.values = values
        self.original = values if original is None else original  # what the quarantine shows
        self.form: DayForm = form
        self.troubles: list[Trouble] = []

    def text(self, name: str, *, longest: int = 1_000) -> str | None:
        """Return the cell's text without spaces at its ends; None when blank."""
        value = self.values.get(name)
        if not value:
            return None
        value = value.strip()
        if len(value) > longest:
            self.troubles.append(too_long(name, length=len(value), longest=longest))
        elif not value.isprintable() and any(ord(letter) < 32 and letter not in "\t\r\n" for letter in value):
            self.troubles.append(
                Trouble("wrong_characters", f"{name} holds a control character", "Take the character out.", name)
            )
        else:
            return value or None
        return None

    def day(self, name: str) -> date | None:
        """Return the cell's day; None when blank or wrong."""
        value = self.values.get(name)
        if not value:
            return None
        return self._checked(name, read_day(value, self.form))

    def code(self, name: str, codes: str) -> str | None:
        """Return the cell's code of the set `codes`; None when blank or unknown."""
        value = self.values.get(name)
        if not value:
            return None
        return self._checked(name, read_code(codes, value))

    def codes(self, name: str, codes: str, values: Iterable[str]) -> list[str]:
        """Return several codes of one field, each once, in the order given."""
        found = [self._checked(name, read_code(codes, value)) for value in values]
        return list(dict.fromkeys(code for code in found if code is not None))

    def flag(self, name: str) -> bool | None:
        """Return the cell's yes or no; None when blank or neither."""
        value = self.values.get(name)
        if not value:
            return None
        return self._checked(name, parse_yes_no(value))

    def number(self, name: str, *, highest: int | None = None) -> int | None:
        """Return the cell's whole number; None when blank or wrong."""
        value = self.values.get(name)
        if not value:
            return None
        return self._checked(name, parse_whole_number(value, highest=highest))

    def needed(self, name: str, what: str) -> None:
        """Say that the cell must not be blank; `what` names it as people do."""
        if not (self.values.get(name) or "").strip():
            self.troubles.append(missing(name, what))

    def in_order(self, start: date | None, end: date | None, *, what: str, field: str) -> None:
        """Say so when a period ends before it starts. A spell may begin and end on one day."""
        if start is not None and end is not None and end < start:
            self.troubles.append(end_before_start(field, what=what, start=start, end=end))

    def trouble(self, code: str, what: str, fix: str, field: str = "") -> None:
        """Say anything else that is wrong with the row."""
        self.troubles.append(Trouble(code, what, fix, field))

    def _checked(self, name: str, value: T | Trouble | None) -> T | None:
        if isinstance(value, Trouble):
            self.troubles.append(value._replace(what=_naming(name, value.what), field=name))
            return None
        return value


def _naming(name: str, what: str) -> str:
    """Return what is wrong with the field's name in it, once."""
    what = what.strip()
    return what if what.startswith(name) else f"{name}: {what}"


def as_payload(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return JSON types under the declared names: days as text, unknown values and empty lists left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None and value != []
    }


@dataclass(slots=True)
class Gathering:
    """Everything a delivery says of one subject, as it is read."""

    record: SubjectRecord
    stated: dict[tuple[str, str], Claim] = field(default_factory=dict)

    def row(self, row: Row) -> bool:
        """Count the row; quarantine it if anything is wrong with it. Return whether it is good."""
        self.record.rows += 1
        if row.troubles:
            self.quarantine(row)
            return False
        return True

    def quarantine(self, row: Row) -> None:
        """Keep the row's troubles as its one Problem. The row has been counted already."""
        problems = self.record.problems
        if problems and problems[-1].place == row.place:
            problems.pop()  # it has come to light that more is wrong with the row
        problems.append(joined(row.place, row.troubles, row.original))

    def state(
        self,
        kind: str,
        key: str,
        row: Row,
        payload: Mapping[str, Any],
        *,
        valid_from: date | None = None,
        valid_to: date | None = None,
        party: Key | None = None,
        ref: str | None = None,
    ) -> None:
        """
        Add what a row states as its own fact.

        A row that says word for word what an earlier one said is quarantined as a repeat; one that shares
        the key and differs is another fact, and is numbered.
        """
        claim = Claim(kind, key, valid_from, valid_to, as_payload(payload), (row.place,), party, ref)
        number = 1
        while (earlier := self.stated.get((kind, claim.natural_key))) is not None:
            if _same(earlier, claim):
                what = f"it says word for word what row {earlier.places[0].row} says"
                row.trouble("duplicate", what, "Remove one of the two rows.")
                self.quarantine(row)
                return
            number += 1
            claim.natural_key = f"{key}#{number}"
        self._keep(claim)

    def support(
        self,
        kind: str,
        key: str,
        row: Row,
        payload: Mapping[str, Any],
        *,
        valid_from: date | None = None,
        valid_to: date | None = None,
        party: Key | None = None,
        ref: str | None = None,
    ) -> Claim:
        """Add what several rows may state of one fact: the first to say a thing is kept, later rows add to it."""
        earlier = self.stated.get((kind, key))
        values = as_payload(payload)
        if earlier is None:
            return self._keep(Claim(kind, key, valid_from, valid_to, values, (row.place,), party, ref))
        for name, value in values.items():
            earlier.payload.setdefault(name, value)
        earlier.valid_to = earlier.valid_to or valid_to
        if row.place not in earlier.places:
            earlier.places = (*earlier.places, row.place)
        return earlier

    def identify(self, sort: str, value: str | None) -> None:
        """Add a number by which the subject can be found, once."""
        if value and (sort, value) not in self.record.identifiers:
            self.record.identifiers.append((sort, value))

    def _keep(self, claim: Claim) -> Claim:
        self.stated[claim.kind, claim.natural_key] = claim
        self.record.claims.append(claim)
        return claim


def _same(one: Claim, other: Claim) -> bool:
    return (
        one.payload == other.payload
        and one.valid_from == other.valid_from
        and one.valid_to == other.valid_to
        and one.party == other.party
        and one.ref == other.ref
    )
