"""Taking the capital programme in as a file: new projects are opened, what is new of known ones is added, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from kinfold.market.supply.programme_file import facts_of, lines_of
from kinfold.market.supply.sheet import Filled, FilledRow, Refusal
from kinfold.service.records.actions.market_cases import open_case, write
from kinfold.service.records.models import MarketCase
from kinfold.service.records.reads.market_cases import PROJECT, CasePage, cases
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError


@dataclass(slots=True)
class TakenIn:
    """What came of a file: projects opened, projects to which something was added, those it said nothing new of, and what to put right."""

    opened: int = 0
    added_to: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = field(default_factory=list)


class _TakenBack(Exception):
    """Nothing of a file is kept where one of its rows cannot be."""


def project_key(reference: str) -> str:
    """Return a project's reference as it is compared."""
    return " ".join(reference.casefold().split())


def open_project(reader: Reader, *, reference: str, name: str, facts: dict[str, Any], reasons: str) -> MarketCase:
    """Open a project and return it. Raises InputError where its reference is taken already, or it says too little."""
    key = project_key(reference)
    if MarketCase.objects.filter(held_by=reader.account.held_by_id, sort=PROJECT, about=key).exists():
        raise InputError(f"There is a project {reference} already. Open it, and record there what is new.")
    return open_case(reader, sort=PROJECT, about=key, name=name, said={"project": reference, **facts}, reasons=reasons)


def take_in(reader: Reader, file: Filled) -> TakenIn:
    """
    Take in a file of projects that was read, and return what came of it.

    Where any row cannot be kept nothing is: each one is said with its row. Raises NotPermitted by the role.
    """
    taken = TakenIn(refusals=list(file.refusals))
    if taken.refusals:
        return taken
    known = {one.row.about: one for one in cases(reader, PROJECT)}
    seen: dict[str, int] = {}
    with _all_or_nothing(taken):
        for row in file.rows:
            key = project_key(str(row.said["project"]))
            if key in seen:
                taken.refusals.append(
                    _refusal(file, row, f"This project stands in row {seen[key]} already. Leave one row for each.")
                )
                continue
            seen[key] = row.number
            _take_row(reader, file, row, known.get(key), taken)
    return taken


@contextmanager
def _all_or_nothing(taken: TakenIn) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            if taken.refusals:
                raise _TakenBack
    except _TakenBack:
        taken.opened = taken.added_to = taken.unchanged = 0


def _take_row(reader: Reader, file: Filled, row: FilledRow, known: CasePage | None, taken: TakenIn) -> None:
    because = f"From the file {file.name}, row {row.number}"
    try:
        with transaction.atomic():
            lines = lines_of(row.said, known.working if known else None)
            case = known.row if known else open_project(
                reader, reference=str(row.said["project"]), name=str(row.said["name"]), facts=facts_of(row.said), reasons=because
            )  # fmt: skip
            for sort, said in lines:
                write(reader, case, sort=sort, said=said, reasons=because)
    except InputError as error:
        taken.refusals.append(_refusal(file, row, str(error)))
        return
    if known is None:
        taken.opened += 1
    elif lines:
        taken.added_to += 1
    else:
        taken.unchanged += 1


def _refusal(file: Filled, row: FilledRow, message: str) -> Refusal:
    return Refusal(file.name, row.number, "The row as a whole", message)
