"""
FollowTheMoney entities, an object a line: companies, people and Ownership or Directorship between them.

Source: followthemoney.tech, schemata Company, Person, LegalEntity, PublicBody and Ownership (from memory).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kinfold.market.ownership.companies_house import Imported
from kinfold.market.ownership.graph import Entity, Interest
from kinfold.market.values import day_of

_SORTS = {
    "Person": "person",
    "Company": "entity",
    "Organization": "entity",
    "LegalEntity": "entity",
    "PublicBody": "state",
}
_SCHEMATA = {"person": "Person", "entity": "Company", "state": "PublicBody"}
_SOURCE = "FollowTheMoney"


def read_follow_the_money(path: Path) -> Imported:
    """Return what a file of lines says; lines of other schemata are left out, lines that cannot be read are said."""
    found = Imported()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            schema, properties = one["schema"], one.get("properties") or {}
            if schema in _SORTS:
                found.entities.append(_entity(str(one["id"]), schema, properties))
            elif schema == "Ownership":
                found.interests.append(_ownership(str(one["id"]), properties))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            found.problems.append(f"{path.name} line {number}: {error.__class__.__name__}: {error}")
    return found


def _first(properties: Mapping[str, Any], name: str) -> str | None:
    values = properties.get(name) or []
    return str(values[0]) if values else None


def _entity(uid: str, schema: str, properties: Mapping[str, Any]) -> Entity:
    number = _first(properties, "registrationNumber")
    country = _first(properties, "jurisdiction") or _first(properties, "country")
    return Entity(
        uid,
        name=_first(properties, "name"),
        sort=_SORTS[schema],
        country=country.upper() if country else None,
        numbers=(("registrationNumber", number),) if number else (),
        source=_SOURCE,
    )


def _ownership(uid: str, properties: Mapping[str, Any]) -> Interest:
    percentage = _first(properties, "percentage")
    share = float(percentage.rstrip("% ")) / 100 if percentage else None
    return Interest(
        properties["owner"][0], properties["asset"][0], "shares", share or 0.0, 1.0 if share is None else share,
        day_of(_first(properties, "startDate")), day_of(_first(properties, "endDate")), _SOURCE, uid,
    )  # fmt: skip


def written_follow_the_money(entities: Iterable[Entity], interests: Iterable[Interest]) -> str:
    """Return entities and interests in shares as lines; other interests have no schema of their own there."""
    lines = []
    for one in entities:
        properties: dict[str, list[str]] = {"name": [one.name]} if one.name else {}
        if one.country:
            properties["jurisdiction"] = [one.country.lower()]
        if one.numbers:
            properties["registrationNumber"] = [one.numbers[0][1]]
        lines.append({"id": one.uid, "schema": _SCHEMATA.get(one.sort, "LegalEntity"), "properties": properties})
    for number, held in enumerate(interests):
        if held.kind != "shares":
            continue
        properties = {"owner": [held.owner], "asset": [held.subject]}
        if held.low == held.high:
            properties["percentage"] = [f"{held.low * 100:g}"]
        if held.start:
            properties["startDate"] = [held.start.isoformat()]
        if held.end:
            properties["endDate"] = [held.end.isoformat()]
        lines.append({"id": held.statement or f"ownership-{number}", "schema": "Ownership", "properties": properties})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
