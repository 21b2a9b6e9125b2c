"""
From the dataset to the record: what one person's (worker's, department's) rows state, as claims.

Most tables need no words of their own (`rows.state`); those that do have them in `special`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from kinfold.files.problems import joined, shown
from kinfold.files.standard_safeguarding_dataset.layout import TABLES
from kinfold.files.standard_safeguarding_dataset.rows import SEPARATOR, Line, Lookups, Reading, read_row, state
from kinfold.files.standard_safeguarding_dataset.special import SPECIAL, finish
from kinfold.files.subject import Gathering
from kinfold.record.claim import Key, Place, SubjectRecord


def subject_of(key: Key, tables: Mapping[str, list[Line]], lookups: Lookups) -> SubjectRecord:
    """Return everything that a subject's rows state. `tables` holds the rows by table."""
    reading = Reading(Gathering(SubjectRecord(key, 0, _digest(tables))), lookups)
    if key.sort in ("child", "person"):
        reading.gathering.identify("la_child_id", key.value)
    for name, table in TABLES.items():
        for line in tables.get(name, ()):
            if line.spoilt is not None:
                reading.gathering.record.rows += 1
                place = Place(line.file, name, line.number)
                original = {"row": shown(line.text.replace(SEPARATOR, ","))}
                reading.gathering.record.problems.append(joined(place, [line.spoilt], original))
                continue
            row, values = read_row(table, line)
            SPECIAL.get(name, state)(reading, table, row, values)
    finish(reading)
    return reading.gathering.record


def _digest(tables: Mapping[str, list[Line]]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(tables):
        for line in tables[name]:
            digest.update(f"{name}{SEPARATOR}{line.text}\n".encode("utf-8", "surrogatepass"))
    return digest.digest()
