"""Deciding whether a registered owner is an entity of the ownership statements: a person's decision, added and never changed."""

from __future__ import annotations

from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.market.owners import owner_key
from kinfold.service.records import audit
from kinfold.service.records.commits import writing
from kinfold.service.records.models import OwnerMatch
from kinfold.service.records.reads.market_ownership import matches
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError


def decide_match(reader: Reader, owner: str, *, entity: str, accepted: bool, because: str) -> OwnerMatch:
    """
    Record that an owner is, or is not, an entity. Raises NotPermitted, recorded, by the role.

    Raises InputError without reasons, and for an entity that is no candidate.
    """
    held_by = reader.account.held_by_id or 0
    reader.insist(Verb.WRITE, Thing(sort=Sort.RECORD, held_by=held_by, slice="provider_group"), action="match an owner")
    if not because.strip():
        raise InputError("Write on which documents this rests.")
    found = next((one for one in matches([owner], refused=True) if one.candidate.entity.uid == entity), None)
    if found is None:
        raise InputError("That is no candidate for this owner. Choose one from the list.")
    with writing(
        held_by=held_by, by=str(reader.account.uid), because="owner matched" if accepted else "match refused"
    ) as change:
        made = OwnerMatch.objects.create(
            held_by_id=held_by, owner_key=owner_key(owner), entity=entity, accepted=accepted, score=found.candidate.score,
            by=reader.account, name=reader.account.name, because=because.strip(), at=change.at,
        )  # fmt: skip
        audit.append(
            held_by,
            [{"actor": change.by, "organisation": reader.account.organisation, "role": ", ".join(reader.role_names)[:60],
              "action": change.because, "reason": f"{made.owner_key}: {entity}"}],
            at=change.at,
        )  # fmt: skip
    return made
