"""Who owns a provider, from the ownership statements that are held: published facts, the same for everybody who may look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from kinfold.market.owners import owner_key
from kinfold.market.ownership.bods import Statements, understood
from kinfold.market.ownership.chain import owners_of
from kinfold.market.ownership.graph import Entity
from kinfold.market.ownership.matching import Candidate, candidates_for
from kinfold.market.ownership.store import held_file, statements_held
from kinfold.service.records.models import OwnerMatch
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

MOST = 50


@lru_cache(maxsize=2)
def _understood(folder: str, changed: int) -> Statements:
    return understood(statements_held(Path(folder)))


def held() -> Statements | None:
    """Return the statements that are held, as entities and interests; None where none were loaded."""
    file = held_file(Path(settings.DATA))
    return _understood(str(settings.DATA), file.stat().st_mtime_ns) if file.exists() else None


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
    found, spellings = held(), sorted(names)
    if found is None or not spellings:
        return []
    with as_system():
        rows = OwnerMatch.objects.filter(owner_key__in={owner_key(name) for name in spellings}).order_by("at", "pk")
        decided = {row.entity: row for row in rows}
    best: dict[str, Candidate] = {}
    for name in spellings:
        for one in candidates_for(name, found.entities):
            if one.score > (best[one.entity.uid].score if one.entity.uid in best else 0):
                best[one.entity.uid] = one
    listed = [Match(one, decided.get(uid)) for uid, one in best.items()]
    listed.sort(key=lambda one: (not one.sure, -one.candidate.score, one.candidate.entity.uid))
    return [one for one in listed if refused or one.decision is None or one.decision.accepted]


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
    return owners_of(found.entities, found.interests, uid, day)
