"""Public bodies as corporate parents, for a reader: each body's year, and what care leavers were offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.access.things import Thing as Asked
from kinfold.access.words import Sort, Verb
from kinfold.care.corporate_parenting import ACTION, DUTY, Answers, BodyYear, Year, answers_in_year, body_year
from kinfold.duties import days_in_force
from kinfold.service.records.models import BodyFact, EventFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import NOTHING, facts_by_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

KINDS_READ = (ACTION, "service_offered", "published_report")
# Partners that are public bodies; a charity or a court is a partner and has no such duty.
PUBLIC_BODIES = frozenset(
    {"integrated care board", "NHS trust", "regulator", "government department", "youth justice", "probation", "police",
     "housing", "other"}
)  # fmt: skip
SLICE = "leaving_care"


@dataclass(frozen=True, slots=True)
class Body:
    """One public body with its year."""

    uid: str
    name: str
    sort: str
    year: BodyYear


def in_force() -> date | None:
    """Return the day on which the duty came into force; None while it has not commenced."""
    return days_in_force().get(DUTY)


def asked_of(held_by: int | None) -> Asked:
    """Return the corporate parenting record of a holder as the rule of access takes it: no child is in it."""
    return Asked(sort=Sort.RECORD, held_by=held_by, slice=SLICE)


def may_write(reader: Reader) -> bool:
    """Return whether the reader records what bodies do."""
    held_by = reader.account.held_by_id
    return held_by is not None and bool(reader.decide(Verb.WRITE, asked_of(held_by)))


def bodies(reader: Reader, year: Year) -> list[Body]:
    """Return the public bodies of the reader's holders with their year, those with least recorded first."""
    with as_system():
        rows = BodyFact.objects.filter(
            held_by__in=reader.holders, kind="partner_details", known_to__isnull=True, status="final"
        ).select_related("subject")
        public = [row for row in rows if row.payload.get("partner_type") in PUBLIC_BODIES]
    facts = facts_by_person([row.subject_id for row in public], KINDS_READ)
    found = [
        Body(str(row.subject.uid), row.payload.get("name") or "A body without a name",
             row.payload.get("partner_type") or "", body_year(facts[row.subject_id], year))
        for row in public
    ]  # fmt: skip
    return sorted(found, key=lambda one: (len(one.year.met), one.year.report is not None, one.name))


def body(reader: Reader, uid: str, year: Year) -> tuple[ThingRow, Body]:
    """Return one public body with its year. Raises NotPermitted where there is none the reader may see."""
    row = ThingRow.objects.filter(uid=uid, word="body", held_by__in=reader.holders).select_related("held_by").first()
    found = next((one for one in bodies(reader, year) if row is not None and one.uid == str(row.uid)), None)
    if row is None or found is None:
        raise NotPermitted(NOTHING)
    return row, found


def offers(reader: Reader, year: Year) -> list[Answers]:
    """Return what care leavers were offered in a year with their answers, counted; nobody is named."""
    with as_system():
        rows = EventFact.objects.filter(
            held_by__in=reader.holders, kind="support_offer", known_to__isnull=True, status="final",
            valid_from__gte=year.starts, valid_from__lt=year.ends,
        )  # fmt: skip
        return answers_in_year(list(rows), year)


def by_part(found: Sequence[Body]) -> dict[str, int]:
    """Return how many bodies recorded something for each part of the duty."""
    counts: dict[str, int] = defaultdict(int)
    for one in found:
        for part in one.year.met:
            counts[part] += 1
    return counts
