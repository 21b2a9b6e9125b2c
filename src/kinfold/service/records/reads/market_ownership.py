"""Who owns a provider, from the ownership statements that are held: published facts, the same for everybody who may look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from kinfold.market.accounts.store import Measure, measures_of
from kinfold.market.owners import owner_key
from kinfold.market.ownership.bods import Statements
from kinfold.market.ownership.chain import owners_of
from kinfold.market.ownership.companies_house import SCHEME
from kinfold.market.ownership.graph import Entity, Graph, graph_on
from kinfold.market.ownership.matching import Candidate, candidates_for
from kinfold.market.ownership.roll_up import Joint, joint_groups
from kinfold.market.ownership.store import held_file
from kinfold.market.ownership.tax import declared_file, understood_held
from kinfold.market.policy import JURISDICTION, pack
from kinfold.market.store import market_folder, opened
from kinfold.service.records.models import OwnerMatch
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

MOST = 50


@lru_cache(maxsize=2)
def _understood(folder: str, changed: int) -> Statements:
    return understood_held(Path(folder))


def held() -> Statements | None:
    """Return the statements that are held, as entities and interests; None where none were loaded."""
    version = _version()
    return _understood(*version) if version is not None else None


def _version() -> tuple[str, int] | None:
    file = held_file(Path(settings.DATA))
    declared = declared_file(Path(settings.DATA))
    changed = declared.stat().st_mtime_ns if declared.exists() else 0
    return (str(settings.DATA), file.stat().st_mtime_ns + changed) if file.exists() else None


@lru_cache(maxsize=256)
def _candidates(folder: str, changed: int, name: str, day: date) -> Sequence[Candidate]:
    return candidates_for(name, _understood(folder, changed).entities, pack(JURISDICTION, day))


@lru_cache(maxsize=4)
def _graph(folder: str, changed: int, day: date) -> Graph:
    found = _understood(folder, changed)
    return graph_on(found.entities, found.interests, day)


def graph(day: date) -> Graph | None:
    """Return who holds what in whom on a day; None where no statements were loaded."""
    version = _version()
    return _graph(*version, day) if version is not None else None


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that may be a registered owner, and what an officer of this installation decided about it, if one did."""

    candidate: Candidate
    decision: OwnerMatch | None = None

    @property
    def sure(self) -> bool:
        """Return whether the companies register's number says so, or a person has accepted it."""
        return self.decision.accepted if self.decision else self.candidate.score == 1.0


def matches(names: Iterable[str], *, refused: bool = False) -> list[Match]:
    """Return the entities that an owner, spelled in these ways, may be, the likeliest first; those refused only on request."""
    version, spellings = _version(), sorted(names)
    if version is None or not spellings:
        return []
    with as_system():
        rows = OwnerMatch.objects.filter(owner_key__in={owner_key(name) for name in spellings}).order_by("at", "pk")
        decided = {row.entity: row for row in rows}
    best: dict[str, Candidate] = {}
    for name in spellings:
        for one in _candidates(*version, name, timezone.localdate()):
            if one.score > (best[one.entity.uid].score if one.entity.uid in best else 0):
                best[one.entity.uid] = one
    listed = [Match(one, decided.get(uid)) for uid, one in best.items()]
    listed.sort(key=lambda one: (not one.sure, -one.candidate.score, one.candidate.entity.uid))
    return [one for one in listed if refused or one.decision is None or one.decision.accepted]


def accepted() -> dict[str, str]:
    """Return the entity that each owner, by its key, is: the last one that an officer accepted and nobody refused since."""
    with as_system():
        rows = list(OwnerMatch.objects.order_by("at", "pk").values_list("owner_key", "entity", "accepted"))
    last = {(key, entity): holds for key, entity, holds in rows}
    return {key: entity for key, entity, _ in rows if last[key, entity]}


@lru_cache(maxsize=8)
def _joint(
    folder: str, changed: int, register: str, day: date, decided: tuple[tuple[str, str], ...]
) -> tuple[Joint, ...]:
    settings_then = opened(market_folder(Path(folder)), register).on(day)
    return joint_groups(settings_then, _graph(folder, changed, day), accepted=dict(decided))


def joint_on(day: date) -> tuple[Joint, ...]:
    """Return the groups that several owners of the register make on a day, by company numbers and by what officers have accepted."""
    version = _version()
    if version is None:
        return ()
    register = (market_folder(Path(settings.DATA)) / "current").read_text(encoding="utf-8").strip()
    return _joint(*version, register, day, tuple(sorted(accepted().items())))


def named(words: str) -> Sequence[Entity]:
    """Return entities and people whose name has these words, in order of name; the first ones where there are many."""
    found = held()
    asked = words.strip().casefold()
    rows = [one for one in (found.entities if found else ()) if asked in (one.name or one.uid).casefold()]
    return sorted(rows, key=lambda one: (one.name or one.uid).casefold())[:MOST]


def owners(uid: str, day: date) -> dict[str, Any]:
    """Return the three answers about an entity. Raises NotPermitted where nothing is held about it."""
    found = held()
    if found is None or uid not in {one.uid for one in found.entities}:
        raise NotPermitted("no such entity")
    return owners_of(found.entities, found.interests, uid, day, disclosures=found.disclosures)


def accounts_of(uid: str) -> list[Measure]:
    """Return the figures of an entity's published accounts that are looked at; none for one that has no company number here."""
    found = held()
    entity = next((one for one in found.entities if one.uid == uid), None) if found else None
    numbers = [value for scheme, value in entity.numbers if scheme == SCHEME] if entity else []
    number = numbers[0] if numbers else uid.removeprefix(f"{SCHEME}-") if uid.startswith(f"{SCHEME}-") else ""
    return measures_of(number, folder=Path(settings.DATA)) if number else []
