"""
Whether a registered owner is an entity of the ownership statements: a score with its reasons, for a person to accept or refuse.

A number decides by itself; a name never does. Companies of one group are called alike, and so are companies of two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kinfold.market.owners import company_number_in, owner_key
from kinfold.market.ownership.graph import Entity
from kinfold.market.policy import Pack


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that an owner may be, from 0 to 1, and what that rests on."""

    entity: Entity
    score: float
    because: str


def scored(owner: str, entity: Entity, policy: Pack) -> Candidate:
    """Return how likely an owner, as the regulator spells it, is an entity."""
    number = company_number_in(owner)
    numbers = {value for _, value in entity.numbers}
    if number and (number in numbers or entity.uid == f"GB-COH-{number}"):
        return Candidate(entity, 1.0, "the same company number")
    if number and numbers:
        return Candidate(entity, 0.0, "another company number")
    ours, theirs = owner_key(owner), owner_key(entity.name or "")
    by_name = float(policy["match_same_name"])
    if entity.name and ours == theirs:
        return Candidate(entity, by_name, "the same name, without a number to decide")
    words, others = set(ours.split()), set(theirs.split())
    shared = words & others
    share = len(shared) / len(words | others) if entity.name and shared else 0.0
    return Candidate(
        entity,
        round(by_name * share, 2),
        f"shares the words {', '.join(sorted(shared))}" if shared else "nothing in common",
    )


def candidates_for(owner: str, entities: Iterable[Entity], policy: Pack) -> list[Candidate]:
    """Return the entities worth a look, the likeliest first; people are no registered owners and are left out."""
    found = [scored(owner, one, policy) for one in entities if one.sort not in ("person", "anonymous", "unknown")]
    listed = [one for one in found if one.score >= policy["match_worth_a_look"]]
    return sorted(listed, key=lambda one: (-one.score, one.entity.uid))[: int(policy["match_most"])]
