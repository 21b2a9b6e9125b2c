"""
Beneficial Ownership Data Standard 0.4: statements in and out, with nothing lost.

A statement is kept exactly as it came, beside what is read from it, so that what goes out is what came in; what was
known here in another form is written as statements of its own. Source: standard.openownership.org, version 0.4.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kinfold.market.ownership.companies_house import SCHEME, company_uid
from kinfold.market.ownership.disclosures import Disclosure, hides_nobody, reason_words
from kinfold.market.ownership.graph import Entity, Interest
from kinfold.market.reading_json import not_json
from kinfold.market.values import day_of
from kinfold.terms.errors import FileRefused

Statement = Mapping[str, Any]
SORTS = {
    "registeredEntity": "entity", "legalEntity": "entity", "arrangement": "arrangement", "state": "state",
    "stateBody": "state", "anonymousEntity": "anonymous", "unknownEntity": "unknown", "knownPerson": "person",
    "anonymousPerson": "anonymous", "unknownPerson": "unknown",
}  # fmt: skip
KINDS = {
    "shareholding": "shares", "rightsToProfitOrIncome": "shares", "votingRights": "votes", "appointmentOfBoard": "board",
    "otherInfluenceOrControl": "influence", "controlViaCompanyRulesOrArticles": "influence",
    "controlByLegalFramework": "influence", "rightsGrantedByContract": "influence",
}  # fmt: skip
_UNKNOWN_INTEREST = "unknownInterest"
_WRITTEN = {"shares": "shareholding", "votes": "votingRights", "board": "appointmentOfBoard",
            "influence": "otherInfluenceOrControl", "agreement": "rightsGrantedByContract", "other": _UNKNOWN_INTEREST}  # fmt: skip
_SORTS_WRITTEN = {"entity": "registeredEntity", "arrangement": "arrangement", "state": "state",
                  "anonymous": "anonymousEntity", "unknown": "unknownEntity"}  # fmt: skip


_STANDARD = "Beneficial Ownership Data Standard"


@dataclass(slots=True)
class Statements:
    """Statements as they came, and the entities, interests, what is said in place of naming an owner, and problems read from them."""

    raw: list[Statement] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    interests: list[Interest] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_bods(path: Path) -> list[Statement]:
    """Return a file's statements: a JSON list, or an object a line. Raises FileRefused where it is neither."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = (
            json.loads(text)
            if text.lstrip().startswith("[")
            else [json.loads(line) for line in text.splitlines() if line.strip()]
        )
    except OSError as error:
        raise FileRefused(f"{path.name} cannot be read ({error.strerror}). Check the path.", file=path.name) from error
    except ValueError as error:
        raise FileRefused(
            f"{path.name} is no file of statements: {not_json(error)}. It must be a JSON list of statements, or have one "
            "statement on each line.",
            file=path.name,
        ) from error
    wrong = next(
        (number for number, one in enumerate(found) if not isinstance(one, dict) or "recordType" not in one), None
    )
    if wrong is not None:
        raise FileRefused(
            f"{path.name}, statement {wrong + 1}: no recordType. Statements must be of version 0.4 of the standard.",
            file=path.name,
        )
    return list(found)


def written_bods(statements: Iterable[Statement]) -> str:
    """Return statements as the text of a file: a JSON list, in the order given, each exactly as it came."""
    return json.dumps(list(statements), ensure_ascii=False, indent=1) + "\n"


def understood(statements: Sequence[Statement]) -> Statements:
    """
    Return what statements say: of each record its last statement, closed records ended on the day they were closed.

    Nothing is dropped for being incomplete: an owner who is not named stays an owner, as anonymous or unknown. Where it is said that there
    is none to name, or that none need be, nobody stands for it: that is kept as a disclosure alone.
    """
    found = Statements(raw=list(statements))
    last: dict[tuple[str, str], Statement] = {}
    for number, one in enumerate(statements):
        key = (str(one["recordType"]), str(one.get("recordId") or one.get("statementId") or number))
        held = last.get(key)
        if held is None or str(held.get("statementDate", "")) <= str(one.get("statementDate", "")):
            last[key] = one
    for (kind, record), one in last.items():
        details = one.get("recordDetails") or {}
        if kind in ("entity", "person"):
            found.entities.append(_entity(record, details) if kind == "entity" else _person(record, details))
        elif kind == "relationship":
            _relationship(record, one, details, found)
        else:
            found.problems.append(f"{record}: record type {kind} is not known")
    return _joined_by_number(found)


def _joined_by_number(found: Statements) -> Statements:
    """
    Return what is said with companies of one number as one: a number beats a name, and an identifier of one publisher's records.

    The companies register's own identifier is kept where there is one, the first one otherwise.
    """
    first: dict[str, str] = {}
    for one in found.entities:
        for scheme, number in one.numbers:
            if scheme == SCHEME and (number not in first or one.uid == company_uid(number)):
                first[number] = one.uid
    other = {
        one.uid: first[number]
        for one in found.entities for scheme, number in one.numbers if scheme == SCHEME and first[number] != one.uid
    }  # fmt: skip
    if other:
        known = {one.uid: one for one in found.entities}
        found.entities = [one for one in known.values() if one.uid not in other]
        found.interests = [
            replace(one, owner=other.get(one.owner, one.owner), subject=other.get(one.subject, one.subject))
            for one in found.interests
        ]
        found.disclosures = [replace(one, subject=other.get(one.subject, one.subject)) for one in found.disclosures]
    return found


def _entity(record: str, details: Mapping[str, Any]) -> Entity:
    said = details.get("entityType") or {}
    return Entity(
        record,
        name=details.get("name"),
        sort=SORTS.get(str(said.get("type")), "unknown"),
        country=((details.get("jurisdiction") or {}).get("code") or "")[:2] or None,
        numbers=_numbers(details),
        form=said.get("subtype") or said.get("details"),
        status="dissolved" if details.get("dissolutionDate") else None,
        source=_STANDARD,
    )


def _person(record: str, details: Mapping[str, Any]) -> Entity:
    names = details.get("names") or []
    homes = details.get("taxResidencies") or []
    countries = details.get("nationalities") or []
    return Entity(
        record,
        name=next((one.get("fullName") for one in names if one.get("fullName")), None),
        sort=SORTS.get(str(details.get("personType")), "unknown"),
        country=next((one.get("code") for one in countries if one.get("code")), None),
        numbers=_numbers(details),
        tax_residence=next((one.get("code") or one.get("name") for one in homes), None),
        source=_STANDARD,
    )


def _numbers(details: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(one.get("scheme") or ""), str(one["id"])) for one in details.get("identifiers") or [] if one.get("id")
    )


def _relationship(record: str, one: Statement, details: Mapping[str, Any], found: Statements) -> None:
    closed = day_of(one.get("statementDate")) if one.get("recordStatus") == "closed" else None
    disclosed = _disclosure(one, details, closed)
    if disclosed is not None:
        found.disclosures.append(disclosed)
        if hides_nobody(disclosed.reason):
            return
    ends = []
    for end in ("interestedParty", "subject"):
        said = details.get(end)
        if isinstance(said, str):
            ends.append(said)
        else:
            # a reason in place of a name: there is somebody, and it is said why nobody is named
            reason = (said or {}).get("reason", "not given") if isinstance(said, Mapping) else "not given"
            unnamed = f"{record}#{end}"
            found.entities.append(Entity(unnamed, sort="unknown", status=str(reason), source=_STANDARD))
            ends.append(unnamed)
    for interest in details.get("interests") or [{}]:
        low, high = share_of(interest.get("share") or {})
        found.interests.append(
            Interest(
                ends[0], ends[1], KINDS.get(str(interest.get("type")), "other"), low, high,
                day_of(interest.get("startDate")), day_of(interest.get("endDate")) or closed,
                _source_of(one), str(interest.get("details") or one.get("statementId") or record),
            )
        )  # fmt: skip


def _disclosure(one: Statement, details: Mapping[str, Any], closed: date | None) -> Disclosure | None:
    """Return what a company says in place of naming an owner; None where one is named, or no reason is given."""
    party, subject = details.get("interestedParty"), details.get("subject")
    if not isinstance(party, Mapping) or not party.get("reason") or not isinstance(subject, str):
        return None
    first: Mapping[str, Any] = next(iter(details.get("interests") or ()), {})
    reason = str(party["reason"])
    code = str(first.get("details") or "") if first.get("type") == _UNKNOWN_INTEREST else ""
    return Disclosure(
        subject, reason, str(party.get("description") or reason_words(reason)), code, day_of(first.get("startDate")),
        day_of(first.get("endDate")) or closed, _source_of(one),
    )  # fmt: skip


def _source_of(one: Statement) -> str:
    source = one.get("source")
    return str((source or {}).get("description") or _STANDARD) if isinstance(source, Mapping) else _STANDARD


def share_of(share: Mapping[str, Any]) -> tuple[float, float]:
    """Return the lowest and highest share, as fractions of 1; nothing said is anything from none to all."""
    if share.get("exact") is not None:
        return float(share["exact"]) / 100, float(share["exact"]) / 100
    low = next((share[key] for key in ("minimum", "exclusiveMinimum") if share.get(key) is not None), 0)
    high = next((share[key] for key in ("maximum", "exclusiveMaximum") if share.get(key) is not None), 100)
    return float(low) / 100, float(high) / 100


def as_statements(
    entities: Iterable[Entity], interests: Iterable[Interest], day: date, *, disclosures: Iterable[Disclosure] = ()
) -> list[dict[str, Any]]:
    """Return statements for what was known here in another form; the same facts give the same identifiers."""
    listed = list(entities)
    people = {one.uid for one in listed if one.sort == "person"}
    said = [_record("person" if one.uid in people else "entity", one.uid, day, _details_of(one)) for one in listed]
    for one in interests:
        name = "|".join((one.owner, one.subject, one.kind, str(one.low), str(one.high), str(one.start), one.statement))
        said.append(_record("relationship", name, day, _details_of_interest(one), one.source))
    for told in disclosures:
        name = "|".join((told.subject, told.reason, told.code or told.words, str(told.start)))
        said.append(_record("relationship", name, day, _details_of_disclosure(told), told.source))
    return said


def _record(kind: str, record: str, day: date, details: dict[str, Any], source: str = "") -> dict[str, Any]:
    said = {"source": {"type": ["officialRegister"], "description": source}} if source else {}
    return {
        "statementId": str(uuid5(NAMESPACE_URL, f"{kind}|{record}|{json.dumps(details, sort_keys=True)}")),
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new",
        "statementDate": day.isoformat(),
        "publicationDetails": {
            "bodsVersion": "0.4",
            "publicationDate": day.isoformat(),
            "publisher": {"name": "Kinfold"},
        },
        "recordDetails": details,
        **said,
    }


def _details_of(one: Entity) -> dict[str, Any]:
    numbers = [{"scheme": scheme, "id": number} for scheme, number in one.numbers]
    if one.sort == "person":
        details: dict[str, Any] = {"isComponent": False, "personType": "knownPerson"}
        if one.name:
            details["names"] = [{"type": "legal", "fullName": one.name}]
        if one.country:
            details["nationalities"] = [{"code": one.country, "name": one.country}]
        if one.tax_residence:
            details["taxResidencies"] = [{"code": one.tax_residence, "name": one.tax_residence}]
    else:
        type_ = {"type": _SORTS_WRITTEN.get(one.sort, "unknownEntity")} | ({"details": one.form} if one.form else {})
        details = {"isComponent": False, "entityType": type_}
        if one.name:
            details["name"] = one.name
        if one.country:
            details["jurisdiction"] = {"code": one.country, "name": one.country}
    return details | ({"identifiers": numbers} if numbers else {})


def _details_of_interest(one: Interest) -> dict[str, Any]:
    exact = one.low == one.high
    share = {"exact": one.low * 100} if exact else {"minimum": one.low * 100, "maximum": one.high * 100}
    interest: dict[str, Any] = {"type": _WRITTEN[one.kind], "share": share}
    if one.statement:
        interest["details"] = one.statement
    interest |= _days(one)
    return {"isComponent": False, "subject": one.subject, "interestedParty": one.owner, "interests": [interest]}


def _days(one: Interest | Disclosure) -> dict[str, str]:
    days = (("startDate", one.start), ("endDate", one.end))
    return {name: day.isoformat() for name, day in days if day}


def _details_of_disclosure(one: Disclosure) -> dict[str, Any]:
    interest = {"type": _UNKNOWN_INTEREST, **({"details": one.code} if one.code else {}), **_days(one)}
    party = {"reason": one.reason, "description": one.words}
    return {"isComponent": False, "subject": one.subject, "interestedParty": party, "interests": [interest]}
