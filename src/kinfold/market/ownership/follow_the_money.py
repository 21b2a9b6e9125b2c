"""
FollowTheMoney entities, an object a line: companies, people and Ownership or Directorship between them.

Source: followthemoney.tech, schemata Company, Person, LegalEntity, PublicBody and Ownership (from memory).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kinfold.market.owners import company_number_in
from kinfold.market.ownership.companies_house import SCHEME, Imported
from kinfold.market.ownership.graph import KINDS, Entity, Interest
from kinfold.market.reading_json import LINE_FAULTS, line_fault
from kinfold.market.values import day_of
from kinfold.terms.errors import FileRefused, InputError

_SORTS = {
    "Person": "person",
    "Company": "entity",
    "Organization": "entity",
    "LegalEntity": "entity",
    "PublicBody": "state",
    "Trust": "arrangement",
}
_SCHEMATA = {"person": "Person", "entity": "Company", "state": "PublicBody", "arrangement": "Trust"}
_SOURCE = "FollowTheMoney"


def read_follow_the_money(path: Path) -> Imported:
    """Return what a file of lines says; lines of other schemata are left out, lines that cannot be read are said."""
    found = Imported()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(
            f"{path.name} is not there, or is no file of text in UTF-8. Choose the file of entities, one on a line.",
            file=path.name,
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            schema, properties = one["schema"], one.get("properties") or {}
            if schema in _SORTS:
                found.entities.append(_entity(str(one["id"]), schema, properties))
            elif schema == "Ownership":
                found.interests.append(_ownership(str(one["id"]), properties))
            elif schema == "Directorship":
                found.interests.append(_directorship(str(one["id"]), properties))
        except (InputError, *LINE_FAULTS) as error:
            found.problems.append(f"{path.name} line {number} was left out: {line_fault(error)}.")
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
        numbers=((_scheme(country, schema, number), _in_full(country, number)),) if number else (),
        source=_SOURCE,
    )


def _scheme(country: str | None, schema: str, number: str) -> str:
    """Return the scheme of a registration number: the companies register's for a company of the United Kingdom that has such a number."""
    is_british = (country or "").casefold() in ("gb", "uk") and schema in ("Company", "Organization", "LegalEntity")
    return SCHEME if is_british and company_number_in(_in_full(country, number)) else "registrationNumber"


def _in_full(country: str | None, number: str) -> str:
    return number.strip().upper().zfill(8) if (country or "").casefold() in ("gb", "uk") else number


def _ownership(uid: str, properties: Mapping[str, Any]) -> Interest:
    low, high = _percentage(_first(properties, "percentage"))
    role = _first(properties, "role")
    return Interest(
        str(properties["owner"][0]), str(properties["asset"][0]), role if role in KINDS else "shares", low, high,
        day_of(_first(properties, "startDate")), day_of(_first(properties, "endDate")), _SOURCE, uid,
    )  # fmt: skip


def _percentage(said: str | None) -> tuple[float, float]:
    """Return a percentage as people write it, "51", "51 %" or "25-50", as the lowest and highest share; anything where nothing is said."""
    if not said:
        return 0.0, 1.0
    try:
        parts = [float(part) / 100 for part in said.replace("%", "").replace("–", "-").replace(",", ".").split("-")]
    except ValueError:
        raise InputError(f"“{said[:20]}” is no percentage; write it like 51 or 25-50") from None
    return parts[0], parts[-1]


def _directorship(uid: str, properties: Mapping[str, Any]) -> Interest:
    """Return a directorship: a seat, and no right to appoint or remove the others."""
    return Interest(
        str(properties["director"][0]), str(properties["organization"][0]), "other", 0.0, 0.0,
        day_of(_first(properties, "startDate")), day_of(_first(properties, "endDate")), _SOURCE, uid,
    )  # fmt: skip


def written_follow_the_money(entities: Iterable[Entity], interests: Iterable[Interest]) -> str:
    """Return entities and interests as lines; what an interest that is no share gives is its role, a band its percentage."""
    lines = []
    for one in entities:
        properties: dict[str, list[str]] = {"name": [one.name]} if one.name else {}
        if one.country:
            properties["country" if one.sort == "person" else "jurisdiction"] = [one.country.lower()]
        if one.numbers:
            properties["registrationNumber"] = [one.numbers[0][1]]
        lines.append({"id": one.uid, "schema": _SCHEMATA.get(one.sort, "LegalEntity"), "properties": properties})
    for number, held in enumerate(interests):
        properties = {"owner": [held.owner], "asset": [held.subject]}
        if held.kind != "shares":
            properties["role"] = [held.kind]
        if held.low == held.high:
            properties["percentage"] = [f"{held.low * 100:g}"]
        elif (held.low, held.high) != (0.0, 1.0):
            properties["percentage"] = [f"{held.low * 100:g}-{held.high * 100:g}"]
        if held.start:
            properties["startDate"] = [held.start.isoformat()]
        if held.end:
            properties["endDate"] = [held.end.isoformat()]
        lines.append({"id": f"ownership-{number}", "schema": "Ownership", "properties": properties})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
