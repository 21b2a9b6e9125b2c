"""One fact with its history: every version, what changed in each, by whom, from which file, row and field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kinfold.access.fields import hidden_fields, masked
from kinfold.access.slices import slice_of
from kinfold.access.things import Thing
from kinfold.access.words import Label, Sort
from kinfold.record.declare import KINDS, Kind, Word
from kinfold.record.in_time import FactVersion
from kinfold.service.records.commits import moment_of
from kinfold.service.records.models import FACT_TABLES, Account, LoadFile
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.kept_for_family import read_through
from kinfold.service.records.reads.person import SORT_OF_WORD
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import history_of_fact
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one field's value came from: the source's own name for it."""

    field: str
    meaning: str
    value: Any
    source_name: str


@dataclass(frozen=True, slots=True)
class Told:
    """One version as it is shown."""

    version: FactVersion
    known_from: datetime | None
    known_to: datetime | None
    reason: str
    by: str
    file: str
    fields: tuple[Provenance, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactHistory:
    """A fact and its versions, newest first."""

    kind: Kind
    person: str
    versions: tuple[Told, ...]


def fact_with_history(reader: Reader, word: str, fact: str) -> FactHistory:
    """Return a fact's versions as the reader may see them, and record the View. Raises NotPermitted otherwise."""
    if word not in FACT_TABLES:
        raise NotPermitted("There is nothing here that you can open.")
    with as_system():
        versions = history_of_fact(word, fact)
    if not versions:
        raise NotPermitted("There is nothing here that you can open.")
    last = versions[-1][0]
    kind = KINDS[last.kind]
    person = read_through(reader, ThingRow.objects.get(pk=last.subject), last.fact)
    thing = reader.thing(person)
    labels = thing.labels | {Label(v.label) for v, _ in versions if v.label != Label.OPEN.value}
    asked = Thing(
        sort=SORT_OF_WORD.get(kind.word, Sort.FACT), held_by=thing.held_by, person=thing.person,
        labels=frozenset(labels), named=thing.named, slice=slice_of(kind.name),
    )  # fmt: skip
    decision = reader.reads(asked)
    if not decision:
        reader.refused("fact", asked, decision)
        raise NotPermitted(decision.shown)
    reader.looked(person.held_by_id, f"fact: {kind.name}"[:48], [str(person.uid)], because=decision.because)
    names = dict(Account.objects.values_list("uid", "name").filter(uid__in=_accounts(versions)))
    told = tuple(
        _told(version, reason, kind, decision, frozenset(labels), {str(k): v for k, v in names.items()})
        for version, reason in reversed(versions)
    )
    return FactHistory(kind, str(person.uid), told)


def _accounts(versions: list[tuple[FactVersion, str]]) -> set[str]:
    return {str(v.recorded_by) for v, _ in versions if len(str(v.recorded_by)) == 36}


def _told(
    version: FactVersion, reason: str, kind: Kind, decision: Any, labels: frozenset[Label], names: dict[str, str]
) -> Told:
    values = masked(version.payload, kind, decision, labels=labels)
    start, end = kind.dates.get(version.source, (None, None))
    dates = []
    if version.valid_from is not None:
        dates.append(Provenance("valid_from", _first_day(kind), version.valid_from.isoformat(), start or ""))
    if version.valid_to is not None:
        dates.append(Provenance("valid_to", "The first day it no longer held", version.valid_to.isoformat(), end or ""))
    fields = [
        Provenance(name, kind.fields[name].meaning, value, kind.fields[name].names.get(version.source, ""))
        for name, value in values.items()
    ]
    file = ""
    if version.load is not None and version.place is not None:
        file = (
            LoadFile.objects.filter(load_id=version.load, position=version.place.file)
            .values_list("name", flat=True)
            .first()
            or ""
        )
    return Told(
        version=version,
        known_from=moment_of(held_by=version.held_by, number=version.known_from),
        known_to=moment_of(held_by=version.held_by, number=version.known_to) if version.known_to else None,
        reason=reason,
        by=names.get(str(version.recorded_by), str(version.recorded_by or "")),
        file=file,
        fields=(*dates, *fields),
        hidden=tuple(hidden_fields(version.payload, kind, decision, labels=labels)),
    )


def _first_day(kind: Kind) -> str:
    return "The day" if kind.word in (Word.EVENT, Word.PAPER) else "The first day it held"
