"""
A provider's own door in the regulator's installation: its homes, the notices served on it, its plans, and its vacancies.

An account is bound to a provider by the organisation that an administrator gave it. What a provider sees of a case are the notices
served on it and what it sent itself: never the journal, the evidence, or that there is a case at all before a notice was served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from kinfold.access.things import Thing, day_of
from kinfold.access.words import Sort, Verb
from kinfold.market.cases.journal import AGREED, Line
from kinfold.market.owners import company_number_in, owner_key
from kinfold.service.records.market_journals import lines_of
from kinfold.service.records.models import HomeVacancy, MarketCase, MarketLine
from kinfold.service.records.reads.market import shelf
from kinfold.service.records.reads.market_cases import OVERSIGHT, PENALTY, worked
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

PROVIDER = "provider_user"
NOTHING = "There is nothing here that you can open."
Vacancy = HomeVacancy  # by this name pages know it: they import no table
WAITS_FOR_A_PLAN = ("notice served", "plan overdue", "plan rejected")


@dataclass(frozen=True, slots=True)
class Served:
    """A case in which a notice was served on the provider, with the notices (the lines that served them) and what it sent."""

    row: MarketCase
    working: Any
    notices: tuple[Line, ...]
    today: date
    is_copy: bool = False  # a subsidiary's: the parent is who must send a plan

    @property
    def is_oversight(self) -> bool:
        """Return whether it is about an improvement plan, not a penalty."""
        return self.row.sort == OVERSIGHT

    @property
    def may_represent_until(self) -> date | None:
        """Return the last day for representations on a notice of intention while it has not passed, None otherwise."""
        if not self.is_oversight and self.working.state != "intention served":
            return None
        until: date | None = (
            self.working.representations_until if self.is_oversight else self.working.case.representations_until
        )
        return until if until is not None and self.today <= until else None

    @property
    def may_send_a_plan(self) -> bool:
        """Return whether a plan is waited for."""
        return self.is_oversight and not self.is_copy and self.working.state in WAITS_FOR_A_PLAN


@dataclass(frozen=True, slots=True)
class Door:
    """What a provider's own page shows. `homes` are its settings on the register's last day, empty where none is loaded."""

    name: str
    homes: Sequence[dict[str, Any]]
    day: date | None
    vacancies: dict[str, HomeVacancy]
    served: Sequence[Served]
    today: date


def own_key(reader: Reader, *, part: str = "registration") -> str:
    """Return the key of the reader's own provider. Raises NotPermitted, recorded, for an account that is bound to none."""
    key = owner_key(reader.account.organisation) if reader.account.organisation.strip() else ""
    insist_own(reader, key, Verb.READ, part=part)
    return key


def insist_own(reader: Reader, key: str, verb: Verb, *, part: str = "registration") -> None:
    """
    Insist that the reader may do this with what is a provider's own. Raises NotPermitted, recorded, for another's.

    `part` is the slice: its registration, or its finances (provider_finances).
    """
    held_by = reader.account.held_by_id or 0
    is_own = PROVIDER in reader.role_names and bool(key) and key == owner_key(reader.account.organisation)
    asked = Thing(sort=Sort.RECORD, held_by=held_by, slice=part, organisation=held_by if is_own else None)
    reader.insist(verb, asked, action="a provider's own")


def door(reader: Reader) -> Door:
    """Return what the reader's own provider sees, and record the look. Raises NotPermitted for anybody else."""
    key = own_key(reader)
    served = served_on(reader, key)
    day, homes = _homes(reader, key, served)
    with as_system():
        rows = HomeVacancy.objects.filter(held_by=reader.account.held_by_id, urn__in=[one["urn"] for one in homes])
        vacancies = {row.urn: row for row in rows.order_by("at", "pk")}
    reader.looked(reader.account.held_by_id or 0, "a provider's own page", [])
    return Door(reader.account.organisation, homes, day, vacancies, served, day_of(reader.now))


def _homes(reader: Reader, key: str, served: Sequence[Served]) -> tuple[date | None, list[dict[str, Any]]]:
    """Return the settings that are registered to the provider, or that a notice served on it names as its subsidiaries'."""
    held = shelf(None)
    if held is None:
        return None, []
    named = {urn for one in served if one.is_oversight and one.working.group
             for subsidiary in one.working.group.subsidiaries for urn in subsidiary.establishments}  # fmt: skip
    rows = held.register.on(held.day)
    own = rows.filter(pl.col("owner_key") == key)
    numbers = {company_number_in(name) for name in own["owner"].drop_nulls().unique()} - {None}
    said = company_number_in(reader.account.organisation)
    if said is not None:
        own = own.filter(
            pl.col("owner").map_elements(lambda name: company_number_in(name) in (None, said), return_dtype=pl.Boolean)
        )
    elif len(numbers) > 1:  # two companies of one name: whose account this is nobody has said
        own = own.clear()
    listed = pl.concat([own, rows.filter(pl.col("urn").is_in(sorted(named)))]).unique("urn").sort("urn")
    return held.day, listed.to_dicts()


def served_on(reader: Reader, key: str) -> list[Served]:
    """Return the cases of the reader's holder in which a notice was served on a provider, the latest first."""
    with as_system():
        lines = MarketLine.objects.filter(
            case__held_by=reader.account.held_by_id,
            case__sort__in=(OVERSIGHT, PENALTY),
            sort=AGREED,
            said__has_key="serves",
        )
        rows = list(MarketCase.objects.filter(pk__in=lines.values("case")).order_by("-opened_at", "-pk"))
        found = []
        for row in rows:
            working = worked(row, lines_of(row.lines.select_related("by").order_by("number")))
            names = [name for name in served_to(row, working) if is_own_name(name, reader.account.organisation)]
            if names and key:
                notices = tuple(line for line in working.journal if line.said.get("serves"))
                is_copy = row.sort == OVERSIGHT and served_to(row, working)[0] not in names
                found.append(Served(row, working, notices, day_of(reader.now), is_copy))
    return found


def served_to(row: MarketCase, working: Any) -> list[str]:
    """Return on whom the notices of a case are served: the parent undertaking and then its registered providers, or the person of a penalty."""
    if row.sort == OVERSIGHT:
        group = working.group
        return [group.parent or "", *(one.name for one in group.subsidiaries)] if group else []
    return [str(working.opened.said["name"])]


def is_own_name(name: str, organisation: str) -> bool:
    """Return whether an organisation is the company of a name; two of one name are told apart where both say their numbers."""
    named, said = company_number_in(name), company_number_in(organisation)
    return (
        bool(name) and owner_key(name) == owner_key(organisation) and (named is None or said is None or named == said)
    )


def one_served(reader: Reader, uid: str) -> Served:
    """Return a case in which a notice was served on the reader's own provider. Raises NotPermitted for any other, and for none."""
    key = own_key(reader)
    found = next((one for one in served_on(reader, key) if one.row.uid == UUID(uid)), None)
    if found is None:
        raise NotPermitted(NOTHING)
    return found


def vacancy_said(reader: Reader, urn: str) -> HomeVacancy | None:
    """Return what a home's provider said last of its free places, for an officer who reads registrations; None for anybody else."""
    held_by = reader.account.held_by_id or 0
    if not reader.decide(Verb.READ, Thing(sort=Sort.RECORD, held_by=held_by, slice="registration")):
        return None
    with as_system():
        return HomeVacancy.objects.filter(held_by=held_by, urn=urn).order_by("-at", "-pk").first()
