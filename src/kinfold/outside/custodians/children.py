"""
Invented children as six invented organisations know them: each knows some of them, spells them its own way, and has
its own hours. The same seed gives the same organisations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from kinfold.outside.custodians import records
from kinfold.outside.custodians.local import Entry, Known, LocalSystem


@dataclass(frozen=True, slots=True)
class Organisation:
    """One sort of organisation: how likely it knows a child of which ages, and what it writes down."""

    code: str
    name: str
    sort: str
    system: str
    record_type: str
    record: records.Record
    share: float
    ages: tuple[int, int] = (0, 25)
    number: str = ""
    down_hours: frozenset[int] = frozenset()
    short_names: bool = False


# The school system is copied at night; the neighbouring council's system is shut down from midnight to five.
ORGANISATIONS = (
    Organisation("vale-schools", "Vale Schools Trust", "education", "Pupil system", "education", records.school_record,
                 0.95, ages=(4, 18), number="upn", down_hours=frozenset({3})),
    Organisation("harrow-health", "Harrow Lane Health", "health", "Patient system", "health", records.health_record,
                 0.97, number="nhs_number"),
    Organisation("vale-police", "Vale Police", "police", "Crime system", "crime_justice", records.police_record, 0.3),
    Organisation("vale-youth-justice", "Vale Youth Justice Service", "police", "Youth justice system", "crime_justice",
                 records.justice_record, 0.15, ages=(10, 18)),
    Organisation("vale-homes", "Vale Homes", "housing", "Tenancy system", "personal", records.housing_record, 0.45,
                 short_names=True),
    Organisation("ashford-vale", "Ashford Vale Council", "local_authority", "Case system", "childrens_services",
                 records.council_record, 0.25, down_hours=frozenset(range(0, 5))),
)  # fmt: skip


def systems(children: Sequence[Known], *, seed: int, today: date) -> list[LocalSystem]:
    """Return the six organisations' systems, each with its own records about some of the children."""
    return [_system(one, children, seed=seed, today=today) for one in ORGANISATIONS]


def _system(one: Organisation, children: Sequence[Known], *, seed: int, today: date) -> LocalSystem:
    made = LocalSystem(
        one.code, one.name, one.sort, one.system, (one.record_type,), number=one.number, down_hours=one.down_hours
    )
    for place, child in enumerate(children):
        chance = Random(f"{seed}:{one.code}:{place}")  # noqa: S311 -- invented people need a repeatable generator
        born = date.fromisoformat(child.birth_date)
        if chance.random() < one.share and one.ages[0] <= (today - born).days // 365 <= one.ages[1]:
            number = f"{one.code[:3].upper()}{place:06d}"
            payload = one.record(chance, born, today)
            made.entries.append(Entry(number, one.record_type, _as_known(one, child), payload))
    return made


def _as_known(one: Organisation, child: Known) -> Known:
    """Return the child as this organisation wrote them down: with its own number alone, and names cut short or not."""
    numbers = {name: getattr(child, name) if name == one.number else "" for name in ("nhs_number", "upn")}
    given = child.given[:4] if one.short_names else child.given
    return replace(child, given=given, family=child.family.upper() if one.sort == "police" else child.family, **numbers)


def known_from(said: Sequence[dict[str, Any]]) -> list[Known]:
    """Return children from the values a file holds; those without a day of birth are known to nobody."""
    names = Known.__slots__
    return [Known(**{name: str(row.get(name) or "") for name in names}) for row in said if row.get("birth_date")]
