"""A return of a few invented children, written where a test asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from kinfold.files import ssda903
from kinfold.files.received import Incoming, Limits
from kinfold.files.recognise import Deliveries, Options, recognise
from kinfold.files.ssda903.layout import BY_NAME
from kinfold.record.claim import Delivery, SubjectRecord

TODAY = date(2026, 6, 1)

Deliver = Callable[..., Delivery]


def csv_text(table: str, *rows: str) -> str:
    """Return the text of one table: its header and the rows."""
    return "\n".join([",".join(BY_NAME[table].names), *rows]) + "\n"


def recognised(path: Path, *, limits: Limits | None = None, options: Options | None = None) -> Deliveries:
    """Return what the door makes of a path."""
    incoming = [Incoming(path.name, path)]
    return recognise(incoming, today=TODAY, limits=limits, options=options, known=[ssda903.DOOR])


def record_of(delivery: Delivery, child: str = "A1") -> SubjectRecord:
    """Return one child's record."""
    return next(record for record in delivery.read() if record.subject.value == child)


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    """Write tables ({"Episodes": [row, ..]}) into a folder and return the delivery they are."""

    def write(tables: Mapping[str, list[str]], *, collection: str | None = "2025-26") -> Delivery:
        folder = tmp_path / "return"
        folder.mkdir(exist_ok=True)
        for name, rows in tables.items():
            (folder / f"{name}.csv").write_text(csv_text(name, *rows), encoding="utf-8")
        (delivery,) = recognised(folder, options=Options(collection=collection))
        return delivery

    return write
