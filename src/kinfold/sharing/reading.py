"""
An agreement read from its file, with words for whoever wrote it about what is wrong in it.

    holder  = "elmshire-council"
    version = 3

    [[default]]
    effect       = "allow"
    modes        = ["existence", "content"]
    record_types = ["childrens_services"]
    purposes     = ["safeguarding"]
    sorts        = ["police", "health"]
    reason       = "Working Together, section 47 enquiries"

    [[exception]]
    effect        = "deny"
    modes         = ["content"]
    record_types  = ["childrens_services"]
    purposes      = ["safeguarding"]
    organisations = ["elmshire-clinic"]
    since         = 2026-04-01
    until         = 2026-10-01
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from kinfold.sharing.agreements import Agreement, Mode, OrganisationSort, Purpose, RecordType, Rule
from kinfold.terms.errors import InputError

Word = TypeVar("Word", bound=StrEnum)
_TOP = frozenset({"holder", "version", "revoked", "default", "exception"})
_RULE = frozenset({"effect", "modes", "record_types", "purposes", "sorts", "organisations", "since", "until", "reason"})


def read_agreement(text: str) -> Agreement:
    """Return the agreement in a TOML text; raises InputError naming the place and how to put it right."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise InputError(f"The agreement is not TOML: {wrong}.") from wrong
    _known(said, _TOP, "The agreement")
    holder, version = said.get("holder"), said.get("version", 1)
    if not isinstance(holder, str) or not holder.strip():
        raise InputError('The agreement does not say whose it is. Add holder = "…".')
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError("The version of an agreement is a whole number from 1.")
    return Agreement(
        holder=holder.strip(),
        version=version,
        defaults=_rules(said.get("default", []), "Default"),
        exceptions=_rules(said.get("exception", []), "Exception"),
        revoked=said.get("revoked", False) is True,
    )


def _known(said: Mapping[str, Any], names: frozenset[str], where: str) -> None:
    unknown = sorted(set(said) - names)
    if unknown:
        raise InputError(
            f"{where} has {unknown[0]!r}, which means nothing here. It can have: {', '.join(sorted(names))}."
        )


def _rules(tables: Any, what: str) -> tuple[Rule, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError(f"Write each {what.lower()} as a table of its own: [[{what.lower()}]].")
    return tuple(_rule(table, f"{what} {number}") for number, table in enumerate(tables, start=1))


def _rule(table: Mapping[str, Any], where: str) -> Rule:
    _known(table, _RULE, where)
    if table.get("effect") not in ("allow", "deny"):
        raise InputError(f'{where}: effect is "allow" or "deny".')
    since, until = _day(table, "since", where), _day(table, "until", where)
    if since and until and until <= since:
        raise InputError(f"{where} ends ({until:%d %B %Y}) before it begins. Correct one of the dates.")
    rule = Rule(
        allows=table["effect"] == "allow",
        modes=_words(table, "modes", Mode, where),
        record_types=_words(table, "record_types", RecordType, where),
        purposes=_words(table, "purposes", Purpose, where),
        sorts=_words(table, "sorts", OrganisationSort, where, needed=False),
        organisations=frozenset(_texts(table, "organisations", where)),
        since=since,
        until=until,
        reason=str(table.get("reason", "")),
    )
    if not rule.sorts and not rule.organisations:
        raise InputError(f"{where} names nobody. Add sorts or organisations.")
    return rule


def _texts(table: Mapping[str, Any], name: str, where: str) -> Sequence[str]:
    said = table.get(name, [])
    if not isinstance(said, list) or not all(isinstance(one, str) and one for one in said):
        raise InputError(f"{where}: {name} is a list of words.")
    return said


def _words(
    table: Mapping[str, Any], name: str, words: type[Word], where: str, *, needed: bool = True
) -> frozenset[Word]:
    said = _texts(table, name, where)
    if needed and not said:
        raise InputError(f"{where}: say at least one of {name}: {', '.join(words)}.")
    for one in said:
        if one not in set(words):
            raise InputError(f"{where}: {one!r} is none of {name}: {', '.join(words)}.")
    return frozenset(words(one) for one in said)


def _day(table: Mapping[str, Any], name: str, where: str) -> date | None:
    said = table.get(name)
    if said is None:
        return None
    if type(said) is not date:
        raise InputError(f"{where}: {name} is a day, such as 2026-04-01, without quotation marks.")
    return said
