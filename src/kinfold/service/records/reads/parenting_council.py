"""The council itself as a corporate parent, for a reader: its year by the principles, and its own report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kinfold.access.words import Verb
from kinfold.care.case import Fact
from kinfold.care.corporate_parenting import (
    APPROVED,
    COUNCILS_REPORT,
    DECISION,
    WAITING,
    BodyYear,
    Year,
    body_year,
    councils_principles,
    councils_report,
    step_of,
)
from kinfold.service.records.models import BodyFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.parenting import KINDS_READ, asked_of, may_write
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import NOTHING, actor_of, facts_by_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class OurYear:
    """The council's year: what it did by the principles, what it offers, and its report as far as the reader sees it."""

    name: str
    held_by: int
    year: BodyYear
    report: Fact | None
    may_write: bool
    may_decide: bool

    @property
    def step(self) -> str:
        """Return how far the report has come; empty before it is begun."""
        return step_of(self.report)

    @property
    def shows_report(self) -> bool:
        """Return whether the reader reads the report: everybody once it is approved, before that who writes and decides."""
        return self.report is not None and (self.step == APPROVED or self.may_write or self.may_decide)


def council_row(held_by: int) -> ThingRow | None:
    """Return the council as a body that facts are about; None before anything is said of it."""
    with as_system():
        found = BodyFact.objects.filter(held_by_id=held_by, kind="council_details", known_to__isnull=True)
        row = found.select_related("subject__held_by").first()
        return row.subject if row is not None else None


def our_year(reader: Reader, year: Year) -> OurYear:
    """Return the year of the reader's own council. Raises NotPermitted for somebody of no council."""
    holder = reader.account.held_by
    if holder is None:
        raise NotPermitted(NOTHING)
    row = council_row(holder.pk)
    facts = facts_by_person([row.pk], (*KINDS_READ, COUNCILS_REPORT))[row.pk] if row is not None else []
    report = councils_report(facts, year)
    return OurYear(
        name=holder.name, held_by=holder.pk, year=body_year(facts, year, councils_principles()), report=report,
        may_write=may_write(reader), may_decide=may_decide(reader, report),
    )  # fmt: skip


def may_decide(reader: Reader, report: Fact | None) -> bool:
    """Return whether the reader may approve a report: the director, and nobody what they wrote themselves."""
    if report is None or step_of(report) != WAITING:
        return False
    asked = replace(
        asked_of(reader.account.held_by_id), name=DECISION, written_by=actor_of(getattr(report, "recorded_by", ""))
    )
    return bool(reader.decide(Verb.DECIDE, asked))
