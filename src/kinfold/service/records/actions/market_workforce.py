"""Taking in those who work in homes: a census file by an officer, or by a provider of its own homes. All of a file, or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.market.supply.sheet import Filled
from kinfold.market.supply.workforce import checked, rows_from
from kinfold.service.records import audit
from kinfold.service.records.commits import writing
from kinfold.service.records.models import HomeWorkforce
from kinfold.service.records.reads.market import shelf
from kinfold.service.records.reads.market_workforce import register_homes, registration
from kinfold.service.records.reads.provider_door import door, insist_own, own_key
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError


def take_in(reader: Reader, file: Filled, *, today: date) -> tuple[Filled, int]:
    """Take in a census file as an officer; return it with what is to be put right, and of how many homes something new was kept."""
    reader.insist(Verb.WRITE, registration(reader.account.held_by_id or 0), action="take in those who work in homes")
    whole = checked(file, today=today, own=None, known=register_homes(shelf(None)))
    return whole, 0 if whole.refusals else _keep(reader, whole, "taken in by an officer")


def send(reader: Reader, file: Filled, *, today: date) -> tuple[Filled, int]:
    """Take in what a provider says of those who work in its own homes; return it with what is to be put right, and how many homes changed."""
    page = door(reader)
    insist_own(reader, own_key(reader), Verb.WRITE)
    own = [one["urn"] for one in page.homes]
    whole = checked(file, today=today, own=own, known=own)
    return whole, 0 if whole.refusals else _keep(reader, whole, "said by the provider")


def _keep(reader: Reader, file: Filled, how: str) -> int:
    held_by = reader.account.held_by_id or 0
    new = [(urn, date.fromisoformat(said.pop("day")), said) for urn, said in rows_from(file.rows)]
    if not new:
        raise InputError(f"{file.name} has no row below its headings. Fill in one row for each home.")
    with writing(held_by=held_by, by=str(reader.account.uid), because=f"those who work in homes, {how}") as change:
        before = _held(held_by, [urn for urn, _, _ in new])
        changed = [one for one in new if before.get((one[0], one[1])) != one[2]]
        HomeWorkforce.objects.bulk_create(
            HomeWorkforce(held_by_id=held_by, urn=urn, day=day, said=said, by=reader.account, name=reader.account.name, at=change.at)
            for urn, day, said in changed
        )  # fmt: skip
        if changed:
            audit.append(
                held_by,
                [{"actor": change.by, "organisation": reader.account.organisation, "role": ", ".join(reader.role_names)[:60],
                  "action": change.because, "reason": f"{file.name}: {', '.join(urn for urn, _, _ in changed)}"[:200]}],
                at=change.at,
            )  # fmt: skip
    return len(changed)


def _held(held_by: int, urns: list[str]) -> dict[tuple[str, date], dict[str, Any]]:
    rows = HomeWorkforce.objects.filter(held_by=held_by, urn__in=urns).order_by("at", "pk")
    return {(row.urn, row.day): row.said for row in rows}
