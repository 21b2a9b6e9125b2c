"""
A provider's own door in the Department's installation: the returns and plans it sent, and what is waited for.

It sees that it is in the scheme, what it sent and what it is to send next: never the score, the stage, the journal, a warning, or
that a determination is being made before it was made. Another provider's returns look like none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kinfold.access.things import day_of
from kinfold.files.attached import Attached
from kinfold.market.cases.financial import Working, is_late, waited_for
from kinfold.market.cases.journal import Line, day_said
from kinfold.market.owners import company_number_in
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.service.records.models import MarketCase, MarketLine
from kinfold.service.records.reads.market import shelf
from kinfold.service.records.reads.market_cases import FINANCIAL, journal_of, worked
from kinfold.service.records.reads.papers import contents
from kinfold.service.records.reads.provider_door import NOTHING, own_key
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

FINANCES = "provider_finances"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A provider in the scheme as its own people see it: its case's row, what its journal came to, today and the policy."""

    row: MarketCase
    working: Working
    today: date
    policy: Pack

    @property
    def waits(self) -> tuple[date, date] | None:
        """Return the period whose return is waited for and its last day, None once the group has left the scheme."""
        return waited_for(self.working, today=self.today, pack=self.policy)

    @property
    def sent(self) -> Sequence[Line]:
        """Return the returns that were received, the last one first."""
        return tuple(reversed(self.working.returns))

    def one(self, number: int) -> Line:
        """Return a return that was received by the number of its line. Raises NotPermitted where there is none."""
        found = next((line for line in self.working.returns if line.number == number), None)
        if found is None:
            raise NotPermitted(NOTHING)
        return found

    def version(self, line: Line) -> int:
        """Return which of the returns for its period one is, from 1."""
        return self.working.versions(line.said["period_end"]).index(line) + 1

    def days_late(self, line: Line) -> int:
        """Return by how many days a return came too late, 0 where it did not."""
        if not is_late(line, self.policy):
            return 0
        due = day_said(line, "period_end").toordinal() + int(self.policy["return_due"])
        return day_said(line, "received_on").toordinal() - due


def scheme(reader: Reader) -> Scheme | None:
    """Return the reader's own provider in the scheme, and record the look; None where no determination was made of it."""
    key, found = own_key(reader, part=FINANCES), None
    with as_system():
        for row in MarketCase.objects.filter(held_by=reader.account.held_by_id, sort=FINANCIAL, about=key).order_by(
            "pk"
        ):
            working: Working = worked(row, journal_of(row))
            if working.determined and is_the_company(key, row.name, reader.account.organisation):
                today = day_of(reader.now)
                found = Scheme(row, working, today, pack(JURISDICTION, today))
    reader.looked(reader.account.held_by_id or 0, "a provider's own returns", [])
    return found


def is_the_company(key: str, name: str, organisation: str) -> bool:
    """Return whether an account's organisation is the company of a case: two companies of one name are told apart by their numbers."""
    said, named = company_number_in(organisation), company_number_in(name)
    if said is not None and said == named:
        return True
    held = shelf(None)
    owners = (
        []
        if held is None
        else held.settings.filter(pl.col("owner_key") == key)["owner"].drop_nulls().unique().to_list()
    )
    return len({said, named, *map(company_number_in, owners)} - {None}) <= 1


def in_scheme(reader: Reader) -> Scheme:
    """Return the reader's own provider in the scheme. Raises NotPermitted where it is not in it."""
    found = scheme(reader)
    if found is None:
        raise NotPermitted(NOTHING)
    return found


def own_file(reader: Reader, number: int) -> Attached:
    """Return the workbook of a return that the reader's own provider sent. Raises NotPermitted for anything else."""
    found = in_scheme(reader)
    line = found.one(number)
    with as_system():
        kept = MarketLine.objects.select_related("file").get(case=found.row, number=line.number).file
        if kept is None:
            raise NotPermitted(NOTHING)
        return Attached(kept.name, kept.media_type, b"".join(contents(kept)))
