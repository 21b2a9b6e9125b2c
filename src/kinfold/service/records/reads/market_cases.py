"""The regulator's cases about providers, as a reader may open them: each read from its journal, and every look recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings

from kinfold.access.things import Thing, day_of
from kinfold.access.words import Installation, Mark, Sort, Verb
from kinfold.market.cases import financial, penalty, project, registration, unregistered
from kinfold.market.cases.journal import Line
from kinfold.market.oversight import working as oversight
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.market_journals import lines_of
from kinfold.service.records.models import KeptFile, MarketCase, MarketLine
from kinfold.service.records.reads.papers import contents
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

OVERSIGHT, UNREGISTERED, PENALTY, FINANCIAL, PROJECT, REGISTRATION = (sort.value for sort in MarketCase.Sort)
SLICES = {
    OVERSIGHT: "provider_group",
    UNREGISTERED: "enforcement",
    PENALTY: "enforcement",
    FINANCIAL: "provider_finances",
    PROJECT: "funding",
    REGISTRATION: "registration",
}
NOTHING = "There is nothing here that you can open."
CaseRow = MarketCase  # by this name pages know a case's row: they import no table


def thing_of(held_by: int, sort: str, *, name: str = "", marks: Iterable[Mark] = ()) -> Thing:
    """Return a case as the rule of access takes it."""
    slice_ = SLICES[FINANCIAL] if sort == PENALTY and is_department() else SLICES[sort]
    return Thing(sort=Sort.RECORD, held_by=held_by, slice=slice_, name=name, marks=frozenset(marks))


def is_department() -> bool:
    """Return whether this is the Department's installation: its penalties are those of the Secretary of State, about finances."""
    return bool(Installation.DEPARTMENT.value == settings.INSTALLATION)


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as a page shows it: its row, what its journal makes of it (`working`), and whether the reader may write in it."""

    row: MarketCase
    working: Any
    may_write: bool
    today: date
    reader_uid: str

    @property
    def state(self) -> str:
        """Return the state the case is in."""
        return str(self.working.state)

    @property
    def journal(self) -> Sequence[Line]:
        """Return the lines of the case, the first one first."""
        lines: Sequence[Line] = self.working.journal
        return lines


_ROOMS: Mapping[str, Callable[[Sequence[Line]], Any]] = {
    OVERSIGHT: oversight.worked, UNREGISTERED: unregistered.worked, FINANCIAL: financial.worked, PROJECT: project.worked,
    REGISTRATION: registration.worked,
}  # fmt: skip


def worked(row: MarketCase, journal: Sequence[Line]) -> Any:
    """Return what a journal makes of a case of its sort. Raises InputError at a line that may not stand."""
    if row.sort in _ROOMS:
        return _ROOMS[row.sort](journal)
    return penalty.worked(journal, packs=partial(pack, JURISDICTION), other_penalties=_penalties_that_stand(row))


def _penalties_that_stand(row: MarketCase) -> list[str]:
    """Return the references of other penalties for the same act that were imposed and not cancelled."""
    return _standing(
        MarketCase.objects.filter(held_by=row.held_by_id, sort=PENALTY, about=row.about).exclude(pk=row.pk)
    )


def penalties_from(row: MarketCase) -> list[str]:
    """Return the references of penalties that a case led to, imposed and not cancelled."""
    with as_system():
        return _standing(row.led_to.filter(sort=PENALTY).order_by("pk"))


def _standing(penalties: Iterable[MarketCase]) -> list[str]:
    found = []
    for other in penalties:
        states = penalty.worked(journal_of(other), packs=partial(pack, JURISDICTION)).days
        if "final notice" in states and "cancelled" not in states:
            found.append(other.reference)
    return found


def journal_of(row: MarketCase) -> list[Line]:
    """Return the lines of a case, the first one first."""
    return lines_of(row.lines.select_related("by").order_by("number"))


def cases(reader: Reader, sort: str) -> list[CasePage]:
    """Return the cases of a sort that the reader may open, the newest first, each as its journal makes it."""
    with as_system():
        rows = list(MarketCase.objects.filter(held_by__in=reader.holders, sort=sort).order_by("-opened_at", "-pk"))
        lines: dict[int, list[MarketLine]] = defaultdict(list)
        for line in MarketLine.objects.filter(case__in=rows).select_related("by").order_by("case", "number"):
            lines[line.case_id].append(line)
        found = [
            _page(reader, row, worked(row, lines_of(lines[row.pk])))
            for row in rows
            if reader.decide(Verb.READ, thing_of(row.held_by_id, sort))
        ]
    for held_by in {one.row.held_by_id for one in found}:
        reader.looked(held_by, f"list of cases: {sort}", [])
    return found


def case(reader: Reader, sort: str, uid: str) -> CasePage:
    """Return a case, and record the look. Raises NotPermitted for one that is not there or not the reader's to open."""
    row = case_row(reader, sort, uid)
    with as_system():
        found = _page(reader, row, worked(row, journal_of(row)))
    reader.looked(row.held_by_id, f"case {row.reference}", [])
    return found


def case_row(reader: Reader, sort: str, uid: str) -> MarketCase:
    """Return the row of a case that the reader may open. Raises NotPermitted otherwise."""
    with as_system():
        row = MarketCase.objects.filter(uid=UUID(uid), sort=sort, held_by__in=reader.holders).first()
    if row is None:
        raise NotPermitted(NOTHING)
    reader.insist(Verb.READ, thing_of(row.held_by_id, sort), action=f"open a case of {sort}")
    return row


def _page(reader: Reader, row: MarketCase, working: Any) -> CasePage:
    may_write = bool(reader.decide(Verb.WRITE, thing_of(row.held_by_id, row.sort)))
    return CasePage(row, working, may_write, day_of(reader.now), str(reader.account.uid))


def exhibit(reader: Reader, sort: str, uid: str, number: int) -> tuple[KeptFile, Iterator[bytes]]:
    """Return the file of an item of evidence, and record the look. Raises NotPermitted where there is none."""
    row = case_row(reader, sort, uid)
    with as_system():
        line = row.lines.filter(number=number, file__isnull=False).select_related("file").first()
    if line is None or line.file is None:
        raise NotPermitted(NOTHING)
    reader.looked(row.held_by_id, f"exhibit {number} of {row.reference}", [])
    return line.file, contents(line.file)


@dataclass(frozen=True, slots=True)
class Related:
    """Another case that belongs to one: it came from it, it led to it, or it is about the same group or act."""

    row: MarketCase
    because: str


def related(reader: Reader, row: MarketCase) -> list[Related]:
    """Return the cases that belong to a case and that the reader may open; repeat operators are `market_operators.connected`."""
    with as_system():
        same = MarketCase.objects.filter(held_by=row.held_by_id, sort=row.sort, about=row.about).exclude(pk=row.pk)
        found = [Related(one, "led to") for one in row.led_to.order_by("pk")]
        if row.origin is not None:
            found.insert(0, Related(row.origin, "came from"))
        if row.about and row.sort != UNREGISTERED:
            found += [Related(one, "about the same") for one in same.order_by("pk")]
    return [one for one in found if reader.decide(Verb.READ, thing_of(one.row.held_by_id, one.row.sort))]
